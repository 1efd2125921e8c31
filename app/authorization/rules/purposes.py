"""用途: what a relying party commonly asks for. It may have others of its own beside these."""

from __future__ import annotations

from typing import Final

COMMON: Final = {
    "login": "登录",
    "filing": "网上立案",
    "casefile_reading": "查阅案卷",
    "detainee_meeting": "会见登记",
    "document_submission": "递交材料",
    "document_receipt": "签收文书",
    "hearing": "参加庭审",
    "visit": "进入办公场所",
}
