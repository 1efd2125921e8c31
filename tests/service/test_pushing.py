"""Pushing: nobody without consent, nobody at night, once for each notice, whatever breaks."""

from __future__ import annotations

import email
import email.policy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from app.kernel.outbox import Message
from app.kernel.unit_of_work import unit_of_work
from app.notification.errors import (
    ChannelClosed,
    CodeOver,
    CodeWrong,
    ConsentMissing,
    EmailInvalid,
    EmailUnconfirmed,
    LinkInvalid,
    TooManyCodes,
)
from app.notification.rules.channels import CONSENTS, Channel
from app.notification.rules.kinds import Category
from app.notification.rules.quiet_hours import BEIJING, QuietHours
from app.notification.service import Notice, NotificationServices, emails, fan_out, tell
from app.worker import Worker
from tests.world import APPID, World

CASE = "（2026）京0105民初12号"
ADDRESS = "lin@example.cn"


@pytest.fixture
def account(world: World) -> Iterator[uuid.UUID]:
    """A phone's account at noon, an empty mailbox, and nothing allowed by WeChat."""
    world.phone()
    at_hour(world, 12)
    for letter in letters(world):
        letter.unlink()
    world.wechat.messages.sent.clear()
    world.wechat.messages._grants.clear()
    yield world.sql("SELECT id FROM wechat_account")[0][0]
    world.wechat.busy = False


def at_hour(world: World, hour: int) -> None:
    now = world.clock.now().astimezone(BEIJING)
    world.clock.step(hours=(hour - now.hour) % 24, minutes=-now.minute)


def letters(world: World) -> list[Path]:
    return sorted((world.config.data_dir / "mail").glob("*.eml"))


def mailbox(world: World) -> list[EmailMessage]:
    found = []
    for path in letters(world):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def work(world: World) -> int:
    """What a worker does until nothing is due."""
    services = world.services.notification
    handlers = {
        "notice": services.fan_out.deliver,
        fan_out.PUSH: services.pushing.push,
        emails.CODE: services.emails.send_code,
    }
    return Worker(app=world.app, clock=world.clock, handlers=handlers).drain()


@contextmanager
def notification(world: World) -> Iterator[NotificationServices]:
    with world.app.app_context():
        yield world.services.notification


def say(world: World, account: uuid.UUID, *, kind: str = "case.event") -> None:
    urgent = {"case": CASE, "duty": "上诉", "due": "12月1日", "days": "3"}
    values = {"case": CASE, "event": "合议庭已变更"} if kind == "case.event" else urgent
    with world.app.app_context(), unit_of_work() as tx:
        tell(tx, Notice(account_ids=[account], kind=kind, at=world.clock.now(), values=values))


def code_of(world: World) -> str:
    text = mailbox(world)[-1].get_content()
    return str(text).partition("验证码：")[2][:6]


def confirm_email(world: World, account: uuid.UUID, address: str = ADDRESS) -> None:
    with notification(world) as services:
        services.emails.ask(account_id=account, typed=address)
    work(world)
    with notification(world) as services:
        services.emails.confirm(account_id=account, code=code_of(world))
    for letter in letters(world):
        letter.unlink()


def open_channel(world: World, account: uuid.UUID, channel: Channel, *categories: Category) -> None:
    text = CONSENTS[channel]
    with notification(world) as services:
        services.settings.open(
            account_id=account,
            channel=channel,
            version=text.version,
            sha256=text.sha256,
            categories=categories or tuple(Category),
        )


def allow(world: World, account: uuid.UUID, template: str = "LVZ-NEWS") -> None:
    """The owner of the phone taps 允许, and the phone says so."""
    requests.post(
        f"{world.wechat_url}/phone/subscribe",
        json={"appid": APPID, "user": "lin", "template_id": template},
        timeout=5,
    ).raise_for_status()
    with notification(world) as services:
        services.settings.allow(account_id=account, template_ids=[template])


def states(world: World) -> list[tuple[str, str | None]]:
    rows = world.sql("SELECT state, reason FROM notice_delivery ORDER BY channel")
    return [(state, reason) for state, reason in rows]


def inbox_size(world: World, account: uuid.UUID) -> int:
    with notification(world) as services:
        return len(services.inbox.page(account_id=account).items)


# --- consent ---------------------------------------------------------------------------------


def test_without_consent_there_is_the_inbox_and_nothing_else(
    world: World, account: uuid.UUID
) -> None:
    """An address is confirmed and WeChat would deliver: still nobody asked to be pushed."""
    confirm_email(world, account)
    allow(world, account)
    say(world, account)
    work(world)
    assert inbox_size(world, account) == 1
    assert mailbox(world) == []
    assert world.wechat.messages.sent == []
    assert states(world) == []


def test_with_consent_it_is_pushed_for_the_chosen_categories_only(
    world: World, account: uuid.UUID
) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL, Category.DEADLINE)
    say(world, account)
    say(world, account, kind="clock.near")
    work(world)
    (letter,) = mailbox(world)
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == f"【律证】期限将至 {CASE}"
    assert "上诉的期限到12月1日为止" in letter.get_content()
    assert inbox_size(world, account) == 2


def test_another_text_than_the_one_shown_opens_nothing(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    text = CONSENTS[Channel.WECHAT]
    with notification(world) as services, pytest.raises(ConsentMissing):
        services.settings.open(
            account_id=account,
            channel=Channel.EMAIL,
            version=text.version,
            sha256=text.sha256,
            categories=[Category.CASE],
        )
    assert world.sql("SELECT count(*) FROM notice_consent") == [(0,)]


def test_what_was_agreed_to_is_kept_and_a_withdrawal_too(world: World, account: uuid.UUID) -> None:
    open_channel(world, account, Channel.WECHAT, Category.CASE)
    with notification(world) as services:
        services.settings.close(account_id=account, channel=Channel.WECHAT)
    row = world.sql(
        "SELECT version, text_sha256, given_at, withdrawn_at IS NOT NULL FROM notice_consent"
    )[0]
    text = CONSENTS[Channel.WECHAT]
    assert row[:2] == (text.version, text.sha256)
    assert isinstance(row[2], datetime)
    assert row[3]


def test_a_withdrawal_stops_what_is_on_its_way(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    at_hour(world, 23)
    say(world, account)
    work(world)
    with notification(world) as services:
        services.settings.close(account_id=account, channel=Channel.EMAIL)
    world.clock.step(hours=9)
    work(world)
    assert mailbox(world) == []
    assert states(world) == [("dropped", "no_consent")]


def test_a_closed_channel_cannot_be_chosen_for(world: World, account: uuid.UUID) -> None:
    with notification(world) as services, pytest.raises(ChannelClosed):
        services.settings.choose(
            account_id=account, channel=Channel.EMAIL, categories=[Category.CASE]
        )


# --- quiet hours -----------------------------------------------------------------------------


def test_at_night_only_what_is_urgent_is_pushed(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    at_hour(world, 23)
    say(world, account)
    say(world, account, kind="clock.near")
    work(world)
    assert [letter["Subject"] for letter in mailbox(world)] == [f"【律证】期限将至 {CASE}"]
    assert inbox_size(world, account) == 2, "the inbox never sleeps"
    world.clock.step(hours=7, minutes=50)
    work(world)
    assert len(mailbox(world)) == 1
    world.clock.step(minutes=15)
    work(world)
    assert len(mailbox(world)) == 2


def test_quiet_hours_of_ones_own(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    with notification(world) as services:
        services.settings.keep_quiet(
            account_id=account, quiet=QuietHours(from_hour=0, until_hour=0)
        )
    at_hour(world, 23)
    say(world, account)
    work(world)
    assert len(mailbox(world)) == 1


# --- once ------------------------------------------------------------------------------------


def test_the_same_push_twice_is_one_letter(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    say(world, account)
    work(world)
    (letter,) = letters(world)
    letter.unlink()
    delivery = world.sql("SELECT id FROM notice_delivery")[0][0]
    message = Message(id=1, topic="x", payload={"delivery_id": str(delivery)}, attempts=1)
    with notification(world) as services:
        services.pushing.push(message)
    assert letters(world) == []


# --- WeChat ----------------------------------------------------------------------------------


def test_one_allowance_is_one_message(world: World, account: uuid.UUID) -> None:
    open_channel(world, account, Channel.WECHAT)
    allow(world, account)
    say(world, account)
    say(world, account)
    work(world)
    (sent,) = world.wechat.messages.sent
    assert sent.template_id == "LVZ-NEWS"
    assert sent.page == "pages/notices/notices"
    assert sent.data["thing1"] == "案件有新进展"
    assert sent.data["thing2"] == CASE
    assert sorted(states(world)) == [("dropped", "no_allowance"), ("sent", None)]
    assert inbox_size(world, account) == 2


def test_a_deadline_goes_by_its_own_template(world: World, account: uuid.UUID) -> None:
    open_channel(world, account, Channel.WECHAT)
    allow(world, account)
    allow(world, account, "LVZ-DEADLINE")
    say(world, account, kind="clock.near")
    work(world)
    assert [sent.template_id for sent in world.wechat.messages.sent] == ["LVZ-DEADLINE"]


def test_wechats_refusal_means_asking_again(world: World, account: uuid.UUID) -> None:
    """43101: the owner took the permission back in WeChat's own settings."""
    open_channel(world, account, Channel.WECHAT)
    allow(world, account)
    world.wechat.messages._grants.clear()
    say(world, account)
    work(world)
    assert states(world) == [("dropped", "wechat.message_refused")]
    assert inbox_size(world, account) == 1
    with notification(world) as services:
        standing = services.settings.standing(account_id=account)
    assert {each.template_id: each.left for each in standing.templates} == {
        "LVZ-NEWS": 0,
        "LVZ-DEADLINE": 0,
    }


def test_a_busy_wechat_is_tried_again_and_uses_one_allowance(
    world: World, account: uuid.UUID
) -> None:
    open_channel(world, account, Channel.WECHAT)
    allow(world, account)
    world.wechat.busy = True
    say(world, account)
    work(world)
    assert inbox_size(world, account) == 1, "a dead channel keeps nothing from the inbox"
    assert states(world) == [("waiting", "wechat.unavailable")]
    world.wechat.busy = False
    world.clock.step(minutes=2)
    work(world)
    assert len(world.wechat.messages.sent) == 1
    assert world.sql('SELECT "left" FROM notice_wechat_allowance') == [(0,)]


def test_a_channel_that_stays_dead_is_given_up_and_can_be_tried_again(
    world: World, account: uuid.UUID
) -> None:
    open_channel(world, account, Channel.WECHAT)
    allow(world, account)
    world.wechat.busy = True
    say(world, account, kind="clock.near")
    allow(world, account, "LVZ-DEADLINE")
    for _ in range(9):
        work(world)
        world.clock.step(hours=25)
    with notification(world) as services:
        (failed,) = services.pushing.failed()
        assert (failed.reason, failed.attempts) == ("wechat.unavailable", 8)
        standing = services.settings.standing(account_id=account)
        wechat = next(each for each in standing.channels if each.channel is Channel.WECHAT)
        assert wechat.last_failure == "wechat.unavailable"
    world.wechat.busy = False
    with notification(world) as services:
        assert services.pushing.again(push_id=failed.id)
        assert not services.pushing.again(push_id=failed.id)
    work(world)
    assert len(world.wechat.messages.sent) == 1


# --- the address -----------------------------------------------------------------------------


def test_an_address_is_confirmed_before_it_is_used_and_kept_sealed(
    world: World, account: uuid.UUID
) -> None:
    with notification(world) as services:
        services.emails.ask(account_id=account, typed=f" {ADDRESS} ")
    with pytest.raises(EmailUnconfirmed):
        open_channel(world, account, Channel.EMAIL)
    work(world)
    digits = code_of(world)
    wrong = "000000" if digits != "000000" else "111111"
    with notification(world) as services:
        with pytest.raises(CodeWrong) as refused:
            services.emails.confirm(account_id=account, code=wrong)
        assert refused.value.extra == {"tries_left": 4}
        services.emails.confirm(account_id=account, code=digits)
        with pytest.raises(CodeOver):
            services.emails.confirm(account_id=account, code=digits)
        standing = services.settings.standing(account_id=account)
    assert (standing.email.address, standing.email.waiting) == ("l***@example.cn", None)
    stored = b"".join(
        bytes(value)
        for row in world.sql("SELECT * FROM notice_email")
        for value in row
        if isinstance(value, bytes | memoryview)
    )
    assert stored
    assert b"example" not in stored


def test_a_code_is_tried_five_times_and_lives_a_quarter_of_an_hour(
    world: World, account: uuid.UUID
) -> None:
    with notification(world) as services:
        services.emails.ask(account_id=account, typed=ADDRESS)
    work(world)
    digits = code_of(world)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    with notification(world) as services:
        for _ in range(5):
            with pytest.raises(CodeWrong):
                services.emails.confirm(account_id=account, code=wrong)
        with pytest.raises(CodeOver):
            services.emails.confirm(account_id=account, code=digits)
        services.emails.ask(account_id=account, typed=ADDRESS)
    world.clock.step(minutes=16)
    with notification(world) as services, pytest.raises(CodeOver):
        services.emails.confirm(account_id=account, code=digits)


def test_codes_are_few(world: World, account: uuid.UUID) -> None:
    with notification(world) as services:
        for _ in range(5):
            services.emails.ask(account_id=account, typed=ADDRESS)
        with pytest.raises(TooManyCodes):
            services.emails.ask(account_id=account, typed="other@example.cn")
        with pytest.raises(TooManyCodes):
            services.emails.ask(account_id=uuid.uuid4(), typed=ADDRESS.upper())
        with pytest.raises(EmailInvalid):
            services.emails.ask(account_id=account, typed="nobody")
    world.clock.step(minutes=61)
    with notification(world) as services:
        services.emails.ask(account_id=account, typed=ADDRESS)


def test_removing_the_address_withdraws_the_consent(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    with notification(world) as services:
        services.emails.remove(account_id=account)
    say(world, account)
    work(world)
    assert mailbox(world) == []
    assert world.sql("SELECT count(*) FROM notice_email") == [(0,)]


def test_the_link_of_a_letter_ends_letters(world: World, account: uuid.UUID) -> None:
    confirm_email(world, account)
    open_channel(world, account, Channel.EMAIL)
    say(world, account)
    work(world)
    (letter,) = mailbox(world)
    link = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in letter.get_content()
    token = link.rpartition("/")[2]
    with notification(world) as services:
        services.settings.unsubscribe(token=token, done=False)
        assert len(services.settings.standing(account_id=account).channels) == 2
        services.settings.unsubscribe(token=token, done=True)
        services.settings.unsubscribe(token=token, done=True)
        with pytest.raises(LinkInvalid):
            services.settings.unsubscribe(token=token[:-2] + "AA", done=True)
    say(world, account)
    work(world)
    assert len(mailbox(world)) == 1
