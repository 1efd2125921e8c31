"""Which addresses of the internet are anybody's, and which are our own or nobody's. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.ports.outside_web import AddressRefused

LOWEST_FREE_PORT: Final = 1024
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_URL = re.compile(r"[\x21-\x7e]{1,500}")
_IPV6_GLOBAL: Final = ipaddress.IPv6Network("2000::/3")
# Within 2000::/3, yet a way to an IPv4 address of somebody's choice, or documentation.
_IPV6_TUNNELS: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# Global by the letter of Python's table in some releases, and still nobody's server.
_IPV4_SPECIAL: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address that was taken apart: only these parts are used from here on."""

    secure: bool
    host: str
    port: int
    path: str
    loopback: bool


def target_of(url: str, *, loopback: bool) -> Target:
    """Take an address apart; raises `AddressRefused`.

    https to a name with a port of 443 or from 1024 on. No user, no fragment, no number as a host
    in any notation. `loopback`: this machine may be named too, also without TLS.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("form") from error
    if not _URL.fullmatch(url) or "@" in parts.netloc or "#" in url or "\\" in url:
        raise AddressRefused("form")
    here = loopback and _is_this_machine(host)
    secure = parts.scheme == "https"
    if not (secure or (parts.scheme == "http" and here)):
        raise AddressRefused("scheme")
    if not (here or _NAME.fullmatch(host)):
        raise AddressRefused("host")
    number = port if port is not None else 443 if secure else 80
    if not (here or number == 443 or number >= LOWEST_FREE_PORT) or number == 0:
        raise AddressRefused("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure=secure, host=host, port=number, path=path, loopback=here)


def check_addresses(addresses: list[str], *, target: Target) -> None:
    """Raise `AddressRefused` unless every address of the name may be connected to."""
    fits = _is_loopback if target.loopback else is_public
    if not addresses or not all(fits(address) for address in addresses):
        raise AddressRefused("address")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one that anybody may be reached at."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in network for network in _IPV4_SPECIAL)
    within = ip in _IPV6_GLOBAL and not any(ip in network for network in _IPV6_TUNNELS)
    return within and ip.is_global and ip.scope_id is None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
