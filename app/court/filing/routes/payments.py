"""Payment over HTTP: where a fee is paid, and the cashier's callback."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel

from app.court.filing.routes import services
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

payments = APIBlueprint("payments", __name__, tag="立案")
callbacks = APIBlueprint("payment_callbacks", __name__, tag="立案")
SIGNATURE = "X-Cashier-Signature"


class PaymentOut(BaseModel):
    """Where the fee is paid."""

    pay_url: str


@payments.post("/fees/<uuid:fee_id>/payment")
@idempotent
@payments.output(PaymentOut)
def pay(fee_id: uuid.UUID) -> PaymentOut:
    """Order the payment of a fee; the answer says where it is paid."""
    url = services().payments.begin(counsel=principal(Counsel), fee_id=fee_id)
    return PaymentOut(pay_url=url)


@callbacks.post("/payment-callbacks")
@callbacks.output({}, status_code=204)
def callback() -> tuple[str, int]:
    """Take the cashier's word that an order was paid, signed over the whole body."""
    services().payments.take(
        body=request.get_data(cache=False), signature=request.headers.get(SIGNATURE, "")
    )
    return "", 204
