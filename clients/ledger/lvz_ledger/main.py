"""The command line. Exit code 0: everything holds; 1: something does not, and a sentence why."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from credential.checkpoint import VerifierKey, cosign, with_signatures, witnesses_of
from credential.errors import CredentialError
from credential.keys import SoftwareSigner
from credential.receipt import Evidence, Receipt
from lvz_ledger import confirmation, follow, source
from lvz_ledger.failure import CheckFailed, sentence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except CheckFailed as error:
        _fail(str(error))
    except CredentialError as error:
        _fail(f"{sentence(error)}（{error}）")
    except OSError as error:
        _fail(f"文件无法读取：{error}。")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lvz-ledger", description="核对律证的存证账本。")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = _command(commands, "verify", _verify, "check a receipt or a confirmation")
    one.add_argument("file", type=Path, help="JSON receipt, .tlog-proof, or confirmation")
    one.add_argument("--keys", type=Path, help="the platform's JWKS, for a confirmation")
    _witness_options(one)
    whole = _command(commands, "verify-log", _verify_log, "check a whole log")
    _log_options(whole)
    _witness_options(whole)
    witness = _command(commands, "cosign", _cosign, "check a log as a witness, and sign for it")
    _log_options(witness)
    witness.add_argument("--name", required=True, help="the witness's name, such as its domain")
    witness.add_argument("--key", type=Path, required=True, help="PEM of its Ed25519 key")
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own types are private
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)
    parser.set_defaults(run=run)
    parser.add_argument("--log-key", required=True, help="the log's vkey, or a file with it")
    return parser


def _witness_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--witness", action="append", default=[], help="vkey of a trusted witness")
    parser.add_argument("--quorum", type=int, default=0, help="how many of them must have signed")


def _log_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("log", help="URL of the log (…/ledger), or a folder with a copy")
    parser.add_argument("--remember", type=Path, help="file that keeps the checkpoint seen last")
    parser.add_argument("--mirror", type=Path, help="folder that keeps a copy of the log")


# --- commands --------------------------------------------------------------------------------


def _verify(options: argparse.Namespace) -> None:
    text = options.file.read_bytes().decode(errors="replace").strip("\ufeff")
    trusted = confirmation.Trusted(
        log=_vkey(options.log_key),
        jwks=_jwks(options.keys),
        witnesses=tuple(map(_vkey, options.witness)),
        quorum=options.quorum,
    )
    if text.startswith("c2sp.org/"):
        return _report_receipt(Receipt.parse(text), trusted)
    value = _json(text)
    compact = value.get("confirmation") if isinstance(value, dict) else value
    if isinstance(compact, str):
        return _report_confirmation(confirmation.check(compact.strip(), trusted=trusted))
    receipt = value.get("ledger", value) if isinstance(value, dict) else value
    return _report_receipt(Receipt.from_json(receipt), trusted)


def _verify_log(options: argparse.Namespace) -> None:
    log = _read(options)
    keys = list(map(_vkey, options.witness))
    seen = witnesses_of(log.note, keys=keys)
    if len(seen) < options.quorum:
        raise CheckFailed(f"见证签名不足：需要{options.quorum}个，有{len(seen)}个。")
    _keep(options, log)
    print(f"✓ 账本完整：{log.checkpoint.origin}，共{log.checkpoint.size}条。")
    if seen:
        print(f"  见证人：{'、'.join(seen)}")


def _cosign(options: argparse.Namespace) -> None:
    place = source.at(options.log)
    if not isinstance(place, source.Web):
        raise CheckFailed("见证需要账本的网址。")
    log, signer = _read(options), SoftwareSigner.from_pem(options.key.read_bytes())
    line = cosign(log.note, name=options.name, signer=signer, at=int(time.time()))
    place.send("cosignatures", with_signatures(log.note, [line]).encode())
    _keep(options, log)
    print(f"✓ 已见证：{log.checkpoint.origin}，共{log.checkpoint.size}条。")


def _read(options: argparse.Namespace) -> follow.Log:
    """Read the log and compare it with everything that was kept of it."""
    key = _vkey(options.log_key)
    log = follow.read_log(source.at(options.log), key=key)
    if options.mirror is not None and (options.mirror / "checkpoint").exists():
        mirror = source.Folder(options.mirror)
        before = follow.read_log(mirror, key=key).checkpoint
        if before.size <= log.checkpoint.size:
            follow.check_mirror(log, mirror, size=before.size)
        follow.check_past(log, mirror.read("checkpoint").decode(), key=key)
    if options.remember is not None and options.remember.exists():
        follow.check_past(log, options.remember.read_text(encoding="utf-8"), key=key)
    return log


def _keep(options: argparse.Namespace, log: follow.Log) -> None:
    if options.mirror is not None:
        follow.copy(log, source.Folder(options.mirror))
    if options.remember is not None:
        follow.remember(options.remember, log)


# --- reports ---------------------------------------------------------------------------------


def _report_confirmation(found: confirmation.Confirmed) -> None:
    claims = found.claims
    print("✓ 执业行为确认有效：平台签名、律师手机签名、账本回执均已核对。")
    lawyer = claims.get("lawyer")
    for label, value in (lawyer or {}).items() if isinstance(lawyer, dict) else ():
        print(f"  {label}：{value}")
    print(f"  {claims['text']}")
    _report(found.evidence)


def _report_receipt(receipt: Receipt, trusted: confirmation.Trusted) -> None:
    evidence = receipt.verify(log=trusted.log, witnesses=trusted.witnesses, quorum=trusted.quorum)
    print("✓ 存证回执有效。")
    _report(evidence)


def _report(evidence: Evidence) -> None:
    leaf, state = evidence.leaf, evidence.checkpoint
    at = datetime.fromtimestamp(leaf.at / 1000, tz=UTC).isoformat(timespec="milliseconds")
    print(f"  账本：{state.origin}，第{evidence.index}条（共{state.size}条）")
    print(f"  事项：{leaf.kind}，时间：{at}")
    print(f"  内容：{json.dumps(evidence.details, ensure_ascii=False)}")
    if evidence.witnesses:
        print(f"  见证人：{'、'.join(evidence.witnesses)}")


def _fail(text: str) -> None:
    print(f"✗ {text}", file=sys.stderr)
    sys.exit(1)


# --- what people name ------------------------------------------------------------------------


def _vkey(text: str) -> VerifierKey:
    """Read a vkey, or a file that holds one."""
    file = Path(text)
    given = file.read_text(encoding="utf-8") if "+" not in text or file.is_file() else text
    return VerifierKey.parse(given.strip())


def _jwks(file: Path | None) -> dict[str, Any]:
    value = {} if file is None else _json(file.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise CheckFailed("平台公钥文件无法识别。")
    return value


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    if text.count(".") == 2 and "{" not in text:
        return text  # a bare compact JWS
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise CheckFailed("文件不是回执，也不是执业行为确认。") from None
