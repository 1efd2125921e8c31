"""Signatures of clients, with joserfc as the other side."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jws as other
from joserfc.jwk import ECKey, OctKey, OKPKey

from app.authorization.rules import jose

# The older name of Ed25519, which most clients still write.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

PAYLOAD = json.dumps({"iss": "rp", "n": 1})
EC, OKP = ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")
KEYS = {"ES256": EC, "EdDSA": OKP, "Ed25519": OKP}


def signed(alg: str, *, key: Any = None, **header: Any) -> str:
    return other.serialize_compact(
        {"alg": alg, **header}, PAYLOAD, key or KEYS[alg], algorithms=[alg]
    )


def verified(compact: str, key: dict[str, Any]) -> bool:
    token = jose.take_apart(compact)
    return token is not None and jose.verify(token, key=key)


def public(key: ECKey | OKPKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


@pytest.mark.parametrize("alg", KEYS)
def test_what_another_library_signs(alg: str) -> None:
    key = public(KEYS[alg])
    assert verified(signed(alg), key)
    assert verified(signed(alg), {**key, "alg": alg, "use": "sig", "kid": "k1"})
    stranger = ECKey.generate_key("P-256") if alg == "ES256" else OKPKey.generate_key("Ed25519")
    assert not verified(signed(alg), public(stranger))


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_part_counts(part: int) -> None:
    parts = signed("ES256").split(".")
    first = parts[part][4]
    parts[part] = parts[part][:4] + ("B" if first != "B" else "C") + parts[part][5:]
    assert not verified(".".join(parts), public(EC))


@pytest.mark.parametrize("tail", ["=", "==", "A", "\n", " "])
def test_one_signature_is_written_one_way(tail: str) -> None:
    compact = signed("ES256")
    assert verified(compact, public(EC))
    assert not verified(compact + tail, public(EC))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = compact[:-1] + alphabet[alphabet.index(compact[-1]) + 1]
    assert not verified(same_bytes, public(EC))


def test_the_key_decides_about_the_algorithm() -> None:
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert not verified(f"{unsigned}.{signed('ES256').split('.')[1]}.", public(EC))
    shared = OctKey.import_key(json.dumps(public(EC)).encode())
    assert not verified(signed("HS256", key=shared), public(EC))
    assert not verified(signed("ES256"), public(OKP))
    assert not verified(signed("EdDSA"), public(EC))
    assert not verified(signed("ES256"), {**public(EC), "alg": "ES384"})


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "OKP"},
        {"kty": None},
        {"crv": "P-384"},
        {"crv": "Ed25519"},
        {"x": "AA"},
        {"x": 7},
        {"x": "é" * 43},
        {"y": None},
        {"y": public(EC)["x"]},
        {"x": public(EC)["x"] + "="},
    ],
    ids=str,
)
def test_what_is_no_key(change: dict[str, Any]) -> None:
    assert not verified(signed("ES256"), {**public(EC), **change})


def test_critical_headers_are_not_understood() -> None:
    assert jose.take_apart(signed("ES256", kid="k1")) is not None
    for name in ("crit", "b64"):
        header = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", name: []}).encode())
        assert jose.take_apart(f"{header.rstrip(b'=').decode()}.e30.AA") is None


def test_the_thumbprint_is_the_same() -> None:
    assert jose.thumbprint(public(EC)) == EC.thumbprint()
    assert jose.thumbprint(public(OKP)) == OKP.thumbprint()
