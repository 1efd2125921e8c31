"""Uploads of materials: what they are of, how they are cut into chunks, when they are forgotten."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.court.casefile.rules.file_types import SMALL, SUFFIXES, MediaType, limit_of

CHUNK: Final = 1 << 20  # a megabyte passes a weak network in a few seconds
LARGEST: Final = 200_000_000
UNFINISHED_LIFE: Final = timedelta(days=7)
UNUSED_LIFE: Final = timedelta(days=30)
CHECK_PATIENCE: Final = timedelta(minutes=15)
MOST_LOOSE: Final = 300  # materials of a lawyer that belong to nothing yet
MOST_LOOSE_BYTES: Final = 4_000_000_000


class MaterialKind(StrEnum):
    """What a material is 材料类别."""

    COMPLAINT = "complaint"
    DEFENCE = "defence"
    APPLICATION = "application"
    IDENTITY = "identity"
    POWER_OF_ATTORNEY = "power_of_attorney"
    FIRM_LETTER = "firm_letter"
    LAWYER_LICENCE = "lawyer_licence"
    EVIDENCE_LIST = "evidence_list"
    EVIDENCE = "evidence"
    ADDRESS_CONFIRMATION = "address_confirmation"
    JUDGMENT = "judgment"
    SECURITY = "security"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word for people."""
        return _KINDS[self]


_KINDS: Final = {
    MaterialKind.COMPLAINT: "起诉状",
    MaterialKind.DEFENCE: "答辩状",
    MaterialKind.APPLICATION: "申请书",
    MaterialKind.IDENTITY: "身份证明",
    MaterialKind.POWER_OF_ATTORNEY: "授权委托书",
    MaterialKind.FIRM_LETTER: "律师事务所函",
    MaterialKind.LAWYER_LICENCE: "律师执业证",
    MaterialKind.EVIDENCE_LIST: "证据目录",
    MaterialKind.EVIDENCE: "证据",
    MaterialKind.ADDRESS_CONFIRMATION: "送达地址确认书",
    MaterialKind.JUDGMENT: "裁判文书",
    MaterialKind.SECURITY: "担保材料",
    MaterialKind.OTHER: "其他",
}


class MaterialState(StrEnum):
    """How far a material is 材料状态."""

    UPLOADING = "uploading"
    CHECKING = "checking"
    STORED = "stored"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The word for people."""
        return _STATES[self]


_STATES: Final = {
    MaterialState.UPLOADING: "上传中",
    MaterialState.CHECKING: "检查中",
    MaterialState.STORED: "已收存",
    MaterialState.REFUSED: "未通过检查",
}


def chunks_of(size: int) -> int:
    """Return how many chunks a file of `size` ≥ 1 bytes has."""
    return -(-size // CHUNK)


def chunk_length(*, size: int, index: int) -> int | None:
    """Return the length of one chunk, all but the last alike; None when there is no such one."""
    if not 0 <= index < chunks_of(size):
        return None
    return min(CHUNK, size - index * CHUNK)


def missing(*, size: int, arrived: Collection[int]) -> list[int]:
    """Return the chunks that have not arrived, in order."""
    return [index for index in range(chunks_of(size)) if index not in arrived]


def too_large_for_name(*, name: str, size: int) -> int | None:
    """Return the limit that a file of this name breaks; the content is judged when it is there."""
    suffix = _suffix(name)
    small = any(suffix in SUFFIXES[kind] for kind in MediaType if limit_of(kind) == SMALL)
    limit = SMALL if small else LARGEST
    return limit if size > limit else None


def clean_name(name: str) -> str:
    """Return a file's name without its folders and invisible characters; "" when nothing is left.

    It is shown to people and never becomes a path.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    return seen.strip(" .")[:120]


def shown_name(name: str, media_type: MediaType) -> str:
    """Return the name with an ending that is true: `invoice.exe` that is a PDF gets `.pdf`."""
    suffixes = SUFFIXES[media_type]
    return name if _suffix(name) in suffixes else f"{name}{suffixes[0]}"


def kept_until(*, state: MaterialState, touched_at: datetime, attached: bool) -> datetime | None:
    """Return when a material that nothing holds is deleted; None when it is not."""
    if attached or state is MaterialState.CHECKING:
        return None
    life = UNUSED_LIFE if state is MaterialState.STORED else UNFINISHED_LIFE
    return touched_at + life


def _suffix(name: str) -> str:
    _, dot, last = name.rpartition(".")
    return f".{last.lower()}" if dot else ""
