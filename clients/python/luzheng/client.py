"""The third-party API 接口动态鉴权: every request signed, every answer checked."""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import requests

from luzheng import signing
from luzheng.errors import ApiError, SignatureInvalid
from luzheng.keys import Keys, PlatformKeys, SigningKey
from luzheng.values import (
    ConfirmationItem,
    DeadLetter,
    LicenceStatus,
    Page,
    Subscription,
    Verification,
)

API = "/api/v1"
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
TAG, ANSWER_TAG = "lvzheng-api", "lvzheng-response"


class Client:
    """One relying party's access. Safe for many threads.

    Every method raises `ApiError` when the platform refuses, `SignatureInvalid` when an answer is
    not the platform's, and what `requests` raises when there is no answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        client_id: str,
        kid: str,
        key: SigningKey,
        platform_keys: Keys | None = None,
        session: requests.Session | None = None,
        timeout: float = 10.0,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._key_id = f"{client_id}#{kid}"
        self._key = key
        self._session = session or requests.Session()
        self._timeout = timeout
        self.platform_keys = platform_keys or PlatformKeys(self._base_url, session=self._session)

    def verify_code(self, text: str, *, nonce: str | None = None) -> Verification:
        """Verify a lawyer code 一键核验: `LVZ1:`, `LVZ2:` or `LVZ3:`, as scanned or typed.

        A refused code raises `ApiError` with its `credential.…` code. When the connection fails
        the same question is asked once more: the platform gives the same answer.
        """
        body = {"text": text, **({} if nonce is None else {"nonce": nonce})}
        return Verification.of(self.call("POST", "/partner/verifications", body, repeat=True))

    def licence_status(self, licence_no: str) -> LicenceStatus:
        """Ask for the practice status 执业状态 of a licence, as the register says now."""
        path = f"/partner/licences/{quote(licence_no, safe='')}"
        return LicenceStatus.of(self.call("GET", path, repeat=True))

    def subscribe(self, licence_no: str) -> Subscription:
        """Be told when the status of a licence changes; again gives the same subscription."""
        body = {"licence_no": licence_no}
        return Subscription.of(self.call("POST", "/partner/subscriptions", body, repeat=True))

    def subscriptions(self, *, before: str | None = None) -> Page[Subscription]:
        """Return a page of subscriptions."""
        answer = self.call("GET", _page("/partner/subscriptions", before), repeat=True)
        return Page.of(answer, Subscription.of)

    def unsubscribe(self, subscription_id: str) -> None:
        """End a subscription."""
        self.call("DELETE", f"/partner/subscriptions/{quote(subscription_id, safe='')}")

    def send_test_event(self) -> str:
        """Have a `webhook.test` event sent; return its id."""
        return str(self.call("POST", "/partner/webhook-tests", repeat=True)["id"])

    def confirmations(self, *, before: str | None = None) -> Page[ConfirmationItem]:
        """Return a page of the practising-act confirmations 执业行为确认 made for you."""
        answer = self.call("GET", _page("/partner/confirmations", before), repeat=True)
        return Page.of(answer, ConfirmationItem.of)

    def confirmation(self, confirmation_id: str) -> str:
        """Return a confirmation as a JWS; `lvz-ledger verify` checks it offline."""
        path = f"/partner/confirmations/{quote(confirmation_id, safe='')}"
        return str(self.call("GET", path, repeat=True)["confirmation"])

    def receipt(self, grant_id: str) -> Mapping[str, Any]:
        """Return your copy of a grant's receipt: `record`, `receipt` (JWS), `ledger`."""
        return self.call("GET", f"/partner/receipts/{quote(grant_id, safe='')}", repeat=True)

    def dead_letters(self, *, before: str | None = None) -> Page[DeadLetter]:
        """Return a page of events that could not be delivered."""
        answer = self.call("GET", _page("/partner/dead-letters", before), repeat=True)
        return Page.of(answer, DeadLetter.of)

    def redeliver(self, event_id: str) -> None:
        """Have a dead letter delivered again."""
        self.call("POST", f"/partner/dead-letters/{quote(event_id, safe='')}/redeliver")

    def call(
        self, method: str, path: str, body: object = None, *, repeat: bool = False
    ) -> Mapping[str, Any]:
        """Send any signed request under `/api/v1`; return the checked answer's JSON.

        `repeat`: after a failed connection, ask once more with the same idempotency key.
        """
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        try:
            return self._once(method, path, data, headers)
        except LOST:
            if not repeat:
                raise
        return self._once(method, path, data, headers)

    def _once(
        self, method: str, path: str, data: bytes, headers: Mapping[str, str]
    ) -> Mapping[str, Any]:
        request = requests.Request(method, self._base_url + API + path, data=data or None)
        prepared = self._session.prepare_request(request)
        prepared.headers.update({**headers, **self._signature(prepared, data)})
        if data:
            prepared.headers["Content-Type"] = "application/json"
        settings = self._session.merge_environment_settings(
            prepared.url, proxies={}, stream=False, verify=None, cert=None
        )
        answer = self._session.send(
            prepared, timeout=self._timeout, allow_redirects=False, **settings
        )
        signed = self._is_signed(prepared, answer)
        if answer.status_code >= 400:
            raise _refusal(answer, signed=signed)
        if not signed:
            raise SignatureInvalid("not signed")
        content: Mapping[str, Any] = answer.json() if answer.content else {}
        return content

    def _signature(self, request: requests.PreparedRequest, data: bytes) -> dict[str, str]:
        covered = {'"@method"': str(request.method), '"@target-uri"': str(request.url)}
        headers = {}
        if data:
            digest = signing.content_digest(data)
            headers["Content-Digest"] = covered['"content-digest"'] = digest
        parameters = (
            f'created={int(time.time())};nonce="{secrets.token_urlsafe(16)}"'
            f';keyid="{self._key_id}";tag="{TAG}"'
        )
        return {**headers, **signing.sign(covered, parameters, key=self._key)}

    def _is_signed(self, request: requests.PreparedRequest, answer: requests.Response) -> bool:
        """Check an answer that says it is signed; raises `SignatureInvalid`."""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if "signature" not in headers:
            return False
        covered = {
            '"@status"': str(answer.status_code),
            '"content-digest"': signing.check_digest(headers, answer.content),
            '"@method";req': str(request.method),
            '"@target-uri";req': str(request.url),
            '"signature";req;key="sig1"': signing.signature_value(request.headers["Signature"]),
        }
        signing.verify(headers, covered, tag=ANSWER_TAG, keys=self.platform_keys)
        return True


def _page(path: str, before: str | None) -> str:
    return path if before is None else f"{path}?before={quote(before, safe='')}"


def _refusal(answer: requests.Response, *, signed: bool) -> ApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    problem = problem if isinstance(problem, dict) else {}
    retry_after = answer.headers.get("Retry-After", "")
    return ApiError(
        code=str(problem.get("code", "unknown")),
        status=answer.status_code,
        title=str(problem.get("title", answer.reason)),
        request_id=str(problem.get("request_id", "")),
        retry_after=int(retry_after) if retry_after.isdecimal() else None,
        signed=signed,
    )
