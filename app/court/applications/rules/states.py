"""The steps of an application: one table, narrowed by what its kind allows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.court.applications.errors import ApplicationClosed


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    SECURITY_DEMANDED = "security_demanded"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RECONSIDERING = "reconsidering"
    UPHELD = "upheld"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _LABELS[self]


_LABELS: Final = {
    State.SUBMITTED: "待法院答复",
    State.SECURITY_DEMANDED: "待提供担保",
    State.GRANTED: "准许",
    State.PARTLY_GRANTED: "部分准许",
    State.REFUSED: "不予准许",
    State.WITHDRAWN: "已撤回",
    State.RECONSIDERING: "复议中",
    State.UPHELD: "复议维持",
    State.CHANGED: "复议变更",
}
UNDECIDED: Final = frozenset({State.SUBMITTED, State.SECURITY_DEMANDED, State.RECONSIDERING})
DECISIONS: Final = frozenset({State.GRANTED, State.PARTLY_GRANTED, State.REFUSED})
_STEPS: Final = frozenset(
    {
        *((State.SUBMITTED, to) for to in (*DECISIONS, State.SECURITY_DEMANDED, State.WITHDRAWN)),
        *(
            (State.SECURITY_DEMANDED, to)
            for to in (State.SUBMITTED, State.REFUSED, State.WITHDRAWN)
        ),
        *((decided, State.RECONSIDERING) for decided in DECISIONS),
        (State.RECONSIDERING, State.UPHELD),
        (State.RECONSIDERING, State.CHANGED),
    }
)


def step(state: State, to: State) -> State:
    """Return the next state; raises `ApplicationClosed` where there is no such step."""
    if (state, to) not in _STEPS:
        raise ApplicationClosed(state=state.label)
    return to
