"""A whole filing in a test's world: typed as a lawyer types it, with real materials."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from app.court.filing.rules.forms import FilingKind, Section
from app.court.filing.schemas.sections import content_of
from app.court.filing.service import FilingServices
from app.kernel.principal import Counsel
from miniprogram_mock.client.phone import Phone
from tests import files
from tests.court import COURT, CourtWorld
from tests.materials import upload

PDF = files.pdf(1)
CLAIMANT = {
    "side": "claimant",
    "kind": "legal",
    "name": "北京甲科技有限公司",
    "uscc": "91110000600037341L",
    "legal_representative": "赵一",
    "phone": "010-66550001",
    "address": "北京市朝阳区建国路1号",
}
RESPONDENT = {
    "side": "respondent",
    "kind": "natural",
    "name": "王小乙",
    "identity_no": "11010519491231002X",
    "phone": "13800000000",
    "address": "北京市朝阳区团结湖2号",
}
KINDS = ("complaint", "identity", "power_of_attorney", "firm_letter", "evidence")


def contents(*, cause: str = "买卖合同纠纷", ids: tuple[str, ...] = ()) -> dict[Section, Any]:
    """Every section, whole."""
    return {
        Section.COURT: {
            "court_code": COURT,
            "court_name": "北京市朝阳区人民法院",
            "cause": cause,
            "jurisdiction": "被告住所地",
        },
        Section.PARTIES: {"items": [CLAIMANT, RESPONDENT]},
        Section.CLAIMS: {"items": ["请求判令被告支付货款1000000元"], "claim_fen": 100_000_000},
        Section.FACTS: {"text": "双方于二零二五年三月签订买卖合同，原告交货后被告至今没有付款。"},
        Section.MATERIALS: {"ids": list(ids)},
        Section.AGENCY: {
            "acts_for": [0],
            "authority": "special",
            "powers": ["settle"],
            "service_name": "林正衡",
            "service_phone": "13900000000",
            "service_address": "北京市朝阳区某某大厦10层",
        },
    }


@dataclass(kw_only=True)
class FilingWorld:
    """A lawyer with a phone who files at the demonstration's court."""

    court: CourtWorld
    phone: Phone
    counsel: Counsel

    @property
    def services(self) -> FilingServices:
        return self.court.world.services.filing

    def materials(self, *kinds: str) -> tuple[str, ...]:
        """One small PDF of each kind, uploaded and stored."""
        return tuple(
            upload(self.court.world, self.phone, PDF, name=f"{kind}.pdf", kind=kind)["id"]
            for kind in kinds or KINDS
        )

    def draft(
        self, kind: FilingKind = FilingKind.CIVIL, *, ids: tuple[str, ...] | None = None,
        **changed: Any,
    ) -> uuid.UUID:  # fmt: skip
        """A draft with every section saved; `changed` are sections by name."""
        filing_id = self.services.drafts.begin(counsel=self.counsel, kind=kind)
        whole = contents(ids=self.materials() if ids is None else ids)
        for section, content in whole.items():
            self.save(filing_id, section, {**content, **changed.get(section.value, {})})
        return filing_id

    def save(
        self, filing_id: uuid.UUID, section: Section, content: dict[str, Any], *, version: int = 0
    ) -> Any:
        return self.services.drafts.save(
            counsel=self.counsel,
            filing_id=filing_id,
            section=section,
            content=content_of(section, content),
            version=version,
        )

    def submit(self, filing_id: uuid.UUID, *, reason: str = "") -> Any:
        return self.services.submissions.submit(
            counsel=self.counsel, filing_id=filing_id, duplicate_reason=reason
        )

    def view(self, filing_id: uuid.UUID) -> Any:
        return self.services.drafts.detail(counsel=self.counsel, filing_id=filing_id)
