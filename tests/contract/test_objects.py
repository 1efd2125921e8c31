"""Objects in a folder."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.embedded.objects import FolderObjects
from app.ports.objects import ObjectMissing, Objects, ObjectsUnavailable


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    names = itertools.count()
    return FolderObjects(folder=tmp_path / "objects", name=lambda: str(next(names)))


def test_an_object_is_found_under_its_digest(objects: Objects) -> None:
    key = objects.put([b"one", b"", b"two"])
    assert key == hashlib.sha256(b"onetwo").hexdigest()
    assert b"".join(objects.get(key)) == b"onetwo"
    assert objects.exists(key)
    assert objects.put([b"onetwo"]) == key
    objects.delete(key)
    objects.delete(key)
    assert not objects.exists(key)
    with pytest.raises(ObjectMissing):
        objects.get(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_what_is_no_key_is_nowhere(objects: Objects, key: str) -> None:
    with pytest.raises(ObjectMissing):
        objects.get(key)
    with pytest.raises(ObjectMissing):
        objects.delete(key)


def test_a_writer_that_fails_leaves_nothing(objects: Objects, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the sender is gone")

    with pytest.raises(RuntimeError):
        objects.put(pieces())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_damage_is_noticed(objects: Objects, tmp_path: Path) -> None:
    key = objects.put([b"evidence"])
    next(tmp_path.rglob(key)).write_bytes(b"evidencE")
    with pytest.raises(ObjectsUnavailable):
        list(objects.get(key))


def test_old_objects_are_listed_and_unfinished_ones_deleted(
    objects: Objects, tmp_path: Path
) -> None:
    old, new = objects.put([b"old"]), objects.put([b"new"])
    unfinished = tmp_path / "objects" / "unfinished" / "x"
    unfinished.write_bytes(b"half")
    for path in (next(tmp_path.rglob(old)), unfinished):
        os.utime(path, (1, 1))
    moment = datetime.now(tz=UTC) - timedelta(hours=1)
    assert list(objects.written_before(moment)) == [old]
    assert not unfinished.exists()
    assert objects.exists(new)


def test_nobody_else_may_look_into_the_folder(objects: Objects, tmp_path: Path) -> None:
    key = objects.put([b"x"])
    assert next(tmp_path.rglob(key)).parent.stat().st_mode & 0o077 == 0
