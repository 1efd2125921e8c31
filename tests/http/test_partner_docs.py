"""docs/partner-api.md: its commands run as they stand, its table of codes is the catalogue's."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from app.http.catalogue import CATALOGUE
from luzheng.keys import check
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.partner import enter
from tests.world import World

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "partner-api.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
TOOLS = ("bash", "curl", "openssl", "basenc")
ELSEWHERE = {
    "partner.invalid",  # the console's form
    "credential.checkpoint_untrusted",  # these three: checks of the ledger
    "credential.log_proof_invalid",
    "credential.commitment_broken",
}


@pytest.fixture(autouse=True)
def tools() -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")


def run(block: str, folder: Path, **given: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder, env={**os.environ, **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_of_the_page(world: World, phone: Phone, tmp_path: Path) -> None:
    make_key, post, get, p256 = BLOCKS
    run(make_key, tmp_path)
    key = serialization.load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    jwks = json.loads((tmp_path / "jwks.json").read_text())
    system = enter(world, key=key, jwks=jwks)
    with serving(world.app) as url:
        given = {"LVZ": url, "CLIENT_ID": system.client_id}
        text = run(post, tmp_path, CODE=phone.show(), **given)
        head, _, body = text.partition("\n\n")
        assert head.startswith("HTTP/1.1 200"), text
        assert 'tag="lvzheng-response"' in head
        assert json.loads(body)["lawyer"]["name"] == "林正衡"
        text = run(get, tmp_path, LICENCE_NO=world.person().licence_no, **given)
        assert text.startswith("HTTP/1.1 200"), text
        assert json.loads(text.partition("\n\n")[2])["status"] == "practising"
    for _ in range(20):  # numbers of every length
        run(p256, tmp_path)
        other = serialization.load_pem_private_key((tmp_path / "p256.pem").read_bytes(), None)
        assert isinstance(other, ec.EllipticCurvePrivateKey)
        signature = base64.b64decode((tmp_path / "signature.txt").read_text(), validate=True)
        message = (tmp_path / "base.txt").read_bytes()
        check(other.public_key(), signature=signature, message=message)


def test_the_codes_of_the_page() -> None:
    rows = re.findall(r"^\| `([a-z_.]+)` \| (\d{3}) \| (.+) \|$", PAGE, re.MULTILINE)
    for code, status, title in rows:
        assert (int(CATALOGUE[code][0]), CATALOGUE[code][1]) == (int(status), title), code
    told = {code for code, _, _ in rows}
    asked = {
        code
        for code, (status, _) in CATALOGUE.items()
        if code.partition(".")[0] in ("partner", "credential") and status < 500
    } - ELSEWHERE
    assert asked <= told
