"""Suggestions 意见建议: areas, and the way from a letter to "what we changed"."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.court.feedback.errors import FeedbackIncomplete

DAILY: Final = 5  # suggestions of one lawyer in 24 hours


class Area(StrEnum):
    """What a suggestion is about."""

    SYSTEM = "system"
    FILING = "filing"
    HEARING = "hearing"
    SERVICE = "service"
    HALL = "hall"
    ACCESS = "access"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The area's Chinese name."""
        return _AREAS[self]


_AREAS: Final = {
    Area.SYSTEM: "平台使用",
    Area.FILING: "立案",
    Area.HEARING: "开庭与排期",
    Area.SERVICE: "送达与阅卷",
    Area.HALL: "大厅与通行",
    Area.ACCESS: "适老化与无障碍",
    Area.OTHER: "其他",
}


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    RECEIVED = "received"
    CONSIDERED = "considered"
    ADOPTED = "adopted"
    CHANGED = "changed"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _STATES[self]


_STATES: Final = {
    SuggestionState.RECEIVED: "已收到",
    SuggestionState.CONSIDERED: "已答复",
    SuggestionState.ADOPTED: "已采纳，正在改进",
    SuggestionState.CHANGED: "已改进",
    SuggestionState.DECLINED: "暂不采纳",
}
ANSWERS: Final = tuple(state for state in SuggestionState if state is not SuggestionState.RECEIVED)


def check_answer(*, state: SuggestionState, reply: str, title: str, published: bool) -> None:
    """Raise `FeedbackIncomplete` for an answer that says nothing, or nothing to publish."""
    if state not in ANSWERS:
        raise FeedbackIncomplete(field="state", message="请选择处理结果。")
    if len(reply) < 2:
        raise FeedbackIncomplete(field="reply", message="请写明答复。")
    if published and len(title) < 4:
        raise FeedbackIncomplete(
            field="title", message="公开前请写一句概括，不写姓名、案号和其他能认出提出人的内容。"
        )
