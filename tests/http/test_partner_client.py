"""clients/python against the served application: over a socket, with somebody between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from luzheng import ApiError, Client, PlatformKeys, SignatureInvalid, SigningKey
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.partner import PartnerSystem, enter
from tests.world import World

REPO = Path(__file__).resolve().parents[2]
Answer = tuple[str, list[tuple[str, str]], bytes]


class Between:
    """A proxy before the application, that changes answers when told to."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self.change: Callable[[Answer], Answer] = lambda answer: answer
        self.breaks = 0
        self.seen: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        said: list[Any] = []
        self.seen.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        body = b"".join(self._application(environ, lambda *given: said.extend(given)))
        if environ["PATH_INFO"].startswith("/api/") and self.breaks:
            self.breaks -= 1
            start("200 OK", [("Content-Length", "999999")])  # and then hangs up
            return [b"x"]
        answer = (said[0], said[1], body)
        if environ["PATH_INFO"].startswith("/api/"):
            answer = self.change(answer)
        start(answer[0], answer[1])
        return [answer[2]]


@pytest.fixture
def between(world: World) -> Between:
    return Between(world.app.wsgi_app)


@pytest.fixture
def url(between: Between) -> Iterator[str]:
    with serving(between) as base:
        yield base


@pytest.fixture
def system(world: World) -> PartnerSystem:
    return enter(world, webhook_url="http://127.0.0.1:9/hook")


@pytest.fixture
def client(system: PartnerSystem, url: str) -> Client:
    return Client(url, client_id=system.client_id, kid="k1", key=SigningKey(system.key))


def test_everything_it_can_ask(world: World, phone: Phone, client: Client) -> None:
    licence_no = world.person().licence_no
    found = client.verify_code(phone.show())
    assert (found.form, found.lawyer.name, found.lawyer.status) == ("LVZ1", "林正衡", "practising")
    assert found.verified_at.tzinfo is not None
    status = client.licence_status(licence_no)
    assert (status.licence_no, status.status_label) == (licence_no, "正常执业")
    made = client.subscribe(licence_no)
    page = client.subscriptions()
    assert (list(page.items), page.next) == ([made], None)
    client.unsubscribe(made.id)
    assert list(client.subscriptions(before=made.id).items) == []
    event_id = client.send_test_event()
    assert len(event_id) == 36
    assert list(client.dead_letters().items) == []
    assert list(client.confirmations().items) == []


def test_a_refusal_has_its_code(world: World, phone: Phone, client: Client) -> None:
    text = phone.show()
    client.verify_code(text)
    with pytest.raises(ApiError) as refused:
        client.verify_code(text)
    assert (refused.value.code, refused.value.status) == ("credential.replayed", 409)
    assert refused.value.title == "该码已使用过，请等待刷新后重新出示。"
    assert refused.value.signed
    assert refused.value.request_id
    with pytest.raises(ApiError) as unknown:
        client.redeliver("00000000-0000-4000-8000-000000000000")
    assert unknown.value.code == "partner.event_unknown"
    with pytest.raises(ApiError) as odd:
        client.licence_status("../x?律")
    assert odd.value.status == 404


def test_a_stranger_is_refused_without_a_signature(url: str, system: PartnerSystem) -> None:
    key = SigningKey(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(ApiError) as refused:
        Client(url, client_id=system.client_id, kid="k1", key=key).dead_letters()
    assert (refused.value.code, refused.value.signed) == ("auth.signature_invalid", False)


def test_a_quota_says_when_to_come_back(world: World, url: str) -> None:
    system = enter(world, quota_per_minute=1)
    client = Client(url, client_id=system.client_id, kid="k1", key=SigningKey(system.key))

    def three_times() -> None:  # one minute may end between two
        for _ in range(3):
            client.dead_letters()

    with pytest.raises(ApiError) as refused:
        three_times()
    assert refused.value.code == "partner.quota_exceeded"
    assert refused.value.retry_after is not None
    assert refused.value.signed


def test_an_ed25519_key(world: World, url: str) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    registered = SigningKey(key).jwk("k1")
    system = enter(world, key=key, jwks={"keys": [registered]})
    client = Client(url, client_id=system.client_id, kid="k1", key=SigningKey(key))
    assert client.licence_status(world.person().licence_no).status == "practising"


def headers_without(*names: str) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        kept = [(name, value) for name, value in answer[1] if name.lower() not in names]
        return answer[0], kept, answer[2]

    return change


def header_changed(name: str, old: str, new: str) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        changed = [(n, v.replace(old, new) if n.lower() == name else v) for n, v in answer[1]]
        assert changed != answer[1]
        return answer[0], changed, answer[2]

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: (answer[0], answer[1], answer[2].replace(b"practising", b"suspended_")),
        lambda answer: ("201 Created", answer[1], answer[2]),
        headers_without("signature", "signature-input"),
        headers_without("content-digest"),
        headers_without("signature-input"),
        header_changed("signature-input", "lvzheng-response", "lvzheng-webhook"),
        header_changed("signature-input", '"@status" ', ""),
        header_changed("signature-input", 'keyid="', 'keyid="x'),
        header_changed("signature-input", "ecdsa-p256-sha256", "ed25519"),
        header_changed("signature-input", "created=1", "created=2"),
        header_changed("signature", "sig1=:", "sig1=:AAAA"),
        header_changed("content-digest", "sha-256=:", "sha-256=:A"),
    ],
    ids=["body", "status", "unsigned", "no-digest", "no-input", "tag", "components", "key", "alg",
         "created", "signature", "digest"],
)  # fmt: skip
def test_a_changed_answer_is_not_believed(
    world: World, client: Client, between: Between, change: Callable[[Answer], Answer]
) -> None:
    assert client.licence_status(world.person().licence_no).status == "practising"
    between.change = change
    with pytest.raises(SignatureInvalid):
        client.licence_status(world.person().licence_no)


def test_an_answer_to_another_request_is_not_believed(
    world: World, client: Client, between: Between
) -> None:
    kept: list[Answer] = []

    def keep(answer: Answer) -> Answer:
        kept.append(answer)
        return kept[0]

    between.change = keep
    client.licence_status(world.person().licence_no)
    world.set_status("revoked")
    with pytest.raises(SignatureInvalid):
        client.licence_status(world.person().licence_no)


def test_a_lost_answer_is_asked_for_again(phone: Phone, client: Client, between: Between) -> None:
    """The code was accepted, the answer lost: the second question gets it."""
    between.breaks = 1
    assert client.verify_code(phone.show()).lawyer.name == "林正衡"
    assert between.seen.count("POST /api/v1/partner/verifications") == 2
    between.breaks = 9
    with pytest.raises(requests.RequestException):
        client.unsubscribe("00000000-0000-4000-8000-000000000000")
    assert between.breaks == 8, "not repeated: the second would say that there is none"


def test_the_platforms_keys_are_read_once(world: World, client: Client, between: Between) -> None:
    for _ in range(3):
        client.licence_status(world.person().licence_no)
    assert between.seen.count("GET /.well-known/lvz/jwks.json") == 1


def test_pinned_keys_are_not_fetched(world: World, system: PartnerSystem, url: str) -> None:
    jwks = world.app.test_client().get("/.well-known/lvz/jwks.json").json
    pinned = PlatformKeys("http://127.0.0.1:9", jwks=jwks)
    key = SigningKey(system.key)
    given = {"client_id": system.client_id, "kid": "k1", "key": key}
    client = Client(url, platform_keys=pinned, **given)  # type: ignore[arg-type]
    assert client.licence_status(world.person().licence_no).status == "practising"
    others = SigningKey(ec.generate_private_key(ec.SECP256R1())).jwk("other")
    wrong = PlatformKeys("http://127.0.0.1:9", jwks={"keys": [others]})
    with pytest.raises(SignatureInvalid):
        Client(url, platform_keys=wrong, **given).dead_letters()  # type: ignore[arg-type]


def test_only_keys_of_the_two_kinds() -> None:
    wrong = (
        rsa.generate_private_key(public_exponent=65_537, key_size=2048),
        ec.generate_private_key(ec.SECP384R1()),
    )
    for private in wrong:
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with pytest.raises(ValueError, match="P-256 or Ed25519"):
            SigningKey.read(pem)


def test_it_stands_alone() -> None:
    """Nothing of the product is imported, and of others' only requests and cryptography."""
    program = (
        "import sys, luzheng; names = {n.partition('.')[0] for n in sys.modules};"
        "print(*sorted(names & {'app', 'credential', 'flask', 'sqlalchemy', 'pydantic'}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=REPO / "clients" / "python",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == ""
