"""Subscribe messages (订阅消息): one grant of the user is one message."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram_mock.wechat.refusal import Refusal

_PAGE = re.compile(r"[A-Za-z0-9_\-][A-Za-z0-9_\-/]*(\?[^\s]*)?")
# 订阅消息参数限制: the kind is the field's name without its number.
_LIMITS = {"thing": 20, "phrase": 5, "character_string": 32, "name": 10, "date": 24, "time": 24}


@dataclass(frozen=True)
class Message:
    """One message that reached a user."""

    openid: str
    template_id: str
    page: str
    data: dict[str, str]


class Messages:
    """`templates`: template id → the field names it needs."""

    def __init__(self, templates: Mapping[str, tuple[str, ...]]) -> None:
        self._templates = templates
        self._grants: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.sent: list[Message] = []

    def grant(self, *, openid: str, template_id: str) -> int:
        """The user taps 允许 once; returns how many messages are now allowed."""
        if template_id not in self._templates:
            raise Refusal(40037)
        self._grants[openid, template_id] += 1
        return self._grants[openid, template_id]

    def send(self, *, openid: str, body: Mapping[str, Any]) -> None:
        """40037 template, 41030 page, 47003 data, 43101 no grant left; else the message is kept."""
        template_id, page = body.get("template_id"), body.get("page", "")
        if not isinstance(template_id, str) or template_id not in self._templates:
            raise Refusal(40037)
        if not isinstance(page, str) or (page and not _PAGE.fullmatch(page)):
            raise Refusal(41030)
        data = _values(body.get("data"), self._templates[template_id])
        if self._grants[openid, template_id] < 1:
            raise Refusal(43101)
        self._grants[openid, template_id] -= 1
        self.sent.append(Message(openid, template_id, page, data))


def _values(data: object, fields: tuple[str, ...]) -> dict[str, str]:
    """Exactly the template's fields, each a non-empty text within its kind's limit."""
    if not isinstance(data, dict) or set(data) != set(fields):
        raise Refusal(47003)
    values = {}
    for name, entry in data.items():
        value = entry.get("value") if isinstance(entry, dict) else None
        limit = _LIMITS.get(name.rstrip("0123456789"), 20)
        if not isinstance(value, str) or not value or len(value) > limit:
            raise Refusal(47003)
        values[name] = value
    return values
