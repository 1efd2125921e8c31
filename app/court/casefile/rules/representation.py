"""Representation 代理关系: who acts for a party, with which power, and when no longer.

民诉法 arts. 61 (one or two agents), 62 (what needs special authority 特别授权), 63 (change and
end are told to the court and by it to the other side); 民诉法解释 art. 88 (what is handed in).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final

from app.court.casefile.errors import (
    PowerMissing,
    RepresentationClosed,
    RepresentationIncomplete,
    TooManyAgents,
)

MOST_AGENTS: Final = 2


class Authority(StrEnum):
    """代理权限."""

    GENERAL = "general"
    SPECIAL = "special"

    @property
    def label(self) -> str:
        """The authority's Chinese name."""
        return {"general": "一般授权", "special": "特别授权"}[self]


class Power(StrEnum):
    """What only a special authority 特别授权 gives, power by power (民诉法 art. 62 para. 2)."""

    ADMIT = "admit"
    WAIVE = "waive"
    CHANGE_CLAIMS = "change_claims"
    SETTLE = "settle"
    COUNTERCLAIM = "counterclaim"
    APPEAL = "appeal"

    @property
    def label(self) -> str:
        """The power's Chinese name."""
        return POWERS[self]


POWERS: Final = {
    Power.ADMIT: "承认诉讼请求",
    Power.WAIVE: "放弃诉讼请求",
    Power.CHANGE_CLAIMS: "变更诉讼请求",
    Power.SETTLE: "进行和解",
    Power.COUNTERCLAIM: "提起反诉",
    Power.APPEAL: "提起上诉",
}


class State(StrEnum):
    """Where a representation stands."""

    SUBMITTED = "submitted"
    EFFECTIVE = "effective"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _STATES[self]


_STATES: Final = {
    State.SUBMITTED: "待法院核实",
    State.EFFECTIVE: "有效",
    State.REFUSED: "核实未通过",
    State.SUSPENDED: "因执业状态暂停",
    State.ENDED: "已终止",
}
OPEN: Final = frozenset({State.SUBMITTED, State.EFFECTIVE, State.SUSPENDED})
_STEPS: Final = {
    (State.SUBMITTED, State.EFFECTIVE),
    (State.SUBMITTED, State.REFUSED),
    (State.SUBMITTED, State.ENDED),
    (State.EFFECTIVE, State.SUSPENDED),
    (State.SUSPENDED, State.EFFECTIVE),
    (State.EFFECTIVE, State.ENDED),
    (State.SUSPENDED, State.ENDED),
}


def step(state: State, to: State) -> State:
    """Return the next state; raises `RepresentationClosed` where there is no such step."""
    if (state, to) not in _STEPS:
        raise RepresentationClosed(state=state.label)
    return to


def check_submission(
    *, authority: Authority, powers: Collection[Power], materials: int, agents: int
) -> None:
    """Check what a lawyer hands in, before the court looks at it.

    `agents` are those whom the party has already. Raises `RepresentationIncomplete` naming the
    field, `TooManyAgents`.
    """
    if authority is Authority.GENERAL and powers:
        raise RepresentationIncomplete(field="powers", message="一般授权不含特别授权事项。")
    if authority is Authority.SPECIAL and not powers:
        raise RepresentationIncomplete(field="powers", message="特别授权须写明具体事项。")
    if not materials:
        raise RepresentationIncomplete(
            field="material_ids", message="请上传授权委托书和律师事务所函。"
        )
    if agents >= MOST_AGENTS:
        raise TooManyAgents


def demand_power(power: Power, *, authority: Authority, powers: Collection[str]) -> None:
    """Let an act go on that needs a special power; raises `PowerMissing`."""
    if authority is not Authority.SPECIAL or power not in powers:
        raise PowerMissing(power=power.label)


def same_firm(firm_name: str, others: Iterable[str]) -> bool:
    """Whether the other side is represented by the same firm (律师执业管理办法: 利益冲突)."""
    return firm_name in set(others)
