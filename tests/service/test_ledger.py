"""The ledger over a real database: entries, sequencing, receipts, erasure."""

from __future__ import annotations

import json
import threading
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.unit_of_work import unit_of_work
from app.ledger.errors import EntryErased, LedgerInconsistent
from app.ledger.service.entries import Event, Ledger
from credential.checkpoint import VerifierKey
from credential.receipt import Receipt
from tests.world import World, refusal, scan

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def event(**fields: object) -> Event:
    given = {
        "kind": "grant",
        "at": AT,
        "subject": uuid.uuid4(),
        "place": "k1",
        "source_id": uuid.uuid4(),
        "details": {"code": "会见"},
        **fields,
    }
    return Event(**given)  # type: ignore[arg-type]


def ledger(world: World) -> Ledger:
    return world.services.ledger.entries


def append(world: World, *events: Event) -> None:
    with world.app.app_context(), unit_of_work() as tx:
        for one in events:
            ledger(world).append(tx, one)


def drain(world: World) -> int:
    with world.app.app_context():
        return world.services.ledger.sequencer.drain()


def receipt(world: World, source_id: uuid.UUID, kind: str | None = None) -> Receipt:
    with world.app.app_context():
        found = ledger(world).receipt(source_id=source_id, kind=kind)
    assert found is not None
    return found


def log_key(world: World) -> VerifierKey:
    signer = world.app.extensions["ports"].keys.ledger()
    return VerifierKey.of(world.config.ledger_origin, signer.public)


def test_a_receipt_is_there_as_soon_as_the_act_is(world: World) -> None:
    one = event()
    append(world, event(), one)
    evidence = receipt(world, one.source_id).verify(log=log_key(world))
    assert evidence.details == {"code": "会见", "source_id": str(one.source_id)}
    assert (evidence.leaf.kind, evidence.leaf.place) == ("grant", "k1")
    assert evidence.checkpoint.size == 2
    with world.app.app_context():
        assert ledger(world).receipt(source_id=uuid.uuid4()) is None
        assert ledger(world).receipt(source_id=one.source_id, kind="status") is None


def test_what_is_rolled_back_leaves_nothing(world: World) -> None:
    with world.app.app_context():
        with suppress(RuntimeError), unit_of_work() as tx:
            ledger(world).append(tx, event())
            raise RuntimeError
        assert world.services.ledger.sequencer.drain() == 0


def test_leaves_tell_nothing_about_a_person(world: World) -> None:
    lawyer, same = uuid.uuid4(), uuid.uuid4()
    append(world, event(subject=lawyer, source_id=same), event(subject=lawyer))
    leaves = [bytes(row[0]) for row in world.sql("SELECT leaf FROM ledger_entry")]
    assert len(leaves) == 2
    for leaf in leaves:
        assert str(lawyer).encode() not in leaf
        assert str(same).encode() not in leaf
        assert "会见".encode() not in leaf
    first, second = (
        receipt(world, row[0]) for row in world.sql("SELECT source_id FROM ledger_entry")
    )
    key = log_key(world)
    assert first.verify(log=key).leaf.subject != second.verify(log=key).leaf.subject


def test_erasing_keeps_the_tree(world: World) -> None:
    lawyer = uuid.uuid4()
    mine, other = event(subject=lawyer), event()
    append(world, mine, other)
    before = receipt(world, other.source_id)
    with world.app.app_context():
        with unit_of_work() as tx:
            ledger(world).erase_person(tx, subject=lawyer)
        with pytest.raises(EntryErased):
            ledger(world).receipt(source_id=mine.source_id)
    append(world, event())
    drain(world)
    assert world.sql("SELECT count(*) FROM ledger_entry WHERE details IS NULL") == [(1,)]
    assert receipt(world, other.source_id).verify(log=log_key(world)).checkpoint.size == 3
    assert before.verify(log=log_key(world)).checkpoint.size == 2


def test_late_commits_are_not_skipped(world: World) -> None:
    """An entry that became visible after later ones were numbered is numbered too."""
    early = event(at=AT.replace(hour=7))
    with world.app.app_context():
        session = unit_of_work()
        with session as tx:
            ledger(world).append(tx, early)
            tx.flush()
            other = threading.Thread(target=lambda: (append(world, event()), drain(world)))
            other.start()
            other.join()
    assert world.sql("SELECT size FROM ledger_checkpoint") == [(1,)]
    assert drain(world) == 1
    assert receipt(world, early.source_id).index == 1


def test_racing_sequencers_give_every_entry_one_number(world: World) -> None:
    append(world, *(event() for _ in range(600)))
    begin = threading.Barrier(3)

    def sequence() -> None:
        begin.wait()
        with world.app.app_context():
            for _ in range(4):
                world.services.ledger.sequencer.once(most=70)

    runners = [threading.Thread(target=sequence) for _ in range(3)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    numbers = [row[0] for row in world.sql("SELECT seq FROM ledger_entry ORDER BY seq")]
    assert numbers == list(range(600))
    sizes = [row[0] for row in world.sql("SELECT size FROM ledger_checkpoint ORDER BY size")]
    assert sizes == [70, 140, 210, 280, 350, 420, 490, 560, 600]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_tile SET hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1)",
        "DELETE FROM ledger_tile",
        "UPDATE ledger_checkpoint SET root = set_byte(root, 3, get_byte(root, 3) # 1)",
        "DELETE FROM ledger_checkpoint",
        "DELETE FROM ledger_entry WHERE seq = 2",
        "UPDATE ledger_entry SET seq = NULL WHERE seq = 2",
    ],
)
def test_nothing_is_signed_over_a_changed_past(world: World, change: str) -> None:
    append(world, event(), event(), event())
    assert drain(world) == 3
    world.sql(change)
    append(world, event())
    with world.app.app_context(), pytest.raises(LedgerInconsistent):
        world.services.ledger.sequencer.once()
    assert world.sql("SELECT count(*) FROM ledger_checkpoint WHERE size > 3") == [(0,)]


# --- what the product notes --------------------------------------------------------------------


def kinds(world: World) -> list[tuple[str, dict[str, object]]]:
    rows = world.sql("SELECT kind, details FROM ledger_entry ORDER BY at, id")
    return [(kind, json.loads(bytes(details))) for kind, details in rows]


def test_every_act_of_the_main_job_is_noted(world: World) -> None:
    phone, kiosk = world.bound_phone(), world.kiosk()
    shown = phone.show()
    accepted = kiosk.verify(shown)
    refused = refusal(lambda: kiosk.verify("LVZ1:ABC"))
    again = refusal(lambda: kiosk.verify(shown))
    assert (refused.code, again.code) == ("credential.malformed", "credential.replayed")
    found = kinds(world)
    assert [kind for kind, _ in found].count("verification") == 3
    assert {kind for kind, _ in found} == {"device", "issuance", "verification"}
    noted = receipt(world, uuid.UUID(accepted["verification_id"]), "verification").verify(
        log=log_key(world)
    )
    assert noted.details["accepted"] is True
    assert noted.leaf.subject is None
    assert noted.leaf.place == kiosk.identity["kiosk_id"]


def test_a_refused_issue_leaves_no_entry(world: World) -> None:
    phone = world.bound_phone()
    before = len(kinds(world))
    refusal(lambda: world.issue(phone, iat=world.clock.unix() - 3600))
    assert len(kinds(world)) == before


def test_a_short_code_and_offline_scans_are_noted(world: World) -> None:
    phone, kiosk = world.bound_phone(), world.kiosk()
    kiosk.verify(phone.show("LVZ3"))
    text = phone.show()
    scans = [scan(text, at=world.clock.now(), scan_id=str(uuid.uuid4()))]
    kiosk.upload(scans)
    kiosk.upload(scans)
    noted = [details for kind, details in kinds(world) if kind == "verification"]
    assert sorted((one["form"], one["offline"]) for one in noted) == [
        ("LVZ1", True),
        ("LVZ3", False),
    ]


def test_a_change_of_status_is_noted_once(world: World) -> None:
    world.bound_phone()
    world.set_status("suspended")
    world.clock.ahead = timedelta(minutes=2)
    with world.app.app_context():
        for _ in range(2):
            world.services.identity.devices.sync_statuses()
    noted = [details for kind, details in kinds(world) if kind == "status"]
    assert [(one["from"], one["to"]) for one in noted] == [("practising", "suspended")]


def test_a_device_that_ends_is_noted(world: World) -> None:
    phone = world.bound_phone()
    phone.call("POST", "/me/device/end", {})
    noted = [details for kind, details in kinds(world) if kind == "device"]
    assert [one["act"] for one in noted] == ["bound", "ended"]
