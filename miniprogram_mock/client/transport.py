"""One request to the product, over a socket or (in tests) straight into a WSGI application."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object."""
        value = json.loads(self.body)
        if not isinstance(value, dict):
            raise TypeError("not a JSON object")
        return value


class Refusal(Exception):
    """The product refused: `code` is permanent, `title` the Chinese sentence."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.problem = reply.json() if reply.body[:1] == b"{" else {}
        self.code = str(self.problem.get("code", reply.status))
        self.title = str(self.problem.get("title", ""))
        super().__init__(f"{reply.status} {self.code} {self.title}")


class Transport(Protocol):
    """Sends one request; never raises for a status."""

    origin: str

    def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send and return the answer."""
        ...


class HttpTransport:
    """A real connection."""

    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        self._session = requests.Session()

    def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send over the socket; raises what requests raises when nobody is there."""
        answer = self._session.request(
            method, self.origin + path, headers=dict(headers), data=body or None, timeout=10
        )
        return Reply(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


def call(
    transport: Transport,
    method: str,
    path: str,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send JSON; raise `Refusal` for every status from 400."""
    data = b"" if body is None else json.dumps(body).encode()
    kind = {} if body is None else {"Content-Type": "application/json"}
    reply = transport.send(method, path, headers={**kind, **(headers or {})}, body=data)
    if reply.status >= 400:
        raise Refusal(reply)
    return reply
