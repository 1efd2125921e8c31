"""Both scanners against the same files; clamd is a small server that speaks its protocol."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest

from app.adapters.clamd.virus_scan import Clamd
from app.adapters.embedded.virus_scan import EmbeddedVirusScan
from app.ports.virus_scan import VirusScan, VirusScanUnavailable
from tests import files


class Speaker(socketserver.StreamRequestHandler):
    """clamd(8): zINSTREAM, lengths and pieces, an answer that ends with NUL."""

    answer = ""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        found = EmbeddedVirusScan().scan(BytesIO(data))
        verdict = self.answer or ("stream: OK" if found is None else f"stream: {found} FOUND")
        self.wfile.write(verdict.encode() + b"\0")


@contextmanager
def clamd(answer: str = "") -> Iterator[Clamd]:
    handler = type("Handler", (Speaker,), {"answer": answer})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield Clamd(host="127.0.0.1", port=server.server_address[1], timeout=5)
        server.shutdown()
        thread.join(5)


@pytest.fixture(params=["embedded", "clamd"])
def scanner(request: pytest.FixtureRequest) -> Iterator[VirusScan]:
    if request.param == "embedded":
        yield EmbeddedVirusScan()
        return
    with clamd() as client:
        yield client


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", None),
        (files.pdf(), None),
        (files.ofd(), None),
        (b"PK\x03\x04 not a zip", None),
        (files.EICAR, "Eicar-Test-Signature"),
        (b"x" * ((1 << 20) - 30) + files.EICAR, "Eicar-Test-Signature"),
        (files.ofd(Doc_0__a_dot_xml=files.EICAR), "Eicar-Test-Signature"),
    ],
)
def test_what_is_found(scanner: VirusScan, data: bytes, found: str | None) -> None:
    assert scanner.scan(BytesIO(data)) == found


@pytest.mark.parametrize(
    "answer", ["INSTREAM size limit exceeded. ERROR", "stream: nonsense", "OK", "\0"]
)
def test_an_unclear_answer_is_no_clean_file(answer: str) -> None:
    with clamd(answer) as scanner, pytest.raises(VirusScanUnavailable):
        scanner.scan(BytesIO(b"x"))


def test_a_scanner_that_is_not_there(tmp_path: object) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(VirusScanUnavailable):
        Clamd(host="127.0.0.1", port=port, timeout=1).scan(BytesIO(b"x"))
