"""What the phone sends and reads about scans and grants."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from app.authorization.service.grants import ConsentReceipt, GrantItem
from app.authorization.service.values import ScanView
from app.http.body import Moment, Signature, Strict, milliseconds

Codes = Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=16)]


class ScanIn(Strict):
    """A scanned text, what `wx.scanCode` was asked for, and the launch scene."""

    text: Annotated[str, Field(max_length=512)]
    source: Annotated[str, Field(max_length=16)]
    scene: int | None = None


class ApproveIn(Strict):
    """The decision: attributes granted, and the device's signature over the words shown."""

    granted: Codes
    iat: Annotated[int, Field(ge=0, le=2**40)]
    signature: Signature


class DeclineIn(Strict):
    """No: `not_mine` when the lawyer did not begin this."""

    reason: Annotated[str, Field(pattern="^(no|not_mine)$")]


class ScanOut(BaseModel):
    """A request as the phone shows it."""

    id: uuid.UUID
    state: str
    kind: str
    expires_at: Moment
    server_time_ms: int
    requester: dict[str, Any]
    purpose: dict[str, str]
    retention: str
    attributes: list[dict[str, Any]]
    act: dict[str, Any] | None
    place: str
    acr: str
    face_needed: bool
    number: str | None
    number_done: bool
    second_scan: bool
    statement: list[str]
    result: dict[str, str] | None

    @classmethod
    def of(cls, view: ScanView, *, issuer: str, at: datetime) -> Self:
        """Write a view; `result` is there once an act was confirmed."""
        made = view.confirmation
        result = made and {"confirmation_id": made, "verify_url": f"{issuer}/verify/{made}"}
        more = {"server_time_ms": milliseconds(at), "result": result}
        return cls.model_validate({**vars(view), **more})


class GrantsQuery(Strict):
    """Where a page of grants starts."""

    before: uuid.UUID | None = Field(default=None, strict=False)


class GrantOut(BaseModel):
    """A grant as the list shows it."""

    id: uuid.UUID
    kind: str
    requester: dict[str, Any]
    purpose: dict[str, str]
    attributes: list[dict[str, str]]
    act: dict[str, Any] | None
    retention: str
    created_at: Moment
    expires_at: Moment
    ended_at: Moment | None
    ended_by: str | None
    receipt_ready: bool
    verify_url: str | None

    @classmethod
    def of(cls, item: GrantItem, *, issuer: str) -> Self:
        """Write an item."""
        url = None if item.public_id is None else f"{issuer}/verify/{item.public_id}"
        return cls.model_validate({**vars(item), "receipt_ready": True, "verify_url": url})


class GrantsOut(BaseModel):
    """A page of grants, newest first."""

    items: list[GrantOut]
    next: uuid.UUID | None


class ReceiptOut(BaseModel):
    """A consent receipt: the record, and the record signed."""

    receipt: str
    record: dict[str, Any]
    ledger: dict[str, Any] | None

    @classmethod
    def of(cls, receipt: ConsentReceipt) -> Self:
        """Write a receipt."""
        return cls(
            receipt=receipt.jws,
            record=dict(receipt.record),
            ledger=None if receipt.ledger is None else dict(receipt.ledger),
        )
