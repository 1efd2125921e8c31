"""The inbox as the phone reads it."""

from __future__ import annotations

import uuid
from typing import Any

from app.kernel.unit_of_work import unit_of_work
from app.notification.service import Notice, tell
from miniprogram_mock.client.phone import Phone
from tests.world import World, refusal


def account(world: World) -> uuid.UUID:
    found: uuid.UUID = world.sql("SELECT id FROM wechat_account ORDER BY created_at DESC")[0][0]
    return found


def say(world: World, kind: str, account_id: uuid.UUID, **values: str) -> None:
    with world.app.app_context(), unit_of_work() as tx:
        tell(tx, Notice(account_ids=[account_id], kind=kind, at=world.clock.now(), values=values))


def notices(phone: Phone, asked: str = "") -> dict[str, Any]:
    found: dict[str, Any] = phone.call("GET", f"/me/notices{asked}").json()
    return found


def test_an_inbox_with_its_categories(world: World) -> None:
    phone = world.phone()
    say(world, "bound", account(world))
    say(world, "clock.near", account(world), case="甲案", duty="上诉", due="12月1日", days="3")
    world.deliver_notices()
    found = notices(phone)
    assert (found["unread"], found["next"]) == (2, None)
    assert {"code": "deadline", "name": "期限和开庭"} in found["categories"]
    (near, bound) = found["items"]
    assert near["body"] == "甲案：上诉的期限到12月1日为止，还剩3天。"
    assert (near["urgent"], near["page"], near["category_name"]) == (True, None, "期限和开庭")
    assert bound["page"] == "/pages/home/home"
    (only,) = notices(phone, "?category=account")["items"]
    assert only["id"] == bound["id"]


def test_reading_one_then_all(world: World) -> None:
    phone = world.phone()
    for _ in range(2):
        say(world, "bound", account(world))
    world.deliver_notices()
    first = notices(phone)["items"][0]["id"]
    assert phone.call("POST", f"/me/notices/{first}/read").status == 204
    assert notices(phone)["unread"] == 1
    assert phone.call("GET", "/me").json()["unread_notices"] == 1
    assert phone.call("POST", "/me/notices/read").status == 204
    assert notices(phone)["unread"] == 0


def test_another_persons_notice_cannot_be_read_or_paged_from(world: World) -> None:
    theirs = world.phone("chen")
    say(world, "bound", account(world))
    world.deliver_notices()
    found = notices(theirs)["items"][0]["id"]
    mine = world.phone("lin")
    for method, path in (
        ("POST", f"/me/notices/{found}/read"),
        ("GET", f"/me/notices?before={found}"),
    ):
        refused = refusal(lambda m=method, p=path: mine.call(m, p))  # type: ignore[misc]
        assert (refused.reply.status, refused.code) == (404, "notification.unknown")
    assert notices(theirs)["unread"] == 1


def test_a_filter_that_is_none_is_named(world: World) -> None:
    phone = world.phone()
    for asked, field in (("?category=gossip", "category"), ("?before=x", "before")):
        refused = refusal(lambda a=asked: notices(phone, a))  # type: ignore[misc]
        assert refused.reply.status == 422
        assert refused.problem["errors"][0]["field"] == field
