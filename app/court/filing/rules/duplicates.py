"""Duplicates 重复立案: the same parties with the same matter at the same court (解释 art. 247)."""

from __future__ import annotations

from app.court.filing.rules.drafts import Draft
from app.court.filing.rules.forms import Side


def sameness(draft: Draft) -> str:
    """Return the text that two filings of the same matter share, whatever the order of parties."""
    sides = (
        ",".join(sorted(party.key for party in draft.on(side)))
        for side in (Side.CLAIMANT, Side.RESPONDENT)
    )
    return "|".join((draft.court_code, draft.form.type_word, draft.cause, *sides))
