"""The guided form 诉状表单 as data: what each kind of filing asks for, section by section.

登记立案规定 arts. 4–6 say what a civil, administrative or private criminal complaint must name and
what comes with it; 民诉法 arts. 124, 172 and 执行规定 art. 18 likewise for appeals and enforcement.
The causes of action 案由 are the common ones, to be confirmed (K): a lawyer may write another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.filing.rules.fee_scales import FeeKind


class FilingKind(StrEnum):
    """What is filed 立案类型."""

    CIVIL = "civil"
    REVOCATION = "revocation"
    OBJECTION = "objection"
    ADMINISTRATIVE = "administrative"
    PROSECUTION = "prosecution"
    APPEAL = "appeal"
    ENFORCEMENT = "enforcement"

    @property
    def label(self) -> str:
        """The kind's Chinese name."""
        return FORMS[self].label


class Section(StrEnum):
    """A step of the form, in the order in which it is asked."""

    COURT = "court"
    PARTIES = "parties"
    CLAIMS = "claims"
    FACTS = "facts"
    MATERIALS = "materials"
    AGENCY = "agency"

    @property
    def label(self) -> str:
        """The step's Chinese name."""
        return _SECTIONS[self]


_SECTIONS: Final = {
    Section.COURT: "法院和案由",
    Section.PARTIES: "当事人",
    Section.CLAIMS: "诉讼请求",
    Section.FACTS: "事实与理由",
    Section.MATERIALS: "材料",
    Section.AGENCY: "代理权限和送达地址",
}


class Side(StrEnum):
    """On which side a party 当事人 stands."""

    CLAIMANT = "claimant"
    RESPONDENT = "respondent"
    THIRD = "third"


@dataclass(frozen=True, kw_only=True)
class MaterialNeed:
    """A kind of material that a filing must or may bring, in the words of its form."""

    kind: str
    label: str
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A cause of action 案由 and by which scale its fee is computed."""

    name: str
    fee: FeeKind | None


@dataclass(frozen=True, kw_only=True)
class Form:
    """One kind of filing.

    `clock` is the rule and variant of `deadlines.csv` by which the court must decide; None where
    登记立案规定 does not apply, and then nothing is registered by itself. `basis` is the label of
    the document that the filing rests on, empty where it rests on none. `fee` stands where the
    cause names none; None is no fee in advance. `fee_clock` is the rule of the payment's time.
    """

    kind: FilingKind
    label: str
    hint: str
    type_word: str
    roles: Mapping[Side, str]
    clock: tuple[str, str] | None
    causes: tuple[Cause, ...]
    materials: tuple[MaterialNeed, ...]
    claims_label: str = "诉讼请求"
    basis: str = ""
    jurisdiction: bool = True
    kinds_of_respondent: tuple[str, ...] = ("natural", "legal", "other")
    fee: FeeKind | None = FeeKind.OTHER_NON_PROPERTY
    fee_clock: str = "D07"


def _roles(claimant: str, respondent: str, *, third: bool = False) -> Mapping[Side, str]:
    known = {Side.CLAIMANT: claimant, Side.RESPONDENT: respondent}
    return MappingProxyType({**known, Side.THIRD: "第三人"} if third else known)


def _need(kind: str, label: str, *, required: bool = True) -> MaterialNeed:
    return MaterialNeed(kind=kind, label=label, required=required)


_AGENT: Final = (
    _need("power_of_attorney", "授权委托书"),
    _need("firm_letter", "律师事务所函"),
    _need("lawyer_licence", "律师执业证复印件", required=False),
)
_IDENTITY: Final = _need("identity", "身份证明（营业执照或者身份证复印件）")
_EVIDENCE: Final = (
    _need("evidence", "证据"),
    _need("evidence_list", "证据目录", required=False),
)
_ADDRESS: Final = _need("address_confirmation", "送达地址确认书", required=False)
_OTHER: Final = _need("other", "其他材料", required=False)


def _complaint(label: str, *more: MaterialNeed) -> tuple[MaterialNeed, ...]:
    return (
        _need("complaint", label), _IDENTITY, *_AGENT, *more, *_EVIDENCE, _ADDRESS, _OTHER,
    )  # fmt: skip


_CIVIL_CAUSES: Final = (
    Cause(name="买卖合同纠纷", fee=FeeKind.PROPERTY),
    Cause(name="民间借贷纠纷", fee=FeeKind.PROPERTY),
    Cause(name="金融借款合同纠纷", fee=FeeKind.PROPERTY),
    Cause(name="房屋租赁合同纠纷", fee=FeeKind.PROPERTY),
    Cause(name="建设工程施工合同纠纷", fee=FeeKind.PROPERTY),
    Cause(name="物业服务合同纠纷", fee=FeeKind.PROPERTY),
    Cause(name="股权转让纠纷", fee=FeeKind.PROPERTY),
    Cause(name="机动车交通事故责任纠纷", fee=FeeKind.PROPERTY),
    Cause(name="继承纠纷", fee=FeeKind.PROPERTY),
    Cause(name="离婚纠纷", fee=FeeKind.DIVORCE),
    Cause(name="劳动争议", fee=FeeKind.LABOUR),
    Cause(name="名誉权纠纷", fee=FeeKind.PERSONALITY),
    Cause(name="著作权权属、侵权纠纷", fee=FeeKind.INTELLECTUAL_PROPERTY),
    Cause(name="侵害商标权纠纷", fee=FeeKind.INTELLECTUAL_PROPERTY),
    Cause(name="相邻关系纠纷", fee=FeeKind.OTHER_NON_PROPERTY),
)
_ADMINISTRATIVE: Final = FeeKind.ADMINISTRATIVE


def _causes(*names: str, fee: FeeKind | None) -> tuple[Cause, ...]:
    return tuple(Cause(name=name, fee=fee) for name in names)


FORMS: Final[Mapping[FilingKind, Form]] = MappingProxyType(
    {
        FilingKind.CIVIL: Form(
            kind=FilingKind.CIVIL,
            label="民事起诉",
            hint="一审民事案件，法院七日内决定是否立案",
            type_word="民初",
            roles=_roles("原告", "被告", third=True),
            clock=("D01", "civil"),
            causes=_CIVIL_CAUSES,
            materials=_complaint("民事起诉状"),
        ),
        FilingKind.ADMINISTRATIVE: Form(
            kind=FilingKind.ADMINISTRATIVE,
            label="行政起诉",
            hint="不服行政行为，法院七日内决定是否立案",
            type_word="行初",
            roles=_roles("原告", "被告", third=True),
            clock=("D01", "administrative"),
            causes=_causes(
                "行政处罚",
                "行政强制",
                "行政许可",
                "政府信息公开",
                "行政征收",
                "工伤认定",
                fee=_ADMINISTRATIVE,
            ),
            materials=_complaint("行政起诉状"),
            basis="被诉行政行为的文号和作出日期",
            kinds_of_respondent=("legal", "other"),
            fee=_ADMINISTRATIVE,
        ),
        FilingKind.PROSECUTION: Form(
            kind=FilingKind.PROSECUTION,
            label="刑事自诉",
            hint="告诉才处理的案件等，法院十五日内决定是否立案",
            type_word="刑初",
            roles=_roles("自诉人", "被告人"),
            clock=("D02", ""),
            causes=_causes(
                "侮辱罪", "诽谤罪", "虐待罪", "侵占罪", "重婚罪", "故意伤害罪", fee=None
            ),
            materials=_complaint("刑事自诉状"),
            fee=None,
        ),
        FilingKind.REVOCATION: Form(
            kind=FilingKind.REVOCATION,
            label="第三人撤销之诉",
            hint="对生效裁判提起，法院三十日内决定是否立案",
            type_word="民撤",
            roles=_roles("原告", "被告", third=True),
            clock=("D03", ""),
            causes=_causes("第三人撤销之诉", fee=None),
            materials=_complaint("民事起诉状", _need("judgment", "请求撤销的裁判文书")),
            basis="请求撤销的裁判文书案号",
        ),
        FilingKind.OBJECTION: Form(
            kind=FilingKind.OBJECTION,
            label="执行异议之诉",
            hint="不服执行异议裁定，法院十五日内决定是否立案",
            type_word="民初",
            roles=_roles("原告", "被告", third=True),
            clock=("D04", ""),
            causes=_causes("案外人执行异议之诉", "申请执行人执行异议之诉", fee=FeeKind.PROPERTY),
            materials=_complaint("民事起诉状", _need("judgment", "执行异议裁定书")),
            basis="执行异议裁定案号",
        ),
        FilingKind.APPEAL: Form(
            kind=FilingKind.APPEAL,
            label="民事上诉",
            hint="不服一审民事裁判，向上一级法院提起",
            type_word="民终",
            roles=_roles("上诉人", "被上诉人", third=True),
            clock=None,
            causes=_CIVIL_CAUSES,
            materials=_complaint("民事上诉状", _need("judgment", "一审裁判文书")),
            claims_label="上诉请求",
            basis="一审裁判文书案号",
            jurisdiction=False,
            fee_clock="D08",
        ),
        FilingKind.ENFORCEMENT: Form(
            kind=FilingKind.ENFORCEMENT,
            label="申请执行",
            hint="依生效法律文书申请强制执行",
            type_word="执",
            roles=_roles("申请执行人", "被执行人"),
            clock=None,
            causes=_causes(
                "民事判决执行", "民事调解书执行", "仲裁裁决执行", "公证债权文书执行", fee=None
            ),
            materials=(
                _need("application", "强制执行申请书"),
                _IDENTITY,
                *_AGENT,
                _need("judgment", "生效法律文书"),
                _need("evidence", "被执行人的财产线索", required=False),
                _ADDRESS,
                _OTHER,
            ),
            claims_label="申请执行事项",
            basis="执行依据的案号或者文号",
            fee=None,
        ),
    }
)


def cause_fee(form: Form, cause: str) -> FeeKind | None:
    """Return by which scale the fee of a cause is computed; None is no fee in advance."""
    for known in form.causes:
        if known.name == cause:
            return known.fee or form.fee
    return form.fee
