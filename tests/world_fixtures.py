"""Fixtures over `tests.world`, taken in by the conftest of each folder that wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.cli.services import Services
from app.ports import Ports
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.wechat.server import WechatServer
from tests.world import World, build, reset, seed_register, wechat_served

Build = Callable[..., World]


@pytest.fixture(scope="session")
def wechat() -> Iterator[tuple[WechatServer, str]]:
    with wechat_served() as server:
        yield server


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the demo people, to be copied."""
    folder = tmp_path_factory.mktemp("register")
    seed_register(folder)
    return folder


@pytest.fixture(scope="session")
def lasting_world(
    database_url: str,
    services: Services,
    tmp_path_factory: pytest.TempPathFactory,
    register: Path,
    wechat: tuple[WechatServer, str],
) -> Iterator[World]:
    """One application for many tests; building one takes longer than most tests."""
    with build(
        database_url=database_url,
        redis_url=services.valkey.url(),
        folder=tmp_path_factory.mktemp("world"),
        register=register,
        wechat=wechat,
    ) as world:
        yield world


@pytest.fixture
def world(lasting_world: World, clean_database: str, redis_url: str, register: Path) -> World:
    """Empty stores, the demo register, the right time."""
    return reset(lasting_world, register=register)


@pytest.fixture
def build_world(
    clean_database: str,
    redis_url: str,
    tmp_path: Path,
    register: Path,
    wechat: tuple[WechatServer, str],
) -> Iterator[Build]:
    """Makes worlds of their own; `change` exchanges ports, settings are those of config.py."""
    with ExitStack() as worlds:

        def make(change: Callable[[Ports], Ports] = lambda ports: ports, **settings: str) -> World:
            return worlds.enter_context(
                build(
                    database_url=clean_database,
                    redis_url=redis_url,
                    folder=tmp_path,
                    register=register,
                    wechat=wechat,
                    change=change,
                    **settings,
                )
            )

        yield make


@pytest.fixture
def phone(world: World) -> Phone:
    """A bound phone with a credential."""
    return world.bound_phone()


@pytest.fixture
def kiosk(world: World) -> Kiosk:
    """An enrolled kiosk."""
    return world.kiosk()
