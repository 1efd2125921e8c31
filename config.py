"""Every setting of the product: read once from the environment, validated together, frozen.

Nothing else reads the environment. `SETTINGS` is the documentation: `docs/settings.md` is
written from it and a test keeps the two equal.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")  # smtp, in clear, for a host of one's own
ENVIRONMENTS = ("development", "test", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LIVENESS_ACTIONS = ("turn_left", "turn_right", "blink", "open_mouth")


class ConfigError(ValueError):
    """One or more settings are wrong; the message lists all of them."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable: its name, its default, and what it does."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(name="ENV", default="development", meaning="development, test or production"),
    Setting(name="HOST", default="127.0.0.1", meaning="address the web server listens on"),
    Setting(name="PORT", default="8000", meaning="port the web server listens on"),
    Setting(
        name="PUBLIC_URL",
        default="",
        meaning="origin that browsers and kiosks use; empty: the request's own origin",
    ),
    Setting(
        name="DATABASE_URL", default="", meaning="PostgreSQL ≥ 15; empty: a private one is started"
    ),
    Setting(
        name="REDIS_URL", default="", meaning="Redis or Valkey; empty: a private one is started"
    ),
    Setting(name="DATA_DIR", default="var", meaning="folder for run-time data and demo keys"),
    Setting(name="ASSETS_DIR", default="build/web", meaning="folder of the built JavaScript"),
    Setting(
        name="REGISTRY", default="embedded", meaning="embedded or http (the national registry)"
    ),
    Setting(name="REGISTRY_URL", default="", meaning="base URL of the registry's HTTP interface"),
    Setting(name="REGISTRY_TOKEN", default="", meaning="bearer token for the registry"),
    Setting(name="WECHAT_URL", default="", meaning="base URL of WeChat's server API"),
    Setting(name="WECHAT_APPID", default="wx0000000000000001", meaning="mini-program appid"),
    Setting(
        name="WECHAT_TEMPLATES",
        default="LVZ-NEWS:thing1,thing2,time3;LVZ-DEADLINE:thing1,thing2,time3",
        meaning="subscribe-message templates of news and of deadlines, each id:field,field,field "
        "for title, matter and time; none: not offered",
    ),
    Setting(
        name="MAIL_URL",
        default="",
        meaning="mail server, smtp+starttls://name:password@host:587 or smtps://…; empty: e-mails "
        "are files in DATA_DIR/mail",
    ),
    Setting(
        name="MAIL_FROM",
        default="律证 <notice@luzheng.localhost>",
        meaning="sender of e-mails; set in production",
    ),
    Setting(
        name="WECHAT_SECRET",
        default="demo-secret",
        meaning="mini-program secret; set in production",
    ),
    Setting(name="FACE_DLIB", default="1", meaning="1: match faces with face_recognition (dlib)"),
    Setting(name="FACE_SFACE", default="1", meaning="1: match faces with OpenCV SFace"),
    Setting(
        name="LIVENESS_ACTIONS",
        default=",".join(LIVENESS_ACTIONS),
        meaning="actions that a liveness challenge may ask for, at least two",
    ),
    Setting(
        name="FIELD_KEY",
        default="",
        meaning="key-encryption key, 32 bytes in base64; empty: made in DATA_DIR",
    ),
    Setting(
        name="SECRET_KEY",
        default="",
        meaning="signs console cookies, ≥ 32 characters; empty: made in DATA_DIR",
    ),
    Setting(
        name="ISSUER_KEY_FILE",
        default="",
        meaning="PEM of the issuer's P-256 key; empty: made in DATA_DIR",
    ),
    Setting(
        name="ROOT_KEY_FILE",
        default="",
        meaning="PEM of the key that signs the key set; empty: made in DATA_DIR",
    ),
    Setting(
        name="PAIRWISE_KEY",
        default="",
        meaning="makes lawyers' names for relying parties, 32 bytes in base64; never change it; "
        "empty: made in DATA_DIR",
    ),
    Setting(
        name="PROVIDER_KEY_DIR",
        default="",
        meaning="folder of PEMs that sign OpenID tokens, the last name signs; empty: in DATA_DIR",
    ),
    Setting(
        name="LEDGER_KEY_FILE",
        default="",
        meaning="PEM of the ledger's Ed25519 key; empty: made in DATA_DIR",
    ),
    Setting(
        name="LEDGER_ORIGIN",
        default="",
        meaning="name of the ledger in its checkpoints; empty: PUBLIC_URL's host and /ledger",
    ),
    Setting(
        name="LEDGER_WITNESSES",
        default="",
        meaning="vkeys of the witnesses whose cosignatures are taken, with commas between",
    ),
    Setting(
        name="LEDGER_TSA_URL",
        default="",
        meaning="RFC 3161 authority that time-stamps checkpoints; empty: none",
    ),
    Setting(
        name="LEDGER_TSA_ROOT",
        default="",
        meaning="PEM of that authority's root certificate",
    ),
    Setting(
        name="LEDGER_EVM_URL",
        default="",
        meaning="JSON-RPC of an EVM chain that checkpoints are written to; empty: none",
    ),
    Setting(
        name="LEDGER_EVM_CONTRACT",
        default="",
        meaning="address of the logging contract on that chain (docs/ledger.md)",
    ),
    Setting(
        name="LEDGER_EVM_KEY_FILE",
        default="",
        meaning="file with the platform's private key on that chain, in hex",
    ),
    Setting(
        name="MATERIALS_DIR",
        default="",
        meaning="folder of uploaded files, sealed; shared by all servers; empty: in DATA_DIR",
    ),
    Setting(
        name="VIRUS_SCAN",
        default="embedded",
        meaning="clamd, or embedded (knows only the EICAR test file; refused in production)",
    ),
    Setting(name="CLAMD_HOST", default="127.0.0.1", meaning="where clamd listens"),
    Setting(
        name="CLAMD_PORT",
        default="3310",
        meaning="its TCP port; its StreamMaxLength must be at least 200M",
    ),
    Setting(
        name="DISCIPLINE_KEY_FILE",
        default="",
        meaning="PEM of the discipline desk's public P-256 key, which seals reports of misconduct; "
        "empty: a demonstration's pair in DATA_DIR, and in production no reports are taken",
    ),
    Setting(name="FACE_WORKERS", default="1", meaning="worker processes that look at faces"),
    Setting(name="LOG_LEVEL", default="INFO", meaning="DEBUG, INFO, WARNING or ERROR"),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings, checked. Construct with `from_env`; raises `ConfigError`."""

    env: str
    host: str
    port: int
    public_url: str
    database_url: str
    redis_url: str
    data_dir: Path
    assets_dir: Path
    registry: str
    registry_url: str
    registry_token: str
    wechat_url: str
    wechat_appid: str
    wechat_secret: str
    wechat_templates: str
    mail_url: str
    mail_from: str
    face_dlib: bool
    face_sface: bool
    liveness_actions: tuple[str, ...]
    field_key: bytes
    secret_key: str
    issuer_key_file: str
    root_key_file: str
    pairwise_key: bytes
    provider_key_dir: str
    ledger_key_file: str
    ledger_origin: str
    ledger_witnesses: tuple[str, ...]
    ledger_tsa_url: str
    ledger_tsa_root: str
    ledger_evm_url: str
    ledger_evm_contract: str
    ledger_evm_key_file: str
    materials_dir: str
    virus_scan: str
    clamd_host: str
    clamd_port: int
    discipline_key_file: str
    face_workers: int
    log_level: str

    @property
    def production(self) -> bool:
        """Whether the demo doors must stay shut."""
        return self.env == "production"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Config:
        """Read all settings; raise `ConfigError` naming every problem at once."""
        value = {s.name: environ.get(s.name, "").strip() or s.default for s in SETTINGS}
        unreadable: list[str] = []
        config = cls(
            env=value["ENV"],
            host=value["HOST"],
            port=_integer("PORT", value, unreadable),
            public_url=value["PUBLIC_URL"].rstrip("/"),
            database_url=_psycopg(value["DATABASE_URL"]),
            redis_url=value["REDIS_URL"],
            data_dir=Path(value["DATA_DIR"]).resolve(),
            assets_dir=Path(value["ASSETS_DIR"]).resolve(),
            registry=value["REGISTRY"],
            registry_url=value["REGISTRY_URL"].rstrip("/"),
            registry_token=value["REGISTRY_TOKEN"],
            wechat_url=value["WECHAT_URL"].rstrip("/"),
            wechat_appid=value["WECHAT_APPID"],
            wechat_secret=value["WECHAT_SECRET"],
            wechat_templates=value["WECHAT_TEMPLATES"],
            mail_url=value["MAIL_URL"],
            mail_from=value["MAIL_FROM"],
            face_dlib=value["FACE_DLIB"] == "1",
            face_sface=value["FACE_SFACE"] == "1",
            liveness_actions=tuple(a for a in value["LIVENESS_ACTIONS"].split(",") if a),
            field_key=_base64("FIELD_KEY", value, unreadable),
            secret_key=value["SECRET_KEY"],
            issuer_key_file=value["ISSUER_KEY_FILE"],
            root_key_file=value["ROOT_KEY_FILE"],
            pairwise_key=_base64("PAIRWISE_KEY", value, unreadable),
            provider_key_dir=value["PROVIDER_KEY_DIR"],
            ledger_key_file=value["LEDGER_KEY_FILE"],
            ledger_origin=value["LEDGER_ORIGIN"] or _ledger_origin(value["PUBLIC_URL"]),
            ledger_witnesses=tuple(v for v in value["LEDGER_WITNESSES"].split(",") if v),
            ledger_tsa_url=value["LEDGER_TSA_URL"],
            ledger_tsa_root=value["LEDGER_TSA_ROOT"],
            ledger_evm_url=value["LEDGER_EVM_URL"],
            ledger_evm_contract=value["LEDGER_EVM_CONTRACT"],
            ledger_evm_key_file=value["LEDGER_EVM_KEY_FILE"],
            materials_dir=value["MATERIALS_DIR"],
            virus_scan=value["VIRUS_SCAN"],
            clamd_host=value["CLAMD_HOST"],
            clamd_port=_integer("CLAMD_PORT", value, unreadable),
            discipline_key_file=value["DISCIPLINE_KEY_FILE"],
            face_workers=_integer("FACE_WORKERS", value, unreadable),
            log_level=value["LOG_LEVEL"],
        )
        _check(config, unreadable)
        return config


def _check(config: Config, unreadable: list[str]) -> None:
    problems = [*unreadable, *_shape_problems(config), *_production_problems(config)]
    if problems:
        raise ConfigError("; ".join(problems))


def _shape_problems(config: Config) -> list[str]:
    actions = set(config.liveness_actions)
    checks = (
        (config.env in ENVIRONMENTS, f"ENV must be one of {', '.join(ENVIRONMENTS)}"),
        (0 < config.port < 65536, "PORT must be 1–65535"),
        (config.registry in ("embedded", "http"), "REGISTRY must be embedded or http"),
        (config.registry != "http" or config.registry_url, "REGISTRY=http needs REGISTRY_URL"),
        (_is_mail_server(config.mail_url), "MAIL_URL must be smtp+starttls:// or smtps:// a host"),
        (config.face_dlib or config.face_sface, "FACE_DLIB and FACE_SFACE cannot both be off"),
        (
            actions <= set(LIVENESS_ACTIONS) and len(actions) > 1,
            "LIVENESS_ACTIONS needs at least two of " + ", ".join(LIVENESS_ACTIONS),
        ),
        (len(config.field_key) in (0, 32), "FIELD_KEY must be 32 bytes in base64"),
        (len(config.pairwise_key) in (0, 32), "PAIRWISE_KEY must be 32 bytes in base64"),
        (
            not config.ledger_tsa_url or config.ledger_tsa_root,
            "LEDGER_TSA_URL needs LEDGER_TSA_ROOT",
        ),
        (
            not config.ledger_evm_url
            or (config.ledger_evm_contract and config.ledger_evm_key_file),
            "LEDGER_EVM_URL needs LEDGER_EVM_CONTRACT and LEDGER_EVM_KEY_FILE",
        ),
        (config.virus_scan in ("embedded", "clamd"), "VIRUS_SCAN must be embedded or clamd"),
        (0 < config.clamd_port < 65536, "CLAMD_PORT must be 1–65535"),
        (config.face_workers > 0, "FACE_WORKERS must be at least 1"),
        (config.log_level in LOG_LEVELS, f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}"),
    )
    return [problem for fine, problem in checks if not fine]


def _production_problems(config: Config) -> list[str]:
    """Embedded adapters and generated keys are for demonstration only."""
    if not config.production:
        return []
    needed = {
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "WECHAT_URL": config.wechat_url,
        "FIELD_KEY": config.field_key,
        "ISSUER_KEY_FILE": config.issuer_key_file,
        "ROOT_KEY_FILE": config.root_key_file,
        "PAIRWISE_KEY": config.pairwise_key,
        "PROVIDER_KEY_DIR": config.provider_key_dir,
        "LEDGER_KEY_FILE": config.ledger_key_file,
        "PUBLIC_URL": config.public_url,
        "MATERIALS_DIR": config.materials_dir,
    }
    wrong = [f"{name} must be set in production" for name, value in needed.items() if not value]
    if config.registry == "embedded":
        wrong.append("REGISTRY=embedded is refused in production")
    wrong.extend(_demonstrated_pushes(config))
    if config.virus_scan == "embedded":
        wrong.append("VIRUS_SCAN=embedded is refused in production")
    if config.wechat_secret == "demo-secret":  # noqa: S105 - the demo value is what we refuse
        wrong.append("WECHAT_SECRET must be set in production")
    if len(config.secret_key) < 32:
        wrong.append("SECRET_KEY must have at least 32 characters in production")
    return wrong


def _is_mail_server(url: str) -> bool:
    parts = urlsplit(url)
    return not url or (parts.scheme in MAIL_SCHEMES and bool(parts.hostname))


def _demonstrated_pushes(config: Config) -> list[str]:
    """E-mails into a folder, from nowhere, in clear; WeChat's templates of the stand-in."""
    checks = (
        (config.mail_url.startswith(("smtps:", "smtp+starttls:")), "MAIL_URL"),
        ("localhost" not in config.mail_from, "MAIL_FROM"),
        ("LVZ-" not in config.wechat_templates, "WECHAT_TEMPLATES"),
    )
    return [f"{name} must be set in production" for fine, name in checks if not fine]


def _ledger_origin(public_url: str) -> str:
    """The ledger's name should be a place; a demonstration has none of its own."""
    return f"{urlsplit(public_url).netloc or 'luzheng.localhost'}/ledger"


def _integer(name: str, value: Mapping[str, str], problems: list[str]) -> int:
    try:
        return int(value[name])
    except ValueError:
        problems.append(f"{name} is not a whole number")
        return 1


def _base64(name: str, value: Mapping[str, str], problems: list[str]) -> bytes:
    try:
        return base64.b64decode(value[name], validate=True)
    except ValueError:
        problems.append(f"{name} is not base64")
        return b""


def _psycopg(url: str) -> str:
    """SQLAlchemy needs the driver in the scheme; people write plain postgresql://."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
