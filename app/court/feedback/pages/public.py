"""Pages for everybody: courts' figures, and suggestions with what was changed."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.court.feedback.pages import services
from app.court.feedback.rules.rating import Dimension

public_pages = Blueprint("feedback_pages", __name__)


@public_pages.get("/statistics")
def statistics() -> str:
    """Show the system's and every court's months."""
    found = services().statistics
    return render_template(
        "statistics.html",
        system=found.system(),
        courts=found.courts(),
        dimensions=list(Dimension),
    )


@public_pages.get("/statistics/suggestions")
def suggestions() -> str:
    """Show 大家的建议与改进."""
    return render_template("suggestions.html", found=services().suggestions.published())
