"""执业行为确认: the register of acts. A new act is a new entry here, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.authorization.errors import InvalidDetails

LONGEST_FIELD = 120
# One line of visible text: what is signed has one meaning, and no trick of layout or direction.
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of an act."""

    name: str
    label: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Act:
    """A practising act 执业行为; `sentence` is what the lawyer reads and signs."""

    code: str
    label: str
    sentence: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class ActRequest:
    """An act with its fields filled in."""

    code: str
    label: str
    text: str
    fields: tuple[tuple[str, str, str], ...]  # name, label, value

    def to_json(self) -> dict[str, object]:
        """Return the act as it is stored and shown."""
        return {
            "code": self.code,
            "label": self.label,
            "text": self.text,
            "fields": [{"name": n, "label": label, "value": v} for n, label, v in self.fields],
        }


_CASE = (Field(name="court", label="法院"), Field(name="case_number", label="案号"))

ACTS: Final = {
    act.code: act
    for act in (
        Act(
            code="casefile_reading",
            label="查阅案卷",
            sentence="本人确认向{court}申请查阅{case_number}案卷。",
            fields=_CASE,
        ),
        Act(
            code="detainee_meeting",
            label="会见",
            sentence="本人确认以辩护人身份在{facility}会见{client_name_masked}。",
            fields=(
                Field(name="facility", label="会见场所"),
                Field(name="client_name_masked", label="会见对象"),
                Field(name="case_number", label="案号", required=False),
            ),
        ),
        Act(
            code="document_submission",
            label="递交材料",
            sentence="本人确认就{case_number}向{court}递交：{documents}。",
            fields=(*_CASE, Field(name="documents", label="材料")),
        ),
        Act(
            code="document_receipt",
            label="签收文书",
            sentence="本人确认就{case_number}签收{court}送达的：{documents}。",
            fields=(*_CASE, Field(name="documents", label="文书")),
        ),
    )
}


def fill_in(code: object, given: object) -> ActRequest:
    """Return the act as it will be shown; raises `InvalidDetails`."""
    act = ACTS.get(code) if isinstance(code, str) else None
    if act is None:
        raise InvalidDetails("unknown act")
    if not isinstance(given, Mapping) or not set(given) <= {f.name for f in act.fields}:
        raise InvalidDetails("fields of the act")
    values = {field.name: _value(field, given.get(field.name)) for field in act.fields}
    return ActRequest(
        code=act.code,
        label=act.label,
        text=act.sentence.format(**values),
        fields=tuple((f.name, f.label, values[f.name]) for f in act.fields if values[f.name]),
    )


def _value(field: Field, value: object) -> str:
    if value is None and not field.required:
        return ""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_FIELD:
        raise InvalidDetails(f"field {field.name}")
    if not is_one_line(value):
        raise InvalidDetails(f"field {field.name}: control characters")
    return value.strip()


def is_one_line(text: str) -> bool:
    """Tell whether a text is one line of visible characters, without changes of direction."""
    return bool(_ONE_LINE.fullmatch(text)) and bool(text.strip())
