"""Who is calling: a phone, a lawyer, a kiosk, an operator, a court's staff, or nobody known."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """What a URL demands of its caller; written beside every prefix in `app/urls.py`."""

    PUBLIC = "public"
    PHONE = "phone"
    COUNSEL = "counsel"
    KIOSK = "kiosk"
    PARTNER = "partner"
    OPERATOR = "operator"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A WeChat account that signed in; it may or may not be bound to a lawyer yet."""

    account_id: uuid.UUID
    session_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """An assistant 律师助理 at work for a lawyer, within what the lawyer gave them.

    `acts` are names of auxiliary acts; `cases` None means every case of the lawyer.
    """

    assistant_id: uuid.UUID
    name: str
    acts: frozenset[str]
    cases: frozenset[uuid.UUID] | None


@dataclass(frozen=True, kw_only=True)
class Counsel:
    """A practising lawyer in the matters of courts, wherever they signed in.

    With `assistant` it is the assistant who acts, in the lawyer's name. `account_id` is the
    lawyer's, where notices go.
    """

    lawyer_id: uuid.UUID
    account_id: uuid.UUID
    licence_no: str
    name: str
    firm_name: str
    assistant: Assistant | None = None


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    """An enrolled 鉴证终端. `gate`: an officer there writes down who was let in."""

    kiosk_id: str
    name: str
    court_code: str
    court_name: str
    place: str
    public_key: bytes
    gate: bool = False

    @property
    def audience(self) -> str:
        """The audience that only this kiosk answers to."""
        return f"cn.court/{self.court_code}/{self.kiosk_id}"


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A relying party 依赖方 that signed its request.

    `attributes` are the facts about a lawyer that it is registered to be told.
    """

    client_id: str
    name: str
    tier: str
    quota_per_minute: int
    place: str = ""
    attributes: frozenset[str] = frozenset()

    @property
    def audience(self) -> str:
        """The audience that only this relying party answers to."""
        return f"cn.partner/{self.client_id}"


class OperatorRole(StrEnum):
    """What an operator may do in the console."""

    BUREAU = "bureau"  # 司法局: kiosks, registry demo, everything a hall officer does
    HALL_OFFICER = "hall_officer"  # 诉讼服务大厅: verifies people without a face check


@dataclass(frozen=True, kw_only=True)
class Operator:
    """A person at the console."""

    operator_id: uuid.UUID
    name: str
    role: OperatorRole
    court_name: str


class StaffRole(StrEnum):
    """What a person does at a court."""

    FILING_OFFICER = "filing_officer"
    CLERK = "clerk"
    JUDGE = "judge"
    PRESIDENT = "president"
    COMPLAINTS_OFFICER = "complaints_officer"
    HOTLINE = "hotline"
    AUDITOR = "auditor"
    DISCIPLINE = "discipline"

    @property
    def label(self) -> str:
        """The word for people."""
        return _STAFF_LABELS[self]


_STAFF_LABELS = {
    StaffRole.FILING_OFFICER: "立案法官",
    StaffRole.CLERK: "书记员",
    StaffRole.JUDGE: "法官",
    StaffRole.PRESIDENT: "院长",
    StaffRole.COMPLAINTS_OFFICER: "投诉处理人员",
    StaffRole.HOTLINE: "12368话务员",
    StaffRole.AUDITOR: "审计员",
    StaffRole.DISCIPLINE: "督察员",
}


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A person of a court 法院工作人员 at the workbench 工作台; signs in where operators do."""

    staff_id: uuid.UUID
    name: str
    role: StaffRole
    court_code: str
    court_name: str


Principal = Phone | Counsel | Kiosk | Partner | Operator | Staff
