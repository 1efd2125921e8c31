"""A register that can be changed from our console: only the embedded one for demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from app.ports.registry import LawyerRecord, PracticeStatus


class ImportedRowError(Protocol):
    """A row of an import that was refused, and why (Chinese sentences)."""

    @property
    def line(self) -> int:
        """Line number in the file, from 1."""
        ...

    @property
    def licence_no(self) -> str:
        """The licence number as written in the row."""
        ...

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong with the row."""
        ...


class ImportOutcome(Protocol):
    """What an import did."""

    @property
    def added(self) -> int:
        """New lawyers."""
        ...

    @property
    def updated(self) -> int:
        """Lawyers that were known before."""
        ...

    @property
    def errors(self) -> Sequence[ImportedRowError]:
        """Refused rows; they changed nothing."""
        ...


class RegistryDesk(Protocol):
    """Changing the register's contents."""

    def list(self) -> tuple[LawyerRecord, ...]:
        """Every lawyer, without photos."""
        ...

    def add(self, record: LawyerRecord) -> None:
        """Add or replace one lawyer; raises `RegistryRefused` with `extra["reasons"]`."""
        ...

    def set_status(self, *, licence_no: str, status: PracticeStatus, since: date) -> None:
        """Change one lawyer's practice status; raises `LicenceNotFound`."""
        ...

    def import_csv(self, text: str) -> ImportOutcome:
        """Add or replace every good row; bad rows are reported and change nothing."""
        ...
