"""A mail server that takes what it is given: enough of RFC 5321, 3207 and 4954 to be judged by."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "lvz", "geheim:@/"


@dataclass
class Mailbox:
    """How the server behaves, and what it took. `replies`: command word → what it answers."""

    tls: ssl.SSLContext
    implicit: bool = False
    offers_starttls: bool = True
    silent: bool = False
    replies: dict[str, str] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)


class Conversation(socketserver.StreamRequestHandler):
    """One client."""

    def handle(self) -> None:
        self.box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self.secure = False
        if self.box.silent:
            time.sleep(3)
            return
        if self.box.implicit:
            self._secure()
        self._say("220 mail.test")
        while line := self.rfile.readline():
            if not self._answer(line.decode().rstrip("\r\n")):
                return

    def _answer(self, line: str) -> bool:
        word = line.partition(" ")[0].upper()
        if not self.secure:
            self.box.in_clear.append(word)
        if word in self.box.replies:
            self._say(self.box.replies[word])
            return word != "QUIT"
        {
            "EHLO": self._ehlo,
            "STARTTLS": self._starttls,
            "AUTH": lambda: self._auth(line),
            "RCPT": lambda: self._rcpt(line),
            "DATA": self._data,
            "QUIT": lambda: self._say("221 bye"),
        }.get(word, lambda: self._say("250 ok"))()
        return word != "QUIT"

    def _ehlo(self) -> None:
        offers = ["mail.test", "8BITMIME"]
        offers.append("AUTH PLAIN" if self.secure else "STARTTLS")
        if not self.secure and not self.box.offers_starttls:
            offers.pop()
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self) -> None:
        self._say("220 go ahead")
        self._secure()

    def _auth(self, line: str) -> None:
        given = base64.b64decode(line.rsplit(maxsplit=1)[-1])
        right = given == f"\0{USER}\0{PASSWORD}".encode()
        self._say("235 welcome" if right else "535 5.7.8 no")

    def _rcpt(self, line: str) -> None:
        self.box.readers.append(line.partition("<")[2].partition(">")[0])
        self._say("250 ok")

    def _data(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.box.taken.append(b"".join(lines))
        self._say("250 taken")

    def _secure(self) -> None:
        try:
            self.connection = self.box.tls.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return
        self.rfile = self.connection.makefile("rb")  # type: ignore[assignment]
        self.secure = True

    def finish(self) -> None:
        super().finish()
        self.rfile.close()
        self.connection.close()

    def _say(self, line: str) -> None:
        try:
            self.connection.sendall(f"{line}\r\n".encode())
        except OSError:
            self.box.replies.clear()


class Server(socketserver.ThreadingTCPServer):
    """Each client in a thread."""

    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_served(box: Mailbox) -> Iterator[int]:
    """Serve on a free port."""
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.box = box  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for localhost, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))
