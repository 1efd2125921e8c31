"""The chain of frames 画面链: what the phone's signature over a batch covers. Pure.

h₀ = SHA-256("lvz-frames:v1:" + id + ":" + nonce), h ← SHA-256(h ‖ SHA-256(jpeg) ‖ uint32be(t) ‖
int8(shown)). A frame that is changed, left out, added or moved changes every later link.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable
from hmac import compare_digest


def first_link(*, session_id: str, nonce: str) -> bytes:
    """Return h₀ (32 bytes); both texts exactly as the phone got them (nonce in base64url)."""
    return hashlib.sha256(f"lvz-frames:v1:{session_id}:{nonce}".encode()).digest()


def next_link(previous: bytes, *, jpeg: bytes, t: int, shown: int) -> bytes:
    """Return the link after one frame; raises `ValueError` for t or shown out of their range."""
    try:
        place = struct.pack(">Ib", t, shown)
    except struct.error as error:
        raise ValueError("t or shown out of range") from error
    return hashlib.sha256(previous + hashlib.sha256(jpeg).digest() + place).digest()


def links_to(claimed: bytes, *, previous: bytes, frames: Iterable[tuple[bytes, int, int]]) -> bool:
    """Tell whether (jpeg, t, shown) frames lead from `previous` to the claimed link."""
    link = previous
    try:
        for jpeg, t, shown in frames:
            link = next_link(link, jpeg=jpeg, t=t, shown=shown)
    except ValueError:
        return False
    return compare_digest(link, claimed)


def signed_message(*, session_id: str, seq: int, chain: bytes) -> bytes:
    """Return what the device key signs for a batch."""
    text = base64.urlsafe_b64encode(chain).rstrip(b"=").decode()
    return f"lvz-frames:v1:{session_id}:{seq}:{text}".encode()
