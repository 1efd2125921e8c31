"""Short codes: text, RFC 6238, the window, and the memory that pyotp does not have."""

import hashlib

import pyotp
import pytest

from credential.errors import Malformed, Replayed, ShortCodeWrong
from credential.short_code import INTERVAL, ShortCode, make_text, match_step, parse, totp_at
from tests.credential.vectors.generate import AT, HANDLE, SEED

STEP = AT // INTERVAL


def code(steps: int = 0) -> str:
    return totp_at(seed_b32=SEED, at=AT + steps * INTERVAL)


def test_text() -> None:
    text = make_text(handle=HANDLE, totp="01234567")
    assert (text, len(text)) == (f"LVZ3:{HANDLE}-01234567", 30)
    assert parse(text) == ShortCode(HANDLE, "01234567")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LVZ3:",
        f"LVZ3:{HANDLE}-1234567",
        f"LVZ3:{HANDLE}-123456789",
        f"LVZ3:{HANDLE}12345678",
        f"LVZ3:{HANDLE[:-1]}-12345678",
        f"LVZ3:{HANDLE.lower()}-12345678",
        f"LVZ3:{HANDLE[:-1]}1-12345678",
        f"LVZ3:{HANDLE}-1234567٣",
        f"LVZ3:{HANDLE}-12345678\n",
        f" LVZ3:{HANDLE}-12345678",
        f"LVZ1:{HANDLE}-12345678",
    ],
)
def test_refused_texts(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_refused_parts() -> None:
    with pytest.raises(Malformed):
        make_text(handle="short", totp="12345678")
    with pytest.raises(Malformed):
        make_text(handle=HANDLE, totp="1234")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_window(steps: int) -> None:
    assert match_step(seed_b32=SEED, code=code(steps), at=AT) == STEP + steps


@pytest.mark.parametrize("steps", [-2, 2, -100])
def test_outside_the_window(steps: int) -> None:
    with pytest.raises(ShortCodeWrong):
        match_step(seed_b32=SEED, code=code(steps), at=AT)


def test_a_code_works_once() -> None:
    step = match_step(seed_b32=SEED, code=code(), at=AT)
    with pytest.raises(Replayed):
        match_step(seed_b32=SEED, code=code(), at=AT, after_step=step)
    with pytest.raises(Replayed):
        match_step(seed_b32=SEED, code=code(-1), at=AT, after_step=step)
    assert match_step(seed_b32=SEED, code=code(1), at=AT, after_step=step) == step + 1


def test_pyotp_alone_would_accept_it_twice() -> None:
    totp = pyotp.TOTP(SEED, digits=8, digest=hashlib.sha256, interval=15)
    assert totp.verify(code(), for_time=AT, valid_window=1)
    assert totp.verify(code(), for_time=AT, valid_window=1)


@pytest.mark.parametrize("wrong", ["", "00000000", "1234567", "法院", "\ud800", "1" * 10_000])
def test_wrong_codes(wrong: str) -> None:
    with pytest.raises(ShortCodeWrong):
        match_step(seed_b32=SEED, code=wrong, at=AT)


@pytest.mark.parametrize("seed", ["", "JBSWY3DP", SEED.lower(), SEED + "=", "A" * 33, "A" * 56])
def test_weak_or_broken_seeds(seed: str) -> None:
    with pytest.raises(Malformed):
        totp_at(seed_b32=seed, at=AT)


def test_first_step_of_time() -> None:
    assert match_step(seed_b32=SEED, code=totp_at(seed_b32=SEED, at=0), at=0) == 0
