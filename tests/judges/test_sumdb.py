"""Our checkpoints and proofs, judged by Go's golang.org/x/mod/sumdb (Debian's package)."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from credential.checkpoint import Checkpoint, VerifierKey, cosign, with_signatures
from credential.keys import Algorithm, SoftwareSigner
from credential.merkle import leaf_hash
from credential.tiles import TileTree

GOPATH = Path("/usr/share/gocode")
ORIGIN = "log.example/luzheng"
LOG = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(32)))
WITNESS = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(1, 33)))
SIZES = (1, 2, 3, 255, 256, 257, 1000, 70_000)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sumdb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The judge, compiled from Debian's sources."""
    go = shutil.which("go")
    if go is None or not (GOPATH / "src/golang.org/x/mod/sumdb/note").is_dir():
        pytest.skip("golang-go or golang-golang-x-mod-dev is not installed")
    folder = tmp_path_factory.mktemp("go")
    program = folder / "sumdb"
    subprocess.run(
        [go, "build", "-o", str(program), str(Path(__file__).with_name("sumdb.go"))],
        env={**os.environ, "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(folder)},
        check=True,
        timeout=240,
    )
    return program


@pytest.fixture(scope="module")
def tree() -> TileTree:
    tree = TileTree(size=0, read=lambda _: b"")
    tree.append([leaf_hash(entry(n)) for n in range(max(SIZES))])
    return tree


def entry(number: int) -> bytes:
    return f"entry {number}".encode()


def question(tree: TileTree, *, old: int, new: int, index: int) -> dict[str, Any]:
    def b64(data: bytes) -> str:
        return base64.b64encode(data).decode()

    note = Checkpoint(ORIGIN, new, tree.root(new)).sign(LOG)
    line = cosign(note, name="witness.example", signer=WITNESS, at=1_795_000_000)
    return {
        "vkey": VerifierKey.of(ORIGIN, LOG.public).encode(),
        "old": Checkpoint(ORIGIN, old, tree.root(old)).sign(LOG),
        "new": with_signatures(note, [line]),
        "leaf": b64(entry(index)),
        "index": index,
        "inclusion": list(map(b64, tree.inclusion_proof(index, new))),
        "consistency": list(map(b64, tree.consistency_proof(old, new))),
    }


def judged(sumdb: Path, asked: dict[str, Any]) -> tuple[int, str]:
    done = subprocess.run(
        [sumdb], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("new", SIZES)
def test_go_agrees(sumdb: Path, tree: TileTree, new: int) -> None:
    for old in (size for size in SIZES if size <= new):
        asked = question(tree, old=old, new=new, index=old - 1)
        assert judged(sumdb, asked) == (0, f"{old} of {new}\n")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"leaf": base64.b64encode(b"another").decode()}, "inclusion"),
        ({"index": 4}, "inclusion"),
        ({"consistency": []}, "consistency"),
        ({"vkey": VerifierKey.of(ORIGIN, WITNESS.public).encode()}, "note"),
    ],
)
def test_go_refuses_what_is_wrong(
    sumdb: Path, tree: TileTree, change: dict[str, Any], complaint: str
) -> None:
    code, said = judged(sumdb, question(tree, old=257, new=1000, index=5) | change)
    assert (code, said.startswith(complaint)) == (1, True), said


def test_go_refuses_a_changed_checkpoint(sumdb: Path, tree: TileTree) -> None:
    asked = question(tree, old=257, new=1000, index=5)
    asked["new"] = asked["new"].replace("\n1000\n", "\n1001\n")
    assert judged(sumdb, asked)[0] == 1
