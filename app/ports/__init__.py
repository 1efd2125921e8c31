"""What we need from outside, as protocols of frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.ports.anchor import Anchor
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.inspection import Inspection
from app.ports.mail import Mail
from app.ports.objects import Objects
from app.ports.outside_web import OutsideWeb
from app.ports.payment import Payment
from app.ports.registry import Registry
from app.ports.registry_desk import RegistryDesk
from app.ports.signer import SigningKeys
from app.ports.virus_scan import VirusScan
from app.ports.wechat import Wechat


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Everything from outside, chosen by settings. `registry_desk`: demonstration only."""

    clock: Clock
    entropy: Entropy
    ephemeral: Ephemeral
    registry: Registry
    registry_desk: RegistryDesk | None
    wechat: Wechat
    mail: Mail
    outside_web: OutsideWeb
    keys: SigningKeys
    objects: Objects
    inspection: Inspection
    virus_scan: VirusScan
    payment: Payment | None = None
    anchors: Sequence[Anchor] = ()
