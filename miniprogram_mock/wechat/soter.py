"""SOTER device signatures: RSA-PSS, SHA-256, salt of 20 bytes, one key for each phone."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=20)
_CHALLENGE = 512
NO_DEVICE, BAD_MODE, CHALLENGE_TOO_LONG = 90001, 90003, 90004
MODES = {"fingerPrint": 1, "facial": 2}


class Soter:
    """The phones' keys (made when first used) and counters."""

    def __init__(self) -> None:
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._counters: dict[str, int] = {}
        self.absent: set[str] = set()

    def sign(self, *, openid: str, challenge: str, mode: str) -> dict[str, Any]:
        """wx.startSoterAuthentication: {errCode, resultJSON, resultJSONSignature}."""
        if openid in self.absent:
            return {"errCode": NO_DEVICE}
        if mode not in MODES:
            return {"errCode": BAD_MODE}
        if not challenge or len(challenge) > _CHALLENGE:
            return {"errCode": CHALLENGE_TOO_LONG}
        self._counters[openid] = self._counters.get(openid, 0) + 1
        result = json.dumps(
            {
                "raw": challenge,
                "fid": "",
                "counter": self._counters[openid],
                "tee_n": "stand-in",
                "tee_v": "1",
                "fp_n": "stand-in",
                "fp_v": "1",
                "cpu_id": "stand-in",
                "uid": openid[-8:],
            },
            separators=(",", ":"),
        )
        signature = self._key(openid).sign(result.encode(), _PSS, SHA256())
        return {
            "errCode": 0,
            "authMode": mode,
            "resultJSON": result,
            "resultJSONSignature": base64.b64encode(signature).decode(),
        }

    def verify(self, *, openid: str, json_string: str, json_signature: str) -> bool:
        """Whether this user's phone signed exactly this text."""
        if openid not in self._keys:
            return False
        try:
            signature = base64.b64decode(json_signature, validate=True)
            self._keys[openid].public_key().verify(signature, json_string.encode(), _PSS, SHA256())
        except (binascii.Error, InvalidSignature):
            return False
        return True

    def _key(self, openid: str) -> rsa.RSAPrivateKey:
        if openid not in self._keys:
            self._keys[openid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._keys[openid]
