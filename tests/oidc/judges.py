"""Clients nobody here wrote, and the browser and screen they need."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from credential.keys import SoftwareSigner
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.oidc.actors import CALLBACK, RelyingPartyClient
from tests.oidc.test_mod_auth_openidc import PAGE_ID
from tests.world import World

NODE = Path(__file__).parent / "node"


@pytest.fixture
def issuer(world: World) -> Iterator[str]:
    node = shutil.which("node")
    if node is None or not (NODE.parents[2] / "node_modules" / "openid-client").exists():
        pytest.skip("openid-client and oauth4webapi are not installed")
    with serving(world.app) as url:
        yield url.rstrip("/")


class Judge:
    """Runs a script of `node/` and is its browser, or its terminal's screen."""

    def __init__(
        self, script: str, issuer: str, party: RelyingPartyClient, **settings: Any
    ) -> None:
        self._script = NODE / script
        self._issuer = issuer
        self._settings = {
            "issuer": issuer,
            "client_id": party.client_id,
            "redirect_uri": CALLBACK,
            "post_logout_redirect_uri": "https://rp.example/bye",
            "kid": "k1",
            **{name: value for name, value in settings.items() if value is not None},
        }

    def run(self, phone: Phone) -> dict[str, Any]:
        script = subprocess.Popen(
            ["node", str(self._script), json.dumps(self._settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert script.stdin is not None
        assert script.stdout is not None
        first = script.stdout.readline()
        if not first:
            raise AssertionError(script.communicate()[1][-2000:])
        url = json.loads(first)["go"]
        if self._settings.get("terminal"):
            phone.approve(phone.scan(url))
            callback = ""
        else:
            callback = browse(self._issuer, url, phone)
        out, err = script.communicate(callback + "\n", timeout=30)
        assert script.returncode == 0, err[-2000:]
        said: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return said


def browse(issuer: str, url: str, phone: Phone) -> str:
    """Open the login page, let the phone scan and agree; return where the browser is sent."""
    login = requests.get(url, timeout=10)
    found = PAGE_ID.search(login.text)
    assert found, login.text
    headers = {
        "Cookie": login.headers["Set-Cookie"].partition(";")[0],  # Secure, over loopback
        "X-Lvz-Page": "1",
    }
    page = f"{issuer}/oauth/authorize/{found[1]}"
    text = requests.get(f"{page}/status", headers=headers, timeout=10).json()["text"]
    view = phone.scan(text)
    if view["number"] is not None:
        requests.post(
            f"{page}/number", headers=headers, json={"number": view["number"]}, timeout=10
        )
        view = phone.scan_view(view["id"])
    phone.approve(view)
    back = requests.get(f"{page}/finish", headers=headers, allow_redirects=False, timeout=10)
    return back.headers["Location"]


def private_jwk(signer: SoftwareSigner) -> dict[str, str]:
    """The private key as a JWK."""
    private = signer._private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    numbers = private.private_numbers()

    def text(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=").decode()

    public = numbers.public_numbers
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": text(public.x),
        "y": text(public.y),
        "d": text(numbers.private_value),
    }
