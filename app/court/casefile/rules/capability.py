"""What a screen may offer at a court, and what it says instead.

Not every court does everything online: the platform's functions 功能 stand in a table, court by
court. Unknown is not offered; a function that a court has only in part is offered with a word of
what the court cannot do; one that it does not have comes with the way that is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.casefile.errors import FunctionNotOffered


class Function(StrEnum):
    """A function 功能 of the lawyer service platform that a court may have."""

    FILING = "filing"
    MEDIATION = "mediation"
    FEE_PAYMENT = "fee_payment"
    FEE_REFUND = "fee_refund"
    HEARING_AVOIDANCE = "hearing_avoidance"
    REPRESENTATION_CHECK = "representation_check"
    RECUSAL = "recusal"
    INVESTIGATION = "investigation"
    EVIDENCE_EXTENSION = "evidence_extension"
    RESCHEDULE = "reschedule"
    WITHDRAWAL = "withdrawal"
    SERVICE_OF_PROCESS = "service_of_process"
    PRESERVATION = "preservation"
    APPRAISAL = "appraisal"
    CASEFILE_READING = "casefile_reading"
    ONLINE_HEARING = "online_hearing"
    EVIDENCE_EXCHANGE = "evidence_exchange"
    JUDGE_CONTACT = "judge_contact"
    PASS = "pass"  # noqa: S105 - 一码通, the green channel
    HOTLINE = "hotline"
    RATING = "rating"

    @property
    def label(self) -> str:
        """The function's Chinese name."""
        return LABELS[self]


LABELS: Final[Mapping[Function, str]] = MappingProxyType(
    {
        Function.FILING: "网上立案",
        Function.MEDIATION: "网上调解",
        Function.FEE_PAYMENT: "网上交费",
        Function.FEE_REFUND: "申请退费",
        Function.HEARING_AVOIDANCE: "开庭排期避让",
        Function.REPRESENTATION_CHECK: "申请核实代理关系",
        Function.RECUSAL: "申请回避",
        Function.INVESTIGATION: "申请调查取证",
        Function.EVIDENCE_EXTENSION: "申请延长举证期限",
        Function.RESCHEDULE: "申请改期或者延期开庭",
        Function.WITHDRAWAL: "申请撤诉",
        Function.SERVICE_OF_PROCESS: "网上送达",
        Function.PRESERVATION: "申请保全",
        Function.APPRAISAL: "申请委托鉴定",
        Function.CASEFILE_READING: "网上阅卷",
        Function.ONLINE_HEARING: "网上庭审",
        Function.EVIDENCE_EXCHANGE: "证据交换和质证",
        Function.JUDGE_CONTACT: "联系法官",
        Function.PASS: "律师一码通",
        Function.HOTLINE: "12368热线",
        Function.RATING: "评价建议",
    }
)
BY_LABEL: Final = {label: function for function, label in LABELS.items()}


class Availability(StrEnum):
    """How far a court has a function."""

    AVAILABLE = "available"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


# What may stand in a table: that nothing is known is said by having no row.
STATUS_WORDS: Final = {
    "可用": Availability.AVAILABLE,
    "部分可用": Availability.LIMITED,
    "不可用": Availability.UNAVAILABLE,
}


@dataclass(frozen=True, kw_only=True)
class Capability:
    """What is known of one function at one court; `fallback` is the way that is left."""

    function: Function
    availability: Availability
    fallback: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Whether a screen offers a function, and what it says beside it or instead of it."""

    function: Function
    availability: Availability
    offered: bool
    notice: str


def offer(function: Function, known: Capability | None) -> Offer:
    """Decide one function; None is a court of which nothing is known."""
    status = Availability.UNKNOWN if known is None else known.availability
    fallback = "" if known is None else known.fallback
    return Offer(
        function=function,
        availability=status,
        offered=status in (Availability.AVAILABLE, Availability.LIMITED),
        notice=_notice(function, status, fallback),
    )


def offers(known: Mapping[Function, Capability]) -> tuple[Offer, ...]:
    """Decide every function of a court, in the order in which screens list them."""
    return tuple(offer(function, known.get(function)) for function in Function)


def demand(function: Function, known: Capability | None) -> None:
    """Let a use case go on that stands on this function; raises `FunctionNotOffered`."""
    decided = offer(function, known)
    if not decided.offered:
        raise FunctionNotOffered(function, notice=decided.notice)


def _notice(function: Function, status: Availability, fallback: str) -> str:
    if status is Availability.AVAILABLE:
        return ""
    if status is Availability.LIMITED:
        return fallback
    if status is Availability.UNAVAILABLE:
        return f"该法院暂不支持{function.label}。{fallback}"
    return f"尚不清楚该法院是否支持{function.label}，请到诉讼服务大厅办理，或者拨打12368咨询。"
