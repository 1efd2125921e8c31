"""Courts and case numbers on a real database."""

from __future__ import annotations

import dataclasses
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.cli import courts as table
from app.cli.seed import COURTS, HERE, seed_courts
from app.court.casefile.errors import (
    CaseNumberInvalid,
    CaseTypeUnknown,
    CourtUnknown,
    FunctionNotOffered,
    NoFreeNumber,
)
from app.court.casefile.rules.capability import Function
from app.court.casefile.rules.case_number import CaseNumber
from app.court.casefile.rules.courts import CourtLevel
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.case_numbers import DRAWS, CaseNumbers
from app.court.casefile.service.courts import PAGE, CourtQuery, Courts
from app.kernel.unit_of_work import unit_of_work

ACCEPTED = date(2026, 3, 2)
HEADER = "法院编码,法院名称,级别,地区,上级法院,法院代字,来源,待核实\n"


@pytest.fixture
def casefile(app: Flask) -> Iterator[CasefileServices]:
    """The services over an empty database with the demonstration's courts."""
    services: CasefileServices = app.extensions["casefile"]
    with app.app_context():
        seed_courts(services.courts)
        yield services


class Changed(Exception):
    """The court changed its mind: the acceptance rolls back."""


def give(
    casefile: CasefileServices, *, court: str = "110105", word: str = "民初", on: date = ACCEPTED
) -> CaseNumber:
    with unit_of_work() as tx:
        return casefile.numbers.give(tx, court_code=court, accepted_on=on, type_word=word)


def give_and_fail(casefile: CasefileServices) -> None:
    with unit_of_work() as tx:
        casefile.numbers.give(tx, court_code="110105", accepted_on=ACCEPTED, type_word="民初")
        raise Changed


# --- numbers -----------------------------------------------------------------------------------


def test_a_series_counts_from_one(casefile: CasefileServices) -> None:
    assert [str(give(casefile)) for _ in range(3)] == [
        "（2026）京0105民初1号",
        "（2026）京0105民初2号",
        "（2026）京0105民初3号",
    ]


def test_court_year_and_type_count_on_their_own(casefile: CasefileServices) -> None:
    give(casefile)
    assert give(casefile, court="110106").number == 1
    assert give(casefile, word="执").number == 1
    assert give(casefile, on=date(2027, 1, 1)).number == 1
    assert give(casefile, court="京0105").number == 2, "a court by its word is the same court"
    with unit_of_work() as tx:
        special = casefile.numbers.give(
            tx, court_code="最高法", accepted_on=ACCEPTED, type_word="民终", special="知"
        )
    assert str(special) == "（2026）最高法知民终1号"
    assert str(give(casefile, court="最高法", word="民终")) == "（2026）最高法民终1号"


def test_a_number_that_was_rolled_back_is_the_next_ones(casefile: CasefileServices) -> None:
    with pytest.raises(Changed):
        give_and_fail(casefile)
    assert give(casefile).number == 1
    with pytest.raises(Changed):
        give_and_fail(casefile)
    assert give(casefile).number == 2


def test_what_gets_no_number(casefile: CasefileServices) -> None:
    with pytest.raises(CourtUnknown):
        give(casefile, court="999999")
    with pytest.raises(CourtUnknown):
        give(casefile, court="\x00")
    with pytest.raises(CaseTypeUnknown):
        give(casefile, word="民某")
    with pytest.raises(CaseNumberInvalid):
        give(casefile, on=date(2015, 12, 31))
    assert give(casefile).number == 1, "what was refused took none"


THREADS = 16
ACCEPTANCES = 1000
FAILURES = 250


def test_a_thousand_acceptances_at_once_leave_no_gap_and_no_twin(
    app: Flask, casefile: CasefileServices
) -> None:
    """1,000 acceptances of one series from 16 threads; a fifth of all attempts rolls back."""
    outcomes = [True] * ACCEPTANCES + [False] * FAILURES
    random.Random(137).shuffle(outcomes)
    ready = threading.Barrier(THREADS)

    def work(mine: list[bool]) -> list[int]:
        with app.app_context():
            ready.wait()
            return [number for stays in mine if (number := accept(casefile, stays=stays))]

    with ThreadPoolExecutor(THREADS) as pool:
        kept = pool.map(work, [outcomes[n::THREADS] for n in range(THREADS)])
        numbers = [number for each in kept for number in each]
    assert sorted(numbers) == list(range(1, ACCEPTANCES + 1))
    assert give(casefile).number == ACCEPTANCES + 1


def accept(casefile: CasefileServices, *, stays: bool) -> int | None:
    try:
        with unit_of_work() as tx:
            given = casefile.numbers.give(
                tx, court_code="110105", accepted_on=ACCEPTED, type_word="民初"
            )
            decide(stays=stays)
    except Changed:
        return None
    return given.number


def decide(*, stays: bool) -> None:
    if not stays:
        raise Changed


# --- criminal review ---------------------------------------------------------------------------


class Scripted(SystemEntropy):
    """Draws what the test says."""

    def __init__(self, *draws: int) -> None:
        self._draws = iter(draws)

    def below(self, n: int) -> int:
        drawn = next(self._draws)
        assert drawn < n
        return drawn


def drawing(casefile: CasefileServices, *draws: int) -> CasefileServices:
    numbers = CaseNumbers(courts=casefile.courts, entropy=Scripted(*draws))
    return dataclasses.replace(casefile, numbers=numbers)


def test_criminal_review_is_drawn_from_eight_digits(casefile: CasefileServices) -> None:
    numbers = [give(casefile, court="最高法", word="刑核").number for _ in range(30)]
    assert all(10_000_000 <= number <= 99_999_999 for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert numbers != sorted(numbers)


def test_a_drawn_number_that_is_taken_is_drawn_again(casefile: CasefileServices) -> None:
    desk = drawing(casefile, 0, 0, 0, 89_999_999)
    assert give(desk, court="最高法", word="刑核").number == 10_000_000
    assert give(desk, court="最高法", word="刑核").number == 99_999_999
    assert give(drawing(casefile, 0), court="110000", word="刑核").number == 10_000_000


def test_drawing_ends(casefile: CasefileServices) -> None:
    desk = drawing(casefile, *[7] * (DRAWS + 1))
    give(desk, court="最高法", word="刑核")
    with pytest.raises(NoFreeNumber):
        give(desk, court="最高法", word="刑核")


# --- courts ------------------------------------------------------------------------------------


def names(courts: Courts, **query: object) -> list[str]:
    return [c.name for c in courts.page(query=CourtQuery(**query)).courts]  # type: ignore[arg-type]


def test_courts_are_found(casefile: CasefileServices) -> None:
    courts = casefile.courts
    assert names(courts, text="朝阳") == ["北京市朝阳区人民法院"]
    assert names(courts, text="京0105") == ["北京市朝阳区人民法院"]
    assert names(courts, text="110105") == ["北京市朝阳区人民法院"]
    assert names(courts, text="%") == []
    assert names(courts, level=CourtLevel.SUPREME) == ["最高人民法院"]
    assert "北京知识产权法院" in names(courts, region="北京市", level=CourtLevel.SPECIAL)
    assert names(courts, region="北京") == []


def test_the_pages_are_the_whole(casefile: CasefileServices) -> None:
    seen: list[str] = []
    after: str | None = None
    while True:
        page = casefile.courts.page(query=CourtQuery(after=after))
        assert len(page.courts) <= PAGE
        seen += [court.code for court in page.courts]
        after = page.following
        if after is None:
            break
    rows = (HERE / COURTS).read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(seen) == sorted(row.split(",")[0] for row in rows)


def test_a_court_says_what_it_can_do(casefile: CasefileServices) -> None:
    """A product that answered everything would offer what the court has."""
    courts = Courts(clock=SystemClock(), built=set(Function))
    detail = courts.detail(code="440304")
    assert detail.parent is not None
    assert detail.parent.code_word == "粤03"
    offers = {offer.function: offer for offer in detail.offers}
    assert offers[Function.FILING].offered
    assert (
        offers[Function.ONLINE_HEARING].notice == "该法院暂不支持网上庭审。请按传票到庭参加诉讼。"
    )
    with unit_of_work() as tx:
        courts.demand(tx, court_code="440304", function=Function.FILING)
        with pytest.raises(FunctionNotOffered):
            courts.demand(tx, court_code="440304", function=Function.ONLINE_HEARING)
        with pytest.raises(FunctionNotOffered):
            courts.demand(tx, court_code="440305", function=Function.FILING)


def test_a_product_that_answers_nothing_offers_nothing(casefile: CasefileServices) -> None:
    courts = Courts(clock=SystemClock(), built=())
    assert not any(offer.offered for offer in courts.detail(code="440304").offers)
    with unit_of_work() as tx, pytest.raises(FunctionNotOffered):
        courts.demand(tx, court_code="440304", function=Function.FILING)


# --- loading -----------------------------------------------------------------------------------


def load(app: Flask, folder: Path, *rows: str) -> tuple[bool, str]:
    path = folder / "courts.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return table.load_courts(app, path)


def test_loading_twice_changes_nothing(app: Flask, casefile: CasefileServices) -> None:
    count = len((HERE / COURTS).read_text(encoding="utf-8").splitlines()) - 1
    assert table.load_courts(app, HERE / COURTS) == (
        True,
        f"✓ 法院：新增0条，更新0条，未变{count}条。",
    )
    assert casefile.courts.load_courts(text=HEADER).added == 0


def test_a_later_table_corrects_an_earlier_one(
    app: Flask, casefile: CasefileServices, tmp_path: Path
) -> None:
    rows = (
        "110101,北京市东城区人民法院,基层,北京市,京02,京0102,官方代字表,否",
        "110102,北京市西城区人民法院,基层,北京市,京02,京0101,官方代字表,否",
    )
    good, text = load(app, tmp_path, *rows)
    assert good, text
    assert text == "✓ 法院：新增0条，更新2条，未变0条。", "and two courts may exchange their words"
    assert casefile.courts.detail(code="110101").court.code_word == "京0102"


def test_one_bad_row_and_nothing_is_written(
    app: Flask, casefile: CasefileServices, tmp_path: Path
) -> None:
    good, text = load(
        app,
        tmp_path,
        "110119,北京市延庆区人民法院,基层,北京市,京01,京0119,官方代字表,否",
        "110118,北京市密云区人民法院,基层,北京市,京09,京0118,官方代字表,否",
    )
    assert not good
    assert text == "✗ 有1行不正确，没有写入任何内容：\n  第3行 110118：没有上级法院：京09"
    assert names(casefile.courts, text="延庆") == []


def test_a_file_of_another_encoding(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "courts.csv"
    path.write_bytes(HEADER.encode("gb18030"))
    for load_table in (table.load_courts, table.load_functions):
        good, text = load_table(app, path)
        assert not good
        assert "UTF-8" in text


def test_the_demonstration_leaves_loaded_courts_alone(app: Flask, tmp_path: Path) -> None:
    good, text = load(app, tmp_path, "最高法,最高人民法院,最高,全国,,最高法,官方代字表,否")
    assert good, text
    casefile: CasefileServices = app.extensions["casefile"]
    with app.app_context():
        seed_courts(casefile.courts)
        assert len(casefile.courts.page(query=CourtQuery()).courts) == 1
