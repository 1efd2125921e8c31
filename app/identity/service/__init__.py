"""The services of identity, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.bindings import Bindings
from app.identity.service.counsels import Counsels
from app.identity.service.devices import Devices
from app.identity.service.liveness import LivenessChecks
from app.identity.service.sign_in import SignIn
from app.notification.service.inbox import Inbox
from app.ports.clock import Clock


@dataclass(frozen=True, kw_only=True)
class IdentityServices:
    """Everything the phone's routes call."""

    sign_in: SignIn
    bindings: Bindings
    devices: Devices
    counsels: Counsels
    liveness: LivenessChecks
    completion: BindingCompletion
    inbox: Inbox
    clock: Clock
