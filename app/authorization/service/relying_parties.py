"""依赖方: registration, keys and secrets, the kill switch, and recognition at every request."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.authorization.errors import RelyingPartyUnknown
from app.authorization.models.relying_parties import RelyingParty
from app.authorization.queries import relying_parties as reads
from app.authorization.queries.relying_parties import PartyListing, PartyRow, Use
from app.authorization.queries.webhooks import dead_letter_count
from app.authorization.rules import portal
from app.authorization.rules import relying_party as rules
from app.authorization.rules.relying_party import AuthMethod, Registration
from app.kernel.unit_of_work import autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

PAGE = 50
REPORTS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A fresh registration; `secret` is told once and kept as a digest."""

    client_id: str
    secret: str | None = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PartyPage:
    """A page of relying parties; `number` is counted from one."""

    items: Sequence[PartyListing]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """A lawyer said “不是我发起的”: when, and where the request came from."""

    at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class PartyFile:
    """Everything the console shows of one relying party 依赖方档案; `reports` are the newest."""

    listing: PartyListing
    reports: Sequence[Report]
    dead_letters: int


class RelyingParties:
    """Use cases around relying parties."""

    def __init__(
        self, *, clock: Clock, entropy: Entropy, production: bool, domain: str = ""
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._production = production
        self._domain = domain  # our own, for the portal's registration

    def register(
        self, *, registration: Registration, sandbox: bool = False, client_id: str | None = None
    ) -> Registered:
        """Register a relying party; raises `RelyingPartyInvalid`.

        `client_id` is drawn unless it was drawn before, or the demonstration names one.
        """
        self.check(registration=registration)
        secret = self._secret(registration)
        row = RelyingParty(
            client_id=client_id or self.draw_client_id(),
            secret_sha256=None if secret is None else digest(secret),
            registered_at=self._clock.now(),
            sandbox=sandbox,
            **_columns(registration),
        )
        with unit_of_work() as tx:
            tx.merge(row)
            return Registered(client_id=row.client_id, secret=secret)

    def draw_client_id(self) -> str:
        """Return a code that no relying party has, to be written down before it is registered."""
        return f"rp-{self._entropy.token_bytes(8).hex()}"

    def change(self, *, client_id: str, registration: Registration) -> None:
        """Replace what is registered; a missing logo keeps the old one.

        A party that now proves itself by its key loses its secret; one that did and now shall
        use a secret has none until it is drawn by `rotate_secret`.
        Raises `RelyingPartyUnknown`, also for our own, and `RelyingPartyInvalid`.
        """
        _check_not_ours(client_id)
        self.check(registration=registration)
        columns = _columns(registration)
        if registration.logo is None:
            del columns["logo"]
        if registration.auth_method is AuthMethod.KEY:
            columns["secret_sha256"] = None
        with unit_of_work() as tx:
            row = reads.party(tx, client_id=client_id)
            if row is None:
                raise RelyingPartyUnknown
            for name, value in columns.items():
                setattr(row, name, value)

    def rotate_secret(self, *, client_id: str) -> Registered:
        """Replace the secret; the old one is refused from now on. Raises `RelyingPartyUnknown`.

        Our own has none.
        """
        _check_not_ours(client_id)
        with unit_of_work() as tx:
            row = reads.party(tx, client_id=client_id)
            if row is None or row.auth_method == AuthMethod.KEY:
                raise RelyingPartyUnknown
            secret = self._new_secret()
            row.secret_sha256 = digest(secret)
        return Registered(client_id=client_id, secret=secret)

    def set_suspended(self, *, client_id: str, suspended: bool) -> None:
        """Turn the switch 总开关; raises `RelyingPartyUnknown`."""
        with unit_of_work() as tx:
            row = reads.party(tx, client_id=client_id)
            if row is None:
                raise RelyingPartyUnknown
            row.suspended_at = self._clock.now() if suspended else None

    def recognise(self, client_id: str) -> PartyRow:
        """Return a relying party whose switch is on; raises `RelyingPartyUnknown`."""
        with autocommit() as database:
            row = reads.party_row(database, client_id=client_id)
        if row is None or row.suspended_at is not None:
            raise RelyingPartyUnknown
        return row

    def ours(self) -> PartyRow:
        """Return the portal's registration, made at its first use; raises `RelyingPartyUnknown`.

        It follows the setting of our own domain; the switch stays as it is.
        """
        with autocommit() as database:
            row = reads.party_row(database, client_id=rules.OURS)
        if row is None or row.domain != self._domain:
            registration = portal.registration(domain=self._domain)
            columns = _columns(registration) | {
                "client_id": rules.OURS,
                "sandbox": False,
                "registered_at": self._clock.now(),
            }
            with unit_of_work() as tx:
                reads.put(tx, columns, changing="domain")
        return self.recognise(rules.OURS)

    def check(self, *, registration: Registration) -> None:
        """Raise `RelyingPartyInvalid` if this could not be registered."""
        rules.check(registration, production=self._production)

    def find(self, *, client_id: str) -> PartyFile:
        """Return one for the console; raises `RelyingPartyUnknown`."""
        with unit_of_work() as tx:
            row = reads.listed(tx, client_id=client_id)
            if row is None:
                raise RelyingPartyUnknown
            return PartyFile(
                listing=row,
                reports=[
                    Report(at=report.at, place=report.place)
                    for report in reads.reports(tx, client_id=client_id, limit=REPORTS_SHOWN)
                ],
                dead_letters=dead_letter_count(tx, client_id=client_id),
            )

    def listing(self, *, words: str = "", number: int = 1) -> PartyPage:
        """Return a page, newest first; `words` are looked for in names and numbers."""
        with unit_of_work() as tx:
            total = reads.party_count(tx, words=words)
            pages = max(1, math.ceil(total / PAGE))
            number = min(max(1, number), pages)
            items = reads.parties(tx, words=words, offset=(number - 1) * PAGE, limit=PAGE)
        return PartyPage(items=items, number=number, pages=pages, total=total)

    def logo(self, *, client_id: str) -> bytes | None:
        """Return the logo (PNG) of a relying party, if it has one."""
        with unit_of_work() as tx:
            row = tx.get(RelyingParty, client_id)
            return None if row is None else row.logo

    def use_once(self, *, scope: str, value: str, expires_at: datetime) -> bool:
        """Use up a `jti` or nonce of a party; False when it was used before."""
        return bool(self.use_up(Use(scope=scope, value=value, expires_at=expires_at)))

    def use_up(self, *uses: Use) -> frozenset[str]:
        """Use up to two of them at once; return the scopes in which they were fresh."""
        with autocommit() as database:
            return reads.use_up(database, *uses)

    def sweep(self) -> int:
        """Forget used values that have expired; return how many."""
        with unit_of_work() as tx:
            return reads.forget_used(tx, before=self._clock.now())

    def _secret(self, registration: Registration) -> str | None:
        return None if registration.auth_method is AuthMethod.KEY else self._new_secret()

    def _new_secret(self) -> str:
        return base64.urlsafe_b64encode(self._entropy.token_bytes(32)).rstrip(b"=").decode()


def digest(secret: str) -> bytes:
    """Return what is kept of a secret or token."""
    return hashlib.sha256(secret.encode()).digest()


def _check_not_ours(client_id: str) -> None:
    if client_id == rules.OURS:
        raise RelyingPartyUnknown("our own registration is not changed at a desk")


def _columns(r: Registration) -> dict[str, Any]:
    return {
        **vars(r),
        "redirect_uris": list(r.redirect_uris),
        "post_logout_redirect_uris": list(r.post_logout_redirect_uris),
        "attributes": list(r.attributes),
        "purposes": [{"code": code, "text": text} for code, text in r.purposes],
        "acts": list(r.acts),
    }
