"""Test vectors that nobody here wrote (read from the shared folder, skipped when absent).

Foreign COSE messages have unprotected headers, which our parser refuses on purpose; they are
taken apart by cbor2 here, and our Sig_structure and key code check them.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from credential import CredentialError, PublicKey, StatusList, base45_decode, totp_at
from credential.cose import to_be_signed
from credential.encoding import decode
from credential.errors import BadSignature, Malformed
from credential.keys import POLYMORPHIC, Algorithm
from credential.short_code import INTERVAL
from credential.status import inflate
from tests.shared_data import load_json, vectors

OLD_NUMBERS = {number: alg for alg, number in POLYMORPHIC.items()}


def check_sign1(data: bytes, key: PublicKey, external: bytes = b"") -> None:
    """Verify a foreign COSE_Sign1 with our parts; raises if it must not be believed."""
    message = cbor2.loads(data)
    if isinstance(message, cbor2.CBORTag):  # foreign messages may do without; ours may not
        if message.tag != 18:
            raise Malformed("tag")
        message = message.value
    if not isinstance(message, list) or len(message) != 4:
        raise Malformed("not four parts")
    protected, unprotected, payload, signature = message
    header = {**unprotected, **(cbor2.loads(protected) if protected else {})}
    if OLD_NUMBERS.get(header.get(1, 0)) is not key.alg:
        raise Malformed("algorithm")
    signed = to_be_signed(protected=protected, payload=payload, external=external)
    key.verify(signature, signed)


def cose_wg_key(key: dict[str, str]) -> PublicKey:
    def part(name: str) -> bytes:
        if f"{name}_hex" in key:
            return bytes.fromhex(key[f"{name}_hex"])
        return base64.urlsafe_b64decode(key[name] + "=" * (-len(key[name]) % 4))

    if key["kty"] == "OKP":
        return PublicKey.from_cose_key({1: 1, -1: 6, -2: part("x")})
    return PublicKey.from_cose_key({1: 2, -1: 1, -2: part("x"), -3: part("y")})


def cose_wg_cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        case = load_json(path)
        sign = case["input"].get("sign0")
        if sign and sign["key"].get("crv") in {"P-256", "Ed25519"}:
            yield path.stem, case


def test_cose_working_group() -> None:
    """sign1-tests, ecdsa, eddsa and RFC 8152 C.2.1, as far as they use our two algorithms."""
    right, total = [], 0
    for name, case in cose_wg_cases(vectors("cose-wg")):
        sign = case["input"]["sign0"]
        if name == "ecdsa-examples_ecdsa-sig-04":  # P-256 with SHA-512: not in the registry
            continue
        total += 1
        data = bytes.fromhex(case["output"]["cbor"])
        external = bytes.fromhex(sign.get("external", ""))
        try:
            check_sign1(data, cose_wg_key(sign["key"]), external)
            believed = True
        except CredentialError:
            believed = False
        if believed is not bool(case.get("fail")):
            right.append(name)
    assert total == len(right) == 12


def test_rfc_8392_a3() -> None:
    """The signed CWT of RFC 8392 appendix A.3."""
    case = load_json(vectors("CWT-rfc8392", "A_3.json"))
    data, key = bytes.fromhex(case["output"]["cbor"]), case["input"]["sign0"]["key"]
    check_sign1(data, cose_wg_key(key))
    claims = decode(cbor2.loads(data).value[2])
    assert isinstance(claims, dict)
    assert (claims[1], claims[4], claims[6]) == ("coap://as.example.com", 1444064944, 1443944944)
    with pytest.raises(BadSignature):
        check_sign1(data[:-1] + b"\0", cose_wg_key(key))


def certificate_key(case: dict[str, Any]) -> PublicKey | None:
    certificate = x509.load_der_x509_certificate(base64.b64decode(case["TESTCTX"]["CERTIFICATE"]))
    key = certificate.public_key()
    return PublicKey.from_cryptography(key) if isinstance(key, ec.EllipticCurvePublicKey) else None


def dcc_cases() -> list[tuple[str, dict[str, Any]]]:
    return [(p.stem, load_json(p)) for p in sorted(vectors("dgc", "common").glob("*.json"))]


def test_eu_dcc_base45() -> None:
    """Every base45 statement of the EU's test set, both ways."""
    checked = 0
    for name, case in dcc_cases():
        expected = case["EXPECTEDRESULTS"].get("EXPECTEDB45DECODE")
        if expected is None or "BASE45" not in case or "COMPRESSED" not in case:
            continue
        checked += 1
        try:
            good = base45_decode(case["BASE45"]) == bytes.fromhex(case["COMPRESSED"])
        except Malformed:
            good = False
        assert good is expected, name
    assert checked == 5


@pytest.mark.filterwarnings("ignore")  # some of the set's certificates are odd, and say so
def test_eu_dcc_signatures() -> None:
    """The ES256 verdicts of the EU's test set; its own kid and tag-61 rules are left out."""
    checked = []
    for name, case in dcc_cases():
        expected = case["EXPECTEDRESULTS"].get("EXPECTEDVERIFY")
        if expected is None or "COSE" not in case or name in {"CO22", "CO23", "CO28"}:
            continue
        key = certificate_key(case)
        if key is None:  # RSA
            continue
        try:
            check_sign1(bytes.fromhex(case["COSE"]), key)
            believed = True
        except CredentialError:
            believed = False
        assert believed is expected, name
        checked.append(expected)
    assert (checked.count(True), checked.count(False)) == (5, 2)


def holder_and_issuer() -> tuple[Any, Any]:
    pems = (vectors("sdcwt", f"{who}_privkey.pem").read_bytes() for who in ("holder", "issuer"))
    holder, issuer = (serialization.load_pem_private_key(p, None).public_key() for p in pems)
    return holder, issuer


def test_sd_cwt_key_binding_token() -> None:
    """The holder's signature of the SD-CWT draft's kbt.cbor, the shape our codes profile."""
    holder, _ = holder_and_issuer()
    data = vectors("sdcwt", "kbt.cbor").read_bytes()
    check_sign1(data, PublicKey.from_cryptography(holder))
    header = cbor2.loads(cbor2.loads(data).value[0])
    assert header[16] == 294
    assert isinstance(header[13], cbor2.CBORTag)
    for position in (40, 600, len(data) - 1):
        changed = bytearray(data)
        changed[position] ^= 1
        with pytest.raises((CredentialError, cbor2.CBORDecodeError)):
            check_sign1(bytes(changed), PublicKey.from_cryptography(holder))


def test_sd_cwt_issuer_is_outside_our_registry() -> None:
    """Its issuer uses P-384: a key we refuse to load, whose message we still rebuild rightly."""
    _, issuer = holder_and_issuer()
    with pytest.raises(Malformed):
        PublicKey.from_cryptography(issuer)
    kbt = cbor2.loads(vectors("sdcwt", "kbt.cbor").read_bytes())
    protected, _, payload, signature = cbor2.loads(kbt.value[0])[13].value
    half = len(signature) // 2
    der = encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
    message = to_be_signed(protected=protected, payload=payload)
    issuer.verify(der, message, ec.ECDSA(hashes.SHA384()))


class TestStatusLists:
    """Token Status List draft: the encoded lists, and the example token in CWT form."""

    @staticmethod
    def read(name: str) -> dict[str, Any]:
        text = vectors("tsl", name).read_text(encoding="utf-8")
        digits = re.sub(r"\s", "", text.rpartition(":")[2])
        value: dict[str, Any] = cbor2.loads(bytes.fromhex(digits))
        return value

    @staticmethod
    def listed(bits: int) -> dict[int, int]:
        """The entries that the draft prints for its list of 2**20 entries."""
        text = vectors("tsl", "draft-ietf-oauth-status-list.md").read_text(encoding="utf-8")
        section = text[text.index(f"## {bits}-bit Status List") :]
        section = section[: section.index("{::include")]
        rows = re.findall(r"status\[(\d+)\]\s*=\s*0b([01]+)", section)
        return {int(index): int(value, 2) for index, value in rows}

    @pytest.mark.parametrize(
        ("name", "bits"),
        [
            ("status_list_encoding1_long_cbor.md", 1),
            ("status_list_encoding2_long_cbor.md", 2),
            ("status_list_encoding4_cbor.md", 4),
            ("status_list_encoding8_cbor.md", 8),
        ],
    )
    def test_lists_of_a_million(self, name: str, bits: int) -> None:
        encoded = self.read(name)
        assert encoded["bits"] == bits
        found = StatusList(inflate(encoded["lst"]), bits=bits)
        expected = self.listed(bits)
        assert len(expected) >= 10
        assert len(found.table) * 8 // bits == 2**20
        assert {n: found.value(n) for n in expected} == expected
        if bits == 2:
            for index, value in expected.items():
                assert found.lookup(index) == value
            nonzero = [n for n in range(2**20) if found.table[n >> 2] and found.value(n)]
            assert nonzero == sorted(expected)

    def test_small_example(self) -> None:
        encoded = self.read("status_list_encoding2_cbor.md")
        found = StatusList(inflate(encoded["lst"]), bits=encoded["bits"])
        assert [found.value(n) for n in range(12)] == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]

    def test_token(self) -> None:
        text = vectors("tsl", "status_list_cwt.md").read_text(encoding="utf-8")
        message = cbor2.loads(bytes.fromhex(re.sub(r"\s", "", text)))
        with pytest.raises(Malformed):  # its keys are in no order; ours must be sorted
            decode(message.value[2])
        found = StatusList.from_claims(cbor2.loads(message.value[2]))
        assert found.uri == "https://example.com/statuslists/1"
        assert (found.number, found.bits, found.ttl) == (1, 1, 43_200)
        assert (found.issued_at, found.expires_at) == (1_686_920_170, 2_291_720_170)
        assert [found.value(n) for n in range(8)] == [1, 0, 0, 1, 1, 1, 0, 1]


def test_rfc_6238() -> None:
    """The SHA-256 column of RFC 6238 appendix B; our step is half as long as the table's."""
    table = load_json(vectors("rfc6238", "rfc6238.json"))
    seed = base64.b32encode(table["seeds_ascii"]["SHA256"].encode()).decode().rstrip("=")
    assert len(table["rows"]) == 6
    for row in table["rows"]:
        at = row["time"] // table["step"] * INTERVAL
        assert totp_at(seed_b32=seed, at=at) == row["SHA256"]


@pytest.mark.parametrize(
    ("name", "alg", "tests"),
    [
        ("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm.ES256, 262),
        ("ed25519_test.json", Algorithm.ED25519, 151),
    ],
)
def test_wycheproof(name: str, alg: Algorithm, tests: int) -> None:
    run = 0
    for group in load_json(vectors("wycheproof", name))["testGroups"]:
        raw = serialization.load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        assert isinstance(raw, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey)
        key = PublicKey.from_cryptography(raw)
        assert key.alg is alg
        for test in group["tests"]:
            run += 1
            try:
                key.verify(bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
                result = "valid"
            except BadSignature:
                result = "invalid"
            assert result == test["result"], test["comment"]
    assert run == tests
