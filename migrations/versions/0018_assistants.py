"""Assistants of lawyers, the trainees among them, and the code of a lawyer's firm.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

GOES_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("lawyer", sa.Column("firm_uscc", sa.Text(), nullable=True))
    op.create_table(
        "trainee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trainee_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("firm_uscc", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainee")),
        sa.UniqueConstraint("trainee_no", name=op.f("uq_trainee_trainee_no")),
    )
    _invitations()
    _assistantships()
    _acts()


def _invitations() -> None:
    op.create_table(
        "assistant_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("acts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cases", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_account_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_digits_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("candidate_tries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_assistant_invitation_lawyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["trainee.id"], name=op.f("fk_assistant_invitation_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_account_id"],
            ["wechat_account.id"],
            name=op.f("fk_assistant_invitation_candidate_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_invitation")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_assistant_invitation_code_sha256")),
    )
    for column in ("lawyer_id", "candidate_account_id"):
        op.create_index(op.f(f"ix_assistant_invitation_{column}"), "assistant_invitation", [column])


def _assistantships() -> None:
    op.create_table(
        "assistantship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("assistant_lawyer_id", sa.Uuid(), nullable=True),
        sa.Column("trainee_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("acts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cases", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("slot BETWEEN 1 AND 3", name=op.f("ck_assistantship_slot")),
        sa.CheckConstraint(
            "num_nonnulls(assistant_lawyer_id, trainee_id) = 1",
            name=op.f("ck_assistantship_one_person"),
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["assistant_invitation.id"],
            name=op.f("fk_assistantship_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_assistantship_lawyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["assistant_lawyer_id"],
            ["lawyer.id"],
            name=op.f("fk_assistantship_assistant_lawyer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_assistantship_trainee_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_assistantship_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistantship")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_assistantship_invitation_id")),
    )
    for column in ("lawyer_id", "assistant_lawyer_id", "trainee_id", "account_id"):
        op.create_index(op.f(f"ix_assistantship_{column}"), "assistantship", [column])
    for name, columns in (
        ("uq_assistantship_slot_active", ["lawyer_id", "slot"]),
        ("uq_assistantship_assistant_lawyer_active", ["lawyer_id", "assistant_lawyer_id"]),
        ("uq_assistantship_trainee_active", ["lawyer_id", "trainee_id"]),
    ):
        op.create_index(name, "assistantship", columns, unique=True, postgresql_where=GOES_ON)
    op.create_index(
        "ix_assistantship_expires_at_active",
        "assistantship",
        ["expires_at"],
        postgresql_where=GOES_ON,
    )


def _acts() -> None:
    op.create_table(
        "assistant_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assistantship_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistantship_id"],
            ["assistantship.id"],
            name=op.f("fk_assistant_act_assistantship_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_assistant_act_lawyer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_act")),
    )
    op.create_index("ix_assistant_act_lawyer_id_at", "assistant_act", ["lawyer_id", "at", "id"])
    op.create_index(
        op.f("ix_assistant_act_assistantship_id"), "assistant_act", ["assistantship_id"]
    )


def downgrade() -> None:
    op.drop_table("assistant_act")
    op.drop_table("assistantship")
    op.drop_table("assistant_invitation")
    op.drop_table("trainee")
    op.drop_column("lawyer", "firm_uscc")
