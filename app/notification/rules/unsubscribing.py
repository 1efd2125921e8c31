"""The link that ends e-mails 退订链接: it names a consent, and nobody else can make one."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from hmac import compare_digest

Mac = Callable[[str], bytes]
_LENGTH = 32


def token(consent_id: uuid.UUID, *, mac: Mac) -> str:
    """Write the 16 bytes of the id and the 16 of its MAC."""
    return base64.urlsafe_b64encode(consent_id.bytes + mac(str(consent_id))).decode().rstrip("=")


def consent_of(token: str, *, mac: Mac) -> uuid.UUID | None:
    """Return the consent that a token names; None for one that we did not write."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != _LENGTH:
        return None
    consent_id = uuid.UUID(bytes=raw[:16])
    return consent_id if compare_digest(raw[16:], mac(str(consent_id))) else None
