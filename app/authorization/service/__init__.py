"""Use cases of authorization."""

from __future__ import annotations

from dataclasses import dataclass

from app.authorization.service.access import Access
from app.authorization.service.client_authentication import ClientAuthentication
from app.authorization.service.confirmations import Confirmations
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
from app.ports.clock import Clock
from app.verification.service.verifications import Verifications


@dataclass(frozen=True, kw_only=True)
class PartnerServices:
    """What relying parties' own systems call, and what they are told."""

    requests: PartnerRequests
    keys: PartyKeys
    webhooks: Webhooks
    status_watch: StatusWatch
    verifications: Verifications


@dataclass(frozen=True, kw_only=True)
class AuthorizationServices:
    """Everything the routes of authorization and the console call."""

    relying_parties: RelyingParties
    clients: ClientAuthentication
    requests: AuthorizationRequests
    pages: LoginPages
    scans: Scans
    tokens: TokenEndpoint
    access: Access
    grants: Grants
    confirmations: Confirmations
    logout: Logout
    portal: Portal
    keys: ProviderKeys
    clock: Clock
    partners: PartnerServices
