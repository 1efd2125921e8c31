"""Suggestions 意见建议: sent, answered, and shown to everybody with what was changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.court.casefile.rules.policy import Act
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.values import Waiting
from app.court.feedback.errors import SuggestionUnknown, TooMuchFeedback
from app.court.feedback.models import Suggestion
from app.court.feedback.queries import suggestions as reads
from app.court.feedback.rules import desk
from app.court.feedback.rules import suggestion as rules
from app.court.feedback.rules.complaint import PLATFORM_DESK
from app.court.feedback.rules.desk import ROLES, Deed
from app.court.feedback.rules.numbers import DRAWN, number
from app.court.feedback.rules.suggestion import Area, SuggestionState
from app.court.feedback.service.values import PublicSuggestion, SuggestionView
from app.court.feedback.service.views import PLATFORM
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

SHOWN: Final = 100
HREF: Final = "/workbench/suggestions"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a desk says to a suggestion; with `published` everybody reads it but the letter."""

    state: SuggestionState
    reply: str
    title: str = ""
    changed: str = ""
    published: bool = False


class Suggestions:
    """Use cases of suggestions. `on_answer` are told that an author has an answer."""

    def __init__(
        self,
        *,
        courts: Courts,
        policy: Policy,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
    ) -> None:
        self._courts = courts
        self._policy = policy
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto
        self.on_answer: list[Callable[[Tx, Suggestion, datetime], None]] = []

    def send(
        self, *, counsel: Counsel, area: Area, text: str, court_code: str | None
    ) -> SuggestionView:
        """Take a suggestion; without a court it is about the platform.

        Raises `ActRefused`, `CourtUnknown`, `TooMuchFeedback`.
        """
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        at = self._clock.now()
        with unit_of_work() as tx:
            since = at - timedelta(days=1)
            if reads.count_since(tx, licence_no=counsel.licence_no, since=since) >= rules.DAILY:
                raise TooMuchFeedback
            desk_code = self._courts.find(tx, code=court_code or PLATFORM_DESK).code
            suggestion_id = self._entropy.uuid()
            row = Suggestion(
                id=suggestion_id,
                number=self._number(tx),
                licence_no=counsel.licence_no,
                court_code=None if court_code is None else desk_code,
                desk_code=desk_code,
                area=area.value,
                text_sealed=self._crypto.seal_alone(text.encode(), aad=_aad(suggestion_id)),
                state=SuggestionState.RECEIVED.value,
                reply="",
                replied_by="",
                title="",
                changed="",
                created_at=at,
            )
            tx.add(row)
            tx.flush()
            return self._view(tx, row)

    def mine(self, *, counsel: Counsel) -> Sequence[SuggestionView]:
        """Return the lawyer's suggestions, the newest first; raises `ActRefused`."""
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        with unit_of_work() as tx:
            found = reads.of_lawyer(tx, licence_no=counsel.licence_no, limit=SHOWN)
            return [self._view(tx, row) for row in found]

    def published(self) -> Sequence[PublicSuggestion]:
        """Return what everybody may read."""
        with unit_of_work() as tx:
            return [
                PublicSuggestion(
                    area=Area(row.area),
                    state=SuggestionState(row.state),
                    court_name=self._court_name(tx, row),
                    title=row.title,
                    reply=row.reply,
                    changed=row.changed,
                    published_at=row.published_at or row.created_at,
                )
                for row in reads.published(tx, limit=SHOWN)
            ]

    def of_desk(self, *, staff: Staff) -> Sequence[SuggestionView]:
        """Return a desk's suggestions; raises `DeedRefused`."""
        desk.demand_role(staff, Deed.ANSWER_SUGGESTION)
        with unit_of_work() as tx:
            found = reads.of_desk(tx, desk_code=staff.court_code, limit=SHOWN)
            return [self._view(tx, row) for row in found]

    def answer(self, *, staff: Staff, suggestion_id: uuid.UUID, answer: Answer) -> None:
        """Answer a suggestion, or answer it anew when something was changed.

        Raises `DeedRefused`, `SuggestionUnknown`, `FeedbackIncomplete`.
        """
        desk.demand_role(staff, Deed.ANSWER_SUGGESTION)
        rules.check_answer(
            state=answer.state,
            reply=answer.reply,
            title=answer.title,
            published=answer.published,
        )
        at = self._clock.now()
        with unit_of_work() as tx:
            row = reads.suggestion(tx, suggestion_id=suggestion_id, lock=True)
            if row is None or row.desk_code != staff.court_code:
                raise SuggestionUnknown
            row.state, row.reply = answer.state.value, answer.reply
            row.title, row.changed = answer.title, answer.changed
            row.replied_by, row.replied_at = staff.court_name, at
            row.published_at = (row.published_at or at) if answer.published else None
            for hook in self.on_answer:
                hook(tx, row, at)

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for a person of a court."""
        if staff.role not in ROLES[Deed.ANSWER_SUGGESTION]:
            return []
        waiting = [
            each for each in self.of_desk(staff=staff) if each.state is SuggestionState.RECEIVED
        ]
        return [Waiting(label="意见建议待答复", count=len(waiting), href=HREF)]

    def _view(self, tx: Tx, row: Suggestion) -> SuggestionView:
        text = self._crypto.open_alone(row.text_sealed, aad=_aad(row.id)).decode()
        return SuggestionView(
            suggestion_id=row.id,
            number=row.number,
            area=Area(row.area),
            state=SuggestionState(row.state),
            court_name=self._court_name(tx, row),
            text=text,
            reply=row.reply,
            replied_by=row.replied_by,
            replied_at=row.replied_at,
            title=row.title,
            changed=row.changed,
            published=row.published_at is not None,
            created_at=row.created_at,
        )

    def _court_name(self, tx: Tx, row: Suggestion) -> str:
        return (
            PLATFORM if row.court_code is None else self._courts.find(tx, code=row.court_code).name
        )

    def _number(self, tx: Tx) -> str:
        drawn = number(self._entropy.below(DRAWN))
        while reads.number_taken(tx, drawn):
            drawn = number(self._entropy.below(DRAWN))
        return drawn


def _aad(suggestion_id: uuid.UUID) -> str:
    return f"suggestion.text:{suggestion_id}"
