"""Anchors against real counterparts: what they prove, and what proves nothing."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_pem_x509_certificate

from app.adapters.http.client import HttpClient, Remote
from app.ports.anchor import Anchor, Anchored, AnchorRefused, AnchorUnavailable
from credential.checkpoint import Checkpoint
from tests.contract.servers import Serve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from app.adapters.http.evm import EvmAnchor
    from app.adapters.http.timestamp import TimestampAnchor
    from tests.contract.anchors import Authority, Chain

STATE = Checkpoint("log.example", 7, bytes(range(32)))
CHECKPOINT = Anchored(size=7, root=STATE.root, text=STATE.text())
OTHER = dataclasses.replace(CHECKPOINT, root=bytes(32), text=STATE.text().replace("7", "8"))


def client(url: str) -> HttpClient:
    remote = Remote(base_url=url, unavailable=AnchorUnavailable)
    return HttpClient(remote=remote, monotonic=time.monotonic)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "here")


@pytest.fixture(scope="module")
def chain() -> Chain:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Chain()


@pytest.fixture
def timestamp(authority: Authority, serve: Serve) -> TimestampAnchor:
    authority.status, authority.change = "200 OK", lambda reply: reply
    root = load_pem_x509_certificate(authority.root)
    return TimestampAnchor(client=client(serve(authority)), root=root)


@pytest.fixture
def evm(chain: Chain, serve: Serve) -> EvmAnchor:
    chain.silent = False
    return EvmAnchor(
        client=client(serve(chain)),
        contract=chain.contract,
        key=chain.KEY,
        sleep=lambda _: None,
    )


@pytest.fixture(params=["timestamp", "evm"])
def anchor(request: pytest.FixtureRequest) -> Anchor:
    found: Anchor = request.getfixturevalue(request.param)
    return found


def test_a_proof_is_of_this_checkpoint_only(anchor: Anchor) -> None:
    proof = anchor.anchor(CHECKPOINT)
    anchor.verify(CHECKPOINT, proof)
    with pytest.raises(AnchorRefused):
        anchor.verify(OTHER, proof)
    for wrong in (b"", b"{}", proof[:-1], proof.replace(b"1", b"2")):
        with pytest.raises((AnchorRefused, AnchorUnavailable)):
            anchor.verify(OTHER, wrong)


def test_twice_does_no_harm(anchor: Anchor) -> None:
    for _ in range(2):
        anchor.verify(CHECKPOINT, anchor.anchor(CHECKPOINT))


def test_nobody_is_there() -> None:
    anchor = EvmAnchor(
        client=client("http://127.0.0.1:9"), contract="0x" + "00" * 20, key=Chain.KEY,
        sleep=lambda _: None,
    )  # fmt: skip
    with pytest.raises(AnchorUnavailable):
        anchor.anchor(CHECKPOINT)


# --- time-stamps -----------------------------------------------------------------------------


def flipped(data: bytes) -> bytes:
    return data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]


@pytest.mark.parametrize("change", [flipped, lambda _: b"", lambda _: b"<html>", lambda d: d[:-1]])
def test_a_token_that_was_changed(
    authority: Authority, timestamp: TimestampAnchor, change: Callable[[bytes], bytes]
) -> None:
    authority.change = change
    with pytest.raises(AnchorRefused):
        timestamp.anchor(CHECKPOINT)


def test_an_old_token_is_not_a_new_one(authority: Authority, timestamp: TimestampAnchor) -> None:
    earlier = timestamp.anchor(CHECKPOINT)
    authority.change = lambda _: earlier
    with pytest.raises(AnchorRefused):
        timestamp.anchor(CHECKPOINT)


def test_another_authority(timestamp: TimestampAnchor, tmp_path: Path) -> None:
    stranger = load_pem_x509_certificate(Authority(tmp_path / "other").root)
    proof = timestamp.anchor(CHECKPOINT)
    with pytest.raises(AnchorRefused):
        TimestampAnchor(client=client("http://127.0.0.1:9"), root=stranger).verify(
            CHECKPOINT, proof
        )


def test_an_authority_that_is_busy(authority: Authority, timestamp: TimestampAnchor) -> None:
    authority.status = "503 Service Unavailable"
    with pytest.raises(AnchorUnavailable):
        timestamp.anchor(CHECKPOINT)


# --- the chain -------------------------------------------------------------------------------


def test_the_contract_logs_what_was_sent(chain: Chain, evm: EvmAnchor) -> None:
    sent = json.loads(evm.anchor(CHECKPOINT))["transaction"]
    logs: list[dict[str, Any]] = chain.tester.get_transaction_receipt(sent)["logs"]
    data = "0x" + (b"lvz-ledger:v1\x00" + (7).to_bytes(8, "big") + STATE.root).hex()
    assert [(one["address"], one["data"]) for one in logs] == [(chain.contract, data)]


def test_the_guide_puts_the_contract_there(chain: Chain, serve: Serve, tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "ledger.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "deploy.py").write_text(program)
    (tmp_path / "chain.key").write_text(chain.KEY + "\n")
    chain.silent = False
    url = serve(chain)
    done = subprocess.run(
        [sys.executable, "deploy.py", url, "chain.key"],
        cwd=tmp_path, capture_output=True, check=False, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    contract = done.stdout.strip()
    assert contract != chain.contract
    assert chain.tester.get_code(contract) == chain.tester.get_code(chain.contract)


def test_a_transaction_that_is_not_mined(chain: Chain, evm: EvmAnchor) -> None:
    chain.silent = True
    with pytest.raises(AnchorUnavailable):
        evm.anchor(CHECKPOINT)


def test_a_transaction_in_another_block(evm: EvmAnchor) -> None:
    proof = json.loads(evm.anchor(CHECKPOINT))
    with pytest.raises(AnchorRefused):
        evm.verify(CHECKPOINT, json.dumps({**proof, "block": 1}).encode())


def test_what_a_chain_refuses(chain: Chain, serve: Serve) -> None:
    poor = EvmAnchor(
        client=client(serve(chain)), contract=chain.contract, key="0x" + "22" * 32,
        sleep=lambda _: None,
    )  # fmt: skip
    with pytest.raises(AnchorRefused):
        poor.anchor(CHECKPOINT)
