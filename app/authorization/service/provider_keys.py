"""What the OpenID provider signs: tokens, receipts and confirmations, as compact JWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.authorization.rules import jose
from app.ports.signer import SigningKeys


class ProviderKeys:
    """Signs with the newest key; verifies with every published one."""

    def __init__(self, *, keys: SigningKeys) -> None:
        self._keys = keys

    def sign(self, claims: Mapping[str, Any], *, typ: str) -> str:
        """Return a compact JWS (RFC 7515 §7.1), ES256."""
        signer = self._keys.provider()[0]
        header = {"alg": "ES256", "kid": jose.b64u(signer.kid), "typ": typ}
        signing_input = f"{_part(header)}.{_part(claims)}"
        return f"{signing_input}.{jose.b64u(signer.sign(signing_input.encode()))}"

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys (RFC 7517 §5)."""
        return {"keys": [{**k.public.to_jwk(), "use": "sig"} for k in self._keys.provider()]}

    def verified(self, compact: str, *, typ: str) -> Mapping[str, Any] | None:
        """Return the claims of something we signed; None when we did not. Times are not checked."""
        token = jose.take_apart(compact)
        if token is None or token.header.get("typ") != typ:
            return None
        key = jose.key_of(token, keys=self.jwks())
        return token.claims if key is not None and jose.verify(token, key=key) else None


def _part(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return jose.b64u(text.encode())
