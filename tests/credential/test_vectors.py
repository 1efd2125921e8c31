"""The checked-in interoperability vectors: complete, current, and judged as they say."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from credential import (
    CredentialError,
    Policy,
    PublicKey,
    StatusList,
    TrustList,
    Verified,
    Verifier,
    match_step,
    parse_text,
    present,
)
from credential.keys import Algorithm, SoftwareSigner
from credential.presentation import to_text
from tests.credential.vectors import generate

VECTORS: dict[str, Any] = json.loads(generate.FILE.read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def trust() -> TrustList:
    root = PublicKey.from_compressed(Algorithm.ES256, raw(VECTORS["root"]["public_key"]))
    at = VECTORS["key_set"]["issued_at"]
    return TrustList.decode(raw(VECTORS["key_set"]["token"]), root=root, at=at)


@pytest.fixture(scope="module")
def status_list(trust: TrustList) -> StatusList:
    at = VECTORS["status_list"]["issued_at"]
    return StatusList.decode(raw(VECTORS["status_list"]["token"]), trust=trust, at=at)


def judge(case: dict[str, Any], trust: TrustList, status_list: StatusList) -> Verified:
    stored = case["credential"]
    return Verifier(trust).verify(
        case["text"],
        policy=Policy(
            frozenset(case["audiences"]), nonce=raw(case["nonce"]) if case["nonce"] else None
        ),
        at=case["at"],
        status=status_list if case["use_status_list"] else None,
        credential_for=(lambda _: raw(stored)) if stored else None,
    )


def test_file_is_what_the_generator_writes() -> None:
    assert generate.FILE.read_text(encoding="utf-8") == generate.text()


def test_every_case_has_its_own_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("case", [c for c in CASES if c["accepted"]], ids=lambda c: c["name"])
def test_accepted(case: dict[str, Any], trust: TrustList, status_list: StatusList) -> None:
    found = judge(case, trust, status_list)
    lawyer, expect = found.credential.lawyer, case["verified"]
    assert found.form == expect["form"]
    assert found.credential.cti == raw(expect["cti"])
    assert str(lawyer.licence_no) == expect["licence_no"]
    assert lawyer.name == expect["name"]
    assert lawyer.practice_type == expect["practice_type"]
    assert lawyer.status_index == expect["status_index"]
    assert lawyer.device_assurance == expect["device_assurance"]
    portrait = expect["portrait_hash"]
    assert lawyer.portrait_hash == (raw(portrait) if portrait else None)
    assert found.credential.issued_at == expect["issued_at"]
    assert found.credential.expires_at == expect["expires_at"]
    assert found.presented_at == expect["presented_at"]
    assert found.audience == expect["audience"]
    assert found.nonce == (raw(expect["nonce"]) if expect["nonce"] else None)
    assert found.status == expect["status"]
    assert found.confirmed is case["use_status_list"]


@pytest.mark.parametrize("case", [c for c in CASES if not c["accepted"]], ids=lambda c: c["name"])
def test_refused(case: dict[str, Any], trust: TrustList, status_list: StatusList) -> None:
    with pytest.raises(CredentialError) as refused:
        judge(case, trust, status_list)
    assert refused.value.code == case["code"]


@pytest.mark.parametrize("case", VECTORS["short_codes"]["cases"])
def test_short_codes(case: dict[str, Any]) -> None:
    code = parse_text(case["text"]).data
    assert not isinstance(code, bytes)
    arguments = {"seed_b32": VECTORS["short_codes"]["seed"], "code": code.totp}
    if case["code"] is None:
        step = match_step(**arguments, at=case["at"], after_step=case["after_step"])
        assert step == case["step"]
        return
    with pytest.raises(CredentialError) as refused:
        match_step(**arguments, at=case["at"], after_step=case["after_step"])
    assert refused.value.code == case["code"]


def test_phone_can_make_the_first_case() -> None:
    phone = VECTORS["phone"]
    signer = SoftwareSigner.from_private_bytes(Algorithm.ES256, raw(phone["secret"]))
    token = present(raw(phone["credential"]), signer, audience="cn.court", at=generate.AT - 2)
    assert to_text("LVZ1", token) == CASES[0]["text"]


def test_status_entries(status_list: StatusList) -> None:
    assert status_list.number == VECTORS["status_list"]["number"]
    for index, status in VECTORS["status_list"]["entries"].items():
        assert status_list.lookup(int(index)) == status
