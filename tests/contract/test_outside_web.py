"""Addresses that others registered: what is refused is never connected to, and nothing hangs.

The resolver and the connection are arguments of the adapter; `connects` counts what was opened.
"""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.adapters.http.outside_web import Limits, OutsideHttp, connect
from app.adapters.http.public_address import is_public
from app.ports.outside_web import AddressRefused, Delivery, OutsideUnavailable
from tests.contract.servers import serving

PUBLIC = "93.184.215.14"

# Never connected to, whatever the name resolves to (here: to a public address).
BAD_URLS = [
    "http://rp.example/hook", "ftp://rp.example/", "file:///etc/passwd", "gopher://rp.example/",
    "//rp.example/", "rp.example", "", "https://", "https:///x", "javascript:alert(1)",
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://0/", "https://0.0.0.0/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
    "https://017700000001/", "https://127.0.0.1.:443/", "https://93.184.215.14/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[fe80::1%25eth0]/", "https://[2606:4700::1111]/",
    "https://[fd00:ec2::254]/", "https://[::1", "https://localhost/", "https://localhost./",
    "https://rp.example./", "https://intranet/", "https://a..b/", "https://-a.example/",
    "https://a_b.example/", "https://user@rp.example/", "https://user:pw@rp.example/",
    "https://rp.example@127.0.0.1/", "https://127.0.0.1#@rp.example/", "https://rp.example/#x",
    "https://rp.example\\@127.0.0.1/", "https://rp.example:80/", "https://rp.example:22/",
    "https://rp.example:0/", "https://rp.example:65536/", "https://rp.example:x/",
    "https://rp.example/a b", "https://rp.example/\r\nHost: x", "https://rp.example/\x00",
    "https://rp.exämple/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://rp.example/律",
    "https://%31%32%37.0.0.1/", "https://rp.example%00.evil.example/", "https://1.2.3/",
    "https://rp.0x7f/", "https://" + "a" * 64 + ".example/", "https://rp.example/" + "x" * 500,
]  # fmt: skip

# A decent name with an address that is ours or nobody's.
BAD_ADDRESSES = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:93.184.215.14", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "not-an-address",
]  # fmt: skip


class Wire:
    """Counts what is resolved and what is connected to; answers nothing."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.connects: list[str] = []

    def resolve(self, _host: str, _port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]

    def connect(self, address: str, _port: int, _timeout: float) -> socket.socket:
        self.connects.append(address)
        raise ConnectionRefusedError

    def web(self, *, loopback: bool = False) -> OutsideHttp:
        return OutsideHttp(loopback=loopback, resolve=self.resolve, connect=self.connect)


def test_there_are_enough_cases() -> None:
    assert len(BAD_URLS) + len(BAD_ADDRESSES) >= 100


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_bad_address_is_not_connected_to(url: str) -> None:
    wire = Wire([PUBLIC])
    with pytest.raises(AddressRefused):
        wire.web().get(url=url)
    with pytest.raises(AddressRefused):
        wire.web().post(Delivery(url=url, body=b"{}", headers={}))
    assert wire.connects == []
    assert wire.asked == 0


@pytest.mark.parametrize("address", BAD_ADDRESSES)
@pytest.mark.parametrize("loopback", [False, True])
def test_a_name_of_our_own_network_is_not_connected_to(address: str, *, loopback: bool) -> None:
    """Also where this machine may be named: the name is not this machine's."""
    for found in ([address], [PUBLIC, address], [address, PUBLIC]):
        wire = Wire(found)
        with pytest.raises(AddressRefused):
            wire.web(loopback=loopback).get(url="https://rp.example/jwks")
        assert wire.connects == []


def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    """DNS rebinding: the address that was looked at is the one that is connected to."""
    wire = Wire([PUBLIC], ["127.0.0.1"], ["169.254.169.254"])
    with pytest.raises(OutsideUnavailable):
        wire.web().get(url="https://rebind.example/jwks")
    assert (wire.asked, wire.connects) == (1, [PUBLIC])


def test_a_name_without_an_address() -> None:
    wire = Wire([])
    with pytest.raises(AddressRefused):
        wire.web().get(url="https://rp.example/")
    assert wire.connects == []


def test_a_public_address_is_connected_to_one_after_the_other() -> None:
    wire = Wire([PUBLIC, "2606:4700::1111", "1.1.1.1"])
    with pytest.raises(OutsideUnavailable):
        wire.web().get(url="https://rp.example:8443/jwks?a=1")
    assert wire.connects == [PUBLIC, "2606:4700::1111"]


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "100.63.255.255", "172.32.0.1",
                                     "2606:4700::1111", "2400:3200::1"])  # fmt: skip
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_this_machine_only_where_it_may_be_named() -> None:
    wire = Wire(["127.0.0.1"])
    for url in ("http://localhost:8080/", "http://127.0.0.1:80/", "https://localhost/"):
        with pytest.raises(AddressRefused):
            wire.web().get(url=url)
    assert wire.connects == []
    for url in ("http://localhost:8080/", "http://127.0.0.1:80/", "http://[::1]:8080/"):
        with pytest.raises(OutsideUnavailable):
            wire.web(loopback=True).get(url=url)
    assert len(wire.connects) == 3
    moved = Wire([PUBLIC])  # a resolver that sends localhost elsewhere
    with pytest.raises(AddressRefused):
        moved.web(loopback=True).get(url="http://localhost:8080/")
    assert moved.connects == []


# --- over real sockets -----------------------------------------------------------------------

Application = Callable[..., Iterable[bytes]]


@contextmanager
def raw(answer: bytes, *, pause: float = 0.0, piece: int = 0) -> Iterator[str]:
    """A server that says the same to everybody, at once or drop by drop."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=speak, args=(peer,), daemon=True).start()
        except OSError:
            return

    def speak(peer: socket.socket) -> None:
        with peer:
            try:
                peer.recv(65_536)
                step = piece or max(1, len(answer))
                for at in range(0, len(answer), step):
                    peer.sendall(answer[at : at + step])
                    time.sleep(pause)
                time.sleep(pause)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


def web(**limits: float) -> OutsideHttp:
    return OutsideHttp(loopback=True, limits=Limits(**limits))  # type: ignore[arg-type]


def test_what_arrives_is_what_was_sent() -> None:
    seen: list[dict[str, Any]] = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        seen.append({**environ, "body": body})
        start("202 Accepted", [("Content-Type", "text/plain")])
        return [b"thanks"]

    with serving(application) as url:
        delivery = Delivery(url=f"{url}/hook?a=%E5%BE%8B", body=b'{"a":1}', headers={"X-A": "b"})
        answer = web().post(delivery)
        assert (answer.status, answer.body) == (202, b"thanks")
        assert web().get(url=url).status == 202
    post, get = seen
    assert (post["REQUEST_METHOD"], post["PATH_INFO"]) == ("POST", "/hook")
    assert post["QUERY_STRING"] == "a=%E5%BE%8B"
    assert (post["body"], post["HTTP_X_A"]) == (b'{"a":1}', "b")
    assert f"http://{post['HTTP_HOST']}" == url
    assert (get["REQUEST_METHOD"], get["PATH_INFO"]) == ("GET", "/")
    assert "HTTP_COOKIE" not in post


def test_a_redirect_is_an_answer() -> None:
    asked = []

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        start("302 Found", [("Location", "http://169.254.169.254/latest/meta-data")])
        return [b""]

    with serving(application) as url:
        assert web().get(url=f"{url}/jwks").status == 302
    assert asked == ["/jwks"]


def test_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with raw(b"HTTP/1.1 204 No Content\r\n\r\n") as url:
        assert web().get(url=url).status == 204


@pytest.mark.parametrize(
    ("answer", "pause", "piece"),
    [
        (b"", 3.0, 0),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900, 0.05, 1),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90, 0.05, 1),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 70_000, 0.0, 0),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"8000\r\n" + b"x" * 0x8000
         + b"\r\n8001\r\n" + b"x" * 0x8001 + b"\r\n0\r\n\r\n", 0.0, 0),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", 0.0, 0),
        (b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 70_000 + b"\r\n\r\n", 0.0, 0),
        (b"SSH-2.0-OpenSSH\r\n", 0.0, 0),
        (b"\x15\x03\x01\x00\x02\x02\x16", 0.0, 0),
    ],
    ids=["silent", "drips", "drips-headers", "large", "large-chunks", "headers", "header", "ssh",
         "tls"],
)  # fmt: skip
def test_nobody_holds_us(answer: bytes, pause: float, piece: int) -> None:
    with raw(answer, pause=pause, piece=piece) as url:
        began = time.monotonic()
        try:
            said = web(total=0.6).get(url=url)
        except OutsideUnavailable:
            said = None
        assert time.monotonic() - began < 2
        assert said is None or len(said.body) < 900


def test_a_resolver_that_sleeps_is_not_waited_for() -> None:
    free = threading.Event()

    def slow(_host: str, _port: int) -> list[str]:
        free.wait(5)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(OutsideUnavailable):
        OutsideHttp(loopback=False, resolve=slow, limits=Limits(lookup=0.2)).get(
            url="https://rp.example/"
        )
    assert time.monotonic() - began < 2
    free.set()


def test_tls_names_and_checks_the_host(tmp_path: Path) -> None:
    """The connection goes to a number; the certificate must be the name's."""
    trusted = certificate(tmp_path, "rp.example")
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, tmp_path / "rp.example.key")
    context.set_servername_callback(lambda _socket, name, _context: names.append(name))
    with tls_server(context) as port:

        def here(_address: str, _port: int, timeout: float) -> socket.socket:
            return connect("127.0.0.1", port, timeout)

        def call(host: str, **more: Any) -> int:
            made = OutsideHttp(
                loopback=False, resolve=lambda _h, _p: [PUBLIC], connect=here, **more
            )
            return made.get(url=f"https://{host}/").status

        assert call("rp.example", ca_file=str(trusted)) == 204
        assert names == ["rp.example"]
        with pytest.raises(OutsideUnavailable):
            call("other.example", ca_file=str(trusted))
        with pytest.raises(OutsideUnavailable):
            call("rp.example")  # nobody we trust signed this


@contextmanager
def tls_server(context: ssl.SSLContext) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(peer, server_side=True) as wire:
                    wire.recv(65_536)
                    wire.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(tz=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def test_the_deadline_reaches_into_tls(tmp_path: Path) -> None:
    """A peer that shakes hands and then says nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    held: list[socket.socket] = []
    threading.Thread(target=lambda: held.append(listener.accept()[0]), daemon=True).start()
    began = time.monotonic()
    with pytest.raises(OutsideUnavailable):
        OutsideHttp(
            loopback=False,
            limits=Limits(total=0.5),
            resolve=lambda _h, _p: [PUBLIC],
            connect=lambda _a, _p, timeout: connect("127.0.0.1", port, timeout),
        ).get(url="https://rp.example/")
    assert time.monotonic() - began < 2
    for opened in (listener, *held):
        opened.close()
