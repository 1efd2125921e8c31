"""The applications 申请 that can be made in a case: a table of what the law says of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.applications.rules.fields import Field, FieldType
from app.court.casefile.rules.capability import Function
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import Stage


class Kind(StrEnum):
    """A kind of application."""

    MEDIATION = "mediation"
    PRESERVATION = "preservation"
    APPRAISAL = "appraisal"
    RECUSAL = "recusal"
    INVESTIGATION = "investigation"
    EVIDENCE_EXTENSION = "evidence_extension"
    WITHDRAWAL = "withdrawal"
    REFUND = "refund"


class Decider(StrEnum):
    """Who answers."""

    BENCH = "bench"  # the judge who handles the case
    PRESIDENT = "president"  # 院长


@dataclass(frozen=True)
class ClockRef:
    """A row of deadlines.csv."""

    rule_id: str
    variant: str = ""


@dataclass(frozen=True, kw_only=True)
class Reconsideration:
    """A reconsideration 复议: until when it may be asked for, and the clock of its answer.

    `within` None: the law names no time; it is asked for at once.
    """

    within: ClockRef | None
    answer: ClockRef


@dataclass(frozen=True, kw_only=True)
class KindRule:
    """What the law says of one kind.

    `clock` is the court's time for its answer; `stages` those in which it can be made;
    `before_evidence_deadline`: only while the evidence period 举证期限 runs, if one was set;
    `urgent` is the clock where the applicant says it is urgent; `told`: the grant is told to all;
    `decided_by_office`: who decides depends on the office of the person meant (民诉法 art. 49).
    """

    label: str
    function: Function
    basis: tuple[str, ...]
    fields: tuple[Field, ...]
    clock: ClockRef
    urgent: ClockRef | None = None
    act: Act = Act.APPLICATION_SUBMIT
    stages: frozenset[Stage] = frozenset({Stage.ACCEPTED, Stage.PRE_TRIAL, Stage.TRIAL})
    before_evidence_deadline: bool = False
    security: bool = False
    reconsideration: Reconsideration | None = None
    told: bool = False
    decided_by_office: bool = False


_REPLY: Final = ClockRef("D53")
_REASON: Final = Field(name="reason", label="事实和理由")

KINDS: Final[Mapping[Kind, KindRule]] = MappingProxyType(
    {
        Kind.MEDIATION: KindRule(
            label="申请调解",
            function=Function.MEDIATION,
            basis=("民诉法 96", "在线调解规则 4"),
            fields=(
                Field(name="proposal", label="调解意见", hint="希望怎样解决，可以让步到什么程度。"),
                Field(
                    name="online",
                    label="同意在线调解",
                    type=FieldType.FLAG,
                    hint="对方也同意，才会在线进行。",
                ),
            ),
            clock=_REPLY,
            told=True,
        ),
        Kind.PRESERVATION: KindRule(
            label="申请保全",
            function=Function.PRESERVATION,
            basis=("民诉法 103", "财产保全规定 4"),
            fields=(
                Field(
                    name="what",
                    label="保全类型",
                    type=FieldType.CHOICE,
                    choices={"property": "财产保全", "act": "行为保全", "evidence": "证据保全"},
                ),
                Field(
                    name="target", label="保全的财产或者行为", hint="写明名称、所在、账号等线索。"
                ),
                Field(name="amount_fen", label="保全金额", type=FieldType.MONEY, required=False),
                Field(
                    name="security",
                    label="担保方式",
                    type=FieldType.CHOICE,
                    choices={
                        "insurance": "保险公司保单保函",
                        "guarantee": "第三人保证",
                        "property": "提供财产担保",
                        "none": "申请不提供担保",
                    },
                    hint="担保一般不超过请求保全数额的百分之三十（财产保全规定第五条）。",
                ),
                Field(name="urgent", label="情况紧急", type=FieldType.FLAG),
                _REASON,
            ),
            clock=ClockRef("D38", "ruling"),
            urgent=ClockRef("D38", "urgent"),
            security=True,
            reconsideration=Reconsideration(
                within=ClockRef("D41", "application"), answer=ClockRef("D41", "review")
            ),
        ),
        Kind.APPRAISAL: KindRule(
            label="申请鉴定",
            function=Function.APPRAISAL,
            basis=("民诉法 79", "证据规定 31"),
            fields=(
                Field(name="subject", label="鉴定事项"),
                Field(name="fact", label="待证明的事实"),
                Field(name="institution", label="建议的鉴定机构", required=False),
                Field(
                    name="prepay",
                    label="同意预交鉴定费用",
                    type=FieldType.FLAG,
                    hint="不预交的，视为放弃申请（证据规定第三十一条）。",
                ),
            ),
            clock=_REPLY,
            before_evidence_deadline=True,
        ),
        Kind.RECUSAL: KindRule(
            label="申请回避",
            function=Function.RECUSAL,
            basis=("民诉法 47", "民诉法 48", "民诉法 50"),
            fields=(
                Field(name="person", label="申请回避的人员", hint="写明姓名和职务。"),
                Field(
                    name="office",
                    label="人员类别",
                    type=FieldType.CHOICE,
                    choices={"judge": "审判人员", "other": "书记员、鉴定人等其他人员"},
                    hint="审判人员的回避由院长决定，其他人员的由审判长决定（民诉法第四十九条）。",
                ),
                Field(
                    name="ground",
                    label="回避事由",
                    type=FieldType.CHOICE,
                    choices={
                        "party": "是本案当事人或者当事人、诉讼代理人近亲属",
                        "interest": "与本案有利害关系",
                        "relation": "与当事人、诉讼代理人有其他关系，可能影响公正审理",
                        "conduct": "接受请客送礼或者违规会见",
                    },
                ),
                _REASON,
            ),
            clock=ClockRef("D35", "decision"),
            decided_by_office=True,
            reconsideration=Reconsideration(within=None, answer=ClockRef("D35", "reconsideration")),
        ),
        Kind.INVESTIGATION: KindRule(
            label="申请调查取证（调查令）",
            function=Function.INVESTIGATION,
            basis=("民诉法解释 94", "证据规定 20"),
            fields=(
                Field(
                    name="way",
                    label="方式",
                    type=FieldType.CHOICE,
                    choices={"court": "请法院调取", "order": "请发律师调查令"},
                ),
                Field(name="holder", label="被调查的单位或者个人", hint="写明名称、住所等。"),
                Field(name="evidence", label="要调取的证据", hint="写明名称和线索。"),
                Field(name="fact", label="待证明的事实"),
                Field(name="obstacle", label="不能自行收集的原因"),
            ),
            clock=_REPLY,
            before_evidence_deadline=True,
        ),
        Kind.EVIDENCE_EXTENSION: KindRule(
            label="申请延长举证期限",
            function=Function.EVIDENCE_EXTENSION,
            basis=("民诉法 68", "证据规定 54"),
            fields=(
                Field(name="days", label="申请延长的天数", type=FieldType.DAYS),
                _REASON,
            ),
            clock=_REPLY,
            before_evidence_deadline=True,
            told=True,
        ),
        Kind.WITHDRAWAL: KindRule(
            label="申请撤诉",
            function=Function.WITHDRAWAL,
            basis=("民诉法 148", "民诉法 62"),
            fields=(_REASON,),
            clock=_REPLY,
            act=Act.CLAIM_WITHDRAW,
            told=True,
        ),
        Kind.REFUND: KindRule(
            label="申请退费",
            function=Function.FEE_REFUND,
            basis=("诉讼费用交纳办法 27", "诉讼费用交纳办法 53"),
            fields=(
                Field(name="amount_fen", label="申请退还的金额", type=FieldType.MONEY),
                Field(name="receipt", label="交费票据号"),
                Field(
                    name="account", label="收款账户", hint="户名、开户行和账号，须是交费人本人。"
                ),
                _REASON,
            ),
            clock=ClockRef("D51"),
            stages=frozenset({Stage.CLOSED}),
        ),
    }
)


def decider(kind: Kind, fields: Mapping[str, object]) -> Decider:
    """Return who answers an application (for recusal 回避: 民诉法 art. 49)."""
    if KINDS[kind].decided_by_office and fields.get("office") == "judge":
        return Decider.PRESIDENT
    return Decider.BENCH


def clock(kind: Kind, fields: Mapping[str, object]) -> ClockRef:
    """Return the clock of the court's answer."""
    rule = KINDS[kind]
    return rule.urgent if rule.urgent is not None and fields.get("urgent") is True else rule.clock
