"""What a worker does with materials: judge what has arrived whole, forget what nobody wants."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import BinaryIO, Final

from app.court.casefile.models.materials import Material
from app.court.casefile.queries import materials as queries
from app.court.casefile.rules import file_types, ofd, pictures, uploads
from app.court.casefile.rules.file_faults import Fault, FileRefused
from app.court.casefile.rules.file_types import MediaType
from app.court.casefile.rules.uploads import MaterialState
from app.court.casefile.service.material_files import MaterialFiles
from app.court.casefile.service.materials import CHECK, FORGET, LEDGER_KIND, WHOLE
from app.kernel import outbox
from app.kernel.field_crypto import DataKey, FieldCrypto
from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock
from app.ports.inspection import Finding, Inspection, InspectionRefused
from app.ports.objects import Objects
from app.ports.virus_scan import VirusScan

ORPHANS_AFTER: Final = timedelta(days=1)
SWEPT_AT_ONCE: Final = 200
_FAULTS: Final = {
    Finding.DAMAGED: Fault.DAMAGED,
    Finding.ENCRYPTED: Fault.ENCRYPTED,
    Finding.ACTIVE: Fault.ACTIVE,
    Finding.TOO_COMPLEX: Fault.TOO_COMPLEX,
}


@dataclass(frozen=True, kw_only=True)
class _Job:
    """A file that waits for its check; `chunks` are objects in the order of the file."""

    id: uuid.UUID
    key: DataKey
    size: int
    declared_sha256: bytes | None
    chunks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A file that is taken, as it will be kept."""

    media_type: MediaType
    size: int
    pages: int | None
    original_sha256: bytes
    sha256: bytes
    object_key: str


class MaterialChecks:
    """Checks files. One that is handed to two workers is stored once; the loser's copy goes."""

    def __init__(
        self,
        *,
        clock: Clock,
        crypto: FieldCrypto,
        files: MaterialFiles,
        inspection: Inspection,
        virus_scan: VirusScan,
        ledger: Ledger,
    ) -> None:
        self._clock = clock
        self._crypto = crypto
        self._files = files
        self._inspection = inspection
        self._virus_scan = virus_scan
        self._ledger = ledger

    def handle(self, message: Message) -> None:
        """Check one file; raises what makes sense to try again later."""
        with unit_of_work() as tx:
            job = self._job(tx, uuid.UUID(message.payload["id"]))
        if job is None:
            return
        try:
            judged = self._judge(job)
        except FileRefused as refused:
            self._refuse(job, refused.fault)
            return
        self._keep(job, judged)

    def forget(self, message: Message) -> None:
        """Delete objects that no row refers to any more."""
        self._files.delete(message.payload["keys"])

    def _job(self, tx: Tx, material_id: uuid.UUID) -> _Job | None:
        material = queries.find(tx, material_id)
        if material is None or material.state != MaterialState.CHECKING:
            return None
        return _Job(
            id=material.id,
            key=self._crypto.open_data_key(material.key_wrapped),
            size=material.declared_size,
            declared_sha256=material.declared_sha256,
            chunks=tuple(row.object_key for row in queries.chunks(tx, material.id)),
        )

    def _judge(self, job: _Job) -> _Judged:
        """Put the file together where no name leads to it, judge it, and seal what is kept."""
        with tempfile.TemporaryFile() as file:
            original = self._assemble(job, file)
            if job.declared_sha256 not in (None, original):
                raise FileRefused(Fault.CHANGED)
            media_type = _recognise(file, job.size)
            if self._found_virus(file):
                raise FileRefused(Fault.VIRUS)
            pages = self._look_inside(file, media_type, job.size)
            digest, size = hashlib.sha256(), 0
            file.seek(0)
            for piece in _pieces(file):
                digest.update(piece)
                size += len(piece)
            file.seek(0)
            object_key = self._files.store(
                _pieces(file), key=job.key, material_id=job.id, part=WHOLE
            )
        return _Judged(
            media_type=media_type,
            size=size,
            pages=pages,
            original_sha256=original,
            sha256=digest.digest(),
            object_key=object_key,
        )

    def _assemble(self, job: _Job, file: BinaryIO) -> bytes:
        digest = hashlib.sha256()
        for index, object_key in enumerate(job.chunks):
            part = f"chunk {index}"
            for piece in self._files.read(object_key, key=job.key, material_id=job.id, part=part):
                digest.update(piece)
                file.write(piece)
        return digest.digest()

    def _found_virus(self, file: BinaryIO) -> bool:
        file.seek(0)
        return self._virus_scan.scan(file) is not None

    def _look_inside(self, file: BinaryIO, media_type: MediaType, size: int) -> int | None:
        """Return the pages; a picture's file is exchanged for the one without metadata."""
        file.seek(0)
        if media_type is MediaType.OFD:
            return ofd.examine(file, size=size).pages
        try:
            if media_type is MediaType.PDF:
                return self._inspection.pdf(file).pages
            strip = pictures.strip_jpeg if media_type is MediaType.JPEG else pictures.strip_png
            stripped = strip(file.read())
            file.seek(0)
            file.truncate()
            file.write(stripped)
            self._inspection.picture(file)
        except InspectionRefused as refused:
            raise FileRefused(_FAULTS[refused.finding]) from refused
        return 1

    def _refuse(self, job: _Job, fault: Fault) -> None:
        at = self._clock.now()
        with unit_of_work() as tx:
            material = _still_waiting(tx, job)
            if material is None:
                return
            material.state, material.fault = MaterialState.REFUSED, fault.value
            material.touched_at = at
            gone = queries.delete_chunks(tx, [job.id])
            outbox.enqueue(tx, topic=FORGET, payload={"keys": gone}, at=at)

    def _keep(self, job: _Job, judged: _Judged) -> None:
        at = self._clock.now()
        with unit_of_work() as tx:
            material = _still_waiting(tx, job)
            if material is None:
                gone = [judged.object_key]
            else:
                gone = queries.delete_chunks(tx, [job.id])
                _write(material, judged)
                material.touched_at = at
                self._ledger.append(tx, _event(material, judged))
            outbox.enqueue(tx, topic=FORGET, payload={"keys": gone}, at=at)


class MaterialSweep:
    """Forgets what nobody wants and asks again for checks that did not end."""

    def __init__(self, *, clock: Clock, objects: Objects) -> None:
        self._clock = clock
        self._objects = objects

    def sweep(self) -> None:
        """Do one round."""
        at = self._clock.now()
        with unit_of_work() as tx:
            found = queries.forgotten(
                tx,
                unfinished_before=at - uploads.UNFINISHED_LIFE,
                unused_before=at - uploads.UNUSED_LIFE,
                limit=SWEPT_AT_ONCE,
            )
            gone = queries.delete_materials(tx, found)
            if gone:
                outbox.enqueue(tx, topic=FORGET, payload={"keys": gone}, at=at)
            for waiting in queries.waiting_for_check(tx, before=at - uploads.CHECK_PATIENCE, at=at):
                outbox.enqueue(tx, topic=CHECK, payload={"id": str(waiting)}, at=at)

    def delete_orphans(self) -> None:
        """Delete what a killed process had stored and told nobody of; walks the whole store."""
        old = self._objects.written_before(self._clock.now() - ORPHANS_AFTER)
        while batch := list(islice(old, SWEPT_AT_ONCE)):
            with unit_of_work() as tx:
                known = queries.known_objects(tx, batch)
            for key in set(batch) - known:
                self._objects.delete(key)


def _recognise(file: BinaryIO, size: int) -> MediaType:
    file.seek(0)
    head = file.read(file_types.HEAD)
    file.seek(max(0, size - file_types.TAIL))
    return file_types.recognise(head=head, tail=file.read(), size=size)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(uploads.CHUNK):
        yield piece


def _still_waiting(tx: Tx, job: _Job) -> Material | None:
    material = queries.lock(tx, job.id)
    waits = material is not None and material.state == MaterialState.CHECKING
    return material if waits else None


def _write(material: Material, judged: _Judged) -> None:
    material.state = MaterialState.STORED
    material.name = uploads.shown_name(material.name, judged.media_type)
    material.media_type = judged.media_type.value
    material.size = judged.size
    material.pages = judged.pages
    material.original_sha256 = judged.original_sha256
    material.sha256 = judged.sha256
    material.object_key = judged.object_key


def _event(material: Material, judged: _Judged) -> Event:
    """What the ledger proves: these bytes were here at that time, sent by that lawyer."""
    return Event(
        kind=LEDGER_KIND,
        at=material.received_at or material.touched_at,
        subject=material.lawyer_id,
        place="",
        source_id=material.id,
        details={
            "original_sha256": judged.original_sha256.hex(),
            "sha256": judged.sha256.hex(),
        },
    )
