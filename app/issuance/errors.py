"""What can go wrong in issuance, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class FaceDue(AppError):
    """The person was verified too long ago; the face check or the hall comes first."""

    code = "issuance.face_due"


class NotPractising(AppError):
    """The register's live status does not allow a credential."""

    code = "issuance.not_practising"
