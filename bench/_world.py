"""A private product for benches: stores of its own, the real schema, bound phones, a kiosk.

Phones are written straight into the tables, because binding thousands by face or hall is not
what is measured; credentials are issued by the real service.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask

from app import create_app
from app.adapters.embedded.registry import EmbeddedRegistry
from app.adapters.embedded.registry_demo import demo_records
from app.adapters.system.clock import SystemClock
from app.cli import database
from app.cli.services import Services as Stores
from app.identity.models import Device, Lawyer, LoginSession, WechatAccount
from app.identity.rules import device_proof
from app.identity.service.devices import IssueProof
from app.kernel.principal import Phone
from app.kernel.unit_of_work import unit_of_work
from app.ports.registry import LawyerRecord, PracticeStatus
from app.services import Services
from app.verification.service.kiosks import EnrolmentRequest, Place
from config import Config
from credential.keys import SoftwareSigner
from credential.presentation import present, to_text
from miniprogram_mock.client.encoding import new_key

PLACE = Place(
    name="1号鉴证终端",
    court_code="110105",
    court_name="北京市朝阳区人民法院",
    place="诉讼服务大厅东门",
)


@dataclass(kw_only=True)
class BenchPhone:
    """A phone that is bound and signed in."""

    phone: Phone
    device_id: uuid.UUID
    key: SoftwareSigner
    token: str
    iat: int = 0
    credential: bytes = b""

    def show(self, *, at: int) -> str:
        """Return the text of its LVZ1 of that second."""
        return to_text("LVZ1", present(self.credential, self.key, audience="cn.court", at=at))

    def next_proof(self) -> IssueProof:
        """Return a signed request for a credential, later than the one before."""
        self.iat = iat = max(self.iat + 1, int(time.time()))
        message = device_proof.issue_message(str(self.device_id), iat)
        return IssueProof(device_id=self.device_id, iat=iat, signature=self.key.sign(message))


@dataclass(frozen=True, kw_only=True)
class BenchKiosk:
    """An enrolled kiosk and its key."""

    kiosk_id: str
    key: SoftwareSigner


@dataclass(frozen=True, kw_only=True)
class World:
    """The product and its stores."""

    app: Flask
    stores: Stores
    environment: dict[str, str]

    @property
    def services(self) -> Services:
        """Return the product's services; call them inside `app.app_context()`."""
        services: Services = self.app.extensions["services"]
        return services

    def kiosk(self) -> BenchKiosk:
        """Enrol a kiosk by its own key."""
        kiosks, key, iat = self.services.verification.kiosks, new_key(), int(time.time())
        public = key.public.compressed()
        with self.app.app_context():
            enrolled = kiosks.enrol(
                request=EnrolmentRequest(
                    code=kiosks.invite(place=PLACE),
                    public_key=public,
                    iat=iat,
                    signature=key.sign(device_proof.kiosk_message(public, iat)),
                )
            )
        return BenchKiosk(kiosk_id=enrolled.kiosk_id, key=key)

    def phones(self, count: int) -> list[BenchPhone]:
        """Bind `count` practising lawyers, each with a phone and a session."""
        records = _lawyers(count)
        folder = Path(self.environment["DATA_DIR"]) / "registry"
        EmbeddedRegistry(folder=folder, clock=SystemClock()).add_all(records)
        with self.app.app_context(), unit_of_work() as tx:
            made = []
            for number, record in enumerate(records):
                one, rows = _bound(number, record)
                for row in rows:  # in the order of their foreign keys
                    tx.add(row)
                    tx.flush()
                made.append(one)
        return made

    def issue(self, phones: Sequence[BenchPhone]) -> None:
        """Let every phone be issued a fresh credential."""
        issuance = self.services.issuance.issuance
        with self.app.app_context():
            for one in phones:
                issued = issuance.issue(phone=one.phone, proof=one.next_proof())
                one.credential = issued.credential.raw


@contextmanager
def world() -> Iterator[World]:
    """Start stores in a new folder, make the schema; stop and remove everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="luzheng-bench-"))
    folder.chmod(0o755)
    stores = Stores(folder / "stores", durable=True)
    try:
        addresses = stores.start()
        environment = {
            **os.environ,
            **addresses.environment(),
            "ENV": "test",
            "DATA_DIR": str(folder / "data"),
            "WECHAT_URL": "http://127.0.0.1:9",  # nobody signs in here
            "LOG_LEVEL": "INFO",
        }
        yield World(app=application(environment), stores=stores, environment=environment)
    finally:
        stores.stop()
        shutil.rmtree(folder, ignore_errors=True)


def application(environment: dict[str, str]) -> Flask:
    """Build the product in this process, with a current schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = create_app(Config.from_env(environment))
    database.upgrade(app)
    return app


def _lawyers(count: int) -> list[LawyerRecord]:
    """Return demo lawyers with other licence numbers, all practising."""
    model = next(r for r in demo_records(photo=b"") if r.status is PracticeStatus.PRACTISING)
    return [replace(model, licence_no=f"11101{2018}10{n:06d}", photo=b"") for n in range(count)]


def _bound(number: int, record: LawyerRecord) -> tuple[BenchPhone, list[object]]:
    """Return a phone and the rows of its account, session, lawyer and device."""
    key, at, token = new_key(), datetime.now(tz=UTC), os.urandom(32).hex()
    account, session, lawyer, device = (uuid.uuid4() for _ in range(4))
    rows: list[object] = [
        WechatAccount(
            id=account, openid_index=account.bytes, openid_sealed=b"bench", created_at=at
        ),
        Lawyer(
            id=lawyer,
            licence_no=record.licence_no,
            name=record.name,
            data_key=b"bench",
            identity_no_sealed=b"bench",
            identity_no_index=lawyer.bytes,
            photo_sealed=b"bench" * 4000,
            firm_name=record.firm_name,
            category=record.category,
            practice_status=record.status,
            status_since=date(2020, 1, 1),
            status_index=500_000 + number,
            synced_at=at,
        ),
        LoginSession(
            id=session,
            token_sha256=hashlib.sha256(token.encode()).digest(),
            account_id=account,
            created_at=at,
            expires_at=at.replace(year=at.year + 1),
        ),
        Device(
            id=device,
            lawyer_id=lawyer,
            account_id=account,
            public_key=key.public.compressed(),
            assurance=1,
            way="officer",
            bound_at=at,
            person_verified_at=at,
        ),
    ]
    phone = Phone(account_id=account, session_id=session)
    return BenchPhone(phone=phone, device_id=device, key=key, token=token), rows
