"""What can go wrong. Connections that fail raise what `requests` raises."""

from __future__ import annotations


class LuzhengError(Exception):
    """The root of this library's errors."""


class SignatureInvalid(LuzhengError):
    """An answer or an event is not signed by the platform, is too old, or was changed."""


class Replayed(SignatureInvalid):
    """This signed event was received before."""


class ApiError(LuzhengError):
    """The platform refused (RFC 9457). `code` is permanent; `title` is a sentence for people.

    `signed`: the refusal carries the platform's signature. Refusals of requests whose own
    signature did not hold never do.
    """

    def __init__(
        self,
        *,
        code: str,
        status: int,
        title: str,
        request_id: str,
        retry_after: int | None,
        signed: bool,
    ) -> None:
        super().__init__(f"{status} {code}: {title}")
        self.code = code
        self.status = status
        self.title = title
        self.request_id = request_id
        self.retry_after = retry_after
        self.signed = signed
