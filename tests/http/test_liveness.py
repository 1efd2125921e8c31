"""活体检测 over HTTP: what the transport refuses, who sees what, and one real check end to end."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, cast

import pytest
import redis
from apiflask import APIFlask
from PIL import Image

from app.bootstrap import handlers
from app.cli import seed
from app.identity.rules.binding import FACE_TRIES
from app.kernel import outbox
from app.kernel.unit_of_work import unit_of_work
from app.worker import Worker
from miniprogram_mock.client.encoding import b64u, new_key
from miniprogram_mock.client.phone import Phone
from tests.world import World, refusal
from tests.world_fixtures import Build


def picture(colour: int = 90) -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 240), (colour, colour, colour)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Film:
    """Batches of one session, right unless a test makes them wrong."""

    phone: Phone
    session: dict[str, Any]
    seq: int = 0
    t: int = 0

    def __post_init__(self) -> None:
        text = f"lvz-frames:v1:{self.session['id']}:{self.session['nonce']}"
        self.link = hashlib.sha256(text.encode()).digest()

    def batch(self, *jpegs: bytes, shown: int = -1, key: Any = None) -> dict[str, Any]:
        frames = []
        for jpeg in jpegs or (picture(),):
            digest = hashlib.sha256(jpeg).digest()
            self.link = hashlib.sha256(
                self.link + digest + struct.pack(">Ib", self.t, shown)
            ).digest()
            frames.append({"t": self.t, "shown": shown, "jpeg": base64.b64encode(jpeg).decode()})
            self.t += 100
        return self.sealed(frames, key=key)

    def sealed(self, frames: list[dict[str, Any]], *, key: Any = None) -> dict[str, Any]:
        chain = b64u(self.link)
        message = f"lvz-frames:v1:{self.session['id']}:{self.seq}:{chain}".encode()
        signature = b64u((key or self.phone.key).sign(message))
        body = {"seq": self.seq, "frames": frames, "chain": chain, "signature": signature}
        self.seq += 1
        return body

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.phone.call("POST", f"/liveness/{self.session['id']}/frames", body).json()

    def refused(self, body: dict[str, Any]) -> tuple[int, str]:
        answer = refusal(lambda: self.send(body))
        return answer.reply.status, answer.code


@pytest.fixture
def applicant(world: World) -> Phone:
    """A phone that applied to bind by face."""
    return applied(world)


def applied(world: World, user: str = "lin") -> Phone:
    phone = world.phone(user)
    body = world.application(phone, world.person(), way="face")
    phone.device_id = phone.call("POST", "/bindings", body).json()["binding_id"]
    return phone


def opened(phone: Phone) -> dict[str, Any]:
    return phone.call("POST", "/liveness", {"binding_id": phone.device_id}).json()


@pytest.fixture
def film(applicant: Phone) -> Film:
    return Film(applicant, opened(applicant))


def test_a_session_shows_one_step_and_its_nonce(applicant: Phone) -> None:
    session = opened(applicant)
    assert (session["state"], session["step"]["no"], session["step"]["kind"]) == (
        "collecting",
        1,
        "front",
    )
    assert session["attempts_left"] == FACE_TRIES
    assert (session["received"], session["analysed"], session["result"]) == (0, 0, None)
    assert opened(applicant)["nonce"] != session["nonce"]


def test_right_batches_are_taken_in_order(film: Film) -> None:
    assert film.send(film.batch(picture(), picture(80)))["received"] == 2
    assert film.send(film.batch(shown=0))["received"] == 3


def test_a_batch_out_of_order_or_again(film: Film) -> None:
    first, second = film.batch(), film.batch()
    assert film.refused(second) == (409, "liveness.out_of_order")
    film.send(first)
    assert film.refused(first) == (409, "liveness.out_of_order")
    assert film.send(second)["received"] == 2


def test_changed_frames_break_the_chain(film: Film) -> None:
    good = film.batch(picture(), picture(80))
    one, two = good["frames"]
    other = base64.b64encode(picture(10)).decode()
    for frames in (
        [one],
        [two, one],
        [one, one],
        [one, two, two],
        [{**one, "jpeg": other}, two],
        [{**one, "t": 1}, two],
        [{**one, "shown": 0}, two],
    ):
        assert film.refused({**good, "frames": frames}) == (422, "liveness.bad_chain")
    assert film.send(good)["received"] == 2


def test_another_keys_signature(film: Film) -> None:
    again = replace(film)
    assert film.refused(film.batch(key=new_key())) == (422, "identity.device_proof_invalid")
    assert again.send(again.batch())["received"] == 1


def test_a_batch_of_another_session(applicant: Phone) -> None:
    first, second = (Film(applicant, opened(applicant)) for _ in range(2))
    assert second.refused(first.batch()) == (422, "liveness.bad_chain")


@pytest.mark.parametrize("jpeg", [b"", b"\xff\xd8" + bytes(80_001)], ids=["empty", "large"])
def test_a_frame_of_the_wrong_size(film: Film, jpeg: bytes) -> None:
    status, code = film.refused(film.batch(jpeg))
    assert status == 422
    assert code in ("request.invalid", "liveness.bad_chain")


@pytest.mark.parametrize(
    "jpeg", ["律律律律", "\x00\x00\x00\x00", "!!!!", "AAA", "AA==AA==", "A\nAA"]
)
def test_a_frame_that_is_not_base64(film: Film, jpeg: str) -> None:
    body = film.sealed([{"t": 0, "shown": -1, "jpeg": jpeg}])
    status, code = film.refused(body)
    assert (status, code) in ((422, "liveness.bad_chain"), (422, "request.invalid"))


@pytest.mark.parametrize(
    "change",
    [
        {"frames": []},
        {"frames": [{"t": 0, "shown": -1, "jpeg": "AAAA"}] * 9},
        {"frames": [{"t": -1, "shown": -1, "jpeg": "AAAA"}]},
        {"frames": [{"t": 2**32, "shown": -1, "jpeg": "AAAA"}]},
        {"frames": [{"t": 0, "shown": 99, "jpeg": "AAAA"}]},
        {"seq": -1},
        {"seq": 10**9},
        {"chain": "x"},
        {"signature": ""},
    ],
    ids=lambda change: repr(change)[:50],
)
def test_batches_of_the_wrong_shape(film: Film, change: dict[str, Any]) -> None:
    assert film.refused({**film.batch(), **change}) == (422, "request.invalid")


def test_somebody_elses_session_does_not_exist(world: World, film: Film) -> None:
    stranger = world.phone("stranger")
    path = f"/liveness/{film.session['id']}"
    body = film.batch()
    for work in (
        lambda: stranger.call("GET", path),
        lambda: stranger.call("POST", f"{path}/frames", body),
    ):
        answer = refusal(work)
        assert (answer.reply.status, answer.code) == (404, "liveness.not_found")
    answer = refusal(
        lambda: stranger.call("POST", "/liveness", {"binding_id": film.phone.device_id})
    )
    assert (answer.reply.status, answer.code) == (404, "identity.binding_not_found")


def test_a_session_ends_in_time_and_counts(world: World, film: Film) -> None:
    film.send(film.batch())
    world.clock.step(minutes=2, seconds=1)
    view = film.phone.call("GET", f"/liveness/{film.session['id']}").json()
    assert view["state"] == "failed"
    assert view["result"]["next"] == "retry"
    assert view["attempts_left"] == FACE_TRIES - 1
    assert film.send(film.batch())["received"] == 1, "a late batch is dropped"


def test_after_three_failures_the_officer_remains(world: World, applicant: Phone) -> None:
    for left in reversed(range(FACE_TRIES)):
        session = opened(applicant)
        world.clock.step(minutes=2, seconds=1)
        view = applicant.call("GET", f"/liveness/{session['id']}").json()
        assert view["attempts_left"] == left
    assert view["result"]["next"] == "officer"
    answer = refusal(lambda: opened(applicant))
    assert (answer.reply.status, answer.code) == (429, "liveness.too_many_attempts")
    switched = applicant.call("POST", f"/bindings/{applicant.device_id}/officer").json()
    assert switched["hall_code"]


def test_applying_again_gives_no_new_tries(world: World, applicant: Phone) -> None:
    for _ in range(FACE_TRIES):
        session = opened(applicant)
        world.clock.step(minutes=2, seconds=1)
        applicant.call("GET", f"/liveness/{session['id']}")
    again = world.application(applicant, world.person(), way="face")
    answer = applicant.call("POST", "/bindings", again).json()
    assert (answer["attempts_left"], answer["state"]) == (0, "face_required")
    applicant.device_id = answer["binding_id"]
    assert refusal(lambda: opened(applicant)).code == "liveness.too_many_attempts"
    world.clock.step(hours=1)
    later = world.application(applicant, world.person(), way="face")
    assert applicant.call("POST", "/bindings", later).json()["attempts_left"] == FACE_TRIES


def test_no_check_without_standing_consent(world: World, phone: Phone) -> None:
    answer = refusal(lambda: phone.call("POST", "/liveness", {"binding_id": None}))
    assert (answer.reply.status, answer.code) == (422, "identity.consent_required")
    answer = refusal(lambda: world.phone("new").call("POST", "/liveness", {"binding_id": None}))
    assert (answer.reply.status, answer.code) == (409, "identity.not_bound")


def test_no_check_for_a_cancelled_application(applicant: Phone) -> None:
    applicant.call("DELETE", f"/bindings/{applicant.device_id}")
    answer = refusal(lambda: opened(applicant))
    assert (answer.reply.status, answer.code) == (409, "identity.binding_closed")


def test_frames_are_not_in_the_database(world: World, film: Film) -> None:
    jpeg = picture(33)
    film.send(film.batch(jpeg))
    rows = world.sql("SELECT s::text FROM liveness_session s")
    rows += world.sql("SELECT b::text FROM liveness_batch b")
    rows += world.sql("SELECT m::text FROM outbox_message m")
    for (text,) in rows:
        assert jpeg[100:130].hex() not in text
        assert base64.b64encode(jpeg[99:129]).decode() not in text


# --- with the real engines -------------------------------------------------------------------


needs_faces = pytest.mark.skipif(
    importlib.util.find_spec("skimage") is None, reason="the head's photo comes with scikit-image"
)


@pytest.fixture
def faces(build_world: Build) -> World:
    """A world whose register shows the demo head's face, with a worker that looks at frames."""
    world = build_world()
    record = world.register.find(licence_no=world.person().licence_no)
    world.register.add(replace(record, photo=seed.portrait()))
    return world


def killed_in_the_middle(world: World) -> None:
    """A worker claims a message and dies; the lease ends a moment later."""
    with world.app.app_context(), unit_of_work() as tx:
        assert outbox.claim(tx, topics=["liveness"], at=world.clock.now()) is not None
    world.sql("UPDATE outbox_message SET due_at = due_at - interval '30 seconds'")


@contextmanager
def working(world: World, worker: Worker) -> Iterator[list[int]]:
    """A worker beside the phone; the first one to claim a message is killed."""
    stop = threading.Event()
    killed: list[int] = []

    def work() -> None:
        while not stop.is_set():
            if not killed and world.sql("SELECT 1 FROM outbox_message WHERE topic = 'liveness'"):
                killed_in_the_middle(world)
                killed.append(1)
            worker.drain()
            stop.wait(0.02)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


def show_no_picture(phone: Phone, worker: Worker) -> None:
    film = Film(phone, opened(phone))
    film.send(film.batch(b"\xff\xd8 not a picture", b"GIF89a"))
    worker.drain()
    view = phone.call("GET", f"/liveness/{film.session['id']}").json()
    assert (view["state"], view["result"]["next"]) == ("failed", "retry")


@pytest.mark.slow
@needs_faces
def test_a_lawyer_binds_by_face(faces: World) -> None:
    """Not a JPEG, then a killed worker, then the moving head: bound, notified, forgotten."""
    from miniprogram_mock.rig.head import Performer  # noqa: PLC0415 - loads image libraries

    world, app = faces, cast(APIFlask, faces.app)
    worker = Worker(app=app, clock=world.clock, handlers=handlers(app, world.config))
    phone = applied(world)
    show_no_picture(phone, worker)
    with working(world, worker) as killed:
        final = phone.pass_face_check(phone.device_id, Performer(), patience=100)
    assert final["state"] == "passed", final
    assert killed
    worker.drain()
    me = phone.me()
    assert (me["state"], me["lawyer"]["name"]) == ("bound", "林正衡")
    phone.renew()
    assert world.kiosk().verify(phone.show())["outcome"] == "accepted"
    decisions = world.sql("SELECT passed, models::text FROM face_decision ORDER BY at")
    assert [row[0] for row in decisions] == [False, True]
    assert len(decisions[1][1]) > 64, "which models decided, by their hashes"
    assert [n["kind"] for n in phone.call("GET", "/me/notices").json()["items"]] == ["bound"]
    with redis.Redis.from_url(world.config.redis_url) as store:
        left = [key for key in store.keys("*liveness*") if b"kept" in key]
    assert not left, "the images compared were dropped after the decision"
