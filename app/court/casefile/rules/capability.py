"""What a screen may offer at a court, and what it says instead.

Not every court does everything online: the platform's functions 功能 stand in a table, court by
court. Unknown is not offered; a function that a court has only in part is offered with a word of
what the court cannot do; one that it does not have comes with the way that is left. Whatever a
court has, nothing is offered that this product does not answer: `BUILT` says what it does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


# What this product answers, each with the endpoint where it begins. Whoever lands a function adds
# its line; a test asks whether the endpoint is there.
_APPLICATIONS: Final = (
    Function.MEDIATION,
    Function.PRESERVATION,
    Function.APPRAISAL,
    Function.RECUSAL,
    Function.INVESTIGATION,
    Function.EVIDENCE_EXTENSION,
    Function.WITHDRAWAL,
    Function.FEE_REFUND,
)
BUILT: Final[Mapping[Function, str]] = MappingProxyType(
    {
        Function.FILING: "filings.begin",
        Function.FEE_PAYMENT: "payments.pay",
        Function.REPRESENTATION_CHECK: "cases.submit",
        **dict.fromkeys(_APPLICATIONS, "applications.submit"),
        Function.PASS: "passage_phone.choose",
        Function.RATING: "feedback.rate_case",
        Function.HOTLINE: "feedback_desk.tickets",
    }
)


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


class Refusal(StrEnum):
    """Why a screen does not offer a function."""

    NOT_BUILT = "not_built"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


HALL: Final = "请到诉讼服务大厅办理，或者拨打12368咨询。"
# Where going to the hall is not the way that is left.
WAYS: Final[Mapping[Function, str]] = MappingProxyType(
    {
        Function.HOTLINE: "请直接拨打12368。",
        Function.PASS: "请出示律师执业证入院；当事人及其他人员请按安检要求办理。",
        Function.JUDGE_CONTACT: "请拨打12368，或者到诉讼服务大厅请工作人员转达。",
        Function.ONLINE_HEARING: "请按传票写明的时间、地点到庭；需要线上开庭的，请向承办法官提出。",
    }
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Whether a screen offers a function, and what it says beside it or instead of it.

    `instead` is the way that is left, a whole sentence; `notice` says the reason too.
    """

    function: Function
    availability: Availability
    refusal: Refusal | None
    instead: str
    notice: str

    @property
    def offered(self) -> bool:
        """Whether a screen may lead there."""
        return self.refusal is None


def offer(
    function: Function, known: Capability | None, *, built: Collection[Function] = BUILT
) -> Offer:
    """Decide one function; None is a court of which nothing is known."""
    status = Availability.UNKNOWN if known is None else known.availability
    refusal = _refusal(function, status, built)
    instead = _instead(function, known, refusal)
    return Offer(
        function=function,
        availability=status,
        refusal=refusal,
        instead=instead,
        notice=instead if refusal is None else _REASONS[refusal].format(function.label) + instead,
    )


def offers(
    known: Mapping[Function, Capability], *, built: Collection[Function] = BUILT
) -> tuple[Offer, ...]:
    """Decide every function of a court, in the order in which screens list them."""
    return tuple(offer(function, known.get(function), built=built) for function in Function)


def demand(
    function: Function, known: Capability | None, *, built: Collection[Function] = BUILT
) -> None:
    """Let a use case go on that stands on this function; raises `FunctionNotOffered`."""
    decided = offer(function, known, built=built)
    if not decided.offered:
        raise FunctionNotOffered(function, notice=decided.notice)


_REASONS: Final = {
    Refusal.NOT_BUILT: "本平台尚未开通{}。",
    Refusal.UNAVAILABLE: "该法院暂不支持{}。",
    Refusal.UNKNOWN: "尚不清楚该法院是否支持{}。",
}


def _refusal(
    function: Function, status: Availability, built: Collection[Function]
) -> Refusal | None:
    """The court's own answer comes first: it stays true when the product grows."""
    if status is Availability.UNAVAILABLE:
        return Refusal.UNAVAILABLE
    if function not in built:
        return Refusal.NOT_BUILT
    return Refusal.UNKNOWN if status is Availability.UNKNOWN else None


def _instead(function: Function, known: Capability | None, refusal: Refusal | None) -> str:
    limited = known is not None and known.availability is not Availability.AVAILABLE
    if known is not None and limited and refusal is not Refusal.NOT_BUILT:
        return known.fallback
    return "" if refusal is None else WAYS.get(function, HALL)
