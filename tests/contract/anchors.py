"""A time-stamping authority (OpenSSL) and an EVM chain (py-evm), each behind HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.adapters.http.evm import LOGGER

LIMIT = sys.getrecursionlimit()
from eth_account import Account  # noqa: E402 - both raise the limit, as app.adapters.http.evm says
from eth_tester import EthereumTester, PyEVMBackend  # noqa: E402
from eth_tester.exceptions import TransactionNotFound  # noqa: E402

sys.setrecursionlimit(LIMIT)

TSA_CONFIG = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
default_policy = 1.3.6.1.4.1.55738.1
signer_digest = sha256
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*arguments: object, cwd: Path) -> bytes:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=cwd, capture_output=True, check=True
    )
    return done.stdout


class Authority:
    """An authority with its own root; `root` is the certificate that others trust."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", 30)
        openssl(*new, "-x509", "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.pem",
                "-addext", "keyUsage=critical,keyCertSign", cwd=folder)  # fmt: skip
        openssl(*new, "-x509", "-CA", "root.pem", "-CAkey", "root.key", "-subj", "/CN=TSA",
                "-keyout", "tsa.key", "-out", "tsa.pem", "-addext", "basicConstraints=CA:FALSE",
                "-addext", "keyUsage=critical,digitalSignature",
                "-addext", "extendedKeyUsage=critical,timeStamping", cwd=folder)  # fmt: skip
        (folder / "tsa.cnf").write_text(TSA_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self.root = (folder / "root.pem").read_bytes()
        self.status = "200 OK"
        self.change: Callable[[bytes], bytes] = lambda reply: reply

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        assert environ["CONTENT_TYPE"] == "application/timestamp-query"
        query = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        (self.folder / "query").write_bytes(query)
        openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-inkey", "tsa.key",
                "-signer", "tsa.pem", "-out", "reply", cwd=self.folder)  # fmt: skip
        start(self.status, [("Content-Type", "application/timestamp-reply")])
        return [self.change((self.folder / "reply").read_bytes())]


class Chain:
    """A chain that mines every transaction at once, with the calls that a node answers."""

    KEY = "0x" + "11" * 32

    def __init__(self) -> None:
        self.tester = EthereumTester(PyEVMBackend())
        self.silent = False
        owner = self.tester.get_accounts()[0]
        address = Account.from_key(self.KEY).address
        self._send({"from": owner, "to": address, "value": 10**18, "gas": 21_000})
        size = len(LOGGER)
        # PUSH1 size, DUP1, PUSH1 9, PUSH1 0, CODECOPY, PUSH1 0, RETURN: put the code there.
        deploy = bytes([0x60, size, 0x80, 0x60, 11, 0x60, 0, 0x39, 0x60, 0, 0xF3]) + LOGGER
        made = self._send({"from": owner, "data": "0x" + deploy.hex(), "gas": 100_000})
        self.contract: str = made["contract_address"]
        assert self.tester.get_code(self.contract) == "0x" + LOGGER.hex()

    def _send(self, transaction: dict[str, Any]) -> dict[str, Any]:
        sent = self.tester.send_transaction({"gas_price": 10**10, **transaction})
        receipt: dict[str, Any] = self.tester.get_transaction_receipt(sent)
        return receipt

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        try:
            answer = {"result": getattr(self, asked["method"])(*asked["params"])}
        except TransactionNotFound:
            answer = {"result": None}
        except Exception as error:  # noqa: BLE001 - a node tells every failure of a call
            answer = {"error": {"code": -32000, "message": str(error)}}
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}).encode()]

    def eth_chainId(self) -> str:  # noqa: N802 - the protocol's names
        return hex(131_277_322_940_537)

    def eth_gasPrice(self) -> str:  # noqa: N802
        return hex(10**10)

    def eth_getTransactionCount(self, address: str, block: str) -> str:  # noqa: N802
        assert block == "pending"
        return hex(self.tester.get_nonce(address))

    def eth_sendRawTransaction(self, raw: str) -> str:  # noqa: N802
        return str(self.tester.send_raw_transaction(raw))

    def eth_getTransactionReceipt(self, sent: str) -> dict[str, Any] | None:  # noqa: N802
        if self.silent:
            return None
        receipt = self.tester.get_transaction_receipt(sent)
        return {
            "status": hex(receipt["status"]),
            "blockNumber": hex(receipt["block_number"]),
            "contractAddress": receipt["contract_address"],
        }

    def eth_getTransactionByHash(self, sent: str) -> dict[str, Any]:  # noqa: N802
        found = self.tester.get_transaction_by_hash(sent)
        return {"input": found["data"], "blockNumber": hex(found["block_number"])}
