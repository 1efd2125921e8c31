"""The OpenID provider's endpoints for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.authorization.errors import (
    InvalidRequest,
    InvalidToken,
    OAuthError,
    UnsupportedGrantType,
)
from app.authorization.routes import endpoint, issuer, issuer_of, services
from app.authorization.routes.forms import (
    FORM,
    client,
    client_and_key,
    credentials,
    form,
    proof,
)
from app.authorization.rules import assurance, ticket
from app.authorization.rules.attributes import ATTRIBUTES
from app.authorization.rules.request import SCOPES
from app.authorization.service.pages import ticket_text
from app.authorization.service.requests import DeviceStart
from app.authorization.service.tokens import POLL_INTERVAL, Caller, TokenEndpoint
from app.authorization.service.values import Tokens
from app.http.oauth_errors import oauth_answer
from app.http.question import Question, asked

oauth = Blueprint("authorization_oauth", __name__)
discovery = Blueprint("authorization_discovery", __name__)

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
ALGORITHMS = ["ES256", "EdDSA"]


@oauth.errorhandler(OAuthError)
def refused(error: OAuthError) -> Response:
    """Answer as OAuth clients read it."""
    return oauth_answer(error)


@oauth.post("/par")
def push() -> Response:
    """Take in a pushed authorization request (RFC 9126)."""
    question = asked()
    given = form(question)
    party, jkt = client_and_key(question, given)
    uri, life = services().requests.push(party=party, given=given, jkt=jkt)
    return _answer({"request_uri": uri, "expires_in": life}, status=201)


@oauth.post("/token")
def token() -> Response:
    """Give tokens (RFC 6749 §3.2)."""
    return _answer(tokens_for(asked()))


def tokens_for(question: Question) -> dict[str, Any]:
    """Return the answer of the token endpoint."""
    given = form(question)
    party, jkt = client_and_key(question, given)
    caller = Caller(party=party, jkt=jkt, issuer=issuer_of(question))
    give = GRANTS.get(given.get("grant_type", ""))
    if give is None:
        raise UnsupportedGrantType if "grant_type" in given else InvalidRequest("grant_type")
    return give(services().tokens, caller, given).to_json()


@oauth.post("/device_authorization")
def device_authorization() -> Response:
    """Begin at an enrolled terminal (RFC 8628 §3.1); `lvz_qr` lets it draw the changing code."""
    question = asked()
    given = form(question)
    party, jkt = client_and_key(question, given)
    started = services().requests.begin_at_terminal(
        party=party, given=given, jkt=jkt, address=request.remote_addr or ""
    )
    return _answer(_started(started))


@oauth.post("/introspect")
def introspect() -> Response:
    """Tell whether a token lives (RFC 7662)."""
    return _answer(introspection_of(asked()))


def introspection_of(question: Question) -> dict[str, Any]:
    """Return the answer of the introspection endpoint."""
    given = form(question)
    return services().access.introspect(
        credentials(question, given), token=_needed(given, "token"), endpoint=endpoint(question)
    )


@oauth.post("/revoke")
def revoke() -> Response:
    """Revoke a token (RFC 7009); an unknown one is no error."""
    question = asked()
    given = form(question)
    party = client(question, given)
    services().access.revoke(party=party, token=_needed(given, "token"))
    return _answer({})


@oauth.get("/userinfo")
@oauth.post("/userinfo")
def userinfo() -> Response:
    """Return what the lawyer granted (OpenID Connect Core §5.3)."""
    return _answer(facts_for(asked()))


def facts_for(question: Question) -> dict[str, Any]:
    """Return the answer of the userinfo endpoint."""
    scheme, _, value = (question.header("AUTHORIZATION") or "").partition(" ")
    if not value and question.method == "POST" and question.mimetype == FORM:
        scheme, value = "bearer", form(question).get("access_token", "")
    if scheme.lower() not in ("bearer", "dpop") or not value:
        raise InvalidToken("no token")
    return services().access.userinfo(
        token=value,
        scheme=scheme.lower(),
        proof=proof(question),
        url=endpoint(question).url,
        method=question.method,
    )


@oauth.get("/jwks")
def jwks() -> Response:
    """Return the keys that sign tokens, receipts and confirmations."""
    return _public(services().keys.jwks())


@discovery.get("/openid-configuration")
@discovery.get("/oauth-authorization-server")
def configuration() -> Response:
    """Describe the provider (OpenID Connect Discovery §3, RFC 8414)."""
    at = issuer()
    return _public(
        {
            "issuer": at,
            **{f"{name}_endpoint": f"{at}/oauth/{path}" for name, path in ENDPOINTS.items()},
            "jwks_uri": f"{at}/oauth/jwks",
            **CAPABILITIES,
        }
    )


ENDPOINTS = {
    "authorization": "authorize",
    "token": "token",
    "pushed_authorization_request": "par",
    "device_authorization": "device_authorization",
    "userinfo": "userinfo",
    "introspection": "introspect",
    "revocation": "revoke",
    "end_session": "logout",
}
CAPABILITIES: Mapping[str, Any] = {
    "scopes_supported": list(SCOPES),
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        DEVICE_GRANT,
    ],
    "subject_types_supported": ["pairwise"],
    "id_token_signing_alg_values_supported": ["ES256"],
    "token_endpoint_auth_methods_supported": METHODS,
    "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
    "introspection_endpoint_auth_methods_supported": METHODS,
    "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
    "revocation_endpoint_auth_methods_supported": METHODS,
    "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
    "dpop_signing_alg_values_supported": ALGORITHMS,
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
    "authorization_details_types_supported": ["lawyer_identity", "practice_act"],
    "acr_values_supported": list(assurance.LEVELS),
    "claims_supported": [
        "sub", "iss", "auth_time", "acr", "amr", "sid", "practice_status_as_of", *ATTRIBUTES
    ],
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
}  # fmt: skip


def _by_code(endpoint: TokenEndpoint, caller: Caller, given: Mapping[str, str]) -> Tokens:
    return endpoint.by_code(
        caller=caller,
        code=_needed(given, "code"),
        redirect_uri=_needed(given, "redirect_uri"),
        code_verifier=_needed(given, "code_verifier"),
    )


def _by_refresh_token(endpoint: TokenEndpoint, caller: Caller, given: Mapping[str, str]) -> Tokens:
    return endpoint.by_refresh_token(
        caller=caller, token=_needed(given, "refresh_token"), scope=given.get("scope", "")
    )


def _by_device_code(endpoint: TokenEndpoint, caller: Caller, given: Mapping[str, str]) -> Tokens:
    return endpoint.by_device_code(caller=caller, device_code=_needed(given, "device_code"))


def _by_client(endpoint: TokenEndpoint, caller: Caller, given: Mapping[str, str]) -> Tokens:
    return endpoint.by_client_credentials(caller=caller, scope=given.get("scope", ""))


Give = Callable[[TokenEndpoint, Caller, Mapping[str, str]], Tokens]
GRANTS: Mapping[str, Give] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh_token,
    "client_credentials": _by_client,
    DEVICE_GRANT: _by_device_code,
}


def _started(started: DeviceStart) -> dict[str, Any]:
    return {
        "device_code": started.device_code,
        "user_code": started.user_code,
        "verification_uri": f"{issuer()}/s/",
        "verification_uri_complete": ticket_text(
            origin=issuer(),
            ticket_bytes=started.ticket_bytes,
            seed=started.seed,
            created_at=started.started_at,
            at=started.started_at,
        ),
        "expires_in": started.expires_in,
        "interval": int(POLL_INTERVAL.total_seconds()),
        "lvz_qr": {
            "ticket": started.ticket,
            "secret": started.seed.hex(),
            "step_ms": int(ticket.STEP.total_seconds() * 1000),
            "started_at_ms": int(started.started_at.timestamp() * 1000),
        },
    }


def _needed(given: Mapping[str, str], name: str) -> str:
    if name not in given:
        raise InvalidRequest(f"{name} is missing")
    return given[name]


def _answer(body: Mapping[str, Any], *, status: int = 200) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _public(body: Mapping[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
