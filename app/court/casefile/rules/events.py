"""What can happen in a case 案件动态, in the words of people.

A closed list: `法释〔2018〕7号` art. 7 names what a court tells those who take part, unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DISCLOSURE: Final = "法释〔2018〕7号第七条"


class EventKind(StrEnum):
    """A kind of event; its Chinese name is `label`."""

    FILED = "filed"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    FEE_NOTICE = "fee_notice"
    FEE_PAID = "fee_paid"
    REPRESENTATION = "representation"
    APPLICATION = "application"
    APPLICATION_DECIDED = "application_decided"
    SERVED = "served"
    HEARING_SET = "hearing_set"
    HEARING_HELD = "hearing_held"
    MEDIATION = "mediation"
    PRESERVATION = "preservation"
    APPRAISAL = "appraisal"
    TIME_LIMIT_EXTENDED = "time_limit_extended"
    STAGE = "stage"
    CLOSED = "closed"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The event's Chinese name."""
        return _LABELS[self]


_LABELS: Final = {
    EventKind.FILED: "提交立案",
    EventKind.ACCEPTED: "立案",
    EventKind.ASSIGNED: "确定审判人员",
    EventKind.TRANSFERRED: "移送",
    EventKind.FEE_NOTICE: "交费通知",
    EventKind.FEE_PAID: "已交费",
    EventKind.REPRESENTATION: "代理关系变动",
    EventKind.APPLICATION: "提交申请",
    EventKind.APPLICATION_DECIDED: "申请有答复",
    EventKind.SERVED: "送达",
    EventKind.HEARING_SET: "开庭通知",
    EventKind.HEARING_HELD: "开庭",
    EventKind.MEDIATION: "调解",
    EventKind.PRESERVATION: "保全",
    EventKind.APPRAISAL: "鉴定进展",
    EventKind.TIME_LIMIT_EXTENDED: "延长审限",
    EventKind.STAGE: "程序进展",
    EventKind.CLOSED: "结案",
    EventKind.OTHER: "其他动态",
}


@dataclass(frozen=True, kw_only=True)
class News:
    """What is to be written down of an event; `summary` is the sentence that people read.

    `by` is who did it, as people may read it: a court's office, a lawyer, an assistant.
    """

    kind: EventKind
    summary: str
    by: str
    disclosed: bool = True
