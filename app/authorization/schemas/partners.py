"""Wire shapes of the third-party API 接口动态鉴权."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal, cast

from pydantic import BaseModel, Field, StringConstraints

from app.authorization.service.confirmations import ConfirmationItem
from app.authorization.service.status_watch import Subscription
from app.authorization.service.webhooks import DeadLetter
from app.http.body import Moment, Nonce, Strict
from app.kernel.principal import Partner
from app.ports.registry import PracticeCategory, PracticeStatus, StatusRecord
from app.verification.service.verifications import Answer

Form = Literal["LVZ1", "LVZ2", "LVZ3"]
LicenceNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{17}$")]


class VerifyIn(Strict):
    """What was scanned or typed, and the nonce that was shown, if one was."""

    text: Annotated[str, StringConstraints(max_length=2000)]
    nonce: Nonce | None = None


class VerifiedLawyer(BaseModel):
    """Whose code it is: what this relying party is registered to be told, null for the rest."""

    name: str | None
    licence_no: str | None
    firm_name: str | None
    category: PracticeCategory | None
    status: PracticeStatus
    status_label: str


class VerifyOut(BaseModel):
    """核验通过."""

    verification_id: uuid.UUID
    outcome: Literal["accepted"]
    form: Form
    verified_at: Moment
    lawyer: VerifiedLawyer
    status_as_of: Moment

    @classmethod
    def of(cls, answer: Answer, *, partner: Partner) -> VerifyOut:
        """Build from the domain's value, as far as this partner may know it."""
        holder, may = answer.holder, partner.attributes
        return cls(
            verification_id=answer.verification_id,
            outcome="accepted",
            form=cast(Form, answer.form),
            verified_at=answer.at,
            lawyer=VerifiedLawyer(
                name=holder.name if "name" in may else None,
                licence_no=holder.licence_no if "license_no" in may else None,
                firm_name=holder.firm_name if "firm" in may else None,
                category=holder.category if "category" in may else None,
                status=answer.status,
                status_label=answer.status.label,
            ),
            status_as_of=answer.status_as_of,
        )


class StatusOut(BaseModel):
    """The status of a licence, and nothing else about anybody."""

    licence_no: str
    status: PracticeStatus
    status_label: str
    as_of: Moment

    @classmethod
    def of(cls, status: StatusRecord) -> StatusOut:
        """Build from the register's answer."""
        return cls(
            licence_no=status.licence_no,
            status=status.status,
            status_label=status.status.label,
            as_of=status.as_of,
        )


class SubscribeIn(Strict):
    """Which licence to watch."""

    licence_no: LicenceNo


class SubscriptionOut(BaseModel):
    """A subscription and the status as last seen."""

    id: uuid.UUID
    licence_no: str
    status: PracticeStatus
    as_of: Moment
    created_at: Moment

    @classmethod
    def of(cls, item: Subscription) -> SubscriptionOut:
        """Build from the domain's value."""
        return cls(**vars(item))


class PageQuery(Strict):
    """Where the page starts."""

    before: Annotated[uuid.UUID, Field(strict=False)] | None = None


class Subscriptions(BaseModel):
    """A page, newest first."""

    items: list[SubscriptionOut]
    next: uuid.UUID | None


class DeadLetterOut(BaseModel):
    """An event that could not be delivered."""

    id: uuid.UUID
    type: str
    at: Moment
    attempts: int
    failure: str
    dead_at: Moment

    @classmethod
    def of(cls, item: DeadLetter) -> DeadLetterOut:
        """Build from the domain's value."""
        return cls(**vars(item))


class DeadLetters(BaseModel):
    """A page, newest first."""

    items: list[DeadLetterOut]
    next: uuid.UUID | None


class ConfirmationOut(BaseModel):
    """A confirmation in a list."""

    confirmation_id: str
    grant_id: uuid.UUID
    act: str
    at: Moment

    @classmethod
    def of(cls, item: ConfirmationItem) -> ConfirmationOut:
        """Build from the domain's value."""
        return cls(confirmation_id=item.public_id, grant_id=item.grant_id, act=item.act, at=item.at)


class Confirmations(BaseModel):
    """A page, newest first."""

    items: list[ConfirmationOut]
    next: uuid.UUID | None


class SignedConfirmation(BaseModel):
    """A confirmation: a JWS that anybody verifies with the published keys."""

    confirmation_id: str
    confirmation: str


class EventOut(BaseModel):
    """An event that is on its way."""

    id: uuid.UUID
