"""One engine and one demo head for all tests of faces: loading them takes a second each."""

import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from miniprogram_mock.rig.head import Head, Performer
from miniprogram_mock.rig.model import registry_photo


@pytest.fixture(scope="session")
def engine() -> OpencvFaceEngine:
    return OpencvFaceEngine()


@pytest.fixture(scope="session")
def head() -> Head:
    return Head()


@pytest.fixture
def performer(head: Head) -> Performer:
    return Performer(head)


@pytest.fixture(scope="session")
def registry() -> bytes:
    return registry_photo()
