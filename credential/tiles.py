"""Tiles: how a log keeps and publishes its hashes (c2sp.org/tlog-tiles).

A tile of level L holds up to 256 hashes side by side: the complete nodes of level 8 L of the
tree, from number `256 * number` on. Tiles of level 0 hold leaf hashes; a tile of level L + 1 holds
the roots of full tiles of level L. A tile that is not full yet only grows, so whoever has it can
serve every shorter version of it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from credential import merkle
from credential.errors import LogProofInvalid, Malformed
from credential.merkle import HASH_SIZE, node_hash

HEIGHT: Final = 8
#: Hashes in a full tile.
WIDTH: Final = 1 << HEIGHT
#: Bytes of a full tile.
TILE_SIZE: Final = WIDTH * HASH_SIZE
#: No tree of ours grows beyond 62 levels.
MAX_LEVEL: Final = 7

_PATH: Final = re.compile(
    r"(0|[1-7])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


class TileId(NamedTuple):
    """Which tile."""

    level: int
    number: int


class TileRange(NamedTuple):
    """A tile and how many of its hashes are meant; 256 is the full one."""

    tile: TileId
    width: int


def tile_path(tile: TileId, width: int = WIDTH) -> str:
    """The path of a tile under `tile/`, such as `0/x001/x234/067` or `1/000.p/17`."""
    groups = []
    rest = tile.number
    while True:
        rest, group = divmod(rest, 1000)
        groups.append(f"{group:03d}")
        if not rest:
            break
    number = "/".join([*(f"x{group}" for group in groups[:0:-1]), groups[0]])
    return f"{tile.level}/{number}" + ("" if width == WIDTH else f".p/{width}")


def parse_tile_path(path: str) -> TileRange:
    """Read a path that `tile_path` writes. Raises `Malformed` for every other."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Malformed("tile: not a path")
    index = int(found[2].replace("x", "").replace("/", ""))
    wanted = TileRange(TileId(int(found[1]), index), int(found[3] or WIDTH))
    if tile_path(*wanted) != path or wanted.width > WIDTH:
        raise Malformed("tile: not a canonical path")
    return wanted


def tiles_of(size: int) -> list[TileRange]:
    """Every tile of a tree of `size` leaves, level by level from left to right."""
    found = []
    for level in range(MAX_LEVEL + 1):
        full, rest = divmod(size >> (HEIGHT * level), WIDTH)
        found += [TileRange(TileId(level, index), WIDTH) for index in range(full)]
        if rest:
            found.append(TileRange(TileId(level, full), rest))
    return found


#: Gives the bytes of a tile, at least as many as the tree of the caller's size needs.
ReadTile = Callable[[TileId], bytes]


class TileTree:
    """The tree of the first `size` leaves of a log, read from tiles; it can grow.

    `read` is asked once for each tile that is needed. `changed` collects the new bytes of all
    tiles that `append` touched: writing them down makes the growth last.
    """

    def __init__(self, *, size: int, read: ReadTile) -> None:
        self.size = size
        self.changed: dict[TileId, bytes] = {}
        self._read = read
        self._tiles: dict[TileId, bytes] = {}
        self._nodes: dict[tuple[int, int], bytes] = {}

    def root(self, size: int | None = None) -> bytes:
        """The root now, or when the tree had `size` leaves."""
        return merkle.root(self.node, self.size if size is None else self._known(size))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The audit path of a leaf; raises `LogProofInvalid`."""
        return merkle.inclusion_proof(self.node, index, self._known(size))

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """The proof between two sizes; raises `LogProofInvalid`."""
        return merkle.consistency_proof(self.node, old, self._known(new))

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete node. Raises `LogProofInvalid` when a tile is too short."""
        known = self._nodes.get((level, index))
        if known is None:
            known = self._nodes[level, index] = self._from_tile(level, index)
        return known

    def append(self, hashes: Sequence[bytes]) -> None:
        """Grow by leaves with these hashes."""
        position, level, new = self.size, 0, list(hashes)
        while new:
            position, new = self._extend(level, position, new)
            level += 1
        self.size += len(hashes)

    def _extend(self, level: int, position: int, new: list[bytes]) -> tuple[int, list[bytes]]:
        """Put hashes into the tiles of one level; return what that means for the next."""
        filled = []
        taken = 0
        while taken < len(new):
            index, have = divmod(position + taken, WIDTH)
            part = new[taken : taken + WIDTH - have]
            tile = TileId(level, index)
            old = self._tile(tile)[: have * HASH_SIZE] if have else b""
            data = old + b"".join(part)
            self._tiles[tile] = self.changed[tile] = data
            if len(data) == TILE_SIZE:
                filled.append(_fold(data))
            taken += len(part)
        return position // WIDTH, filled

    def _from_tile(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile_index, offset = divmod(index << height, WIDTH)
        start, stop = offset * HASH_SIZE, (offset + (1 << height)) * HASH_SIZE
        hashes = self._tile(TileId(tile_level, tile_index))[start:stop]
        if len(hashes) != stop - start:
            raise LogProofInvalid("a tile is missing or too short")
        return _fold(hashes)

    def _tile(self, tile: TileId) -> bytes:
        known = self._tiles.get(tile)
        if known is None:
            known = self._tiles[tile] = self._read(tile)
        return known

    def _known(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise LogProofInvalid("the log is not that long")
        return size


def _fold(hashes: bytes) -> bytes:
    """The root over a power of two of hashes."""
    row = [hashes[i : i + HASH_SIZE] for i in range(0, len(hashes), HASH_SIZE)]
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]
