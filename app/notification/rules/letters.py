"""What leaves the house: the words of e-mails and of WeChat's messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.notification.errors import TemplateMalformed
from app.notification.rules import kinds
from app.notification.rules.kinds import Category, Kind, Words
from app.notification.rules.quiet_hours import BEIJING

WHERE: Final = "详情请在微信小程序“律证”的“消息”中查看。"
INBOX: Final = "pages/notices/notices"
THING: Final = 20  # characters of WeChat's thing fields


@dataclass(frozen=True, kw_only=True)
class Text:
    """An e-mail's subject and body."""

    subject: str
    text: str


def notice(kind: Kind, told: Mapping[str, str], *, unsubscribe: str) -> Text:
    """Write an e-mail about a notice; the names of people are masked."""
    said = kinds.words_outside(kind.code, told)
    case = told.get("case")
    why = f"您收到这封邮件，是因为您选择了用邮件接收“{kind.category.label}”。"
    end = f"不想再收到邮件，请打开：\n{unsubscribe}"
    return Text(
        subject=f"【律证】{said.title}" + (f" {case}" if case else ""),
        text=f"{said.body}\n\n{WHERE}\n\n{why}{end}\n",
    )


def code(digits: str, *, minutes: int) -> Text:
    """Write the e-mail that confirms an address."""
    return Text(
        subject="【律证】邮箱验证码",
        text=f"验证码：{digits}\n\n有效期{minutes}分钟。如果您没有在律证填写这个邮箱，请忽略本邮件，"
        "不会再收到其他邮件。\n",
    )


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template of WeChat's 订阅消息模板: its id, and its fields for title, matter and time."""

    id: str
    title: str
    matter: str
    time: str


def _template(setting: str) -> Template:
    template_id, _, names = setting.partition(":")
    fields = names.split(",")
    if not template_id or len(fields) != 3 or not all(fields):
        raise TemplateMalformed(setting)
    return Template(id=template_id, title=fields[0], matter=fields[1], time=fields[2])


@dataclass(frozen=True, kw_only=True)
class Templates:
    """Which template tells of what; None where WeChat is not offered."""

    news: Template | None = None
    deadline: Template | None = None

    @classmethod
    def read(cls, setting: str) -> Templates:
        """Read `id:field,field,field;id:field,field,field`, or none.

        Raises `TemplateMalformed`.
        """
        if setting == "none":
            return cls()
        found = [_template(each) for each in setting.split(";")]
        if len(found) != 2:
            raise TemplateMalformed(setting)
        return cls(news=found[0], deadline=found[1])

    def of(self, category: Category) -> Template | None:
        """Return the template of a category."""
        return self.deadline if category is Category.DEADLINE else self.news

    @property
    def offered(self) -> tuple[Template, ...]:
        """All that there are."""
        return tuple(each for each in (self.news, self.deadline) if each is not None)


def wechat(
    chosen: Template, said: Words, told: Mapping[str, str], *, at: datetime
) -> dict[str, str]:
    """Fill a template: no field longer than WeChat takes."""
    return {
        chosen.title: cut(said.title),
        chosen.matter: cut(told.get("case") or said.body),
        chosen.time: f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
    }


def cut(text: str, *, longest: int = THING) -> str:
    """Shorten with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
