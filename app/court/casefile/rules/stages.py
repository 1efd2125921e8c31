"""The stages of a case 案件阶段, and how it may be closed 结案."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.casefile.errors import StageRefused


class Stage(StrEnum):
    """Where a case stands."""

    MEDIATION = "mediation"
    ACCEPTED = "accepted"
    PRE_TRIAL = "pre_trial"
    TRIAL = "trial"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The stage's Chinese name."""
        return _STAGES[self]


class Procedure(StrEnum):
    """Which procedure 审理程序 a case follows (民诉法 arts. 122–174)."""

    ORDINARY = "ordinary"
    SUMMARY = "summary"
    SMALL_CLAIMS = "small_claims"

    @property
    def label(self) -> str:
        """The procedure's Chinese name."""
        return _PROCEDURES[self]


_STAGES: Final = {
    Stage.MEDIATION: "诉前调解",
    Stage.ACCEPTED: "已立案",
    Stage.PRE_TRIAL: "审理前准备",
    Stage.TRIAL: "开庭审理",
    Stage.CLOSED: "已结案",
}
_PROCEDURES: Final = {
    Procedure.ORDINARY: "普通程序",
    Procedure.SUMMARY: "简易程序",
    Procedure.SMALL_CLAIMS: "小额诉讼程序",
}
NEXT: Final[Mapping[Stage, frozenset[Stage]]] = MappingProxyType(
    {
        # A mediation that fails must be registered 立案 (人民法院在线调解规则 art. 21).
        Stage.MEDIATION: frozenset({Stage.ACCEPTED, Stage.CLOSED}),
        Stage.ACCEPTED: frozenset({Stage.PRE_TRIAL, Stage.TRIAL, Stage.CLOSED}),
        Stage.PRE_TRIAL: frozenset({Stage.TRIAL, Stage.CLOSED}),
        Stage.TRIAL: frozenset({Stage.PRE_TRIAL, Stage.CLOSED}),
        Stage.CLOSED: frozenset(),
    }
)
# Known from practice, to be confirmed against the courts' own list (K): shown, never a hard rule.
CLOSINGS: Final = (
    "判决", "调解", "准予撤诉", "按撤诉处理", "驳回起诉", "不予受理", "移送", "终结诉讼",
    "维持", "改判", "发回重审", "撤回上诉", "执行完毕", "终结本次执行", "终结执行", "其他",
)  # fmt: skip


def advance(stage: Stage, to: Stage) -> Stage:
    """Return the next stage; raises `StageRefused` where the law knows no such step."""
    if to not in NEXT[stage]:
        raise StageRefused(stage=stage.label, to=to.label)
    return to
