"""docs/relying-party.md: its examples are requests that work, its tables are the code's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.authorization import errors
from app.authorization.rules.acts import ACTS
from app.authorization.rules.assurance import LEVELS
from app.authorization.rules.attributes import ATTRIBUTES
from app.http.catalogue import CATALOGUE
from app.ports.registry import PracticeCategory, PracticeStatus
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.oidc.actors import RelyingPartyClient
from tests.world import World

REPO = Path(__file__).resolve().parents[2]
PAGE = (REPO / "docs" / "relying-party.md").read_text("utf-8")
IDENTITY, ACT = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
VERIFY = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[-1]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


def codes(cell: str) -> list[str]:
    """The words of a cell that are set as code."""
    return re.findall(r"`([^`]+)`", cell)


def test_the_example_of_attributes(fapi: RelyingPartyClient, phone: Phone) -> None:
    tokens = fapi.begin(authorization_details=IDENTITY).tokens(phone, granted(IDENTITY, "firm"))
    (told,) = tokens["authorization_details"]
    assert told["attributes"] == ["name", "practice_status", "license_no", "firm"]
    facts = fapi.userinfo(tokens["access_token"]).json or {}
    assert re.fullmatch(r"\d{17}", facts["license_no"])


def granted(details: list[dict[str, list[str]]], *optional: str) -> list[str]:
    return ["practice_status", *details[0]["attributes"], *optional]


def test_the_example_of_an_act_and_the_last_commands(
    world: World, fapi: RelyingPartyClient, phone: Phone, tmp_path: Path
) -> None:
    if missing := [tool for tool in ("bash", "curl") if shutil.which(tool) is None]:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    tokens = fapi.begin(scope="openid", authorization_details=ACT).tokens(phone)
    (told,) = tokens["authorization_details"]
    given = {"CONFIRMATION_ID": told["confirmation_id"], **lvz_ledger_in(tmp_path)}
    with serving(world.app) as url:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", VERIFY],
            cwd=tmp_path, env={**os.environ, **given, "LVZ": url.rstrip("/")},
            capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "执业行为确认有效" in done.stdout
    assert (tmp_path / "confirmation.jwt").read_text() == told["confirmation"]


def lvz_ledger_in(folder: Path) -> dict[str, str]:
    """Make the program `lvz-ledger` in a folder; return the environment that finds it."""
    program = folder / "lvz-ledger"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lvz_ledger "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": f"{REPO}:{REPO / 'clients' / 'ledger'}",
        "PYTHONIOENCODING": "utf-8",
    }


def test_the_table_of_attributes() -> None:
    rows = {codes(row[0])[0]: row for row in ROWS if len(row) == 4}
    assert {
        code: (row[1], row[2] == "plain") for code, row in rows.items()
    } == {a.code: (a.label, a.basic) for a in ATTRIBUTES.values()}  # fmt: skip
    assert codes(rows["practice_status"][3])[:-1] == list(PracticeStatus)
    assert codes(rows["category"][3]) == list(PracticeCategory)


def test_the_table_of_acts() -> None:
    told = {codes(row[0])[0]: (row[1], codes(row[2])) for row in ROWS if row[0].strip("`") in ACTS}
    assert told == {a.code: (a.label, [f.name for f in a.fields]) for a in ACTS.values()}


def test_the_table_of_levels() -> None:
    assert [codes(row[0])[0] for row in ROWS if "urn:" in row[0]] == list(LEVELS)


def test_the_table_of_errors() -> None:
    told = {codes(row[0])[0]: int(row[1]) for row in ROWS if row[1].isdecimal()}
    leaves = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    known = {
        kind.error: int(CATALOGUE[kind.code][0])
        for kind in leaves
        if issubclass(kind, errors.OAuthError)
    }
    assert told == {error: known[error] for error in told}
    assert set(known) == set(told)
