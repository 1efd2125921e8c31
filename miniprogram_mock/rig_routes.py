"""The demonstration's camera: frames of a drawn head that does what the liveness step asks.

Only outside production. The drawing is `miniprogram_mock.rig`, loaded at the first frame because
it brings an image library with it.
"""

from __future__ import annotations

import threading
from functools import cache
from http import HTTPStatus
from importlib import import_module
from typing import Any, Protocol, cast

from flask import Blueprint, Flask, Response, jsonify, request

_loading = threading.Lock()


class Performer(Protocol):
    """What `miniprogram_mock.rig.head.Performer` promises."""

    def frame(self, *, liveness: dict[str, Any] | None, elapsed_ms: int) -> bytes:
        """One JPEG of the head, `elapsed_ms` after the present step was shown."""
        ...


def install(app: Flask) -> None:
    """Add POST /rig/frame {liveness: Liveness|null, elapsed_ms: int} → image/jpeg."""
    rig = Blueprint("rig", __name__, url_prefix="/rig")

    @rig.post("/frame")
    def frame() -> Response | tuple[Response, int]:
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, dict):
            return jsonify(code="rig.body"), HTTPStatus.UNPROCESSABLE_ENTITY
        liveness, elapsed_ms = body.get("liveness"), body.get("elapsed_ms", 0)
        if not isinstance(liveness, dict | None) or not isinstance(elapsed_ms, int):
            return jsonify(code="rig.body"), HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            performer = _performer()
        except (ImportError, FileNotFoundError):
            return jsonify(code="rig.absent"), HTTPStatus.SERVICE_UNAVAILABLE
        try:
            jpeg = performer.frame(liveness=liveness, elapsed_ms=max(0, elapsed_ms))
        except (AttributeError, TypeError, ValueError):
            return jsonify(code="rig.liveness"), HTTPStatus.UNPROCESSABLE_ENTITY
        return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "no-store"})

    app.register_blueprint(rig)


def _performer() -> Performer:
    """The one performer; two first frames at once must not both load it."""
    with _loading:
        return _load()


@cache
def _load() -> Performer:
    return cast("Performer", import_module("miniprogram_mock.rig.head").Performer())
