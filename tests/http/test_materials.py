"""Materials as a lawyer's phone uploads them, and as everybody else must not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.court.casefile.errors import MaterialNotStored, MaterialUnknown
from app.kernel.principal import Counsel
from app.kernel.signed_message import content_digest
from app.kernel.unit_of_work import unit_of_work
from app.ports.virus_scan import VirusScanUnavailable
from credential.receipt import Receipt
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.client.transport import Refusal
from tests import files
from tests.materials import begin, complete, content, pieces, put, send, sha256, upload, view
from tests.world import World, refusal
from tests.world_fixtures import Build

PDF = files.pdf()
LARGE = files.large_pdf(2_500_000)


@pytest.fixture
def lawyer(world: World) -> Phone:
    return world.bound_phone(renew=False)


@pytest.fixture
def other(world: World) -> Phone:
    return world.bound_phone("he", name="周明月", renew=False)


def stored_files(world: World) -> list[Path]:
    return [path for path in (world.config.data_dir / "materials").rglob("*") if path.is_file()]


def counsel(world: World, phone: Phone) -> Counsel:
    with world.app.app_context():
        return world.services.identity.counsels.by_token(phone._token)


def test_a_file_goes_up_in_chunks_and_comes_back(world: World, lawyer: Phone) -> None:
    material = begin(lawyer, LARGE, sha256=sha256(LARGE))
    assert (material["state"], material["chunks"], material["chunk_size"]) == (
        "uploading",
        len(pieces(LARGE)),
        1 << 20,
    )
    send(lawyer, material, LARGE)
    here = view(lawyer, material["id"])["arrived"]
    assert here == [{"index": n, "sha256": sha256(part)} for n, part in enumerate(pieces(LARGE))]
    assert complete(lawyer, material["id"])["state"] == "checking"
    world.check_files()
    done = view(lawyer, material["id"])
    assert {name: done[name] for name in ("state", "media_type", "pages", "size", "arrived")} == {
        "state": "stored",
        "media_type": "application/pdf",
        "pages": 1,
        "size": len(LARGE),
        "arrived": [],
    }
    assert done["sha256"] == done["original_sha256"] == sha256(LARGE)
    answer = content(lawyer, material["id"])
    assert answer.body == LARGE
    assert answer.headers["Content-Type"] == "application/pdf"
    named = f"attachment; filename*=UTF-8''{quote('起诉状.pdf')}"
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert lawyer.call("GET", "/materials").json()["items"] == [done]


def test_nothing_of_a_file_lies_open_in_the_store(world: World, lawyer: Phone) -> None:
    before = set(stored_files(world))
    upload(world, lawyer, LARGE)
    (kept,) = set(stored_files(world)) - before
    assert len(kept.read_bytes()) > len(LARGE)
    pieces_of = [LARGE[n : n + 16] for n in range(0, len(LARGE), 1 << 16)]
    assert not any(piece in kept.read_bytes() for piece in pieces_of)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.lists(st.integers(0, 2), max_size=8))
def test_chunks_in_any_order_as_often_as_they_like(
    world: World, lawyer: Phone, order: list[int]
) -> None:
    material = begin(lawyer, LARGE)
    send(lawyer, material, LARGE, order)
    here = {chunk["index"] for chunk in view(lawyer, material["id"])["arrived"]}
    assert here == set(order)
    missing = sorted({0, 1, 2} - here)
    if missing:
        refused = refusal(lambda: complete(lawyer, material["id"]))
        assert (refused.reply.status, refused.code) == (409, "court.material_incomplete")
        assert refused.problem["missing"] == missing
    send(lawyer, material, LARGE, missing)
    complete(lawyer, material["id"])
    world.check_files()
    assert view(lawyer, material["id"])["sha256"] == sha256(LARGE)


def test_a_photo_is_kept_without_its_place(world: World, lawyer: Phone) -> None:
    sent = files.photo(exif=files.exif())
    done = upload(world, lawyer, sent, name="证据照片.jpg", kind="evidence")
    kept = content(lawyer, done["id"]).body
    assert (done["state"], done["pages"], done["media_type"]) == ("stored", 1, "image/jpeg")
    assert done["original_sha256"] == sha256(sent)
    assert done["sha256"] == sha256(kept) != sha256(sent)
    with Image.open(BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {0x0112: 6}


def test_the_ledger_proves_what_arrived(world: World, lawyer: Phone) -> None:
    done = upload(world, lawyer, PDF)
    answer = lawyer.call("GET", f"/materials/{done['id']}/receipt").json()["ledger"]
    receipt = Receipt.from_json(answer)
    log = world.services.ledger.sequencer.log_key
    assert receipt.verify(log=log).leaf.kind == "material.stored"
    details = json.loads(receipt.details)
    assert details["sha256"] == details["original_sha256"] == hashlib.sha256(PDF).hexdigest()
    assert set(details) == {"sha256", "original_sha256", "source_id"}


REFUSED = {
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "heic"),
    "docx": (files.zipped({"[Content_Types].xml": b"x"}), "office"),
    "zip": (files.zipped({"a.pdf": PDF}), "archive"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "web_page"),
    "leading": (b"junk" + PDF, "leading"),
    "appended zip": (PDF + files.zipped({"a": b"b"}), "hidden_archive"),
    "script": (files.pdf(1, change=files.scripted), "active"),
    "launch": (files.pdf(1, change=files.launching), "active"),
    "password": (files.pdf(1, change=lambda w: w.encrypt("x", algorithm="RC4-128")), "encrypted"),
    "cut off": (PDF[:-200], "damaged"),
    "photo and film": (files.photo() + b"\0\0\0\x18ftypmp42", "trailing"),
    "pixel bomb": (files.png_bomb(), "too_many_pixels"),
    "broken lines": (files.png_bomb(4000, 4000), "damaged"),
    "zip bomb": (files.ofd(Doc_0__x_dot_xml=b"\0" * 5_000_000), "unpacks_too_large"),
    "virus": (files.ofd(Doc_0__x_dot_xml=files.EICAR), "virus"),
    "large photo": (files.photo() + b"\0" * 20_000_000, "too_large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_in_words(world: World, lawyer: Phone, what: str) -> None:
    data, fault = REFUSED[what]
    before = set(stored_files(world))
    done = upload(world, lawyer, data, name="材料")
    assert (done["state"], done["fault"]["code"]) == ("refused", fault)
    assert done["name"] == "材料"
    assert done["fault"]["why"]
    assert done["fault"]["advice"]
    assert set(stored_files(world)) == before
    refused = refusal(lambda: content(lawyer, done["id"]))
    assert (refused.reply.status, refused.code) == (409, "court.material_not_stored")
    assert lawyer.call("DELETE", f"/materials/{done['id']}").status == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a.pdf", "size": 0, "kind": "evidence"}, "size"),
        ({"name": "a.pdf", "size": "12", "kind": "evidence"}, "size"),
        ({"name": "", "size": 1, "kind": "evidence"}, "name"),
        ({"name": "/", "size": 1, "kind": "evidence"}, "name"),
        ({"name": "a.pdf", "size": 1, "kind": "novel"}, "kind"),
        ({"name": "a.pdf", "size": 1, "kind": "evidence", "sha256": "short"}, "sha256"),
        ({"name": "a.pdf", "size": 1}, "kind"),
    ],
)
def test_what_is_said_of_a_file_is_checked(lawyer: Phone, body: dict[str, Any], field: str) -> None:
    refused = refusal(lambda: lawyer.call("POST", "/materials", body))
    assert (refused.reply.status, refused.code) == (422, "request.invalid")
    assert [error["field"] for error in refused.problem["errors"]] == [field]


@pytest.mark.parametrize(
    ("name", "size"), [("a.pdf", 200_000_001), ("a.jpg", 20_000_001), ("a", 10**12)]
)
def test_a_file_that_is_too_large_is_not_begun(lawyer: Phone, name: str, size: int) -> None:
    body = {"name": name, "size": size, "kind": "evidence"}
    refused = refusal(lambda: lawyer.call("POST", "/materials", body))
    assert (refused.reply.status, refused.code) == (413, "court.material_too_large")


def test_a_chunk_is_what_it_says(lawyer: Phone) -> None:
    material = begin(lawyer, LARGE)
    first, second, last = pieces(LARGE)
    wrong = [
        (0, first, "sha-256=:AAAA:", 422, "court.chunk_damaged"),
        (0, first, "md5=:AAAA:", 422, "court.chunk_damaged"),
        (0, first[:-1] + b"?", "", 422, ""),
        (0, first[:-1], "", 422, "court.chunk_unfit"),
        (2, second, "", 422, "court.chunk_unfit"),
        (3, last, "", 422, "court.chunk_unfit"),
        (10**30, last, "", 422, "court.chunk_unfit"),
        (0, b"x" * 1_300_000, "", 413, "request.too_large"),
    ]
    for index, data, digest, status, code in wrong:
        sent = digest or content_digest(first if code == "" else data)
        refused = refusal(
            lambda i=index, d=data, s=sent: put(lawyer, material["id"], i, d, digest=s)  # type: ignore[misc]
        )
        assert refused.reply.status == status, (index, code)
        assert refused.code == (code or "court.chunk_damaged")
    assert view(lawyer, material["id"])["arrived"] == []


def test_another_file_does_not_go_on_where_the_first_one_stopped(lawyer: Phone) -> None:
    material, another = begin(lawyer, LARGE), files.large_pdf(2_500_000, seed=2)
    put(lawyer, material["id"], 1, pieces(LARGE)[1])
    refused = refusal(lambda: put(lawyer, material["id"], 1, pieces(another)[1]))
    assert (refused.reply.status, refused.code) == (409, "court.chunk_differs")
    put(lawyer, material["id"], 1, pieces(LARGE)[1])


def test_a_body_that_is_no_piece_of_a_file(lawyer: Phone) -> None:
    material = begin(lawyer, PDF)
    path = f"/materials/{material['id']}/chunks/0"
    for method, kind in (("PUT", "text/plain"), ("POST", "application/octet-stream")):
        refused = refusal(
            lambda m=method, k=kind: lawyer.call(m, path, {"a": 1}, **{"Content-Type": k})  # type: ignore[misc]
        )
        assert refused.reply.status in (405, 415)


def test_the_whole_is_compared_with_what_was_promised(world: World, lawyer: Phone) -> None:
    done = upload(world, lawyer, PDF, sha256=sha256(b"another"))
    assert (done["state"], done["fault"]["code"]) == ("refused", "changed")


def test_what_has_ended_takes_no_more(world: World, lawyer: Phone) -> None:
    done = upload(world, lawyer, PDF)
    refused = refusal(lambda: put(lawyer, done["id"], 0, PDF))
    assert (refused.reply.status, refused.code) == (409, "court.material_closed")
    assert complete(lawyer, done["id"])["state"] == "stored"


def test_another_lawyers_material_does_not_exist(world: World, lawyer: Phone, other: Phone) -> None:
    done, path = upload(world, lawyer, PDF), "/materials/"
    unfinished = begin(lawyer, LARGE)
    for work in (
        lambda: view(other, done["id"]),
        lambda: content(other, done["id"]),
        lambda: complete(other, unfinished["id"]),
        lambda: put(other, unfinished["id"], 0, pieces(LARGE)[0]),
        lambda: other.call("GET", f"{path}{done['id']}/receipt"),
        lambda: other.call("DELETE", f"{path}{done['id']}"),
        lambda: view(other, str(uuid.uuid4())),
    ):
        refused = refusal(work)
        assert (refused.reply.status, refused.code) == (404, "court.material_unknown")
    assert other.call("GET", "/materials").json()["items"] == []
    assert content(lawyer, done["id"]).body == PDF


def test_a_phone_that_is_bound_to_nobody_uploads_nothing(world: World) -> None:
    refused = refusal(lambda: begin(world.phone("nobody"), PDF))
    assert (refused.reply.status, refused.code) == (409, "identity.not_bound")


def test_racing_chunks_and_completes_store_one_file(world: World, lawyer: Phone) -> None:
    material, before = begin(lawyer, LARGE), set(stored_files(world))

    def race(n: int) -> str:
        while True:
            try:
                put(lawyer, material["id"], n % 3, pieces(LARGE)[n % 3])
                return str(complete(lawyer, material["id"])["state"])
            except Refusal as refused:
                if refused.code != "database.unavailable":
                    return refused.code

    with ThreadPoolExecutor(12) as pool:
        seen = Counter(pool.map(race, range(24)))
    assert set(seen) <= {"checking", "court.material_incomplete", "court.material_closed"}
    assert seen["checking"] >= 1
    assert world.sql("SELECT count(*) FROM outbox_message WHERE topic = 'material-check'") == [(1,)]
    # The same message at two workers.
    world.sql(
        "INSERT INTO outbox_message (topic, payload, created_at, due_at, attempts)"
        " SELECT topic, payload, created_at, due_at, 0 FROM outbox_message"
        " WHERE topic = 'material-check'"
    )
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: world.check_files(), range(2)))
    assert view(lawyer, material["id"])["sha256"] == sha256(LARGE)
    world.check_files()
    assert len(set(stored_files(world)) - before) == 1
    assert world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'material.stored'") == [(1,)]


def test_a_repeated_begin_is_one_upload(lawyer: Phone) -> None:
    body = {"name": "a.pdf", "size": 10, "kind": "evidence"}
    first, again = (
        lawyer.call("POST", "/materials", body, **{"Idempotency-Key": "upload-0001"}).json()["id"]
        for _ in range(2)
    )
    assert first == again
    assert len(lawyer.call("GET", "/materials").json()["items"]) == 1


def test_what_is_held_stays_and_what_is_let_go_may_be_deleted(world: World, lawyer: Phone) -> None:
    done, filing = upload(world, lawyer, PDF), uuid.uuid4()
    who, materials = counsel(world, lawyer), world.services.casefile.materials
    place: dict[str, Any] = {"holder": "filing", "holder_id": filing}
    with world.app.app_context(), unit_of_work() as tx:
        for _ in range(2):
            held = materials.attach(tx, counsel=who, material_id=uuid.UUID(done["id"]), **place)
        assert [view.id for view in materials.held_by(tx, **place)] == [held.id]
        opened = materials.open(tx, material_id=held.id)
        assert b"".join(opened.pieces) == PDF
    assert view(lawyer, done["id"])["kept_until"] is None
    assert lawyer.call("GET", "/materials").json()["items"] == []
    refused = refusal(lambda: lawyer.call("DELETE", f"/materials/{done['id']}"))
    assert (refused.reply.status, refused.code) == (409, "court.material_held")
    with world.app.app_context(), unit_of_work() as tx:
        materials.detach(tx, material_id=held.id, **place)
    assert lawyer.call("DELETE", f"/materials/{done['id']}").status == 204
    world.check_files()
    assert refusal(lambda: view(lawyer, done["id"])).reply.status == 404


def test_only_what_is_stored_and_ones_own_is_attached(
    world: World, lawyer: Phone, other: Phone
) -> None:
    unfinished, done = begin(lawyer, PDF), upload(world, lawyer, PDF)
    materials = world.services.casefile.materials
    for phone, material, error in (
        (lawyer, unfinished, MaterialNotStored),
        (other, done, MaterialUnknown),
    ):
        who = counsel(world, phone)
        with world.app.app_context(), pytest.raises(error), unit_of_work() as tx:
            materials.attach(
                tx,
                counsel=who,
                material_id=uuid.UUID(material["id"]),
                holder="filing",
                holder_id=uuid.uuid4(),
            )


def test_what_nobody_wants_is_swept(world: World, lawyer: Phone) -> None:
    before = set(stored_files(world))
    unfinished, done = begin(lawyer, LARGE), upload(world, lawyer, PDF)
    put(lawyer, unfinished["id"], 0, pieces(LARGE)[0])

    def sweep() -> set[str]:
        with world.app.app_context():
            world.services.casefile.material_sweep.sweep()
        world.check_files()
        return {str(row[0]) for row in world.sql("SELECT id FROM material")}

    world.clock.step(days=6, hours=23)
    assert sweep() == {unfinished["id"], done["id"]}
    world.clock.step(hours=2)
    assert sweep() == {done["id"]}
    world.clock.step(days=24)
    assert sweep() == set()
    assert set(stored_files(world)) == before


def test_what_a_killed_process_told_nobody_of_is_deleted(world: World, lawyer: Phone) -> None:
    done = upload(world, lawyer, PDF)
    objects = world.app.extensions["ports"].objects
    orphan = objects.put([b"nobody knows me"])
    world.clock.step(days=2)
    with world.app.app_context():
        world.services.casefile.material_sweep.delete_orphans()
    assert not objects.exists(orphan)
    world.clock.ahead *= 0
    assert content(lawyer, done["id"]).body == PDF


class Absent:
    """A scanner that comes back later."""

    def __init__(self) -> None:
        self.there = False

    def scan(self, file: BinaryIO) -> str | None:  # noqa: ARG002 - the port's signature
        if not self.there:
            raise VirusScanUnavailable
        return None


def test_without_a_scanner_a_file_waits(build_world: Build) -> None:
    scanner = Absent()
    world = build_world(lambda ports: dataclasses.replace(ports, virus_scan=scanner))
    lawyer = world.bound_phone(renew=False)
    waiting = upload(world, lawyer, PDF)
    assert waiting["state"] == "checking"
    scanner.there = True
    world.clock.step(minutes=1)
    world.check_files()
    assert view(lawyer, waiting["id"])["state"] == "stored"


def test_a_check_that_was_given_up_is_asked_for_again(build_world: Build) -> None:
    scanner = Absent()
    world = build_world(lambda ports: dataclasses.replace(ports, virus_scan=scanner))
    lawyer = world.bound_phone(renew=False)
    waiting = upload(world, lawyer, PDF)
    world.sql("UPDATE outbox_message SET dead_at = now()")
    scanner.there = True
    world.clock.step(minutes=20)
    with world.app.app_context():
        world.services.casefile.material_sweep.sweep()
    world.check_files()
    assert view(lawyer, waiting["id"])["state"] == "stored"


def test_too_much_that_nothing_holds(world: World, lawyer: Phone) -> None:
    body = {"name": "a.pdf", "size": 200_000_000, "kind": "evidence"}
    for _ in range(20):
        lawyer.call("POST", "/materials", body)
    refused = refusal(lambda: lawyer.call("POST", "/materials", body))
    assert (refused.reply.status, refused.code) == (409, "court.material_too_many")


def test_kinds_of_materials(lawyer: Phone) -> None:
    found = lawyer.call("GET", "/material-kinds").json()["items"]
    assert {"kind": "power_of_attorney", "name": "授权委托书"} in found
