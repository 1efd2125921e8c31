"""Wire shapes of the published log."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.ledger.service.publication import ConsistencyProof, InclusionProof

Number = Annotated[int, Field(ge=0, lt=1 << 53)]


class _Query(BaseModel):
    """Numbers in a query string."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class InclusionQuery(_Query):
    """Which leaf, in the tree of which size; the newest without one."""

    index: Number
    size: Number | None = None


class ConsistencyQuery(_Query):
    """Between which sizes; up to the newest without `new`."""

    old: Number
    new: Number | None = None


class CheckpointQuery(_Query):
    """Of which size; the newest without one."""

    size: Number | None = None


class InclusionOut(BaseModel):
    """An audit path, from the leaf's sibling upwards; all hashes in base64."""

    index: int
    size: int
    leaf_hash: str
    proof: list[str]

    @classmethod
    def of(cls, found: InclusionProof) -> InclusionOut:
        """Build from the domain's value."""
        return cls(
            index=found.index,
            size=found.size,
            leaf_hash=_b64(found.leaf_hash),
            proof=[_b64(one) for one in found.proof],
        )


class ConsistencyOut(BaseModel):
    """A consistency proof; all hashes in base64."""

    old: int
    new: int
    proof: list[str]

    @classmethod
    def of(cls, found: ConsistencyProof) -> ConsistencyOut:
        """Build from the domain's value."""
        return cls(old=found.old, new=found.new, proof=[_b64(one) for one in found.proof])


class CosignedOut(BaseModel):
    """How many cosignatures were right."""

    accepted: int


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
