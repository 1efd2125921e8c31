"""Runs the migrations; the one place that may import every domain's tables."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import text

import app.authorization.models
import app.court.applications.models
import app.court.casefile.models
import app.court.feedback.models
import app.court.filing.models
import app.identity.models
import app.issuance.models
import app.kernel.idempotency
import app.kernel.outbox
import app.ledger.models
import app.notification.models
import app.supervision.models
import app.verification.models  # noqa: F401 - imported for their tables
from app.kernel.database import Instant, db

LOCK_TIMEOUT = "4s"  # a migration that would block the service gives up instead
STATEMENT_TIMEOUT = "60s"


def _render(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our own types as the plain ones they are in the database."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run on a live connection, all in one transaction."""
    with db.engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            render_item=_render,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
