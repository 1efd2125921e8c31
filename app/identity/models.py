"""Tables of identity: accounts, lawyers, bindings, devices, consents, decisions, assistants."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class WechatAccount(Base):
    """A WeChat user of our mini-program 微信账号; the openid is found by its blind index."""

    __tablename__ = "wechat_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    openid_index: Mapped[bytes] = mapped_column(unique=True)
    openid_sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A phone's sign-in; only the SHA-256 of its token is kept."""

    __tablename__ = "login_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Lawyer(Base):
    """A bound lawyer 律师: the register's facts as last seen, identity number and photo sealed."""

    __tablename__ = "lawyer"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    licence_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    data_key: Mapped[bytes]
    identity_no_sealed: Mapped[bytes]
    identity_no_index: Mapped[bytes] = mapped_column(index=True)
    photo_sealed: Mapped[bytes | None]
    firm_name: Mapped[str]
    firm_uscc: Mapped[str | None]
    category: Mapped[str]
    practice_status: Mapped[str]
    status_since: Mapped[date] = mapped_column(Date())
    status_index: Mapped[int] = mapped_column(unique=True)
    synced_at: Mapped[datetime]


class Consent(Base):
    """A separate consent 单独同意 (PIPL art. 29): which text, when, withdrawn when."""

    __tablename__ = "consent"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    kind: Mapped[str]
    version: Mapped[str]
    text_sha256: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Binding(Base):
    """An application to bind a phone to a licence 绑定申请. States: `rules/binding.py`."""

    __tablename__ = "binding"
    __table_args__ = (
        Index(
            "uq_binding_hall_code_open",
            "hall_code_sha256",
            unique=True,
            postgresql_where=text("state = 'officer_pending'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    licence_no: Mapped[str]
    state: Mapped[str]
    device_key: Mapped[bytes]
    device_assurance: Mapped[int]
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    hall_code_sha256: Mapped[bytes | None]
    hall_code_sealed: Mapped[bytes | None]
    face_failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BindingRefusal(Base):
    """A binding attempt that did not match; counted to limit guessing."""

    __tablename__ = "binding_refusal"
    __table_args__ = (Index("ix_binding_refusal_account_id_at", "account_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"))
    at: Mapped[datetime]


class Device(Base):
    """A phone's key bound to a lawyer 设备; a lawyer has one active device at a time."""

    __tablename__ = "device"
    __table_args__ = (
        Index(
            "uq_device_lawyer_id_active",
            "lawyer_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    public_key: Mapped[bytes]
    assurance: Mapped[int]
    way: Mapped[str]
    bound_at: Mapped[datetime]
    person_verified_at: Mapped[datetime]
    last_proof_iat: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class LivenessSession(Base):
    """A challenge-response session 活体检测; frames are never stored here, only measurements."""

    __tablename__ = "liveness_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    binding_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("binding.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("device.id"))
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"))
    device_key: Mapped[bytes]
    licence_no: Mapped[str]
    nonce: Mapped[bytes]
    state: Mapped[str]
    progress: Mapped[dict[str, Any]]
    chain: Mapped[bytes]
    next_seq: Mapped[int]
    analysed_seq: Mapped[int]
    frames_received: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]


class LivenessBatch(Base):
    """A batch of frames that was taken in; the chain names it in the ephemeral store."""

    __tablename__ = "liveness_batch"

    session_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("liveness_session.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[bytes]


class FaceDecision(Base):
    """What a face check decided and on what grounds; the images are gone by then."""

    __tablename__ = "face_decision"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    liveness_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("liveness_session.id"), unique=True)
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"))
    licence_no: Mapped[str]
    passed: Mapped[bool]
    code: Mapped[str]
    scores: Mapped[dict[str, Any]]
    models: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Trainee(Base):
    """A trainee 申请律师执业人员 who helps a lawyer: the register's facts as last seen.

    The identity number was compared once and is not kept.
    """

    __tablename__ = "trainee"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    trainee_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    firm_name: Mapped[str]
    firm_uscc: Mapped[str]
    status: Mapped[str]
    status_since: Mapped[date] = mapped_column(Date())
    synced_at: Mapped[datetime]


class AssistantInvitation(Base):
    """A lawyer's invitation 邀请 to be their assistant; its code works once.

    `cases` NULL means every case. The candidate columns hold a trainee who accepted and whom the
    lawyer has not confirmed yet, with the digits that stand on the trainee's phone.
    """

    __tablename__ = "assistant_invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"), index=True)
    code_sha256: Mapped[bytes] = mapped_column(unique=True)
    code_sealed: Mapped[bytes]
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    cases: Mapped[list[uuid.UUID] | None] = mapped_column(ARRAY(Uuid()))
    until: Mapped[date] = mapped_column(Date())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    candidate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("trainee.id"))
    candidate_account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("wechat_account.id"), index=True
    )
    candidate_digits_sealed: Mapped[bytes | None]
    candidate_tries: Mapped[int] = mapped_column(default=0)


class Assistantship(Base):
    """One person assisting one lawyer 律师助理关系, within what the lawyer gave.

    A lawyer has three slots; that no slot is taken twice is the database's business.
    """

    __tablename__ = "assistantship"
    __table_args__ = (
        CheckConstraint("slot BETWEEN 1 AND 3", name="slot"),
        CheckConstraint("num_nonnulls(assistant_lawyer_id, trainee_id) = 1", name="one_person"),
        Index(
            "uq_assistantship_slot_active",
            "lawyer_id",
            "slot",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_assistantship_assistant_lawyer_active",
            "lawyer_id",
            "assistant_lawyer_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_assistantship_trainee_active",
            "lawyer_id",
            "trainee_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_assistantship_expires_at_active",
            "expires_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assistant_invitation.id"), unique=True
    )
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"), index=True)
    assistant_lawyer_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("lawyer.id"), index=True
    )
    trainee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("trainee.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wechat_account.id"), index=True)
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    cases: Mapped[list[uuid.UUID] | None] = mapped_column(ARRAY(Uuid()))
    slot: Mapped[int]
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class AssistantAct(Base):
    """One thing an assistant did in a lawyer's name 助理办理记录; never changed."""

    __tablename__ = "assistant_act"
    __table_args__ = (Index("ix_assistant_act_lawyer_id_at", "lawyer_id", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assistantship_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assistantship.id"), index=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"))
    at: Mapped[datetime]
    act: Mapped[str]
    case_id: Mapped[uuid.UUID | None]
    summary: Mapped[str]
