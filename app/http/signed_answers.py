"""Answers to relying parties, signed and bound to the request they answer (RFC 9421 §2.4)."""

from __future__ import annotations

from flask import Flask, Response, g

from app.http.request_id import current_request
from app.http.signatures import SignedRequest
from app.kernel.signed_message import byte_sequence, content_digest, signature_headers
from app.ports.clock import Clock
from credential.keys import Signer

TAG = "lvzheng-response"
WITHOUT_CONTENT = (204, 304)  # whatever a view returned, nothing is sent (RFC 9110 §6.4.1)


def install(app: Flask, *, signer: Signer, clock: Clock) -> None:
    """Sign every answer to a request whose signature held, refusals included."""

    def sign(response: Response) -> Response:
        signed: SignedRequest | None = g.get("signed_request")
        if signed is not None:
            created = int(clock.now().timestamp())
            response.headers.update(_headers(response, signed, signer=signer, created=created))
        return response

    app.after_request(sign)


def _headers(
    response: Response, signed: SignedRequest, *, signer: Signer, created: int
) -> dict[str, str]:
    method = current_request().method
    empty = method == "HEAD" or response.status_code in WITHOUT_CONTENT
    digest = content_digest(b"" if empty else response.get_data())
    covered = {
        '"@status"': str(response.status_code),
        '"content-digest"': digest,
        '"@method";req': method,
        '"@target-uri";req': signed.target,
        '"signature";req;key="sig1"': byte_sequence(signed.signature),
    }
    parameters = f'created={created};tag="{TAG}"'
    return {
        "Content-Digest": digest,
        **signature_headers(covered, parameters, signer=signer),
    }
