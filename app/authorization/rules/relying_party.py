"""依赖方登记: what a registration must be, and what tiers allow. Pure decisions."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from app.authorization.errors import RelyingPartyInvalid
from app.authorization.rules.acts import ACTS, is_one_line
from app.authorization.rules.attributes import ATTRIBUTES, BASIC
from app.kernel.identifiers import is_uscc

MAX_LOGO: Final = 65_536
MAX_KEYS: Final = 8
PNG: Final = b"\x89PNG\r\n\x1a\n"
_DOMAIN = re.compile(r"(?=.{1,253}$)(localhost|[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+)")
_PURPOSE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}
QUOTA: Final = range(1, 100_001)
OURS: Final = "lvz-portal"  # 律师服务平台, our own; a code that is drawn begins with rp-


class Tier(StrEnum):
    """PLAIN: ordinary OpenID clients. FAPI: FAPI 2.0, demanded for more than name and status."""

    PLAIN = "plain"
    FAPI = "fapi"


class Kind(StrEnum):
    """WEB: sites with redirect URIs. DEVICE: an enrolled terminal without a browser of its own."""

    WEB = "web"
    DEVICE = "device"


class AuthMethod(StrEnum):
    """How a client proves itself at our endpoints (OpenID Connect Core §9)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    KEY = "private_key_jwt"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What an operator (or, in the sandbox, a developer) types."""

    legal_name: str
    uscc: str
    domain: str
    logo: bytes | None = field(default=None, repr=False)
    tier: Tier = Tier.PLAIN
    kind: Kind = Kind.WEB
    redirect_uris: Sequence[str] = ()
    post_logout_redirect_uris: Sequence[str] = ()
    backchannel_logout_uri: str | None = None
    webhook_url: str | None = None
    auth_method: AuthMethod = AuthMethod.BASIC
    jwks: Mapping[str, Any] | None = None
    jwks_uri: str | None = None
    attributes: Sequence[str] = BASIC
    purposes: Sequence[tuple[str, str]] = (("login", "登录"),)
    acts: Sequence[str] = ()
    quota_per_minute: int = 600
    place: str = ""


def check(registration: Registration, *, production: bool) -> None:
    """Raise `RelyingPartyInvalid` naming every wrong field at once, in Chinese."""
    found = {name: text for name, fine, text in _checks(registration, production) if not fine}
    if found:
        raise RelyingPartyInvalid(fields=found)


def _checks(r: Registration, production: bool) -> list[tuple[str, bool, str]]:  # noqa: FBT001
    return [
        ("legal_name", len(r.legal_name) <= 80 and is_one_line(r.legal_name), "请填写登记的全称"),
        ("uscc", is_uscc(r.uscc), "统一社会信用代码有误，请核对两位校验码"),
        ("domain", bool(_DOMAIN.fullmatch(r.domain)), "请填写网站域名，例如 court.example.cn"),
        ("logo", _logo_fits(r.logo), "标志须为 PNG 图片，不超过 64KB"),
        ("place", r.kind is not Kind.DEVICE or is_one_line(r.place), "请填写终端所在位置"),
        *_uri_checks(r, production),
        *_key_checks(r, production),
        *_permission_checks(r),
    ]


def _uri_checks(r: Registration, production: bool) -> list[tuple[str, bool, str]]:  # noqa: FBT001
    def all_fine(uris: Sequence[str]) -> bool:
        return len(uris) <= 20 and all(is_redirect_uri(u, production=production) for u in uris)

    def callback_fine(uri: str | None) -> bool:
        return uri is None or is_redirect_uri(uri, production=production)

    redirects = all_fine(r.redirect_uris) and bool(r.redirect_uris) is (r.kind is Kind.WEB)
    return [
        ("redirect_uris", redirects, "回调地址须为完整的安全网址，逐行填写，终端不填"),
        ("post_logout_redirect_uris", all_fine(r.post_logout_redirect_uris), "退出后地址有误"),
        ("backchannel_logout_uri", callback_fine(r.backchannel_logout_uri), "退出通知地址有误"),
        ("webhook_url", callback_fine(r.webhook_url), "事件推送地址有误"),
    ]


def _key_checks(r: Registration, production: bool) -> list[tuple[str, bool, str]]:  # noqa: FBT001
    by_key = r.auth_method is AuthMethod.KEY
    must_use_key = r.tier is Tier.FAPI or r.kind is Kind.DEVICE
    uri_fine = r.jwks_uri is None or is_redirect_uri(r.jwks_uri, production=production)
    return [
        ("auth_method", by_key or not must_use_key, "高安全级与终端须用私钥签名证明身份"),
        ("jwks", r.jwks is None or is_public_jwks(r.jwks), "公钥须为 P-256 或 Ed25519 的 JWKS"),
        ("jwks", not by_key or bool(r.jwks) is not bool(r.jwks_uri), "公钥或公钥网址填且只填一项"),
        ("jwks_uri", uri_fine, "公钥网址有误"),
    ]


def _permission_checks(r: Registration) -> list[tuple[str, bool, str]]:
    high = r.tier is Tier.FAPI
    once = len({code for code, _ in r.purposes}) == len(r.purposes)
    purposes_fine = (
        once
        and 0 < len(r.purposes) <= 20
        and all(
            _PURPOSE.fullmatch(code) and len(text) <= 80 and is_one_line(text)
            for code, text in r.purposes
        )
    )
    return [
        ("attributes", set(r.attributes) <= set(ATTRIBUTES), "有不认识的身份信息项"),
        ("attributes", high or set(r.attributes) <= set(BASIC), "普通级只能取得姓名和执业状态"),
        ("purposes", purposes_fine, "用途至少一项，另写的每行一项：代码 空格 说明，代码不重复"),
        ("acts", set(r.acts) <= set(ACTS), "有不认识的执业行为"),
        ("acts", high or not r.acts, "执业行为确认须为高安全级"),
        ("quota_per_minute", r.quota_per_minute in QUOTA, "每分钟额度须为1到100000"),
    ]


def _logo_fits(logo: bytes | None) -> bool:
    return logo is None or (len(logo) <= MAX_LOGO and logo.startswith(PNG))


def is_redirect_uri(uri: str, *, production: bool) -> bool:
    """Tell whether an address may be sent to: https, absolute, no fragment, no user, ASCII.

    Outside production a loopback address may be plain http, so that a developer can try.
    """
    if not uri.isascii() or len(uri) > 500 or re.search(r"[\s\\<>\"*]", uri):
        return False
    try:
        parts = urlsplit(uri)
        port_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if not parts.hostname or parts.fragment or "#" in uri or "@" in parts.netloc or not port_fine:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and not production and _is_loopback(parts.hostname)
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_public_jwks(jwks: Mapping[str, Any]) -> bool:
    """Tell whether a key set holds 1–8 public P-256 or Ed25519 keys with distinct `kid`."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= MAX_KEYS:
        return False
    kids = [key.get("kid") for key in keys if isinstance(key, dict)]
    named = all(isinstance(kid, str) and 0 < len(kid) <= 64 for kid in kids)
    return named and len(set(kids)) == len(keys) and all(map(_is_public_key, keys))


def _is_public_key(key: Mapping[str, Any]) -> bool:
    if _PRIVATE_MEMBERS & set(key):
        return False
    curve = f"{key.get('kty')} {key.get('crv')}"
    parts = {"EC P-256": ("x", "y"), "OKP Ed25519": ("x",)}.get(curve, ("none",))
    return all(
        isinstance(key.get(part), str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", key[part])
        for part in parts
    )
