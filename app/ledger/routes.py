"""The ledger over HTTP: commitments, proofs and keys, for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from apiflask import APIBlueprint
from flask import Response, current_app, request

from app.ledger.errors import CosignatureRefused, NotInLedger
from app.ledger.schemas import (
    CheckpointQuery,
    ConsistencyOut,
    ConsistencyQuery,
    CosignedOut,
    InclusionOut,
    InclusionQuery,
)
from app.ledger.service.anchoring import Anchoring
from app.ledger.service.audit import Auditor
from app.ledger.service.entries import Ledger
from app.ledger.service.publication import LedgerPublication
from app.ledger.service.sequencer import Sequencer
from app.ledger.service.witnesses import Witnesses
from credential.checkpoint import MAX_NOTE
from credential.errors import Malformed
from credential.tiles import WIDTH, parse_tile_path

log = APIBlueprint("ledger_log", __name__, tag="存证账本")

TEXT = "text/plain; charset=utf-8"
Answers = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
TEXT_ANSWERS: Final[Answers] = {
    200: {"description": "文本", "content": {"text/plain": {"schema": {"type": "string"}}}}
}
TILE_ANSWERS: Final[Answers] = {
    200: {
        "description": "散列块",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True, kw_only=True)
class LedgerServices:
    """Everything these routes call, and what the domains above write to."""

    entries: Ledger
    sequencer: Sequencer
    publication: LedgerPublication
    witnesses: Witnesses
    auditor: Auditor
    anchoring: Anchoring


def services() -> LedgerServices:
    """Return the services that bootstrap wired."""
    return cast(LedgerServices, current_app.extensions["ledger"])


@log.get("/checkpoint")
@log.input(CheckpointQuery, location="query")
@log.doc(responses=TEXT_ANSWERS)
def checkpoint(query_data: CheckpointQuery) -> Response:
    """Return a signed checkpoint (C2SP tlog-checkpoint) with its cosignatures."""
    text = services().publication.checkpoint(size=query_data.size)
    return _published(text.encode(), mimetype=TEXT, cache="no-cache")


@log.get("/tile/<int:level>/<path:number>")
@log.doc(responses=TILE_ANSWERS)
def tile(level: int, number: str) -> Response:
    """Return a tile of hashes by its C2SP path; a partial one ends in `.p/<width>`."""
    try:
        wanted = parse_tile_path(f"{level}/{number}")
    except Malformed as error:
        raise NotInLedger("tile") from error
    hashes = services().publication.tile(wanted)
    full = wanted.width == WIDTH
    cache = "public, max-age=31536000, immutable" if full else "public, max-age=3600"
    return _published(hashes, mimetype="application/octet-stream", cache=cache)


@log.get("/key")
@log.doc(responses=TEXT_ANSWERS)
def key() -> Response:
    """Return the log's public key as a C2SP vkey."""
    text = services().publication.vkey() + "\n"
    return _published(text.encode(), mimetype=TEXT, cache="public, max-age=300")


@log.get("/proof/inclusion")
@log.input(InclusionQuery, location="query")
@log.output(InclusionOut)
def inclusion(query_data: InclusionQuery) -> InclusionOut:
    """Prove that a leaf is in the tree (RFC 9162 §2.1.3)."""
    return InclusionOut.of(
        services().publication.inclusion(index=query_data.index, size=query_data.size)
    )


@log.get("/proof/consistency")
@log.input(ConsistencyQuery, location="query")
@log.output(ConsistencyOut)
def consistency(query_data: ConsistencyQuery) -> ConsistencyOut:
    """Prove that a tree begins with an earlier one (RFC 9162 §2.1.4)."""
    return ConsistencyOut.of(
        services().publication.consistency(old=query_data.old, new=query_data.new)
    )


@log.post("/cosignatures")
@log.output(CosignedOut)
def cosign() -> CosignedOut:
    """Take in a checkpoint of ours (text/plain) that a registered witness cosigned."""
    body = request.get_data(cache=False)
    if len(body) > MAX_NOTE:
        raise CosignatureRefused("too long")
    try:
        note = body.decode()
    except UnicodeDecodeError as error:
        raise CosignatureRefused("not UTF-8") from error
    return CosignedOut(accepted=services().witnesses.add(note))


def _published(body: bytes, *, mimetype: str, cache: str) -> Response:
    response = Response(body, content_type=mimetype)
    response.headers["Cache-Control"] = cache
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
