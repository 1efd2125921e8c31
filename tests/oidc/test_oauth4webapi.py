"""A judge nobody here wrote: npm's oauth4webapi, strict about every answer; terminals too."""

from __future__ import annotations

from app.authorization.rules.relying_party import Kind
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import RelyingPartyClient, fapi_client
from tests.oidc.judges import Judge, issuer, private_jwk
from tests.world import World

__all__ = ["issuer"]
SCRIPT = "oauth4webapi.mjs"


def test_a_sign_in_checked_to_the_letter(
    issuer: str, plain: RelyingPartyClient, phone: Phone
) -> None:
    said = Judge(SCRIPT, issuer, plain, secret=plain.secret).run(phone)
    assert said["facts"]["name"] == "林正衡"
    assert said["claims"]["client_id"] == plain.client_id
    assert (said["before"], said["after"]) == (True, False)
    assert "accepted" not in said["refusals"].values(), "the judge does judge"


def test_a_terminal_collects_once(issuer: str, world: World, phone: Phone) -> None:
    terminal = fapi_client(world, kind=Kind.DEVICE, place="北京市朝阳区人民法院立案大厅 3 号窗口")
    said = Judge(SCRIPT, issuer, terminal, key=private_jwk(terminal.key), terminal=True).run(phone)
    assert (said["pending"], said["again"]) == ("authorization_pending", "invalid_grant")
    assert said["token_type"] == "dpop"
    assert said["facts"]["name"] == "林正衡"
