"""A kiosk 鉴证终端 without a screen: enrols, signs its requests (RFC 9421), verifies."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any

from credential.keys import SoftwareSigner
from miniprogram_mock.client.encoding import b64u, new_key, proof
from miniprogram_mock.client.transport import Refusal, Reply, Transport, call


class Kiosk:
    """One kiosk with its own key."""

    def __init__(self, transport: Transport, *, key: SoftwareSigner | None = None) -> None:
        self._transport = transport
        self._key = key or new_key()
        self.identity: dict[str, Any] = {"kiosk_id": "unknown"}

    def enrol(self, code: str) -> dict[str, Any]:
        """Enrol with a one-time code; raises `Refusal`."""
        public, iat = b64u(self._key.public.compressed()), int(time.time())
        body = {
            "enrolment_code": code,
            "public_key": public,
            "iat": iat,
            "signature": proof(self._key, "kiosk", public, iat),
        }
        self.identity = call(self._transport, "POST", "/api/v1/kiosks", body=body).json()
        return self.identity

    def verify(
        self, text: str, *, nonce: bytes | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Verify a code; raises `Refusal` with the reason. `key`: the idempotency key."""
        body: dict[str, Any] = {"text": text}
        if nonce is not None:
            body["nonce"] = b64u(nonce)
        return self.signed("POST", "/api/v1/verifications", body=body, key=key).json()

    def photo(self, verification_id: str) -> bytes:
        """Return the registry photo of the lawyer just accepted."""
        return self.signed("GET", f"/api/v1/verifications/{verification_id}/photo").body

    def upload(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """Upload offline scans."""
        return self.signed("POST", "/api/v1/verifications/offline", body={"items": items}).json()

    def signed(
        self, method: str, path: str, *, body: object = None, key: str | None = None
    ) -> Reply:
        """Send a signed request; raises `Refusal`."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = self.sign(method, path, data)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        reply = self._transport.send(method, path, headers=headers, body=data)
        if reply.status >= 400:
            raise Refusal(reply)
        return reply

    def sign(self, method: str, path: str, data: bytes) -> dict[str, str]:
        """Return the signature headers of a request."""
        covered = {"@method": method, "@target-uri": self._transport.origin + path}
        headers = {}
        if data:
            digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
            headers["Content-Digest"] = covered["content-digest"] = f"sha-256=:{digest}:"
        names = " ".join(f'"{name}"' for name in covered)
        parameters = (
            f'({names});created={int(time.time())};nonce="{secrets.token_urlsafe(16)}"'
            f';keyid="{self.identity["kiosk_id"]}";alg="ecdsa-p256-sha256";tag="lvzheng-api"'
        )
        lines = [f'"{name}": {value}' for name, value in covered.items()]
        base = "\n".join([*lines, f'"@signature-params": {parameters}'])
        signature = base64.b64encode(self._key.sign(base.encode())).decode()
        return {
            **headers,
            "Signature-Input": f"sig1={parameters}",
            "Signature": f"sig1=:{signature}:",
        }
