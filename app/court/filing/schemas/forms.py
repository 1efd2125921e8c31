"""What the guided form looks like on the wire: a screen draws what it reads here."""

from __future__ import annotations

from pydantic import BaseModel

from app.court.casefile.rules.representation import Power
from app.court.filing.rules.drafts import LEAST_FACTS
from app.court.filing.rules.forms import FORMS, FilingKind, Form, Section, Side


class KindOut(BaseModel):
    """A kind of filing 立案类型."""

    kind: FilingKind
    name: str
    hint: str


class KindsOut(BaseModel):
    """All of them, in the order in which a screen lists them."""

    items: list[KindOut]

    @classmethod
    def all(cls) -> KindsOut:
        """Return the closed list."""
        return cls(
            items=[
                KindOut(kind=kind, name=form.label, hint=form.hint) for kind, form in FORMS.items()
            ]
        )


class NamedOut(BaseModel):
    """A choice and its word."""

    key: str
    name: str


class RoleOut(BaseModel):
    """What the parties of a side are called, and of which kinds they may be."""

    side: Side
    name: str
    kinds: list[str]


class NeedOut(BaseModel):
    """A kind of material that a filing must or may bring."""

    kind: str
    name: str
    required: bool


class FormOut(BaseModel):
    """The form of one kind: its steps, words, choices and required materials."""

    kind: FilingKind
    name: str
    sections: list[NamedOut]
    roles: list[RoleOut]
    causes: list[str]
    claims_name: str
    basis_name: str
    jurisdiction: bool
    least_facts: int
    materials: list[NeedOut]
    powers: list[NamedOut]

    @classmethod
    def of(cls, form: Form) -> FormOut:
        """Show a form."""
        return cls(
            kind=form.kind,
            name=form.label,
            sections=[NamedOut(key=each.value, name=_section(form, each)) for each in Section],
            roles=[
                RoleOut(side=side, name=name, kinds=list(_kinds(form, side)))
                for side, name in form.roles.items()
            ],
            causes=[cause.name for cause in form.causes],
            claims_name=form.claims_label,
            basis_name=form.basis,
            jurisdiction=form.jurisdiction,
            least_facts=LEAST_FACTS,
            materials=[
                NeedOut(kind=need.kind, name=need.label, required=need.required)
                for need in form.materials
            ],
            powers=[NamedOut(key=power.value, name=power.label) for power in Power],
        )


def _section(form: Form, section: Section) -> str:
    return form.claims_label if section is Section.CLAIMS else section.label


def _kinds(form: Form, side: Side) -> tuple[str, ...]:
    return form.kinds_of_respondent if side is Side.RESPONDENT else ("natural", "legal", "other")
