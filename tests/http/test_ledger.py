"""The published log over HTTP: anybody can follow it with what is served here."""

from __future__ import annotations

import base64

import pytest
from flask.testing import FlaskClient

from credential.checkpoint import COSIGNATURE_V1, Checkpoint, VerifierKey, cosign, with_signatures
from credential.keys import Algorithm, SoftwareSigner
from credential.merkle import check_consistency, check_inclusion
from credential.tiles import TileTree, tile_path, tiles_of
from tests.service.test_ledger import append, drain, event
from tests.world import World
from tests.world_fixtures import Build

WITNESS = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(32))
VKEY = VerifierKey.of("witness.example", WITNESS.public, kind=COSIGNATURE_V1)


@pytest.fixture
def log(world: World) -> FlaskClient:
    for count in (3, 297):
        append(world, *(event() for _ in range(count)))
        drain(world)
    return world.app.test_client()


def newest(client: FlaskClient, query: str = "") -> Checkpoint:
    key = VerifierKey.parse(client.get("/ledger/key").text.strip())
    answer = client.get(f"/ledger/checkpoint{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return Checkpoint.opened(answer.text, key=key)


def decoded(hashes: list[str]) -> list[bytes]:
    return [base64.b64decode(one) for one in hashes]


def test_the_tree_is_rebuilt_from_the_tiles(log: FlaskClient) -> None:
    state = newest(log)
    tiles = {}
    for one in tiles_of(state.size):
        answer = log.get(f"/ledger/tile/{tile_path(*one)}")
        assert answer.status_code == 200
        tiles[one.tile] = answer.data
    assert len(tiles) == 3
    assert TileTree(size=state.size, read=tiles.__getitem__).root() == state.root
    assert "immutable" in log.get("/ledger/tile/0/000").headers["Cache-Control"]
    assert "immutable" not in log.get("/ledger/tile/0/001.p/3").headers["Cache-Control"]


def test_proofs(log: FlaskClient) -> None:
    new, old = newest(log), newest(log, "?size=3")
    one = log.get("/ledger/proof/inclusion?index=17").json
    assert one is not None
    check_inclusion(
        base64.b64decode(one["leaf_hash"]),
        index=17,
        size=one["size"],
        proof=decoded(one["proof"]),
        root=new.root,
    )
    two = log.get("/ledger/proof/consistency?old=3&new=300").json
    assert two is not None
    check_consistency(
        old=3, new=300, proof=decoded(two["proof"]), old_root=old.root, new_root=new.root
    )


@pytest.mark.parametrize(
    "path",
    ["checkpoint?size=5", "tile/0/002", "tile/0/001", "tile/0/001.p/45", "tile/0/1", "tile/9/000",
     "tile/0/x000/000", "tile/3/000", "tile/0/../0/000", "proof/inclusion?index=300",
     "proof/inclusion?index=3&size=301", "proof/inclusion?index=3&size=3",
     "proof/consistency?old=0", "proof/consistency?old=301", "proof/consistency?old=5&new=4"],
)  # fmt: skip
def test_what_is_not_there(log: FlaskClient, path: str) -> None:
    answer = log.get(f"/ledger/{path}")
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(
    "query", ["inclusion", "inclusion?index=-1", "inclusion?index=x", "consistency?old=1&x=2",
              "inclusion?index=99999999999999999999"]
)  # fmt: skip
def test_what_is_no_question(log: FlaskClient, query: str) -> None:
    assert log.get(f"/ledger/proof/{query}").status_code == 422


def test_an_empty_log_has_no_checkpoint(world: World) -> None:
    answer = world.app.test_client().get("/ledger/checkpoint")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["code"] == "ledger.not_found"


def test_witnesses_cosign(build_world: Build) -> None:
    world = build_world(LEDGER_WITNESSES=VKEY.encode())
    one = event()
    append(world, one)
    drain(world)
    client, at = world.app.test_client(), world.clock.unix()
    note = client.get("/ledger/checkpoint").text
    good = with_signatures(note, [cosign(note, name="witness.example", signer=WITNESS, at=at)])
    stranger = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes([1]) * 32)
    for wrong in (
        "",
        note,
        good.replace("\n1\n", "\n2\n"),
        with_signatures(note, [cosign(note, name="witness.example", signer=stranger, at=at)]),
        with_signatures(note, [cosign(note, name="stranger.example", signer=stranger, at=at)]),
        with_signatures(note, [cosign(note, name="witness.example", signer=WITNESS, at=at + 999)]),
        "\ufffe" + good,
        good * 200,
    ):
        answer = client.post("/ledger/cosignatures", data=wrong.encode())
        assert answer.status_code == 403, wrong[:200]
    assert client.post("/ledger/cosignatures", data=b"\xff").status_code == 403
    for _ in range(2):
        assert client.post("/ledger/cosignatures", data=good.encode()).json == {"accepted": 1}
    assert client.get("/ledger/checkpoint").text == good

    # A receipt is made under the cosigned checkpoint, though the log has grown.
    append(world, event())
    drain(world)
    with world.app.app_context():
        receipt = world.services.ledger.entries.receipt(source_id=one.source_id)
    assert receipt is not None
    key = VerifierKey.parse(client.get("/ledger/key").text.strip())
    assert receipt.verify(log=key, witnesses=[VKEY], quorum=1).checkpoint.size == 1
