"""Addresses that other people registered with us: keys to be read, events to be delivered.

Such an address may point anywhere, also into our own network. Whoever implements this port
connects to public addresses only (OWASP ASVS 5.0: 1.3.6, 13.2.4, 15.3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from app.ports.errors import Refused, Unavailable


class OutsideUnavailable(Unavailable):
    """The address did not answer in time, or its name, certificate or answer was not in order."""

    code: ClassVar[str] = "outside.unavailable"


class AddressRefused(Refused):
    """The address is not one that we connect to; nothing was sent."""

    code: ClassVar[str] = "outside.address_refused"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What is posted, and to where. Stays out of `repr`: bodies are about people."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OutsideAnswer:
    """An answer whatever its status: a redirect is not followed."""

    status: int
    body: bytes = field(repr=False)


class OutsideWeb(Protocol):
    """Both methods raise `AddressRefused` and `OutsideUnavailable`."""

    def get(self, *, url: str) -> OutsideAnswer:
        """Read a small JSON document."""
        ...

    def post(self, delivery: Delivery) -> OutsideAnswer:
        """Post a body, once."""
        ...
