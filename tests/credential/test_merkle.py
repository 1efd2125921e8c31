"""RFC 9162 trees against vectors nobody here wrote, and against the definition itself."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credential import merkle
from credential.errors import LogProofInvalid, Malformed
from credential.merkle import check_consistency, check_inclusion, leaf_hash, node_hash
from credential.tiles import (
    TILE_SIZE,
    WIDTH,
    TileId,
    TileRange,
    TileTree,
    parse_tile_path,
    tile_path,
    tiles_of,
)
from tests.shared_data import load_json, vectors

# The eight leaves and their roots that certificate-transparency's own tests have used since
# RFC 6962 (github.com/transparency-dev/merkle, Apache-2.0: testonly/constants.go).
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def missing(tile: TileId) -> bytes:
    raise AssertionError(f"asked for {tile}")


def grown(hashes: list[bytes], *steps: int) -> TileTree:
    """A tree that grew in these steps, then by what is left."""
    tree = TileTree(size=0, read=missing)
    for step in steps:
        tree.append(hashes[tree.size : tree.size + step])
    tree.append(hashes[tree.size :])
    return tree


def defined_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(defined_root(hashes[:k]), defined_root(hashes[k:]))


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_of_rfc_6962(size: int) -> None:
    hashes = [leaf_hash(entry) for entry in LEAVES[:size]]
    assert grown(hashes).root().hex() == ROOTS[size]


def cases(kind: str) -> list[tuple[Path, dict[str, Any]]]:
    folder = vectors("rfc9162", "testdata", kind)
    return [(path, load_json(path)) for path in sorted(folder.rglob("*.json"))]


def decoded(case: dict[str, Any], *names: str) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(case[name] or "") for name in names)


def refused(work: Any) -> bool:
    try:
        work()
    except LogProofInvalid:
        return True
    return False


def test_inclusion_vectors_of_transparency_dev() -> None:
    found = cases("inclusion")
    for path, case in found:
        leaf, root = decoded(case, "leafHash", "root")
        proof = [base64.b64decode(one) for one in case["proof"] or ()]
        wrong = refused(
            lambda case=case, leaf=leaf, root=root, proof=proof: check_inclusion(
                leaf, index=case["leafIdx"], size=case["treeSize"], proof=proof, root=root
            )
        )
        assert wrong is case["wantErr"], path
    assert len(found) == 98


def test_consistency_vectors_of_transparency_dev() -> None:
    found = cases("consistency")
    stricter = []
    for path, case in found:
        old_root, new_root = decoded(case, "root1", "root2")
        proof = [base64.b64decode(one) for one in case["proof"] or ()]
        wrong = refused(
            lambda case=case, a=old_root, b=new_root, proof=proof: check_consistency(
                old=case["size1"], new=case["size2"], proof=proof, old_root=a, new_root=b
            )
        )
        if wrong and not case["wantErr"]:
            stricter.append(case)
        else:
            assert wrong is case["wantErr"], path
    assert len(found) == 98
    # We refuse placeholder roots of another length, and a "proof" from the empty tree.
    assert all(c["size1"] == 0 or len(base64.b64decode(c["root1"])) != 32 for c in stricter)
    assert len(stricter) <= 2


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, 1200), data=st.data())
def test_every_proof_leads_to_the_defined_root(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    steps = data.draw(st.lists(st.integers(1, 400), max_size=4))
    tree = grown(hashes, *steps)
    root = defined_root(hashes)
    assert tree.root() == root
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size)
    check_inclusion(hashes[index], index=index, size=size, proof=proof, root=root)
    old = data.draw(st.integers(1, size))
    old_root = defined_root(hashes[:old])
    assert tree.root(old) == old_root
    path = tree.consistency_proof(old, size)
    check_consistency(old=old, new=size, proof=path, old_root=old_root, new_root=root)


@settings(max_examples=200, deadline=None)
@given(size=st.integers(2, 300), data=st.data())
def test_nothing_else_is_proven(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    tree = grown(hashes)
    root = tree.root()
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(index, size)
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = list(proof)
    flipped[at] = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    for wrong in (
        lambda: check_inclusion(hashes[index], index=index, size=size, proof=flipped, root=root),
        lambda: check_inclusion(hashes[index], index=other, size=size, proof=proof, root=root),
        lambda: check_inclusion(hashes[other], index=index, size=size, proof=proof, root=root),
        lambda: check_inclusion(hashes[index], index=index, size=size, proof=proof[1:], root=root),
        lambda: check_inclusion(
            hashes[index], index=index, size=size, proof=[*proof, root], root=root
        ),
    ):
        assert refused(wrong)


@settings(max_examples=100, deadline=None)
@given(size=st.integers(2, 400), data=st.data())
def test_a_rewritten_past_is_not_consistent(size: int, data: st.DataObject) -> None:
    hashes = numbered(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = list(hashes)
    rewritten[changed] = leaf_hash(b"another")
    tree = grown(rewritten)
    assert refused(
        lambda: check_consistency(
            old=old,
            new=size,
            proof=tree.consistency_proof(old, size),
            old_root=defined_root(hashes[:old]),
            new_root=tree.root(),
        )
    )


@pytest.mark.parametrize(
    ("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, merkle.MAX_SIZE + 1), (1 << 70, 1 << 71)]
)
def test_leaves_that_cannot_be(index: int, size: int) -> None:
    root = bytes(32)
    assert refused(lambda: check_inclusion(root, index=index, size=size, proof=[], root=root))
    assert refused(lambda: merkle.inclusion_proof(lambda *_: root, index, size))


def test_hashes_have_32_bytes() -> None:
    leaf = leaf_hash(b"")
    assert refused(lambda: check_inclusion(leaf, index=0, size=1, proof=[], root=leaf[:31]))
    assert refused(lambda: check_consistency(old=1, new=1, proof=[], old_root=b"", new_root=b""))


# --- tiles ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tile", "width", "path"),
    [
        (TileId(0, 0), WIDTH, "0/000"),
        (TileId(0, 5), 1, "0/005.p/1"),
        (TileId(1, 1234067), WIDTH, "1/x001/x234/067"),
        (TileId(3, 1000), 255, "3/x001/000.p/255"),
    ],
)
def test_paths_of_tiles(tile: TileId, width: int, path: str) -> None:
    assert tile_path(tile, width) == path
    assert parse_tile_path(path) == TileRange(tile, width)


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/1", "0/0000", "8/000", "00/000", "0/x000/001", "0/x001/x234", "0/001/002",
     "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/257", "0/000.p", "0/٠٠٠", "0/000\n",
     "-1/000", "0/../000"],
)  # fmt: skip
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(Malformed):
        parse_tile_path(path)


def test_a_tree_is_read_back_from_its_tiles() -> None:
    hashes = numbered(70_000)
    tree = grown(hashes, 1, 255, 256, 65_000)
    kept = dict(tree.changed)
    assert {tile: len(data) // 32 for tile, data in kept.items()} == {
        one.tile: one.width for one in tiles_of(70_000)
    }
    assert max(map(len, kept.values())) == TILE_SIZE
    asked: list[TileId] = []

    def read(tile: TileId) -> bytes:
        asked.append(tile)
        return kept[tile]

    again = TileTree(size=70_000, read=read)
    root = again.root()
    proof = again.inclusion_proof(12_345, 70_000)
    check_inclusion(hashes[12_345], index=12_345, size=70_000, proof=proof, root=root)
    assert root == tree.root()
    assert len(asked) == len(set(asked)) <= 6


def test_a_missing_tile_is_an_error_not_a_wrong_proof() -> None:
    tree = TileTree(size=300, read=lambda _: b"")
    assert refused(tree.root)
    assert refused(lambda: tree.inclusion_proof(301, 300))
    assert refused(lambda: tree.inclusion_proof(0, 301))
