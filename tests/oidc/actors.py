"""A relying party with a browser, in this process: what the conformance suite's driver does."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.authorization.rules.jose import b64u, b64u_sha256, thumbprint
from app.authorization.rules.relying_party import AuthMethod, Kind, Registration, Tier
from credential.keys import SoftwareSigner
from miniprogram_mock.client.encoding import new_key
from miniprogram_mock.client.phone import Phone
from tests.world import ORIGIN, World

USCC = "91110105MA01A2B325"
CALLBACK = "https://rp.example/cb"
ATTRIBUTES = ("name", "practice_status", "license_no", "firm", "category", "photo")
ACTS = ("casefile_reading", "detainee_meeting", "document_submission", "document_receipt")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
IDENTITY = {
    "type": "lawyer_identity",
    "attributes": ["name", "license_no"],
    "optional": ["firm"],
    "purpose": "filing",
    "retention_days": 30,
}
ACT = {
    "type": "practice_act",
    "act": "casefile_reading",
    "fields": {"court": "北京市朝阳区人民法院", "case_number": "（2026）京0105民初1234号"},
}


def jws(key: SoftwareSigner, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A compact JWS by this key."""
    parts = [b64u(json.dumps(part).encode()) for part in (header, claims)]
    return ".".join([*parts, b64u(key.sign(".".join(parts).encode()))])


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a JWS, unverified."""
    part = token.split(".")[1]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


@dataclass
class Flow:
    """One login under way in one browser."""

    client: RelyingPartyClient
    browser: FlaskClient
    answer: TestResponse
    verifier: str = ""
    page: str = ""

    @property
    def location(self) -> str:
        return str(self.answer.headers.get("Location", ""))

    @property
    def query(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(urlsplit(self.location).query).items()}

    def status(self, browser: FlaskClient | None = None) -> TestResponse:
        return (browser or self.browser).get(f"/oauth/authorize/{self.page}/status")

    def text(self) -> str:
        """What the QR code says now."""
        found = self.status().json
        assert found is not None
        return str(found["text"])

    def post(self, what: str, body: dict[str, Any] | None = None) -> TestResponse:
        return self.browser.post(
            f"/oauth/authorize/{self.page}/{what}", json=body or {}, headers={"X-Lvz-Page": "1"}
        )

    def finish(self) -> dict[str, str]:
        """Go on to the client; return the query it gets."""
        self.answer = self.browser.get(f"/oauth/authorize/{self.page}/finish")
        return self.query

    def consent(self, phone: Phone, granted: list[str] | None = None) -> dict[str, str]:
        """Scan, type the number if there is one, agree, and go back to the client."""
        view = phone.scan(self.text())
        if view["number"] is not None:
            self.post("number", {"number": view["number"]})
            view = phone.scan_view(view["id"])
        phone.approve(view, granted)
        return self.finish()

    def code(self, phone: Phone, granted: list[str] | None = None) -> str:
        return self.consent(phone, granted)["code"]

    def tokens(self, phone: Phone, granted: list[str] | None = None) -> dict[str, Any]:
        """The whole flow: the token endpoint's answer."""
        answer = self.client.redeem(self.code(phone, granted), self.verifier)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json or {}
        return body


@dataclass
class RelyingPartyClient:
    """A registered client and how it proves itself."""

    world: World
    client_id: str
    secret: str | None
    registration: Registration
    key: SoftwareSigner = field(default_factory=new_key)
    dpop: SoftwareSigner | None = None

    @property
    def http(self) -> FlaskClient:
        return self.world.app.test_client()

    # --- how it proves itself ------------------------------------------------------------------

    def assertion(self, **changes: Any) -> str:
        now = self.world.clock.unix()
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": ORIGIN,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_hex(12),
            **changes,
        }
        header = {"alg": "ES256", "kid": "k1"}
        return jws(self.key, header, {k: v for k, v in claims.items() if v is not None})

    def proof(
        self, path: str, *, method: str = "POST", token: str | None = None, **changes: Any
    ) -> dict[str, str]:
        """The DPoP header, if this client binds its tokens."""
        if self.dpop is None:
            return {}
        jwk = {k: self.dpop.public.to_jwk()[k] for k in ("kty", "crv", "x", "y")}
        claims = {
            "htm": method,
            "htu": ORIGIN + path,
            "iat": self.world.clock.unix(),
            "jti": secrets.token_hex(12),
            **({} if token is None else {"ath": b64u_sha256(token)}),
            **changes,
        }
        kept = {k: v for k, v in claims.items() if v is not None}
        return {"DPoP": jws(self.dpop, {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}, kept)}

    @property
    def jkt(self) -> str | None:
        if self.dpop is None:
            return None
        return thumbprint({k: self.dpop.public.to_jwk()[k] for k in ("kty", "crv", "x", "y")})

    def credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        """Form fields and headers that authenticate."""
        if self.registration.auth_method is AuthMethod.KEY:
            kind = {"client_assertion_type": ASSERTION, "client_assertion": self.assertion()}
            return {"client_id": self.client_id, **kind}, {}
        if self.registration.auth_method is AuthMethod.POST:
            return {"client_id": self.client_id, "client_secret": self.secret or ""}, {}
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return {}, {"Authorization": f"Basic {pair}"}

    def post(
        self,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        dpop: bool = True,
        **fields: Any,
    ) -> TestResponse:
        """A POST of this client to one of our endpoints."""
        form, auth = self.credentials()
        proof = self.proof(path) if dpop and path in ("/oauth/token", "/oauth/par") else {}
        data = {k: v for k, v in {**form, **fields}.items() if v is not None}
        return self.http.post(path, data=data, headers={**auth, **proof, **(headers or {})})

    # --- what it does --------------------------------------------------------------------------

    def parameters(self, verifier: str, **changes: Any) -> dict[str, str]:
        challenge = b64u(hashlib.sha256(verifier.encode()).digest())
        given = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": "s" * 16,
            "nonce": "n" * 16,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items() if v}

    def push(self, verifier: str | None = None, **changes: Any) -> TestResponse:
        given = self.parameters(verifier or secrets.token_urlsafe(32), **changes)
        del given["client_id"]
        return self.post("/oauth/par", **given)

    def begin(self, *, browser: FlaskClient | None = None, **changes: Any) -> Flow:
        """Lead a browser to the provider, by pushing where the tier wants it."""
        verifier = secrets.token_urlsafe(32)
        if self.registration.tier is Tier.FAPI:
            answer = self.push(verifier, **changes)
            assert answer.status_code == 201, answer.text
            given = {"client_id": self.client_id, "request_uri": (answer.json or {})["request_uri"]}
        else:
            given = self.parameters(verifier, **changes)
        return self.open(given, browser=browser, verifier=verifier)

    def open(
        self, given: dict[str, str], *, browser: FlaskClient | None = None, verifier: str = ""
    ) -> Flow:
        browser = browser or self.http
        answer = browser.get(f"/oauth/authorize?{urlencode(given)}")
        flow = Flow(client=self, browser=browser, answer=answer, verifier=verifier)
        if answer.status_code == 200:
            flow.page = self.newest_page()
        return flow

    def newest_page(self) -> str:
        found = self.world.sql(
            "SELECT id FROM scan_transaction WHERE client_id = %s ORDER BY created_at DESC LIMIT 1",
            self.client_id,
        )
        return str(found[0][0])

    def redeem(self, code: str, verifier: str, **changes: Any) -> TestResponse:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
            **changes,
        }
        return self.post("/oauth/token", **fields)

    def refresh(self, token: str, **changes: Any) -> TestResponse:
        return self.post("/oauth/token", grant_type="refresh_token", refresh_token=token, **changes)

    def introspect(self, token: str) -> dict[str, Any]:
        answer = self.post("/oauth/introspect", token=token)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json or {}
        return body

    def userinfo(self, token: str) -> TestResponse:
        path = "/oauth/userinfo"
        scheme = "Bearer" if self.dpop is None else "DPoP"
        headers = {"Authorization": f"{scheme} {token}"}
        return self.http.get(
            path, headers={**headers, **self.proof(path, method="GET", token=token)}
        )


def register(world: World, registration: Registration, **parts: Any) -> RelyingPartyClient:
    with world.app.app_context():
        parties = world.services.authorization.relying_parties
        made = parties.register(registration=registration)
    return RelyingPartyClient(
        world=world,
        client_id=made.client_id,
        secret=made.secret,
        registration=registration,
        **parts,
    )


def plain_client(world: World, **changes: Any) -> RelyingPartyClient:
    fields = {
        "legal_name": "北京某某法律服务平台",
        "uscc": USCC,
        "domain": "rp.example",
        "redirect_uris": (CALLBACK, "https://rp.example/cb2"),
        "post_logout_redirect_uris": ("https://rp.example/bye",),
        **changes,
    }
    return register(world, Registration(**fields))


def fapi_client(world: World, **changes: Any) -> RelyingPartyClient:
    key = new_key()
    fields = {
        "legal_name": "北京市朝阳区人民法院",
        "uscc": USCC,
        "domain": "court.example",
        "tier": Tier.FAPI,
        "auth_method": AuthMethod.KEY,
        "redirect_uris": (CALLBACK,),
        "jwks": {"keys": [{**key.public.to_jwk(), "kid": "k1"}]},
        "attributes": ATTRIBUTES,
        "purposes": (("filing", "网上立案"), ("login", "登录")),
        "acts": ACTS,
        **changes,
    }
    if fields.get("kind") is Kind.DEVICE:
        fields["redirect_uris"] = ()
    return register(world, Registration(**fields), key=key, dpop=new_key())


def error(answer: TestResponse) -> tuple[int, str]:
    """The status and the word of a refusal."""
    return answer.status_code, (answer.json or {}).get("error", answer.text[:200])


def token_request(client: RelyingPartyClient, proof: dict[str, str], **more: Any) -> TestResponse:
    """Ask for a token with this proof of possession."""
    return client.post(
        "/oauth/token", headers=proof, dpop=False, grant_type="client_credentials", **more
    )


def asserted(client: RelyingPartyClient, assertion: str) -> TestResponse:
    """Ask for a token with this client assertion."""
    client_id = {"client_id": client.client_id}
    data = {
        **client_id,
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
        "grant_type": "client_credentials",
    }
    return client.http.post("/oauth/token", data=data, headers=client.proof("/oauth/token"))
