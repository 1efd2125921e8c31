"""Where a filing 立案申请 stands, and what may follow (登记立案规定 arts. 2–9)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.filing.errors import FilingClosed


class State(StrEnum):
    """Where a filing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CORRECTION = "correction"
    MEDIATION = "mediation"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _LABELS[self]


_LABELS: Final = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "已提交，等待法院审查",
    State.CORRECTION: "需要补正",
    State.MEDIATION: "诉前调解中",
    State.ACCEPTED: "已立案",
    State.REFUSED: "裁定不予受理",
    State.RETURNED: "已退回",
    State.WITHDRAWN: "已撤回",
}
OPEN: Final = frozenset({State.SUBMITTED, State.CORRECTION, State.MEDIATION})
NEXT: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.DRAFT: frozenset({State.SUBMITTED}),
        State.SUBMITTED: frozenset(
            {State.CORRECTION, State.MEDIATION, State.ACCEPTED, State.REFUSED, State.WITHDRAWN}
        ),
        State.CORRECTION: frozenset({State.SUBMITTED, State.RETURNED, State.WITHDRAWN}),
        # A mediation that ends without agreement goes back to filing (在线调解规则 art. 21).
        State.MEDIATION: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.ACCEPTED: frozenset(),
        State.REFUSED: frozenset(),
        State.RETURNED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)


def step(state: State, to: State) -> State:
    """Return the next state; raises `FilingClosed` where there is no such step."""
    if to not in NEXT[state]:
        raise FilingClosed(state=state.label)
    return to
