"""A developer's program: registers a sandbox client, begins a login, redeems its code."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')
CLIENT_ID = re.compile(r'data-client-id="([^"]+)"')
SECRET = re.compile(r'data-secret="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A registered sandbox client."""

    client_id: str
    secret: str = field(repr=False)


def sandbox_client(origin: str, *, name: str, redirect_uri: str) -> Sandbox:
    """Register at the developer page; raises `RuntimeError` when it says no."""
    browser = requests.Session()
    page = f"{origin}/developer/"
    token = TOKEN.search(browser.get(page, timeout=10).text)
    fields = {
        "form_token": token[1] if token else "",
        "name": name,
        "redirect_uris": redirect_uri,
    }
    answer = browser.post(page, data=fields, timeout=10)
    client_id, secret = CLIENT_ID.search(answer.text), SECRET.search(answer.text)
    if client_id is None or secret is None:
        raise RuntimeError(answer.text)
    return Sandbox(client_id=client_id[1], secret=secret[1])


def authorize_url(origin: str, client: Sandbox, *, redirect_uri: str, verifier: str) -> str:
    """Return where to send the browser."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": "openid profile",
        "state": "state-of-the-test",
        "nonce": "nonce-of-the-test",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{origin}/oauth/authorize?{urlencode(query)}"


def redeem(
    origin: str, client: Sandbox, *, code: str, redirect_uri: str, verifier: str
) -> dict[str, Any]:
    """Exchange a code for tokens; raises `requests.HTTPError`."""
    answer = requests.post(
        f"{origin}/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        },
        auth=(client.client_id, client.secret),
        timeout=10,
    )
    answer.raise_for_status()
    tokens: dict[str, Any] = answer.json()
    return tokens
