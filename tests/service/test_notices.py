"""Telling somebody: from a domain's transaction to the inbox of each reader."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from app.kernel.outbox import Message
from app.kernel.unit_of_work import unit_of_work
from app.notification.errors import NoticeMalformed, NoticeUnknown
from app.notification.rules.kinds import Category
from app.notification.service import Notice, tell
from app.notification.service.inbox import KEEP, PAGE, Item
from tests.world import World

LIN, CHEN = uuid.uuid4(), uuid.uuid4()
CASE = uuid.uuid4()


def say(
    world: World, kind: str = "case.event", *, to: Sequence[uuid.UUID] = (LIN,), **values: str
) -> None:
    """A domain tells something in a transaction of its own."""
    values = values or {"case": "（2026）京0105民初12号", "event": "合议庭组成已变更"}
    with world.app.app_context(), unit_of_work() as tx:
        tell(
            tx, Notice(account_ids=to, kind=kind, at=world.clock.now(), values=values, case_id=CASE)
        )


def inbox(world: World, account: uuid.UUID = LIN, **asked: Any) -> list[Item]:
    with world.app.app_context():
        return world.services.notification.inbox.page(account_id=account, **asked).items


def unread(world: World, account: uuid.UUID = LIN) -> int:
    with world.app.app_context():
        return world.services.notification.inbox.unread(account_id=account)


def test_each_reader_has_it_once(world: World) -> None:
    say(world, to=[LIN, CHEN, LIN])
    assert inbox(world) == [], "nothing is there before a worker came"
    assert world.deliver_notices() == 1
    (item,) = inbox(world)
    assert item.title == "案件有新进展"
    assert item.body == "（2026）京0105民初12号：合议庭组成已变更。"
    assert (item.category, item.case_id, item.read) == (Category.CASE, CASE, False)
    assert len(inbox(world, CHEN)) == 1


def test_a_message_that_arrives_again_adds_nothing(world: World) -> None:
    payload = {
        "account_ids": [str(LIN), str(CHEN)], "kind": "bound", "values": {}, "case_id": None,
        "subject_id": None, "at": world.clock.now().isoformat(),
    }  # fmt: skip
    message = Message(id=9, topic="notice", payload=payload, attempts=1)
    with world.app.app_context():
        world.services.notification.fan_out.deliver(message)
        world.services.notification.fan_out.deliver(message)
    assert len(inbox(world)) == len(inbox(world, CHEN)) == 1


def test_a_transaction_that_fails_tells_nobody(world: World) -> None:
    def fail() -> None:
        with world.app.app_context(), unit_of_work() as tx:
            tell(tx, Notice(account_ids=[LIN], kind="bound", at=world.clock.now()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert world.deliver_notices() == 0


def test_nobody_to_tell_is_no_message(world: World) -> None:
    say(world, to=[])
    assert world.sql("SELECT count(*) FROM outbox_message") == [(0,)]


def test_what_the_table_does_not_know_is_refused_where_it_is_said(world: World) -> None:
    with pytest.raises(NoticeMalformed):
        say(world, "case.won", case="1")
    with pytest.raises(NoticeMalformed):
        say(world, "case.filed", case="1")
    assert world.sql("SELECT count(*) FROM outbox_message") == [(0,)]


def test_the_inbox_is_read_page_by_page_without_gap_or_repeat(world: World) -> None:
    for n in range(PAGE + 5):
        say(world, case=str(n), event="x")
        if n % 3:  # some at the same moment
            world.clock.step(seconds=1)
    world.deliver_notices()
    first = inbox(world)
    second = inbox(world, before=first[-1].id)
    assert (len(first), len(second)) == (PAGE, 5)
    seen = [item.body for item in (*first, *second)]
    assert len(set(seen)) == PAGE + 5
    assert [item.at for item in (*first, *second)] == sorted(
        (item.at for item in (*first, *second)), reverse=True
    )


def test_the_inbox_by_category(world: World) -> None:
    say(world)
    say(world, "clock.near", case="甲案", duty="上诉", due="12月1日", days="3")
    world.deliver_notices()
    assert [item.kind for item in inbox(world, category=Category.DEADLINE)] == ["clock.near"]
    assert [item.kind for item in inbox(world, category=Category.CASE)] == ["case.event"]
    assert inbox(world, category=Category.SERVICE) == []


def test_reading_one_and_reading_all(world: World) -> None:
    for _ in range(3):
        say(world)
    say(world, to=[CHEN])
    world.deliver_notices()
    services = world.services.notification.inbox
    one = inbox(world)[1]
    with world.app.app_context():
        services.read(account_id=LIN, notice_id=one.id)
        services.read(account_id=LIN, notice_id=one.id)
    assert [item.read for item in inbox(world)] == [False, True, False]
    with world.app.app_context():
        services.read_all(account_id=LIN)
    assert (unread(world), unread(world, CHEN)) == (0, 1)


def test_another_persons_notice_is_no_notice(world: World) -> None:
    say(world, to=[CHEN])
    world.deliver_notices()
    theirs = inbox(world, CHEN)[0].id
    with world.app.app_context(), pytest.raises(NoticeUnknown):
        world.services.notification.inbox.read(account_id=LIN, notice_id=theirs)
    with pytest.raises(NoticeUnknown):
        inbox(world, before=theirs)
    assert unread(world, CHEN) == 1


def test_two_years_later_it_is_forgotten(world: World) -> None:
    say(world)
    world.deliver_notices()
    world.clock.step(days=KEEP.days - 1)
    say(world)
    world.deliver_notices()
    world.clock.step(days=2)
    with world.app.app_context():
        assert world.services.notification.inbox.sweep() == 1
    assert len(inbox(world)) == 1
