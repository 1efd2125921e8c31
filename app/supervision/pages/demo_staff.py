"""The demonstration's people of a court: one for each role, shown on the start page."""

from __future__ import annotations

from typing import Final

from app.kernel.principal import StaffRole
from app.supervision.service import NewOperator

COURT_CODE: Final = "110105"
COURT_NAME: Final = "北京市朝阳区人民法院"
# Username, name and role; the password is the username's, as for the others.
_PEOPLE: Final = (
    ("filing", "立案法官陈立（演示）", StaffRole.FILING_OFFICER),
    ("judge", "法官周正（演示）", StaffRole.JUDGE),
    ("clerk", "书记员吴宁（演示）", StaffRole.CLERK),
    ("president", "院长郑和平（演示）", StaffRole.PRESIDENT),
    ("complaints", "投诉处理人员孙敏（演示）", StaffRole.COMPLAINTS_OFFICER),
    ("hotline", "12368话务员钱悦（演示）", StaffRole.HOTLINE),
    ("auditor", "审计员冯明（演示）", StaffRole.AUDITOR),
    ("discipline", "督察员蒋严（演示）", StaffRole.DISCIPLINE),
)
DEMO_STAFF: Final = tuple(
    NewOperator(
        username=username,
        password=f"{username}-demo-2026",
        name=name,
        role=role,
        court_name=COURT_NAME,
        court_code=COURT_CODE,
    )
    for username, name, role in _PEOPLE
)
