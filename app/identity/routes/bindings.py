"""绑定 over HTTP."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.identity.routes.sessions import services
from app.identity.schemas.phone import BindingIn, BindingOut
from app.identity.service.bindings import BindingRequest
from app.kernel.identifiers import normalise_identifier
from app.kernel.principal import Phone

bindings = APIBlueprint("identity_bindings", __name__, tag="绑定")


@bindings.post("/bindings")
@idempotent
@bindings.input(BindingIn)
@bindings.output(BindingOut, status_code=201)
def apply(json_data: BindingIn) -> BindingOut:
    """Apply to bind this phone to a licence."""
    pending = services().bindings.apply(phone=principal(Phone), request=_request(json_data))
    return BindingOut.of(pending)


@bindings.post("/bindings/<uuid:binding_id>/officer")
@idempotent
@bindings.output(BindingOut)
def use_officer(binding_id: uuid.UUID) -> BindingOut:
    """Go on at a court hall, without the face."""
    pending = services().bindings.use_officer(phone=principal(Phone), binding_id=binding_id)
    return BindingOut.of(pending)


@bindings.delete("/bindings/<uuid:binding_id>")
@bindings.output({}, status_code=204)
def cancel(binding_id: uuid.UUID) -> tuple[str, int]:
    """Withdraw the application."""
    services().bindings.cancel(phone=principal(Phone), binding_id=binding_id)
    return "", 204


def _request(body: BindingIn) -> BindingRequest:
    return BindingRequest(
        licence_no=normalise_identifier(body.licence_no),
        name=body.name.strip(),
        identity_no=normalise_identifier(body.identity_no),
        way=body.way,
        consent_sha256=None if body.consent is None else body.consent.sha256,
        public_key=body.device.public_key,
        assurance=body.device.assurance,
        iat=body.device.iat,
        signature=body.device.signature,
    )
