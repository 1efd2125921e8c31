"""The one root of everything that can go wrong in `app`; it knows no HTTP."""

from __future__ import annotations

from typing import ClassVar


class AppError(Exception):
    """A failure with a permanent dotted code.

    `detail` is for people who debug and is never personal data; `extra` holds fields that the
    caller may show. The edge turns the code into a status and a Chinese sentence.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str = "", **extra: object) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.extra = extra
