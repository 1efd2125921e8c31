"""Ratings 满意度评价: given and changed by the lawyer, counted by the month, read in batches."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.court.casefile.rules.events import EventKind
from app.court.casefile.rules.policy import Act
from app.court.casefile.service.cases import Told
from app.court.casefile.service.policy import Policy
from app.court.feedback.errors import FeedbackIncomplete
from app.court.feedback.models import ServiceRating
from app.court.feedback.queries import ratings as reads
from app.court.feedback.rules import desk
from app.court.feedback.rules import rating as rules
from app.court.feedback.rules.desk import Deed
from app.court.feedback.rules.rating import Dimension, Phase, Subject
from app.kernel import calendar
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

TEXTS_SHOWN: Final = 200


@dataclass(frozen=True, kw_only=True)
class Own:
    """A lawyer's own rating of a phase of a case, or of the system; None: not rated yet."""

    phase: Phase | None
    scores: Mapping[str, int] | None
    text: str


@dataclass(frozen=True, kw_only=True)
class OwnRatings:
    """What can be rated of a case, or of the system, and whether it still can be changed."""

    phases: tuple[Own, ...]
    open: bool


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Texts that were released together in a month."""

    month: str
    texts: tuple[str, ...]


class Ratings:
    """Use cases of ratings. Who rated which case is nowhere written in clear."""

    def __init__(
        self, *, policy: Policy, clock: Clock, entropy: Entropy, crypto: FieldCrypto
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto

    def rate_case(
        self,
        *,
        counsel: Counsel,
        case_id: uuid.UUID,
        phase: Phase,
        scores: Mapping[Dimension, int],
        text: str,
    ) -> None:
        """Rate a phase of a case, or change the rating.

        Raises `CaseUnknown`, `ActRefused`, `StageNotReached`, `RatingClosed`,
        `FeedbackIncomplete`.
        """
        rules.check_scores(Subject.SERVICE, scores)
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=counsel, act=Act.RATING_GIVE, case_id=case_id)
            rules.check_phase(phase, stage=case.stage)
            rules.check_open(closed_on=case.closed_on, today=self._today())
            author = self._index("author", f"{counsel.licence_no}:{case_id}:{phase}")
            row = reads.own(tx, author_index=author, lock=True)
            if row is None:
                row = self._new(Subject.SERVICE, author, counsel, court_code=case.court_code)
                row.case_index = self._index("case", str(case_id))
                tx.add(row)
            row.closed_on = case.closed_on
            self._put(row, scores, text)

    def rate_system(self, *, counsel: Counsel, scores: Mapping[Dimension, int]) -> None:
        """Rate the system, once a month; raises `ActRefused`, `FeedbackIncomplete`."""
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        rules.check_scores(Subject.SYSTEM, scores)
        with unit_of_work() as tx:
            author = self._system_author(counsel)
            row = reads.own(tx, author_index=author, lock=True)
            if row is None:
                row = self._new(Subject.SYSTEM, author, counsel, court_code=None)
                tx.add(row)
            self._put(row, scores, "")

    def of_case(self, *, counsel: Counsel, case_id: uuid.UUID) -> OwnRatings:
        """Return what the lawyer can rate of a case and has.

        Raises `CaseUnknown`, `ActRefused`.
        """
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=counsel, act=Act.RATING_GIVE, case_id=case_id)
            return OwnRatings(
                phases=tuple(
                    self._own(tx, f"{counsel.licence_no}:{case_id}:{phase}", phase)
                    for phase in rules.REACHED[case.stage]
                ),
                open=rules.is_open(closed_on=case.closed_on, today=self._today()),
            )

    def of_system(self, *, counsel: Counsel) -> OwnRatings:
        """Return the lawyer's own rating of the system this month; raises `ActRefused`."""
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        with unit_of_work() as tx:
            row = reads.own(tx, author_index=self._system_author(counsel))
            scores = None if row is None else row.scores
            return OwnRatings(phases=(Own(phase=None, scores=scores, text=""),), open=True)

    def batches(self, *, staff: Staff) -> Sequence[Batch]:
        """Return the texts that a court may read, in batches; raises `DeedRefused`."""
        desk.demand_role(staff, Deed.OVERVIEW)
        with unit_of_work() as tx:
            self._release(tx, court_code=staff.court_code)
            found: dict[str, list[str]] = {}
            for row in reads.texts(tx, court_code=staff.court_code, limit=TEXTS_SHOWN):
                found.setdefault(row.batch or "", []).append(self._text(row))
            return [Batch(month=month, texts=tuple(texts)) for month, texts in found.items()]

    def note_closing(self, tx: Tx, told: Told) -> None:
        """Note on the ratings of a case that it was closed: from then on the delay counts."""
        if told.news.kind is EventKind.CLOSED:
            reads.note_closing(
                tx,
                case_index=self._index("case", str(told.case_id)),
                closed_on=calendar.local(told.at).date(),
            )

    def count(self, tx: Tx) -> None:
        """Count every month that is over and was not counted: once, and never again."""
        this_month = rules.month_of(self._today())
        for subject, court_code, month in reads.uncounted_months(tx, before=this_month):
            given = reads.given(tx, subject=subject, court_code=court_code, month=month)
            counted = rules.figures(given)
            reads.keep_month(
                tx, subject=subject, court_code=court_code, month=month, counted=counted
            )

    def _release(self, tx: Tx, *, court_code: str) -> None:
        """Lay texts before a court where enough of them have waited long enough.

        Whole months again: what became final this month waits for the next.
        """
        first = self._today().replace(day=1)
        waiting = reads.texts_waiting(tx, court_code=court_code, closed_before=first - rules.DELAY)
        if rules.texts_released(row.rater_index for row in waiting):
            for row in waiting:
                row.batch = rules.month_of(first)
            tx.flush()

    def _new(
        self, subject: Subject, author: bytes, counsel: Counsel, *, court_code: str | None
    ) -> ServiceRating:
        return ServiceRating(
            id=self._entropy.uuid(),
            subject=subject.value,
            court_code=court_code,
            month=rules.month_of(self._today()),
            author_index=author,
            rater_index=self._index("rater", f"{counsel.licence_no}:{court_code or ''}"),
            scores={},
        )

    def _put(self, row: ServiceRating, scores: Mapping[Dimension, int], text: str) -> None:
        if len(text) > rules.LONGEST_TEXT:
            raise FeedbackIncomplete(field="text", message="文字评价不超过500字。")
        row.scores = {dimension.value: stars for dimension, stars in scores.items()}
        row.text_sealed = (
            self._crypto.seal_alone(text.encode(), aad=f"rating.text:{row.id}") if text else None
        )

    def _own(self, tx: Tx, author: str, phase: Phase) -> Own:
        row = reads.own(tx, author_index=self._index("author", author))
        if row is None:
            return Own(phase=phase, scores=None, text="")
        return Own(phase=phase, scores=row.scores, text=self._text(row))

    def _text(self, row: ServiceRating) -> str:
        if row.text_sealed is None:
            return ""
        return self._crypto.open_alone(row.text_sealed, aad=f"rating.text:{row.id}").decode()

    def _system_author(self, counsel: Counsel) -> bytes:
        return self._index("author", f"{counsel.licence_no}:{rules.month_of(self._today())}")

    def _index(self, column: str, value: str) -> bytes:
        return self._crypto.blind_index(column=f"rating.{column}", value=value)

    def _today(self) -> date:
        return calendar.local(self._clock.now()).date()
