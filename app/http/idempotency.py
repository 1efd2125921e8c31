"""`Idempotency-Key` on POST: the second request with a key gets the first one's answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import Response, current_app, g, request

from app.errors import AppError
from app.kernel import idempotency
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Kiosk, Partner, Phone
from app.kernel.unit_of_work import unit_of_work
from app.ports.clock import Clock

View = TypeVar("View", bound=Callable[..., object])
KEY = re.compile(r"[\x21-\x7e]{8,64}")


class MalformedKey(AppError):
    """The header is not 8–64 visible ASCII characters."""

    code = "request.malformed"


def request_key() -> str | None:
    """Return the `Idempotency-Key` of this request; raises `MalformedKey`."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise MalformedKey("Idempotency-Key")
    return key


def idempotent(view: View) -> View:
    """Answer a repeated key with the stored answer; refuse it for another body.

    Stands right under the route, above the decorators that read and write bodies.
    """

    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> object:
        key = request_key()
        if key is None:
            return view(*args, **kwargs)
        return _once(key, lambda: current_app.make_response(view(*args, **kwargs)))  # type: ignore[arg-type]

    return cast(View, wrapped)


def _once(key: str, work: Callable[[], Response]) -> Response:
    clock: Clock = current_app.extensions["clock"]
    crypto: FieldCrypto = current_app.extensions["field_crypto"]
    scope = _scope()
    digest = hashlib.sha256(request.get_data()).digest()
    with unit_of_work() as tx:
        stored = idempotency.claim(
            tx, scope=scope, key=key, request_sha256=digest, at=clock.now(), crypto=crypto
        )
    if stored is not None:
        status, body = stored
        return Response(body, status=status, mimetype="application/json")
    try:
        response = work()
    except Exception:
        with unit_of_work() as tx:
            idempotency.release(tx, scope=scope, key=key)
        raise
    with unit_of_work() as tx:
        idempotency.answer(
            tx,
            scope=scope,
            key=key,
            status=response.status_code,
            body=response.get_data(),
            crypto=crypto,
        )
    return response


def _scope() -> str:
    """Keys of different callers and of different URLs never meet."""
    caller = g.get("principal")
    if isinstance(caller, Phone):
        who = str(caller.account_id)
    elif isinstance(caller, Counsel):
        who = f"counsel {caller.licence_no} {caller.assistant and caller.assistant.assistant_id}"
    elif isinstance(caller, Kiosk):
        who = caller.kiosk_id
    elif isinstance(caller, Partner):
        who = f"partner {caller.client_id}"
    else:
        who = "public"
    return f"{who} {request.method} {request.path}"
