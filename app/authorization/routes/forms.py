"""Reading OAuth requests: forms without repetitions, and who the client says it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from app.authorization.errors import InvalidClient, InvalidProof, InvalidRequest
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.routes import endpoint, services
from app.authorization.rules.jose import take_apart
from app.authorization.rules.relying_party import AuthMethod
from app.authorization.service.client_authentication import ASSERTION_TYPE, ClientCredentials
from app.http.question import Question

FORM: Final = "application/x-www-form-urlencoded"
MOST: Final = 100  # parameters; no request of ours has twenty


def form(question: Question) -> dict[str, str]:
    """Return a posted form; parameters in the URL or repeated are refused (RFC 6749 §3.2)."""
    if question.mimetype != FORM:
        raise InvalidRequest(f"{FORM} is expected")
    if question.query:
        raise InvalidRequest("parameters do not belong into the URL")
    try:
        text = question.body().decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except ValueError as error:
        raise InvalidRequest("the form is malformed") from error
    return single(pairs)


def single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return each parameter's one value; empty ones count as left out (RFC 6749 §3.1)."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidRequest("a parameter is repeated")
        if "\x00" in value:
            raise InvalidRequest("NUL")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def client(question: Question, given: Mapping[str, str]) -> PartyRow:
    """Return the client, authenticated; raises `InvalidClient`."""
    found = credentials(question, given)
    return services().clients.authenticate(found, endpoint=endpoint(question))


def client_and_key(question: Question, given: Mapping[str, str]) -> tuple[PartyRow, str | None]:
    """Return the client and the key of its DPoP proof, if there is one, of this POST.

    Raises `InvalidClient` or `InvalidProof`.
    """
    return services().clients.authenticate_holder(
        credentials(question, given), proof(question), endpoint=endpoint(question)
    )


def proof(question: Question) -> str | None:
    """Return the DPoP header; two of them are none that we know."""
    header = question.header("DPOP")
    if header is not None and "," in header:
        raise InvalidProof("more than one proof")
    return header


def credentials(question: Question, given: Mapping[str, str]) -> ClientCredentials:
    """Return who the client says it is, and by what; raises `InvalidClient`."""
    header = question.header("AUTHORIZATION") or ""
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
    token = take_apart(given["client_assertion"])
    subject = None if token is None else token.claims.get("sub")
    if not isinstance(subject, str) or "\x00" in subject:
        raise InvalidClient("assertion")
    return ClientCredentials(client_id=subject, method=AuthMethod.KEY, assertion=token)
