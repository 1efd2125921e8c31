"""Fixtures of the contract suites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.contract.servers import Application, Serve, SteppedClock, serving


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve WSGI applications on free ports until the test ends; returns each base URL."""
    with ExitStack() as running:

        def start(application: Application) -> str:
            return running.enter_context(serving(application))

        yield start
