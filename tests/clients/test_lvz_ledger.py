"""`lvz-ledger`, as a stranger runs it: what it accepts, and that any change makes it fail."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from credential.checkpoint import COSIGNATURE_V1, Checkpoint, VerifierKey
from credential.keys import Algorithm, SoftwareSigner
from credential.merkle import leaf_hash
from credential.receipt import Leaf, Receipt, canonical, commitment
from credential.tiles import TileTree, tile_path, tiles_of
from lvz_ledger.main import main

REPO = Path(__file__).resolve().parents[2]
ORIGIN = "log.example/luzheng"
LOG = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(32)))
PLATFORM = SoftwareSigner.from_private_bytes(Algorithm.ES256, bytes(range(1, 33)))
DEVICE = SoftwareSigner.from_private_bytes(Algorithm.ES256, bytes(range(2, 34)))
KEY = VerifierKey.of(ORIGIN, LOG.public)

TEXT = "林正衡律师于2026年11月20日查阅（2026）京0105民初123号案卷。"
CONSENT = f"lvz-consent:v1\nticket:abc\nact:casefile_reading {TEXT}\ngranted:\niat:1795000000"


def b64u(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def grown(entries: list[bytes]) -> TileTree:
    tree = TileTree(size=0, read=lambda _: b"")
    tree.append([leaf_hash(one) for one in entries])
    return tree


def receipt(details: dict[str, Any], *, kind: str = "confirmation") -> Receipt:
    salt, written = bytes(16), canonical(details)
    leaf = Leaf(
        id="00000000-0000-4000-8000-000000000000",
        kind=kind,
        at=1_795_000_000_123,
        place="court",
        subject=bytes(16),
        committed=commitment(salt=salt, details=written),
    ).encode()
    tree = grown([b"a", b"b", leaf, b"d"])
    return Receipt(
        entry=leaf,
        salt=salt,
        details=written,
        index=2,
        tree_size=4,
        checkpoint=Checkpoint(ORIGIN, 4, tree.root()).sign(LOG),
        proof=tuple(tree.inclusion_proof(2, 4)),
    )


DETAILS = {"consent_sha256": sha256(CONSENT), "text_sha256": sha256(TEXT), "source_id": "x"}


def claims(**changes: object) -> dict[str, Any]:
    return {
        "iss": "https://lvz.example",
        "act": {"code": "casefile_reading"},
        "text": TEXT,
        "lawyer": {"name": "林正衡"},
        "consent": {
            "text": CONSENT,
            "sha256": sha256(CONSENT),
            "device_key": DEVICE.public.to_jwk(),
            "signature": b64u(DEVICE.sign(CONSENT.encode())),
        },
        "ledger": receipt(DETAILS).to_json(),
        **changes,
    }


def jws(payload: dict[str, Any], *, signer: SoftwareSigner = PLATFORM, **header: str) -> str:
    head = {"alg": "ES256", "kid": b64u(PLATFORM.kid), "typ": "lvz-confirmation+jwt", **header}
    parts = [b64u(json.dumps(one, ensure_ascii=False).encode()) for one in (head, payload)]
    signed = ".".join(parts)
    return f"{signed}.{b64u(signer.sign(signed.encode()))}"


@pytest.fixture
def keys(tmp_path: Path) -> str:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [PLATFORM.public.to_jwk()]}))
    return str(file)


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and what was said."""
    try:
        main([str(one) for one in arguments])
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return code, said.out + said.err


def check(capsys: pytest.CaptureFixture[str], file: Path, text: str, keys: str) -> tuple[int, str]:
    file.write_text(text, encoding="utf-8")
    return ran(capsys, "verify", file, "--log-key", KEY.encode(), "--keys", keys)


def test_a_confirmation(capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str) -> None:
    made = jws(claims())
    for text in (made, json.dumps({"confirmation": made})):
        code, said = check(capsys, tmp_path / "c.json", text, keys)
        assert code == 0, said
        assert "执业行为确认有效" in said
        assert TEXT in said


def test_any_changed_byte_of_a_confirmation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str
) -> None:
    data = jws(claims()).encode()
    for at in range(0, len(data), 11):
        changed = bytearray(data)
        changed[at] ^= 1
        code, said = check(capsys, tmp_path / "c.json", changed.decode("latin-1"), keys)
        assert (code, "✗" in said) == (1, True), at
        assert "Traceback" not in said


OTHER = SoftwareSigner.from_private_bytes(Algorithm.ES256, bytes(range(3, 35)))
FORGED: dict[str, str] = {
    "another platform": jws(claims(), signer=OTHER),
    "another type": jws(claims(), typ="JWT"),
    "no algorithm": jws(claims(), alg="none"),
    "another key id": jws(claims(), kid="AAAA"),
    "an extra header": jws(claims(), jku="https://evil.example"),
    "another text": jws(claims(text=TEXT.replace("123", "124"))),
    "another consent": jws(claims(consent={**claims()["consent"], "text": CONSENT + "0"})),
    "another phone": jws(
        claims(consent={**claims()["consent"], "device_key": OTHER.public.to_jwk()})
    ),
    "another digest": jws(claims(consent={**claims()["consent"], "sha256": sha256("")})),
    "another act": jws(claims(act={"code": "document_receipt"})),
    "no receipt": jws({k: v for k, v in claims().items() if k != "ledger"}),
    "a receipt of something else": jws(
        claims(ledger=receipt({**DETAILS, "text_sha256": sha256("")}).to_json())
    ),
    "a receipt of another kind": jws(claims(ledger=receipt(DETAILS, kind="grant").to_json())),
    "not JSON": "{}..",
    "a number": "5",
    "a list": "[]",
    "nothing": "",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_confirmation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str, name: str
) -> None:
    code, said = check(capsys, tmp_path / "c.json", FORGED[name], keys)
    assert (code, "✗" in said, "。" in said) == (1, True, True), said


def test_receipts_as_json_and_as_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, keys: str
) -> None:
    made = receipt(DETAILS)
    for text in (json.dumps(made.to_json()), json.dumps({"ledger": made.to_json()}), made.text):
        assert check(capsys, tmp_path / "r", text, keys)[0] == 0
    for text in (
        json.dumps({**made.to_json(), "index": 1}),
        json.dumps({**made.to_json(), "more": 1}),
        made.text.replace("index 2", "index 1"),
    ):
        assert check(capsys, tmp_path / "r", text, keys)[0] == 1


def test_a_quorum_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "r").write_text(receipt(DETAILS).text)
    witness = VerifierKey.of("w.example", LOG.public, kind=COSIGNATURE_V1).encode()
    arguments = ("verify", tmp_path / "r", "--log-key", KEY.encode(), "--witness", witness)
    assert ran(capsys, *arguments)[0] == 0
    assert ran(capsys, *arguments, "--quorum", 1)[0] == 1


# --- a whole log -----------------------------------------------------------------------------


def publish(folder: Path, entries: list[bytes], *, root: bytes | None = None) -> Path:
    """Write a log as it is served."""
    tree = grown(entries)
    for one in tiles_of(len(entries)):
        path = folder / "tile" / tile_path(*one)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tree.changed[one.tile])
    note = Checkpoint(ORIGIN, len(entries), root or tree.root()).sign(LOG)
    (folder / "checkpoint").write_text(note, encoding="utf-8")
    return folder


ENTRIES = [str(n).encode() for n in range(700)]


def follow(capsys: pytest.CaptureFixture[str], log: Path, *more: object) -> tuple[int, str]:
    return ran(capsys, "verify-log", log, "--log-key", KEY.encode(), *more)


def test_a_log_that_grows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept = ("--remember", tmp_path / "seen", "--mirror", tmp_path / "mirror")
    for size in (300, 300, 512, 700):
        log = publish(tmp_path / str(size), ENTRIES[:size])
        code, said = follow(capsys, log, *kept)
        assert code == 0, said
        assert f"共{size}条" in said
    assert follow(capsys, tmp_path / "mirror")[0] == 0
    code, said = follow(capsys, tmp_path / "300", *kept)
    assert (code, "变短" in said) == (1, True)


REWRITTEN = {
    "changed": [*ENTRIES[:99], b"another", *ENTRIES[100:]],
    "dropped": [*ENTRIES[:99], *ENTRIES[100:], b"x"],
    "exchanged": [*ENTRIES[:99], ENTRIES[100], ENTRIES[99], *ENTRIES[101:]],
    "inserted": [*ENTRIES[:99], b"x", *ENTRIES[99:]],
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_a_rewritten_log_is_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """The log signs its new past; only what was seen before gives it away."""
    honest = publish(tmp_path / "honest", ENTRIES[:600])
    kept = ("--remember", tmp_path / "seen", "--mirror", tmp_path / "mirror")
    assert follow(capsys, honest, *kept)[0] == 0
    lying = publish(tmp_path / "lying", REWRITTEN[name])
    assert follow(capsys, lying)[0] == 0
    code, said = follow(capsys, lying, "--remember", tmp_path / "seen")
    assert (code, "被改动、删去或调换" in said) == (1, True)
    code, said = follow(capsys, lying, "--mirror", tmp_path / "mirror")
    assert (code, "第99条" in said) == (1, True), said


def test_a_log_that_contradicts_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = publish(tmp_path / "log", ENTRIES)
    for path in (p for p in log.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for wrong in (data[:-1], data[:7] + bytes([data[7] ^ 1]) + data[8:], b""):
            path.write_bytes(wrong)
            assert follow(capsys, log)[0] == 1, path
        path.unlink()
        assert follow(capsys, log)[0] == 1, path
        path.write_bytes(data)
    assert follow(capsys, log)[0] == 0
    assert follow(capsys, publish(tmp_path / "b", ENTRIES, root=bytes(32)))[0] == 1


def test_the_program_stands_alone(tmp_path: Path) -> None:
    """Two folders on the path are enough; nothing of the platform is imported."""
    for name in ("credential", "lvz_ledger"):
        source = REPO / name if name == "credential" else REPO / "clients" / "ledger" / name
        shutil.copytree(source, tmp_path / name)
    (tmp_path / "r").write_text(receipt(DETAILS).text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "lvz_ledger", "verify", "r", "--log-key", KEY.encode()],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, "有效" in done.stdout) == (0, True), done.stderr
