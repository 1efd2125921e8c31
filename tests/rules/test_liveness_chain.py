"""The chain of frames, checked against the definition written out by hand."""

import base64
import hashlib

import pytest

from app.identity.rules.liveness_chain import first_link, links_to, next_link, signed_message

FRAMES = [(b"one", 100, -1), (b"two", 200, 0), (b"three", 300, 7)]


def by_hand() -> bytes:
    link = hashlib.sha256(b"lvz-frames:v1:7f3c:bm9uY2U").digest()
    for jpeg, t, shown in FRAMES:
        place = t.to_bytes(4, "big") + shown.to_bytes(1, "big", signed=True)
        link = hashlib.sha256(link + hashlib.sha256(jpeg).digest() + place).digest()
    return link


def test_the_chain_is_the_contracts() -> None:
    start = first_link(session_id="7f3c", nonce="bm9uY2U")
    assert links_to(by_hand(), previous=start, frames=FRAMES)


@pytest.mark.parametrize(
    "frames",
    [
        [(b"ONE", 100, -1), *FRAMES[1:]],
        [(b"one", 101, -1), *FRAMES[1:]],
        [(b"one", 100, 0), *FRAMES[1:]],
        [FRAMES[1], FRAMES[0], FRAMES[2]],
        FRAMES[:2],
        [*FRAMES, (b"four", 400, -1)],
        [(b"one", -1, -1), *FRAMES[1:]],
        [(b"one", 100, 300), *FRAMES[1:]],
        [(b"one", 2**32, -1), *FRAMES[1:]],
    ],
)
def test_any_change_breaks_it(frames: list[tuple[bytes, int, int]]) -> None:
    start = first_link(session_id="7f3c", nonce="bm9uY2U")
    assert not links_to(by_hand(), previous=start, frames=frames)


def test_another_session_or_nonce_starts_elsewhere() -> None:
    starts = {first_link(session_id=i, nonce=n) for i in ("a", "b") for n in ("x", "y")}
    assert len(starts) == 4


def test_a_time_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="out of range"):
        next_link(bytes(32), jpeg=b"", t=-1, shown=0)


def test_the_signed_message_names_session_batch_and_link() -> None:
    text = base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
    message = signed_message(session_id="7f3c", seq=4, chain=bytes(32))
    assert message == f"lvz-frames:v1:7f3c:4:{text}".encode()
