"""Tables of authorization."""

from app.authorization.models import grants, relying_parties, transactions, webhooks

__all__ = ["grants", "relying_parties", "transactions", "webhooks"]
