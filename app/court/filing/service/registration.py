"""Registration 登记立案: the one transaction in which a filing becomes a case with its number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.representation import Authority, Power
from app.court.casefile.rules.stages import Procedure
from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.cases import NewCase, NewParty, Opened
from app.court.casefile.service.clocks import CaseClocks
from app.court.casefile.service.representations import Mandate, Representations
from app.court.filing.models import Filing
from app.court.filing.rules.drafts import Draft, DraftParty
from app.court.filing.rules.states import State, step
from app.court.filing.service.fees import FeeNotices
from app.court.filing.service.records import DECISION, HOLDER, Records
from app.kernel import calendar
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx

CASE_HOLDER: Final = "case"
AGENT_PAPERS: Final = ("power_of_attorney", "firm_letter")
_DETAILS: Final = ("identity_no", "uscc", "legal_representative", "phone", "address")


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """How a filing is accepted: by whom, under which procedure, and what is to be paid.

    `fee_fen` None lets the rules compute the fee; where they give a range, no notice goes out.
    """

    by: str
    court_name: str
    step: str
    procedure: Procedure = Procedure.ORDINARY
    fee_fen: int | None = None


class Registration:
    """Opens the case of a filing that its caller has locked and judged."""

    def __init__(
        self,
        *,
        records: Records,
        numbers: CaseNumbers,
        representations: Representations,
        clocks: CaseClocks,
        fees: FeeNotices,
    ) -> None:
        self._records = records
        self._numbers = numbers
        self._representations = representations
        self._clocks = clocks
        self._fees = fees

    def register(self, tx: Tx, filing: Filing, *, how: Acceptance, at: datetime) -> str:
        """Register a filing in the caller's transaction; return the case number.

        The number is given last but for the news: other cases of its series wait for it.
        """
        records = self._records
        filing.state = step(State(filing.state), State.ACCEPTED).value
        draft = records.draft(filing, records.sections(tx, filing))
        opened = records.cases.open(tx, _case(filing, draft, how, at), at=at)
        self._enter(tx, filing, draft, opened, at=at)
        filing.case_id, filing.decided_at, filing.decided_by = opened.case_id, at, how.by
        filing.due_on = None
        self._clocks.meet(tx, subject_id=filing.id, purpose=DECISION, at=at)
        fee = self._fees.notify(tx, filing, draft, amount_fen=how.fee_fen, at=at)
        tx.flush()
        number = str(
            self._numbers.give(
                tx,
                court_code=draft.court_code,
                accepted_on=calendar.local_day(at),
                type_word=draft.form.type_word,
            )
        )
        records.cases.give_number(tx, case_id=opened.case_id, number=number)
        accepted = News(kind=EventKind.ACCEPTED, summary=f"立案，案号{number}", by=how.court_name)
        for news in (accepted, *([fee] if fee else [])):
            records.cases.tell(tx, case_id=opened.case_id, news=news, at=at)
        records.note(tx, filing, text=f"{how.step}，案号{number}", by=how.by, at=at)
        return number

    def _enter(self, tx: Tx, filing: Filing, draft: Draft, opened: Opened, *, at: datetime) -> None:
        """Make the lawyer the agent of those for whom he filed, and give the case its materials."""
        counsel = Counsel(
            lawyer_id=filing.lawyer_id,
            account_id=filing.account_id,
            licence_no=filing.licence_no,
            name=filing.lawyer_name,
            firm_name=filing.firm_name,
        )
        materials = self._records.materials
        held = materials.held_by(tx, holder=HOLDER, holder_id=filing.id)
        mandate = Mandate(
            authority=Authority(draft.authority),
            powers=tuple(Power(power) for power in draft.powers),
            material_ids=tuple(each.id for each in held if each.kind.value in AGENT_PAPERS),
        )
        for index in sorted(set(draft.acts_for)):
            self._representations.enter(
                tx, party_id=opened.party_ids[index], counsel=counsel, mandate=mandate, at=at
            )
        for each in held:
            materials.attach(
                tx,
                counsel=counsel,
                material_id=each.id,
                holder=CASE_HOLDER,
                holder_id=opened.case_id,
            )


def _case(filing: Filing, draft: Draft, how: Acceptance, at: datetime) -> NewCase:
    return NewCase(
        court_code=draft.court_code,
        case_number=None,
        type_word=draft.form.type_word,
        cause=draft.cause,
        title=filing.title,
        parties=[_party(draft, party) for party in draft.parties],
        procedure=how.procedure,
        claim_fen=draft.claim_fen,
        accepted_on=calendar.local_day(at),
    )


def _party(draft: Draft, party: DraftParty) -> NewParty:
    details = {name: getattr(party, name) for name in _DETAILS if getattr(party, name)}
    return NewParty(
        role=draft.form.roles[party.side], kind=party.kind, name=party.name, details=details
    )
