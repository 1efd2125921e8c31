"""扫一扫 and 我的授权 over HTTP."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.authorization.routes import issuer, services
from app.authorization.schemas.phone import (
    ApproveIn,
    DeclineIn,
    GrantOut,
    GrantsOut,
    GrantsQuery,
    ReceiptOut,
    ScanIn,
    ScanOut,
)
from app.authorization.service.scans import Decision
from app.authorization.service.values import ScanView
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Phone

phone = APIBlueprint("authorization_phone", __name__, tag="扫一扫")


@phone.post("/scans")
@idempotent
@phone.input(ScanIn)
@phone.output(ScanOut, status_code=201)
def scan(json_data: ScanIn) -> ScanOut:
    """Take a scanned request up 扫一扫."""
    return _out(
        services().scans.scan(
            phone=principal(Phone),
            text=json_data.text,
            source=json_data.source,
            scene=json_data.scene,
        )
    )


@phone.get("/scans/<uuid:scan_id>")
@phone.output(ScanOut)
def view(scan_id: uuid.UUID) -> ScanOut:
    """Return how a request stands."""
    return _out(services().scans.view(phone=principal(Phone), scan_id=scan_id))


@phone.post("/scans/<uuid:scan_id>/approve")
@idempotent
@phone.input(ApproveIn)
@phone.output(ScanOut)
def approve(scan_id: uuid.UUID, json_data: ApproveIn) -> ScanOut:
    """Consent 同意."""
    decision = Decision(granted=json_data.granted, iat=json_data.iat, signature=json_data.signature)
    return _out(
        services().scans.approve(
            phone=principal(Phone), scan_id=scan_id, decision=decision, issuer=issuer()
        )
    )


@phone.post("/scans/<uuid:scan_id>/decline")
@idempotent
@phone.input(DeclineIn)
@phone.output(ScanOut)
def decline(scan_id: uuid.UUID, json_data: DeclineIn) -> ScanOut:
    """Decline 不同意, or report 不是我发起的."""
    return _out(
        services().scans.decline(
            phone=principal(Phone), scan_id=scan_id, not_mine=json_data.reason == "not_mine"
        )
    )


@phone.get("/me/grants")
@phone.input(GrantsQuery, location="query")
@phone.output(GrantsOut)
def grants(query_data: GrantsQuery) -> GrantsOut:
    """List what I granted and confirmed."""
    items, following = services().grants.page(phone=principal(Phone), before=query_data.before)
    return GrantsOut(items=[GrantOut.of(item, issuer=issuer()) for item in items], next=following)


@phone.get("/me/grants/<uuid:grant_id>/receipt")
@phone.output(ReceiptOut)
def receipt(grant_id: uuid.UUID) -> ReceiptOut:
    """Return the receipt of a grant."""
    return ReceiptOut.of(services().grants.receipt(phone=principal(Phone), grant_id=grant_id))


@phone.post("/me/grants/<uuid:grant_id>/end")
@idempotent
@phone.output({}, status_code=204)
def end(grant_id: uuid.UUID) -> tuple[str, int]:
    """Withdraw a grant 撤回授权."""
    services().grants.end(phone=principal(Phone), grant_id=grant_id)
    return "", 204


def _out(found: ScanView) -> ScanOut:
    return ScanOut.of(found, issuer=issuer(), at=services().clock.now())
