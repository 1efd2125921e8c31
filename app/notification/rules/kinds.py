"""Every kind of notice there is 通知种类: one table, closed.

A domain that wants to tell something new adds a row. `{case}` is a case number 案号 or, before
there is one, the number of the filing's receipt: never the names of parties, because it may leave
the house by e-mail. Names of people stand in `PERSONAL` values, which are masked outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from string import Formatter
from typing import Final

from app.notification.errors import NoticeMalformed
from app.notification.rules.places import Place


class Category(StrEnum):
    """What a person can choose to be told by other channels than the inbox 通知类别."""

    CASE = "case"
    DEADLINE = "deadline"
    SERVICE = "service"
    REPRESENTATION = "representation"
    FEEDBACK = "feedback"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        """The word for people."""
        return _LABELS[self]


_LABELS: Final = {
    Category.CASE: "案件进展",
    Category.DEADLINE: "期限和开庭",
    Category.SERVICE: "法院送达",
    Category.REPRESENTATION: "代理与助理",
    Category.FEEDBACK: "意见与投诉",
    Category.ACCOUNT: "账号与通行",
}

# Values that name a person: told in full in the person's own inbox, masked everywhere else.
PERSONAL: Final = frozenset({"lawyer", "assistant", "party"})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of notice. `urgent`: it does not wait for the morning.

    `outside` is the body for other channels where the inbox says more than they should.
    """

    code: str
    category: Category
    title: str
    body: str
    outside: str | None = None
    opens: Place = Place.NOTHING
    urgent: bool = False

    @cached_property
    def fields(self) -> frozenset[str]:
        """The values that the sentences need."""
        parsed = Formatter().parse(self.title + self.body)
        return frozenset(name for _, name, _, _ in parsed if name)


KINDS: Final = (
    # 案件进展
    Kind(
        code="case.filed",
        category=Category.CASE,
        title="已经立案",
        body="{court}已登记立案，案号为{case}。",
        opens=Place.CASE,
    ),
    Kind(
        code="case.correction",
        category=Category.DEADLINE,
        title="立案材料需要补正",
        body="{court}审查{case}后，通知您补正：{items}。请在{due}前一次补齐。",
        opens=Place.FILING,
        urgent=True,
    ),
    Kind(
        code="case.refused",
        category=Category.CASE,
        title="不予受理",
        body="{court}对{case}裁定不予受理。裁定书已随案送上；不服的，请按裁定书写明的期限上诉。",
        opens=Place.FILING,
    ),
    Kind(
        code="case.mediation",
        category=Category.CASE,
        title="转入诉前调解",
        body="{court}拟将{case}转入诉前调解。调解以自愿为原则，不愿调解的请告知法院。",
        opens=Place.FILING,
    ),
    Kind(
        code="case.fee_due",
        category=Category.DEADLINE,
        title="请交纳诉讼费用",
        body="{case}应交{fee}{amount}元，请在{due}前交纳。逾期未交又未申请缓、减、免的，"
        "法院可以按撤诉处理。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="case.hearing",
        category=Category.DEADLINE,
        title="开庭通知",
        body="{case}定于{time}在{place}开庭。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="case.appraisal",
        category=Category.CASE,
        title="鉴定进展",
        body="{case}的鉴定：{progress}。",
        opens=Place.CASE,
    ),
    Kind(
        code="case.closed",
        category=Category.CASE,
        title="案件已结案",
        body="{case}已结案，结案方式：{result}。",
        opens=Place.CASE,
    ),
    Kind(
        code="case.event",
        category=Category.CASE,
        title="案件有新进展",
        body="{case}：{event}。",
        opens=Place.CASE,
    ),
    Kind(
        code="case.news",
        category=Category.CASE,
        title="案件有新进展",
        body="{case}：{what}，{event}。",
        outside="{case}：{what}。",
        opens=Place.CASE,
    ),
    Kind(
        code="case.urgent",
        category=Category.DEADLINE,
        title="案件有要紧事项",
        body="{case}：{what}，{event}。",
        outside="{case}：{what}。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="case.service",
        category=Category.SERVICE,
        title="案件有送达",
        body="{case}：{what}，{event}。",
        outside="{case}：{what}。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="application.decided",
        category=Category.CASE,
        title="申请有了结果",
        body="您在{case}中提出的{application}，法院的决定是：{decision}。",
        opens=Place.APPLICATION,
    ),
    # 期限
    Kind(
        code="clock.near",
        category=Category.DEADLINE,
        title="期限将至",
        body="{case}：{duty}的期限到{due}为止，还剩{days}天。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="clock.passed",
        category=Category.DEADLINE,
        title="期限已过",
        body="{case}：{duty}的期限已于{due}届满。",
        opens=Place.CASE,
    ),
    Kind(
        code="outage.certificate",
        category=Category.DEADLINE,
        title="系统故障证明",
        body="{court}的{function}在{period}不能使用。故障证明已经出具，可据此申请顺延期限"
        "（民事诉讼法第八十六条）。",
        opens=Place.OUTAGES,
    ),
    # 送达
    Kind(
        code="service.delivered",
        category=Category.SERVICE,
        title="法院向您送达文书",
        body="{court}就{case}向您送达《{document}》，请及时查看。",
        opens=Place.SERVICE,
        urgent=True,
    ),
    # 代理与助理
    Kind(
        code="representation.verified",
        category=Category.REPRESENTATION,
        title="代理手续已核实",
        body="{court}已核实您在{case}中的代理手续。",
        opens=Place.CASE,
    ),
    Kind(
        code="representation.refused",
        category=Category.REPRESENTATION,
        title="代理手续未通过核实",
        body="{court}未认可您在{case}中的代理手续，理由：{reason}。",
        opens=Place.CASE,
    ),
    Kind(
        code="representation.suspended",
        category=Category.REPRESENTATION,
        title="代理已暂停",
        body="您在{case}中的代理已暂停，理由：{reason}。",
        opens=Place.CASE,
        urgent=True,
    ),
    Kind(
        code="assistant.invited",
        category=Category.REPRESENTATION,
        title="邀请您担任律师助理",
        body="{lawyer}律师邀请您担任律师助理，请在{due}前答复。",
        opens=Place.ASSISTANTS,
    ),
    Kind(
        code="assistant.accepted",
        category=Category.REPRESENTATION,
        title="助理已接受邀请",
        body="{assistant}已接受邀请，担任您的律师助理。",
        opens=Place.ASSISTANTS,
    ),
    Kind(
        code="assistant.ended",
        category=Category.REPRESENTATION,
        title="助理关系已结束",
        body="{lawyer}律师与{assistant}的助理关系已结束，原因：{reason}。",
        opens=Place.ASSISTANTS,
    ),
    Kind(
        code="assistant.waiting",
        category=Category.REPRESENTATION,
        title="有实习人员等您确认",
        body="对方接受了您的助理邀请。请当面核对，在“我的助理”输入对方手机上的六位数。",
        opens=Place.ASSISTANTS,
        urgent=True,
    ),
    Kind(
        code="assistant.confirmed",
        category=Category.REPRESENTATION,
        title="律师已确认您为助理",
        body="{lawyer}律师已确认，您现在可以在交办的范围内办理辅助事务。",
        opens=Place.ASSISTANTS,
    ),
    Kind(
        code="assistant.not_confirmed",
        category=Category.REPRESENTATION,
        title="律师没有确认您为助理",
        body="如有误会，请与律师当面核对后重新接受邀请。",
        opens=Place.ASSISTANTS,
    ),
    Kind(
        code="assistant.changed",
        category=Category.REPRESENTATION,
        title="律师调整了交办范围",
        body="{lawyer}律师调整了您可以办理的事务或者期限，请查看。",
        opens=Place.ASSISTANTS,
    ),
    # 意见与投诉
    Kind(
        code="complaint.replied",
        category=Category.FEEDBACK,
        title="投诉已有答复",
        body="您的投诉（编号{ticket}）已有答复，请查看并评价。",
        opens=Place.TICKET,
    ),
    Kind(
        code="suggestion.answered",
        category=Category.FEEDBACK,
        title="建议已有答复",
        body="您的建议（编号{ticket}）已有答复。",
        opens=Place.TICKET,
    ),
    # 账号与通行
    Kind(
        code="pass.refused",
        category=Category.ACCOUNT,
        title="通行未获准许",
        body="您在{place}未获准进入，理由：{reason}。经过见“记录”中的“通行”。",
        opens=Place.PASSES,
        urgent=True,
    ),
    Kind(
        code="device_moved",
        category=Category.ACCOUNT,
        title="律证码已移到另一部手机",
        body="您的律师身份刚刚在另一个微信账号绑定，本机的律证码已停用。"
        "如果不是您本人操作，请立即联系所在地司法局。",
        opens=Place.BINDING,
        urgent=True,
    ),
    Kind(
        code="bound",
        category=Category.ACCOUNT,
        title="律师身份绑定成功",
        body="现在可以在“亮证”页面出示律证码。",
        opens=Place.BINDING,
    ),
    Kind(
        code="hall_refused",
        category=Category.ACCOUNT,
        title="大厅核验未通过",
        body="工作人员核对证件后未予确认，请携带有效证件重新办理。",
        opens=Place.BINDING,
    ),
)

_BY_CODE: Final = {kind.code: kind for kind in KINDS}


def find(code: str) -> Kind:
    """Return a kind; raises `NoticeMalformed` for one that is not in the table."""
    found = _BY_CODE.get(code)
    if found is None:
        raise NoticeMalformed(f"no kind {code}")
    return found


def check(code: str, values: Mapping[str, str]) -> None:
    """Raise `NoticeMalformed` unless the values are exactly those that the kind needs."""
    wanted = find(code).fields
    if set(values) != wanted:
        raise NoticeMalformed(f"{code} needs exactly {sorted(wanted)}")


def codes_of(category: Category) -> tuple[str, ...]:
    """Return the kinds of a category."""
    return tuple(kind.code for kind in KINDS if kind.category is category)


@dataclass(frozen=True, kw_only=True)
class Words:
    """The sentences of one notice."""

    title: str
    body: str


def words(code: str, values: Mapping[str, str]) -> Words:
    """Write a notice as its own reader may see it."""
    kind = find(code)
    return Words(title=kind.title.format_map(values), body=kind.body.format_map(values))


def words_outside(code: str, values: Mapping[str, str]) -> Words:
    """Write a notice for a channel that others may see: people's names are masked."""
    kind = find(code)
    told = {name: masked(value) if name in PERSONAL else value for name, value in values.items()}
    body = kind.body if kind.outside is None else kind.outside
    return Words(title=kind.title.format_map(told), body=body.format_map(told))


def masked(name: str) -> str:
    """Keep a name's first character: 林正衡 is 林**."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
