"""The scales of 诉讼费用交纳办法 arts. 8, 13 and 14, as data.

All amounts are in fen 分; rates are exact decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

YUAN: Final = 100
WAN: Final = 10_000 * YUAN


class FeeKind(StrEnum):
    """What is paid for: a case accepted 案件受理费 (art. 13) or an application 申请费 (art. 14)."""

    PROPERTY = "property"  # 财产案件
    DIVORCE = "divorce"  # 离婚案件
    PERSONALITY = "personality"  # 侵害人格权案件
    OTHER_NON_PROPERTY = "other_non_property"  # 其他非财产案件
    INTELLECTUAL_PROPERTY = "intellectual_property"  # 知识产权民事案件
    LABOUR = "labour"  # 劳动争议案件
    ADMINISTRATIVE = "administrative"  # 行政案件
    ADMINISTRATIVE_SPECIAL = "administrative_special"  # 商标、专利、海事行政案件
    JURISDICTION_OBJECTION = "jurisdiction_objection"  # 管辖权异议不成立
    SPECIAL_PROCEDURE = "special_procedure"  # 依特别程序审理的案件
    STATE_COMPENSATION = "state_compensation"  # 行政赔偿案件
    ENFORCEMENT = "enforcement"  # 申请执行
    PRESERVATION = "preservation"  # 申请保全措施
    PAYMENT_ORDER = "payment_order"  # 申请支付令
    PUBLIC_SUMMONS = "public_summons"  # 申请公示催告
    ARBITRATION_REVIEW = "arbitration_review"  # 申请撤销仲裁裁决或者认定仲裁协议效力
    BANKRUPTCY = "bankruptcy"  # 申请破产
    LIABILITY_FUND = "liability_fund"  # 申请设立海事赔偿责任限制基金
    MARITIME_INJUNCTION = "maritime_injunction"  # 申请海事强制令
    SHIP_LIEN_SUMMONS = "ship_lien_summons"  # 申请船舶优先权催告
    MARITIME_CLAIM = "maritime_claim"  # 申请海事债权登记
    GENERAL_AVERAGE = "general_average"  # 申请共同海损理算


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How one fee is computed.

    `base` is what each case pays, from and to; `free` is the amount that it covers. Each of
    `steps` is the upper end of a part of the amount (None: without end) and its rate; parts are
    added up 分段累计. `share` is the share of the property scale that is paid.
    """

    name: str
    article: str
    base: tuple[int, int] = (0, 0)
    without_amount: tuple[int, int] | None = None
    amount_needed: bool = False
    free: int = 0
    steps: tuple[tuple[int | None, Decimal], ...] = ()
    share: tuple[int, int] = (1, 1)
    cap: int | None = None
    halvable: bool = False
    provincial: bool = False


def _rate(per_mille: str) -> Decimal:
    return Decimal(per_mille) / 1000


_PROPERTY: Final = (
    (10 * WAN, _rate("25")),
    (20 * WAN, _rate("20")),
    (50 * WAN, _rate("15")),
    (100 * WAN, _rate("10")),
    (200 * WAN, _rate("9")),
    (500 * WAN, _rate("8")),
    (1000 * WAN, _rate("7")),
    (2000 * WAN, _rate("6")),
    (None, _rate("5")),
)
_ENFORCEMENT: Final = (
    (50 * WAN, _rate("15")),
    (500 * WAN, _rate("10")),
    (1000 * WAN, _rate("5")),
    (None, _rate("1")),
)


def _yuan(low: int, high: int | None = None) -> tuple[int, int]:
    return low * YUAN, (low if high is None else high) * YUAN


SCALES: Final[Mapping[FeeKind, Scale]] = MappingProxyType(
    {
        FeeKind.PROPERTY: Scale(
            name="财产案件受理费",
            article="第十三条第（一）项",
            base=_yuan(50),
            amount_needed=True,
            free=1 * WAN,
            steps=_PROPERTY,
            halvable=True,
        ),
        FeeKind.DIVORCE: Scale(
            name="离婚案件受理费",
            article="第十三条第（二）项第1目",
            base=_yuan(50, 300),
            free=20 * WAN,
            steps=((None, _rate("5")),),
            halvable=True,
            provincial=True,
        ),
        FeeKind.PERSONALITY: Scale(
            name="侵害人格权案件受理费",
            article="第十三条第（二）项第2目",
            base=_yuan(100, 500),
            free=5 * WAN,
            steps=((10 * WAN, _rate("10")), (None, _rate("5"))),
            halvable=True,
            provincial=True,
        ),
        FeeKind.OTHER_NON_PROPERTY: Scale(
            name="其他非财产案件受理费",
            article="第十三条第（二）项第3目",
            base=_yuan(50, 100),
            halvable=True,
            provincial=True,
        ),
        FeeKind.INTELLECTUAL_PROPERTY: Scale(
            name="知识产权民事案件受理费",
            article="第十三条第（三）项",
            base=_yuan(50),
            without_amount=_yuan(500, 1000),
            free=1 * WAN,
            steps=_PROPERTY,
            halvable=True,
            provincial=True,
        ),
        FeeKind.LABOUR: Scale(
            name="劳动争议案件受理费",
            article="第十三条第（四）项",
            base=_yuan(10),
            halvable=True,
        ),
        FeeKind.ADMINISTRATIVE: Scale(
            name="行政案件受理费",
            article="第十三条第（五）项第2目",
            base=_yuan(50),
            halvable=True,
        ),
        FeeKind.ADMINISTRATIVE_SPECIAL: Scale(
            name="商标、专利、海事行政案件受理费",
            article="第十三条第（五）项第1目",
            base=_yuan(100),
            halvable=True,
        ),
        FeeKind.JURISDICTION_OBJECTION: Scale(
            name="管辖权异议不成立的案件受理费",
            article="第十三条第（六）项",
            base=_yuan(50, 100),
            provincial=True,
        ),
        FeeKind.SPECIAL_PROCEDURE: Scale(name="依照特别程序审理的案件", article="第八条第（一）项"),
        FeeKind.STATE_COMPENSATION: Scale(name="行政赔偿案件", article="第八条第（四）项"),
        FeeKind.ENFORCEMENT: Scale(
            name="执行申请费",
            article="第十四条第（一）项",
            base=_yuan(50),
            without_amount=_yuan(50, 500),
            free=1 * WAN,
            steps=_ENFORCEMENT,
        ),
        FeeKind.PRESERVATION: Scale(
            name="保全申请费",
            article="第十四条第（二）项",
            base=_yuan(30),
            free=1000 * YUAN,
            steps=((10 * WAN, _rate("10")), (None, _rate("5"))),
            cap=5000 * YUAN,
        ),
        FeeKind.PAYMENT_ORDER: Scale(
            name="支付令申请费",
            article="第十四条第（三）项",
            base=_yuan(50),
            amount_needed=True,
            free=1 * WAN,
            steps=_PROPERTY,
            share=(1, 3),
        ),
        FeeKind.PUBLIC_SUMMONS: Scale(
            name="公示催告申请费", article="第十四条第（四）项", base=_yuan(100)
        ),
        FeeKind.ARBITRATION_REVIEW: Scale(
            name="撤销仲裁裁决或者认定仲裁协议效力申请费",
            article="第十四条第（五）项",
            base=_yuan(400),
        ),
        FeeKind.BANKRUPTCY: Scale(
            name="破产申请费",
            article="第十四条第（六）项",
            base=_yuan(50),
            amount_needed=True,
            free=1 * WAN,
            steps=_PROPERTY,
            share=(1, 2),
            cap=30 * WAN,
        ),
        FeeKind.LIABILITY_FUND: Scale(
            name="设立海事赔偿责任限制基金申请费",
            article="第十四条第（七）项第1目",
            base=_yuan(1000, 10_000),
        ),
        FeeKind.MARITIME_INJUNCTION: Scale(
            name="海事强制令申请费", article="第十四条第（七）项第2目", base=_yuan(1000, 5000)
        ),
        FeeKind.SHIP_LIEN_SUMMONS: Scale(
            name="船舶优先权催告申请费", article="第十四条第（七）项第3目", base=_yuan(1000, 5000)
        ),
        FeeKind.MARITIME_CLAIM: Scale(
            name="海事债权登记申请费", article="第十四条第（七）项第4目", base=_yuan(1000)
        ),
        FeeKind.GENERAL_AVERAGE: Scale(
            name="共同海损理算申请费", article="第十四条第（七）项第5目", base=_yuan(1000)
        ),
    }
)
