"""The content of each section of the form, as a device sends it: anything may still be missing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from app.court.casefile.rules.representation import Power
from app.court.filing.errors import SectionMalformed
from app.court.filing.rules.fees import LARGEST_AMOUNT
from app.court.filing.rules.forms import Section, Side
from app.http.body import Strict

MOST_PARTIES: Final = 60
MOST_CLAIMS: Final = 30
MOST_MATERIALS: Final = 200
LONGEST_FACTS: Final = 30_000

# PostgreSQL keeps no NUL; what people type has none.
_NO_NUL: Final = r"^[^\x00]*$"
Short = Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=_NO_NUL)]


class CourtContent(Strict):
    """法院和案由."""

    court_code: Annotated[str, StringConstraints(max_length=12, pattern=_NO_NUL)] = ""
    court_name: Line = ""
    cause: Short = ""
    jurisdiction: Line = ""
    basis: Line = ""


class PartyContent(Strict):
    """One party 当事人."""

    side: Annotated[Side, Field(strict=False)]
    kind: Literal["natural", "legal", "other"] = "natural"
    name: Annotated[str, StringConstraints(max_length=100, pattern=_NO_NUL)] = ""
    identity_no: Short = ""
    uscc: Short = ""
    legal_representative: Short = ""
    phone: Short = ""
    address: Line = ""


class PartiesContent(Strict):
    """当事人."""

    items: Annotated[list[PartyContent], Field(max_length=MOST_PARTIES, default_factory=list)]


class ClaimsContent(Strict):
    """诉讼请求 and the amount in dispute 标的额 in fen."""

    items: Annotated[list[Text], Field(max_length=MOST_CLAIMS, default_factory=list)]
    claim_fen: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)] | None = None


class FactsContent(Strict):
    """事实与理由."""

    text: Annotated[str, StringConstraints(max_length=LONGEST_FACTS, pattern=_NO_NUL)] = ""


class MaterialsContent(Strict):
    """材料, by the ids of what was uploaded."""

    ids: Annotated[
        list[Annotated[uuid.UUID, Field(strict=False)]],
        Field(max_length=MOST_MATERIALS, default_factory=list),
    ]


class AgencyContent(Strict):
    """代理权限和送达地址; `acts_for` are places in the list of parties."""

    acts_for: Annotated[
        list[Annotated[int, Field(ge=0, lt=MOST_PARTIES)]],
        Field(max_length=MOST_PARTIES, default_factory=list),
    ]
    authority: Literal["", "general", "special"] = ""
    powers: Annotated[
        list[Annotated[Power, Field(strict=False)]],
        Field(max_length=len(Power), default_factory=list),
    ]
    service_name: Short = ""
    service_phone: Short = ""
    service_address: Line = ""
    mediation: bool = False


CONTENTS: Final[Mapping[Section, type[BaseModel]]] = {
    Section.COURT: CourtContent,
    Section.PARTIES: PartiesContent,
    Section.CLAIMS: ClaimsContent,
    Section.FACTS: FactsContent,
    Section.MATERIALS: MaterialsContent,
    Section.AGENCY: AgencyContent,
}


def content_of(section: Section, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section's content in its one form; raises `SectionMalformed` naming the fields."""
    try:
        return CONTENTS[section].model_validate(given).model_dump(mode="json")
    except ValidationError as error:
        raise SectionMalformed(
            errors=[
                {
                    "section": section.value,
                    "field": ".".join(str(part) for part in each["loc"]),
                    "message": _WORDS.get(each["type"], "这一项填写有误，请核对。"),
                }
                for each in error.errors()
            ]
        ) from error


_WORDS: Final = {
    "string_too_long": "填写的内容太长，请缩短。",
    "too_long": "项数太多，请合并或者删减。",
    "less_than_equal": "数额太大，请核对。",
    "greater_than_equal": "数额不能为负数。",
}
