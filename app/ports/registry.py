"""The national register of lawyers (全国律师综合管理信息系统): who holds which licence.

The register decides, never the licence number: the number has no check digit and says nothing
about the present (SF/T 0022—2021; 律师执业管理办法, 司法部令第134号).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from app.ports.errors import NotFound, Refused, Unavailable


class RegistryUnavailable(Unavailable):
    """The register cannot be asked now; a verification must fail closed."""

    code: ClassVar[str] = "registry.unavailable"


class LicenceNotFound(NotFound):
    """The register answered that it holds no such licence number (执业证号)."""

    code: ClassVar[str] = "registry.licence_not_found"


class TraineeNotFound(NotFound):
    """The register answered that it holds no such trainee's number (实习证号)."""

    code: ClassVar[str] = "registry.trainee_not_found"


class RegistryRefused(Refused):
    """The register does not accept us (token) or the record offered to it."""

    code: ClassVar[str] = "registry.refused"


class PracticeStatus(StrEnum):
    """执业状态: only `PRACTISING` lets a lawyer use the lawyer code (律证码)."""

    PRACTISING = "practising"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    TRANSFERRING = "transferring"
    ASSESSMENT_PENDING = "assessment_pending"

    @property
    def label(self) -> str:
        """The register's own word, as shown to people."""
        return _STATUS_LABELS[self]


class PracticeCategory(StrEnum):
    """执业类别 (律师法 art. 12 and 57; 港澳台居民: 律师执业管理办法)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    PUBLIC = "public"
    COMPANY = "company"
    LEGAL_AID = "legal_aid"
    MILITARY = "military"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    TAIWAN = "taiwan"

    @property
    def label(self) -> str:
        """The register's own word, as shown to people."""
        return _CATEGORY_LABELS[self]


class TraineeStatus(StrEnum):
    """实习状态 of an 申请律师执业人员: only `TRAINING` lets them help a lawyer before courts."""

    TRAINING = "training"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The register's own word, as shown to people."""
        return _TRAINEE_LABELS[self]


_TRAINEE_LABELS = {
    TraineeStatus.TRAINING: "实习中",
    TraineeStatus.SUSPENDED: "中止实习",
    TraineeStatus.COMPLETED: "实习期满",
    TraineeStatus.CANCELLED: "取消实习登记",
}

_STATUS_LABELS = {
    PracticeStatus.PRACTISING: "正常执业",
    PracticeStatus.SUSPENDED: "停止执业",
    PracticeStatus.CANCELLED: "注销",
    PracticeStatus.REVOKED: "吊销",
    PracticeStatus.WITHDRAWN: "撤销许可",
    PracticeStatus.TRANSFERRING: "变更执业机构中",
    PracticeStatus.ASSESSMENT_PENDING: "年度考核未参加或暂缓",
}

_CATEGORY_LABELS = {
    PracticeCategory.FULL_TIME: "专职律师",
    PracticeCategory.PART_TIME: "兼职律师",
    PracticeCategory.PUBLIC: "公职律师",
    PracticeCategory.COMPANY: "公司律师",
    PracticeCategory.LEGAL_AID: "法律援助律师",
    PracticeCategory.MILITARY: "军队律师",
    PracticeCategory.HONG_KONG: "香港居民律师",
    PracticeCategory.MACAO: "澳门居民律师",
    PracticeCategory.TAIWAN: "台湾居民律师",
}


@dataclass(frozen=True, kw_only=True)
class LawyerRecord:
    """One lawyer (律师) as the register holds them.

    `identity_no` is the 18-character 公民身份号码 (or 港澳台居民居住证 number), `firm_uscc` the
    统一社会信用代码 of the 执业机构, `photo` a JPEG or empty. Identity number and photo stay out
    of `repr`, so that no log line can carry them.
    """

    licence_no: str
    name: str
    identity_no: str = field(repr=False)
    firm_name: str
    firm_uscc: str
    category: PracticeCategory
    status: PracticeStatus
    status_since: date
    photo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True)
class StatusRecord:
    """The practice status (执业状态) of one licence and the moment (UTC) it was true.

    The firm (执业机构) is "" where the register does not tell it along.
    """

    licence_no: str
    status: PracticeStatus
    as_of: datetime
    firm_name: str = ""
    firm_uscc: str = ""


@dataclass(frozen=True, kw_only=True)
class TraineeRecord:
    """One trainee (申请律师执业人员, 实习人员) as the register holds them.

    `trainee_no` is the 14-digit 实习证号; `firm_uscc` "" where the register does not know it.
    """

    trainee_no: str
    name: str
    identity_no: str = field(repr=False)
    firm_name: str
    firm_uscc: str
    status: TraineeStatus
    status_since: date


class Registry(Protocol):
    """The register.

    All methods raise `RegistryUnavailable` and `RegistryRefused`; those about a lawyer
    `LicenceNotFound`, that about a trainee `TraineeNotFound`.
    """

    def find(self, *, licence_no: str) -> LawyerRecord:
        """The whole record, photo included; asked at binding."""
        ...

    def status(self, *, licence_no: str) -> StatusRecord:
        """The present status only; asked at every online verification, so it must be live."""
        ...

    def trainee(self, *, trainee_no: str) -> TraineeRecord:
        """A trainee's record; asked when they accept an invitation, and now and then after."""
        ...
