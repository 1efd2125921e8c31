"""Reading OAuth requests: forms without repetitions, and who the client says it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_plus

from flask import request
from werkzeug.datastructures import MultiDict

from app.authorization.errors import InvalidClient, InvalidProof, InvalidRequest
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.routes import endpoint, services
from app.authorization.rules.jose import take_apart
from app.authorization.rules.relying_party import AuthMethod
from app.authorization.service.client_authentication import ASSERTION_TYPE, ClientCredentials


def form() -> dict[str, str]:
    """Return a posted form; parameters in the URL or repeated are refused (RFC 6749 §3.2)."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise InvalidRequest("application/x-www-form-urlencoded is expected")
    if request.args:
        raise InvalidRequest("parameters do not belong into the URL")
    return single(request.form)


def single(values: MultiDict[str, str]) -> dict[str, str]:
    """Return each parameter's one value; empty ones count as left out (RFC 6749 §3.1)."""
    if any(len(given) > 1 for _, given in values.lists()):
        raise InvalidRequest("a parameter is repeated")
    if any("\x00" in value for value in values.values()):
        raise InvalidRequest("NUL")
    return {name: value for name, value in values.items() if value}


def client(given: Mapping[str, str]) -> PartyRow:
    """Return the client, authenticated; raises `InvalidClient`."""
    return services().clients.authenticate(_credentials(given), endpoint=endpoint())


def proof_key() -> str | None:
    """Return the key of this request's DPoP proof, if it has one; raises `InvalidProof`."""
    return services().clients.holder(proof(), method=request.method, url=endpoint().url)


def proof() -> str | None:
    """Return the DPoP header; two of them are none that we know."""
    headers = request.headers.getlist("DPoP")
    if len(headers) > 1 or any("," in header for header in headers):
        raise InvalidProof("more than one proof")
    return headers[0] if headers else None


def _credentials(given: Mapping[str, str]) -> ClientCredentials:
    header = request.headers.get("Authorization", "")
    ways = [bool(header), "client_secret" in given, "client_assertion" in given]
    if sum(ways) != 1:
        raise InvalidClient("exactly one way to authenticate")
    if header:
        found = _basic(header)
    elif "client_secret" in given:
        found = ClientCredentials(
            client_id=given.get("client_id", ""),
            method=AuthMethod.POST,
            secret=given["client_secret"],
        )
    else:
        found = _assertion(given)
    if given.get("client_id", found.client_id) != found.client_id:
        raise InvalidClient("client_id")
    return found


def _basic(header: str) -> ClientCredentials:
    scheme, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidClient("Basic") from error
    client_id, separator, secret = text.partition(":")
    if scheme.lower() != "basic" or not separator or "\x00" in text:
        raise InvalidClient("Basic")
    return ClientCredentials(
        client_id=unquote_plus(client_id), method=AuthMethod.BASIC, secret=unquote_plus(secret)
    )


def _assertion(given: Mapping[str, str]) -> ClientCredentials:
    if given.get("client_assertion_type") != ASSERTION_TYPE:
        raise InvalidClient("client_assertion_type")
    compact = given["client_assertion"]
    token = take_apart(compact)
    subject = None if token is None else token.claims.get("sub")
    if not isinstance(subject, str) or "\x00" in subject:
        raise InvalidClient("assertion")
    return ClientCredentials(client_id=subject, method=AuthMethod.KEY, assertion=compact)
