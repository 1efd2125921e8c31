"""Which desk a complaint goes to, and whom it must not reach."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.court.casefile.rules import case_number
from app.court.casefile.rules.policy import Act
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.policy import Policy
from app.court.feedback.errors import FeedbackIncomplete
from app.court.feedback.rules.complaint import PLATFORM_DESK, Kind, Level
from app.court.feedback.rules.desk import Matter, desk_above
from app.court.feedback.service.store import Place
from app.court.feedback.service.values import NewComplaint
from app.kernel.principal import Counsel, Staff
from app.kernel.unit_of_work import Tx, unit_of_work

StaffOf = Callable[[str], Sequence[Staff]]


class Routing:
    """Finds the desk; `staff_of` finds a court's own people by its code."""

    def __init__(self, *, courts: Courts, policy: Policy, staff_of: StaffOf) -> None:
        self._courts = courts
        self._policy = policy
        self.staff_of = staff_of

    def place(self, new: NewComplaint, *, counsel: Counsel | None = None) -> Place:
        """Return where a complaint goes; a case is taken from its own lawyer only.

        One about the only president of a court goes to the court above. Raises `CaseUnknown`,
        `ActRefused`, `CourtUnknown`, `CaseNumberInvalid`, `FeedbackIncomplete`.
        """
        with unit_of_work() as tx:
            if counsel is not None and new.case_id is not None:
                place = self._of_case(tx, counsel, new.case_id)
            else:
                place = self._of_object(tx, new)
            parent = self._courts.find(tx, code=place.desk_code).parent_code
        about = Matter(
            desk_code=place.desk_code,
            against_ids=frozenset(place.against_ids),
            against_name=new.against_name,
            level=Level.OFFICER,
        )
        above = desk_above(self.staff_of(place.desk_code), about, parent_code=parent)
        return place if above is None else replace(place, desk_code=above)

    def _of_case(self, tx: Tx, counsel: Counsel, case_id: uuid.UUID) -> Place:
        case = self._policy.demand(tx, who=counsel, act=Act.CASE_VIEW, case_id=case_id)
        bench = (case.judge_id, case.clerk_id, *(uuid.UUID(each) for each in case.panel))
        return Place(
            court_code=case.court_code,
            desk_code=case.court_code,
            case_number=case.case_number,
            against_ids=tuple(each for each in bench if each is not None),
        )

    def _of_object(self, tx: Tx, new: NewComplaint) -> Place:
        number = str(case_number.parse(new.case_number)) if new.case_number else None
        if new.court_code is None and new.kind is not Kind.SYSTEM:
            raise FeedbackIncomplete(field="court_code", message="请选择被投诉的法院。")
        desk = self._courts.find(tx, code=new.court_code or PLATFORM_DESK).code
        about = None if new.court_code is None else desk
        return Place(court_code=about, desk_code=desk, case_number=number)
