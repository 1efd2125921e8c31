"""Use cases of authorization."""

from __future__ import annotations

from dataclasses import dataclass

from app.authorization.service.partner_requests import PartnerRequests
from app.authorization.service.party_keys import PartyKeys
from app.authorization.service.relying_parties import RelyingParties
from app.authorization.service.status_watch import StatusWatch
from app.authorization.service.webhooks import Webhooks
from app.verification.service.verifications import Verifications


@dataclass(frozen=True, kw_only=True)
class AuthorizationServices:
    """Everything the routes of authorization and the console call."""

    relying_parties: RelyingParties
    party_keys: PartyKeys
    partner_requests: PartnerRequests
    webhooks: Webhooks
    status_watch: StatusWatch
    verifications: Verifications
