"""Materials 材料 over HTTP: for the phone by token; the portal mounts the same views by cookie."""

from __future__ import annotations

import base64
import re
import uuid
from typing import Any, Final

from apiflask import APIBlueprint
from flask import Response, request

from app.court.casefile.errors import ChunkDamaged
from app.court.casefile.routes import services
from app.court.casefile.schemas.materials import (
    MaterialIn,
    MaterialKindsOut,
    MaterialOut,
    MaterialReceiptOut,
    MaterialsOut,
)
from app.court.casefile.service.materials import Materials
from app.http.auth import principal
from app.http.downloads import download
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

materials = APIBlueprint("materials", __name__, tag="材料")

CONTENT_ANSWERS: Final[dict[int | str, Any]] = {
    200: {
        "description": "文件内容",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "image/jpeg", "image/png", "application/ofd")
        },
    }
}

DIGEST: Final = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|$)")


def _service() -> Materials:
    return services().materials


@materials.get("/material-kinds")
@materials.output(MaterialKindsOut)
def kinds() -> MaterialKindsOut:
    """Return the kinds of materials 材料类别."""
    return MaterialKindsOut.all()


@materials.get("/materials")
@materials.output(MaterialsOut)
def loose() -> MaterialsOut:
    """Return what the lawyer uploaded and has not used yet, newest first."""
    found = _service().loose(counsel=principal(Counsel))
    return MaterialsOut(items=[MaterialOut.of(view) for view in found])


@materials.post("/materials")
@idempotent
@materials.input(MaterialIn)
@materials.output(MaterialOut, status_code=201)
def begin(json_data: MaterialIn) -> MaterialOut:
    """Begin the upload of a file."""
    view = _service().begin(counsel=principal(Counsel), new=json_data.new())
    return MaterialOut.of(view)


@materials.get("/materials/<uuid:material_id>")
@materials.output(MaterialOut)
def detail(material_id: uuid.UUID) -> MaterialOut:
    """Return how far a file is: what has arrived, and what the check said."""
    return MaterialOut.of(_service().view(counsel=principal(Counsel), material_id=material_id))


@materials.put("/materials/<uuid:material_id>/chunks/<int:index>")
@materials.output({}, status_code=204)
def receive(material_id: uuid.UUID, index: int) -> tuple[str, int]:
    """Take one chunk of `application/octet-stream`, in any order, as often as it is sent.

    `Content-Digest` (RFC 9530) is required. An answer means that the chunk is kept.
    """
    _service().receive(
        counsel=principal(Counsel),
        material_id=material_id,
        index=index,
        data=request.get_data(cache=False),
        sha256=content_sha256(request.headers.get("Content-Digest", "")),
    )
    return "", 204


@materials.post("/materials/<uuid:material_id>/complete")
@idempotent
@materials.output(MaterialOut, status_code=202)
def complete(material_id: uuid.UUID) -> MaterialOut:
    """End the upload; the file is checked now, and `state` says how that went."""
    view = _service().complete(counsel=principal(Counsel), material_id=material_id)
    return MaterialOut.of(view)


@materials.get("/materials/<uuid:material_id>/content")
@materials.doc(responses=CONTENT_ANSWERS)
def content(material_id: uuid.UUID) -> Response:
    """Return a stored file."""
    found = _service().content(counsel=principal(Counsel), material_id=material_id)
    return download(
        found.pieces, name=found.name, media_type=found.media_type.value, size=found.size
    )


@materials.get("/materials/<uuid:material_id>/receipt")
@materials.output(MaterialReceiptOut)
def receipt(material_id: uuid.UUID) -> MaterialReceiptOut:
    """Return the ledger's receipt of a stored file."""
    found = _service().receipt(counsel=principal(Counsel), material_id=material_id)
    return MaterialReceiptOut(ledger=dict(found.to_json()))


@materials.delete("/materials/<uuid:material_id>")
@materials.output({}, status_code=204)
def discard(material_id: uuid.UUID) -> tuple[str, int]:
    """Delete a material that nothing holds."""
    _service().discard(counsel=principal(Counsel), material_id=material_id)
    return "", 204


def content_sha256(field: str) -> bytes:
    """Return the SHA-256 of a Content-Digest (RFC 9530 §2); raises `ChunkDamaged`."""
    found = DIGEST.search(field)
    if found is None:
        raise ChunkDamaged("no sha-256 in Content-Digest")
    return base64.b64decode(found[1])
