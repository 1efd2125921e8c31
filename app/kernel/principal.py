"""Who is calling: a phone, a kiosk, an operator, or nobody in particular."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """What a URL demands of its caller; written beside every prefix in `app/urls.py`."""

    PUBLIC = "public"
    PHONE = "phone"
    KIOSK = "kiosk"
    PARTNER = "partner"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A WeChat account that signed in; it may or may not be bound to a lawyer yet."""

    account_id: uuid.UUID
    session_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    """An enrolled 鉴证终端."""

    kiosk_id: str
    name: str
    court_code: str
    court_name: str
    place: str
    public_key: bytes

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


Principal = Phone | Kiosk | Partner | Operator
