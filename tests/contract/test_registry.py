"""The register port: one suite over the embedded register and the HTTP one on a real socket."""

from __future__ import annotations

import base64
import multiprocessing
import os
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.embedded.registry import EmbeddedRegistry, RegistryRecordInvalid
from app.adapters.embedded.registry_demo import demo_records, demo_trainees, seed_demo
from app.adapters.http.client import HttpClient, Limits, Remote
from app.adapters.http.registry import HttpRegistry
from app.adapters.system.clock import SystemClock, monotonic
from app.kernel.identifiers import is_identity_no, is_licence_no, is_trainee_no, is_uscc
from app.ports.registry import (
    LawyerRecord,
    LicenceNotFound,
    PracticeCategory,
    PracticeStatus,
    Registry,
    RegistryRefused,
    RegistryUnavailable,
    TraineeNotFound,
    TraineeRecord,
    TraineeStatus,
)
from miniprogram_mock.registry.server import RegistryServer, create_application
from tests.contract.servers import Serve

JPEG = b"\xff\xd8\xff\xe0photo"
TOKEN = "a-token"
PEOPLE = demo_records(photo=JPEG)
ABSENT = "11101199011999999"
TRAINEES = demo_trainees()


class World(Protocol):
    """A register that the suite can look into and change from outside."""

    registry: Registry

    def put(self, record: LawyerRecord) -> None: ...
    def put_trainee(self, record: TraineeRecord) -> None: ...
    def set_status(self, licence_no: str, status: PracticeStatus, since: date) -> None: ...
    def break_down(self) -> None: ...


class EmbeddedWorld:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer = EmbeddedRegistry(folder=folder, clock=SystemClock())
        self.registry: Registry = EmbeddedRegistry(folder=folder, clock=SystemClock())

    def put(self, record: LawyerRecord) -> None:
        self._writer.add(record)

    def put_trainee(self, record: TraineeRecord) -> None:
        self._writer.put_trainees((record,))

    def set_status(self, licence_no: str, status: PracticeStatus, since: date) -> None:
        self._writer.set_status(licence_no=licence_no, status=status, since=since)

    def break_down(self) -> None:
        (self._folder / "lawyers.csv").unlink()
        (self._folder / "trainees.csv").write_bytes(b"\xff\xfe")


class HttpWorld:
    def __init__(self, serve: Serve) -> None:
        self.url = serve(create_application(RegistryServer(token=TOKEN)))
        self.registry: Registry = http_registry(self.url)

    def put(self, record: LawyerRecord) -> None:
        answer = requests.put(
            f"{self.url}/control/lawyers/{record.licence_no}", json=wire(record), timeout=5
        )
        assert answer.status_code == 200

    def put_trainee(self, record: TraineeRecord) -> None:
        path = f"{self.url}/control/trainees/{record.trainee_no}"
        assert requests.put(path, json=wire_trainee(record), timeout=5).ok

    def set_status(self, licence_no: str, status: PracticeStatus, since: date) -> None:
        body = {"licence_no": licence_no, "status": status, "status_since": since.isoformat()}
        assert requests.post(f"{self.url}/control/status", json=body, timeout=5).ok

    def break_down(self) -> None:
        requests.post(f"{self.url}/control/weather", json={"down": True}, timeout=5)


def wire(record: LawyerRecord) -> dict[str, Any]:
    return {
        "licence_no": record.licence_no,
        "name": record.name,
        "identity_no": record.identity_no,
        "firm_name": record.firm_name,
        "firm_uscc": record.firm_uscc,
        "category": record.category,
        "status": record.status,
        "status_since": record.status_since.isoformat(),
        "photo": base64.b64encode(record.photo).decode() if record.photo else None,
    }


def wire_trainee(record: TraineeRecord) -> dict[str, Any]:
    return {
        "trainee_no": record.trainee_no,
        "name": record.name,
        "identity_no": record.identity_no,
        "firm_name": record.firm_name,
        "firm_uscc": record.firm_uscc or None,
        "status": record.status,
        "status_since": record.status_since.isoformat(),
    }


def http_registry(url: str, *, token: str = TOKEN, limits: Limits | None = None) -> HttpRegistry:
    return HttpRegistry(
        client=HttpClient(
            remote=Remote(
                base_url=url,
                headers={"Authorization": f"Bearer {token}"},
                limits=limits or Limits(),
                unavailable=RegistryUnavailable,
            ),
            monotonic=monotonic,
        )
    )


@pytest.fixture(params=["embedded", "http"])
def world(request: pytest.FixtureRequest, tmp_path: Path, serve: Serve) -> World:
    return EmbeddedWorld(tmp_path) if request.param == "embedded" else HttpWorld(serve)


class TestBothRegisters:
    def test_finds_what_was_put(self, world: World) -> None:
        for record in PEOPLE:
            world.put(record)
        for record in PEOPLE:
            assert world.registry.find(licence_no=record.licence_no) == record

    def test_lawyer_without_a_photo(self, world: World) -> None:
        world.put(replace(PEOPLE[0], photo=b""))
        assert world.registry.find(licence_no=PEOPLE[0].licence_no).photo == b""

    @pytest.mark.parametrize("status", PracticeStatus)
    def test_a_new_status_is_seen_by_the_very_next_question(
        self, world: World, status: PracticeStatus
    ) -> None:
        world.put(PEOPLE[0])
        number = PEOPLE[0].licence_no
        assert world.registry.status(licence_no=number).status is PracticeStatus.PRACTISING
        for wanted in (status, PracticeStatus.SUSPENDED, status):
            world.set_status(number, wanted, date(2026, 11, 24))
            assert world.registry.status(licence_no=number).status is wanted
        assert world.registry.find(licence_no=number).status_since == date(2026, 11, 24)

    def test_status_is_as_of_now(self, world: World) -> None:
        world.put(PEOPLE[0])
        answer = world.registry.status(licence_no=PEOPLE[0].licence_no)
        assert answer.as_of.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - answer.as_of) < timedelta(seconds=5)

    @pytest.mark.parametrize("number", [ABSENT, "123", "../lawyers.csv", "", ABSENT + "/status"])
    def test_unknown_licence(self, world: World, number: str) -> None:
        world.put(PEOPLE[0])
        with pytest.raises(LicenceNotFound):
            world.registry.find(licence_no=number)
        with pytest.raises(LicenceNotFound):
            world.registry.status(licence_no=number)

    def test_finds_the_trainees_that_were_put(self, world: World) -> None:
        world.put(PEOPLE[0])
        for trainee in TRAINEES:
            world.put_trainee(trainee)
        for trainee in TRAINEES:
            assert world.registry.trainee(trainee_no=trainee.trainee_no) == trainee

    def test_a_trainee_without_the_firms_code(self, world: World) -> None:
        world.put(PEOPLE[0])
        world.put_trainee(replace(TRAINEES[0], firm_uscc=""))
        assert world.registry.trainee(trainee_no=TRAINEES[0].trainee_no).firm_uscc == ""

    @pytest.mark.parametrize("status", TraineeStatus)
    def test_a_trainees_new_status_is_seen_at_once(
        self, world: World, status: TraineeStatus
    ) -> None:
        world.put(PEOPLE[0])
        number = TRAINEES[0].trainee_no
        for wanted in (TraineeStatus.TRAINING, status, TraineeStatus.TRAINING):
            world.put_trainee(replace(TRAINEES[0], status=wanted))
            assert world.registry.trainee(trainee_no=number).status is wanted

    @pytest.mark.parametrize("number", ["11012026999999", "1", "", "../trainees", "1" * 15])
    def test_unknown_trainee(self, world: World, number: str) -> None:
        world.put(PEOPLE[0])
        world.put_trainee(TRAINEES[0])
        with pytest.raises(TraineeNotFound):
            world.registry.trainee(trainee_no=number)

    def test_a_change_of_firm_comes_with_the_status(self, world: World) -> None:
        world.put(PEOPLE[0])
        number = PEOPLE[0].licence_no
        world.put(replace(PEOPLE[0], firm_name=PEOPLE[2].firm_name, firm_uscc=PEOPLE[2].firm_uscc))
        answer = world.registry.status(licence_no=number)
        assert (answer.firm_name, answer.firm_uscc) == (
            PEOPLE[2].firm_name,
            PEOPLE[2].firm_uscc,
        )

    def test_broken_register_is_not_an_absent_lawyer(self, world: World) -> None:
        world.put(PEOPLE[0])
        world.break_down()
        with pytest.raises(RegistryUnavailable):
            world.registry.find(licence_no=PEOPLE[0].licence_no)
        with pytest.raises(RegistryUnavailable):
            world.registry.status(licence_no=PEOPLE[0].licence_no)
        with pytest.raises(RegistryUnavailable):
            world.registry.trainee(trainee_no=TRAINEES[0].trainee_no)

    def test_many_threads_read_while_one_writes(self, world: World) -> None:
        world.put(PEOPLE[0])
        number, failures = PEOPLE[0].licence_no, []

        def read() -> None:
            try:
                for _ in range(20):
                    assert world.registry.find(licence_no=number).name == PEOPLE[0].name
            except Exception as problem:  # noqa: BLE001 - carried to the main thread
                failures.append(problem)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for status in list(PracticeStatus) * 2:
            world.set_status(number, status, date(2026, 11, 24))
        for thread in threads:
            thread.join()
        assert failures == []


class TestHttpRegister:
    def test_wrong_token_is_refused(self, serve: Serve) -> None:
        url = serve(create_application(RegistryServer(token=TOKEN)))
        with pytest.raises(RegistryRefused):
            http_registry(url, token="another").status(licence_no=ABSENT)

    def test_wrong_base_url_is_no_answer_about_a_lawyer(self, serve: Serve) -> None:
        url = serve(create_application(RegistryServer(token=TOKEN)))
        with pytest.raises(RegistryUnavailable):
            http_registry(url + "/elsewhere").status(licence_no=ABSENT)

    @pytest.mark.parametrize(
        "change",
        [
            {"licence_no": PEOPLE[1].licence_no},
            {"status": "retired"},
            {"category": None},
            {"name": ""},
            {"status_since": "yesterday"},
            {"photo": "not base64!"},
            {"photo": base64.b64encode(b"GIF89a").decode()},
        ],
    )
    def test_nonsense_is_no_answer(self, serve: Serve, change: dict[str, Any]) -> None:
        server = RegistryServer(token=TOKEN)
        server.put(wire(PEOPLE[0]))
        server._lawyers[PEOPLE[0].licence_no] |= change
        with pytest.raises(RegistryUnavailable):
            http_registry(serve(create_application(server))).find(licence_no=PEOPLE[0].licence_no)

    def test_lower_case_check_character_is_mended(self, serve: Serve) -> None:
        server = RegistryServer(token=TOKEN)
        person = next(p for p in PEOPLE if p.identity_no.endswith("X"))
        server.put(wire(person) | {"identity_no": person.identity_no.lower()})
        registry = http_registry(serve(create_application(server)))
        assert registry.find(licence_no=person.licence_no) == person

    @pytest.mark.parametrize(
        "change",
        [
            {"trainee_no": TRAINEES[1].trainee_no},
            {"status": "retired"},
            {"name": None},
            {"firm_uscc": 1},
            {"status_since": "yesterday"},
        ],
    )
    def test_nonsense_about_a_trainee_is_no_answer(
        self, serve: Serve, change: dict[str, Any]
    ) -> None:
        server = RegistryServer(token=TOKEN)
        server.put_trainee(wire_trainee(TRAINEES[0]))
        server._trainees[TRAINEES[0].trainee_no] |= change
        registry = http_registry(serve(create_application(server)))
        with pytest.raises(RegistryUnavailable):
            registry.trainee(trainee_no=TRAINEES[0].trainee_no)

    def test_a_status_without_the_firm_is_understood(self, serve: Serve) -> None:
        server = RegistryServer(token=TOKEN)
        server.put(wire(PEOPLE[0]))
        server._lawyers[PEOPLE[0].licence_no] |= {"firm_name": None, "firm_uscc": None}
        registry = http_registry(serve(create_application(server)))
        assert registry.status(licence_no=PEOPLE[0].licence_no).firm_name == ""

    def test_slow_register_is_given_up(self, serve: Serve) -> None:
        server = RegistryServer(token=TOKEN)
        server.delay = 1.0
        registry = http_registry(serve(create_application(server)), limits=Limits(read=0.2))
        started = monotonic()
        with pytest.raises(RegistryUnavailable):
            registry.status(licence_no=ABSENT)
        assert monotonic() - started < 0.8, "a slow answer must not be asked for twice"


class TestEmbeddedFolder:
    def test_seed_has_every_category_and_status(self, tmp_path: Path) -> None:
        assert seed_demo(folder=tmp_path, photo=JPEG, clock=SystemClock()) == len(PEOPLE)
        people = EmbeddedRegistry(folder=tmp_path, clock=SystemClock()).list()
        assert {p.category for p in people} == set(PracticeCategory)
        assert {p.status for p in people} == set(PracticeStatus)
        assert len({p.licence_no[1:3] for p in people}) >= 8
        assert len({p.identity_no for p in people}) == len(people)
        for person in people:
            assert is_licence_no(person.licence_no)
            assert is_identity_no(person.identity_no)
            assert is_uscc(person.firm_uscc)
            assert "演示" in person.firm_name
            assert person.identity_no[2:6] == "0000"

    def test_seed_has_trainees_of_more_than_one_firm_and_standing(self, tmp_path: Path) -> None:
        seed_demo(folder=tmp_path, photo=JPEG, clock=SystemClock())
        register = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        seen = [register.trainee(trainee_no=t.trainee_no) for t in TRAINEES]
        assert len({t.firm_uscc for t in seen}) > 1
        assert {t.status for t in seen} > {TraineeStatus.TRAINING}
        for trainee in seen:
            assert is_trainee_no(trainee.trainee_no)
            assert is_identity_no(trainee.identity_no)
            assert trainee.identity_no not in repr(trainee)

    def test_seed_never_overwrites(self, tmp_path: Path) -> None:
        seed_demo(folder=tmp_path, photo=JPEG, clock=SystemClock())
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        number = registry.list()[0].licence_no
        registry.set_status(
            licence_no=number, status=PracticeStatus.REVOKED, since=date(2026, 1, 1)
        )
        assert seed_demo(folder=tmp_path, photo=JPEG, clock=SystemClock()) == 0
        assert registry.status(licence_no=number).status is PracticeStatus.REVOKED

    def test_status_of_nobody(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        with pytest.raises(LicenceNotFound):
            registry.set_status(
                licence_no=ABSENT, status=PracticeStatus.REVOKED, since=date(2026, 1, 1)
            )

    def test_add_refuses_what_the_register_cannot_hold(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        bad = replace(PEOPLE[0], identity_no="110000198503120016", photo=b"GIF89a")
        with pytest.raises(RegistryRecordInvalid) as refusal:
            registry.add(bad)
        assert refusal.value.extra["reasons"] == (
            "公民身份号码不正确（位数、出生日期或校验码）",
            "照片应为 JPEG",
        )
        assert not (tmp_path / "lawyers.csv").exists()

    @settings(deadline=None)
    @given(name=st.text(max_size=6), firm=st.text(max_size=6))
    def test_what_is_added_can_always_be_read_back(self, name: str, firm: str) -> None:
        record = replace(PEOPLE[0], name="林" + name, firm_name="演示" + firm, photo=b"")
        with tempfile.TemporaryDirectory() as folder:
            registry = EmbeddedRegistry(folder=Path(folder), clock=SystemClock())
            registry.add(PEOPLE[1])
            try:
                registry.add(record)
            except RegistryRecordInvalid:
                return
            assert registry.find(licence_no=record.licence_no) == record
            assert len(registry.list()) == 2

    @pytest.mark.parametrize("name", ["张 ", "张\u3000", "张\ud800", "张", "张\n三", "=张三"])
    def test_name_that_the_file_would_change(self, tmp_path: Path, name: str) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        with pytest.raises(RegistryRecordInvalid):
            registry.add(replace(PEOPLE[0], name=name))

    def test_new_record_without_photo_keeps_the_old_photo(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        registry.add(PEOPLE[0])
        registry.add(replace(PEOPLE[0], name="林正衡改", photo=b""))
        found = registry.find(licence_no=PEOPLE[0].licence_no)
        assert (found.name, found.photo) == ("林正衡改", JPEG)

    def test_import_takes_the_good_rows_and_explains_the_bad(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        registry.add(PEOPLE[0])
        header = "执业证号,姓名,公民身份号码,执业机构,统一社会信用代码,执业类别,执业状态,状态日期"
        firm = "北京演示衡平律师事务所,31110105DEM0000142"
        report = registry.import_csv(
            "\ufeff" + header + "\r\n"
            f"11101201110900001,林正衡,110000198503120015,{firm},专职,停止执业,2026-11-01\r\n"
            f"11101201511900002,周明月, 110000199008250028 ,{firm},专职律师,正常执业,2020-06-01\r\n"
            "\r\n"
            f"2110120151190000,甲,110000199008250029,{firm},专职,正常执业,2020-06-01\r\n"
            f"11101201511900009,周二月,110000199008250028,{firm},编外,退休,2020-13-01\r\n"
            f"11101201511900002,周明月,110000199008250028,{firm},专职,正常执业,2020-06-01\r\n"
        )
        assert (report.added, report.updated, report.accepted) == (1, 1, 2)
        assert [(e.line, e.reasons) for e in report.errors] == [
            (5, ("执业证号应为 17 位且符合编号规则", "姓名应为 2 至 50 个字符",
                 "公民身份号码不正确（位数、出生日期或校验码）")),
            (6, ("执业类别不认识：编外", "执业状态不认识：退休", "状态日期应写作 2026-01-31")),
            (7, ("执业证号在本文件中重复",)),
        ]  # fmt: skip
        found = registry.find(licence_no="11101201110900001")
        assert (found.status, found.photo) == (PracticeStatus.SUSPENDED, JPEG)
        assert len(registry.list()) == 2

    @pytest.mark.parametrize("text", ["", "姓名,执业证号\n林正衡,1", "\0\0\0", '"open\nquote'])
    def test_import_of_something_else_changes_nothing(self, tmp_path: Path, text: str) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        registry.add(PEOPLE[0])
        report = registry.import_csv(text)
        assert report.accepted == 0
        assert report.errors[0].reasons[0].startswith("表头缺少")
        assert registry.list() == (replace(PEOPLE[0], photo=b""),)

    def test_file_spoilt_by_hand_is_no_register(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        registry.add(PEOPLE[0])
        file = tmp_path / "lawyers.csv"
        file.write_text(file.read_text().replace("正常执业", "正常"))
        with pytest.raises(RegistryUnavailable):
            registry.status(licence_no=PEOPLE[0].licence_no)
        with pytest.raises(RegistryUnavailable):
            registry.add(PEOPLE[1])
        assert "正常," in file.read_text(), "a writer must not drop rows it cannot read"

    def test_each_write_is_later_than_the_one_before(self, tmp_path: Path) -> None:
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        registry.add(PEOPLE[0])
        file = tmp_path / "lawyers.csv"
        # As after two writes within one kernel tick, or a clock that was set back.
        ahead = file.stat().st_mtime_ns + 3_600_000_000_000
        os.utime(file, ns=(ahead, ahead))
        registry.add(PEOPLE[0])
        assert file.stat().st_mtime_ns > ahead

    def test_two_processes_writing_lose_nothing(self, tmp_path: Path) -> None:
        context = multiprocessing.get_context("spawn")
        halves = (PEOPLE[::2], PEOPLE[1::2])
        workers = [context.Process(target=_add_each, args=(tmp_path, half)) for half in halves]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        registry = EmbeddedRegistry(folder=tmp_path, clock=SystemClock())
        assert {p.licence_no for p in registry.list()} == {p.licence_no for p in PEOPLE}
        assert not list(tmp_path.glob(".new-*"))

    def test_personal_numbers_stay_out_of_repr(self) -> None:
        assert PEOPLE[0].identity_no not in repr(PEOPLE[0])
        assert "photo" not in repr(PEOPLE[0])


def _add_each(folder: Path, people: tuple[LawyerRecord, ...]) -> None:
    registry = EmbeddedRegistry(folder=folder, clock=SystemClock())
    for person in people:
        registry.add(person)
