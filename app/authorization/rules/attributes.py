"""身份信息授权: which facts about a lawyer may be granted, and which of them are basic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One fact: its code on the wire, its name on the phone, and whether the plain tier has it."""

    code: str
    label: str
    basic: bool = False


ATTRIBUTES: Final = {
    attribute.code: attribute
    for attribute in (
        Attribute(code="name", label="姓名", basic=True),
        Attribute(code="practice_status", label="执业状态", basic=True),
        Attribute(code="license_no", label="执业证号"),
        Attribute(code="firm", label="执业机构"),
        Attribute(code="category", label="执业类别"),
        Attribute(code="photo", label="登记照片"),
    )
}
BASIC: Final = tuple(code for code, attribute in ATTRIBUTES.items() if attribute.basic)
PHOTO_SHOWN: Final = "登记照片"


def in_order(codes: set[str]) -> list[str]:
    """Return attribute codes in the order in which every screen lists them."""
    return [code for code in ATTRIBUTES if code in codes]


def beyond_basic(codes: list[str]) -> bool:
    """Tell whether something is asked that the plain tier does not have."""
    return not set(codes) <= set(BASIC)
