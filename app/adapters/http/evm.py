"""Anchor on a chain: a transaction on an EVM consortium chain 联盟链 over JSON-RPC.

Plain `eth_` calls, as geth, Besu, FISCO BCOS 3 (`web3_rpc`) and test chains answer them. The
transaction carries size and root as its data to a contract that writes its input to the event
log (`LOGGER`, eleven bytes; docs/ledger.md says how to put it there).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Final

from app.adapters.http.client import Call, HttpClient
from app.ports.anchor import Anchored, AnchorRefused, AnchorUnavailable

# The library raises the limit to 100,000, where deeply nested JSON overruns the C stack.
_LIMIT = sys.getrecursionlimit()
from eth_account import Account  # noqa: E402 - between the two lines on purpose

sys.setrecursionlimit(_LIMIT)

#: Contract code: CALLDATACOPY everything, LOG0 it, STOP.
LOGGER: Final = bytes.fromhex("366000600037366000a000")
#: Marks our data among other people's.
MARK: Final = b"lvz-ledger:v1\x00"
GAS: Final = 100_000
POLLS: Final = 20
PAUSE: Final = 0.5  # seconds between two looks at a transaction


class EvmAnchor:
    """Signs a transaction with the platform's chain key and waits until it is in a block."""

    name = "evm"

    def __init__(
        self, *, client: HttpClient, contract: str, key: str, sleep: Callable[[float], None]
    ) -> None:
        self._client = client
        self._contract = contract
        self._account = Account.from_key(key)
        self._sleep = sleep

    def anchor(self, checkpoint: Anchored) -> bytes:
        """Return which transaction carries it, as JSON."""
        signed = self._account.sign_transaction(
            {
                "to": self._contract,
                "value": 0,
                "gas": GAS,
                "gasPrice": _number(self._ask("eth_gasPrice")),
                "nonce": _number(
                    self._ask("eth_getTransactionCount", self._account.address, "pending")
                ),
                "chainId": _number(self._ask("eth_chainId")),
                "data": _data(checkpoint),
            }
        )
        sent = str(self._ask("eth_sendRawTransaction", "0x" + signed.raw_transaction.hex()))
        proof = json.dumps({"transaction": sent, "block": self._mined(sent)}).encode()
        self.verify(checkpoint, proof)
        return proof

    def verify(self, checkpoint: Anchored, proof: bytes) -> None:
        """Ask the chain for the transaction and compare what it carries."""
        try:
            said = json.loads(proof)
            sent, block = str(said["transaction"]), int(said["block"])
        except (ValueError, KeyError, TypeError):
            raise AnchorRefused("not a proof of ours") from None
        found = self._ask("eth_getTransactionByHash", sent) or {}
        carried = str(found.get("input") or found.get("data"))
        if carried.lower() != "0x" + _data(checkpoint).hex():
            raise AnchorRefused("the transaction carries something else")
        if _number(found.get("blockNumber")) != block:
            raise AnchorRefused("the transaction is in another block")

    def _mined(self, sent: str) -> int:
        for _ in range(POLLS):
            receipt = self._ask("eth_getTransactionReceipt", sent)
            if receipt:
                if _number(receipt.get("status")) != 1:
                    raise AnchorRefused("the transaction failed")
                return _number(receipt.get("blockNumber"))
            self._sleep(PAUSE)
        raise AnchorUnavailable("not in a block yet")

    def _ask(self, method: str, *parameters: object) -> Any:  # noqa: ANN401 - any JSON
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
        call = Call(operation=f"anchor.{method}", method="POST", path="", json=body)
        answer = self._client.send(call).object()
        if answer is None:
            raise AnchorUnavailable(f"{method}: not JSON-RPC")
        if "error" in answer:
            raise AnchorRefused(f"{method}: {answer['error']}")
        return answer.get("result")


def _data(checkpoint: Anchored) -> bytes:
    return MARK + checkpoint.size.to_bytes(8, "big") + checkpoint.root


def _number(value: object) -> int:
    """Read a JSON-RPC quantity, such as 0x10."""
    try:
        return value if isinstance(value, int) else int(str(value), 16)
    except ValueError:
        raise AnchorRefused("not a number") from None
