"""The two OpenID providers side by side: their clients, and requests signed ahead of time.

What a client signs, and what a login would have left behind (grants and codes), is made before
it is measured; a provider is asked over HTTP only for what is.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode

from app.authorization.models.grants import AuthorizationCode, Grant
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import assurance, jose, lifetimes
from app.authorization.rules import request as rules
from app.authorization.rules.relying_party import AuthMethod, Registration, Tier
from app.authorization.service.relying_parties import digest
from app.cli.run import free_port
from app.identity.models import Device
from app.kernel.unit_of_work import unit_of_work
from bench._world import World
from bench.http import ROOT, Server, request, serving
from credential.keys import SoftwareSigner
from miniprogram_mock.client.encoding import new_key

PEERS = ROOT / "build" / "peers"
CALLBACK = "https://rp.example/cb"
VERIFIER = "v" * 43
ATTRIBUTES = ("name", "practice_status")
PARTY_SCOPE = "party"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Client:
    """A registered client: with a secret, or with a key and a second one for its tokens."""

    client_id: str
    secret: str | None = None
    key: SoftwareSigner | None = None
    dpop: SoftwareSigner | None = None

    @property
    def jkt(self) -> str | None:
        """Return the name of the key that its tokens are bound to."""
        return None if self.dpop is None else jose.thumbprint(self.dpop.public.to_jwk())


class Provider(Protocol):
    """A provider under measurement. `plain` has a secret, `fapi` signs everything."""

    server: Server
    plain: Client
    fapi: Client
    token: str
    introspection: str
    userinfo: str
    resource: str | None

    def codes(self, client: Client, count: int) -> list[str]:
        """Return authorization codes as logins would have made them."""
        ...

    def tokens(self, count: int) -> list[str]:
        """Return access tokens of `plain`."""
        ...


# --- ours ----------------------------------------------------------------------------------------


class Ours:
    """Our provider: served with PostgreSQL and Valkey, as it always is."""

    token, introspection, userinfo = "/oauth/token", "/oauth/introspect", "/oauth/userinfo"
    resource: str | None = None

    def __init__(self, product: World, server: Server) -> None:
        self.server = server
        self._product = product
        self._tokens: list[str] = []
        self._tokens_until = 0.0
        self._phones = [one.device_id for one in product.phones(50)]
        self.plain = self._register(Tier.PLAIN, AuthMethod.BASIC, None)
        self.fapi = self._register(Tier.FAPI, AuthMethod.KEY, new_key())

    def _register(self, tier: Tier, method: AuthMethod, key: SoftwareSigner | None) -> Client:
        jwks = None if key is None else {"keys": [{**key.public.to_jwk(), "kid": "k1"}]}
        registration = Registration(
            legal_name="北京某某法律服务平台",
            uscc="91110105MA01A2B325",
            domain="rp.example",
            tier=tier,
            auth_method=method,
            redirect_uris=(CALLBACK,),
            attributes=ATTRIBUTES,
            jwks=jwks,
        )
        with self._product.app.app_context():
            parties = self._product.services.authorization.relying_parties
            made = parties.register(registration=registration)
        return Client(
            client_id=made.client_id,
            secret=made.secret,
            key=key,
            dpop=None if key is None else new_key(),
        )

    def codes(self, client: Client, count: int) -> list[str]:
        """Write grants and a code for each of them."""
        made = []
        with self._product.app.app_context():
            party = self._product.services.authorization.relying_parties.recognise(client.client_id)
            asked = authorization_request(party).with_jkt(client.jkt)
            with unit_of_work() as tx:
                for number in range(count):
                    device = tx.get_one(Device, self._phones[number % len(self._phones)])
                    grant = grant_of(device, asked, issuer=self.server.origin)
                    code = os.urandom(32).hex()
                    tx.add(grant)
                    tx.flush()
                    tx.add(code_of(grant, asked, code))
                    made.append(code)
        return made

    def tokens(self, count: int) -> list[str]:
        """Redeem as many codes; the tokens serve for half their life."""
        if len(self._tokens) < count or time.monotonic() > self._tokens_until:
            self._tokens = self._redeem(count)
            self._tokens_until = time.monotonic() + lifetimes.ACCESS_TOKEN.total_seconds() / 2
        return self._tokens[:count]

    def _redeem(self, count: int) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        fields = [by_code(code) for code in self.codes(self.plain, count)]
        found = []
        for one in fields:
            headers = {"Content-Type": FORM, **basic(self.plain)}
            connection.request("POST", self.token, urlencode(one), headers)
            found.append(json.loads(connection.getresponse().read())["access_token"])
        connection.close()
        return found


def authorization_request(party: PartyRow) -> rules.AuthorizationRequest:
    """Return the request of a sign-in."""
    given = {
        "client_id": party.client_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid profile",
        "state": "s" * 16,
        "nonce": "n" * 16,
        "code_challenge": jose.b64u_sha256(VERIFIER),
        "code_challenge_method": "S256",
    }
    allowed = rules.Permissions(
        tier=party.tier,
        redirect_uris=party.redirect_uris,
        attributes=party.attributes,
        purposes=party.purposes,
        acts=party.acts,
    )
    return rules.read(given, client_id=party.client_id, allowed=allowed)


def grant_of(device: Device, asked: rules.AuthorizationRequest, *, issuer: str) -> Grant:
    """Return the row that a consent leaves."""
    at = datetime.now(tz=UTC)
    return Grant(
        id=uuid.uuid4(),
        lawyer_id=device.lawyer_id,
        device_id=device.id,
        client_id=asked.client_id,
        issuer=issuer,
        kind=asked.kind,
        attributes=asked.attributes,
        scope=" ".join(asked.scope),
        purpose={"code": asked.purpose[0], "text": asked.purpose[1]},
        retention=asked.retention,
        requester={},
        acr=assurance.DEVICE,
        amr=["swk", "user"],
        authenticated_at=at,
        consent_text="",
        device_key=device.public_key,
        device_signature=b"bench",
        created_at=at,
        expires_at=at + timedelta(hours=8),
    )


def code_of(grant: Grant, asked: rules.AuthorizationRequest, code: str) -> AuthorizationCode:
    """Return the row of a code."""
    authentication = {
        "at": int(grant.authenticated_at.timestamp()),
        "acr": grant.acr,
        "amr": grant.amr,
        "sid": str(grant.id),
    }
    return AuthorizationCode(
        code_sha256=digest(code),
        grant_id=grant.id,
        client_id=grant.client_id,
        request={"request": asked.to_json(), "authentication": authentication},
        expires_at=grant.created_at + lifetimes.CODE,
    )


# --- theirs --------------------------------------------------------------------------------------


class Theirs:
    """npm's oidc-provider, with its own adapter that keeps everything in memory."""

    token, introspection, userinfo = "/token", "/token/introspection", "/me"
    resource: str | None = "urn:bench:api"

    def __init__(self, server: Server, *, plain: Client, fapi: Client) -> None:
        self.server = server
        self.plain = plain
        self.fapi = fapi

    def codes(self, client: Client, count: int) -> list[str]:
        """Let it make codes."""
        wanted = {"redirect_uri": CALLBACK, "verifier": VERIFIER, "jkt": client.jkt}
        return self._make("codes", client_id=client.client_id, count=count, **wanted)

    def tokens(self, count: int) -> list[str]:
        """Let it make opaque tokens: it introspects no others."""
        return self._make("tokens", client_id=self.plain.client_id, count=count)

    def _make(self, what: str, **wanted: object) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        connection.request("POST", f"/bench/{what}", json.dumps(wanted))
        made: list[str] = json.loads(connection.getresponse().read())
        connection.close()
        return made


@contextmanager
def theirs() -> Iterator[Theirs]:
    """Serve the peer on Node 22 until the end of the block."""
    plain = Client(client_id="plain", secret=os.urandom(32).hex())
    fapi = Client(client_id="fapi", key=new_key(), dpop=new_key())
    port = free_port()
    command = [str(node()), str(PEERS / "oidc_provider.mjs"), str(port),
               json.dumps([registered(plain), registered(fapi)])]  # fmt: skip
    with serving(command, port, {**os.environ, "NODE_ENV": "production"}) as server:
        yield Theirs(server, plain=plain, fapi=fapi)


def node() -> Path:
    """Return the Node that was installed with the peer."""
    found = sorted(PEERS.glob("node_modules/node-linux-*/bin/node"))
    if not found:
        raise FileNotFoundError("the peer is not installed: `make bench` does it")
    return found[0]


def registered(client: Client) -> dict[str, Any]:
    """Return a client as the peer registers it."""
    common = {
        "client_id": client.client_id,
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "client_credentials"],
        "response_types": ["code"],
        "subject_type": "pairwise",
        "id_token_signed_response_alg": "ES256",
    }
    if client.key is None:
        way = {"client_secret": client.secret, "token_endpoint_auth_method": "client_secret_basic"}
        return {**common, **way}
    return {
        **common,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "dpop_bound_access_tokens": True,
        "jwks": {"keys": [{**client.key.public.to_jwk(), "kid": "k1"}]},
    }


# --- requests ------------------------------------------------------------------------------------


def by_client(provider: Provider) -> dict[str, str]:
    """Return the form of the client credentials grant."""
    target = {} if provider.resource is None else {"resource": provider.resource}
    return {"grant_type": "client_credentials", "scope": PARTY_SCOPE, **target}


def by_code(code: str) -> dict[str, str]:
    """Return the form that redeems a code."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }


def post(provider: Provider, path: str, client: Client, fields: dict[str, str]) -> bytes:
    """Return a form, authenticated and with a proof as the client has keys for them."""
    origin = provider.server.origin
    if client.key is None:
        headers, proven = basic(client), fields
    else:
        assertion = {
            "client_assertion_type": ASSERTION,
            "client_assertion": client_assertion(client, client.key, issuer=origin),
        }
        headers = {} if client.dpop is None else {"DPoP": proof(client.dpop, url=origin + path)}
        proven = {**fields, **assertion}
    return request(
        provider.server,
        path=path,
        headers={"Content-Type": FORM, **headers},
        body=urlencode(proven).encode(),
    )


def basic(client: Client) -> dict[str, str]:
    """Return the header that tells a client's secret (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def client_assertion(client: Client, key: SoftwareSigner, *, issuer: str) -> str:
    """Return a client's signed word of who it is (RFC 7523), good for one request."""
    now, name = int(time.time()), client.client_id
    claims = {"iss": name, "sub": name, "aud": issuer, "iat": now, "exp": now + 60}
    return jws(key, {"alg": "ES256", "kid": "k1"}, claims)


def proof(key: SoftwareSigner, *, url: str) -> str:
    """Return a proof of possession (RFC 9449), good for one request."""
    known = key.public.to_jwk()
    jwk = {name: known[name] for name in ("kty", "crv", "x", "y")}
    claims = {"htm": "POST", "htu": url, "iat": int(time.time())}
    return jws(key, {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}, claims)


def jws(key: SoftwareSigner, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return a compact JWS with a `jti` of its own."""
    named = {**claims, "jti": os.urandom(12).hex()}
    parts = [jose.b64u(json.dumps(part).encode()) for part in (header, named)]
    return ".".join([*parts, jose.b64u(key.sign(".".join(parts).encode()))])
