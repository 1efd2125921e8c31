"""The national register over HTTP; the protocol is `docs/registry-http.md`."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime
from typing import Any, Final

from app.adapters.http.client import Call, HttpClient
from app.kernel.identifiers import is_licence_no, is_trainee_no, normalise_identifier
from app.ports.registry import (
    LawyerRecord,
    LicenceNotFound,
    PracticeCategory,
    PracticeStatus,
    RegistryRefused,
    RegistryUnavailable,
    StatusRecord,
    TraineeNotFound,
    TraineeRecord,
    TraineeStatus,
)

_ABSENT: Final = {LicenceNotFound: "licence_not_found", TraineeNotFound: "trainee_not_found"}
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 401, 403, 404


class HttpRegistry:
    """The register behind `client`, which carries base URL, bearer token and deadlines."""

    def __init__(self, *, client: HttpClient) -> None:
        self._client = client

    def find(self, *, licence_no: str) -> LawyerRecord:
        """The whole record, photo included."""
        document = self._about(licence_no, operation="registry.find")
        try:
            return _record(document)
        except (KeyError, ValueError, TypeError) as problem:
            raise _nonsense("registry.find", problem) from None

    def status(self, *, licence_no: str) -> StatusRecord:
        """The present status only, never from a cache of ours."""
        document = self._about(licence_no, operation="registry.status", suffix="/status")
        try:
            return StatusRecord(
                licence_no=licence_no,
                status=PracticeStatus(document["status"]),
                as_of=_instant(document["as_of"]),
                firm_name=_text_or_none(document.get("firm_name")),
                firm_uscc=normalise_identifier(_text_or_none(document.get("firm_uscc"))),
            )
        except (KeyError, ValueError, TypeError) as problem:
            raise _nonsense("registry.status", problem) from None

    def trainee(self, *, trainee_no: str) -> TraineeRecord:
        """A trainee's record."""
        if not is_trainee_no(trainee_no):
            raise TraineeNotFound
        document = self._get("registry.trainee", f"/trainees/{trainee_no}", TraineeNotFound)
        try:
            record = _trainee(document)
        except (KeyError, ValueError, TypeError) as problem:
            raise _nonsense("registry.trainee", problem) from None
        if record.trainee_no != trainee_no:
            raise RegistryUnavailable("registry.trainee: answer about another trainee")
        return record

    def _about(self, licence_no: str, *, operation: str, suffix: str = "") -> dict[str, Any]:
        """One answer about one licence; an answer about another one is nonsense."""
        if not is_licence_no(licence_no):
            raise LicenceNotFound
        document = self._get(operation, f"/lawyers/{licence_no}{suffix}", LicenceNotFound)
        if document.get("licence_no") != licence_no:
            raise RegistryUnavailable(f"{operation}: answer about another licence")
        return document

    def _get(
        self, operation: str, path: str, absent: type[LicenceNotFound | TraineeNotFound]
    ) -> dict[str, Any]:
        """One answer; raises `absent` when the register says that it has no such person."""
        reply = self._client.send(
            Call(operation=operation, method="GET", path=path, repeatable=True)
        )
        document = reply.object()
        if reply.status == _OK and document is not None:
            return document
        # A bare 404 is a wrong address, not an answer about a person.
        if reply.status == _NOT_FOUND and (document or {}).get("code") == _ABSENT[absent]:
            raise absent
        if reply.status in (_UNAUTHORIZED, _FORBIDDEN):
            raise RegistryRefused(f"{operation}: status {reply.status}")
        extra = {} if reply.retry_after is None else {"retry_after": reply.retry_after}
        raise RegistryUnavailable(f"{operation}: status {reply.status}", **extra)


def _record(document: dict[str, Any]) -> LawyerRecord:
    return LawyerRecord(
        licence_no=_text(document["licence_no"]),
        name=_text(document["name"]),
        identity_no=normalise_identifier(_text(document["identity_no"])),
        firm_name=_text(document["firm_name"]),
        firm_uscc=normalise_identifier(_text(document["firm_uscc"])),
        category=PracticeCategory(document["category"]),
        status=PracticeStatus(document["status"]),
        status_since=date.fromisoformat(document["status_since"]),
        photo=_photo(document["photo"]),
    )


def _trainee(document: dict[str, Any]) -> TraineeRecord:
    return TraineeRecord(
        trainee_no=_text(document["trainee_no"]),
        name=_text(document["name"]),
        identity_no=normalise_identifier(_text(document["identity_no"])),
        firm_name=_text(document["firm_name"]),
        firm_uscc=normalise_identifier(_text_or_none(document["firm_uscc"])),
        status=TraineeStatus(document["status"]),
        status_since=date.fromisoformat(document["status_since"]),
    )


def _text_or_none(value: object) -> str:
    """Text that the register may leave out."""
    return "" if value is None else _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _photo(value: object) -> bytes:
    """JPEG bytes of a base64 text; null is a lawyer without a photo."""
    if value is None:
        return b""
    try:
        photo = base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise ValueError from None
    if not photo.startswith(b"\xff\xd8\xff"):
        raise ValueError
    return photo


def _instant(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _nonsense(operation: str, problem: Exception) -> RegistryUnavailable:
    return RegistryUnavailable(f"{operation}: answer not understood ({type(problem).__name__})")
