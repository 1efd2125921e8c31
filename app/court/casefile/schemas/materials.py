"""What materials look like on the wire."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.court.casefile.rules import uploads
from app.court.casefile.rules.file_faults import Fault
from app.court.casefile.rules.file_types import MediaType
from app.court.casefile.rules.uploads import MaterialKind, MaterialState
from app.court.casefile.service.materials import Arrived, MaterialView, NewMaterial
from app.http.body import Digest, Moment, Strict


def _clean(name: str) -> str:
    cleaned = uploads.clean_name(name)
    if not cleaned:
        raise ValueError("nothing is left of the name")
    return cleaned


FileName = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_clean)]


class MaterialIn(Strict):
    """A file that is to come: its name, size in bytes, kind, and SHA-256 where it is known."""

    name: FileName
    size: Annotated[int, Field(ge=1, le=10**12)]
    kind: Annotated[MaterialKind, Field(strict=False)]
    sha256: Digest | None = None

    def new(self) -> NewMaterial:
        """Return it in the domain's form."""
        return NewMaterial(name=self.name, size=self.size, kind=self.kind, sha256=self.sha256)


class MaterialKindOut(BaseModel):
    """A kind of material 材料类别 and its word."""

    kind: MaterialKind
    name: str


class MaterialKindsOut(BaseModel):
    """All of them, in the order in which a form lists them."""

    items: list[MaterialKindOut]

    @classmethod
    def all(cls) -> MaterialKindsOut:
        """Return the closed list."""
        return cls(items=[MaterialKindOut(kind=kind, name=kind.label) for kind in MaterialKind])


class ArrivedOut(BaseModel):
    """A chunk that has arrived."""

    index: int
    sha256: Digest

    @classmethod
    def of(cls, arrived: Arrived) -> ArrivedOut:
        """Show a chunk."""
        return cls(index=arrived.index, sha256=arrived.sha256)


class MaterialFaultOut(BaseModel):
    """Why a file was refused: a code for programs, what is wrong, and what to do."""

    code: Fault
    why: str
    advice: str

    @classmethod
    def of(cls, fault: Fault) -> MaterialFaultOut:
        """Show a fault."""
        return cls(code=fault, why=fault.why, advice=fault.advice)


class MaterialOut(BaseModel):
    """A material 材料. `arrived` only while it is being uploaded, and not in lists.

    `sha256` is of what is kept, `original_sha256` of what was sent: a photo is kept without place
    and owner. `kept_until` is when it is deleted if nothing is done with it.
    """

    id: uuid.UUID
    name: str
    kind: MaterialKind
    kind_name: str
    state: MaterialState
    state_name: str
    size: int
    chunk_size: int
    chunks: int
    arrived: list[ArrivedOut]
    fault: MaterialFaultOut | None
    media_type: MediaType | None
    pages: int | None
    sha256: Digest | None
    original_sha256: Digest | None
    created_at: Moment
    received_at: Moment | None
    by_assistant: bool
    held: bool
    kept_until: Moment | None

    @classmethod
    def of(cls, view: MaterialView) -> MaterialOut:
        """Show a material."""
        shown: dict[str, Any] = vars(view) | {
            "kind_name": view.kind.label,
            "state_name": view.state.label,
            "chunk_size": uploads.CHUNK,
            "chunks": uploads.chunks_of(view.size),
            "arrived": [ArrivedOut.of(chunk) for chunk in view.arrived],
            "fault": None if view.fault is None else MaterialFaultOut.of(view.fault),
        }
        return cls(**shown)


class MaterialsOut(BaseModel):
    """Materials, newest first."""

    items: list[MaterialOut]


class MaterialReceiptOut(BaseModel):
    """A ledger receipt 存证回执: that these bytes had arrived at that time (docs/ledger.md)."""

    ledger: dict[str, Any]
