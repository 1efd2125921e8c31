"""The published interface is what the product does: schemathesis calls every operation.

A middleware signs each request as the phone, kiosk or partner that may send it, so that the cases
come through to the views. Looked for: server errors, undocumented statuses and types, answers
that break their schema, data accepted against the schema.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from werkzeug.exceptions import HTTPException

from app.kernel.principal import Access
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from tests.partner import enter
from tests.world import World
from tests.world_fixtures import Build

EXAMPLES = 50
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]

Environ = dict[str, Any]


class Callers:
    """Lets every request be sent by who may send it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._phone: Phone = world.bound_phone()
        self._counsel = world.bound_phone("counsel", name="沈清和", renew=False)
        self._kiosk: Kiosk = world.kiosk()
        self._partner = enter(
            world, webhook_url="http://127.0.0.1:9/hook", quota_per_minute=100_000
        )
        self.answers: Counter[str] = Counter()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/api/v1/sessions/current":
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._world.phone('other')._token}"
        elif self._access(environ) is Access.PHONE:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._phone._token}"
        elif self._access(environ) is Access.COUNSEL:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self._counsel._token}"
        elif self._access(environ) is Access.KIOSK:
            self._sign(environ, self._kiosk.sign)
        elif self._access(environ) is Access.PARTNER:
            self._sign(environ, self._partner.headers)

        def count(status: str, *rest: Any) -> Any:
            self.answers[status[:3]] += 1
            return start_response(status, *rest)

        return self._world.app.wsgi_app(environ, count)

    def _access(self, environ: Environ) -> Access | None:
        adapter = self._world.app.url_map.bind_to_environ(environ)
        try:
            endpoint, _ = adapter.match()
        except HTTPException:
            return None
        found: Access | None = self._world.app.extensions["access"].get(endpoint.split(".")[0])
        return found

    def _sign(self, environ: Environ, sign: Callable[[str, str, bytes], dict[str, str]]) -> None:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@-._~!$&'()*+,;=")
        if environ.get("QUERY_STRING"):
            path += f"?{environ['QUERY_STRING']}"
        for name, value in sign(environ["REQUEST_METHOD"], path, body).items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value


@pytest.mark.slow
def test_schemathesis_finds_nothing(build_world: Build) -> None:
    callers = Callers(build_world(LOG_LEVEL="ERROR"))
    interface = schemathesis.openapi.from_wsgi("/api/openapi.json", callers)
    found: dict[str, str] = {}
    tried: Counter[str] = Counter()
    for result in interface.get_all_operations():
        operation = result.ok()
        try:
            explore(operation, tried)
        except (Exception, FailureGroup) as failure:  # noqa: BLE001 - all told together
            parts = getattr(failure, "exceptions", [failure])
            found[operation.label] = "\n".join(repr(part)[:600] for part in parts)
    assert not found, "\n\n".join(f"{name}: {what}" for name, what in found.items())
    assert len(tried) > 20, "all operations"
    assert sum(tried.values()) > 500
    assert callers.answers["200"] > 10, callers.answers
    assert callers.answers["422"] > 100, callers.answers
    assert callers.answers["401"] < 50, "cases reach the views"


def explore(operation: Any, tried: Counter[str]) -> None:
    """Send good and bad data to one operation; raises what is found."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
    def probe(case: Case) -> None:
        tried[operation.label] += 1
        case.call_and_validate(checks=CHECKS)

    probe()


def test_every_operation_is_described(world: World) -> None:
    document = world.app.test_client().get("/api/openapi.json").json
    assert document is not None
    described = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if path.startswith("/api/v1/") and method != "parameters"
    }
    served = {
        (method, re.sub("<(uuid:|int:)?", "{", rule.rule).replace(">", "}"))
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    assert described == served
