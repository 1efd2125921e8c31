"""The inbox as the phone reads it."""

from __future__ import annotations

import uuid
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from app.kernel.unit_of_work import unit_of_work
from app.notification.service import Notice, tell
from app.worker import Worker
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


# --- settings --------------------------------------------------------------------------------


def settings(phone: Phone) -> dict[str, Any]:
    found: dict[str, Any] = phone.call("GET", "/me/notice-settings").json()
    return found


def channel(phone: Phone, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in settings(phone)["channels"] if each["code"] == code
    )
    return found


def agreed(phone: Phone, code: str, *categories: str) -> dict[str, Any]:
    text = channel(phone, code)["consent"]
    return {
        "version": text["version"],
        "sha256": text["sha256"],
        "categories": list(categories),
    }


def test_a_channel_opens_with_its_text_and_closes_at_once(world: World) -> None:
    phone = world.phone()
    assert not channel(phone, "wechat")["open"]
    body = agreed(phone, "wechat", "case", "deadline")
    assert phone.call("POST", "/me/notice-channels/wechat/open", body).status == 204
    assert channel(phone, "wechat")["categories"] == ["case", "deadline"]
    chosen = {"categories": ["service"]}
    assert phone.call("POST", "/me/notice-channels/wechat/categories", chosen).status == 204
    assert channel(phone, "wechat")["categories"] == ["service"]
    assert phone.call("POST", "/me/notice-channels/wechat/close").status == 204
    assert not channel(phone, "wechat")["open"]


def test_refusals_of_the_settings_say_what_to_do(world: World) -> None:
    phone = world.phone()
    wrong = {"version": "2020-01", "sha256": "0" * 64, "categories": ["case"]}
    email = agreed(phone, "email", "case")
    for path, body, status, code in (
        ("/me/notice-channels/wechat/open", wrong, 422, "notification.consent_required"),
        ("/me/notice-channels/email/open", email, 409, "notification.email_unconfirmed"),
        ("/me/notice-channels/email/categories", {"categories": []}, 409,
         "notification.channel_closed"),
        ("/me/notice-channels/pigeon/close", {}, 409, "notification.channel_not_offered"),
        ("/me/notice-email", {"address": "nobody"}, 422, "notification.email_invalid"),
        ("/me/notice-email/confirm", {"code": "123456"}, 409, "notification.code_over"),
        ("/me/notice-email/confirm", {"code": "12"}, 422, "request.invalid"),
        ("/me/notice-quiet-hours", {"from_hour": 24, "until_hour": 7}, 422, "request.invalid"),
        ("/me/notice-channels/email/categories", {"categories": ["gossip"]}, 422,
         "request.invalid"),
    ):  # fmt: skip
        refused = refusal(lambda p=path, b=body: phone.call("POST", p, b))  # type: ignore[misc]
        assert (refused.reply.status, refused.code) == (status, code), path
        assert refused.title


class Mailbox:
    """What a worker sends, read and thrown away."""

    def __init__(self, world: World) -> None:
        services = world.services.notification
        outward = {"notice.code": services.emails.send_code, "notice.push": services.pushing.push}
        self._worker = Worker(app=world.app, clock=world.clock, handlers=outward)
        self._folder = world.config.data_dir / "mail"
        for old in self._folder.glob("*.eml"):
            old.unlink()

    def letter(self) -> EmailMessage:
        """Do what is due; return the one letter that came of it."""
        self._worker.drain()
        (path,) = self._folder.glob("*.eml")
        letter = message_from_bytes(path.read_bytes(), policy=default)
        path.unlink()
        assert isinstance(letter, EmailMessage)
        return letter


def test_an_address_from_typing_to_a_letter(world: World) -> None:
    phone, mailbox = world.phone(), Mailbox(world)
    assert phone.call("POST", "/me/notice-email", {"address": "lin@example.cn"}).status == 204
    assert settings(phone)["email"] == {"address": None, "waiting": "l***@example.cn"}
    code = {"code": mailbox.letter().get_content().partition("：")[2][:6]}
    assert phone.call("POST", "/me/notice-email/confirm", code).status == 204
    assert settings(phone)["email"] == {"address": "l***@example.cn", "waiting": None}
    path = pushed(world, phone, mailbox)
    browser = world.app.test_client()
    assert "确认退订" in browser.get(path).text
    assert channel(phone, "email")["open"], "a link that a program opened ends nothing"
    assert "已退订" in browser.post(path, data={"List-Unsubscribe": "One-Click"}).text
    assert not channel(phone, "email")["open"]
    assert browser.get("/notices/unsubscribe/forged").status_code == 404
    assert phone.call("DELETE", "/me/notice-email").status == 204
    assert settings(phone)["email"] == {"address": None, "waiting": None}


def pushed(world: World, phone: Phone, mailbox: Mailbox) -> str:
    """Open the channel, tell something urgent, return the path of the letter's link."""
    phone.call("POST", "/me/notice-channels/email/open", agreed(phone, "email", "deadline"))
    values = {"case": "甲案", "duty": "上诉", "due": "12月1日", "days": "3"}
    say(world, "clock.near", account(world), **values)
    world.deliver_notices()
    link = str(mailbox.letter()["List-Unsubscribe"]).strip("<>")
    return "/notices/" + link.partition("/notices/")[2]


def test_quiet_hours_and_what_wechat_allowed(world: World) -> None:
    phone = world.phone()
    assert settings(phone)["quiet_hours"] == {"from_hour": 22, "until_hour": 7}
    hours = {"from_hour": 20, "until_hour": 8}
    assert phone.call("POST", "/me/notice-quiet-hours", hours).status == 204
    assert settings(phone)["quiet_hours"] == hours
    allowed = {"template_ids": ["LVZ-NEWS", "SOMEBODY-ELSES"]}
    assert phone.call("POST", "/me/notice-wechat", allowed).status == 204
    assert settings(phone)["wechat_templates"] == [
        {"template_id": "LVZ-NEWS", "left": 1},
        {"template_id": "LVZ-DEADLINE", "left": 0},
    ]
