"""How a file is cut into chunks, named, and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.rules.file_types import MediaType
from app.court.casefile.rules.uploads import (
    CHUNK,
    MaterialKind,
    MaterialState,
    chunk_length,
    chunks_of,
    clean_name,
    kept_until,
    missing,
    shown_name,
    too_large_for_name,
)


@given(size=st.integers(1, 300_000_000))
def test_the_chunks_of_a_file_are_the_file(size: int) -> None:
    lengths = [chunk_length(size=size, index=index) for index in range(chunks_of(size))]
    assert sum(filter(None, lengths)) == size
    assert None not in lengths
    assert set(lengths[:-1]) <= {CHUNK}
    assert chunk_length(size=size, index=len(lengths)) is None
    assert chunk_length(size=size, index=-1) is None


@given(size=st.integers(1, 20 * CHUNK), arrived=st.sets(st.integers(0, 19)))
def test_what_is_missing_and_what_is_here_are_the_whole(size: int, arrived: set[int]) -> None:
    gone = missing(size=size, arrived=arrived)
    assert gone == sorted(gone)
    assert set(gone) | (arrived & set(range(chunks_of(size)))) == set(range(chunks_of(size)))
    assert not set(gone) & arrived


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("起诉状.pdf", "起诉状.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\律师\\证据 1.jpg", "证据 1.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\n", ""),
        (" . ", ""),
        ("..", ""),
        ("/", ""),
    ],
)
def test_a_name_is_shown_without_folders_and_tricks(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=200))
def test_a_clean_name_is_clean(name: str) -> None:
    clean = clean_name(name)
    assert clean_name(clean) == clean
    assert not set(clean) & set("/\\\x00\r\n")


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("a.pdf", MediaType.PDF, "a.pdf"),
        ("A.PDF", MediaType.PDF, "A.PDF"),
        ("invoice.exe", MediaType.PDF, "invoice.exe.pdf"),
        ("照片", MediaType.JPEG, "照片.jpg"),
        ("照片.jpeg", MediaType.JPEG, "照片.jpeg"),
        ("照片.jpg", MediaType.PNG, "照片.jpg.png"),
    ],
)
def test_the_ending_of_a_name_is_true(name: str, kind: MediaType, shown: str) -> None:
    assert shown_name(name, kind) == shown


@pytest.mark.parametrize(
    ("name", "size", "limit"),
    [
        ("a.pdf", 200_000_000, None),
        ("a.pdf", 200_000_001, 200_000_000),
        ("a.JPG", 20_000_000, None),
        ("a.JPG", 20_000_001, 20_000_000),
        ("a.ofd", 20_000_001, 20_000_000),
        ("a", 20_000_001, None),
    ],
)
def test_what_is_too_large_by_its_name(name: str, size: int, limit: int | None) -> None:
    assert too_large_for_name(name=name, size=size) == limit


def test_what_nobody_wants_is_kept_for_a_while() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)

    def until(state: MaterialState, *, attached: bool = False) -> datetime | None:
        return kept_until(state=state, touched_at=at, attached=attached)

    assert until(MaterialState.UPLOADING) == until(MaterialState.REFUSED) == at + timedelta(days=7)
    assert until(MaterialState.STORED) == at + timedelta(days=30)
    assert until(MaterialState.STORED, attached=True) is None
    assert until(MaterialState.CHECKING) is None


def test_every_kind_and_state_has_a_word() -> None:
    words = [word.label for word in (*MaterialKind, *MaterialState)]
    assert all(words)
    assert len(set(words)) == len(words)
