"""A lawyer's browser at the portal 律师服务平台, with a session that needed no scan."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.authorization.models.grants import Grant
from app.authorization.models.portal import PortalSession
from app.authorization.models.transactions import BrowserSession
from app.http.counsel import COOKIE
from app.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from tests.world import World

FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{32})"')
ORIGIN = "http://localhost"


class PortalPages:
    """Every form is posted with the token its page carried; `api` calls as a page's script does."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    @property
    def form_token(self) -> str:
        """The session's token, as the home page carries it."""
        return self.token("/portal/")

    def get(self, path: str, **query: str) -> TestResponse:
        return self.browser.get(path, query_string=query, headers={"Accept": "text/html"})

    def token(self, page: str) -> str:
        found = FORM_TOKEN.search(self.get(page).text)
        assert found is not None, f"no form on {page}"
        return found[1]

    def post(self, path: str, *, page: str, **fields: Any) -> TestResponse:
        data = {"form_token": self.token(page), **fields}
        return self.browser.post(path, data=data, headers={"Accept": "text/html"})

    def api(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        sent = {"X-Form-Token": self.form_token, **headers}
        return self.browser.open(f"/api/v1{path}", method=method, json=body, headers=sent)


def signed_in(world: World, *, name: str) -> PortalPages:
    """A browser in which this bound lawyer signed in; the rows are as a scan leaves them."""
    token = secrets.token_urlsafe(32)
    with world.app.app_context():
        party = world.services.authorization.relying_parties.ours()
        _write(world, token, name=name, client_id=party.client_id)
    browser = world.app.test_client()
    browser.set_cookie(COOKIE, token, domain="localhost", secure=True, httponly=True)
    return PortalPages(browser)


def _write(world: World, token: str, *, name: str, client_id: str) -> None:
    (found,) = world.sql(
        "SELECT l.id, d.id, d.public_key FROM lawyer l JOIN device d ON d.lawyer_id = l.id"
        " WHERE l.name = %s AND d.ended_at IS NULL",
        name,
    )
    lawyer_id, device_id, key = found
    at = world.clock.now()
    of_both = {
        "lawyer_id": lawyer_id,
        "device_id": device_id,
        "acr": "urn:lvz:acr:device",
        "amr": ["swk", "user"],
        "authenticated_at": at,
        "expires_at": at + timedelta(hours=8),
    }
    session = BrowserSession(id=uuid.uuid4(), cookie_sha256=secrets.token_bytes(32), **of_both)
    grant = Grant(
        id=uuid.uuid4(), client_id=client_id, session_id=session.id, issuer=ORIGIN, kind="login",
        attributes=["name", "practice_status"], scope="openid profile",
        purpose={"code": "login", "text": "登录律师服务平台（电脑端）"}, retention="仅本次登录",
        requester={"client_id": client_id, "name": "律证·律师服务平台", "uscc": "", "domain": ""},
        consent_text="", device_key=key, device_signature=b"", created_at=at, **of_both,
    )  # fmt: skip
    portal = PortalSession(
        id=uuid.uuid4(), token_sha256=hashlib.sha256(token.encode()).digest(), grant_id=grant.id,
        created_at=at, seen_at=at, expires_at=grant.expires_at,
    )  # fmt: skip
    with unit_of_work() as tx:
        for row in (session, grant, portal):
            tx.add(row)
            tx.flush()
