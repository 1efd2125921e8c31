"""Wires identity: sign-in, binding, devices, counsels and their assistants."""

from __future__ import annotations

from dataclasses import dataclass

from app.identity.service import IdentityServices
from app.identity.service.assistant_acceptance import AssistantAcceptance
from app.identity.service.assistant_acting import Acting
from app.identity.service.assistant_codes import CodeBox
from app.identity.service.assistant_invitations import AssistantInvitations
from app.identity.service.assistant_records import AssistantRecords
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.assistants import Assistants
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.bindings import Bindings
from app.identity.service.counsels import Counsels
from app.identity.service.devices import Devices
from app.identity.service.liveness import LivenessChecks
from app.identity.service.sign_in import SignIn
from app.identity.service.trainees import Trainees
from app.kernel.field_crypto import FieldCrypto
from app.ledger.service.entries import Ledger
from app.notification.service.inbox import Inbox
from app.ports import Ports
from config import Config


@dataclass(frozen=True, kw_only=True)
class _Assisting:
    assistants: Assistants
    invitations: AssistantInvitations
    acceptance: AssistantAcceptance
    counsels: Counsels
    trainees: Trainees


def identity(
    config: Config,
    ports: Ports,
    crypto: FieldCrypto,
    completion: BindingCompletion,
    *,
    ledger: Ledger,
    inbox: Inbox,
    work: AuxiliaryWork,
) -> IdentityServices:
    """Construct the services of identity."""
    sign_in = SignIn(
        wechat=ports.wechat,
        clock=ports.clock,
        entropy=ports.entropy,
        ephemeral=ports.ephemeral,
        crypto=crypto,
    )
    bindings = Bindings(
        registry=ports.registry,
        clock=ports.clock,
        entropy=ports.entropy,
        crypto=crypto,
        completion=completion,
    )
    devices = Devices(
        clock=ports.clock,
        crypto=crypto,
        registry=ports.registry,
        bindings=bindings,
        completion=completion,
    )
    records = AssistantRecords(entropy=ports.entropy, ledger=ledger)
    completion.on_firm_changed.append(records.end_of_person)
    assisting = _assisting(ports, crypto, sign_in, devices, records=records, work=work)
    return IdentityServices(
        sign_in=sign_in,
        counsels=assisting.counsels,
        assistants=assisting.assistants,
        assistant_invitations=assisting.invitations,
        assistant_acceptance=assisting.acceptance,
        trainees=assisting.trainees,
        bindings=bindings,
        devices=devices,
        liveness=_liveness(config, ports),
        completion=completion,
        inbox=inbox,
        clock=ports.clock,
    )


def _liveness(config: Config, ports: Ports) -> LivenessChecks:
    return LivenessChecks(
        clock=ports.clock,
        entropy=ports.entropy,
        ephemeral=ports.ephemeral,
        actions=config.liveness_actions,
    )


def _assisting(
    ports: Ports,
    crypto: FieldCrypto,
    sign_in: SignIn,
    devices: Devices,
    *,
    records: AssistantRecords,
    work: AuxiliaryWork,
) -> _Assisting:
    trainees = Trainees(registry=ports.registry, clock=ports.clock, entropy=ports.entropy)
    trainees.on_change.append(records.end_of_person)
    acting = Acting(clock=ports.clock, devices=devices, trainees=trainees, work=work)
    counsels = Counsels(sign_in=sign_in, acting=acting)
    box = CodeBox(entropy=ports.entropy, ephemeral=ports.ephemeral, crypto=crypto)
    invitations = AssistantInvitations(
        clock=ports.clock,
        box=box,
        entropy=ports.entropy,
        counsels=counsels,
        trainees=trainees,
        work=work,
        records=records,
    )
    acceptance = AssistantAcceptance(
        clock=ports.clock,
        box=box,
        devices=devices,
        trainees=trainees,
        work=work,
        records=records,
    )
    assistants = Assistants(
        clock=ports.clock,
        entropy=ports.entropy,
        counsels=counsels,
        work=work,
        records=records,
        invitations=invitations,
    )
    return _Assisting(
        assistants=assistants,
        invitations=invitations,
        acceptance=acceptance,
        counsels=counsels,
        trainees=trainees,
    )
