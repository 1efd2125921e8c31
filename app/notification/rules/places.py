"""Where a notice leads: the page of the phone and of the portal, once there is one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """What a notice is about; the pages that show it stand in `PAGES`."""

    NOTHING = "nothing"
    BINDING = "binding"
    CASE = "case"
    FILING = "filing"
    SERVICE = "service"
    APPLICATION = "application"
    ASSISTANTS = "assistants"
    PASSES = "passes"
    TICKET = "ticket"
    OUTAGES = "outages"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Addresses with `{case_id}` or `{subject_id}` in them; None while there is no such page."""

    phone: str | None = None
    portal: str | None = None


# A page is named here when it has been built; until then the notice opens nothing, and no screen
# offers it. tests/rules/test_notice_kinds.py holds the phone's pages against app.json.
PAGES: Final[dict[Place, Pages]] = {
    Place.BINDING: Pages(phone="/pages/home/home"),
    Place.CASE: Pages(phone="/pages/case/case?id={case_id}"),
    Place.FILING: Pages(phone="/pages/filed/filed?id={subject_id}"),
}


def pages_of(place: Place, *, case_id: uuid.UUID | None, subject_id: uuid.UUID | None) -> Pages:
    """Return the addresses that this notice opens; an address whose id is missing is none."""
    found = PAGES.get(place, Pages())
    known = {"case_id": case_id, "subject_id": subject_id}
    return Pages(phone=_filled(found.phone, known), portal=_filled(found.portal, known))


def _filled(page: str | None, known: dict[str, uuid.UUID | None]) -> str | None:
    if page is None or any(f"{{{name}}}" in page for name, found in known.items() if found is None):
        return None
    return page.format_map(known)
