"""The HTTP client against servers that misbehave: slow, endless, broken, redirecting, curious."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.adapters.http.client import Call, HttpClient, Limits, Remote
from app.adapters.system.clock import monotonic
from app.ports.errors import Unavailable
from tests.contract.servers import Serve

GET = Call(operation="test", method="GET", path="/", query={"secret": "hush-hush"}, repeatable=True)


def client(url: str, limits: Limits | None = None) -> HttpClient:
    return HttpClient(
        remote=Remote(base_url=url, limits=limits or Limits()),
        monotonic=monotonic,
        request_id=lambda: "rq-1",
    )


class RawServer:
    """Answers the n-th connection with the n-th piece of raw bytes, dripped, then closes."""

    def __init__(self, *answers: list[bytes], pause: float = 0.0) -> None:
        self.connections = 0
        self._answers, self._pause = answers, pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        for answer in self._answers:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with peer:
                peer.recv(65536)
                for piece in answer:
                    try:
                        peer.sendall(piece)
                    except OSError:
                        break
                    threading.Event().wait(self._pause)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def raw() -> Iterator[Callable[..., RawServer]]:
    servers: list[RawServer] = []

    def start(*answers: list[bytes], pause: float = 0.0) -> RawServer:
        servers.append(RawServer(*answers, pause=pause))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\n{}"


def test_broken_connection_is_tried_once_more(raw: Callable[..., RawServer]) -> None:
    server = raw([], [OK])
    assert client(server.url).send(GET).object() == {}
    assert server.connections == 2


def test_two_broken_connections_are_enough(raw: Callable[..., RawServer]) -> None:
    server = raw([], [], [OK])
    with pytest.raises(Unavailable):
        client(server.url).send(GET)
    assert server.connections == 2


def test_what_is_not_repeatable_is_sent_once(raw: Callable[..., RawServer]) -> None:
    server = raw([], [OK])
    with pytest.raises(Unavailable):
        client(server.url).send(Call(operation="test", method="POST", path="/", json={"a": 1}))
    assert server.connections == 1


def test_answer_cut_short_is_no_answer(raw: Callable[..., RawServer]) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}"
    with pytest.raises(Unavailable):
        client(raw([cut], [cut]).url).send(GET)


def test_dripping_server_meets_the_deadline(raw: Callable[..., RawServer]) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    server = raw([head, *[b"x"] * 100], pause=0.05)
    started = monotonic()
    with pytest.raises(Unavailable, match="_TooSlow"):
        client(server.url, Limits(read=0.5, total=0.4)).send(GET)
    assert monotonic() - started < 0.8


def test_endless_answer_is_cut(raw: Callable[..., RawServer]) -> None:
    server = raw([b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 50_000] * 40])
    with pytest.raises(Unavailable, match="_TooLarge"):
        client(server.url, Limits(body=100_000)).send(GET)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unavailable):
        client(f"http://127.0.0.1:{port}").send(GET)


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"\xff\xfe\xfa", b"[" * 100_000])
def test_a_body_that_is_no_object(raw: Callable[..., RawServer], body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert client(raw([head + body]).url).send(GET).object() is None


def test_secrets_stay_out_of_logs_and_tracebacks(
    raw: Callable[..., RawServer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = raw([], []).url
    with pytest.raises(Unavailable) as failure:
        client(url).send(GET)
    assert failure.value.__context__ is None
    shown = "".join(traceback.format_exception(failure.value)) + caplog.text + repr(GET)
    assert "hush" not in shown
    assert "outbound test" in caplog.text


def test_redirects_cookies_and_request_id(serve: Serve) -> None:
    app = Flask("curious")

    @app.get("/")
    def root() -> BaseResponse:
        answer = redirect("/elsewhere")
        answer.set_cookie("track", "1")
        return answer

    @app.post("/echo")
    def echo() -> Response:
        return jsonify(headers=dict(request.headers), body=request.get_json())

    client_ = client(serve(app))
    assert client_.send(GET).status == 302
    echoed = client_.send(
        Call(operation="test", method="POST", path="/echo", json={"姓名": "张三"})
    ).object()
    assert echoed is not None
    assert echoed["headers"]["X-Request-Id"] == "rq-1"
    assert "Cookie" not in echoed["headers"]
    assert echoed["body"] == {"姓名": "张三"}
