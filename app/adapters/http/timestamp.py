"""Anchor by time-stamp: a time-stamping authority 时间戳服务 over HTTP (RFC 3161)."""

from __future__ import annotations

from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from app.adapters.http.client import Call, HttpClient
from app.ports.anchor import Anchored, AnchorRefused, AnchorUnavailable

QUERY = "application/timestamp-query"


class TimestampAnchor:
    """Asks for a time-stamp over the checkpoint's text; the token is the proof."""

    name = "rfc3161"

    def __init__(self, *, client: HttpClient, root: Certificate) -> None:
        self._client = client
        self._root = root

    def anchor(self, checkpoint: Anchored) -> bytes:
        """Return the DER of the response."""
        message = checkpoint.text.encode()
        request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256)
        query = request.build()
        reply = self._client.send(
            Call(
                operation="anchor.timestamp",
                method="POST",
                path="",
                data=query.as_bytes(),
                content_type=QUERY,
            )
        )
        if reply.status != 200:
            raise AnchorUnavailable(f"status {reply.status}")
        self._check(message, reply.body, nonce=query.nonce)
        return reply.body

    def verify(self, checkpoint: Anchored, proof: bytes) -> None:
        """Check a token against the authority's root certificate."""
        self._check(checkpoint.text.encode(), proof, nonce=None)

    def _check(self, message: bytes, der: bytes, *, nonce: int | None) -> None:
        builder = VerifierBuilder().add_root_certificate(self._root)
        if nonce is not None:
            builder = builder.nonce(nonce)
        try:
            builder.build().verify_message(_decoded(der), message)
        except VerificationError as error:
            raise AnchorRefused(str(error)) from None


def _decoded(der: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(der)
    except ValueError as error:
        raise AnchorRefused(f"not a time-stamp response: {error}") from None
