"""Table of lawyers at work on a PC."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class PortalSession(Base):
    """A lawyer signed in to the portal 律师服务平台 by scanning; stands on the grant of that scan.

    Only the SHA-256 of the cookie is kept. It ends with the grant, with the browser's session, with
    the device, when nobody is at the PC, and when it was seen that the lawyer may not practise.
    """

    __tablename__ = "portal_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer_grant.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
