"""The lawyers of a case are told what happens in it 主动公开, pushed and not polled."""

from __future__ import annotations

from app.court.casefile.service.cases import Told
from app.identity.service.counsels import Counsels
from app.kernel.unit_of_work import Tx
from app.notification.service.telling import Notice, tell

EVENT = "case.event"


class CaseNews:
    """Hands a case's disclosed events to notification, which asks who consented to which way."""

    def __init__(self, *, counsels: Counsels) -> None:
        self._counsels = counsels

    def tell(self, tx: Tx, told: Told) -> None:
        """Tell those lawyers of the case who are bound; the others read it when they are."""
        accounts = self._counsels.accounts(tx, licence_nos=told.licence_nos)
        values = {
            "case": told.case_number or told.title,
            "event": f"{told.news.kind.label}，{told.news.summary}",
        }
        tell(
            tx,
            Notice(
                account_ids=accounts.values(),
                kind=EVENT,
                values=values,
                case_id=told.case_id,
                at=told.at,
            ),
        )
