"""What an application asks for, field by field, as data: screens draw it, one check reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = 2000  # characters of a text
MOST_FEN: Final = 10**15


class FieldType(StrEnum):
    """How a field is typed in."""

    TEXT = "text"
    CHOICE = "choice"
    MONEY = "money"  # fen
    FLAG = "flag"
    DAYS = "days"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form; `choices` are code → label where it is a choice."""

    name: str
    label: str
    hint: str = ""
    type: FieldType = FieldType.TEXT
    required: bool = True
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with a field, and what to do."""

    field: str
    message: str


def check(fields: Sequence[Field], given: Mapping[str, object]) -> list[FieldError]:
    """Return what is wrong, field by field; nothing when all is well."""
    known = {field.name for field in fields}
    errors = [
        FieldError(field=name[:40], message="表单没有这一项。")
        for name in given
        if name not in known
    ]
    for field in fields:
        message = _wrong(field, given.get(field.name))
        if message:
            errors.append(FieldError(field=field.name, message=message))
    return errors


def _wrong(field: Field, value: object) -> str:
    if value is None or value == "":
        return f"请填写{field.label}。" if field.required else ""
    return _CHECKS[field.type](field, value)


def _wrong_text(field: Field, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        return f"请填写{field.label}。"
    if "\x00" in value:
        return f"{field.label}含有无法保存的字符。"
    return f"{field.label}不能超过{LONGEST}字。" if len(value) > LONGEST else ""


def _wrong_choice(field: Field, value: object) -> str:
    return "" if value in (field.choices or {}) else f"请从列表中选择{field.label}。"


def _wrong_money(field: Field, value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_FEN
    return "" if good else f"{field.label}须是大于零的金额。"


def _wrong_flag(field: Field, value: object) -> str:
    return "" if isinstance(value, bool) else f"请选择{field.label}。"


def _wrong_days(field: Field, value: object) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 90
    return "" if good else f"{field.label}须是1至90之间的天数。"


_CHECKS: Final = {
    FieldType.TEXT: _wrong_text,
    FieldType.CHOICE: _wrong_choice,
    FieldType.MONEY: _wrong_money,
    FieldType.FLAG: _wrong_flag,
    FieldType.DAYS: _wrong_days,
}
