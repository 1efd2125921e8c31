"""Wire shapes of issuance."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.http.body import Bytes, Moment, Signature, Strict, milliseconds
from app.issuance import rules
from app.issuance.service.credentials import Issued
from credential import short_code


class CredentialIn(Strict):
    """The phone's proof of possession."""

    device_id: Annotated[uuid.UUID, Field(strict=False)]
    iat: Annotated[int, Field(ge=0, le=4_102_444_800)]
    signature: Signature


class ShortCode(BaseModel):
    """What the phone needs for LVZ3."""

    handle: str
    seed: str
    digits: int = short_code.DIGITS
    interval: int = short_code.INTERVAL


class CredentialOut(BaseModel):
    """A fresh credential 律证码凭证."""

    credential: Bytes
    cti: Bytes
    issued_at: Moment
    expires_at: Moment
    renew_after: Moment
    audience: Literal["cn.court"]
    short_code: ShortCode
    server_time_ms: int

    @classmethod
    def of(cls, issued: Issued, *, at: datetime) -> CredentialOut:
        """Build from the domain's value."""
        return cls(
            credential=issued.credential.raw,
            cti=issued.credential.cti,
            issued_at=issued.issued_at,
            expires_at=issued.expires_at,
            renew_after=issued.renew_after,
            audience=rules.AUDIENCE,
            short_code=ShortCode(handle=issued.short_code.handle, seed=issued.short_code.seed),
            server_time_ms=milliseconds(at),
        )
