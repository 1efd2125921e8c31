"""Channels beside the inbox 推送渠道, and the text that somebody agrees to before one is used.

No push without consent (PIPL arts. 13–15; 民法典 art. 1033): the text says what goes where, a
change of its words is another version, and what was agreed to is kept by its digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from app.notification.rules.kinds import Category, Kind


class Channel(StrEnum):
    """A way to be told besides the inbox."""

    WECHAT = "wechat"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """The word for people."""
        return _LABELS[self]


_LABELS: Final = {Channel.WECHAT: "微信提醒", Channel.EMAIL: "邮件提醒"}


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """What is agreed to."""

    version: str
    title: str
    paragraphs: Sequence[str]

    @cached_property
    def sha256(self) -> str:
        """The digest that a consent names, in hex."""
        text = "\n".join((self.version, self.title, *self.paragraphs))
        return hashlib.sha256(text.encode()).hexdigest()


CONSENTS: Final = {
    Channel.WECHAT: ConsentText(
        version="2026-11",
        title="同意接收微信提醒",
        paragraphs=(
            "您勾选的几类消息，会通过微信的“订阅消息”发给您本人。",
            "为此，我们会把提醒的标题、案号和时间交给微信。不发送当事人姓名，也不发送材料内容。",
            "微信规定：您每允许一次，我们只能提醒一次。用完后请在“消息”页再次点允许。",
            "您可以随时在本页关闭，关闭后立即停止。关闭不影响在“消息”中查看全部内容。",
        ),
    ),
    Channel.EMAIL: ConsentText(
        version="2026-11",
        title="同意接收邮件提醒",
        paragraphs=(
            "您勾选的几类消息，会发到您验证过的邮箱。",
            "邮件中有提醒的内容和案号，人名会用星号遮住，不附材料。邮箱地址加密保存，只用于发送提醒。",
            "邮件要经过您的邮箱服务商，我们无法控制其保管。请不要使用他人的邮箱。",
            "您可以随时在本页关闭，或点邮件末尾的退订链接，关闭后立即停止。关闭不影响在“消息”中查看全部内容。",
        ),
    ),
}


def is_shown_text(channel: Channel, *, version: str, sha256: str) -> bool:
    """Whether this is the text that the channel asks to be agreed to now."""
    text = CONSENTS[channel]
    return (version, sha256) == (text.version, text.sha256)


def is_wanted(kind: Kind, *, categories: Collection[str]) -> bool:
    """Whether somebody who chose these categories is told of this kind."""
    return Category(kind.category).value in categories
