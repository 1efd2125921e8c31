"""What can go wrong at the console."""

from __future__ import annotations

from app.errors import AppError


class SignInRefused(AppError):
    """Unknown operator or wrong password; which one is not said."""

    code = "supervision.sign_in_refused"
