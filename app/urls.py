"""Every URL prefix and who may call it, on one page. "Public" is written out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask

from app.authorization.routes.oauth import (
    discovery,
    facts_for,
    introspection_of,
    oauth,
    tokens_for,
)
from app.authorization.routes.pages import browser as authorization_browser
from app.authorization.routes.pages import shell as authorization_shell
from app.authorization.routes.pages import status_now
from app.authorization.routes.partners import partners
from app.authorization.routes.phone import phone as authorization_phone
from app.authorization.routes.portal import portal, portal_public
from app.court.applications.pages import desk as applications_desk
from app.court.applications.routes import applications
from app.court.casefile.pages.case_space import case_space
from app.court.casefile.pages.tools import casefile_pages
from app.court.casefile.pages.workbench import workbench
from app.court.casefile.routes.cases import cases
from app.court.casefile.routes.courts import courts
from app.court.casefile.routes.materials import materials
from app.court.feedback.pages.desk import desk as feedback_desk
from app.court.feedback.pages.discipline import discipline
from app.court.feedback.pages.public import public_pages as feedback_pages
from app.court.feedback.routes.lawyers import feedback
from app.court.feedback.routes.public import public as feedback_public
from app.court.feedback.routes.reports import reports
from app.court.filing.pages.cashier import cashier
from app.court.filing.pages.fees import filing_pages
from app.court.filing.pages.review import filing_review
from app.court.filing.routes.estimates import filing
from app.court.filing.routes.filings import filings
from app.court.filing.routes.payments import callbacks, payments
from app.http.direct import DirectView
from app.identity.routes.assistants import assistants, counsel
from app.identity.routes.bindings import bindings
from app.identity.routes.liveness import liveness
from app.identity.routes.me import me
from app.identity.routes.sessions import public as identity_public
from app.issuance.routes import phone as issuance_phone
from app.issuance.routes import well_known
from app.kernel.principal import Access
from app.ledger.routes import log as ledger
from app.notification.pages import unsubscribing
from app.notification.routes import inbox as notices
from app.supervision.pages.console import console, console_public
from app.supervision.pages.demo import demo, registry
from app.supervision.pages.developer import developer
from app.supervision.pages.entries import entries as console_entries
from app.supervision.pages.placard import placard
from app.supervision.pages.relying_parties import desk as relying_parties
from app.verification.routes.passage import kiosk as passage_kiosk
from app.verification.routes.passage import phone as passage_phone
from app.verification.routes.verification import kiosk as verification_kiosk
from app.verification.routes.verification import phone as verification_phone
from app.verification.routes.verification import public as verification_public
from app.web.routes import health, shell

API = "/api/v1"


@dataclass(frozen=True)
class Mount:
    """A blueprint, its prefix, and what it demands of callers."""

    prefix: str
    blueprint: Blueprint
    access: Access


URLS = (
    Mount("/", shell, Access.PUBLIC),
    Mount("/", health, Access.PUBLIC),
    Mount("/.well-known/lvz", well_known, Access.PUBLIC),
    Mount("/ledger", ledger, Access.PUBLIC),
    Mount(API, identity_public, Access.PUBLIC),
    Mount(API, me, Access.PHONE),
    Mount(API, bindings, Access.PHONE),
    Mount(API, liveness, Access.PHONE),
    Mount(API, notices, Access.PHONE),
    Mount("/", unsubscribing, Access.PUBLIC),
    Mount(API, assistants, Access.PHONE),
    Mount(API, counsel, Access.COUNSEL),
    Mount(API, issuance_phone, Access.PHONE),
    Mount(API, verification_public, Access.PUBLIC),
    Mount(API, verification_kiosk, Access.KIOSK),
    Mount(API, verification_phone, Access.PHONE),
    Mount(API, passage_kiosk, Access.KIOSK),
    Mount(API, passage_phone, Access.PHONE),
    Mount("/.well-known", discovery, Access.PUBLIC),
    Mount("/oauth", oauth, Access.PUBLIC),
    Mount("/oauth", authorization_browser, Access.PUBLIC),
    Mount("/", authorization_shell, Access.PUBLIC),
    Mount("/portal", portal_public, Access.PUBLIC),
    Mount("/portal", portal, Access.COUNSEL),
    Mount("/portal", casefile_pages, Access.COUNSEL),
    Mount("/portal", filing_pages, Access.COUNSEL),
    Mount("/portal/cases", case_space, Access.COUNSEL),
    Mount(API, authorization_phone, Access.PHONE),
    Mount(API, courts, Access.PHONE),
    Mount(API, cases, Access.COUNSEL),
    Mount(API, materials, Access.COUNSEL),
    Mount(API, filing, Access.PHONE),
    Mount(API, applications, Access.COUNSEL),
    Mount(API, feedback, Access.COUNSEL),
    Mount(API, feedback_public, Access.PUBLIC),
    Mount(API, reports, Access.COUNSEL),
    Mount(API, filings, Access.COUNSEL),
    Mount(API, payments, Access.COUNSEL),
    Mount(API, callbacks, Access.PUBLIC),
    Mount(f"{API}/partner", partners, Access.PARTNER),
    Mount("/", feedback_pages, Access.PUBLIC),
    Mount("/workbench", workbench, Access.STAFF),
    Mount("/workbench", feedback_desk, Access.STAFF),
    Mount("/workbench/discipline", discipline, Access.STAFF),
    Mount("/workbench/applications", applications_desk, Access.STAFF),
    Mount("/workbench/filings", filing_review, Access.STAFF),
    Mount("/console", console_public, Access.PUBLIC),
    Mount("/console", console, Access.OPERATOR),
    Mount("/console", placard, Access.OPERATOR),
    Mount("/console", console_entries, Access.OPERATOR),
    Mount("/console/relying-parties", relying_parties, Access.OPERATOR),
)

# Doors that exist only where ENV is not production.
DEMO_URLS = (
    Mount("/demo", demo, Access.PUBLIC),
    Mount("/demo/cashier", cashier, Access.PUBLIC),
    Mount("/developer", developer, Access.PUBLIC),
    Mount("/console/registry", registry, Access.OPERATOR),
)

# Answered before Flask (app/http/direct.py). Each is also a route above, and PUBLIC there.
DIRECT = (
    DirectView(
        method="GET",
        route="/oauth/authorize/<uuid:page_id>/status",
        answer=status_now,
        logged=False,  # by every open page every two seconds: nobody would find anything else
    ),
    DirectView(method="POST", route="/oauth/token", answer=tokens_for),
    DirectView(method="POST", route="/oauth/introspect", answer=introspection_of),
    DirectView(method="GET", route="/oauth/userinfo", answer=facts_for),
)


def install(app: Flask, *, production: bool) -> None:
    """Register every blueprint and write down what it demands."""
    demands = app.extensions.setdefault("access", {})
    demands["openapi"] = Access.PUBLIC  # /api/openapi.json, APIFlask's own blueprint
    for mount in URLS if production else (*URLS, *DEMO_URLS):
        demands[mount.blueprint.name] = mount.access
        prefix = None if mount.prefix == "/" else mount.prefix
        app.register_blueprint(mount.blueprint, url_prefix=prefix)
