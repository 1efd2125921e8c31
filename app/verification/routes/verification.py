"""Kiosks over HTTP, and the lawyer's view of who verified them."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import Response

from app.http.auth import principal
from app.http.body import PHOTO_ANSWERS, written
from app.http.idempotency import request_key
from app.kernel.principal import Kiosk, Phone
from app.verification.routes import services
from app.verification.schemas.verification import (
    EnrolIn,
    Flag,
    History,
    HistoryItem,
    HistoryQuery,
    KioskOut,
    OfflineIn,
    OfflineOut,
    VerifyIn,
    VerifyOut,
)
from app.verification.service.kiosks import EnrolmentRequest
from app.verification.service.offline import OfflineScan
from app.verification.service.verifications import Question

public = APIBlueprint("verification_public", __name__, tag="鉴证终端")
kiosk = APIBlueprint("verification_kiosk", __name__, tag="鉴证终端")
phone = APIBlueprint("verification_phone", __name__, tag="我的")


@public.post("/kiosks")
@public.input(EnrolIn)
@public.output(KioskOut, status_code=201)
def enrol(json_data: EnrolIn) -> KioskOut:
    """Enrol a kiosk with a one-time code."""
    enrolled = services().kiosks.enrol(
        request=EnrolmentRequest(
            code=json_data.enrolment_code,
            public_key=json_data.public_key,
            iat=json_data.iat,
            signature=json_data.signature,
        )
    )
    return _kiosk_out(enrolled)


@kiosk.get("/kiosks/current")
@kiosk.output(KioskOut)
def current() -> KioskOut:
    """Return the calling kiosk's identity."""
    return _kiosk_out(principal(Kiosk))


@kiosk.post("/verifications")
@kiosk.input(VerifyIn)
@kiosk.output(VerifyOut)
def verify(json_data: VerifyIn) -> Response:
    """Verify a code 一键核验."""
    answer = services().verifications.verify(
        verifier=principal(Kiosk),
        question=Question(
            text=json_data.text,
            nonce=json_data.nonce,
            request_key=request_key(),
        ),
    )
    return written(VerifyOut.of(answer))


@kiosk.get("/verifications/<uuid:verification_id>/photo")
@kiosk.doc(responses=PHOTO_ANSWERS)
def photo(verification_id: uuid.UUID) -> Response:
    """Return the registry photo of the lawyer just accepted here."""
    image = services().verifications.photo(kiosk=principal(Kiosk), verification_id=verification_id)
    return Response(image, mimetype="image/jpeg")


@kiosk.post("/verifications/offline")
@kiosk.input(OfflineIn)
@kiosk.output(OfflineOut)
def upload(json_data: OfflineIn) -> OfflineOut:
    """Take in what the kiosk decided offline; repeating is harmless."""
    scans = [
        OfflineScan(
            id=item.id,
            text=item.text,
            at=item.at,
            accepted=item.outcome != "refused",
            code=item.code,
        )
        for item in json_data.items
    ]
    done = services().offline.upload(kiosk=principal(Kiosk), scans=scans)
    flags = [Flag(id=scan_id, code=code) for scan_id, code in done.flagged.items()]
    return OfflineOut(accepted=done.stored, flagged=flags)


@phone.get("/me/verifications")
@phone.input(HistoryQuery, location="query")
@phone.output(History)
def history(query_data: HistoryQuery) -> History:
    """Return who verified me, when and where."""
    items, following = services().history.page(phone=principal(Phone), before=query_data.before)
    return History(items=[HistoryItem.of(item) for item in items], next=following)


def _kiosk_out(enrolled: Kiosk) -> KioskOut:
    return KioskOut.of(
        enrolled, root_key=services().publication.root_key(), at=services().clock.now()
    )
