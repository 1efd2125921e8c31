"""Materials 材料: uploaded in chunks, checked, kept, and held by what they were uploaded for."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.court.casefile.errors import (
    ChunkDamaged,
    ChunkDiffers,
    ChunkUnfit,
    MaterialClosed,
    MaterialHeld,
    MaterialIncomplete,
    MaterialNotStored,
    MaterialTooLarge,
    MaterialUnknown,
    TooManyMaterials,
)
from app.court.casefile.models.materials import Material, MaterialChunk
from app.court.casefile.queries import materials as queries
from app.court.casefile.rules import uploads
from app.court.casefile.rules.file_faults import Fault
from app.court.casefile.rules.file_types import MediaType
from app.court.casefile.rules.uploads import MaterialKind, MaterialState
from app.court.casefile.service.material_files import MaterialFiles
from app.kernel import outbox
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Ledger, Receipt
from app.ports.clock import Clock
from app.ports.entropy import Entropy

CHECK: Final = "material-check"
FORGET: Final = "material-objects"
LEDGER_KIND: Final = "material.stored"
WHOLE: Final = "whole"
PAGE: Final = 100
MOST_NAMED: Final = 20


@dataclass(frozen=True, kw_only=True)
class NewMaterial:
    """What a lawyer says of a file before it comes; `name` is clean already."""

    name: str
    size: int
    kind: MaterialKind
    sha256: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A chunk that is here for good."""

    index: int
    sha256: bytes


@dataclass(frozen=True, kw_only=True)
class MaterialView:
    """A material as people see it. `size` is what was declared until the file is stored."""

    id: uuid.UUID
    name: str
    kind: MaterialKind
    state: MaterialState
    size: int
    arrived: tuple[Arrived, ...]
    fault: Fault | None
    media_type: MediaType | None
    pages: int | None
    sha256: bytes | None
    original_sha256: bytes | None
    created_at: datetime
    received_at: datetime | None
    by_assistant: bool
    held: bool
    kept_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class MaterialContent:
    """A stored file, to be read once."""

    name: str
    media_type: MediaType
    size: int
    pieces: Iterator[bytes]


class Materials:
    """Use cases of materials. Other parts of the court hold them by `attach` and read by `open`."""

    def __init__(
        self,
        *,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
        files: MaterialFiles,
        ledger: Ledger,
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto
        self._files = files
        self._ledger = ledger

    # --- by the lawyer -----------------------------------------------------------------------

    def begin(self, *, counsel: Counsel, new: NewMaterial) -> MaterialView:
        """Begin an upload; raises `MaterialTooLarge`, `TooManyMaterials`."""
        limit = uploads.too_large_for_name(name=new.name, size=new.size)
        if limit is not None:
            raise MaterialTooLarge(limit=limit)
        at = self._clock.now()
        with unit_of_work() as tx:
            count, total = queries.loose(tx, licence_no=counsel.licence_no)
            if count >= uploads.MOST_LOOSE or total + new.size > uploads.MOST_LOOSE_BYTES:
                raise TooManyMaterials
            material = self._row(counsel, new, at)
            tx.add(material)
            return _view(material, chunks=(), held=False)

    def receive(
        self, *, counsel: Counsel, material_id: uuid.UUID, index: int, data: bytes, sha256: bytes
    ) -> None:
        """Keep a chunk; when this returns no crash loses it. The same chunk again changes nothing.

        Raises `MaterialUnknown`, `MaterialClosed`, `ChunkUnfit`, `ChunkDamaged`, `ChunkDiffers`.
        """
        if hashlib.sha256(data).digest() != sha256:
            raise ChunkDamaged
        with unit_of_work() as tx:
            material = _own(queries.find(tx, material_id), counsel)
            key = self._crypto.open_data_key(material.key_wrapped)
            if uploads.chunk_length(size=material.declared_size, index=index) != len(data):
                raise ChunkUnfit
            if _is_here(tx, material, index, sha256):
                return
        object_key = self._files.store(
            [data], key=key, material_id=material_id, part=f"chunk {index}"
        )
        try:
            self._note(counsel, material_id, Arrived(index=index, sha256=sha256), object_key)
        except (MaterialUnknown, MaterialClosed, ChunkDiffers):
            self._files.delete([object_key])
            raise

    def complete(self, *, counsel: Counsel, material_id: uuid.UUID) -> MaterialView:
        """End an upload and have it checked; again, or at once from two sides, changes nothing.

        Raises `MaterialUnknown`, `MaterialIncomplete`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            material = _own(queries.lock(tx, material_id), counsel)
            if material.state == MaterialState.UPLOADING:
                here = {chunk.index for chunk in queries.chunks(tx, material_id)}
                missing = uploads.missing(size=material.declared_size, arrived=here)
                if missing:
                    raise MaterialIncomplete(missing=missing[:MOST_NAMED])
                material.state = MaterialState.CHECKING
                material.received_at = material.touched_at = at
                outbox.enqueue(tx, topic=CHECK, payload={"id": str(material_id)}, at=at)
            return _shown(tx, material)

    def view(self, *, counsel: Counsel, material_id: uuid.UUID) -> MaterialView:
        """Return a material with what has arrived; raises `MaterialUnknown`."""
        with unit_of_work() as tx:
            return _shown(tx, _own(queries.find(tx, material_id), counsel))

    def loose(self, *, counsel: Counsel) -> list[MaterialView]:
        """Return what the lawyer uploaded and nothing holds, newest first."""
        with unit_of_work() as tx:
            found = queries.of_lawyer(tx, licence_no=counsel.licence_no, limit=PAGE)
            return [_view(row, chunks=(), held=False) for row in found]

    def content(self, *, counsel: Counsel, material_id: uuid.UUID) -> MaterialContent:
        """Open the lawyer's own file; raises `MaterialUnknown`, `MaterialNotStored`."""
        with unit_of_work() as tx:
            _own(queries.find(tx, material_id), counsel)
            return self.open(tx, material_id=material_id)

    def receipt(self, *, counsel: Counsel, material_id: uuid.UUID) -> Receipt:
        """Return the ledger's receipt of a stored file; raises as `content`."""
        with unit_of_work() as tx:
            _stored(_own(queries.find(tx, material_id), counsel))
        receipt = self._ledger.receipt(source_id=material_id, kind=LEDGER_KIND)
        if receipt is None:
            raise LookupError("a stored material has no entry")
        return receipt

    def discard(self, *, counsel: Counsel, material_id: uuid.UUID) -> None:
        """Delete a material that nothing holds; raises `MaterialUnknown`, `MaterialHeld`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            _own(queries.lock(tx, material_id), counsel)
            if queries.is_held(tx, material_id):
                raise MaterialHeld
            self._forget(tx, queries.delete_materials(tx, [material_id]), at)

    # --- by other parts of the court, in their transactions ------------------------------------

    def attach(
        self, tx: Tx, *, counsel: Counsel, material_id: uuid.UUID, holder: str, holder_id: uuid.UUID
    ) -> MaterialView:
        """Let something ("filing", "representation", …) hold a stored material of the caller's.

        Again changes nothing. Raises `MaterialUnknown`, `MaterialNotStored`.
        """
        material = _stored(_own(queries.lock(tx, material_id), counsel))
        at = self._clock.now()
        queries.attach(tx, material_id=material_id, holder=holder, holder_id=holder_id, at=at)
        return _view(material, chunks=(), held=True)

    def detach(self, tx: Tx, *, material_id: uuid.UUID, holder: str, holder_id: uuid.UUID) -> None:
        """Let something go of a material, which is the lawyer's alone again."""
        material = queries.lock(tx, material_id)
        if material is not None:
            material.touched_at = self._clock.now()
            queries.detach(tx, material_id=material_id, holder=holder, holder_id=holder_id)

    def held_by(self, tx: Tx, *, holder: str, holder_id: uuid.UUID) -> list[MaterialView]:
        """Return what something holds, as attached; who may see it, the caller has judged."""
        found = queries.held_by(tx, holder=holder, holder_id=holder_id)
        return [_view(row, chunks=(), held=True) for row in found]

    def open(self, tx: Tx, *, material_id: uuid.UUID) -> MaterialContent:
        """Open a stored file for whom the caller has judged; it is read after the transaction.

        Raises `MaterialUnknown`, `MaterialNotStored`, `ObjectMissing`, `ObjectsUnavailable`.
        """
        material = queries.find(tx, material_id)
        if material is None:
            raise MaterialUnknown
        object_key, media_type = _stored(material).object_key, material.media_type
        if object_key is None or media_type is None or material.size is None:
            raise MaterialNotStored
        key = self._crypto.open_data_key(material.key_wrapped)
        return MaterialContent(
            name=material.name,
            media_type=MediaType(media_type),
            size=material.size,
            pieces=self._files.read(object_key, key=key, material_id=material.id, part=WHOLE),
        )

    # -------------------------------------------------------------------------------------------

    def _note(
        self, counsel: Counsel, material_id: uuid.UUID, chunk: Arrived, object_key: str
    ) -> None:
        """Write down that a chunk lies in the store; raises as `receive`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            material = _own(queries.lock(tx, material_id), counsel)
            if _is_here(tx, material, chunk.index, chunk.sha256):  # another request was quicker
                self._forget(tx, [object_key], at)
                return
            material.touched_at = at
            tx.add(MaterialChunk(material_id=material_id, **vars(chunk), object_key=object_key))

    def _row(self, counsel: Counsel, new: NewMaterial, at: datetime) -> Material:
        assistant = counsel.assistant
        return Material(
            id=self._entropy.uuid(),
            licence_no=counsel.licence_no,
            lawyer_id=counsel.lawyer_id,
            assistant_id=None if assistant is None else assistant.assistant_id,
            kind=new.kind.value,
            name=new.name,
            declared_size=new.size,
            declared_sha256=new.sha256,
            key_wrapped=self._crypto.new_data_key().wrapped,
            state=MaterialState.UPLOADING.value,
            created_at=at,
            touched_at=at,
        )

    @staticmethod
    def _forget(tx: Tx, object_keys: Sequence[str], at: datetime) -> None:
        """Have objects deleted once the transaction that forgot them is there."""
        if object_keys:
            outbox.enqueue(tx, topic=FORGET, payload={"keys": list(object_keys)}, at=at)


def _own(material: Material | None, counsel: Counsel) -> Material:
    """Return the caller's material; another lawyer's does not exist for him."""
    if material is None or material.licence_no != counsel.licence_no:
        raise MaterialUnknown
    return material


def _stored(material: Material) -> Material:
    if material.state != MaterialState.STORED:
        raise MaterialNotStored(state=material.state)
    return material


def _is_here(tx: Tx, material: Material, index: int, sha256: bytes) -> bool:
    """Whether the chunk has arrived; raises `MaterialClosed`, `ChunkDiffers`."""
    if material.state != MaterialState.UPLOADING:
        raise MaterialClosed(state=material.state)
    here = queries.chunk_digest(tx, material_id=material.id, index=index)
    if here is not None and here != sha256:
        raise ChunkDiffers
    return here is not None


def _shown(tx: Tx, material: Material) -> MaterialView:
    rows = queries.chunks(tx, material.id)
    return _view(material, chunks=rows, held=queries.is_held(tx, material.id))


def _view(material: Material, *, chunks: Sequence[MaterialChunk], held: bool) -> MaterialView:
    state = MaterialState(material.state)
    return MaterialView(
        id=material.id,
        name=material.name,
        kind=MaterialKind(material.kind),
        state=state,
        size=material.declared_size if material.size is None else material.size,
        arrived=tuple(Arrived(index=row.index, sha256=row.sha256) for row in chunks),
        fault=None if material.fault is None else Fault(material.fault),
        media_type=None if material.media_type is None else MediaType(material.media_type),
        pages=material.pages,
        sha256=material.sha256,
        original_sha256=material.original_sha256,
        created_at=material.created_at,
        received_at=material.received_at,
        by_assistant=material.assistant_id is not None,
        held=held,
        kept_until=uploads.kept_until(state=state, touched_at=material.touched_at, attached=held),
    )
