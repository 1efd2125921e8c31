"""Who may do what in a case: one table of role × act, and an answer that names its rule.

应用管控: every role has its scenes, and some never. A decision is pure: the facts about who asks
stand in `Standing`, and `decide` returns the first rule that refuses, or the one that allows.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.casefile.rules.representation import Power


class Role(StrEnum):
    """As whom somebody asks."""

    LAWYER = "lawyer"
    ASSISTANT = "assistant"
    PARTY = "party"
    FILING_OFFICER = "filing_officer"
    CLERK = "clerk"
    JUDGE = "judge"
    PRESIDENT = "president"
    COMPLAINTS_OFFICER = "complaints_officer"
    HOTLINE = "hotline"
    BUREAU = "bureau"
    AUDITOR = "auditor"
    DISCIPLINE = "discipline"

    @property
    def label(self) -> str:
        """The role's Chinese name."""
        return _ROLES[self]


_ROLES: Final = {
    Role.LAWYER: "律师",
    Role.ASSISTANT: "律师助理",
    Role.PARTY: "当事人",
    Role.FILING_OFFICER: "立案法官",
    Role.CLERK: "书记员",
    Role.JUDGE: "法官",
    Role.PRESIDENT: "院长",
    Role.COMPLAINTS_OFFICER: "投诉处理人员",
    Role.HOTLINE: "12368话务员",
    Role.BUREAU: "司法局操作员",
    Role.AUDITOR: "审计员",
    Role.DISCIPLINE: "督察员",
}


class Tie(StrEnum):
    """What must tie somebody to the case; its sentence is in `_TIES`."""

    REPRESENTS = "represents"  # effective representation of a party
    TAKES_PART = "takes_part"  # is a party who was invited
    HANDLES = "handles"  # presiding judge, panel or clerk
    OWN_COURT = "own_court"  # works at the court of the case
    NOTHING = "nothing"  # the act is about no case yet


_TIES: Final = {
    Tie.REPRESENTS: "须是本案当事人的有效代理人",
    Tie.TAKES_PART: "须是受邀的本案当事人",
    Tie.HANDLES: "须是本案承办法官、合议庭成员或者书记员",
    Tie.OWN_COURT: "须是本案所在法院的工作人员",
    Tie.NOTHING: "不限于特定案件",
}


class Act(StrEnum):
    """What is done in a case; what an assistant may do is auxiliary 辅助性."""

    CASE_VIEW = "case.view"
    CASE_LIST = "case.list"
    FILING_DRAFT = "filing.draft"
    FILING_SUBMIT = "filing.submit"
    FILING_REVIEW = "filing.review"
    FEE_PAY = "fee.pay"
    MATERIAL_UPLOAD = "material.upload"
    MATERIAL_READ = "material.read"
    REPRESENTATION_SUBMIT = "representation.submit"
    REPRESENTATION_DECIDE = "representation.decide"
    REPRESENTATION_END = "representation.end"
    APPLICATION_DRAFT = "application.draft"
    APPLICATION_SUBMIT = "application.submit"
    APPLICATION_DECIDE = "application.decide"
    CLAIM_WITHDRAW = "claim.withdraw"
    CLAIM_CHANGE = "claim.change"
    SETTLEMENT_SIGN = "settlement.sign"
    SERVICE_SEND = "service.send"
    SERVICE_SIGN = "service.sign"
    STAGE_CHANGE = "stage.change"
    CASE_ASSIGN = "case.assign"
    RATING_GIVE = "rating.give"
    COMPLAINT_FILE = "complaint.file"
    COMPLAINT_HANDLE = "complaint.handle"
    MISCONDUCT_READ = "misconduct.read"
    SEAL = "case.seal"
    BREAK_GLASS = "case.break_glass"
    AUDIT = "case.audit"

    @property
    def label(self) -> str:
        """The act's Chinese name."""
        return ACTS[self].label


@dataclass(frozen=True, kw_only=True)
class ActRule:
    """An act's name, the role → tie under which it is allowed, and what else it asks for."""

    label: str
    roles: Mapping[Role, Tie]
    power: Power | None = None

    @property
    def auxiliary(self) -> bool:
        """Whether an assistant may do it at all."""
        return Role.ASSISTANT in self.roles


_COUNSEL: Final = {Role.LAWYER: Tie.REPRESENTS, Role.ASSISTANT: Tie.REPRESENTS}
_LAWYER: Final = {Role.LAWYER: Tie.REPRESENTS}
_BENCH: Final = {Role.JUDGE: Tie.HANDLES, Role.CLERK: Tie.HANDLES}
_FREE: Final = {Role.LAWYER: Tie.NOTHING, Role.ASSISTANT: Tie.NOTHING}


def _act(label: str, roles: Mapping[Role, Tie], *, power: Power | None = None) -> ActRule:
    return ActRule(label=label, roles=MappingProxyType(dict(roles)), power=power)


ACTS: Final[Mapping[Act, ActRule]] = MappingProxyType(
    {
        Act.CASE_VIEW: _act(
            "查看案件",
            {
                **_COUNSEL,
                **_BENCH,
                Role.PARTY: Tie.TAKES_PART,
                Role.FILING_OFFICER: Tie.OWN_COURT,
                Role.PRESIDENT: Tie.OWN_COURT,
                Role.AUDITOR: Tie.OWN_COURT,
            },
        ),
        Act.CASE_LIST: _act(
            "查看本院案件列表",
            dict.fromkeys(
                (Role.FILING_OFFICER, Role.CLERK, Role.JUDGE, Role.PRESIDENT, Role.AUDITOR),
                Tie.OWN_COURT,
            ),
        ),
        Act.FILING_DRAFT: _act("起草立案", _FREE),
        Act.FILING_SUBMIT: _act("提交立案", {Role.LAWYER: Tie.NOTHING}),
        Act.FILING_REVIEW: _act("审查立案", {Role.FILING_OFFICER: Tie.OWN_COURT}),
        Act.FEE_PAY: _act("交纳诉讼费", _COUNSEL),
        Act.MATERIAL_UPLOAD: _act("上传材料", _FREE),
        Act.MATERIAL_READ: _act(
            "阅看材料", {**_COUNSEL, **_BENCH, Role.FILING_OFFICER: Tie.OWN_COURT}
        ),
        Act.REPRESENTATION_SUBMIT: _act("申请核实代理关系", {Role.LAWYER: Tie.NOTHING}),
        Act.REPRESENTATION_DECIDE: _act(
            "核实代理关系", {**_BENCH, Role.FILING_OFFICER: Tie.OWN_COURT}
        ),
        Act.REPRESENTATION_END: _act("解除代理", _LAWYER),
        Act.APPLICATION_DRAFT: _act("起草申请", _COUNSEL),
        Act.APPLICATION_SUBMIT: _act("提交申请", _LAWYER),
        Act.APPLICATION_DECIDE: _act("答复申请", {**_BENCH, Role.PRESIDENT: Tie.OWN_COURT}),
        Act.CLAIM_WITHDRAW: _act("申请撤诉", _LAWYER, power=Power.WAIVE),
        Act.CLAIM_CHANGE: _act("变更诉讼请求", _LAWYER, power=Power.CHANGE_CLAIMS),
        Act.SETTLEMENT_SIGN: _act("签署调解协议", _LAWYER, power=Power.SETTLE),
        Act.SERVICE_SEND: _act("发出送达", {**_BENCH, Role.FILING_OFFICER: Tie.OWN_COURT}),
        Act.SERVICE_SIGN: _act("签收送达", _LAWYER),
        Act.STAGE_CHANGE: _act("推进程序", _BENCH),
        Act.CASE_ASSIGN: _act(
            "分案", {Role.FILING_OFFICER: Tie.OWN_COURT, Role.PRESIDENT: Tie.OWN_COURT}
        ),
        Act.RATING_GIVE: _act("评价", _LAWYER),
        Act.COMPLAINT_FILE: _act("投诉", {Role.LAWYER: Tie.NOTHING}),
        Act.COMPLAINT_HANDLE: _act(
            "处理投诉",
            {
                Role.COMPLAINTS_OFFICER: Tie.OWN_COURT,
                Role.PRESIDENT: Tie.OWN_COURT,
                Role.HOTLINE: Tie.OWN_COURT,
            },
        ),
        Act.MISCONDUCT_READ: _act("查阅违纪举报", {Role.DISCIPLINE: Tie.OWN_COURT}),
        Act.SEAL: _act("设为不公开", {**_BENCH, Role.PRESIDENT: Tie.OWN_COURT}),
        Act.BREAK_GLASS: _act(
            "紧急查阅不公开案件", {Role.PRESIDENT: Tie.OWN_COURT, Role.AUDITOR: Tie.OWN_COURT}
        ),
        Act.AUDIT: _act("查阅操作记录", {Role.AUDITOR: Tie.OWN_COURT}),
    }
)
AUXILIARY: Final[Mapping[str, str]] = MappingProxyType(
    {act.value: rule.label for act, rule in ACTS.items() if rule.auxiliary}
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts about who asks. `scope` None: not an assistant, or one for every act and case."""

    role: Role
    ties: frozenset[Tie] = frozenset({Tie.NOTHING})
    powers: frozenset[str] = frozenset()
    acts: frozenset[str] | None = None
    cases: frozenset[uuid.UUID] | None = None
    case_id: uuid.UUID | None = None
    sealed: bool = False
    glass_broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether an act is allowed, the rule that says so, and its sentence for people."""

    allowed: bool
    rule: str
    sentence: str


def decide(act: Act, standing: Standing) -> Decision:
    """Decide an act; every refusal names the one rule that refused, the first that does."""
    rule = ACTS[act]
    allowed = Decision(
        allowed=True,
        rule=f"{act}/{standing.role}",
        sentence=f"{standing.role.label}可以{rule.label}。",
    )
    return next(_refusals(act, rule, standing), allowed)


def _refusals(act: Act, rule: ActRule, standing: Standing) -> Iterator[Decision]:
    tie = rule.roles.get(standing.role)
    if tie is None:
        yield _no("role", f"{standing.role.label}不能{rule.label}")
    elif tie not in standing.ties:
        yield _no(f"tie.{tie}", f"{rule.label}{_TIES[tie]}")
    if standing.sealed and not _in_compartment(standing):
        yield _no("sealed", "本案不公开，只有承办人员和代理人可以查阅；确有必要的，须经两人批准")
    if standing.acts is not None and act not in standing.acts:
        yield _no("assistant.act", f"律师没有授权助理{rule.label}")
    if standing.cases is not None and standing.case_id not in (None, *standing.cases):
        yield _no("assistant.case", "律师没有授权助理办理本案")
    if rule.power is not None and rule.power not in standing.powers:
        yield _no("power", f"{rule.label}须有特别授权“{rule.power.label}”（民诉法第六十二条）")


def _in_compartment(standing: Standing) -> bool:
    """Who is inside the compartment of a sealed case without breaking its glass."""
    inside = {Tie.REPRESENTS, Tie.TAKES_PART, Tie.HANDLES}
    return bool(inside & standing.ties) or standing.glass_broken


def _no(rule: str, sentence: str) -> Decision:
    return Decision(allowed=False, rule=rule, sentence=f"{sentence}。")
