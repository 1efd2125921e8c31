"""登记表: what an operator typed about a relying party, as a registration, and the way back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import abort, request

from app.authorization.rules.acts import ACTS
from app.authorization.rules.attributes import ATTRIBUTES
from app.authorization.rules.purposes import COMMON
from app.authorization.rules.relying_party import AuthMethod, Kind, Registration, Tier
from app.authorization.service.relying_parties import PartyFile
from app.http.forms import typed
from app.kernel.identifiers import normalise_identifier

Form = dict[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)

# Fields and how much of each is read; what the rules allow is less.
TEXTS: Final = {
    "legal_name": 200,
    "uscc": 60,
    "domain": 300,
    "kind": 20,
    "tier": 20,
    "auth_method": 40,
    "place": 200,
    "redirect_uris": 12_000,
    "post_logout_redirect_uris": 12_000,
    "backchannel_logout_uri": 600,
    "webhook_url": 600,
    "jwks": 20_000,
    "jwks_uri": 600,
    "other_purposes": 4_000,
    "quota_per_minute": 12,
    "logo_kept": 100_000,
}
LABELS: Final = {
    "legal_name": "单位全称",
    "uscc": "统一社会信用代码",
    "domain": "网站域名",
    "logo": "标志",
    "kind": "类型",
    "place": "终端所在位置",
    "tier": "级别",
    "attributes": "身份信息",
    "purposes": "用途",
    "acts": "执业行为确认",
    "redirect_uris": "回调地址",
    "post_logout_redirect_uris": "退出后地址",
    "backchannel_logout_uri": "退出通知地址",
    "webhook_url": "事件推送地址",
    "auth_method": "证明方式",
    "jwks": "公钥",
    "jwks_uri": "公钥网址",
    "quota_per_minute": "接口额度",
}
TICKED: Final = ("attributes", "purposes", "acts")

KINDS: Final = {
    Kind.WEB: ("网站或信息系统", "律师在浏览器里打开，扫码同意后回到登记的回调地址。"),
    Kind.DEVICE: ("终端", "放在固定地点的自助机、闸机，没有回调地址；律师扫终端屏幕上的码。"),
}
TIERS: Final = {
    Tier.PLAIN: ("普通级", "只能请求姓名和执业状态，适合一般的登录。"),
    Tier.FAPI: (
        "高安全级",
        "可请求执业证号、执业机构、照片等登记项和执业行为确认；须用私钥签名并先推送请求。",
    ),
}
METHODS: Final = {
    AuthMethod.BASIC: ("密钥，放在请求头", "平台生成密钥，只显示一次。多数软件默认用这种。"),
    AuthMethod.POST: ("密钥，放在请求正文", "平台生成密钥，只显示一次。对方软件只支持这种时选用。"),
    AuthMethod.KEY: ("私钥签名", "对方自己保管私钥，平台只登记公钥。高安全级和终端必须用这种。"),
}
# What templates need to name things; the registers themselves are in the rules.
WORDS: Final = {
    "kinds": KINDS,
    "tiers": TIERS,
    "methods": METHODS,
    "attributes": {code: item.label for code, item in ATTRIBUTES.items()},
    "acts": {code: item.label for code, item in ACTS.items()},
    "purposes": COMMON,
}
BLANK: Final[Mapping[str, Any]] = {
    **dict.fromkeys(TEXTS, ""),
    "kind": Kind.WEB,
    "tier": Tier.PLAIN,
    "auth_method": AuthMethod.BASIC,
    "quota_per_minute": "600",
    "attributes": ["name", "practice_status"],
    "purposes": ["login"],
    "acts": [],
}
UNREADABLE: Final[Mapping[str, Any]] = {"keys": []}  # refused by the rules, in their words


def form_sent() -> Form:
    """Return what was typed; an uploaded logo goes with it, to survive a second try."""
    form: Form = {name: typed(name, longest=longest) for name, longest in TEXTS.items()}
    upload = request.files.get("logo")
    logo = b"" if upload is None else upload.read()
    if logo:
        form["logo_kept"] = base64.b64encode(logo).decode()
    return {**form, **{name: request.form.getlist(name) for name in TICKED}}


def form_of(file: PartyFile) -> Form:
    """Return the form that would register this party as it is."""
    party = file.listing.party
    common = [p["code"] for p in party.purposes if COMMON.get(p["code"]) == p["text"]]
    others = [p for p in party.purposes if p["code"] not in common]
    kept = {name: str(getattr(party, name, None) or "") for name in TEXTS}
    return {
        **kept,
        "redirect_uris": "\n".join(party.redirect_uris),
        "post_logout_redirect_uris": "\n".join(party.post_logout_redirect_uris),
        "jwks": "" if party.jwks is None else json.dumps(party.jwks, ensure_ascii=False, indent=2),
        "other_purposes": "\n".join(f"{p['code']} {p['text']}" for p in others),
        "attributes": party.attributes,
        "purposes": common,
        "acts": party.acts,
    }


def registration(form: Form) -> Registration:
    """Return what the form says; whether that may be registered is for the rules to decide."""
    quota = form["quota_per_minute"]
    return Registration(
        legal_name=form["legal_name"],
        uscc=normalise_identifier(form["uscc"]),
        domain=form["domain"].lower(),
        logo=_logo(form["logo_kept"]),
        tier=_choice(Tier, form["tier"]),
        kind=_choice(Kind, form["kind"]),
        redirect_uris=_lines(form["redirect_uris"]),
        post_logout_redirect_uris=_lines(form["post_logout_redirect_uris"]),
        backchannel_logout_uri=form["backchannel_logout_uri"] or None,
        webhook_url=form["webhook_url"] or None,
        auth_method=_choice(AuthMethod, form["auth_method"]),
        jwks=_jwks(form["jwks"]),
        jwks_uri=form["jwks_uri"] or None,
        attributes=form["attributes"],
        purposes=_purposes(form),
        acts=form["acts"],
        quota_per_minute=int(quota) if quota.isascii() and quota.isdigit() else 0,
        place=form["place"],
    )


def changed(file: PartyFile, given: Registration) -> list[str]:
    """Return the names of what differs from what is registered. No logo means: the same."""
    before, after = vars(registration(form_of(file))), vars(given)
    return [label for name, label in LABELS.items() if after[name] != before[name]]


def _choice(kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        abort(400)  # no form of ours sends another word


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _purposes(form: Form) -> list[tuple[str, str]]:
    common = [(code, COMMON.get(code, "")) for code in form["purposes"]]
    others = [line.partition(" ") for line in _lines(form["other_purposes"])]
    return [*common, *((code, text.strip()) for code, _, text in others)]


def _jwks(text: str) -> Mapping[str, Any] | None:
    """Read a key set; what PostgreSQL cannot keep (NaN, NUL, half a character) is unreadable."""
    if not text:
        return None
    try:
        value = json.loads(text)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return UNREADABLE
    return value if isinstance(value, dict) and rb"\u0000" not in written else UNREADABLE


def _logo(kept: str) -> bytes | None:
    try:
        return base64.b64decode(kept, validate=True) or None
    except binascii.Error:
        abort(400)
