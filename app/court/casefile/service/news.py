"""The lawyers of a case are told what happens in it 主动公开, pushed and not polled."""

from __future__ import annotations

from typing import Final

from app.court.casefile.rules.events import EventKind
from app.court.casefile.service.cases import Told
from app.identity.service.counsels import Counsels
from app.kernel.unit_of_work import Tx
from app.notification.service.telling import Notice, tell

# What an hour may matter for, and what begins a period; everything else is news.
KINDS: Final = {
    EventKind.HEARING_SET: "case.urgent",
    EventKind.FEE_NOTICE: "case.urgent",
    EventKind.SERVED: "case.service",
}
NEWS: Final = "case.news"


class CaseNews:
    """Hands a case's disclosed events to notification, which asks who consented to which way."""

    def __init__(self, *, counsels: Counsels) -> None:
        self._counsels = counsels

    def tell(self, tx: Tx, told: Told) -> None:
        """Tell those lawyers of the case who are bound; the others read it when they are.

        `event` may name people and stays in the inbox; the rest may leave the house.
        """
        accounts = self._counsels.accounts(tx, licence_nos=told.licence_nos)
        summary = told.news.summary.rstrip("。")
        values = {
            "case": told.case_number or "您代理的案件",
            "what": told.news.kind.label,
            "event": summary if told.case_number else f"{summary}（{told.title}）",
        }
        tell(
            tx,
            Notice(
                account_ids=accounts.values(),
                kind=KINDS.get(told.news.kind, NEWS),
                values=values,
                case_id=told.case_id,
                at=told.at,
            ),
        )
