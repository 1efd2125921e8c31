"""How often an account may name a person to the register 核对次数: guessing is limited."""

from __future__ import annotations

import uuid
from datetime import datetime

from app.identity import queries
from app.identity.errors import TooManyAttempts
from app.identity.models import BindingRefusal
from app.identity.rules import binding as rules
from app.kernel.principal import Phone
from app.kernel.unit_of_work import unit_of_work
from app.ports.entropy import Entropy


class Attempts:
    """Counts what the register contradicted, whether a licence or a trainee's number was named."""

    def __init__(self, *, entropy: Entropy) -> None:
        self._entropy = entropy

    def count(self, phone: Phone, *, at: datetime) -> uuid.UUID:
        """Count the attempt as refused before the register is asked; raises `TooManyAttempts`.

        One request at a time: those that come together would otherwise all see the same count.
        """
        attempt = self._entropy.uuid()
        with unit_of_work() as tx:
            queries.lock_account(tx, account_id=phone.account_id)
            since = at - rules.REFUSAL_WINDOW
            refused = queries.refusals_since(tx, account_id=phone.account_id, since=since)
            if len(refused) >= rules.REFUSALS_ALLOWED:
                retry_at = refused[-rules.REFUSALS_ALLOWED] + rules.REFUSAL_WINDOW
                raise TooManyAttempts(retry_at=retry_at.isoformat())
            tx.add(BindingRefusal(id=attempt, account_id=phone.account_id, at=at))
        return attempt

    @staticmethod
    def uncount(attempt: uuid.UUID) -> None:
        """Forget an attempt that the register did not contradict."""
        with unit_of_work() as tx:
            tx.delete(tx.get_one(BindingRefusal, attempt))
