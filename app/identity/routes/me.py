"""The signed-in phone's own standing, photo and device."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.http.auth import principal
from app.http.body import PHOTO_ANSWERS
from app.http.idempotency import idempotent
from app.identity.errors import PhotoMissing
from app.identity.routes.sessions import services
from app.identity.schemas.phone import Me
from app.kernel.principal import Phone

me = APIBlueprint("identity_me", __name__, tag="我的")


@me.get("/me")
@me.output(Me)
def standing() -> Me:
    """Return the account's standing."""
    identity, phone = services(), principal(Phone)
    return Me.of(
        identity.devices.profile(phone=phone),
        unread=identity.inbox.unread(account_id=phone.account_id),
        at=identity.clock.now(),
    )


@me.get("/me/photo")
@me.doc(responses=PHOTO_ANSWERS)
def photo() -> Response:
    """Return the lawyer's own registry photo."""
    image = services().devices.photo_of_account(phone=principal(Phone))
    if image is None:
        raise PhotoMissing
    return Response(image, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=600"})


@me.post("/me/device/end")
@idempotent
@me.output({}, status_code=204)
def end_device() -> tuple[str, int]:
    """End this lawyer's current device 注销本机."""
    services().devices.end(phone=principal(Phone))
    return "", 204


@me.post("/me/consents/face/withdraw")
@idempotent
@me.output({}, status_code=204)
def withdraw_consent() -> tuple[str, int]:
    """Withdraw the consent to use the face 撤回同意."""
    services().devices.withdraw_face_consent(phone=principal(Phone))
    return "", 204


@me.delete("/sessions/current")
@me.output({}, status_code=204)
def sign_out() -> tuple[str, int]:
    """End this session."""
    services().sign_in.sign_out(phone=principal(Phone))
    return "", 204
