"""Calls to addresses that other people registered, so made that they end on the public internet.

The name is looked up once, every address it has must be public, and the connection goes to the
address that was looked at: a name that answers differently the next time is never asked again.
TLS still names and checks the host. No redirect, no proxy, no cookie, no compression; the whole
call, the look-up apart, ends at a deadline, whatever the other side does.
"""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LookupTooSlow
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import certifi

from app.adapters.http.public_address import Target, check_addresses, target_of
from app.ports.outside_web import Delivery, OutsideAnswer, OutsideUnavailable

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]
_log = logging.getLogger(__name__)
_ADDRESSES_TRIED = 2


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds for the look-up, for one connection, and for the whole call; bytes of the answer."""

    lookup: float = 3.0
    connect: float = 2.0
    total: float = 6.0
    body: int = 65_536


READING = Limits(lookup=1.0, connect=1.0, total=3.0)  # keys: somebody waits for the answer
POSTING = Limits()


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """Open a TCP connection to an address; it is a number, so nothing is looked up."""
    return socket.create_connection((address, port), timeout=timeout)


@dataclass(frozen=True, kw_only=True)
class _Call:
    """One request that may be made."""

    method: str
    target: Target
    headers: Mapping[str, str]
    body: bytes | None
    limits: Limits


class OutsideHttp:
    """`OutsideWeb` over HTTP/1.1. `loopback`: this machine may be called too, for trying out."""

    def __init__(
        self,
        *,
        loopback: bool,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        connect: Connect = connect,
        ca_file: str | None = None,
    ) -> None:
        self._loopback = loopback
        self._reading = limits or READING
        self._posting = limits or POSTING
        self._resolve = resolve
        self._connect = connect
        self._ca_file = ca_file or certifi.where()
        self._lookups = ThreadPoolExecutor(max_workers=4, thread_name_prefix="lookup")

    def get(self, *, url: str) -> OutsideAnswer:
        """Read a small document; raises `AddressRefused`, `OutsideUnavailable`."""
        return self._send(
            _Call(
                method="GET",
                target=target_of(url, loopback=self._loopback),
                headers={"Accept": "application/json"},
                body=None,
                limits=self._reading,
            )
        )

    def post(self, delivery: Delivery) -> OutsideAnswer:
        """Post a body; raises `AddressRefused`, `OutsideUnavailable`."""
        return self._send(
            _Call(
                method="POST",
                target=target_of(delivery.url, loopback=self._loopback),
                headers=delivery.headers,
                body=delivery.body,
                limits=self._posting,
            )
        )

    def _send(self, call: _Call) -> OutsideAnswer:
        addresses = self._look_up(call)
        check_addresses(addresses, target=call.target)
        failure = ""
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                opened = self._connect(address, call.target.port, call.limits.connect)
            except OSError as problem:
                failure = type(problem).__name__
                continue
            return self._exchange(opened, call)
        raise OutsideUnavailable(failure)

    def _look_up(self, call: _Call) -> list[str]:
        """Ask for the name in another thread: the system's look-up knows no deadline."""
        host, port = call.target.host, call.target.port
        asked: Future[list[str]] = self._lookups.submit(self._resolve, host, port)
        try:
            return asked.result(timeout=call.limits.lookup)
        except (OSError, UnicodeError, LookupTooSlow) as problem:
            raise OutsideUnavailable("name") from problem

    def _exchange(self, opened: socket.socket, call: _Call) -> OutsideAnswer:
        """Send one request over a connection and read the answer, up to the deadline."""
        wire = self._wire(opened, call)
        deadline = threading.Timer(call.limits.total, _hang_up, (wire,))
        deadline.daemon = True
        deadline.start()
        failure = ""
        try:
            with wire:
                if isinstance(wire, ssl.SSLSocket):
                    wire.do_handshake()
                return _ask(wire, call)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            failure = type(problem).__name__
        finally:
            deadline.cancel()
            _log.info("outside %s: %s", call.method, failure or "answered")
        # Raised outside the handler: the library's message may quote what was sent.
        raise OutsideUnavailable(failure)

    def _wire(self, opened: socket.socket, call: _Call) -> socket.socket:
        """Return what is spoken over; the handshake waits until the deadline is set."""
        opened.settimeout(call.limits.total)
        if not call.target.secure:
            return opened
        return _tls(self._ca_file).wrap_socket(
            opened, server_hostname=call.target.host, do_handshake_on_connect=False
        )


def _ask(wire: socket.socket, call: _Call) -> OutsideAnswer:
    connection = http.client.HTTPConnection(call.target.host, call.target.port)
    # So that Host carries the port only where it is unusual.
    connection.default_port = 443 if call.target.secure else 80
    connection.sock = wire
    fixed = {"User-Agent": "lvzheng", "Accept-Encoding": "identity", "Connection": "close"}
    connection.request(
        call.method, call.target.path, body=call.body, headers={**fixed, **call.headers}
    )
    answer = connection.getresponse()
    content = answer.read(call.limits.body + 1)
    if len(content) > call.limits.body:
        raise OutsideUnavailable("too large")
    return OutsideAnswer(status=answer.status, body=content)


@lru_cache(maxsize=4)
def _tls(ca_file: str) -> ssl.SSLContext:
    """Read the CAs at the first call that needs them: that takes longer than starting a server."""
    return ssl.create_default_context(cafile=ca_file)


def _hang_up(wire: socket.socket) -> None:
    """End a connection under whoever waits on it: the bare one, TLS would want to say goodbye."""
    with suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
