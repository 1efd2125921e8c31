"""What a lawyer agreed to is in the ledger, and a stranger checks it with `lvz-ledger`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lvz_ledger.main import main
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ACT, RelyingPartyClient
from tests.world import World


@pytest.fixture
def anybody(world: World) -> FlaskClient:
    return world.app.test_client()


def verified(file: Path, *, log_key: str, keys: Path | None = None) -> bool:
    """Whether `lvz-ledger verify` accepts a file."""
    more = [] if keys is None else ["--keys", str(keys)]
    try:
        main(["verify", str(file), "--log-key", log_key, *more])
    except SystemExit as stop:
        return not stop.code
    return True


def test_a_confirmation_is_verified_offline_and_one_changed_byte_is_found(
    anybody: FlaskClient, fapi: RelyingPartyClient, phone: Phone, tmp_path: Path
) -> None:
    tokens = fapi.begin(scope="openid", authorization_details=[ACT]).tokens(phone)
    confirmation = tokens["authorization_details"][0]["confirmation"]
    log_key = anybody.get("/ledger/key").text.strip()
    keys, file = tmp_path / "jwks.json", tmp_path / "confirmation.jwt"
    keys.write_bytes(anybody.get("/oauth/jwks").data)
    file.write_text(confirmation)
    assert verified(file, log_key=log_key, keys=keys)
    for place in range(0, len(confirmation), len(confirmation) // 150):
        changed = "A" if confirmation[place] != "A" else "B"
        file.write_text(confirmation[:place] + changed + confirmation[place + 1 :])
        assert not verified(file, log_key=log_key, keys=keys), place


def test_the_receipt_of_a_grant_names_nobody(
    world: World, anybody: FlaskClient, plain: RelyingPartyClient, phone: Phone, tmp_path: Path
) -> None:
    plain.begin().tokens(phone)
    (grant,) = phone.grants()
    receipt = phone.receipt(grant["id"])["ledger"]
    log_key, file = anybody.get("/ledger/key").text.strip(), tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt))
    assert verified(file, log_key=log_key)
    [[name]] = world.sql("SELECT name FROM lawyer")
    assert name not in json.dumps(receipt, ensure_ascii=False)


def test_the_kinds_of_entries_of_a_day(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    plain.begin().tokens(phone)
    (grant,) = phone.grants()
    phone.end_grant(grant["id"])
    kinds = [kind for (kind,) in world.sql("SELECT kind FROM ledger_entry ORDER BY at, kind")]
    assert kinds == ["device", "issuance", "grant", "grant_end"]
