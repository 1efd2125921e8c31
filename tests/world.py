"""A small world in one process: the product, WeChat, a register with people, phones, kiosks.

Everything is real but the wire: requests go straight into the WSGI application, except those to
WeChat's stand-in, which listens on a socket. Nothing is patched; the clock and single ports are
exchanged through `create_app(config, ports=...)`.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import requests
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from app import bootstrap, create_app
from app.adapters.embedded.registry import EmbeddedRegistry
from app.adapters.embedded.registry_demo import demo_records, demo_trainees
from app.adapters.system.clock import SystemClock
from app.bootstrap import choose_ports
from app.http.auth import OPERATOR_ID
from app.kernel.database import db
from app.kernel.principal import OperatorRole, StaffRole
from app.ports import Ports
from app.ports.registry import (
    LawyerRecord,
    PracticeStatus,
    Registry,
    RegistryUnavailable,
    StatusRecord,
    TraineeRecord,
)
from app.services import Services
from app.verification.service.kiosks import Place
from app.worker import Worker
from config import Config
from miniprogram_mock.client.encoding import b64u, new_key, proof
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Person, Phone
from miniprogram_mock.client.transport import Refusal, Reply
from miniprogram_mock.wechat.server import WechatServer, create_application
from miniprogram_mock.wechat.world import World as WechatWorld
from tests.conftest import make_config, plain
from tests.contract.servers import serving
from tests.portal import PortalPages, signed_in

ORIGIN = "http://localhost"
APPID, SECRET = "wx0000000000000001", "demo-secret"
FORM_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')
PASSWORD = "correct horse battery staple"
PLACE = Place(
    name="1号鉴证终端",
    court_code="110105",
    court_name="北京市朝阳区人民法院",
    place="诉讼服务大厅东门",
)


class ShiftedClock:
    """The real time plus what a test added."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.ahead

    def unix(self) -> int:
        return int(self.now().timestamp())

    def step(self, **lapse: float) -> None:
        self.ahead += timedelta(**lapse)


class WsgiTransport:
    """Sends the client's requests straight into the application; safe for many threads."""

    def __init__(self, app: Flask, *, origin: str = ORIGIN) -> None:
        self.origin = origin
        self._app = app

    def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        with self._app.test_client(use_cookies=False).open(
            path, method=method, headers=dict(headers), data=body, base_url=self.origin
        ) as answer:
            return Reply(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


class ConsolePages:
    """An operator's browser: every form is posted with the token its page carried."""

    def __init__(self, app: Flask) -> None:
        self.browser: FlaskClient = app.test_client()

    def token(self, page: str) -> str:
        found = FORM_TOKEN.search(self.browser.get(page).text)
        assert found is not None, f"no form on {page}"
        return found[1]

    def post(self, path: str, *, page: str, **fields: Any) -> TestResponse:
        data = {"form_token": self.token(page), **fields}
        return self.browser.post(path, data=data, content_type="multipart/form-data")

    def sign_in(self, username: str) -> TestResponse:
        path = "/console/sign-in"
        return self.post(path, page=path, username=username, password=PASSWORD)


class Switched:
    """The register behind a switch."""

    off = False

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def find(self, *, licence_no: str) -> LawyerRecord:
        self._check()
        return self._registry.find(licence_no=licence_no)

    def status(self, *, licence_no: str) -> StatusRecord:
        self._check()
        return self._registry.status(licence_no=licence_no)

    def trainee(self, *, trainee_no: str) -> TraineeRecord:
        self._check()
        return self._registry.trainee(trainee_no=trainee_no)

    def _check(self) -> None:
        if Switched.off:
            raise RegistryUnavailable


@dataclass(kw_only=True)
class World:
    """One test's world."""

    app: Flask
    config: Config
    clock: ShiftedClock
    wechat: WechatServer
    wechat_url: str

    @cached_property
    def transport(self) -> WsgiTransport:
        return WsgiTransport(self.app)

    @property
    def services(self) -> Services:
        services: Services = self.app.extensions["services"]
        return services

    @cached_property
    def register(self) -> EmbeddedRegistry:
        return EmbeddedRegistry(folder=self.config.data_dir / "registry", clock=self.clock)

    @cached_property
    def people(self) -> dict[str, LawyerRecord]:
        """The register's lawyers by name."""
        return {record.name: record for record in self.register.list()}

    def person(self, name: str = "林正衡") -> Person:
        """What that lawyer types."""
        record = self.people[name]
        return Person(
            licence_no=record.licence_no, name=record.name, identity_no=record.identity_no
        )

    def set_status(self, status: str, name: str = "林正衡") -> None:
        self.register.set_status(
            licence_no=self.people[name].licence_no,
            status=PracticeStatus(status),
            since=self.clock.now().date(),
        )

    # --- phones ------------------------------------------------------------------------------

    def wx_login(self, user: str) -> str:
        """A fresh code of wx.login."""
        answer = requests.post(
            f"{self.wechat_url}/phone/login", json={"appid": APPID, "user": user}, timeout=5
        )
        return str(answer.json()["code"])

    def phone(self, user: str = "lin", *, signed_in: bool = True) -> Phone:
        phone = Phone(self.transport, wx_login=lambda: self.wx_login(user))
        if signed_in:
            phone.sign_in()
        return phone

    def bound_phone(self, user: str = "lin", *, name: str = "林正衡", renew: bool = True) -> Phone:
        """A phone bound the hall officer's way, with a credential."""
        phone = self.phone(user)
        self.bind(phone, name=name)
        if renew:
            phone.renew()
        return phone

    def bind(self, phone: Phone, *, name: str = "林正衡") -> None:
        code = phone.apply(self.person(name), way="officer")["hall_code"]
        with self.app.app_context():
            self.services.identity.bindings.decide_in_hall(hall_code=code, confirmed=True)
        phone.me()

    def application(self, phone: Phone, person: Person, *, way: str = "officer") -> dict[str, Any]:
        """The body of an application at the world's time."""
        iat = self.clock.unix()
        consent = None
        if way == "face":
            text = phone.call("GET", "/consents/face").json()
            consent = {"version": text["version"], "sha256": text["sha256"]}
        device = {
            "public_key": phone.public,
            "assurance": 0,
            "iat": iat,
            "signature": proof(phone.key, "bind", phone.public, iat),
        }
        return {**vars(person), "way": way, "consent": consent, "device": device}

    def issue(self, phone: Phone, *, iat: int | None = None) -> dict[str, Any]:
        """Be issued a credential at the world's time."""
        iat = self.clock.unix() if iat is None else iat
        body = {
            "device_id": phone.device_id,
            "iat": iat,
            "signature": proof(phone.key, "issue", phone.device_id, iat),
        }
        phone.credential = phone.call("POST", "/credentials", body).json()
        return phone.credential

    def portal(self, *, name: str = "林正衡") -> PortalPages:
        """That lawyer's browser, signed in to the portal; binds a phone first if there is none."""
        bound = "SELECT 1 FROM lawyer l JOIN device d ON d.lawyer_id = l.id"
        if not self.sql(f"{bound} WHERE l.name = %s AND d.ended_at IS NULL", name):
            self.bound_phone(f"portal-{name}", name=name, renew=False)
        return signed_in(self, name=name)

    # --- kiosks and operators ----------------------------------------------------------------

    def enrolment_code(self, place: Place = PLACE) -> str:
        with self.app.app_context():
            return self.services.verification.kiosks.invite(place=place)

    def kiosk(self, place: Place = PLACE) -> Kiosk:
        kiosk = Kiosk(self.transport, key=new_key())
        kiosk.enrol(self.enrolment_code(place))
        return kiosk

    def operator(self, role: OperatorRole) -> None:
        """Let there be an operator who is named after the role."""
        self._account(role, court_code=None)

    def staff(self, role: StaffRole, *, court_code: str = PLACE.court_code) -> ConsolePages:
        """A person of a court at the workbench, with a session."""
        username = f"{role.value} {court_code}"
        if not self.sql("SELECT id FROM operator_account WHERE username = %s", username):
            self._account(role, court_code=court_code, username=username)
        return self._pages(username)

    def _account(
        self, role: OperatorRole | StaffRole, *, court_code: str | None, username: str = ""
    ) -> None:
        columns = "id, username, password_hash, name, role, court_name, court_code, created_at"
        row = (uuid.uuid4(), username or role.value, password_hash(), "操作员", role.value)
        self.sql(
            f"INSERT INTO operator_account ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, now())",
            *row, "朝阳法院", court_code,
        )  # fmt: skip

    def console(self, role: OperatorRole = OperatorRole.HALL_OFFICER) -> ConsolePages:
        """An operator of this role with a session; signing in itself takes a slow hash."""
        where = "SELECT id FROM operator_account WHERE username = %s"
        if not self.sql(where, role.value):
            self.operator(role)
        return self._pages(role.value)

    def _pages(self, username: str) -> ConsolePages:
        where = "SELECT id FROM operator_account WHERE username = %s"
        console = ConsolePages(self.app)
        with console.browser.session_transaction() as session:
            session[OPERATOR_ID] = str(self.sql(where, username)[0][0])
        return console

    # --- behind the scenes -------------------------------------------------------------------

    def deliver_notices(self) -> int:
        """Do what a worker does with notices."""
        handlers = {"notice": self.services.notification.fan_out.deliver}
        return Worker(app=self.app, clock=self.clock, handlers=handlers).drain()

    def check_files(self) -> int:
        """Do what a worker does with files that have arrived."""
        handlers = bootstrap.checks(self.app)
        return Worker(app=self.app, clock=self.clock, handlers=handlers).drain()

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database (or age a row) behind the product's back."""
        with psycopg.connect(plain(self.config.database_url), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once: it is slow on purpose."""
    return generate_password_hash(PASSWORD, method="scrypt")


def refusal(work: Callable[[], object]) -> Refusal:
    """The refusal that this work must meet."""
    try:
        answer = work()
    except Refusal as refused:
        return refused
    raise AssertionError(f"not refused: {answer}")


def scan(text: str, *, at: datetime, outcome: str = "accepted", scan_id: str) -> dict[str, Any]:
    """One offline scan as a kiosk uploads it."""
    return {"id": scan_id, "text": text, "at": at.isoformat(), "outcome": outcome}


def nonce_text(nonce: bytes) -> str:
    """A nonce as it stands in JSON."""
    return b64u(nonce)


def now() -> int:
    """Unix seconds."""
    return int(time.time())


@contextmanager
def wechat_served() -> Iterator[tuple[WechatServer, str]]:
    """WeChat's stand-in on a free port."""
    server = WechatServer(WechatWorld(apps={APPID: SECRET}))
    with serving(create_application(server)) as url:
        yield server, url


def seed_register(folder: Path) -> None:
    """The demo people, each with a photo; 沈清和 has none."""
    picture = BytesIO()
    Image.new("RGB", (60, 80), (200, 170, 150)).save(picture, "JPEG")
    records = [
        dataclasses.replace(record, photo=b"" if record.name == "沈清和" else picture.getvalue())
        for record in demo_records(photo=b"")
    ]
    register = EmbeddedRegistry(folder=folder, clock=SystemClock())
    register.add_all(records)
    register.put_trainees(demo_trainees())


def forget(wechat: WechatServer) -> None:
    """WeChat counts logins by the minute; tests are faster than people."""
    wechat.busy = False
    wechat.world.blocked.clear()
    wechat.logins._exchanges.clear()


def reset(world: World, *, register: Path) -> World:
    """The same application with a fresh register and the right time; stores are the caller's."""
    world.clock.ahead = timedelta()
    for name in ("lawyers.csv", ".lock"):
        (world.config.data_dir / "registry" / name).unlink(missing_ok=True)
    shutil.copytree(register, world.config.data_dir / "registry", dirs_exist_ok=True)
    forget(world.wechat)
    return dataclasses.replace(world)


@contextmanager
def build(
    *,
    database_url: str,
    redis_url: str,
    folder: Path,
    register: Path,
    wechat: tuple[WechatServer, str],
    change: Callable[[Ports], Ports] = lambda ports: ports,
    **settings: str,
) -> Iterator[World]:
    """A world over clean stores; `change` exchanges ports, settings are those of config.py."""
    if not (folder / "registry").exists():
        shutil.copytree(register, folder / "registry")
    config = make_config(database_url, redis_url, folder, **{"WECHAT_URL": wechat[1], **settings})
    forget(wechat[0])
    clock = ShiftedClock()
    ports = change(dataclasses.replace(choose_ports(config), clock=clock))
    app = create_app(config, ports=ports)
    try:
        yield World(app=app, config=config, clock=clock, wechat=wechat[0], wechat_url=wechat[1])
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
