"""接口动态鉴权: what relying parties' own systems ask, signed (docs/partner-api.md)."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.authorization.routes import services
from app.authorization.schemas.partners import (
    ConfirmationOut,
    Confirmations,
    DeadLetterOut,
    DeadLetters,
    EventOut,
    PageQuery,
    SignedConfirmation,
    StatusOut,
    SubscribeIn,
    SubscriptionOut,
    Subscriptions,
    VerifyIn,
    VerifyOut,
)
from app.authorization.schemas.phone import ReceiptOut
from app.http.auth import principal
from app.http.idempotency import idempotent, request_key
from app.kernel.principal import Partner
from app.verification.service.verifications import Question

partners = APIBlueprint("partners", __name__, tag="接口动态鉴权")


@partners.post("/verifications")
@partners.input(VerifyIn)
@partners.output(VerifyOut)
def verify(json_data: VerifyIn) -> VerifyOut:
    """Verify a code 一键核验; the lawyer sees who asked."""
    partner = principal(Partner)
    question = Question(text=json_data.text, nonce=json_data.nonce, request_key=request_key())
    answer = services().partners.verifications.verify(verifier=partner, question=question)
    return VerifyOut.of(answer, partner=partner)


@partners.get("/licences/<licence_no>")
@partners.output(StatusOut)
def licence(licence_no: str) -> StatusOut:
    """Return the practice status of a licence 执业状态, as the register says now."""
    status = services().partners.status_watch.query(
        partner=principal(Partner), licence_no=licence_no
    )
    return StatusOut.of(status)


@partners.post("/subscriptions")
@idempotent
@partners.input(SubscribeIn)
@partners.output(SubscriptionOut, status_code=201)
def subscribe(json_data: SubscribeIn) -> SubscriptionOut:
    """Subscribe to the status of a licence; again gives the same subscription."""
    made = services().partners.status_watch.subscribe(
        partner=principal(Partner), licence_no=json_data.licence_no
    )
    return SubscriptionOut.of(made)


@partners.get("/subscriptions")
@partners.input(PageQuery, location="query")
@partners.output(Subscriptions)
def subscriptions(query_data: PageQuery) -> Subscriptions:
    """Return the subscriptions, newest first."""
    items, following = services().partners.status_watch.subscriptions(
        partner=principal(Partner), before=query_data.before
    )
    return Subscriptions(items=[SubscriptionOut.of(item) for item in items], next=following)


@partners.delete("/subscriptions/<uuid:subscription_id>")
@partners.output({}, status_code=204)
def unsubscribe(subscription_id: uuid.UUID) -> tuple[str, int]:
    """End a subscription."""
    services().partners.status_watch.unsubscribe(
        partner=principal(Partner), subscription_id=subscription_id
    )
    return "", 204


@partners.get("/confirmations")
@partners.input(PageQuery, location="query")
@partners.output(Confirmations)
def confirmations(query_data: PageQuery) -> Confirmations:
    """Return the practising-act confirmations 执业行为确认 made for this party, newest first."""
    items, following = services().confirmations.page(
        partner=principal(Partner), before=query_data.before
    )
    return Confirmations(items=[ConfirmationOut.of(item) for item in items], next=following)


@partners.get("/confirmations/<confirmation_id>")
@partners.output(SignedConfirmation)
def confirmation(confirmation_id: str) -> SignedConfirmation:
    """Return a confirmation as it is verified offline 确认书."""
    jws = services().confirmations.for_partner(
        partner=principal(Partner), public_id=confirmation_id
    )
    return SignedConfirmation(confirmation_id=confirmation_id, confirmation=jws)


@partners.get("/receipts/<uuid:grant_id>")
@partners.output(ReceiptOut)
def receipt(grant_id: uuid.UUID) -> ReceiptOut:
    """Return this party's copy of the receipt 回执 of a grant."""
    return ReceiptOut.of(
        services().grants.receipt_for(partner=principal(Partner), grant_id=grant_id)
    )


@partners.post("/webhook-tests")
@idempotent
@partners.output(EventOut, status_code=202)
def test_webhook() -> EventOut:
    """Send a `webhook.test` event to the registered address."""
    return EventOut(id=services().partners.webhooks.send_test(partner=principal(Partner)))


@partners.get("/dead-letters")
@partners.input(PageQuery, location="query")
@partners.output(DeadLetters)
def dead_letters(query_data: PageQuery) -> DeadLetters:
    """Return the events that could not be delivered 死信, newest first."""
    items, following = services().partners.webhooks.dead_letters(
        partner=principal(Partner), before=query_data.before
    )
    return DeadLetters(items=[DeadLetterOut.of(item) for item in items], next=following)


@partners.post("/dead-letters/<uuid:event_id>/redeliver")
@partners.output(EventOut, status_code=202)
def redeliver(event_id: uuid.UUID) -> EventOut:
    """Try a dead letter again."""
    services().partners.webhooks.redeliver(partner=principal(Partner), event_id=event_id)
    return EventOut(id=event_id)
