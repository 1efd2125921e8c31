"""A judge nobody here wrote: npm's openid-client, a certified relying party (Basic, FAPI 2.0)."""

from __future__ import annotations

import requests

from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ACT, IDENTITY, RelyingPartyClient
from tests.oidc.judges import Judge, issuer, private_jwk

__all__ = ["issuer"]
SCRIPT = "openid_client.mjs"


def test_the_plain_code_flow(issuer: str, plain: RelyingPartyClient, phone: Phone) -> None:
    said = Judge(SCRIPT, issuer, plain, secret=plain.secret).run(phone)
    assert said["token_type"].lower() == "bearer"
    assert said["facts"]["name"] == "林正衡"
    assert said["facts"]["sub"] == said["claims"]["sub"]
    assert (said["before"], said["after"]) == (True, False)


def test_pushed_with_a_bound_token(issuer: str, fapi: RelyingPartyClient, phone: Phone) -> None:
    said = Judge(
        SCRIPT, issuer, fapi, key=private_jwk(fapi.key), push=True, details=[IDENTITY]
    ).run(phone)
    assert said["token_type"].lower() == "dpop"
    assert said["facts"]["license_no"].isdecimal()
    assert (said["before"], said["after"]) == (True, False)


def test_a_confirmed_act(issuer: str, fapi: RelyingPartyClient, phone: Phone) -> None:
    said = Judge(SCRIPT, issuer, fapi, key=private_jwk(fapi.key), push=True, details=[ACT]).run(
        phone
    )
    (detail,) = said["details"]
    assert detail["confirmation"].count(".") == 2


def test_signing_out_leads_back(issuer: str, plain: RelyingPartyClient, phone: Phone) -> None:
    logout = Judge(SCRIPT, issuer, plain, secret=plain.secret).run(phone)["logout"]
    answer = requests.get(logout, allow_redirects=False, timeout=10)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "https://rp.example/bye"
