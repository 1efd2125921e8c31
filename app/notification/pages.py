"""退订: the page behind the link of every letter. Whoever has the link may end the letters."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, render_template

from app.notification.service import NotificationServices

unsubscribing = Blueprint("notification_unsubscribing", __name__)
PATH = "/notices/unsubscribe/"


def services() -> NotificationServices:
    """Return the services that bootstrap wired."""
    return cast(NotificationServices, current_app.extensions["notification"])


@unsubscribing.get(f"{PATH}<token>")
def ask(token: str) -> str:
    """Ask before anything is ended: mail programs open links by themselves."""
    services().settings.unsubscribe(token=token, done=False)
    return render_template("notices/unsubscribe.html", done=False)


@unsubscribing.post(f"{PATH}<token>")
def end(token: str) -> str:
    """End the letters: the page's button, or a mail program's (RFC 8058 §3.2)."""
    services().settings.unsubscribe(token=token, done=True)
    return render_template("notices/unsubscribe.html", done=True)
