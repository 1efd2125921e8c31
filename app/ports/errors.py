"""The errors that may cross a port; an adapter raises these and never a library's exception."""

from __future__ import annotations

from typing import ClassVar

from app.errors import AppError


class PortError(AppError):
    """Something outside did not do what we asked; the leaves say why."""

    code: ClassVar[str] = "port.error"


class Unavailable(PortError):
    """The outside system did not answer, answered too late, or answered nonsense.

    Nothing is known about the question asked. `extra["retry_after"]` (seconds), when present,
    is the outside system's own wish.
    """

    code: ClassVar[str] = "port.unavailable"


class Refused(PortError):
    """The outside system understood the question and said no."""

    code: ClassVar[str] = "port.refused"


class NotFound(PortError):
    """The outside system answered that the thing asked for does not exist."""

    code: ClassVar[str] = "port.not_found"
