"""A whole log: every tile computed again, and the past compared with what was seen before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from credential.checkpoint import Checkpoint, VerifierKey
from credential.merkle import HASH_SIZE
from credential.tiles import TileId, TileTree, tile_path, tiles_of
from lvz_ledger.failure import CheckFailed
from lvz_ledger.source import Folder, Source, read_tile


@dataclass(frozen=True, kw_only=True)
class Log:
    """A log that was read whole and is sound in itself."""

    note: str
    checkpoint: Checkpoint
    tree: TileTree


def read_log(source: Source, *, key: VerifierKey) -> Log:
    """Read a whole log; raises `CheckFailed` or an error of `credential`.

    The tree is computed from the leaf hashes alone; the signed root and every other tile must
    come out.
    """
    note = source.read("checkpoint").decode(errors="replace")
    checkpoint = Checkpoint.opened(note, key=key)
    tree = TileTree(size=0, read=_nothing)
    wanted = tiles_of(checkpoint.size)
    for one in wanted:
        if one.tile.level == 0:
            tree.append(_hashes(read_tile(source, one)))
    for one in wanted:
        if one.tile.level and read_tile(source, one) != tree.changed[one.tile]:
            raise CheckFailed(f"散列块 {tile_path(*one)} 与叶不符。")
    if tree.root() != checkpoint.root:
        raise CheckFailed("由全部叶算出的根与签名的检查点不符：有叶被改动、删去或调换。")
    return Log(note=note, checkpoint=checkpoint, tree=tree)


def check_past(log: Log, earlier: str, *, key: VerifierKey) -> Checkpoint:
    """Check that the log begins with one that was seen before; return that one."""
    old = Checkpoint.opened(earlier, key=key)
    if old.size > log.checkpoint.size:
        raise CheckFailed(f"账本变短了：曾有{old.size}条，现有{log.checkpoint.size}条。")
    if log.tree.root(old.size) != old.root:
        raise CheckFailed(f"前{old.size}条与曾经签名的不同：有叶被改动、删去或调换。")
    return old


def check_mirror(log: Log, mirror: Folder, *, size: int) -> None:
    """Say which leaf is not the one that was copied before; raises `CheckFailed`."""
    for one in tiles_of(size):
        if one.tile.level:
            continue
        before, now = read_tile(mirror, one), log.tree.changed[one.tile]
        for place, (old, new) in enumerate(zip(_hashes(before), _hashes(now), strict=False)):
            if old != new:
                raise CheckFailed(f"第{one.tile.number * 256 + place}条与先前的副本不同。")


def remember(file: Path, log: Log) -> None:
    """Keep the checkpoint for the next time."""
    file.write_text(log.note, encoding="utf-8")


def copy(log: Log, mirror: Folder) -> None:
    """Keep the whole log; the checkpoint last, so that a broken copy is still the old one."""
    for one in tiles_of(log.checkpoint.size):
        mirror.write(f"tile/{tile_path(*one)}", log.tree.changed[one.tile])
    mirror.write("checkpoint", log.note.encode())


def _hashes(data: bytes) -> list[bytes]:
    return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]


def _nothing(_: TileId) -> bytes:
    return b""
