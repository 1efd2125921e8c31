"""How the services of all domains are put together, bottom to top."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.authorization.service import AuthorizationServices
from app.authorization.service.relying_parties import RelyingParties
from app.court.applications.service import ApplicationsServices
from app.court.casefile.rules.policy import AUXILIARY
from app.court.casefile.service import CasefileServices
from app.court.feedback.service import FeedbackServices
from app.court.filing.service import FilingServices
from app.identity.service import IdentityServices
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.binding_completion import BindingCompletion
from app.issuance.routes import IssuanceServices
from app.issuance.service.credentials import Issuance
from app.issuance.service.publication import Publication, trust_list
from app.kernel.field_crypto import FieldCrypto
from app.ledger.routes import LedgerServices
from app.ledger.service.anchoring import Anchoring
from app.ledger.service.audit import Auditor
from app.ledger.service.entries import Ledger
from app.ledger.service.publication import LedgerPublication
from app.ledger.service.sequencer import Sequencer
from app.ledger.service.witnesses import Witnesses
from app.notification.service import NotificationServices
from app.notification.service.inbox import Inbox
from app.ports import Ports
from app.services import authorization as authorization_wiring
from app.services import court, notification
from app.services import identity as identity_wiring
from app.supervision.pages.console import SupervisionServices
from app.supervision.pages.demo import DEMO_OPERATORS
from app.supervision.service import Operators
from app.verification.routes import VerificationServices
from app.verification.service.entries import Entries, EntryLog
from app.verification.service.kiosks import Kiosks
from app.verification.service.offline import OfflineScans
from app.verification.service.passes import Passes
from app.verification.service.verifications import VerificationHistory, Verifications
from config import Config
from credential.checkpoint import VerifierKey
from credential.issuer import Issuer
from credential.verifier import CredentialCache, Verifier

EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z: no issuer key is older than the product


@dataclass(frozen=True, kw_only=True)
class Services:
    """The services of every domain."""

    ledger: LedgerServices
    notification: NotificationServices
    identity: IdentityServices
    issuance: IssuanceServices
    verification: VerificationServices
    authorization: AuthorizationServices
    casefile: CasefileServices
    filing: FilingServices
    applications: ApplicationsServices
    feedback: FeedbackServices
    supervision: SupervisionServices


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Keys of this installation that are not the platform's signing keys.

    `discipline_pem` is the discipline desk's public key, None where there is no such desk.
    """

    pairwise: bytes
    discipline_pem: bytes | None = None


def wire(*, config: Config, ports: Ports, crypto: FieldCrypto, secrets: Secrets) -> Services:
    """Construct all services."""
    ledger = _ledger(config, ports, crypto)
    entries = ledger.entries
    completion = BindingCompletion(entropy=ports.entropy, crypto=crypto, ledger=entries)
    inbox = Inbox(clock=ports.clock)
    operators = Operators(clock=ports.clock, entropy=ports.entropy, ephemeral=ports.ephemeral)
    work = AuxiliaryWork(acts=AUXILIARY)
    identity = identity_wiring.identity(
        config, ports, crypto, completion, ledger=entries, inbox=inbox, work=work
    )
    issuance = _issuance(config, ports, crypto, identity=identity, ledger=entries)
    completion.on_device_ended.append(issuance.issuance.revoke_of_device)
    verification = _verification(ports, identity, issuance, entries)
    parties = _parties(config, ports)
    partners = authorization_wiring.partners(ports, identity.devices, verification, parties)
    authorization = authorization_wiring.authorization(
        ports,
        identity.devices,
        parties,
        partners,
        ledger=entries,
        pairwise=secrets.pairwise,
        counsels=identity.counsels,
    )
    completion.on_device_ended.append(authorization.grants.end_of_device)
    casefile = court.casefile(
        ports, crypto, ledger=entries, counsels=identity.counsels, staff_of=operators.of_court
    )
    completion.on_status_change.append(casefile.representations.follow_status)
    work.lawyers_cases = casefile.cases
    supervision = _supervision(
        config, ports, operators, identity=identity, verified=verification, authorized=authorization
    )
    accounts = identity.counsels.accounts
    desks = court.Desks(entries, operators.of_court, secrets.discipline_pem, accounts)
    return Services(
        ledger=ledger,
        notification=notification.wired(config, ports, crypto, identity),
        identity=identity,
        issuance=issuance,
        verification=verification,
        authorization=authorization,
        casefile=casefile,
        applications=court.applications(ports, crypto, casefile, ledger=entries),
        feedback=court.feedback(ports, crypto, casefile, desks),
        filing=court.filing(ports, crypto, casefile=casefile, ledger=entries),
        supervision=supervision,
    )


def _supervision(
    config: Config,
    ports: Ports,
    operators: Operators,
    *,
    identity: IdentityServices,
    verified: VerificationServices,
    authorized: AuthorizationServices,
) -> SupervisionServices:
    return SupervisionServices(
        operators=operators,
        bindings=identity.bindings,
        kiosks=verified.kiosks,
        entry_log=verified.entry_log,
        relying_parties=authorized.relying_parties,
        clock=ports.clock,
        accounts=() if config.production else DEMO_OPERATORS,
    )


def _parties(config: Config, ports: Ports) -> RelyingParties:
    return RelyingParties(
        clock=ports.clock,
        entropy=ports.entropy,
        production=config.production,
        domain=urlsplit(config.public_url).hostname or "",
    )


def _ledger(config: Config, ports: Ports, crypto: FieldCrypto) -> LedgerServices:
    signer, origin = ports.keys.ledger(), config.ledger_origin
    witnesses = [VerifierKey.parse(vkey) for vkey in config.ledger_witnesses]
    sequencer = Sequencer(origin=origin, signer=signer, clock=ports.clock)
    log_key = sequencer.log_key
    entries = Ledger(entropy=ports.entropy, crypto=crypto, sequencer=sequencer)
    return LedgerServices(
        entries=entries,
        sequencer=sequencer,
        publication=LedgerPublication(log_key=log_key),
        witnesses=Witnesses(keys=witnesses, clock=ports.clock),
        anchoring=Anchoring(anchors=ports.anchors, clock=ports.clock),
        auditor=Auditor(ledger=entries, log_key=log_key, witnesses=witnesses),
    )


def _issuance(
    config: Config, ports: Ports, crypto: FieldCrypto, *, identity: IdentityServices, ledger: Ledger
) -> IssuanceServices:
    trust = trust_list(ports.keys, since=EPOCH)
    return IssuanceServices(
        issuance=Issuance(
            issuer=Issuer(ports.keys.issuer()),
            devices=identity.devices,
            clock=ports.clock,
            entropy=ports.entropy,
            crypto=crypto,
            ledger=ledger,
        ),
        publication=Publication(
            keys=ports.keys,
            trust=trust,
            devices=identity.devices,
            clock=ports.clock,
            public_url=config.public_url,
        ),
        clock=ports.clock,
        trust=trust,
    )


def _verification(
    ports: Ports, identity: IdentityServices, issuance: IssuanceServices, ledger: Ledger
) -> VerificationServices:
    verifier = Verifier(issuance.trust, cache=CredentialCache())
    return VerificationServices(
        kiosks=Kiosks(clock=ports.clock, entropy=ports.entropy),
        verifications=Verifications(
            verifier=verifier,
            issuance=issuance.issuance,
            devices=identity.devices,
            clock=ports.clock,
            entropy=ports.entropy,
            ephemeral=ports.ephemeral,
            ledger=ledger,
        ),
        offline=OfflineScans(verifier=verifier, issuance=issuance.issuance, ledger=ledger),
        history=VerificationHistory(devices=identity.devices),
        passes=Passes(devices=identity.devices, clock=ports.clock, entropy=ports.entropy),
        entries=Entries(
            devices=identity.devices,
            counsels=identity.counsels,
            clock=ports.clock,
            ledger=ledger,
        ),
        entry_log=EntryLog(devices=identity.devices, clock=ports.clock),
        publication=issuance.publication,
        clock=ports.clock,
    )
