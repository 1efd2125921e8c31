"""Requests that are answered before Flask are answered as the routes would."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.http.direct import Direct, DirectView
from app.http.question import Question
from app.kernel.principal import Access
from app.kernel.unit_of_work import DatabaseUnavailable
from app.urls import DIRECT
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ASSERTION, RelyingPartyClient
from tests.world import World

BY_FLASK = {"Transfer-Encoding": "identity"}  # no direct view takes such a request
PASSING = ("text", "left_ms", "poll_in_ms", "access_token", "practice_status_as_of")


def lasting(answer: TestResponse) -> tuple[int, dict[str, str], dict[str, object]]:
    """What does not depend on the moment."""
    headers = {n: v for n, v in answer.headers.items() if n != "Content-Length"}
    body = {n: v for n, v in (answer.json or {}).items() if n not in PASSING}
    return answer.status_code, headers, body


def test_each_is_also_a_public_route(app: Flask) -> None:
    assert len(DIRECT) > 3
    for view in DIRECT:
        rules = [r for r in app.url_map.iter_rules() if r.rule == view.route]
        (rule,) = [r for r in rules if view.method in (r.methods or set())]
        blueprint = rule.endpoint.rpartition(".")[0]
        assert app.extensions["access"][blueprint] is Access.PUBLIC, view.route


def test_a_page_hears_the_same(plain: RelyingPartyClient) -> None:
    flow = plain.begin()
    path, name = f"/oauth/authorize/{flow.page}/status", {"X-Request-Id": "req-12345678"}
    answers = [flow.browser.get(path, headers={**name, **more}) for more in ({}, BY_FLASK)]
    assert lasting(answers[0]) == lasting(answers[1])
    assert answers[0].headers["X-Request-Id"] == "req-12345678"
    assert answers[0].headers["Content-Length"] == str(len(answers[0].data))


def test_tokens_are_the_same(plain: RelyingPartyClient, phone: Phone) -> None:
    name = {"X-Request-Id": "req-12345678"}
    tokens = plain.begin().tokens(phone)
    for path, fields in (
        ("/oauth/token", {"grant_type": "client_credentials"}),
        ("/oauth/token", {"grant_type": "refresh_token", "refresh_token": "unknown"}),
        ("/oauth/introspect", {"token": tokens["access_token"]}),
        ("/oauth/introspect", {"token": "unknown"}),
        ("/oauth/introspect", {}),
    ):
        first, second = (
            plain.post(path, headers={**name, **more}, **fields) for more in ({}, BY_FLASK)
        )
        assert lasting(first) == lasting(second)
    for token in (tokens["access_token"], "unknown"):
        bearer = {"Authorization": f"Bearer {token}", **name}
        first, second = (
            plain.http.get("/oauth/userinfo", headers={**bearer, **more}) for more in ({}, BY_FLASK)
        )
        assert lasting(first) == lasting(second)


@pytest.mark.parametrize("cookie", ["", "x" * 43, "x" * 42])
def test_another_browser_hears_what_the_route_says(
    plain: RelyingPartyClient, world: World, cookie: str
) -> None:
    flow = plain.begin()
    for page in (flow.page, str(uuid.uuid4()), flow.page.upper(), "no-page"):
        headers = {"Cookie": f"__Host-lvz_login={cookie}"}
        browser = world.app.test_client(use_cookies=False)
        answer = browser.get(f"/oauth/authorize/{page}/status", headers=headers)
        assert answer.status_code == 404
        assert (answer.json or {})["code"] in ("authorization.page_unknown", "request.not_found")


def test_what_fails_is_not_tried_twice(fapi: RelyingPartyClient) -> None:
    assertion = {"client_assertion_type": ASSERTION, "client_assertion": fapi.assertion()}
    answer = fapi.http.post(
        "/oauth/token",
        data={**assertion, "grant_type": "magic"},
        headers=fapi.proof("/oauth/token"),
    )
    assert (answer.status_code, (answer.json or {})["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(DatabaseUnavailable("x"), 503, "database.unavailable"), (KeyError("x"), 500, "internal")],
    ids=["known", "unknown"],
)
def test_failures_are_rendered_by_flask(
    world: World, error: Exception, status: int, code: str
) -> None:
    asked: list[Question] = []

    def fail(question: Question) -> dict[str, object]:
        asked.append(question)
        raise error

    view = DirectView(method="GET", route="/api/v1/time", answer=fail)
    before = Direct(world.app, [view], entropy=world.app.extensions["entropy"])
    answer = Client(before).get("/api/v1/time")
    assert (answer.status_code, (answer.json or {})["code"]) == (status, code)
    assert len(asked) == 1


def test_it_is_counted(plain: RelyingPartyClient, world: World) -> None:
    flow = plain.begin()

    def counted() -> str:
        text = world.app.test_client().get("/metrics").text
        wanted = 'route="/oauth/authorize/<uuid:page_id>/status",status="200"'
        return next((line for line in text.splitlines() if wanted in line), "")

    before = counted()
    assert flow.status().status_code == 200
    assert counted() != before
