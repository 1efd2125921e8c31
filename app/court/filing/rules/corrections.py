"""Corrections 补正: a closed list of reasons, each tied to what the lawyer must put right.

登记立案规定 art. 7: the court tells all defects at once, in writing, and sets a period. What it did
not name then it cannot name later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.court.filing.errors import CorrectionRefused
from app.court.filing.rules.forms import FORMS, FilingKind, Section

# How long the court's period may be is not in the law: these are our bounds, to be confirmed (K).
SHORTEST_DAYS: Final = 3
LONGEST_DAYS: Final = 30
USUAL_DAYS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why something must be corrected; `field` is the form's field or the kind of material."""

    code: str
    label: str
    section: Section
    field: str


def _reason(code: str, label: str, section: Section, field: str) -> Reason:
    return Reason(code=code, label=label, section=section, field=field)


_REASONS: Final = (
    _reason("court.jurisdiction", "管辖依据不明确或者与材料不符", Section.COURT, "jurisdiction"),
    _reason("court.cause", "案由与诉讼请求不符", Section.COURT, "cause"),
    _reason("court.basis", "所依据的文书案号有误", Section.COURT, "basis"),
    _reason("parties.claimant", "起诉一方的身份信息有误", Section.PARTIES, "claimant"),
    _reason(
        "parties.respondent", "对方当事人的信息不足以与他人相区别", Section.PARTIES, "respondent"
    ),
    _reason("parties.contact", "缺少联系电话或者住所", Section.PARTIES, "contact"),
    _reason("claims.unclear", "诉讼请求不具体、不明确", Section.CLAIMS, "items"),
    _reason("claims.amount", "标的额与诉讼请求不符", Section.CLAIMS, "claim_fen"),
    _reason("facts.text", "事实与理由不完整", Section.FACTS, "text"),
    _reason("agency.authority", "代理权限与授权委托书不符", Section.AGENCY, "authority"),
    _reason("agency.address", "送达地址不完整", Section.AGENCY, "service_address"),
)


def reasons_of(kind: FilingKind) -> Mapping[str, Reason]:
    """Return the closed list for a kind of filing, with one reason a kind of material."""
    form = FORMS[kind]
    known = [each for each in _REASONS if each.field != "basis" or form.basis]
    needed = [need for need in form.materials if need.kind != "other"]
    known += [
        _reason(
            f"materials.{need.kind}", f"{need.label}缺少或者不清晰", Section.MATERIALS, need.kind
        )
        for need in needed
    ]
    return MappingProxyType({each.code: each for each in known})


def check(
    kind: FilingKind, codes: Collection[str], *, days: int, earlier: Collection[str] | None
) -> tuple[Reason, ...]:
    """Return the reasons of a notice; `earlier` are those of the first one, None before it.

    Raises `CorrectionRefused` for none, one that is not in the list, a period outside our bounds,
    or a second notice of what the first did not name (登记立案规定 art. 7).
    """
    known = reasons_of(kind)
    if not codes or any(code not in known for code in codes):
        raise CorrectionRefused(field="reasons", message="请从列表中选择补正事项。")
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise CorrectionRefused(
            field="days", message=f"补正期限应为{SHORTEST_DAYS}至{LONGEST_DAYS}日。"
        )
    if earlier is not None:
        late = [known[code].label for code in codes if code not in earlier]
        if late:
            raise CorrectionRefused(
                field="reasons",
                message=f"补正须一次性告知，首次通知未列明的不能再要求补正：{'；'.join(late)}。",
            )
    return tuple(each for code, each in known.items() if code in codes)


def sections(codes: Iterable[str]) -> frozenset[Section]:
    """Return which sections a lawyer may change to correct these."""
    return frozenset(Section(code.partition(".")[0]) for code in codes)
