"""An assertion and a proof are good for one request, also when they come together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import TestResponse

from tests.oidc.actors import ASSERTION, RelyingPartyClient
from tests.world import World

PATH = "/oauth/token"


def ask(
    client: RelyingPartyClient, *, assertion: str | None = None, proof: dict[str, str] | None = None
) -> TestResponse:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion or client.assertion(),
    }
    return client.http.post(PATH, data=form, headers=client.proof(PATH) if proof is None else proof)


def outcome(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {}).get("error", "")


def test_each_is_used_once(fapi: RelyingPartyClient) -> None:
    assertion, proof = fapi.assertion(), fapi.proof(PATH)
    assert outcome(ask(fapi, assertion=assertion, proof=proof)) == (200, "")
    assert outcome(ask(fapi, assertion=assertion)) == (401, "invalid_client")
    assert outcome(ask(fapi, proof=proof)) == (400, "invalid_dpop_proof")
    assert outcome(ask(fapi, assertion=assertion, proof=proof)) == (401, "invalid_client")
    assert outcome(ask(fapi)) == (200, "")


def test_the_same_pair_many_times_at_once(fapi: RelyingPartyClient) -> None:
    assertion, proof = fapi.assertion(), fapi.proof(PATH)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: outcome(ask(fapi, assertion=assertion, proof=proof)), range(8))
        )
    assert sorted(answers) == [(200, ""), *[(401, "invalid_client")] * 7]


def test_a_bad_partner_spoils_nothing(fapi: RelyingPartyClient) -> None:
    assertion, proof = fapi.assertion(), fapi.proof(PATH)
    late = fapi.proof(PATH, iat=fapi.world.clock.unix() - 600)
    assert outcome(ask(fapi, assertion=assertion, proof=late)) == (400, "invalid_dpop_proof")
    stranger = fapi.assertion(aud="https://elsewhere.example")
    assert outcome(ask(fapi, assertion=stranger, proof=proof)) == (401, "invalid_client")
    assert outcome(ask(fapi, assertion=assertion, proof=proof)) == (200, "")


def test_a_party_that_was_switched_off(plain: RelyingPartyClient, world: World) -> None:
    def token() -> tuple[int, str]:
        return outcome(plain.post(PATH, grant_type="client_credentials"))

    parties = world.services.authorization.relying_parties
    assert token() == (200, "")
    with world.app.app_context():
        parties.set_suspended(client_id=plain.client_id, suspended=True)
    assert token() == (401, "invalid_client")
    with world.app.app_context():
        parties.set_suspended(client_id=plain.client_id, suspended=False)
    assert token() == (200, "")
    with world.app.app_context():
        parties.rotate_secret(client_id=plain.client_id)
    assert token() == (401, "invalid_client")
