"""Numbers that Chinese registers print: form and check digits, as pure functions.

A right form proves nothing about a person: only the register does. These checks find typing
errors before anybody is asked.
"""

from __future__ import annotations

import re
from datetime import date

# 行政区划 GB/T 2260, first two digits.
PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古",
    "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西",
    "37": "山东",
    "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏",
    "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
}  # fmt: skip

# 港澳台居民居住证 carry 81, 82 and 83; 71 is Taiwan's own code in GB/T 2260.
_IDENTITY_REGIONS = frozenset(PROVINCES) | {"71", "81", "82", "83"}
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_OLDEST_BIRTH_YEAR = 1900

_LICENCE = re.compile(r"1[1-6][0-9]{3}(?:19|20)[0-9]{2}[1-9][01][0-9]{6}")

_TRAINEE = re.compile(r"[0-9]{14}")

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[1-9ANY][{_USCC_ALPHABET}][0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def normalise_identifier(text: str) -> str:
    """What a person meant to type: no spaces around or within, letters upper-case.

    Full-width digits and letters (Chinese input methods) become ASCII.
    """
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(narrow.split()).upper()


def is_identity_no(text: str, *, on: date | None = None) -> bool:
    """Whether `text` is a well-formed 公民身份号码 (GB 11643—1999), born not after `on`."""
    if not _IDENTITY.fullmatch(text) or text[:2] not in _IDENTITY_REGIONS:
        return False
    born = _birth_date(text)
    if born is None or (on is not None and born > on):
        return False
    return identity_check_character(text[:17]) == text[17]


def identity_check_character(first17: str) -> str:
    """The 18th character of a 公民身份号码: ISO 7064 MOD 11-2 (GB 11643—1999 §4)."""
    total = sum(w * int(c) for w, c in zip(_IDENTITY_WEIGHTS, first17, strict=True))
    return _IDENTITY_CHECKS[total % 11]


def is_licence_no(text: str) -> bool:
    """Whether `text` has the form of a 17-digit 执业证号, with a known province.

    There is no check digit, and neither sex nor seniority is to be read from the number.
    """
    return bool(_LICENCE.fullmatch(text)) and text[1:3] in PROVINCES


def is_trainee_no(text: str) -> bool:
    """Whether `text` has the form of a 14-digit 实习证号; the register knows the rest."""
    return bool(_TRAINEE.fullmatch(text))


def is_uscc(text: str) -> bool:
    """Whether `text` is a 统一社会信用代码 with both check characters right (GB 32100—2015)."""
    if not _USCC.fullmatch(text):
        return False
    return (
        organisation_check_character(text[8:16]) == text[16]
        and uscc_check_character(text[:17]) == text[17]
    )


def organisation_check_character(first8: str) -> str:
    """The last character of an organisation code (GB 11714): mod 11, ten is `X`."""
    values = (_ORGANISATION_ALPHABET.index(c) for c in first8)
    total = sum(w * v for w, v in zip(_ORGANISATION_WEIGHTS, values, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100—2015 §5): mod 31."""
    values = (_USCC_ALPHABET.index(c) for c in first17)
    total = sum(w * v for w, v in zip(_USCC_WEIGHTS, values, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def _birth_date(identity_no: str) -> date | None:
    year, month, day = int(identity_no[6:10]), int(identity_no[10:12]), int(identity_no[12:14])
    if year < _OLDEST_BIRTH_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
