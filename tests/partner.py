"""A relying party's own system in tests: its key, its requests signed by somebody else's code."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from werkzeug.test import TestResponse

from app.authorization.rules.relying_party import AuthMethod, Registration, Tier
from credential.keys import PublicKey
from luzheng import SigningKey, signing
from tests.world import ORIGIN, World

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
USCC = "111101050000000004"
FACTS = ("name", "practice_status", "license_no", "firm", "category")
BARE = ("@method", "@target-uri")
COVERED = (*BARE, "content-digest")


def jwk(key: PrivateKey, kid: str, **more: str) -> dict[str, str]:
    """The public half as a relying party registers it."""
    return {**PublicKey.from_cryptography(key.public_key()).to_jwk(), "kid": kid, **more}


def registration(key: PrivateKey, **more: Any) -> Registration:
    """What an operator types for a system with a key of its own."""
    given = {
        "legal_name": "北京市第一看守所",
        "uscc": USCC,
        "domain": "kss.example.cn",
        "redirect_uris": ["https://kss.example.cn/callback"],
        "tier": Tier.FAPI,
        "auth_method": AuthMethod.KEY,
        "jwks": {"keys": [jwk(key, "k1")]},
        "attributes": FACTS,
        **more,
    }
    return Registration(**given)


@dataclass(kw_only=True)
class PartnerSystem:
    """One relying party's server."""

    world: World
    client_id: str
    key: PrivateKey = field(repr=False)
    kid: str = "k1"

    def signed(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        url: str = "",
        covered: tuple[str, ...] | None = None,
        key: PrivateKey | None = None,
        key_id: str | None = None,
        headers: dict[str, str] | None = None,
        **parameters: Any,
    ) -> requests.PreparedRequest:
        """A request signed by `http-message-signatures`."""
        url = url or f"{ORIGIN}/api/v1/partner{path}"
        request = requests.Request(method, url, json=body, headers=headers).prepare()
        if request.body:
            data = request.body if isinstance(request.body, bytes) else request.body.encode()
            digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
            request.headers["Content-Digest"] = f"sha-256=:{digest}:"
        signs = key or self.key
        name = key_id or f"{self.client_id}#{self.kid}"
        algorithm = (
            algorithms.ED25519
            if isinstance(signs, ed25519.Ed25519PrivateKey)
            else algorithms.ECDSA_P256_SHA256
        )
        signer = HTTPMessageSigner(
            signature_algorithm=algorithm,
            key_resolver=MappingKeyResolver(public_keys={}, private_keys={name: signs}),
        )
        values = {
            "created": self.world.clock.now(),
            "nonce": secrets.token_urlsafe(16),
            "tag": "lvzheng-api",
            "label": "sig1",
            **parameters,
        }
        signer.sign(
            request,
            key_id=name,
            covered_component_ids=covered or (COVERED if request.body else BARE),
            use_existing_digest=bool(request.body),
            **values,
        )
        return request

    def headers(self, method: str, path: str, data: bytes) -> dict[str, str]:
        """The signature headers of a request with these bytes; by the client library."""
        covered = {'"@method"': method, '"@target-uri"': ORIGIN + path}
        digest = {}
        if data:
            digest["Content-Digest"] = covered['"content-digest"'] = signing.content_digest(data)
        parameters = (
            f'created={self.world.clock.unix()};nonce="{secrets.token_urlsafe(16)}"'
            f';keyid="{self.client_id}#{self.kid}";tag="lvzheng-api"'
        )
        return {**digest, **signing.sign(covered, parameters, key=SigningKey(self.key))}

    def send(self, request: requests.PreparedRequest) -> TestResponse:
        assert request.method is not None
        assert request.url is not None
        return self.world.app.test_client().open(
            request.url.removeprefix(ORIGIN),
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
            base_url=ORIGIN,
        )

    def call(self, method: str, path: str, body: object = None, **more: Any) -> TestResponse:
        return self.send(self.signed(method, path, body=body, **more))


def enter(
    world: World, *, key: PrivateKey | None = None, kid: str = "k1", **more: Any
) -> PartnerSystem:
    """Register a relying party; give its system."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    if isinstance(key, ed25519.Ed25519PrivateKey):
        more.setdefault("jwks", {"keys": [jwk(key, kid)]})
    with world.app.app_context():
        made = world.services.authorization.relying_parties.register(
            registration=registration(key, **more)
        )
    return PartnerSystem(world=world, client_id=made.client_id, key=key, kid=kid)


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json", answer.text
    assert answer.json is not None
    return answer.status_code, answer.json["code"]
