"""Wires authorization: relying parties, scans, grants, tokens, events."""

from __future__ import annotations

from app.authorization.service import AuthorizationServices, PartnerServices
from app.authorization.service.access import Access
from app.authorization.service.client_authentication import ClientAuthentication
from app.authorization.service.codes import Codes
from app.authorization.service.confirmations import Confirmations
from app.authorization.service.grant_records import GrantRecords
from app.authorization.service.grants import Grants
from app.authorization.service.logout import Logout
from app.authorization.service.pages import LoginPages
from app.authorization.service.partner_requests import PartnerRequests
from app.authorization.service.party_keys import PartyKeys
from app.authorization.service.portal import Portal
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties
from app.authorization.service.requests import AuthorizationRequests
from app.authorization.service.scans import Scans
from app.authorization.service.status_watch import StatusWatch
from app.authorization.service.tokens import TokenEndpoint
from app.authorization.service.webhooks import Webhooks
from app.identity.service.counsels import Counsels
from app.identity.service.devices import Devices
from app.ledger.service.entries import Ledger
from app.ports import Ports
from app.verification.routes import VerificationServices


def partners(
    ports: Ports, devices: Devices, verification: VerificationServices, parties: RelyingParties
) -> PartnerServices:
    """Construct the third-party API 接口动态鉴权 and its events."""
    keys = PartyKeys(web=ports.outside_web, clock=ports.clock)
    webhooks = Webhooks(
        web=ports.outside_web,
        signer=ports.keys.issuer(),
        clock=ports.clock,
        entropy=ports.entropy,
    )
    watch = StatusWatch(
        registry=ports.registry,
        devices=devices,
        webhooks=webhooks,
        clock=ports.clock,
        entropy=ports.entropy,
    )
    devices.on_status.append(watch.note)
    return PartnerServices(
        requests=PartnerRequests(
            parties=parties, keys=keys, clock=ports.clock, ephemeral=ports.ephemeral
        ),
        keys=keys,
        webhooks=webhooks,
        status_watch=watch,
        verifications=verification.verifications,
    )


def authorization(
    ports: Ports,
    devices: Devices,
    parties: RelyingParties,
    partners: PartnerServices,
    *,
    ledger: Ledger,
    pairwise: bytes,
    counsels: Counsels,
) -> AuthorizationServices:
    """Construct the OpenID provider 扫一扫 and what relying parties call."""
    clock, entropy = ports.clock, ports.entropy
    keys = ProviderKeys(keys=ports.keys)
    clients = _clients(ports, parties, partners)
    codes = Codes(entropy=entropy, keys=keys, pairwise_key=pairwise)
    logout = _logout(ports, parties, codes)
    grants = _grants(ports, devices, parties, partners, codes=codes, logout=logout, ledger=ledger)
    confirmations = Confirmations(relying_parties=parties, codes=codes, keys=keys, ledger=ledger)
    records = GrantRecords(entropy=entropy, ledger=ledger, webhooks=partners.webhooks)
    requests = AuthorizationRequests(
        relying_parties=parties, codes=codes, clock=clock, entropy=entropy
    )
    tokens = TokenEndpoint(
        codes=codes,
        grants=grants,
        confirmations=confirmations,
        devices=devices,
        keys=keys,
        clock=clock,
        entropy=entropy,
    )
    return AuthorizationServices(
        relying_parties=parties,
        clients=clients,
        requests=requests,
        pages=LoginPages(relying_parties=parties, codes=codes, clock=clock, entropy=entropy),
        scans=_scans(ports, devices, parties, records),
        tokens=tokens,
        access=_access(ports, devices, parties, clients=clients, codes=codes, grants=grants),
        grants=grants,
        confirmations=confirmations,
        logout=logout,
        portal=_portal(ports, counsels, parties, requests=requests, tokens=tokens, logout=logout),
        keys=keys,
        clock=clock,
        partners=partners,
    )


def _portal(
    ports: Ports,
    counsels: Counsels,
    parties: RelyingParties,
    *,
    requests: AuthorizationRequests,
    tokens: TokenEndpoint,
    logout: Logout,
) -> Portal:
    return Portal(
        relying_parties=parties,
        requests=requests,
        tokens=tokens,
        keys=ProviderKeys(keys=ports.keys),
        counsels=counsels,
        logout=logout,
        clock=ports.clock,
        entropy=ports.entropy,
    )


def _logout(ports: Ports, parties: RelyingParties, codes: Codes) -> Logout:
    return Logout(
        relying_parties=parties,
        codes=codes,
        keys=ProviderKeys(keys=ports.keys),
        web=ports.outside_web,
        clock=ports.clock,
        entropy=ports.entropy,
    )


def _grants(
    ports: Ports,
    devices: Devices,
    parties: RelyingParties,
    partners: PartnerServices,
    *,
    codes: Codes,
    logout: Logout,
    ledger: Ledger,
) -> Grants:
    return Grants(
        relying_parties=parties,
        codes=codes,
        devices=devices,
        keys=ProviderKeys(keys=ports.keys),
        clock=ports.clock,
        ledger=ledger,
        webhooks=partners.webhooks,
        logout=logout,
    )


def _access(
    ports: Ports,
    devices: Devices,
    parties: RelyingParties,
    *,
    clients: ClientAuthentication,
    codes: Codes,
    grants: Grants,
) -> Access:
    return Access(
        relying_parties=parties,
        clients=clients,
        codes=codes,
        grants=grants,
        devices=devices,
        keys=ProviderKeys(keys=ports.keys),
        clock=ports.clock,
    )


def _scans(ports: Ports, devices: Devices, parties: RelyingParties, records: GrantRecords) -> Scans:
    return Scans(
        relying_parties=parties,
        devices=devices,
        clock=ports.clock,
        entropy=ports.entropy,
        ephemeral=ports.ephemeral,
        records=records,
    )


def _clients(
    ports: Ports, parties: RelyingParties, partners: PartnerServices
) -> ClientAuthentication:
    return ClientAuthentication(
        relying_parties=parties, clock=ports.clock, fetch_keys=partners.keys.of
    )
