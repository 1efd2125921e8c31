"""Issuing over HTTP, and the documents that verifiers fetch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from apiflask import APIBlueprint
from flask import Blueprint, Response, current_app, jsonify, request

from app.http.auth import principal
from app.http.body import written
from app.http.idempotency import idempotent
from app.identity.service.devices import IssueProof
from app.issuance.schemas import CredentialIn, CredentialOut
from app.issuance.service.credentials import Issuance
from app.issuance.service.publication import Publication, Published
from app.kernel.principal import Phone
from app.ports.clock import Clock
from credential.trust import TrustList

phone = APIBlueprint("issuance_phone", __name__, tag="律证码")
well_known = Blueprint("issuance_well_known", __name__)


@dataclass(frozen=True, kw_only=True)
class IssuanceServices:
    """Everything these routes call."""

    issuance: Issuance
    publication: Publication
    trust: TrustList
    clock: Clock


def services() -> IssuanceServices:
    """Return the services that bootstrap wired."""
    return cast(IssuanceServices, current_app.extensions["issuance"])


@phone.post("/credentials")
@idempotent
@phone.input(CredentialIn)
@phone.output(CredentialOut, status_code=201)
def issue(json_data: CredentialIn) -> Response:
    """Issue a credential to this phone's key."""
    issued = services().issuance.issue(
        phone=principal(Phone),
        proof=IssueProof(
            device_id=json_data.device_id, iat=json_data.iat, signature=json_data.signature
        ),
    )
    return written(CredentialOut.of(issued, at=services().clock.now()), status=201)


@well_known.get("/keys")
def key_set() -> Response:
    """Return the issuer keys as a COSE_KeySet signed by the root key."""
    return _document(services().publication.key_set(), mimetype="application/cose")


@well_known.get("/jwks.json")
def jwks() -> Response:
    """Return the issuer keys as a JWKS."""
    response = jsonify(services().publication.jwks())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@well_known.get("/status/1")
def status_list() -> Response:
    """Return the Token Status List as a signed CWT."""
    published = services().publication.status_list(origin=request.host_url.rstrip("/"))
    return _document(published, mimetype="application/statuslist+cwt")


def _document(published: Published, *, mimetype: str) -> Response:
    response = Response(published.body, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response
