"""The services of identity, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.identity.service.assistant_acceptance import AssistantAcceptance
from app.identity.service.assistant_invitations import AssistantInvitations
from app.identity.service.assistants import Assistants
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.bindings import Bindings
from app.identity.service.counsels import Counsels
from app.identity.service.devices import Devices
from app.identity.service.liveness import LivenessChecks
from app.identity.service.sign_in import SignIn
from app.identity.service.trainees import Trainees
from app.notification.service.inbox import Inbox
from app.ports.clock import Clock


@dataclass(frozen=True, kw_only=True)
class IdentityServices:
    """Everything the phone's routes call."""

    sign_in: SignIn
    bindings: Bindings
    devices: Devices
    counsels: Counsels
    assistants: Assistants
    assistant_invitations: AssistantInvitations
    assistant_acceptance: AssistantAcceptance
    trainees: Trainees
    liveness: LivenessChecks
    completion: BindingCompletion
    inbox: Inbox
    clock: Clock
