"""The fixtures of `tests.world_fixtures`, a relying party of each tier, and its browser."""

import pytest

from tests.oidc.actors import RelyingPartyClient, fapi_client, plain_client
from tests.world import World
from tests.world_fixtures import (
    build_world,
    kiosk,
    lasting_world,
    phone,
    register,
    wechat,
    world,
)

__all__ = ["build_world", "kiosk", "lasting_world", "phone", "register", "wechat", "world"]


@pytest.fixture
def plain(world: World) -> RelyingPartyClient:
    """An ordinary client with a secret."""
    return plain_client(world)


@pytest.fixture
def fapi(world: World) -> RelyingPartyClient:
    """A client of the higher tier: pushes, signs, and proves possession."""
    return fapi_client(world)
