"""Tables of authorization."""

from app.authorization.models import grants, portal, relying_parties, transactions, webhooks

__all__ = ["grants", "portal", "relying_parties", "transactions", "webhooks"]
