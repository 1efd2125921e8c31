"""Litigation fees 诉讼费: what they come to, and the notice to pay them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.service.clocks import CaseClocks, NewClock, Ringing
from app.court.filing import queries
from app.court.filing.errors import DecisionIncomplete, FeeClosed, FilingUnknown
from app.court.filing.models import Filing, FilingFee
from app.court.filing.rules import fees
from app.court.filing.rules.drafts import Draft
from app.court.filing.rules.fee_scales import SCALES, FeeKind
from app.court.filing.rules.fees import FeeEstimate, Reduction
from app.court.filing.rules.forms import cause_fee
from app.court.filing.service.records import Records
from app.court.filing.service.values import FeeView
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work

PAYMENT: Final = "filing.payment"  # the purpose of the clock in which a fee must be paid
COURT: Final = "人民法院"


class Fees:
    """Litigation fees 诉讼费, computed for whoever asks."""

    def estimate(
        self, *, kind: FeeKind, amount_fen: int | None, reductions: Collection[Reduction]
    ) -> FeeEstimate:
        """Compute a fee; raises `FeeAmountNeeded`. Nothing is read or kept."""
        return fees.estimate(kind=kind, amount_fen=amount_fen, reductions=reductions)


def of_draft(draft: Draft) -> FeeEstimate | None:
    """Return what a filing's fee comes to; None where nothing is paid in advance.

    A property matter without an amount is computed from nothing, which is its least fee.
    """
    kind = cause_fee(draft.form, draft.cause)
    if kind is None:
        return None
    amount = draft.claim_fen
    if kind is FeeKind.OTHER_NON_PROPERTY and amount:
        kind = FeeKind.PROPERTY  # a cause that is not in our list, with an amount in dispute
    if SCALES[kind].amount_needed and amount is None:
        amount = 0
    return fees.estimate(kind=kind, amount_fen=amount, reductions=())


class FeeNotices:
    """Notices of payment 缴费通知 and their clock (诉讼费用交纳办法 art. 22)."""

    def __init__(self, *, records: Records, clocks: CaseClocks) -> None:
        self._records = records
        self._clocks = clocks

    def notify(
        self, tx: Tx, filing: Filing, draft: Draft, *, amount_fen: int | None, at: datetime
    ) -> News | None:
        """Write a notice in the caller's transaction; None where there is nothing to pay.

        Where the rules give a range and nobody chose, no notice is written: the court sets it.
        """
        found = of_draft(draft)
        if found is None or filing.case_id is None:
            return None
        if amount_fen is None:
            amount_fen = found.low_fen if found.low_fen == found.high_fen else 0
        if not amount_fen:
            return None
        fee = FilingFee(
            id=self._records.entropy.uuid(),
            filing_id=filing.id,
            case_id=filing.case_id,
            court_code=draft.court_code,
            licence_no=filing.licence_no,
            amount_fen=amount_fen,
            article=f"诉讼费用交纳办法{found.article}",
            state="due",
            notified_at=at,
            relief_reason="",
        )
        clock = NewClock(
            rule_id=draft.form.fee_clock,
            began_at=at,
            purpose=PAYMENT,
            subject_id=fee.id,
            case_id=filing.case_id,
        )
        fee.due_on = self._clocks.start(tx, clock).last_day
        tx.add(fee)
        return _notice(fee)

    def relief(self, *, counsel: Counsel, fee_id: uuid.UUID, reason: str) -> FeeView:
        """Ask to pay later, less or nothing 司法救助 (诉讼费用交纳办法 arts. 44–48).

        Raises `ActRefused`, `FilingUnknown`, `FeeClosed`, `DecisionIncomplete`.
        """
        if not reason:
            raise DecisionIncomplete(field="reason", message="请写明申请缓交、减交或者免交的理由。")
        self._records.policy.demand_free(who=counsel, act=Act.FILING_SUBMIT)
        at = self._records.clock.now()
        with unit_of_work() as tx:
            fee = own(queries.fee(tx, fee_id=fee_id, lock=True), counsel)
            if fee.state != "due":
                raise FeeClosed
            fee.state, fee.relief_reason = "relief", reason
            self._clocks.stop(tx, subject_id=fee.id, purpose=PAYMENT, at=at)
            news = News(
                kind=EventKind.APPLICATION, summary="申请司法救助（缓交、减交或者免交诉讼费）",
                by=counsel.name,
            )  # fmt: skip
            self._records.cases.tell(tx, case_id=fee.case_id, news=news, at=at)
            return FeeView.of(fee)

    def ring(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Note that nobody paid in time; whether it is 按撤诉处理 the judge decides, no machine."""
        fee = queries.fee(tx, fee_id=ringing.subject_id, lock=True)
        if fee is None or fee.state != "due" or ringing.days_left is not None:
            return
        fee.state = "overdue"
        text = "诉讼费逾期未交，也没有申请司法救助，提请承办法官审查是否按撤诉处理"
        news = News(kind=EventKind.FEE_NOTICE, summary=text, by=COURT)
        self._records.cases.tell(tx, case_id=fee.case_id, news=news, at=at)


def own(fee: FilingFee | None, counsel: Counsel) -> FilingFee:
    """Return the caller's fee; another lawyer's does not exist."""
    if fee is None or fee.licence_no != counsel.licence_no:
        raise FilingUnknown
    return fee


def _notice(fee: FilingFee) -> News:
    day = f"{fee.due_on.year}年{fee.due_on.month}月{fee.due_on.day}日"
    summary = f"请在{day}前（含当日）交纳案件受理费{fee.amount_fen / 100:,.2f}元"
    return News(kind=EventKind.FEE_NOTICE, summary=summary, by=COURT)
