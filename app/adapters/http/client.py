"""Calls to the outside systems we chose, over HTTP; the only import of the HTTP library.

One pooled session per outside system, a deadline over the whole call, at most one repetition,
and logs that carry an operation's name but never a URL, a header or a body: addresses here hold
secrets and licence numbers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from json import dumps
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as WireError
from urllib3.exceptions import ReadTimeoutError

from app.ports.errors import Unavailable

_log = logging.getLogger(__name__)
_CHUNK = 65_536


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one call may take: seconds to connect, between bytes, in all; bytes of the answer."""

    connect: float = 1.0
    read: float = 2.0
    total: float = 4.0
    body: int = 4_000_000


@dataclass(frozen=True, kw_only=True)
class Remote:
    """One outside system: where it is, what it wants in every call, what its silence is called."""

    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits = field(default_factory=Limits)
    unavailable: type[Unavailable] = Unavailable


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. `operation` names it in logs; a `repeatable` one may be sent twice.

    Its body is `json`, or `data` of `content_type`, or nothing.
    """

    operation: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    data: bytes | None = field(default=None, repr=False)
    content_type: str = "application/json"
    repeatable: bool = False

    @property
    def body(self) -> bytes | None:
        """The bytes to send."""
        if self.json is None:
            return self.data
        return dumps(self.json, ensure_ascii=False).encode()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, whatever its status and content type."""

    status: int
    body: bytes = field(repr=False)
    retry_after: int | None = None

    def object(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None when it is not one."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


class HttpClient:
    """Calls to one outside system. Every failure below HTTP is raised as `remote.unavailable`.

    `monotonic` gives seconds that never run backwards; `request_id` the id of the request being
    served, sent on as `X-Request-ID`.
    """

    def __init__(
        self,
        *,
        remote: Remote,
        monotonic: Callable[[], float],
        request_id: Callable[[], str | None] | None = None,
    ) -> None:
        self._base_url = remote.base_url.rstrip("/")
        self._limits = remote.limits
        self._unavailable = remote.unavailable
        self._monotonic = monotonic
        self._request_id = request_id or (lambda: None)
        self._session = _session(remote.headers)
        # Its debug lines are whole URLs with secrets in them.
        logging.getLogger("urllib3").setLevel(logging.WARNING)

    def send(self, call: Call) -> Reply:
        """Make the call; redirects are answers, not followed. Raises `remote.unavailable`."""
        started = self._monotonic()
        failure = ""
        for attempt in range(2 if call.repeatable else 1):
            try:
                reply = self._once(call, started + self._limits.total)
            except (ReadTimeoutError, _TooSlow, _TooLarge) as problem:
                failure = type(problem).__name__
                break
            except (requests.ConnectionError, WireError) as problem:
                failure = type(problem).__name__
            except requests.RequestException as problem:
                failure = type(problem).__name__
                break
            else:
                self._report(call, started, attempt, str(reply.status))
                return reply
        self._report(call, started, attempt, failure)
        # Raised outside the handler: the library's message quotes the URL.
        raise self._unavailable(f"{call.operation}: {failure}")

    def _once(self, call: Call, deadline: float) -> Reply:
        with self._session.request(
            call.method,
            self._base_url + call.path,
            params=dict(call.query),
            data=call.body,
            headers=self._headers(call),
            timeout=(self._limits.connect, self._limits.read),
            allow_redirects=False,
            stream=True,
        ) as response:
            retry_after = response.headers.get("Retry-After", "")
            return Reply(
                status=response.status_code,
                body=self._body(response, deadline),
                retry_after=int(retry_after) if retry_after.isdigit() else None,
            )

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {} if call.body is None else {"Content-Type": call.content_type}
        request_id = self._request_id()
        return {**headers, "X-Request-ID": request_id} if request_id else headers

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """The body, read as it arrives so that a server that drips cannot hold a worker."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._limits.body:
                raise _TooLarge
            if self._monotonic() > deadline:
                raise _TooSlow
        return bytes(body)

    def _report(self, call: Call, started: float, attempt: int, outcome: str) -> None:
        milliseconds = round((self._monotonic() - started) * 1000)
        _log.info(
            "outbound %s: %s in %d ms, attempt %d",
            call.operation,
            outcome,
            milliseconds,
            attempt + 1,
        )


class _TooSlow(Exception):
    """The answer did not end before the deadline."""


class _TooLarge(Exception):
    """The answer is longer than anything we asked for."""


def _session(headers: Mapping[str, str]) -> requests.Session:
    session = requests.Session()
    # Proxies, .netrc and certificate paths come from our settings, not from the environment.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update({"Accept": "application/json", "User-Agent": "lvzheng", **headers})
    adapter = HTTPAdapter(pool_connections=2, pool_maxsize=32, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
