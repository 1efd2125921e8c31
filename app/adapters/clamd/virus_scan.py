"""The virus scanner clamd: its INSTREAM command over TCP (clamd(8), protocol)."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO, Final

from app.ports.virus_scan import VirusScanUnavailable

PIECE: Final = 1 << 17
LONGEST_ANSWER: Final = 4096


class Clamd:
    """One connection a scan. `StreamMaxLength` of clamd.conf must be at least 200M."""

    def __init__(self, *, host: str, port: int, timeout: float = 60.0) -> None:
        self._address = (host, port)
        self._timeout = timeout

    def scan(self, file: BinaryIO) -> str | None:
        """Send the file and read the verdict; raises `VirusScanUnavailable`."""
        try:
            with socket.create_connection(self._address, timeout=self._timeout) as connection:
                answer = _ask(connection, file)
        except OSError as error:
            raise VirusScanUnavailable(type(error).__name__) from error
        return _verdict(answer)


def _ask(connection: socket.socket, file: BinaryIO) -> bytes:
    connection.sendall(b"zINSTREAM\0")
    while piece := file.read(PIECE):
        connection.sendall(struct.pack(">I", len(piece)) + piece)
    connection.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        received = connection.recv(1024)
        if not received:
            break
        answer += received
    return answer


def _verdict(answer: bytes) -> str | None:
    """Only the exact word of a clean file is one; every other answer is an error or a find."""
    text = answer.rstrip(b"\0\n").decode("ascii", "replace")
    if text == "stream: OK":
        return None
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")
    raise VirusScanUnavailable(text[:100] or "no answer")
