"""Cases 案件: the personal case space of a lawyer, a court's own list, and what happens in them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from app.court.casefile.errors import CaseNumberInvalid
from app.court.casefile.models import CaseEvent, CaseParty, CourtCase
from app.court.casefile.queries import cases as reads
from app.court.casefile.queries import representations as representation_reads
from app.court.casefile.queries.cases import Place, Wanted
from app.court.casefile.rules import case_number
from app.court.casefile.rules.events import News
from app.court.casefile.rules.paging import place_from, place_text
from app.court.casefile.rules.policy import Act, Decision, decide
from app.court.casefile.rules.stages import Procedure, Stage
from app.court.casefile.service.policy import Asker, Policy
from app.court.casefile.service.values import (
    AgentView,
    CaseCard,
    CaseDetail,
    CasePage,
    ClockView,
    EventView,
    PartyView,
)
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.entropy import Entropy

PAGE: Final = 30
EVENTS_SHOWN: Final = 200


@dataclass(frozen=True, kw_only=True)
class NewParty:
    """A party 当事人; `details` (identity number, telephone, address) are sealed."""

    role: str
    kind: str
    name: str
    details: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case to be opened; `case_number` is None while it is before its acceptance 立案."""

    court_code: str
    case_number: str | None
    type_word: str
    cause: str
    title: str
    parties: Sequence[NewParty]
    procedure: Procedure = Procedure.ORDINARY
    stage: Stage = Stage.ACCEPTED
    claim_fen: int | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case that was opened, and its parties in the order in which they were given."""

    case_id: uuid.UUID
    party_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """What cases are looked for: a number or how a party's name begins, stages, the place."""

    text: str | None = None
    stages: tuple[Stage, ...] = ()
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A disclosed event, for whoever tells the lawyers of the case."""

    case_id: uuid.UUID
    case_number: str | None
    title: str
    licence_nos: tuple[str, ...]
    news: News
    at: datetime


class Cases:
    """Use cases around cases. `on_news` are told every disclosed event, in its transaction."""

    def __init__(self, *, policy: Policy, entropy: Entropy, crypto: FieldCrypto) -> None:
        self._policy = policy
        self._entropy = entropy
        self._crypto = crypto
        self.on_news: list[Callable[[Tx, Told], None]] = []

    def open(self, tx: Tx, new: NewCase, *, at: datetime) -> Opened:
        """Open a case in the caller's transaction."""
        case = CourtCase(
            id=self._entropy.uuid(),
            court_code=new.court_code,
            case_number=new.case_number,
            type_word=new.type_word,
            cause=new.cause,
            title=new.title,
            procedure=new.procedure.value,
            stage=new.stage.value,
            claim_fen=new.claim_fen,
            sealed=False,
            panel=[],
            accepted_on=new.accepted_on,
            created_at=at,
            news_at=at,
        )
        tx.add(case)
        tx.flush()
        parties = [
            self._party(case.id, position, party) for position, party in enumerate(new.parties)
        ]
        tx.add_all(parties)
        tx.flush()
        return Opened(case_id=case.id, party_ids=tuple(party.id for party in parties))

    def give_number(self, tx: Tx, *, case_id: uuid.UUID, number: str) -> None:
        """Give a case that was opened without one its number, in the caller's transaction."""
        tx.get_one(CourtCase, case_id).case_number = number

    def number_of(self, tx: Tx, *, case_id: uuid.UUID) -> str | None:
        """Return a case's number, inside a use case that has judged who may know it."""
        return tx.get_one(CourtCase, case_id).case_number

    def open_alike(
        self, tx: Tx, *, court_code: str, cause: str, names: Collection[str]
    ) -> list[str]:
        """Return the numbers of a court's cases that are not closed, of these parties and cause."""
        return reads.open_alike(tx, court_code=court_code, cause=cause, names=names)

    def tell(self, tx: Tx, *, case_id: uuid.UUID, news: News, at: datetime) -> None:
        """Write down what happened, and have the lawyers of the case told (法释〔2018〕7号)."""
        case = tx.get_one(CourtCase, case_id)
        case.news_at = max(case.news_at, at)
        representation_reads.note_news(tx, case_id=case_id, at=case.news_at)
        tx.add(
            CaseEvent(
                id=self._entropy.uuid(),
                case_id=case_id,
                kind=news.kind.value,
                at=at,
                by=news.by,
                values={"summary": news.summary},
                disclosed=news.disclosed,
            )
        )
        if not news.disclosed:
            return
        agents = representation_reads.of_cases(tx, case_ids=[case_id])
        told = Told(
            case_id=case_id,
            case_number=case.case_number,
            title=case.title,
            licence_nos=tuple(sorted({agent.licence_no for agent in agents})),
            news=news,
            at=at,
        )
        for hook in self.on_news:
            hook(tx, told)

    def space(self, *, counsel: Counsel, query: CaseQuery) -> CasePage:
        """Return a page of the lawyer's cases in every court 个人案件空间, newest news first.

        Raises `ActRefused`, `PlaceMalformed`.
        """
        self._policy.demand_listing(who=counsel)
        helper = counsel.assistant
        only = None if helper is None or helper.cases is None else tuple(helper.cases)
        with unit_of_work() as tx:
            found = reads.of_lawyer(
                tx,
                licence_no=counsel.licence_no,
                only=only,
                wanted=_wanted(query),
                after=_place(query),
                limit=PAGE + 1,
            )
            return _page(found)

    def titles(
        self, tx: Tx, *, licence_no: str, case_ids: frozenset[uuid.UUID]
    ) -> Mapping[uuid.UUID, str]:
        """Return the titles of those among these cases in which the lawyer represents somebody.

        What a lawyer can give to an assistant 律师助理.
        """
        return reads.titles_of_lawyer(tx, licence_no=licence_no, case_ids=tuple(case_ids))

    def of_court(self, *, staff: Staff, query: CaseQuery) -> CasePage:
        """Return a page of the cases of a court, or of a judge's or clerk's own.

        Raises `ActRefused`, `PlaceMalformed`.
        """
        self._policy.demand_free(who=staff, act=Act.CASE_LIST)
        own = staff.role in (StaffRole.JUDGE, StaffRole.CLERK)
        with unit_of_work() as tx:
            found = reads.of_court(
                tx,
                court_code=staff.court_code,
                person=staff.staff_id if own else None,
                wanted=_wanted(query),
                after=_place(query),
                limit=PAGE + 1,
            )
            return _page(found)

    def detail(self, *, who: Asker, case_id: uuid.UUID) -> CaseDetail:
        """Return a case to who may see it; raises `CaseUnknown`, `ActRefused`."""
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=who, act=Act.CASE_VIEW, case_id=case_id)
            agents = representation_reads.of_cases(tx, case_ids=[case_id])
            name = reads.court_name(tx, court_code=case.court_code)
            own = who.licence_no if isinstance(who, Counsel) else None
            return CaseDetail(
                card=CaseCard.of(case, court_name=name),
                parties=tuple(
                    PartyView.of(
                        party,
                        agents=tuple(AgentView.of(a) for a in agents if a.party_id == party.id),
                    )
                    for party in reads.parties(tx, case_ids=[case_id])
                ),
                events=tuple(
                    EventView.of(event)
                    for event in reads.events(
                        tx, case_id=case_id, disclosed_only=own is not None, limit=EVENTS_SHOWN
                    )
                ),
                clocks=tuple(ClockView.of(each) for each in reads.clocks(tx, case_id=case_id)),
                powers=frozenset(p for a in agents if a.licence_no == own for p in a.powers),
            )

    def at_bench(
        self, tx: Tx, *, staff: Staff, act: Act, case_ids: Sequence[uuid.UUID]
    ) -> dict[uuid.UUID, CaseCard]:
        """Return those among these cases in which a person of the court may do something."""
        return {
            case.id: CaseCard.of(case, court_name=staff.court_name)
            for case in reads.cases_of(tx, case_ids=case_ids)
            if decide(act, self._policy.standing(tx, who=staff, case=case)).allowed
        }

    def explain(self, *, who: Asker, act: Act, case_id: uuid.UUID) -> Decision:
        """Say whether an act is allowed in a case, and by which rule; raises `CaseUnknown`."""
        with unit_of_work() as tx:
            return self._policy.explain(tx, who=who, act=act, case_id=case_id)

    def details_of_party(self, tx: Tx, *, party_id: uuid.UUID) -> dict[str, str]:
        """Open what is sealed of a party, inside a use case that has asked the policy."""
        party = reads.party(tx, party_id=party_id)
        if party is None or party.details_sealed is None:
            return {}
        opened = self._crypto.open_alone(party.details_sealed, aad=_aad(party_id))
        details: dict[str, str] = json.loads(opened)
        return details

    def _party(self, case_id: uuid.UUID, position: int, new: NewParty) -> CaseParty:
        party_id = self._entropy.uuid()
        details = json.dumps(new.details, ensure_ascii=False).encode()
        return CaseParty(
            id=party_id,
            case_id=case_id,
            position=position,
            role=new.role,
            kind=new.kind,
            name=new.name,
            details_sealed=(
                self._crypto.seal_alone(details, aad=_aad(party_id)) if new.details else None
            ),
        )


def _aad(party_id: uuid.UUID) -> str:
    return f"case_party.details:{party_id}"


def _wanted(query: CaseQuery) -> Wanted:
    """Read what was typed: a case number if it can be one, else how a party's name begins."""
    if query.text is None:
        return Wanted(stages=query.stages)
    try:
        return Wanted(stages=query.stages, number=str(case_number.parse(query.text)))
    except CaseNumberInvalid:
        return Wanted(stages=query.stages, name=query.text)


def _place(query: CaseQuery) -> Place | None:
    return None if query.after is None else Place(*place_from(query.after))


def _page(found: Iterable[tuple[CourtCase, str]]) -> CasePage:
    cards = [CaseCard.of(row, court_name=name) for row, name in found]
    shown = cards[:PAGE]
    more = len(cards) > PAGE
    following = place_text(shown[-1].news_at, shown[-1].case_id) if more else None
    return CasePage(cases=tuple(shown), following=following)
