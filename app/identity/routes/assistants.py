"""律师助理 over HTTP: the lawyer's side, the assistant's side, and in whose name one acts."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.identity.routes.sessions import services
from app.identity.schemas.assistants import (
    ActingOut,
    Assistants,
    Assistantship,
    Assisting,
    CodeIn,
    DeedPage,
    DeedsQuery,
    DigitsIn,
    Invitation,
    Offer,
    ScopeIn,
    TraineeIn,
    Waiting,
)
from app.identity.service.trainees import TraineeClaim
from app.kernel.principal import Counsel, Phone

assistants = APIBlueprint("identity_assistants", __name__, tag="律师助理")
counsel = APIBlueprint("identity_counsel", __name__, tag="律师助理")


# --- the lawyer ----------------------------------------------------------------------------------


@assistants.get("/me/assistants")
@assistants.output(Assistants)
def mine() -> Assistants:
    """Return my assistants, open invitations, and what can be given."""
    return Assistants.of(services().assistants.of_lawyer(phone=principal(Phone)))


@assistants.post("/me/assistant-invitations")
@idempotent
@assistants.input(ScopeIn)
@assistants.output(Invitation, status_code=201)
def invite(json_data: ScopeIn) -> Invitation:
    """Invite somebody; the code works once, within 24 hours."""
    made = services().assistant_invitations.invite(phone=principal(Phone), scope=json_data.scope())
    return Invitation.model_validate(made)


@assistants.post("/me/assistant-invitations/<uuid:invitation_id>/withdraw")
@idempotent
@assistants.output({}, status_code=204)
def withdraw(invitation_id: uuid.UUID) -> tuple[str, int]:
    """Take an invitation back."""
    services().assistant_invitations.withdraw(phone=principal(Phone), invitation_id=invitation_id)
    return "", 204


@assistants.post("/me/assistant-invitations/<uuid:invitation_id>/confirm")
@idempotent
@assistants.input(DigitsIn)
@assistants.output(Assistantship, status_code=201)
def confirm(invitation_id: uuid.UUID, json_data: DigitsIn) -> Assistantship:
    """Let the waiting trainee begin, by the six digits on their phone."""
    card = services().assistant_invitations.confirm(
        phone=principal(Phone), invitation_id=invitation_id, digits=json_data.digits
    )
    return Assistantship.of(card)


@assistants.post("/me/assistant-invitations/<uuid:invitation_id>/reject")
@idempotent
@assistants.output({}, status_code=204)
def reject(invitation_id: uuid.UUID) -> tuple[str, int]:
    """Send the waiting trainee away."""
    services().assistant_invitations.reject(phone=principal(Phone), invitation_id=invitation_id)
    return "", 204


@assistants.post("/me/assistants/<uuid:assistantship_id>/scope")
@idempotent
@assistants.input(ScopeIn)
@assistants.output(Assistantship)
def change(assistantship_id: uuid.UUID, json_data: ScopeIn) -> Assistantship:
    """Give more, less, or for another time."""
    card = services().assistants.change(
        phone=principal(Phone), assistantship_id=assistantship_id, scope=json_data.scope()
    )
    return Assistantship.of(card)


@assistants.post("/me/assistants/<uuid:assistantship_id>/end")
@idempotent
@assistants.output({}, status_code=204)
def end(assistantship_id: uuid.UUID) -> tuple[str, int]:
    """End at once."""
    services().assistants.end(phone=principal(Phone), assistantship_id=assistantship_id)
    return "", 204


@assistants.get("/me/assistant-acts")
@assistants.input(DeedsQuery, location="query")
@assistants.output(DeedPage)
def deeds(query_data: DeedsQuery) -> DeedPage:
    """Return what my assistants did, and whose hand it was."""
    found = services().assistants.deeds(phone=principal(Phone), before=query_data.before)
    return DeedPage.of(found)


# --- the assistant -------------------------------------------------------------------------------


@assistants.get("/me/assisting")
@assistants.output(Assisting)
def assisting() -> Assisting:
    """Return whom I assist, and who has yet to confirm me."""
    phone = principal(Phone)
    cards = services().assistants.of_assistant(phone=phone)
    waiting = services().assistant_acceptance.waiting(phone=phone)
    return Assisting(
        items=[Assistantship.of(card) for card in cards],
        waiting=[Waiting.model_validate(each) for each in waiting],
    )


@assistants.post("/assistantships/preview")
@assistants.input(CodeIn)
@assistants.output(Offer)
def preview(json_data: CodeIn) -> Offer:
    """Return what a code offers."""
    offer = services().assistant_acceptance.preview(phone=principal(Phone), code=json_data.code)
    return Offer.model_validate(offer)


@assistants.post("/assistantships")
@idempotent
@assistants.input(CodeIn)
@assistants.output(Assistantship, status_code=201)
def accept(json_data: CodeIn) -> Assistantship:
    """Accept as a lawyer of the same firm."""
    card = services().assistant_acceptance.accept(phone=principal(Phone), code=json_data.code)
    return Assistantship.of(card)


@assistants.post("/assistantships/trainee")
@idempotent
@assistants.input(TraineeIn)
@assistants.output(Waiting, status_code=202)
def accept_as_trainee(json_data: TraineeIn) -> Waiting:
    """Accept as a trainee of the same firm; the lawyer confirms by the digits."""
    claim = TraineeClaim(
        trainee_no=json_data.trainee_no,
        name=json_data.name.strip(),
        identity_no=json_data.identity_no,
    )
    waiting = services().assistant_acceptance.apply(
        phone=principal(Phone), code=json_data.code, claim=claim
    )
    return Waiting.model_validate(waiting)


@assistants.post("/me/assisting/<uuid:assistantship_id>/leave")
@idempotent
@assistants.output({}, status_code=204)
def leave(assistantship_id: uuid.UUID) -> tuple[str, int]:
    """Resign."""
    services().assistants.leave(phone=principal(Phone), assistantship_id=assistantship_id)
    return "", 204


@counsel.get("/counsel")
@counsel.output(ActingOut)
def acting() -> ActingOut:
    """Return in whose name this caller acts; `LVZ-Acting-For` names an assistantship."""
    return ActingOut.of(principal(Counsel))
