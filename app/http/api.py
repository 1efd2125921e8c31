"""The APIFlask application: OpenAPI, and validation failures in our own form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response
from flask.json.provider import DefaultJSONProvider

from app.http.problems import problem

ROOT = Path(__file__).resolve().parents[1]

MESSAGES: Final[tuple[tuple[str, str], ...]] = (
    ("Field required", "必填"),
    ("Extra inputs", "不认识的字段"),
    ("at least", "内容太短或数值太小"),
    ("at most", "内容太长或数值太大"),
    ("less than", "数值太大"),
    ("greater than", "数值太小"),
    ("base64url", "编码不正确"),
    ("UUID", "编号格式不正确"),
    ("datetime", "时间格式不正确"),
    ("JSON", "不是有效的JSON"),
)

PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem details; further members depend on the code",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
    },
}


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=DefaultJSONProvider.default)


class Json(DefaultJSONProvider):
    """Flask's JSON, with too deep a nesting told apart from an error of ours."""

    sort_keys = False

    def response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - Flask's own signature
        """Write an answer; the encoder is made once."""
        text = _ENCODER.encode(self._prepare_response_obj(args, kwargs))
        return Response(f"{text}\n", mimetype=self.mimetype)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ANN401 - Flask's own signature
        """Parse; raises `ValueError` for everything that is not JSON we can read."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class Application(APIFlask):
    """An application whose views and hooks are all plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself: none of ours is asynchronous, so none is looked at."""
        return func


def make() -> APIFlask:
    """Return an application without routes of ours."""
    app = Application(
        "app",
        title="律证开放接口",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=str(ROOT / "web" / "templates"),
        static_folder=str(ROOT / "web" / "static"),
    )
    app.config["VALIDATION_ERROR_STATUS_CODE"] = 422
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["SPEC_FORMAT"] = "json"
    app.json = Json(app)
    app.error_processor(_invalid)
    app.spec_processor(_document_problems)
    return app


def _invalid(error: HTTPError) -> Response:
    if error.status_code != 422:
        return problem("request.malformed", status=error.status_code)
    fields = [
        {"field": name, "message": _chinese(str(messages[0]) if messages else "")}
        for location in (error.detail or {}).values()
        for name, messages in location.items()
    ]
    return problem("request.invalid", extra={"errors": fields})


def _chinese(message: str) -> str:
    return next((text for part, text in MESSAGES if part in message), "格式不正确")


def _document_problems(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """Every operation may answer with a problem document."""
    if isinstance(spec, str):
        return spec
    spec.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    answer = {
        "description": "未成功：RFC 9457 problem details",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for operations in spec.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                failures = {status for status in operation["responses"] if status[0] in "45"}
                operation["responses"] |= dict.fromkeys((*failures, "default"), answer)
    return spec
