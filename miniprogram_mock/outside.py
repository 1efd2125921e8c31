"""Both outside systems in one process: WeChat under /wechat, the register under /registry.

    granian --interface wsgi --workers 1 miniprogram_mock.outside:application

Their state is memory, so one worker only. Environment: WECHAT_APPID, WECHAT_SECRET (the one
mini-program that WeChat knows), REGISTRY_TOKEN, and REGISTRY_FOLDER (a folder with lawyers.csv to
begin with; empty: a register without lawyers).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from miniprogram_mock.registry import server as registry
from miniprogram_mock.wechat import server as wechat
from miniprogram_mock.wechat.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEMO_APPID = "wx0000000000000001"
DEMO_SECRET = "demo-secret"  # noqa: S105 - the stand-in's own, known to everybody
DEMO_TOKEN = "demo-registry"  # noqa: S105 - likewise


def create_application(environ: Mapping[str, str]) -> WSGIApplication:
    """Build both stand-ins from environment variables."""
    appid = environ.get("WECHAT_APPID") or DEMO_APPID
    world = World(apps={appid: environ.get("WECHAT_SECRET") or DEMO_SECRET})
    lawyers = registry.RegistryServer(token=environ.get("REGISTRY_TOKEN") or DEMO_TOKEN)
    if environ.get("REGISTRY_FOLDER"):
        lawyers.load_folder(Path(environ["REGISTRY_FOLDER"]))
    return DispatcherMiddleware(
        _root,
        {
            "/wechat": wechat.create_application(wechat.WechatServer(world)),
            "/registry": registry.create_application(lawyers),
        },
    )


def _root(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """/healthz says the process is up; everything else is nobody's."""
    healthy = environ.get("PATH_INFO") == "/healthz"
    start_response(
        "200 OK" if healthy else "404 Not Found", [("Content-Type", "text/plain; charset=utf-8")]
    )
    return [b"ok\n" if healthy else b"not found\n"]


application = create_application(os.environ)
