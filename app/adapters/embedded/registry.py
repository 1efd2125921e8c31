"""The national register (全国律师综合管理信息系统) as a folder: for development and demonstrations.

    <folder>/lawyers.csv               see registry_csv
    <folder>/photos/<licence_no>.jpg   the certificate photo
    <folder>/trainees.csv              see registry_trainees

Every look-up compares the file's identity (inode, size, time) with what was read last, so a
change made by any process, or by hand, is seen by the very next verification. Writers take an
exclusive lock and replace files whole.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from app.adapters.embedded import registry_csv, registry_trainees
from app.adapters.embedded.registry_csv import RowError
from app.kernel.identifiers import is_licence_no
from app.ports.clock import Clock
from app.ports.registry import (
    LawyerRecord,
    LicenceNotFound,
    PracticeStatus,
    RegistryRefused,
    RegistryUnavailable,
    StatusRecord,
    TraineeNotFound,
    TraineeRecord,
)

_MAX_IMPORT = 20_000_000


class RegistryRecordInvalid(RegistryRefused):
    """A record breaks the register's own rules; `extra["reasons"]` says which, in Chinese."""

    code: ClassVar[str] = "registry.record_invalid"


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did: rows new and changed, and the refused ones with their reasons."""

    added: int
    updated: int
    errors: tuple[RowError, ...]

    @property
    def accepted(self) -> int:
        """Rows now in the register from this import."""
        return self.added + self.updated


class EmbeddedRegistry:
    """The register in a folder. Raises what the port says; `as_of` is the moment of the look."""

    def __init__(self, *, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._file = folder / "lawyers.csv"
        self._clock = clock
        self._guard = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._records: Mapping[str, LawyerRecord] = {}

    def find(self, *, licence_no: str) -> LawyerRecord:
        """The whole record, photo included."""
        return replace(self._one(licence_no), photo=self._photo(licence_no))

    def status(self, *, licence_no: str) -> StatusRecord:
        """The present status only."""
        record = self._one(licence_no)
        return StatusRecord(
            licence_no=licence_no,
            status=record.status,
            as_of=self._clock.now(),
            firm_name=record.firm_name,
            firm_uscc=record.firm_uscc,
        )

    def trainee(self, *, trainee_no: str) -> TraineeRecord:
        """A trainee's record."""
        record = registry_trainees.read(self._folder / "trainees.csv").get(trainee_no)
        if record is None:
            raise TraineeNotFound
        return record

    def put_trainees(self, records: Iterable[TraineeRecord]) -> None:
        """Add or replace trainees in one write."""
        file = self._folder / "trainees.csv"
        with self._writing():
            present = registry_trainees.read(file)
            changed = {**present, **{record.trainee_no: record for record in records}}
            self._write(file, registry_trainees.render(changed.values()).encode())

    def add(self, record: LawyerRecord) -> None:
        """Add or replace one lawyer; raises `RegistryRecordInvalid`. No photo keeps the old one."""
        self.add_all((record,))

    def add_all(self, records: Iterable[LawyerRecord]) -> None:
        """Add or replace many lawyers in one write; raises `RegistryRecordInvalid` before it."""
        wanted = tuple(records)
        for record in wanted:
            reasons = registry_csv.unfit(record)
            if reasons:
                raise RegistryRecordInvalid(reasons=reasons, licence_no=record.licence_no)
        with self._writing() as present:
            for record in wanted:
                if record.photo:
                    self._write(self._photo_path(record.licence_no), record.photo)
            self._save({**present, **{r.licence_no: replace(r, photo=b"") for r in wanted}})

    def set_status(self, *, licence_no: str, status: PracticeStatus, since: date) -> None:
        """Change one lawyer's practice status (执业状态); raises `LicenceNotFound`."""
        with self._writing() as records:
            record = records.get(licence_no)
            if record is None:
                raise LicenceNotFound
            changed = replace(record, status=status, status_since=since)
            self._save({**records, licence_no: changed})

    def import_csv(self, text: str) -> ImportReport:
        """Add or replace every good row at once; a bad row is reported and changes nothing."""
        if len(text) > _MAX_IMPORT:
            reasons = ("文件过大，请分批导入",)
            return ImportReport(
                added=0, updated=0, errors=(RowError(line=1, licence_no="", reasons=reasons),)
            )
        parsed = registry_csv.parse(text)
        with self._writing() as records:
            known = sum(1 for r in parsed.records if r.licence_no in records)
            if parsed.records:
                self._save({**records, **{r.licence_no: r for r in parsed.records}})
        return ImportReport(added=len(parsed.records) - known, updated=known, errors=parsed.errors)

    def list(self) -> tuple[LawyerRecord, ...]:
        """Every lawyer in the order of the licence numbers, without photos."""
        return tuple(self._load().values())

    def _one(self, licence_no: str) -> LawyerRecord:
        if not is_licence_no(licence_no):
            raise LicenceNotFound
        record = self._load().get(licence_no)
        if record is None:
            raise LicenceNotFound
        return record

    def _load(self) -> Mapping[str, LawyerRecord]:
        """The register as the file has it now; a broken file is no register at all."""
        with self._guard:
            try:
                seen = _identity(self._file)
                if seen != self._seen:
                    self._records = _read(self._file)
                    self._seen = seen
            except OSError as problem:
                raise RegistryUnavailable(type(problem).__name__) from problem
            return self._records

    def _photo_path(self, licence_no: str) -> Path:
        return self._folder / "photos" / f"{licence_no}.jpg"

    def _photo(self, licence_no: str) -> bytes:
        try:
            return self._photo_path(licence_no).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as problem:
            raise RegistryUnavailable(type(problem).__name__) from problem

    @contextmanager
    def _writing(self) -> Iterator[Mapping[str, LawyerRecord]]:
        """The present records, with every other writer of any process kept out."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (self._folder / ".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield self._load() if self._file.exists() else {}
        except OSError as problem:
            raise RegistryUnavailable(type(problem).__name__) from problem

    def _save(self, records: Mapping[str, LawyerRecord]) -> None:
        self._write(self._file, registry_csv.render(records.values()).encode())

    def _write(self, path: Path, content: bytes) -> None:
        """Replace a file whole, with a modification time later than the one it had."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _later_than(path, Path(temporary))
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def _identity(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _later_than(old: Path, new: Path) -> None:
    """File times are as coarse as a kernel tick; two writes within one must still differ."""
    if not old.exists():
        return
    before, after = old.stat().st_mtime_ns, new.stat().st_mtime_ns
    if after <= before:
        os.utime(new, ns=(before + 1, before + 1))


def _read(file: Path) -> Mapping[str, LawyerRecord]:
    try:
        parsed = registry_csv.parse(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise RegistryUnavailable("lawyers.csv is not UTF-8") from problem
    if parsed.errors:
        first = parsed.errors[0]
        raise RegistryUnavailable(f"lawyers.csv line {first.line}: {'；'.join(first.reasons)}")
    return {r.licence_no: r for r in parsed.records}
