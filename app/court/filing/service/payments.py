"""Payment 交费 of a fee: ordered once, paid at the cashier, noted when the cashier calls back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from app.court.casefile.rules.capability import Function
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.service.clocks import CaseClocks
from app.court.filing import queries
from app.court.filing.errors import FeeClosed, PaymentMismatch
from app.court.filing.models import FeeOrder, FilingFee
from app.court.filing.service.fees import COURT, PAYMENT, own
from app.court.filing.service.records import Records
from app.kernel import calendar
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.payment import NewOrder, Paid, Payment, PaymentUnavailable

LEDGER_KIND: Final = "fee"
PAYABLE: Final = ("due", "overdue")


class Payments:
    """Use cases of payment; without a cashier nothing is offered to be paid here."""

    def __init__(
        self, *, records: Records, clocks: CaseClocks, ledger: Ledger, cashier: Payment | None
    ) -> None:
        self._records = records
        self._clocks = clocks
        self._ledger = ledger
        self._cashier = cashier

    @property
    def offered(self) -> bool:
        """Whether there is a cashier."""
        return self._cashier is not None

    def begin(self, *, counsel: Counsel, fee_id: uuid.UUID) -> str:
        """Return the address where a fee is paid; asked again, it is the same order.

        Raises `ActRefused`, `FilingUnknown`, `FeeClosed`, `FunctionNotOffered`,
        `PaymentUnavailable`.
        """
        records = self._records
        if self._cashier is None:
            raise PaymentUnavailable
        records.policy.demand_free(who=counsel, act=Act.FILING_DRAFT)
        with unit_of_work() as tx:
            fee = own(queries.fee(tx, fee_id=fee_id, lock=True), counsel)
            records.policy.demand(tx, who=counsel, act=Act.FEE_PAY, case_id=fee.case_id)
            records.courts.demand(tx, court_code=fee.court_code, function=Function.FEE_PAYMENT)
            if fee.state not in PAYABLE:
                raise FeeClosed
            order = queries.order_of(tx, fee_id=fee.id) or self._add(tx, fee)
            number = records.cases.number_of(tx, case_id=fee.case_id)
            new = NewOrder(
                order_id=order.id, amount_fen=order.amount_fen, title=f"{number}案件受理费"
            )
        return self._cashier.order(new)

    def take(self, *, body: bytes, signature: str) -> None:
        """Note a payment that the cashier reports; the same report again changes nothing.

        Raises `PaymentUnavailable` without a cashier, `CallbackForged`, `PaymentMismatch`.
        """
        if self._cashier is None:
            raise PaymentUnavailable
        paid = self._cashier.read(body=body, signature=signature)
        at = self._records.clock.now()
        with unit_of_work() as tx:
            order = queries.order(tx, order_id=paid.order_id)
            if order is None or order.amount_fen != paid.amount_fen:
                raise PaymentMismatch
            if order.state == "waiting":
                self._note(tx, order, paid, at=at)

    def _add(self, tx: Tx, fee: FilingFee) -> FeeOrder:
        order = FeeOrder(
            id=self._records.entropy.uuid(),
            fee_id=fee.id,
            amount_fen=fee.amount_fen,
            state="waiting",
            created_at=self._records.clock.now(),
        )
        tx.add(order)
        tx.flush()
        return order

    def _note(self, tx: Tx, order: FeeOrder, paid: Paid, *, at: datetime) -> None:
        order.state, order.paid_at, order.transaction_no = "paid", at, paid.transaction_no
        fee = queries.fee(tx, fee_id=order.fee_id, lock=True)
        if fee is None:
            raise PaymentMismatch
        fee.state, fee.paid_at = "paid", at
        fee.receipt_no = f"{fee.court_code}-F{calendar.local_day(at):%Y%m%d}-{order.id.hex[:8]}"
        self._clocks.meet(tx, subject_id=fee.id, purpose=PAYMENT, at=at)
        amount = f"{order.amount_fen / 100:,.2f}元"
        news = News(kind=EventKind.FEE_PAID, summary=f"已交纳案件受理费{amount}", by=COURT)
        self._records.cases.tell(tx, case_id=fee.case_id, news=news, at=at)
        self._ledger.append(
            tx,
            Event(
                kind=LEDGER_KIND,
                at=at,
                subject=None,
                place=fee.court_code,
                source_id=fee.id,
                details={"receipt_no": fee.receipt_no, "transaction_no": paid.transaction_no},
            ),
        )
