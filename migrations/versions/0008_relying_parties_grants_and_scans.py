"""Relying parties, scan transactions, grants and what stands on them.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cookie_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("acr", sa.Text(), nullable=False),
        sa.Column("amr", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_session")),
        sa.UniqueConstraint("cookie_sha256", name=op.f("uq_browser_session_cookie_sha256")),
    )
    op.create_index(
        op.f("ix_browser_session_device_id"), "browser_session", ["device_id"], unique=False
    )
    op.create_index(
        op.f("ix_browser_session_lawyer_id"), "browser_session", ["lawyer_id"], unique=False
    )
    op.create_table(
        "relying_party",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("redirect_uris", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "post_logout_redirect_uris", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("backchannel_logout_uri", sa.Text(), nullable=True),
        sa.Column("webhook_url", sa.Text(), nullable=True),
        sa.Column("auth_method", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("jwks", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("jwks_uri", sa.Text(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purposes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("acts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quota_per_minute", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_relying_party")),
    )
    op.create_table(
        "used_once",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "value", name=op.f("pk_used_once")),
    )
    op.create_index("ix_used_once_expires_at", "used_once", ["expires_at"], unique=False)
    op.create_table(
        "abuse_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["relying_party.client_id"], name=op.f("fk_abuse_report_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_report")),
    )
    op.create_index(op.f("ix_abuse_report_client_id"), "abuse_report", ["client_id"], unique=False)
    op.create_table(
        "lawyer_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("purpose", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("act", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("requester", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("acr", sa.Text(), nullable=False),
        sa.Column("amr", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("device_signature", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["relying_party.client_id"], name=op.f("fk_lawyer_grant_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["browser_session.id"], name=op.f("fk_lawyer_grant_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lawyer_grant")),
    )
    op.create_index(op.f("ix_lawyer_grant_client_id"), "lawyer_grant", ["client_id"], unique=False)
    op.create_index(op.f("ix_lawyer_grant_device_id"), "lawyer_grant", ["device_id"], unique=False)
    op.create_index(
        "ix_lawyer_grant_lawyer_id_created_at",
        "lawyer_grant",
        ["lawyer_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "pushed_request",
        sa.Column("uri_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["relying_party.client_id"], name=op.f("fk_pushed_request_client_id")
        ),
        sa.PrimaryKeyConstraint("uri_sha256", name=op.f("pk_pushed_request")),
    )
    op.create_table(
        "scan_transaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pushed_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("browser_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("device_code_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_tries", sa.BigInteger(), nullable=False),
        sa.Column("number_right", sa.Boolean(), nullable=False),
        sa.Column("second_scan", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("lawyer_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["relying_party.client_id"], name=op.f("fk_scan_transaction_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_transaction")),
        sa.UniqueConstraint(
            "device_code_sha256", name=op.f("uq_scan_transaction_device_code_sha256")
        ),
        sa.UniqueConstraint("ticket", name=op.f("uq_scan_transaction_ticket")),
    )
    op.create_index(
        "ix_scan_transaction_client_id_open",
        "scan_transaction",
        ["client_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'claimed')"),
    )
    op.create_index(
        op.f("ix_scan_transaction_lawyer_id"), "scan_transaction", ["lawyer_id"], unique=False
    )
    op.create_table(
        "authorization_code",
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["lawyer_grant.id"], name=op.f("fk_authorization_code_grant_id")
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_authorization_code")),
    )
    op.create_index(
        op.f("ix_authorization_code_grant_id"), "authorization_code", ["grant_id"], unique=False
    )
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lawyer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("jws", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["lawyer_grant.id"], name=op.f("fk_confirmation_grant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_confirmation_grant_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_confirmation_public_id")),
    )
    op.create_index(op.f("ix_confirmation_client_id"), "confirmation", ["client_id"], unique=False)
    op.create_table(
        "issued_token",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("jkt", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["lawyer_grant.id"], name=op.f("fk_issued_token_grant_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_issued_token")),
    )
    op.create_index(op.f("ix_issued_token_grant_id"), "issued_token", ["grant_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_issued_token_grant_id"), table_name="issued_token")
    op.drop_table("issued_token")
    op.drop_index(op.f("ix_confirmation_client_id"), table_name="confirmation")
    op.drop_table("confirmation")
    op.drop_index(op.f("ix_authorization_code_grant_id"), table_name="authorization_code")
    op.drop_table("authorization_code")
    op.drop_index(op.f("ix_scan_transaction_lawyer_id"), table_name="scan_transaction")
    op.drop_index(
        "ix_scan_transaction_client_id_open",
        table_name="scan_transaction",
        postgresql_where=sa.text("state IN ('waiting', 'claimed')"),
    )
    op.drop_table("scan_transaction")
    op.drop_table("pushed_request")
    op.drop_index("ix_lawyer_grant_lawyer_id_created_at", table_name="lawyer_grant")
    op.drop_index(op.f("ix_lawyer_grant_device_id"), table_name="lawyer_grant")
    op.drop_index(op.f("ix_lawyer_grant_client_id"), table_name="lawyer_grant")
    op.drop_table("lawyer_grant")
    op.drop_index(op.f("ix_abuse_report_client_id"), table_name="abuse_report")
    op.drop_table("abuse_report")
    op.drop_index("ix_used_once_expires_at", table_name="used_once")
    op.drop_table("used_once")
    op.drop_table("relying_party")
    op.drop_index(op.f("ix_browser_session_lawyer_id"), table_name="browser_session")
    op.drop_index(op.f("ix_browser_session_device_id"), table_name="browser_session")
    op.drop_table("browser_session")
