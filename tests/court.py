"""Courts and cases in a test's world: opened by the services themselves, not by the back door."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.cli.seed import seed_courts
from app.court.casefile.rules.representation import Authority, Power
from app.court.casefile.rules.uploads import MaterialKind
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.cases import NewCase, NewParty, Opened
from app.court.casefile.service.materials import NewMaterial
from app.court.casefile.service.representations import Mandate
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import unit_of_work
from tests import files
from tests.world import PLACE, World

COURT = PLACE.court_code
PLAINTIFF = NewParty(
    role="原告", kind="legal", name="北京甲科技有限公司", details={"phone": "010-00000001"}
)
DEFENDANT = NewParty(role="被告", kind="natural", name="王小乙")
MANDATE = Mandate(authority=Authority.GENERAL, material_ids=(uuid.UUID(int=1),))


@dataclass(kw_only=True)
class CourtWorld:
    """A world with the demonstration's courts."""

    world: World

    def __post_init__(self) -> None:
        with self.world.app.app_context():
            seed_courts(self.casefile.courts)

    @property
    def casefile(self) -> CasefileServices:
        return self.world.services.casefile

    def counsel(self, name: str = "林正衡", *, user: str = "lin") -> Counsel:
        """A bound lawyer, as the routes know them."""
        phone = self.world.bound_phone(user, name=name, renew=False)
        token = phone._token
        assert token is not None
        with self.world.app.app_context():
            return self.world.services.identity.counsels.by_token(token)

    def staff(self, role: StaffRole, *, court_code: str = COURT, person: int = 1) -> Staff:
        """A person of a court, as the pages know them."""
        return Staff(
            staff_id=uuid.UUID(int=person),
            name="工作人员",
            role=role,
            court_code=court_code,
            court_name="北京市朝阳区人民法院",
        )

    def open(self, *, court_code: str = COURT, **changes: Any) -> Opened:
        """An accepted case with its number."""
        at = self.world.clock.now()
        with self.world.app.app_context(), unit_of_work() as tx:
            number = self.casefile.numbers.give(
                tx, court_code=court_code, accepted_on=at.date(), type_word="民初"
            )
            new = {
                "court_code": court_code,
                "case_number": str(number),
                "type_word": "民初",
                "cause": "买卖合同纠纷",
                "title": "北京甲科技有限公司诉王小乙买卖合同纠纷",
                "parties": [PLAINTIFF, DEFENDANT],
                "accepted_on": date(at.year, at.month, at.day),
                **changes,
            }
            return self.casefile.cases.open(tx, NewCase(**new), at=at)

    def enter(
        self, opened: Opened, counsel: Counsel, *, party: int = 0, powers: tuple[Power, ...] = ()
    ) -> None:
        """Make a lawyer a party's verified agent."""
        authority = Authority.SPECIAL if powers else Authority.GENERAL
        mandate = Mandate(authority=authority, powers=powers, material_ids=MANDATE.material_ids)
        with self.world.app.app_context(), unit_of_work() as tx:
            self.casefile.representations.enter(
                tx,
                party_id=opened.party_ids[party],
                counsel=counsel,
                mandate=mandate,
                at=self.world.clock.now(),
            )

    def paper(self, counsel: Counsel) -> uuid.UUID:
        """A power of attorney 授权委托书 that the lawyer uploaded, checked and stored."""
        data, materials = files.pdf(), self.casefile.materials
        digest = hashlib.sha256(data).digest()
        new = NewMaterial(
            name="授权委托书.pdf",
            size=len(data),
            kind=MaterialKind.POWER_OF_ATTORNEY,
            sha256=digest,
        )
        with self.world.app.app_context():
            begun = materials.begin(counsel=counsel, new=new)
            materials.receive(
                counsel=counsel, material_id=begun.id, index=0, data=data, sha256=digest
            )
            materials.complete(counsel=counsel, material_id=begun.id)
            self.world.check_files()
        return begun.id

    def number_of(self, opened: Opened) -> str:
        return str(
            self.world.sql("SELECT case_number FROM court_case WHERE id = %s", opened.case_id)[0][0]
        )
