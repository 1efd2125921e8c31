"""A cashier for demonstration: no money moves, everything else is as with a real one.

Its orders are paid at a page of our own, and its callbacks are signed as a cashier's are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from urllib.parse import urlencode

from app.ports.payment import CallbackForged, NewOrder, Paid


class EmbeddedCashier:
    """Orders by a signed link, callbacks by HMAC-SHA-256 under the same key of 32 bytes."""

    def __init__(self, *, key: bytes, page: str) -> None:
        self._key = key
        self._page = page

    def order(self, new: NewOrder) -> str:
        """Return the link of the page where the order is paid."""
        said = {"order": str(new.order_id), "fen": str(new.amount_fen), "title": new.title}
        return f"{self._page}?{urlencode({**said, 'mac': self._mac(_line(said))})}"

    def shown(self, said: dict[str, str]) -> NewOrder:
        """Return the order of a link; raises `CallbackForged` for one that we did not make."""
        known = {name: said.get(name, "") for name in ("order", "fen", "title")}
        if not hmac.compare_digest(self._mac(_line(known)), said.get("mac", "")):
            raise CallbackForged
        return NewOrder(
            order_id=uuid.UUID(known["order"]),
            amount_fen=int(known["fen"]),
            title=known["title"],
        )

    def pay(self, order: NewOrder) -> tuple[bytes, str]:
        """Take the demonstration's money; return the callback's body and signature.

        The number of the transaction is the order's own: paying twice is one payment.
        """
        said = {
            "order_id": str(order.order_id),
            "amount_fen": order.amount_fen,
            "transaction_no": f"DEMO{order.order_id.hex[:20].upper()}",
        }
        body = json.dumps(said, sort_keys=True).encode()
        return body, self._mac(body)

    def read(self, *, body: bytes, signature: str) -> Paid:
        """Return what a callback says; raises `CallbackForged`."""
        if not hmac.compare_digest(self._mac(body), signature):
            raise CallbackForged
        said = json.loads(body)
        return Paid(
            order_id=uuid.UUID(said["order_id"]),
            amount_fen=said["amount_fen"],
            transaction_no=said["transaction_no"],
        )

    def _mac(self, message: bytes) -> str:
        return hmac.digest(self._key, message, hashlib.sha256).hex()


def _line(said: dict[str, str]) -> bytes:
    return "\n".join((said["order"], said["fen"], said["title"])).encode()
