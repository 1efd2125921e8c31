"""The sealed path 违纪违法举报: in by the phone, out to the discipline desk, past everybody else.

What the reporter wrote is sealed with the desk's public key before it is stored; the private key
is a file that the desk's people hold, and their browser opens the box. Nothing is written to the
ledger, the trace of complaints, the statistics or a log, and no answer to a repeated request is
kept: the code that finds a report again is made on the phone and repeats harmlessly.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from app.court.casefile.rules.policy import Act
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.values import Waiting
from app.court.feedback.errors import (
    FeedbackIncomplete,
    ReportBoxClosed,
    ReportUnknown,
    TooMuchFeedback,
)
from app.court.feedback.models import MisconductAct, MisconductReport
from app.court.feedback.queries import reports as reads
from app.court.feedback.rules import report as rules
from app.court.feedback.rules import sealed_box
from app.court.feedback.rules.report import ReportState
from app.court.feedback.service.values import ActLine, ReportLine
from app.kernel import calendar
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable

SHOWN: Final = 200
DAY: Final = 86_400.0  # seconds
FETCHED: Final = "fetched"


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """What is reported, to the court itself or to the one above it.

    `code` is the reporter's own query code; `named` puts his name into the sealed box.
    """

    court_code: str
    to_superior: bool
    about: str = field(repr=False)
    text: str = field(repr=False)
    contact: str = field(repr=False)
    named: bool
    code: str = field(repr=False)


class Reports:
    """Use cases of the sealed path; `box` is the desk's public key, None while there is none."""

    def __init__(
        self,
        *,
        courts: Courts,
        policy: Policy,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
        ephemeral: Ephemeral,
        box: EllipticCurvePublicKey | None,
    ) -> None:
        self._courts = courts
        self._policy = policy
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto
        self._ephemeral = ephemeral
        self._box = box

    @property
    def open(self) -> bool:
        """Whether reports are taken: a desk has given its key."""
        return self._box is not None

    def send(self, *, counsel: Counsel, new: NewReport) -> ReportState:
        """Seal and keep a report; the same code again changes nothing.

        Raises `ActRefused`, `CourtUnknown`, `FeedbackIncomplete`, `TooMuchFeedback`,
        `ReportBoxClosed`.
        """
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        if self._box is None:
            raise ReportBoxClosed
        digest = self._digest(new.code)
        with unit_of_work() as tx:
            known = reads.by_code(tx, query_digest=digest)
            if known is not None:
                return ReportState(known.state)
            court_code, desk_code = self._desk(tx, new)
        self._limit(counsel)
        report_id = self._entropy.uuid()
        box = sealed_box.close(
            _written(new, counsel),
            to=self._box,
            context=str(report_id).encode(),
            secret=self._entropy.token_bytes(sealed_box.SECRET_SIZE),
            nonce=self._entropy.token_bytes(sealed_box.NONCE_SIZE),
        )
        with unit_of_work() as tx:
            tx.add(
                MisconductReport(
                    id=report_id,
                    query_digest=digest,
                    court_code=court_code,
                    desk_code=desk_code,
                    box=box,
                    state=ReportState.RECEIVED.value,
                    received_on=calendar.local(self._clock.now()).date(),
                )
            )
        return ReportState.RECEIVED

    def progress(self, *, code: str) -> ReportState:
        """Return what became of the report with this code; raises `ReportUnknown`."""
        with unit_of_work() as tx:
            found = reads.by_code(tx, query_digest=self._digest(code))
            if found is None:
                raise ReportUnknown
            return ReportState(found.state)

    def of_desk(self, *, staff: Staff) -> Sequence[ReportLine]:
        """Return a discipline desk's reports; raises `ActRefused`."""
        self._policy.demand_free(who=staff, act=Act.MISCONDUCT_READ)
        with unit_of_work() as tx:
            found = reads.of_desk(tx, desk_code=staff.court_code, limit=SHOWN)
            return [self._line(tx, row) for row in found]

    def report(self, *, staff: Staff, report_id: uuid.UUID) -> tuple[ReportLine, Sequence[ActLine]]:
        """Return a report, still sealed, and what was done with it.

        Raises `ActRefused`, `ReportUnknown`.
        """
        with unit_of_work() as tx:
            line = self._line(tx, self._found(tx, staff, report_id))
            acts = [
                ActLine(at=act.at, act=act.act, by=act.staff_id)
                for act in reads.acts(tx, report_id=report_id)
            ]
        return line, acts

    def fetch_box(self, *, staff: Staff, report_id: uuid.UUID) -> bytes:
        """Return the box for the desk's browser to open, and write down who fetched it.

        Raises `ActRefused`, `ReportUnknown`.
        """
        with unit_of_work() as tx:
            row = self._found(tx, staff, report_id)
            self._write_down(tx, row, staff, act=FETCHED)
            return row.box

    def set_state(self, *, staff: Staff, report_id: uuid.UUID, state: ReportState) -> None:
        """Let the reporter know how far it is; raises `ActRefused`, `ReportUnknown`."""
        with unit_of_work() as tx:
            row = self._found(tx, staff, report_id, lock=True)
            row.state = state.value
            self._write_down(tx, row, staff, act=state.value)

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for an inspector; nobody else is told that there is anything."""
        if staff.role is not StaffRole.DISCIPLINE:
            return []
        received = [r for r in self.of_desk(staff=staff) if r.state is ReportState.RECEIVED]
        return [Waiting(label="举报待拆封", count=len(received), href="/workbench/discipline/")]

    def _found(
        self, tx: Tx, staff: Staff, report_id: uuid.UUID, *, lock: bool = False
    ) -> MisconductReport:
        self._policy.demand_free(who=staff, act=Act.MISCONDUCT_READ)
        row = reads.report(tx, report_id=report_id, lock=lock)
        if row is None or row.desk_code != staff.court_code:
            raise ReportUnknown
        return row

    def _line(self, tx: Tx, row: MisconductReport) -> ReportLine:
        return ReportLine(
            report_id=row.id,
            court_name=self._courts.find(tx, code=row.court_code).name,
            state=ReportState(row.state),
            received_on=row.received_on,
        )

    def _write_down(self, tx: Tx, row: MisconductReport, staff: Staff, *, act: str) -> None:
        tx.add(
            MisconductAct(
                id=self._entropy.uuid(),
                report_id=row.id,
                staff_id=staff.staff_id,
                at=self._clock.now(),
                act=act,
            )
        )

    def _desk(self, tx: Tx, new: NewReport) -> tuple[str, str]:
        """Return the codes of the court and of the desk that gets the report."""
        court = self._courts.find(tx, code=new.court_code)
        if not new.to_superior:
            return court.code, court.code
        if court.parent_code is None:
            raise FeedbackIncomplete(field="to_superior", message="该法院没有上级法院。")
        return court.code, court.parent_code

    def _limit(self, counsel: Counsel) -> None:
        """Count by a keyed digest that is forgotten in a day; the report itself names nobody."""
        who = self._crypto.blind_index(column="misconduct.limit", value=counsel.licence_no)
        with suppress(Unavailable):
            if self._ephemeral.incr(key=f"misconduct:{who.hex()}", ttl=DAY) > rules.DAILY:
                raise TooMuchFeedback

    def _digest(self, code: str) -> bytes:
        return self._crypto.blind_index(column="misconduct.code", value=code)


def _written(new: NewReport, counsel: Counsel) -> bytes:
    """What goes into the box: JSON, with the reporter's name only if he wants it there."""
    words = {"about": new.about, "text": new.text, "contact": new.contact}
    if new.named:
        words |= {"name": counsel.name, "licence_no": counsel.licence_no}
    return json.dumps(words, ensure_ascii=False).encode()
