"""The cashier 收银 of litigation fees: takes an order, and calls back when it was paid."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from app.errors import AppError
from app.ports.errors import Unavailable


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """What is to be paid: amounts in fen; `title` is what the payer reads."""

    order_id: uuid.UUID
    amount_fen: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What a cashier says in its callback; `transaction_no` is its own number of the payment."""

    order_id: uuid.UUID
    amount_fen: int
    transaction_no: str


class PaymentUnavailable(Unavailable):
    """The cashier cannot be reached; nothing was ordered."""

    code = "payment.unavailable"


class CallbackForged(AppError):
    """A callback that the cashier did not sign."""

    code = "payment.callback_forged"


class Payment(Protocol):
    """A cashier."""

    def order(self, new: NewOrder) -> str:
        """Return the address where the order is paid; raises `PaymentUnavailable`."""
        ...

    def read(self, *, body: bytes, signature: str) -> Paid:
        """Return what a callback says; raises `CallbackForged`."""
        ...


class Cashier(Payment, Protocol):
    """A cashier whose page is our own, for demonstration only."""

    def shown(self, said: dict[str, str]) -> NewOrder:
        """Return the order of a link; raises `CallbackForged`."""
        ...

    def pay(self, order: NewOrder) -> tuple[bytes, str]:
        """Take the demonstration's money; return the callback's body and signature."""
        ...
