"""What can go wrong at the console."""

from __future__ import annotations

from app.errors import AppError


class SignInRefused(AppError):
    """Unknown operator or wrong password; which one is not said."""

    code = "supervision.sign_in_refused"


class FormExpired(AppError):
    """The form's token is not the session's: stale page, or another site's form."""

    code = "auth.form_expired"
