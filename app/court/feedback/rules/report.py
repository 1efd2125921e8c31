"""Reports of misconduct 违纪违法举报: what they hold, and the states that a query code shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CODE_LENGTH: Final = 20  # digits; made on the phone, so that no answer of ours ever carries it
DAILY: Final = 3  # reports from one lawyer in 24 hours


class ReportState(StrEnum):
    """What the discipline desk lets the reporter know; words of its own it does not write."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    TRANSFERRED = "transferred"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _STATES[self]


_STATES: Final = {
    ReportState.RECEIVED: "已收到，尚未拆封",
    ReportState.VERIFYING: "正在核查",
    ReportState.TRANSFERRED: "已移送有权机关",
    ReportState.CLOSED: "已办结",
}
