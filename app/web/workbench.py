"""工作台: the frame of the pages on which a court's own people work, and who is offered what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import render_template

from app.errors import AppError
from app.http.auth import principal
from app.http.catalogue import CATALOGUE
from app.http.forms import form_token
from app.kernel.principal import Staff, StaffRole

_BENCH: Final = frozenset({StaffRole.JUDGE, StaffRole.CLERK})
_WITH_CASES: Final = _BENCH | {StaffRole.FILING_OFFICER, StaffRole.PRESIDENT, StaffRole.AUDITOR}

_ANSWERING: Final = frozenset({StaffRole.COMPLAINTS_OFFICER, StaffRole.PRESIDENT})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page of the workbench and the roles to whom it is offered."""

    href: str
    label: str
    icon: str
    roles: frozenset[StaffRole]


ENTRIES: Final = (
    Entry(href="/workbench/", label="待办", icon="clock", roles=frozenset(StaffRole)),
    Entry(
        href="/workbench/filings",
        label="立案审查",
        icon="shield",
        roles=frozenset({StaffRole.FILING_OFFICER}),
    ),
    Entry(href="/workbench/cases", label="案件", icon="list", roles=_WITH_CASES),
    Entry(
        href="/workbench/tickets",
        label="投诉",
        icon="alert",
        roles=frozenset(StaffRole) - {StaffRole.AUDITOR, StaffRole.DISCIPLINE},
    ),
    Entry(href="/workbench/feedback", label="评价概览", icon="info", roles=_ANSWERING),
    Entry(href="/workbench/suggestions", label="意见建议", icon="check", roles=_ANSWERING),
    Entry(
        href="/workbench/discipline/",
        label="举报",
        icon="shield",
        roles=frozenset({StaffRole.DISCIPLINE}),
    ),
    Entry(
        href="/workbench/representations",
        label="核实代理关系",
        icon="user",
        roles=_BENCH | {StaffRole.FILING_OFFICER},
    ),
    Entry(
        href="/workbench/applications",
        label="申请",
        icon="console",
        roles=_BENCH | {StaffRole.PRESIDENT},
    ),
)


def page(template: str, **context: object) -> str:
    """Render a page of the workbench for who is there."""
    staff = principal(Staff)
    return render_template(
        template,
        operator=staff,
        form_token=form_token(),
        entries=[entry for entry in ENTRIES if staff.role in entry.roles],
        **context,
    )


def shown(error: AppError) -> str:
    """Return the sentence of a failure, with what its rule or field says."""
    title = CATALOGUE[error.code][1]
    more = error.extra.get("sentence") or error.extra.get("message")
    return f"{title}{more}" if more else title
