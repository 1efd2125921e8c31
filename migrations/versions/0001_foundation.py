"""Foundation: accounts, lawyers, bindings, credentials, kiosks, verifications.

Identity numbers, photos and openids are sealed from the first day; look-ups go by blind index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_record",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_record")),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("court_name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
    )
    op.create_table(
        "kiosk_enrolment",
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("court_name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_kiosk_enrolment")),
    )
    op.create_table(
        "lawyer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("identity_no_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_no_index", sa.LargeBinary(), nullable=False),
        sa.Column("photo_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("practice_status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("status_index", sa.BigInteger(), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lawyer")),
        sa.UniqueConstraint("licence_no", name=op.f("uq_lawyer_licence_no")),
        sa.UniqueConstraint("status_index", name=op.f("uq_lawyer_status_index")),
    )
    op.create_index(
        op.f("ix_lawyer_identity_no_index"), "lawyer", ["identity_no_index"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("source_id", name=op.f("uq_notice_source_id")),
    )
    op.create_index("ix_notice_account_id_at", "notice", ["account_id", "at"], unique=False)
    op.create_table(
        "operator_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("court_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_account")),
        sa.UniqueConstraint("username", name=op.f("uq_operator_account_username")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_index(
        "ix_outbox_message_due",
        "outbox_message",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("dead_at IS NULL"),
    )
    op.create_table(
        "wechat_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("openid_index", sa.LargeBinary(), nullable=False),
        sa.Column("openid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_account")),
        sa.UniqueConstraint("openid_index", name=op.f("uq_wechat_account_openid_index")),
    )
    op.create_table(
        "binding_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_binding_refusal_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_refusal")),
    )
    op.create_index(
        "ix_binding_refusal_account_id_at", "binding_refusal", ["account_id", "at"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_consent_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_account_id"), "consent", ["account_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("assurance", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_proof_iat", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_device_account_id")
        ),
        sa.ForeignKeyConstraint(["lawyer_id"], ["lawyer.id"], name=op.f("fk_device_lawyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_account_id"), "device", ["account_id"], unique=False)
    op.create_index(op.f("ix_device_lawyer_id"), "device", ["lawyer_id"], unique=False)
    op.create_index(
        "uq_device_lawyer_id_active",
        "device",
        ["lawyer_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_login_session_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_session_token_sha256")),
    )
    op.create_index(
        op.f("ix_login_session_account_id"), "login_session", ["account_id"], unique=False
    )
    op.create_table(
        "operator_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator_account.id"], name=op.f("fk_operator_act_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_act")),
    )
    op.create_index(
        op.f("ix_operator_act_operator_id"), "operator_act", ["operator_id"], unique=False
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Text(), nullable=True),
        sa.Column("cti", sa.LargeBinary(), nullable=True),
        sa.Column("presented_at", sa.BigInteger(), nullable=True),
        sa.Column("lawyer_id", sa.Uuid(), nullable=True),
        sa.Column("request_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_verification_kiosk_id")),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_verification_lawyer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_kiosk_id_at", "verification", ["kiosk_id", "at"], unique=False)
    op.create_index(
        "ix_verification_lawyer_id_at", "verification", ["lawyer_id", "at"], unique=False
    )
    op.create_index(
        "uq_verification_presentation",
        "verification",
        ["cti", "presented_at"],
        unique=True,
        postgresql_where=sa.text("accepted AND NOT offline AND form <> 'LVZ3'"),
    )
    op.create_table(
        "binding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("device_assurance", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("hall_code_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("hall_code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("face_failures", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_binding_account_id")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_binding_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(op.f("ix_binding_account_id"), "binding", ["account_id"], unique=False)
    op.create_index(
        "uq_binding_hall_code_open",
        "binding",
        ["hall_code_sha256"],
        unique=True,
        postgresql_where=sa.text("state = 'officer_pending'"),
    )
    op.create_table(
        "issued_credential",
        sa.Column("cti", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("has_photo", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_issued_credential_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_issued_credential_lawyer_id")
        ),
        sa.PrimaryKeyConstraint("cti", name=op.f("pk_issued_credential")),
    )
    op.create_index(
        op.f("ix_issued_credential_device_id"), "issued_credential", ["device_id"], unique=False
    )
    op.create_index(
        op.f("ix_issued_credential_expires_at"), "issued_credential", ["expires_at"], unique=False
    )
    op.create_table(
        "short_code_seed",
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_short_code_seed_device_id")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_short_code_seed")),
        sa.UniqueConstraint("device_id", name=op.f("uq_short_code_seed_device_id")),
    )
    op.create_table(
        "liveness_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("analysed_seq", sa.BigInteger(), nullable=False),
        sa.Column("frames_received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_liveness_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["binding_id"], ["binding.id"], name=op.f("fk_liveness_session_binding_id")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_liveness_session_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_liveness_session_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liveness_session")),
    )
    op.create_index(
        op.f("ix_liveness_session_account_id"), "liveness_session", ["account_id"], unique=False
    )
    op.create_table(
        "face_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("liveness_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("models", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_face_decision_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["liveness_id"], ["liveness_session.id"], name=op.f("fk_face_decision_liveness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_decision")),
        sa.UniqueConstraint("liveness_id", name=op.f("uq_face_decision_liveness_id")),
    )
    op.create_table(
        "liveness_batch",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["liveness_session.id"], name=op.f("fk_liveness_batch_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_liveness_batch")),
    )


def downgrade() -> None:
    op.drop_table("liveness_batch")
    op.drop_table("face_decision")
    op.drop_index(op.f("ix_liveness_session_account_id"), table_name="liveness_session")
    op.drop_table("liveness_session")
    op.drop_table("short_code_seed")
    op.drop_index(op.f("ix_issued_credential_expires_at"), table_name="issued_credential")
    op.drop_index(op.f("ix_issued_credential_device_id"), table_name="issued_credential")
    op.drop_table("issued_credential")
    op.drop_index(
        "uq_binding_hall_code_open",
        table_name="binding",
        postgresql_where=sa.text("state = 'officer_pending'"),
    )
    op.drop_index(op.f("ix_binding_account_id"), table_name="binding")
    op.drop_table("binding")
    op.drop_index(
        "uq_verification_presentation",
        table_name="verification",
        postgresql_where=sa.text("accepted AND NOT offline AND form <> 'LVZ3'"),
    )
    op.drop_index("ix_verification_lawyer_id_at", table_name="verification")
    op.drop_index("ix_verification_kiosk_id_at", table_name="verification")
    op.drop_table("verification")
    op.drop_index(op.f("ix_operator_act_operator_id"), table_name="operator_act")
    op.drop_table("operator_act")
    op.drop_index(op.f("ix_login_session_account_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(
        "uq_device_lawyer_id_active",
        table_name="device",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_device_lawyer_id"), table_name="device")
    op.drop_index(op.f("ix_device_account_id"), table_name="device")
    op.drop_table("device")
    op.drop_index(op.f("ix_consent_account_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index("ix_binding_refusal_account_id_at", table_name="binding_refusal")
    op.drop_table("binding_refusal")
    op.drop_table("wechat_account")
    op.drop_index(
        "ix_outbox_message_due",
        table_name="outbox_message",
        postgresql_where=sa.text("dead_at IS NULL"),
    )
    op.drop_table("outbox_message")
    op.drop_table("operator_account")
    op.drop_index("ix_notice_account_id_at", table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_lawyer_identity_no_index"), table_name="lawyer")
    op.drop_table("lawyer")
    op.drop_table("kiosk_enrolment")
    op.drop_table("kiosk")
    op.drop_table("idempotency_record")
