"""The fixtures of `tests.world_fixtures`."""

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
