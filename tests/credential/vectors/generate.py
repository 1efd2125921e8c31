"""Writes presentations.json: lawyer codes (律证码) that every implementation must judge alike.

Keys, times and contents are fixed and ECDSA is deterministic (RFC 6979), so a second run writes
the same bytes: `python tests/credential/vectors/generate.py` after a change of the protocol,
`test_vectors.py` fails while the file and this script disagree.

The expected code of every case is written here by hand, not taken from the verifier.
"""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from credential.claims import LawyerClaims, PracticeType, encode_claims
from credential.cose import sign1
from credential.encoding import base45_encode, encode
from credential.issuer import Issuer
from credential.keys import Algorithm, PublicKey, SoftwareSigner
from credential.presentation import present, present_reference, to_text
from credential.short_code import INTERVAL, make_text, totp_at
from credential.status import StatusList
from credential.trust import KeyRecord, KeyState, TrustList

FILE = Path(__file__).with_name("presentations.json")

AT = 1_764_000_000
ISSUED = AT - 100
KIOSK = "cn.court/110105/k07"
AUDIENCES = ["cn.court", KIOSK]
NONCE = bytes.fromhex("0123456789abcdef")
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HANDLE = "MFRGGZDFMZTWQ2LK"
LIST_URI = "https://lvz.example/.well-known/lvz/status/1"
ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def key(number: int, alg: Algorithm = Algorithm.ES256) -> SoftwareSigner:
    return SoftwareSigner.from_private_bytes(alg, bytes((number,)) * 32)


ROOT, ISSUER_ES, ISSUER_ED = key(1), key(2), key(3, Algorithm.ED25519)
ISSUER_REVOKED, ISSUER_OLD, STRANGER = key(4), key(5), key(6)
PHONE, PHONE_ED, PHONE_OTHER = key(7), key(8, Algorithm.ED25519), key(9)


def b64u(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def record(signer: SoftwareSigner, state: KeyState = KeyState.ACTIVE) -> KeyRecord:
    return KeyRecord(signer.kid, signer.public, AT - 86_400, AT + 30 * 86_400, state)


TRUST = TrustList(
    [
        record(ISSUER_ES),
        record(ISSUER_ED, KeyState.VERIFY_ONLY),
        record(ISSUER_REVOKED, KeyState.REVOKED),
        KeyRecord(ISSUER_OLD.kid, ISSUER_OLD.public, AT - 900 * 86_400, AT - 86_400),
    ]
)


def lawyer(index: int, name: str = "欧阳建国", **more: Any) -> LawyerClaims:
    return LawyerClaims(
        licence_no=11101201810123456 + index,
        name=name,
        practice_type=more.pop("practice_type", PracticeType.FULL_TIME),
        status_index=512_345 + index,
        **more,
    )


STATUSES = {512_345 + 1: 1, 512_345 + 2: 2, 512_345 + 3: 3}


def credential(
    number: int = 0,
    *,
    issuer: SoftwareSigner = ISSUER_ES,
    phone: SoftwareSigner = PHONE,
    at: int = ISSUED,
    claims: LawyerClaims | None = None,
) -> bytes:
    return (
        Issuer(issuer)
        .issue(
            lawyer=claims or lawyer(number),
            holder_key=phone.public,
            cti=bytes((0xC0, 0, 0, 0, 0, 0, 0, number)),
            at=at,
        )
        .raw
    )


def code(raw: bytes, *, phone: SoftwareSigner = PHONE, **over: Any) -> str:
    over = {"audience": "cn.court", "at": AT - 2, **over}
    return to_text("LVZ1", present(raw, phone, **over))


def reference(number: int = 0, *, phone: SoftwareSigner = PHONE, **over: Any) -> str:
    over = {"audience": "cn.court", "at": AT - 2, **over}
    cti = bytes((0xC0, 0, 0, 0, 0, 0, 0, number))
    return to_text("LVZ2", present_reference(cti, phone, **over))


def case(name: str, text: str, expect: str | dict[str, Any], **over: Any) -> dict[str, Any]:
    """One case; `expect` is a refusal code, or the values an accepted code must give."""
    made: dict[str, Any] = {
        "name": name,
        "text": text,
        "at": AT,
        "audiences": AUDIENCES,
        "nonce": None,
        "use_status_list": True,
        "credential": None,
    }
    made |= over
    if isinstance(expect, str):
        return {**made, "accepted": False, "code": expect}
    return {**made, "accepted": True, "code": None, "verified": expect}


def accepted(number: int = 0, **over: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "form": "LVZ1",
        "cti": b64u(bytes((0xC0, 0, 0, 0, 0, 0, 0, number))),
        # Above 2**53: a string, so that JSON readers do not round it.
        "licence_no": str(11101201810123456 + number),
        "name": "欧阳建国",
        "practice_type": 1,
        "status_index": 512_345 + number,
        "device_assurance": None,
        "portrait_hash": None,
        "issued_at": ISSUED,
        "expires_at": ISSUED + 86_400,
        "presented_at": AT - 2,
        "audience": "cn.court",
        "nonce": None,
        "status": 0,
    }
    return values | over


def valid_cases() -> list[dict[str, Any]]:
    plain = credential()
    uyghur = lawyer(8, "古丽娜尔·艾则孜", practice_type=PracticeType.LEGAL_AID)
    rich = lawyer(9, "𠮷野𬎆", device_assurance=1, portrait_hash=bytes(range(16)))
    challenge: dict[str, Any] = {"audience": KIOSK, "nonce": b64u(NONCE)}
    return [
        case("full", code(plain), accepted()),
        case("full, oldest second", code(plain, at=AT - 20), accepted(presented_at=AT - 20)),
        case("full, newest second", code(plain, at=AT + 10), accepted(presented_at=AT + 10)),
        case("full, first second of the credential", code(credential(10, at=AT)),
             accepted(10, issued_at=AT, expires_at=AT + 86_400)),
        case("full, last second of the credential", code(credential(11, at=AT - 86_399)),
             accepted(11, issued_at=AT - 86_399, expires_at=AT + 1)),
        case("full, kiosk audience and nonce", code(plain, audience=KIOSK, nonce=NONCE),
             accepted(**challenge), nonce=b64u(NONCE)),
        case("full, nonce nobody asked for", code(plain, nonce=NONCE),
             accepted(nonce=b64u(NONCE))),
        case("full, Ed25519 on both layers",
             code(credential(12, issuer=ISSUER_ED, phone=PHONE_ED), phone=PHONE_ED), accepted(12)),
        case("full, Ed25519 issuer in rotation", code(credential(13, issuer=ISSUER_ED)),
             accepted(13)),
        case("full, long name", code(credential(8, claims=uyghur)),
             accepted(8, name=uyghur.name, practice_type=5)),
        case("full, rare characters and optional claims", code(credential(9, claims=rich)),
             accepted(9, name=rich.name, device_assurance=1, portrait_hash=b64u(bytes(range(16))))),
        case("full, high s", high_s(present(plain, PHONE, audience="cn.court", at=AT - 2)),
             accepted()),
        case("full, suspended but no list at hand", code(credential(2)),
             accepted(2, status=None), use_status_list=False),
        case("reference", reference(), accepted(form="LVZ2"), credential=b64u(plain)),
        case("reference, kiosk audience and nonce", reference(audience=KIOSK, nonce=NONCE),
             accepted(form="LVZ2", **challenge), nonce=b64u(NONCE), credential=b64u(plain)),
    ]  # fmt: skip


def high_s(token: bytes) -> str:
    """The other valid ECDSA signature, (r, n - s): same presentation, another text."""
    flipped = ORDER_P256 - int.from_bytes(token[-32:], "big")
    return to_text("LVZ1", token[:-32] + flipped.to_bytes(32, "big"))


def flipped(token: bytes, position: int) -> str:
    changed = bytearray(token)
    changed[position] ^= 1
    return to_text("LVZ1", bytes(changed))


def long_lived() -> bytes:
    """A credential the issuer signed for a day and a second."""
    payload = encode_claims(
        issuer="lvz",
        expires_at=ISSUED + 86_401,
        issued_at=ISSUED,
        cti=bytes(8),
        holder_key=PHONE.public,
        lawyer=lawyer(0),
    )
    header = encode({1: -9, 4: ISSUER_ES.kid})
    return sign1(protected=header, payload=payload, signer=ISSUER_ES)


def old_number() -> bytes:
    """A credential whose header says -7 for a key registered as -9."""
    payload = encode_claims(
        issuer="lvz",
        expires_at=ISSUED + 86_400,
        issued_at=ISSUED,
        cti=bytes(8),
        holder_key=PHONE.public,
        lawyer=lawyer(0),
    )
    header = encode({1: -7, 4: ISSUER_ES.kid})
    return sign1(protected=header, payload=payload, signer=ISSUER_ES)


def wide_time(raw: bytes) -> str:
    """A signed presentation whose `iat` is written in eight bytes instead of four."""
    payload = b"\xa2\x03\x68cn.court\x06\x1b" + (AT - 2).to_bytes(8, "big")
    header = b"\xa3\x01\x28\x0d" + raw + b"\x10\x19\x01\x26"
    return to_text("LVZ1", sign1(protected=header, payload=payload, signer=PHONE))


def unprotected(token: bytes) -> str:
    """The token with a header in the unprotected bucket: `a0` becomes `a1 01 26`."""
    return to_text("LVZ1", token[:204] + b"\xa1\x01\x26" + token[205:])


def malformed_cases() -> list[dict[str, Any]]:
    raw = credential()
    token = present(raw, PHONE, audience="cn.court", at=AT - 2)
    text = to_text("LVZ1", token)
    bad, form = "credential.malformed", "credential.unsupported_form"
    return [
        case("unknown prefix", "LVZ9" + text[4:], form),
        case("lower-case prefix", "lvz1" + text[4:], form),
        case("empty", "", form),
        case("somebody else's QR", "https://example.com/", form),
        case("prefix only", "LVZ1:", bad),
        case("base45: lower case", text[:9] + text[9:].lower(), bad),
        case("base45: overflowing group GGW", text[:5] + "GGW" + text[8:], bad),
        case("base45: overflowing group :::", text[:5] + ":::" + text[8:], bad),
        case("base45: one character left over", text[:-1], bad),
        case("longer than 1200 characters", text + "0" * 762, bad),
        case("trailing byte", to_text("LVZ1", token + b"\0"), bad),
        case("last byte missing", to_text("LVZ1", token[:-1]), bad),
        case("tag 17", to_text("LVZ1", b"\xd1" + token[1:]), bad),
        case("no tag", to_text("LVZ1", token[1:]), bad),
        case("unprotected header", unprotected(token), bad),
        case("longer head than needed",
             to_text("LVZ1", token[:2] + b"\x59\x00\xc8" + token[4:]), bad),
        case("time in eight bytes, signed", wide_time(raw), bad),
        case("reference under the wrong prefix", "LVZ1" + reference()[4:], bad),
        case("full under the wrong prefix", "LVZ2" + text[4:], bad, credential=b64u(raw)),
        case("a credential alone", "LVZ1:" + base45_encode(raw), bad),
        case("credential for more than a day", code(long_lived()), bad),
        case("short code with seven digits", "LVZ3:" + HANDLE + "-1234567", bad),
        case("short code cannot be verified offline",
             make_text(handle=HANDLE, totp="12345678"), form),
    ]  # fmt: skip


def refused_cases() -> list[dict[str, Any]]:
    raw = credential()
    token = present(raw, PHONE, audience="cn.court", at=AT - 2)
    online = {"credential": b64u(raw)}
    issuer_bad, device_bad = "credential.bad_issuer_signature", "credential.bad_device_signature"
    unknown, wrong_alg = "credential.unknown_issuer", "credential.wrong_algorithm"
    return [
        case("issuer not in the key set", code(credential(issuer=STRANGER)), unknown),
        case("issuer key revoked", code(credential(issuer=ISSUER_REVOKED)), unknown),
        case("issuer key past its window", code(credential(issuer=ISSUER_OLD)), unknown),
        case("polymorphic algorithm number", code(old_number()), wrong_alg),
        case("name changed by one bit", flipped(token, 119), issuer_bad),
        case("issuer signature changed by one bit", flipped(token, 199), issuer_bad),
        case("audience changed by one bit", flipped(token, 215), device_bad),
        case("time changed by one bit", flipped(token, 222), device_bad),
        case("device signature changed by one bit", flipped(token, 288), device_bad),
        case("signed by another phone", code(raw, phone=PHONE_OTHER), device_bad),
        case("phone names another algorithm", code(raw, phone=PHONE_ED), wrong_alg),
        case("credential issued a second from now", code(credential(at=AT + 1)),
             "credential.not_yet_valid"),
        case("credential ended this second", code(credential(at=AT - 86_400)),
             "credential.expired"),
        case("screenshot, 21 seconds old", code(raw, at=AT - 21), "credential.stale"),
        case("clock 11 seconds ahead", code(raw, at=AT + 11), "credential.from_future"),
        case("eight hours ahead (a time-zone mistake)", code(raw, at=AT + 8 * 3600),
             "credential.from_future"),
        case("made for another kiosk", code(raw, audience="cn.court/110105/k08"),
             "credential.wrong_audience"),
        case("no nonce where one is asked for", code(raw), "credential.wrong_nonce",
             nonce=b64u(NONCE)),
        case("another nonce", code(raw, nonce=NONCE[::-1]), "credential.wrong_nonce",
             nonce=b64u(NONCE)),
        case("licence revoked", code(credential(1)), "credential.revoked"),
        case("lawyer suspended", code(credential(2)), "credential.suspended"),
        case("assessment pending", code(credential(3)), "credential.assessment_pending"),
        case("index beyond the list", code(credential(claims=beyond_list())),
             "credential.status_unavailable"),
        case("status list a day and a second old", code(fresh_credential(), at=AT + 86_400),
             "credential.status_too_old", at=AT + 86_401),
        case("reference without a connection", reference(), "credential.unsupported_form"),
        case("broken reference without a connection", "LVZ2:" + base45_encode(b"\xd2"),
             "credential.malformed"),
        case("broken reference", "LVZ2:" + base45_encode(b"\xd2"), "credential.malformed",
             **online),
        case("reference, screenshot", reference(at=AT - 21), "credential.stale", **online),
        case("reference to another credential", reference(5), "credential.unknown_reference",
             **online),
        case("reference signed by another phone", reference(phone=PHONE_OTHER), device_bad,
             **online),
    ]  # fmt: skip


def beyond_list() -> LawyerClaims:
    return LawyerClaims(11101201810123456, "欧阳建国", PracticeType.FULL_TIME, 900_000)


def fresh_credential() -> bytes:
    return credential(14, at=AT + 86_000)


def short_codes() -> list[dict[str, Any]]:
    step = AT // INTERVAL
    now = totp_at(seed_b32=SEED, at=AT)
    ahead, behind = (totp_at(seed_b32=SEED, at=AT + n * INTERVAL) for n in (1, -1))
    far = totp_at(seed_b32=SEED, at=AT - 2 * INTERVAL)
    rows = [
        (now, -1, step),
        (behind, -1, step - 1),
        (ahead, -1, step + 1),
        (now, step - 1, step),
        (now, step, "credential.replayed"),
        (behind, step, "credential.replayed"),
        (far, -1, "credential.short_code_wrong"),
    ]
    return [
        {"text": make_text(handle=HANDLE, totp=totp), "at": AT, "after_step": after,
         "step": found if isinstance(found, int) else None,
         "code": found if isinstance(found, str) else None}
        for totp, after, found in rows
    ]  # fmt: skip


def public(signer: SoftwareSigner) -> dict[str, str]:
    known: PublicKey = signer.public
    return {"public_key": b64u(known.compressed()), "kid": known.kid.hex()}


def document() -> dict[str, Any]:
    built = StatusList.build(STATUSES, 830_000)
    token = built.encode(ISSUER_ES, uri=LIST_URI, at=AT)
    return {
        "about": "Lawyer codes with the answer every implementation must give. Bytes are "
        "base64url without padding; times are Unix seconds. `nonce` is what the kiosk showed; "
        "`credential` is what the server has stored (LVZ2), null means no connection; "
        "`use_status_list` gives `status_list.token` to the verifier.",
        "policy": {"max_age": 20, "max_skew": 10, "status_green": 14_400, "status_max": 86_400},
        "root": {"alg": -9, **public(ROOT)},
        "key_set": {
            "token": b64u(TRUST.encode(ROOT, at=AT)),
            "issued_at": AT,
            "expires_at": AT + 7 * 86_400,
            "records": [
                {"kid": r.kid.hex(), "alg": int(r.key.alg), "state": str(r.state),
                 "public_key": b64u(r.key.compressed()), "not_before": r.not_before,
                 "not_after": r.not_after}
                for r in TRUST.records
            ],
        },
        "jwks": TRUST.to_jwks(at=AT),
        "status_list": {
            "token": b64u(token),
            "uri": LIST_URI,
            "number": 1,
            "size": 830_000,
            "issued_at": AT,
            "expires_at": AT + 86_400,
            "ttl": 900,
            "entries": {"0": 0, "512345": 0, **{str(k): v for k, v in STATUSES.items()}},
        },
        "phone": {"secret": b64u(bytes((7,)) * 32), **public(PHONE),
                  "credential": b64u(credential()), "cti": b64u(credential_cti())},
        "cases": valid_cases() + malformed_cases() + refused_cases(),
        "short_codes": {"seed": SEED, "digits": 8, "interval": INTERVAL, "cases": short_codes()},
    }  # fmt: skip


def credential_cti() -> bytes:
    return bytes((0xC0, 0, 0, 0, 0, 0, 0, 0))


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
