"""律师服务平台: what every page of the portal shows, and the one list of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app, render_template, request, url_for

from app.http.auth import principal
from app.http.forms import form_token
from app.kernel.principal import Counsel


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page in the portal's navigation; `endpoint` is the view that answers it.

    `hint` is the sentence of its card on the home page; without one it has no card. Pages whose
    address begins like this one's belong to it.
    """

    endpoint: str
    label: str
    icon: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Pages that belong together, under a heading."""

    heading: str
    entries: Sequence[Entry]


# Other domains add their pages here. One whose view does not exist is not offered.
SECTIONS: Final = (
    Section(
        heading="工作台",
        entries=(
            Entry(endpoint="portal.home", label="首页", icon="console"),
            Entry(
                endpoint="case_space.cases",
                label="我的案件",
                icon="list",
                hint="您在各法院代理的案件：当事人、承办法官、期限和动态。",
            ),
        ),
    ),
    Section(
        heading="办案工具",
        entries=(
            Entry(
                endpoint="casefile_pages.deadlines",
                label="期限计算",
                icon="clock",
                hint="按民诉法、刑诉法、行政诉讼法推算上诉、举证、答辩等期限，节假日自动顺延。",
            ),
            Entry(
                endpoint="filing_pages.fees",
                label="诉讼费计算",
                icon="list",
                hint="按《诉讼费用交纳办法》分段计算，逐步列出算法。",
            ),
            Entry(
                endpoint="casefile_pages.courts",
                label="查法院",
                icon="shield",
                hint="按名称、地区、代字查法院，看它能在线办什么。",
            ),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An entry with its address; `here` marks the page that is open."""

    entry: Entry
    url: str
    here: bool


def navigation() -> Sequence[tuple[str, Sequence[Offered]]]:
    """Return the sections whose pages exist."""
    known = current_app.view_functions
    found = [
        (part.heading, [_offered(entry) for entry in part.entries if entry.endpoint in known])
        for part in SECTIONS
    ]
    return [(heading, entries) for heading, entries in found if entries]


def page(template: str, **context: object) -> str:
    """Render a page of the portal for the lawyer who asked for it."""
    return render_template(
        template,
        **context,
        counsel=principal(Counsel),
        navigation=navigation(),
        form_token=form_token(),
    )


def _offered(entry: Entry) -> Offered:
    url, path = url_for(entry.endpoint), request.path
    here = path == url or (not url.endswith("/") and path.startswith(f"{url}/"))
    return Offered(entry=entry, url=url, here=here)
