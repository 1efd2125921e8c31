"""What relying parties are told of and may fetch: confirmations, receipts, ends, logouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.worker import Worker
from luzheng import Event, PlatformKeys, WebhookReceiver
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.oidc.actors import ACT, RelyingPartyClient, claims_of, fapi_client, plain_client
from tests.partner import PartnerSystem, problem
from tests.world import ORIGIN, World

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Inbox:
    """A relying party's server: an address for events and one for logout tokens."""

    def __init__(self) -> None:
        self.origin = ""
        self.status = "200 OK"
        self.received: list[tuple[str, dict[str, str], bytes]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        self.received.append((environ["PATH_INFO"], headers, body))
        start(self.status, [])
        return [b""]

    def logouts(self) -> list[dict[str, Any]]:
        forms = [parse_qs(body.decode()) for path, _, body in self.received if path == "/logout"]
        return [claims_of(form["logout_token"][0]) for form in forms]

    def events(self, world: World) -> list[Event]:
        jwks = world.app.test_client().get("/.well-known/lvz/jwks.json").json
        reader = WebhookReceiver(
            url=f"{self.origin}/events", keys=PlatformKeys("http://unused", jwks=jwks)
        )
        return [
            reader.receive(headers=headers, body=body)
            for path, headers, body in self.received
            if path == "/events"
        ]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    made = Inbox()
    with serving(made) as url:
        made.origin = url
        yield made


def deliver(world: World) -> None:
    """What a worker does with what is due."""
    services = world.services.authorization
    handlers = {
        "webhook": services.partners.webhooks.deliver,
        "backchannel_logout": services.logout.deliver,
    }
    Worker(app=world.app, clock=world.clock, handlers=handlers).drain()


def system_of(client: RelyingPartyClient) -> PartnerSystem:
    """The same relying party, calling the third-party API."""
    key = load_pem_private_key(client.key.to_pem(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return PartnerSystem(world=client.world, client_id=client.client_id, key=key)


def test_a_confirmation_is_announced_and_fetched(world: World, inbox: Inbox, phone: Phone) -> None:
    court = fapi_client(world, webhook_url=f"{inbox.origin}/events")
    tokens = court.begin(scope="openid", authorization_details=[ACT]).tokens(phone)
    deliver(world)
    (event,) = inbox.events(world)
    assert event.type == "confirmation.ready"
    assert event.data["grant_id"] == tokens["grant_id"]
    number = event.data["confirmation_id"]
    fetched = system_of(court).call("GET", f"/confirmations/{number}").json
    assert fetched is not None
    assert fetched["confirmation"] == tokens["authorization_details"][0]["confirmation"]
    listed = system_of(court).call("GET", "/confirmations").json
    assert listed is not None
    assert [item["confirmation_id"] for item in listed["items"]] == [number]


def test_what_another_party_was_given_is_not_found(world: World, phone: Phone) -> None:
    court, other = fapi_client(world), fapi_client(world)
    tokens = court.begin(scope="openid", authorization_details=[ACT]).tokens(phone)
    number = tokens["authorization_details"][0]["confirmation_id"]
    asks = system_of(other)
    assert problem(asks.call("GET", f"/confirmations/{number}"))[0] == 404
    assert problem(asks.call("GET", f"/receipts/{tokens['grant_id']}"))[0] == 404
    assert (asks.call("GET", "/confirmations").json or {})["items"] == []


def test_both_sides_hold_the_same_receipt(
    world: World, fapi: RelyingPartyClient, phone: Phone
) -> None:
    tokens = fapi.begin().tokens(phone)
    theirs = system_of(fapi).call("GET", f"/receipts/{tokens['grant_id']}").json
    assert theirs is not None
    assert theirs["record"] == phone.receipt(tokens["grant_id"])["record"]
    assert theirs["record"]["issuer"] == ORIGIN


def test_the_end_of_a_grant_reaches_the_relying_party(
    world: World, inbox: Inbox, phone: Phone
) -> None:
    site = plain_client(
        world,
        webhook_url=f"{inbox.origin}/events",
        backchannel_logout_uri=f"{inbox.origin}/logout",
    )
    tokens = site.begin().tokens(phone)
    identity = claims_of(tokens["id_token"])
    phone.end_grant(tokens["grant_id"])
    deliver(world)
    (event,) = inbox.events(world)
    assert (event.type, event.data["ended_by"]) == ("grant.ended", "lawyer")
    assert event.data["sub"] == identity["sub"]
    (told,) = inbox.logouts()
    assert (told["iss"], told["aud"]) == (ORIGIN, site.client_id)
    assert (told["sub"], told["sid"]) == (identity["sub"], identity["sid"])
    assert told["events"] == {LOGOUT_EVENT: {}}
    assert "nonce" not in told


def test_signing_out_of_the_browser_tells_every_site_of_the_session(
    world: World, inbox: Inbox, phone: Phone
) -> None:
    sites = [plain_client(world, backchannel_logout_uri=f"{inbox.origin}/logout") for _ in range(2)]
    first = sites[0].begin()
    tokens = [first.tokens(phone)]
    second = sites[1].begin(browser=first.browser)
    tokens.append(second.tokens(phone))
    again = sites[0].begin(browser=first.browser)  # the newest session covers it
    answer = sites[0].redeem(again.query["code"], again.verifier)
    assert answer.status_code == 200, answer.text
    first.browser.get("/oauth/logout", query_string={"id_token_hint": tokens[1]["id_token"]})
    deliver(world)
    assert {told["aud"] for told in inbox.logouts()} == {site.client_id for site in sites}
    assert len({told["sid"] for told in inbox.logouts()}) == 1


def test_a_logout_token_is_made_anew_at_each_try(world: World, inbox: Inbox, phone: Phone) -> None:
    site = plain_client(world, backchannel_logout_uri=f"{inbox.origin}/logout")
    tokens = site.begin().tokens(phone)
    inbox.status = "503 Busy"
    phone.end_grant(tokens["grant_id"])
    deliver(world)
    inbox.status = "200 OK"
    world.clock.step(seconds=600)
    deliver(world)
    first, second = inbox.logouts()
    assert first["jti"] != second["jti"]
    assert second["exp"] > world.clock.unix()
    assert world.sql("SELECT * FROM outbox_message WHERE topic = 'backchannel_logout'") == []


def test_ending_it_itself_a_party_is_not_told_to_sign_out(
    world: World, inbox: Inbox, phone: Phone
) -> None:
    site = plain_client(world, backchannel_logout_uri=f"{inbox.origin}/logout")
    tokens = site.begin(scope="openid profile offline_access").tokens(phone)
    assert site.post("/oauth/revoke", token=tokens["refresh_token"]).status_code == 200
    deliver(world)
    assert inbox.received == []
    assert phone.grants()[0]["ended_by"] == "relying_party"


@pytest.mark.parametrize("state", ["a&b=c", "律师 1", "#x"])
def test_the_state_comes_back_from_signing_out_as_it_went(
    plain: RelyingPartyClient, phone: Phone, state: str
) -> None:
    flow = plain.begin()
    tokens = flow.tokens(phone)
    answer = flow.browser.get(
        "/oauth/logout",
        query_string={
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": "https://rp.example/bye",
            "state": state,
        },
    )
    where, _, query = answer.headers["Location"].partition("?")
    assert where == "https://rp.example/bye"
    assert parse_qs(query) == {"state": [state]}
