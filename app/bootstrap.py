"""The composition root: settings → adapters → services. The only file that names an adapter."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path

from apiflask import APIFlask
from cryptography.x509 import load_pem_x509_certificate
from flask import Flask, g, has_request_context

from app import urls
from app.adapters.clamd.virus_scan import Clamd
from app.adapters.embedded import discipline_key
from app.adapters.embedded.cashier import EmbeddedCashier
from app.adapters.embedded.inspection import ProcessInspection
from app.adapters.embedded.mail import FolderMail
from app.adapters.embedded.objects import FolderObjects
from app.adapters.embedded.registry import EmbeddedRegistry
from app.adapters.embedded.registry_demo import seed_demo
from app.adapters.embedded.signer import FileSigningKeys
from app.adapters.embedded.virus_scan import EmbeddedVirusScan
from app.adapters.http.client import HttpClient, Limits, Remote
from app.adapters.http.outside_web import OutsideHttp
from app.adapters.http.registry import HttpRegistry
from app.adapters.http.wechat import HttpWechat
from app.adapters.http.wechat_token import WechatAccount
from app.adapters.redis.ephemeral import RedisEphemeral
from app.adapters.smtp.mail import SmtpAccount, SmtpMail
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.authorization.service import logout, webhooks
from app.court.casefile.service import clocks, materials
from app.http import api, auth, direct, problems, request_id, security, signatures, signed_answers
from app.http.counsel import ByTokenOrCookie
from app.identity.service.liveness_analysis import LivenessAnalysis
from app.kernel import logging
from app.kernel.database import db
from app.kernel.field_crypto import FieldCrypto
from app.kernel.outbox import Message
from app.kernel.principal import Access, Operator, Staff
from app.notification.service import emails, fan_out
from app.ports import Ports
from app.ports.anchor import Anchor, AnchorUnavailable
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.mail import Mail
from app.ports.payment import Payment
from app.ports.registry import RegistryUnavailable
from app.ports.virus_scan import VirusScan
from app.ports.wechat import WechatUnavailable
from app.services import Secrets, Services, wire
from config import Config


class DevelopmentModeWarning(UserWarning):
    """An embedded part is in use; it is refused in production."""


def choose_ports(config: Config) -> Ports:
    """Construct the adapters that the settings name."""
    clock, entropy = SystemClock(), SystemEntropy()
    ephemeral = RedisEphemeral(url=config.redis_url)
    desk = _embedded_registry(config, clock) if config.registry == "embedded" else None
    return Ports(
        clock=clock,
        entropy=entropy,
        ephemeral=ephemeral,
        registry=desk or HttpRegistry(client=_registry_client(config)),
        registry_desk=desk,
        wechat=_wechat(config, ephemeral),
        mail=_mail(config, clock),
        outside_web=OutsideHttp(loopback=not config.production),
        keys=FileSigningKeys(
            issuer_file=_key_file(config, config.issuer_key_file, "issuer.pem"),
            root_file=_key_file(config, config.root_key_file, "root.pem"),
            provider_folder=_key_file(config, config.provider_key_dir, "provider"),
            ledger_file=_key_file(config, config.ledger_key_file, "ledger.pem"),
        ),
        objects=FolderObjects(folder=_materials_dir(config), name=lambda: entropy.uuid().hex),
        inspection=ProcessInspection(),
        virus_scan=_virus_scan(config),
        anchors=_anchors(config),
        payment=None if config.production else _cashier(config),
    )


def build(config: Config, *, ports: Ports | None = None) -> APIFlask:
    """Return the application with everything wired."""
    logging.configure(config.log_level, request_id=_request_id)
    ports = ports or choose_ports(config)
    app = api.make()
    app.config["SECRET_KEY"] = config.secret_key or _kept_secret(config, ports, "cookie.key").hex()
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    app.config["SESSION_COOKIE_SECURE"] = config.public_url.startswith("https:")
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    db.init_app(app)
    app.teardown_appcontext_funcs.clear()  # unit_of_work closes its session; nobody else has one
    crypto = FieldCrypto(
        key=config.field_key or _kept_secret(config, ports, "field.key"), entropy=ports.entropy
    )
    secrets = Secrets(
        pairwise=config.pairwise_key or _kept_secret(config, ports, "pairwise.key"),
        discipline_pem=_discipline_pem(config),
    )
    services = wire(config=config, ports=ports, crypto=crypto, secrets=secrets)
    _expose(app, config=config, ports=ports, crypto=crypto, services=services)
    request_id.install(app, entropy=ports.entropy)
    security.install(app)
    signed_answers.install(app, signer=ports.keys.issuer(), clock=ports.clock)
    problems.install(app)
    auth.install(
        app,
        authenticators={
            Access.PHONE: auth.by_bearer_token(services.identity.sign_in.authenticate),
            Access.COUNSEL: _counsel(config, services),
            Access.KIOSK: signatures.BySignature(
                find=services.verification.kiosks.recognise,
                clock=ports.clock,
                ephemeral=ports.ephemeral,
                origin=config.public_url,
            ),
            Access.PARTNER: signatures.ByPartnerSignature(
                parties=services.authorization.partners.requests,
                clock=ports.clock,
                ephemeral=ports.ephemeral,
                origin=config.public_url,
            ),
            Access.OPERATOR: auth.by_cookie(services.supervision.operators.recognise, Operator),
            Access.STAFF: auth.by_cookie(services.supervision.operators.recognise, Staff),
        },
    )
    urls.install(app, production=config.production)
    direct.install(app, urls.DIRECT, entropy=ports.entropy)
    return app


def _counsel(config: Config, services: Services) -> ByTokenOrCookie:
    return ByTokenOrCookie(
        by_token=services.identity.counsels.by_token,
        by_portal=services.authorization.portal.recognise,
        origin=config.public_url,
    )


def _expose(
    app: APIFlask, *, config: Config, ports: Ports, crypto: FieldCrypto, services: Services
) -> None:
    """Put where the routes find them: the services and the few ports the edge uses itself."""
    app.extensions["config"] = config
    app.extensions["ports"] = ports
    app.extensions["clock"] = ports.clock
    app.extensions["entropy"] = ports.entropy
    app.extensions["ephemeral"] = ports.ephemeral
    app.extensions["field_crypto"] = crypto
    app.extensions["registry_desk"] = ports.registry_desk
    app.extensions["services"] = services
    app.extensions["demo_accounts"] = services.supervision.accounts
    app.extensions["ledger"] = services.ledger
    app.extensions["notification"] = services.notification
    app.extensions["identity"] = services.identity
    app.extensions["issuance"] = services.issuance
    app.extensions["verification"] = services.verification
    app.extensions["authorization"] = services.authorization
    app.extensions["casefile"] = services.casefile
    app.extensions["filing"] = services.filing
    app.extensions["applications"] = services.applications
    app.extensions["feedback"] = services.feedback
    app.extensions["supervision"] = services.supervision


def _embedded_registry(config: Config, clock: Clock) -> EmbeddedRegistry:
    warnings.warn("REGISTRY=embedded is for demonstration", DevelopmentModeWarning, stacklevel=3)
    return EmbeddedRegistry(folder=config.data_dir / "registry", clock=clock)


def _registry_client(config: Config) -> HttpClient:
    headers = {"Authorization": f"Bearer {config.registry_token}"} if config.registry_token else {}
    remote = Remote(base_url=config.registry_url, headers=headers, unavailable=RegistryUnavailable)
    return HttpClient(remote=remote, monotonic=time.monotonic, request_id=_request_id)


def _wechat(config: Config, ephemeral: Ephemeral) -> HttpWechat:
    remote = Remote(base_url=config.wechat_url, unavailable=WechatUnavailable)
    client = HttpClient(remote=remote, monotonic=time.monotonic, request_id=_request_id)
    account = WechatAccount(appid=config.wechat_appid, secret=config.wechat_secret)
    return HttpWechat(client=client, account=account, ephemeral=ephemeral, sleep=time.sleep)


def _materials_dir(config: Config) -> Path:
    return Path(config.materials_dir) if config.materials_dir else config.data_dir / "materials"


def _virus_scan(config: Config) -> VirusScan:
    if config.virus_scan == "clamd":
        return Clamd(host=config.clamd_host, port=config.clamd_port)
    return EmbeddedVirusScan()


def _mail(config: Config, clock: Clock) -> Mail:
    if not config.mail_url:
        warnings.warn("MAIL_URL is empty: e-mails are files", DevelopmentModeWarning, stacklevel=3)
        return FolderMail(folder=config.data_dir / "mail", sender=config.mail_from, clock=clock)
    account = SmtpAccount.at(config.mail_url, sender=config.mail_from)
    return SmtpMail(account=account, clock=clock)


def _cashier(config: Config) -> Payment:
    """The demonstration's cashier; its key is of this installation, and no money moves."""
    path = config.data_dir / "keys" / "cashier.key"
    key = _kept(path, SystemEntropy())
    return EmbeddedCashier(key=key, page=f"{config.public_url}/demo/cashier")


def _anchors(config: Config) -> list[Anchor]:
    """Whoever confirms our checkpoints; their libraries are needed only where one is in use."""
    found: list[Anchor] = []
    if config.ledger_tsa_url:
        from app.adapters.http.timestamp import TimestampAnchor  # noqa: PLC0415 - optional

        root = load_pem_x509_certificate(Path(config.ledger_tsa_root).read_bytes())
        found.append(TimestampAnchor(client=_anchor_client(config.ledger_tsa_url), root=root))
    if config.ledger_evm_url:
        from app.adapters.http.evm import EvmAnchor  # noqa: PLC0415 - optional

        found.append(
            EvmAnchor(
                client=_anchor_client(config.ledger_evm_url),
                contract=config.ledger_evm_contract,
                key=Path(config.ledger_evm_key_file).read_text(encoding="utf-8").strip(),
                sleep=time.sleep,
            )
        )
    return found


def _anchor_client(url: str) -> HttpClient:
    remote = Remote(base_url=url, unavailable=AnchorUnavailable, limits=Limits(read=10, total=15))
    return HttpClient(remote=remote, monotonic=time.monotonic)


def _request_id() -> str | None:
    return g.get("request_id") if has_request_context() else None


def _key_file(config: Config, configured: str, name: str) -> Path:
    return Path(configured) if configured else config.data_dir / "keys" / name


def _discipline_pem(config: Config) -> bytes | None:
    """Read the discipline desk's public key; in production there is none but its own."""
    if config.discipline_key_file:
        return Path(config.discipline_key_file).read_bytes()
    return None if config.production else discipline_key.public_pem(config.data_dir / "keys")


def _kept_secret(config: Config, ports: Ports, name: str) -> bytes:
    """Read a secret of this installation, made at the first start."""
    return _kept(config.data_dir / "keys" / name, ports.entropy)


def _kept(path: Path, entropy: Entropy) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(entropy.token_bytes(32))
    return path.read_bytes()


def handlers(app: APIFlask, config: Config) -> dict[str, Callable[[Message], None]]:
    """Return what a worker does with each topic; loads the face models."""
    # The engines load hundreds of megabytes; only a worker pays for them.
    from app.adapters.embedded.face import OpencvFaceEngine  # noqa: PLC0415

    services: Services = app.extensions["services"]
    ports: Ports = app.extensions["ports"]
    analysis = LivenessAnalysis(
        engine=OpencvFaceEngine(dlib=config.face_dlib, sface=config.face_sface),
        registry=ports.registry,
        ephemeral=ports.ephemeral,
        clock=ports.clock,
        completion=services.identity.completion,
    )
    return {
        "notice": services.notification.fan_out.deliver,
        "liveness": analysis.handle,
        clocks.TOPIC: services.casefile.clocks.handle,
        "anchor": services.ledger.anchoring.handle,
    }


def checks(app: Flask) -> dict[str, Callable[[Message], None]]:
    """Return what a worker does with uploaded files, while others wait for nothing of it."""
    services: Services = app.extensions["services"]
    return {
        materials.CHECK: services.casefile.material_checks.handle,
        materials.FORGET: services.casefile.material_checks.forget,
    }


def deliveries(app: APIFlask) -> dict[str, Callable[[Message], None]]:
    """Return what a worker sends to other people's servers, which may be slow."""
    services: Services = app.extensions["services"]
    return {
        webhooks.TOPIC: services.authorization.partners.webhooks.deliver,
        fan_out.PUSH: services.notification.pushing.push,
        emails.CODE: services.notification.emails.send_code,
        logout.TOPIC: services.authorization.logout.deliver,
    }


def seed_registry(config: Config, *, photo: bytes) -> None:
    """Fill an empty embedded register with the demo people."""
    if config.registry == "embedded":
        seed_demo(folder=config.data_dir / "registry", photo=photo, clock=SystemClock())
