"""Public doors: the clock, signing in, the consent text."""

from __future__ import annotations

from typing import cast

from apiflask import APIBlueprint
from flask import current_app, request

from app.http.body import milliseconds
from app.identity.schemas.phone import ConsentText, Me, SignedIn, SignInIn, Time
from app.identity.service import IdentityServices

public = APIBlueprint("identity_public", __name__, tag="登录")


def services() -> IdentityServices:
    """Return the services that bootstrap wired."""
    return cast(IdentityServices, current_app.extensions["identity"])


@public.get("/time")
@public.output(Time)
def time() -> Time:
    """Return the server's clock; phones and kiosks correct theirs by it."""
    return Time(server_time_ms=milliseconds(services().clock.now()))


@public.post("/sessions")
@public.input(SignInIn)
@public.output(SignedIn, status_code=201)
def sign_in(json_data: SignInIn) -> SignedIn:
    """Exchange the code of `wx.login` for a session."""
    identity = services()
    signed_in = identity.sign_in.sign_in(
        js_code=json_data.code, caller=request.remote_addr or "unknown"
    )
    now = identity.clock.now()
    profile = identity.devices.profile(phone=signed_in.phone)
    unread = identity.inbox.unread(account_id=signed_in.phone.account_id)
    return SignedIn(
        token=signed_in.token,
        expires_at=signed_in.expires_at,
        server_time_ms=milliseconds(now),
        me=Me.of(profile, unread=unread, at=now),
    )


@public.get("/consents/face")
@public.output(ConsentText)
def face_consent() -> ConsentText:
    """Return the text of the separate consent to use the face."""
    return ConsentText()
