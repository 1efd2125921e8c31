"""The embedded register's demonstration people: all invented, always the same.

Their identity numbers are right in form but name the county `0000`, which no office ever issued
from (for residents of Hong Kong, Macao and Taiwan: the order number `000`); every firm and unit
carries 演示 in its name, and its code spells DEM.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.adapters.embedded.registry import EmbeddedRegistry
from app.kernel.identifiers import (
    identity_check_character,
    organisation_check_character,
    uscc_check_character,
)
from app.ports.clock import Clock
from app.ports.registry import (
    LawyerRecord,
    PracticeCategory,
    PracticeStatus,
    TraineeRecord,
    TraineeStatus,
)

_C = PracticeCategory
_S = PracticeStatus

# Position 10 of the licence number (执业证号); the register, not this digit, decides.
_CATEGORY_DIGITS = {
    _C.FULL_TIME: 1,
    _C.PART_TIME: 2,
    _C.HONG_KONG: 3,
    _C.MACAO: 4,
    _C.TAIWAN: 5,
    _C.PUBLIC: 6,
    _C.COMPANY: 7,
    _C.LEGAL_AID: 8,
    _C.MILITARY: 9,
}
_RESIDENT_REGIONS = {_C.HONG_KONG: "810000", _C.MACAO: "820000", _C.TAIWAN: "830000"}
_MALE, _FEMALE = 0, 1


@dataclass(frozen=True)
class _Firm:
    name: str
    kind: str
    """First two characters of the code: 31 law firm, 11 authority, 91 company, A1 military."""
    region: str
    no: int

    @property
    def uscc(self) -> str:
        organisation = f"DEM{self.no:05d}"
        body = self.kind + self.region + organisation + organisation_check_character(organisation)
        return body + uscc_check_character(body)


_BEIJING = _Firm("北京演示衡平律师事务所", "31", "110105", 1)
_BEIJING_2 = _Firm("北京演示明德律师事务所", "31", "110108", 2)
_SHANGHAI = _Firm("上海演示申正律师事务所", "31", "310115", 3)
_GUANGZHOU = _Firm("广东演示岭南律师事务所", "31", "440106", 4)
_SHENZHEN = _Firm("广东演示前海律师事务所", "31", "440305", 5)
_CHENGDU = _Firm("四川演示锦城律师事务所", "31", "510104", 6)
_HANGZHOU = _Firm("浙江演示钱塘律师事务所", "31", "330106", 7)
_XIAN = _Firm("陕西演示长安律师事务所", "31", "610113", 8)
_URUMQI = _Firm("新疆演示天山律师事务所", "31", "650102", 9)
_HARBIN = _Firm("黑龙江演示松江律师事务所", "31", "230103", 10)
_PUBLIC = _Firm("北京市演示区司法局", "11", "110105", 11)
_COMPANY = _Firm("演示重工（湖北）有限公司", "91", "420106", 12)
_LEGAL_AID = _Firm("成都市演示区法律援助中心", "11", "510104", 13)
_MILITARY = _Firm("某部演示法律顾问处", "A1", "610113", 14)

_LONG_AGO = date(2020, 6, 1)

# name, sex, birth date, firm, city digits of the licence, first licensed, category, status, since
_PEOPLE = (
    ("林正衡", _MALE, "19850312", _BEIJING, "1101", 2011, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("周明月", _FEMALE, "19900825", _BEIJING, "1101", 2015, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("欧阳若水", _FEMALE, "19781106", _BEIJING_2, "1101", 2004, _C.FULL_TIME, _S.PRACTISING,
     _LONG_AGO),
    ("陈守义", _MALE, "19550219", _BEIJING_2, "1101", 1986, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("沈清和", _FEMALE, "19820704", _SHANGHAI, "3101", 2008, _C.FULL_TIME, _S.PRACTISING,
     _LONG_AGO),
    ("顾言", _MALE, "19930130", _SHANGHAI, "3101", 2019, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("梁伯谦", _MALE, "19701215", _GUANGZHOU, "4401", 1998, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("何静仪", _FEMALE, "19880417", _SHENZHEN, "4403", 2013, _C.FULL_TIME, _S.PRACTISING,
     _LONG_AGO),
    ("阿依古丽·买买提", _FEMALE, "19910909", _URUMQI, "6501", 2016, _C.FULL_TIME, _S.PRACTISING,
     _LONG_AGO),
    ("高远", _MALE, "19800229", _HARBIN, "2301", 2006, _C.FULL_TIME, _S.PRACTISING, _LONG_AGO),
    ("苏教授", _MALE, "19680520", _XIAN, "6101", 2001, _C.PART_TIME, _S.PRACTISING, _LONG_AGO),
    ("罗敏之", _FEMALE, "19750610", _CHENGDU, "5101", 2003, _C.PART_TIME, _S.PRACTISING, _LONG_AGO),
    ("郑为公", _MALE, "19830901", _PUBLIC, "1101", 2012, _C.PUBLIC, _S.PRACTISING, _LONG_AGO),
    ("钱守诚", _MALE, "19870222", _COMPANY, "4201", 2014, _C.COMPANY, _S.PRACTISING, _LONG_AGO),
    ("吴援", _FEMALE, "19920318", _LEGAL_AID, "5101", 2018, _C.LEGAL_AID, _S.PRACTISING, _LONG_AGO),
    ("卫国强", _MALE, "19840801", _MILITARY, "6101", 2010, _C.MILITARY, _S.PRACTISING, _LONG_AGO),
    ("黄嘉慧", _FEMALE, "19890707", _SHENZHEN, "4403", 2017, _C.HONG_KONG, _S.PRACTISING,
     _LONG_AGO),
    ("何澳怡", _FEMALE, "19861220", _GUANGZHOU, "4401", 2016, _C.MACAO, _S.PRACTISING, _LONG_AGO),
    ("林怡君", _FEMALE, "19810415", _HANGZHOU, "3301", 2012, _C.TAIWAN, _S.PRACTISING, _LONG_AGO),
    ("赵停云", _MALE, "19790823", _HANGZHOU, "3301", 2005, _C.FULL_TIME, _S.SUSPENDED,
     date(2026, 9, 1)),
    ("孙归田", _MALE, "19600101", _CHENGDU, "5101", 1992, _C.FULL_TIME, _S.CANCELLED,
     date(2025, 12, 31)),
    ("马失蹄", _MALE, "19760430", _XIAN, "6101", 2002, _C.FULL_TIME, _S.REVOKED, date(2024, 5, 20)),
    ("贾冒名", _MALE, "19940614", _HARBIN, "2301", 2021, _C.FULL_TIME, _S.WITHDRAWN,
     date(2023, 3, 8)),
    ("齐新程", _FEMALE, "19950505", _SHANGHAI, "3101", 2022, _C.FULL_TIME, _S.TRANSFERRING,
     date(2026, 11, 2)),
    ("慕容迟", _FEMALE, "19771018", _GUANGZHOU, "4401", 2007, _C.FULL_TIME, _S.ASSESSMENT_PENDING,
     date(2026, 6, 1)),
)  # fmt: skip


# name, sex, birth date, firm, city digits, status
_TRAINEES = (
    ("许知行", _MALE, "20010708", _BEIJING, "1101", TraineeStatus.TRAINING),
    ("方小雨", _FEMALE, "20020214", _BEIJING, "1101", TraineeStatus.TRAINING),
    ("宋迟", _MALE, "20001130", _SHANGHAI, "3101", TraineeStatus.TRAINING),
    ("段半途", _MALE, "19991009", _BEIJING, "1101", TraineeStatus.CANCELLED),
)


def demo_trainees() -> tuple[TraineeRecord, ...]:
    """The invented trainees (申请律师执业人员)."""
    return tuple(
        TraineeRecord(
            trainee_no=f"{city}2026{serial:06d}",
            name=name,
            identity_no=_identity_no(_C.FULL_TIME, city, born, sex),
            firm_name=firm.name,
            firm_uscc=firm.uscc,
            status=status,
            status_since=date(2026, 3, 2),
        )
        for serial, (name, sex, born, firm, city, status) in enumerate(_TRAINEES, start=900001)
    )


def demo_records(*, photo: bytes) -> tuple[LawyerRecord, ...]:
    """The invented lawyers, each with the same JPEG `photo` (or none when empty)."""
    return tuple(
        LawyerRecord(
            licence_no=f"1{city}{year}{_CATEGORY_DIGITS[category]}{sex}9{serial:05d}",
            name=name,
            identity_no=_identity_no(category, city, born, sex),
            firm_name=firm.name,
            firm_uscc=firm.uscc,
            category=category,
            status=status,
            status_since=since,
            photo=photo,
        )
        for serial, (name, sex, born, firm, city, year, category, status, since) in enumerate(
            _PEOPLE, start=1
        )
    )


def seed_demo(*, folder: Path, photo: bytes, clock: Clock) -> int:
    """Write the invented lawyers into an empty folder; return how many were written.

    A folder that already has a register is left as it is (0), so it may be called at every start.
    """
    register = EmbeddedRegistry(folder=folder, clock=clock)
    if not (folder / "trainees.csv").exists():
        register.put_trainees(demo_trainees())
    if (folder / "lawyers.csv").exists():
        return 0
    records = demo_records(photo=photo)
    register.add_all(records)
    return len(records)


def _identity_no(category: PracticeCategory, city: str, born: str, sex: int) -> str:
    resident = _RESIDENT_REGIONS.get(category)
    region = resident or f"{city[:2]}0000"
    order = "000" if resident else ("001", "002")[sex]
    body = region + born + order
    return body + identity_check_character(body)
