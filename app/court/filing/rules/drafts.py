"""A draft 草稿 read off its sections, and what is still wrong with it, field by field.

A draft may lack anything: it is kept as it is. Only to be submitted must it be whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.court.filing.rules.fees import LARGEST_AMOUNT
from app.court.filing.rules.forms import FORMS, FilingKind, Form, Section, Side
from app.kernel.identifiers import is_identity_no, is_uscc, normalise_identifier

Sections = Mapping[Section, Mapping[str, Any]]
LEAST_FACTS: Final = 20
PHONE_DIGITS: Final = (7, 15)


@dataclass(frozen=True, kw_only=True)
class DraftParty:
    """A party as the lawyer typed it; numbers are normalised."""

    side: Side
    kind: str
    name: str
    identity_no: str
    uscc: str
    legal_representative: str
    phone: str
    address: str

    @property
    def key(self) -> str:
        """By what the same party is known again: a number, or else the name."""
        return self.identity_no or self.uscc or "".join(self.name.split())


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft in the domain's words; what was not typed is empty."""

    kind: FilingKind
    court_code: str
    cause: str
    jurisdiction: str
    basis: str
    parties: tuple[DraftParty, ...]
    claims: tuple[str, ...]
    claim_fen: int | None
    facts: str
    material_ids: tuple[str, ...]
    acts_for: tuple[int, ...]
    authority: str
    powers: tuple[str, ...]
    service_name: str
    service_phone: str
    service_address: str
    mediation: bool

    @property
    def form(self) -> Form:
        """The form that it fills in."""
        return FORMS[self.kind]

    def on(self, side: Side) -> tuple[DraftParty, ...]:
        """Return the parties of a side."""
        return tuple(party for party in self.parties if party.side is side)

    @property
    def title(self) -> str:
        """What the filing is called in lists: 甲诉乙买卖合同纠纷."""
        claimants, respondents = self.on(Side.CLAIMANT), self.on(Side.RESPONDENT)
        if not claimants or not respondents or not (claimants[0].name and respondents[0].name):
            return self.form.label
        first, second = (
            f"{side[0].name}等" if len(side) > 1 else side[0].name
            for side in (claimants, respondents)
        )
        return f"{first}诉{second}{self.cause}"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong: in which section, at which field, in a sentence that says what to do."""

    section: Section
    field: str
    message: str


def read(kind: FilingKind, sections: Sections) -> Draft:
    """Read a draft; what a section does not say is empty."""
    court, claims = sections.get(Section.COURT, {}), sections.get(Section.CLAIMS, {})
    facts, agency = sections.get(Section.FACTS, {}), sections.get(Section.AGENCY, {})
    return Draft(
        kind=kind,
        court_code=_text(court, "court_code"),
        cause=_text(court, "cause"),
        jurisdiction=_text(court, "jurisdiction"),
        basis=_text(court, "basis"),
        parties=tuple(_party(each) for each in sections.get(Section.PARTIES, {}).get("items", ())),
        claims=tuple(filter(None, (str(each).strip() for each in claims.get("items", ())))),
        claim_fen=claims.get("claim_fen"),
        facts=_text(facts, "text"),
        material_ids=tuple(sections.get(Section.MATERIALS, {}).get("ids", ())),
        acts_for=tuple(agency.get("acts_for", ())),
        authority=_text(agency, "authority"),
        powers=tuple(agency.get("powers", ())),
        service_name=_text(agency, "service_name"),
        service_phone=_text(agency, "service_phone"),
        service_address=_text(agency, "service_address"),
        mediation=agency.get("mediation") is True,
    )


def digest(sections: Sections) -> bytes:
    """Return the SHA-256 of everything that was typed, in one canonical form."""
    whole = {section.value: dict(content) for section, content in sections.items()}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def problems(
    draft: Draft, *, materials: Collection[str], powers: Collection[str], on: date
) -> tuple[Problem, ...]:
    """Return everything that keeps a draft from being submitted.

    `materials` are the kinds of those that are stored, `powers` the special powers that exist.
    """
    return (
        *_court(draft),
        *_parties(draft, on),
        *_claims(draft),
        *_facts(draft),
        *_materials(draft, materials),
        *_agency(draft, powers),
    )


def _court(draft: Draft) -> Iterator[Problem]:
    section = Section.COURT
    if not draft.court_code:
        yield Problem(section=section, field="court_code", message="请选择受理法院。")
    if not draft.cause:
        yield Problem(section=section, field="cause", message="请选择或者填写案由。")
    if draft.form.jurisdiction and not draft.jurisdiction:
        message = "请写明由该法院管辖的依据，例如被告住所地。"
        yield Problem(section=section, field="jurisdiction", message=message)
    if draft.form.basis and not draft.basis:
        yield Problem(section=section, field="basis", message=f"请填写{draft.form.basis}。")


def _parties(draft: Draft, on: date) -> Iterator[Problem]:
    roles = draft.form.roles
    for side in (Side.CLAIMANT, Side.RESPONDENT):
        if not draft.on(side):
            message = f"请至少填写一位{roles[side]}。"
            yield Problem(section=Section.PARTIES, field=side.value, message=message)
    for index, party in enumerate(draft.parties):
        for field, message in _party_faults(draft.form, party, on):
            yield Problem(section=Section.PARTIES, field=f"items.{index}.{field}", message=message)


def _party_faults(form: Form, party: DraftParty, on: date) -> Iterator[tuple[str, str]]:
    own = party.side is Side.CLAIMANT
    role = form.roles.get(party.side, "当事人")
    if not party.name:
        yield "name", f"请填写{role}的姓名或者名称。"
    if party.side is Side.RESPONDENT and party.kind not in form.kinds_of_respondent:
        yield "kind", f"{form.label}的{role}应为机关、法人或者其他组织。"
    yield from _number_faults(party, own=own, on=on)
    if own and party.kind != "natural" and not party.legal_representative:
        yield "legal_representative", "请填写法定代表人或者主要负责人。"
    if own and not party.phone:
        yield "phone", "请填写联系电话。"
    if party.phone and not _is_phone(party.phone):
        yield "phone", "电话号码不正确，请核对。"
    if not party.address:
        yield "address", f"请填写{role}的住所。"


def _number_faults(party: DraftParty, *, own: bool, on: date) -> Iterator[tuple[str, str]]:
    """The number of one's own side is asked for; the other side's is checked where it is known."""
    if party.kind == "natural":
        if own and not party.identity_no:
            yield "identity_no", "请填写公民身份号码。"
        if party.identity_no and not is_identity_no(party.identity_no, on=on):
            yield "identity_no", "公民身份号码不正确，请核对每一位。"
        return
    if own and party.kind == "legal" and not party.uscc:
        yield "uscc", "请填写统一社会信用代码。"
    if party.uscc and not is_uscc(party.uscc):
        yield "uscc", "统一社会信用代码不正确，请核对每一位。"


def _claims(draft: Draft) -> Iterator[Problem]:
    if not draft.claims:
        message = f"请至少写明一项{draft.form.claims_label}。"
        yield Problem(section=Section.CLAIMS, field="items", message=message)
    if draft.claim_fen is not None and not 0 <= draft.claim_fen <= LARGEST_AMOUNT:
        yield Problem(section=Section.CLAIMS, field="claim_fen", message="标的额不正确，请核对。")


def _facts(draft: Draft) -> Iterator[Problem]:
    if len(draft.facts) < LEAST_FACTS:
        message = f"请写明事实与理由，至少{LEAST_FACTS}个字。"
        yield Problem(section=Section.FACTS, field="text", message=message)


def _materials(draft: Draft, kinds: Collection[str]) -> Iterator[Problem]:
    for need in draft.form.materials:
        if need.required and need.kind not in kinds:
            message = f"请上传{need.label}。"
            yield Problem(section=Section.MATERIALS, field=need.kind, message=message)


def _agency(draft: Draft, powers: Collection[str]) -> Iterator[Problem]:
    section = Section.AGENCY
    own = {i for i, party in enumerate(draft.parties) if party.side is Side.CLAIMANT}
    if not draft.acts_for or not set(draft.acts_for) <= own:
        role = draft.form.roles[Side.CLAIMANT]
        message = f"请选择您代理哪一位{role}。"
        yield Problem(section=section, field="acts_for", message=message)
    if draft.authority not in ("general", "special"):
        yield Problem(section=section, field="authority", message="请选择代理权限。")
    if (draft.authority == "special") != bool(draft.powers) or not set(draft.powers) <= set(powers):
        message = "特别授权须勾选具体事项；一般授权不含特别授权事项（民诉法第六十二条）。"
        yield Problem(section=section, field="powers", message=message)
    if not draft.service_name:
        yield Problem(section=section, field="service_name", message="请填写收件人。")
    if not _is_phone(draft.service_phone):
        yield Problem(section=section, field="service_phone", message="请填写收件人的电话。")
    if not draft.service_address:
        yield Problem(section=section, field="service_address", message="请填写送达地址。")


def _is_phone(text: str) -> bool:
    digits = [c for c in text if c.isdigit()]
    least, most = PHONE_DIGITS
    return least <= len(digits) <= most and all(c.isdigit() or c in "+- ()（）转" for c in text)


def _party(item: Mapping[str, Any]) -> DraftParty:
    kind = _text(item, "kind") or "natural"
    natural = kind == "natural"
    identity_no = normalise_identifier(_text(item, "identity_no")) if natural else ""
    uscc = "" if natural else normalise_identifier(_text(item, "uscc"))
    return DraftParty(
        side=Side(_text(item, "side") or Side.RESPONDENT),
        kind=kind,
        name=_text(item, "name"),
        identity_no=identity_no,
        uscc=uscc,
        legal_representative="" if natural else _text(item, "legal_representative"),
        phone=_text(item, "phone"),
        address=_text(item, "address"),
    )


def _text(content: Mapping[str, Any], field: str) -> str:
    return str(content.get(field) or "").strip()
