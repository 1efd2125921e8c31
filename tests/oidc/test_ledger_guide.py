"""docs/ledger.md: its commands run as they stand, by a stranger who is also a witness."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from credential.receipt import Leaf, Receipt
from tests.contract.servers import serving
from tests.oidc.actors import ACT, fapi_client
from tests.oidc.test_guide import lvz_ledger_in
from tests.world_fixtures import Build

REPO = Path(__file__).resolve().parents[2]
PAGE = (REPO / "docs" / "ledger.md").read_text("utf-8")
CHECK, WHOLE, KEY, COSIGN, AUDIT, STAMP = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def run(block: str, folder: Path, **given: str) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder, env={**os.environ, **lvz_ledger_in(folder), **given},
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_of_the_page(build_world: Build, tmp_path: Path) -> None:
    if missing := [tool for tool in ("bash", "curl", "openssl") if shutil.which(tool) is None]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    run(KEY, tmp_path)
    world = build_world(LEDGER_WITNESSES=(tmp_path / "witness.vkey").read_text().strip())
    phone = world.bound_phone("lawyer")
    flow = fapi_client(world).begin(scope="openid", authorization_details=[ACT])
    (act,) = flow.tokens(phone)["authorization_details"]
    (grant,) = phone.grants()
    receipt = phone.receipt(grant["id"])["ledger"]
    (tmp_path / "confirmation.jwt").write_text(act["confirmation"])
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    (tmp_path / "receipt.tlog-proof").write_text(Receipt.from_json(receipt).text)
    with serving(world.app) as url:
        given = {"LVZ": url.rstrip("/")}
        assert run(CHECK, tmp_path, **given).count("✓") == 3
        assert run(WHOLE, tmp_path, **given).count("✓ 账本完整") == 2
        assert "见证人：witness.example.cn" in run(COSIGN, tmp_path, **given)


def test_the_leaf_of_the_page() -> None:
    (shown,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert Leaf.decode(shown.encode()).kind == "confirmation"
    members = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    told = [name for cell in members for name in re.findall(r"`(\w+)`", cell)]
    assert set(json.loads(shown)) <= set(told)


def test_the_operators_command() -> None:
    done = subprocess.run(
        [sys.executable, *AUDIT.split()[1:], "--help"],
        cwd=REPO, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (AUDIT.split()[0], done.returncode) == ("python", 0), done.stderr
    assert "ledger_anchor" in STAMP
