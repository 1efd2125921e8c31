"""The address that e-mails go to 接收邮箱: confirmed by a code before it is used, kept sealed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from app.kernel import outbox
from app.kernel.field_crypto import FieldCrypto
from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.errors import CodeOver, CodeWrong, EmailInvalid, TooManyCodes
from app.notification.models.channels import NoticeEmail, NoticeEmailCode
from app.notification.queries import channels as reads
from app.notification.rules import addresses, letters
from app.notification.rules.channels import Channel
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.mail import Letter, Mail, MailRefused

CODE = "notice.code"


@dataclass(frozen=True, kw_only=True)
class EmailStanding:
    """What a screen shows: the address in use and the one that waits for its code, masked."""

    address: str | None
    waiting: str | None


class Emails:
    """Use cases around the address."""

    def __init__(self, *, mail: Mail, crypto: FieldCrypto, clock: Clock, entropy: Entropy) -> None:
        self._mail = mail
        self._crypto = crypto
        self._clock = clock
        self._entropy = entropy

    def ask(self, *, account_id: uuid.UUID, typed: str) -> None:
        """Send a code to an address; raises `EmailInvalid`, `TooManyCodes`."""
        address = addresses.tidy(typed)
        if address is None:
            raise EmailInvalid
        at = self._clock.now()
        digits = addresses.code(self._entropy.below(1_000_000))
        with unit_of_work() as tx:
            row = self._locked(tx, account_id=account_id)
            self._count(tx, account_id=account_id, address=address, at=at)
            row.waiting_sealed = self._seal(address, row, "waiting")
            row.code_sealed = self._seal(digits, row, "code")
            row.code_expires_at = at + addresses.CODE_LIFE
            row.tries_left = addresses.CODE_TRIES
            reference = str(self._entropy.uuid())
            payload = {"account_id": str(account_id), "reference": reference}
            outbox.enqueue(tx, topic=CODE, payload=payload, at=at)

    def confirm(self, *, account_id: uuid.UUID, code: str) -> None:
        """Take the waiting address into use; raises `CodeOver`, `CodeWrong`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._locked(tx, account_id=account_id)
            if not _waits(row, at=at) or row.code_sealed is None or row.waiting_sealed is None:
                raise CodeOver
            row.tries_left -= 1
            right = compare_digest(self._open(row.code_sealed, row, "code"), code.encode())
            left = row.tries_left
            if right:
                address = self._open(row.waiting_sealed, row, "waiting").decode()
                row.address_sealed = self._seal(address, row, "address")
                row.confirmed_at = at
                _forget_code(row)
        if not right:
            raise CodeWrong(tries_left=left)

    def remove(self, *, account_id: uuid.UUID) -> None:
        """Forget every address, and withdraw the consent to be written to."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._locked(tx, account_id=account_id)
            tx.delete(row)
            consent = reads.consent(tx, account_id=account_id, channel=Channel.EMAIL)
            if consent is not None:
                consent.withdrawn_at = at

    def standing(self, tx: Tx, *, account_id: uuid.UUID, at: datetime) -> EmailStanding:
        """Say what is there, masked."""
        row = tx.get(NoticeEmail, account_id)
        if row is None:
            return EmailStanding(address=None, waiting=None)
        address = self._address(row)
        waiting = None
        if row.waiting_sealed is not None and _waits(row, at=at):
            waiting = addresses.masked(self._open(row.waiting_sealed, row, "waiting").decode())
        return EmailStanding(
            address=None if address is None else addresses.masked(address), waiting=waiting
        )

    def address(self, tx: Tx, *, account_id: uuid.UUID) -> str | None:
        """Return the confirmed address."""
        row = tx.get(NoticeEmail, account_id)
        return None if row is None else self._address(row)

    def send_code(self, message: Message) -> None:
        """Send the code that waits (worker); a refused address simply never gets one."""
        account_id = uuid.UUID(message.payload["account_id"])
        at = self._clock.now()
        with unit_of_work() as tx:
            row = tx.get(NoticeEmail, account_id)
            if row is None or row.waiting_sealed is None or row.code_sealed is None:
                return
            if not _waits(row, at=at):
                return
            address = self._open(row.waiting_sealed, row, "waiting").decode()
            digits = self._open(row.code_sealed, row, "code").decode()
        minutes = int(addresses.CODE_LIFE.total_seconds() // 60)
        text = letters.code(digits, minutes=minutes)
        letter = Letter(
            to=address,
            subject=text.subject,
            text=text.text,
            reference=message.payload["reference"],
        )
        try:
            self._mail.send(letter)
        except MailRefused:
            return

    def _locked(self, tx: Tx, *, account_id: uuid.UUID) -> NoticeEmail:
        row = tx.get(NoticeEmail, account_id, with_for_update=True)
        if row is None:
            row = NoticeEmail(account_id=account_id, tries_left=0)
            tx.add(row)
            tx.flush()
        return row

    def _count(self, tx: Tx, *, account_id: uuid.UUID, address: str, at: datetime) -> None:
        index = self._crypto.blind_index(column="notice_email.address", value=address.lower())
        asked = reads.codes_since(
            tx, account_id=account_id, address_index=index, since=at - timedelta(hours=1)
        )
        if asked >= addresses.CODES_PER_HOUR:
            raise TooManyCodes
        tx.add(
            NoticeEmailCode(
                id=self._entropy.uuid(), account_id=account_id, address_index=index, at=at
            )
        )

    def _address(self, row: NoticeEmail) -> str | None:
        sealed = row.address_sealed
        return None if sealed is None else self._open(sealed, row, "address").decode()

    def _seal(self, value: str, row: NoticeEmail, column: str) -> bytes:
        return self._crypto.seal_alone(value.encode(), aad=_aad(row, column))

    def _open(self, value: bytes, row: NoticeEmail, column: str) -> bytes:
        return self._crypto.open_alone(value, aad=_aad(row, column))


def _aad(row: NoticeEmail, column: str) -> str:
    return f"notice_email.{column}:{row.account_id}"


def _waits(row: NoticeEmail, *, at: datetime) -> bool:
    expires = row.code_expires_at
    return expires is not None and at < expires and row.tries_left > 0


def _forget_code(row: NoticeEmail) -> None:
    row.waiting_sealed = None
    row.code_sealed = None
    row.code_expires_at = None
    row.tries_left = 0
