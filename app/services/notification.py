"""Wires notification: the inbox, the channels, what a worker does."""

from __future__ import annotations

import uuid

from app.identity.service import IdentityServices
from app.kernel.field_crypto import FieldCrypto
from app.notification.pages import PATH
from app.notification.rules.channels import Channel
from app.notification.rules.letters import Templates
from app.notification.service import NotificationServices
from app.notification.service.carriers import EmailCarrier, WechatCarrier
from app.notification.service.emails import Emails
from app.notification.service.fan_out import FanOut
from app.notification.service.pushing import Pushing
from app.notification.service.settings import Settings
from app.ports import Ports
from config import Config


def wired(
    config: Config, ports: Ports, crypto: FieldCrypto, identity: IdentityServices
) -> NotificationServices:
    """Construct the services; identity has the inbox, and knows WeChat's name of its owner."""
    templates = Templates.read(config.wechat_templates)
    emails = Emails(mail=ports.mail, crypto=crypto, clock=ports.clock, entropy=ports.entropy)
    settings = Settings(
        emails=emails,
        templates=templates,
        crypto=crypto,
        clock=ports.clock,
        entropy=ports.entropy,
    )
    # A letter is written by a worker, which has no request to read an origin off.
    origin = config.public_url or f"http://{config.host}:{config.port}"

    def link(consent_id: uuid.UUID) -> str:
        return f"{origin}{PATH}{settings.link_token(consent_id)}"

    return NotificationServices(
        inbox=identity.inbox,
        fan_out=FanOut(clock=ports.clock, entropy=ports.entropy),
        settings=settings,
        emails=emails,
        pushing=Pushing(
            carriers={
                Channel.EMAIL: EmailCarrier(mail=ports.mail, emails=emails, link=link),
                Channel.WECHAT: WechatCarrier(
                    wechat=ports.wechat, templates=templates, openid_of=identity.sign_in.openid_of
                ),
            },
            clock=ports.clock,
        ),
    )
