"""A request as WSGI has it: what the views that are also answered before Flask read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.http.request_id import current_request


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request; `argument` is the variable part of its URL, `body` reads what was posted."""

    environ: dict[str, Any]
    body: Callable[[], bytes]
    argument: str = ""

    @property
    def method(self) -> str:
        """Return its method."""
        return str(self.environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        """Return the path of its URL."""
        return str(self.environ["PATH_INFO"])

    @property
    def query(self) -> str:
        """Return what follows the question mark."""
        return str(self.environ.get("QUERY_STRING", ""))

    @property
    def mimetype(self) -> str:
        """Return what the body is said to be, without parameters."""
        return str(self.environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()

    def header(self, name: str) -> str | None:
        """Return a header by its CGI name, such as `DPOP`; what comes twice is joined by commas."""
        found: str | None = self.environ.get(f"HTTP_{name}")
        return found

    def cookie(self, name: str) -> str:
        """Return a cookie as it was sent, or ""."""
        for pair in (self.header("COOKIE") or "").split(";"):
            known, _, value = pair.strip().partition("=")
            if known == name:
                return value
        return ""


def asked() -> Question:
    """Return the request that Flask is answering."""
    incoming = current_request()
    return Question(environ=incoming.environ, body=incoming.get_data)
