"""How the services of all domains are put together, bottom to top."""

from __future__ import annotations

from dataclasses import dataclass

from app.authorization.service import AuthorizationServices
from app.authorization.service.access import Access
from app.authorization.service.client_authentication import (
    ClientAuthentication,
    registered_keys,
)
from app.authorization.service.codes import Codes
from app.authorization.service.confirmations import Confirmations
from app.authorization.service.grants import Grants
from app.authorization.service.logout import Logout
from app.authorization.service.pages import LoginPages
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties
from app.authorization.service.requests import AuthorizationRequests
from app.authorization.service.scans import Scans
from app.authorization.service.tokens import TokenEndpoint
from app.identity.service import IdentityServices
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.bindings import Bindings
from app.identity.service.devices import Devices
from app.identity.service.liveness import LivenessChecks
from app.identity.service.sign_in import SignIn
from app.issuance.routes import IssuanceServices
from app.issuance.service.credentials import Issuance
from app.issuance.service.publication import Publication, trust_list
from app.kernel.field_crypto import FieldCrypto
from app.notification.service import Notifications
from app.ports import Ports
from app.supervision.pages.console import SupervisionServices
from app.supervision.pages.demo import DEMO_OPERATORS
from app.supervision.service import Operators
from app.verification.routes import VerificationServices
from app.verification.service.kiosks import Kiosks
from app.verification.service.offline import OfflineScans
from app.verification.service.verifications import VerificationHistory, Verifications
from config import Config
from credential.issuer import Issuer
from credential.verifier import CredentialCache, Verifier

EPOCH = 1_767_225_600  # 2026-01-01T00:00:00Z: no issuer key is older than the product


@dataclass(frozen=True, kw_only=True)
class Services:
    """The services of every domain."""

    identity: IdentityServices
    issuance: IssuanceServices
    verification: VerificationServices
    authorization: AuthorizationServices
    supervision: SupervisionServices


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """Keys of this installation that are not the platform's signing keys."""

    pairwise: bytes


def wire(*, config: Config, ports: Ports, crypto: FieldCrypto, secrets: Secrets) -> Services:
    """Construct all services."""
    completion = BindingCompletion(entropy=ports.entropy, crypto=crypto)
    identity = _identity(config, ports, crypto, completion)
    issuance = _issuance(config, ports, crypto, identity)
    completion.on_device_ended.append(issuance.issuance.revoke_of_device)
    verification = _verification(ports, identity, issuance)
    authorization = _authorization(config, ports, identity, secrets)
    completion.on_device_ended.append(authorization.grants.end_of_device)
    supervision = SupervisionServices(
        operators=Operators(clock=ports.clock, entropy=ports.entropy, ephemeral=ports.ephemeral),
        bindings=identity.bindings,
        kiosks=verification.kiosks,
        clock=ports.clock,
        accounts=() if config.production else DEMO_OPERATORS,
    )
    return Services(
        identity=identity,
        issuance=issuance,
        verification=verification,
        authorization=authorization,
        supervision=supervision,
    )


def _identity(
    config: Config, ports: Ports, crypto: FieldCrypto, completion: BindingCompletion
) -> IdentityServices:
    bindings = Bindings(
        registry=ports.registry,
        clock=ports.clock,
        entropy=ports.entropy,
        crypto=crypto,
        completion=completion,
    )
    return IdentityServices(
        sign_in=SignIn(
            wechat=ports.wechat,
            clock=ports.clock,
            entropy=ports.entropy,
            ephemeral=ports.ephemeral,
            crypto=crypto,
        ),
        bindings=bindings,
        devices=Devices(
            clock=ports.clock,
            crypto=crypto,
            registry=ports.registry,
            bindings=bindings,
            completion=completion,
        ),
        liveness=LivenessChecks(
            clock=ports.clock,
            entropy=ports.entropy,
            ephemeral=ports.ephemeral,
            actions=config.liveness_actions,
        ),
        completion=completion,
        notifications=Notifications(clock=ports.clock, entropy=ports.entropy),
        clock=ports.clock,
    )


def _issuance(
    config: Config, ports: Ports, crypto: FieldCrypto, identity: IdentityServices
) -> IssuanceServices:
    trust = trust_list(ports.keys, since=EPOCH)
    return IssuanceServices(
        issuance=Issuance(
            issuer=Issuer(ports.keys.issuer()),
            devices=identity.devices,
            clock=ports.clock,
            entropy=ports.entropy,
            crypto=crypto,
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
    ports: Ports, identity: IdentityServices, issuance: IssuanceServices
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
        ),
        offline=OfflineScans(verifier=verifier, issuance=issuance.issuance),
        history=VerificationHistory(devices=identity.devices),
        publication=issuance.publication,
        clock=ports.clock,
    )


def _authorization(
    config: Config, ports: Ports, identity: IdentityServices, secrets: Secrets
) -> AuthorizationServices:
    clock, entropy, devices = ports.clock, ports.entropy, identity.devices
    keys = ProviderKeys(keys=ports.keys)
    parties = RelyingParties(clock=clock, entropy=entropy, production=config.production)
    clients = ClientAuthentication(relying_parties=parties, clock=clock, fetch_keys=registered_keys)
    codes = Codes(entropy=entropy, keys=keys, pairwise_key=secrets.pairwise)
    grants = Grants(devices=devices, keys=keys, clock=clock)
    confirmations = Confirmations(keys=keys)
    return AuthorizationServices(
        relying_parties=parties,
        clients=clients,
        requests=AuthorizationRequests(
            relying_parties=parties, codes=codes, clock=clock, entropy=entropy
        ),
        pages=LoginPages(relying_parties=parties, codes=codes, clock=clock, entropy=entropy),
        scans=Scans(
            relying_parties=parties,
            devices=devices,
            clock=clock,
            entropy=entropy,
            ephemeral=ports.ephemeral,
        ),
        tokens=TokenEndpoint(
            codes=codes,
            grants=grants,
            confirmations=confirmations,
            devices=devices,
            keys=keys,
            clock=clock,
            entropy=entropy,
        ),
        access=Access(
            relying_parties=parties,
            clients=clients,
            codes=codes,
            grants=grants,
            devices=devices,
            keys=keys,
            clock=clock,
        ),
        grants=grants,
        confirmations=confirmations,
        logout=Logout(
            relying_parties=parties, codes=codes, keys=keys, clock=clock, entropy=entropy
        ),
        keys=keys,
        clock=clock,
    )
