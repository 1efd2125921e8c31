"""A lawyer's program that uploads a file as the phone does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from app.kernel.signed_message import content_digest
from miniprogram_mock.client.encoding import b64u
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.client.transport import Refusal, Reply

CHUNK = 1 << 20

Material = dict[str, Any]


def begin(
    phone: Phone, data: bytes, *, name: str = "起诉状.pdf", kind: str = "complaint", **more: Any
) -> Material:
    """Say that a file is coming."""
    body = {"name": name, "size": len(data), "kind": kind, **more}
    return phone.call("POST", "/materials", body).json()


def put(phone: Phone, material_id: str, index: int, data: bytes, *, digest: str = "") -> Reply:
    """Send one chunk; raises `Refusal`."""
    headers = {
        "Authorization": f"Bearer {phone._token}",
        "Content-Type": "application/octet-stream",
        "Content-Digest": digest or content_digest(data),
    }
    path = f"/api/v1/materials/{material_id}/chunks/{index}"
    reply = phone._transport.send("PUT", path, headers=headers, body=data)
    if reply.status >= 400:
        raise Refusal(reply)
    return reply


def pieces(data: bytes) -> list[bytes]:
    return [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]


def send(phone: Phone, material: Material, data: bytes, order: Iterable[int] | None = None) -> None:
    """Send the chunks, in the order of the file or in another."""
    parts = pieces(data)
    for index in range(len(parts)) if order is None else order:
        put(phone, material["id"], index, parts[index])


def complete(phone: Phone, material_id: str) -> Material:
    return phone.call("POST", f"/materials/{material_id}/complete").json()


def view(phone: Phone, material_id: str) -> Material:
    return phone.call("GET", f"/materials/{material_id}").json()


def content(phone: Phone, material_id: str) -> Reply:
    return phone.call("GET", f"/materials/{material_id}/content")


def upload(world: Any, phone: Phone, data: bytes, **said: Any) -> Material:
    """A whole upload with its check; the material as it stands afterwards."""
    material = begin(phone, data, **said)
    send(phone, material, data)
    complete(phone, material["id"])
    world.check_files()
    return view(phone, material["id"])


def sha256(data: bytes) -> str:
    return b64u(hashlib.sha256(data).digest())
