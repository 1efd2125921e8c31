"""Presenting: the exact bytes of the protocol's table, and what is no presentation."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.cose import parse_sign1
from credential.encoding import base45_encode
from credential.errors import InvalidClaims, Malformed, UnsupportedForm
from credential.presentation import (
    Form,
    parse_presentation,
    parse_text,
    present,
    present_reference,
    to_text,
)
from credential.short_code import ShortCode
from tests.credential.vectors.generate import (
    AT,
    HANDLE,
    ISSUER_ED,
    KIOSK,
    NONCE,
    PHONE,
    PHONE_ED,
    credential,
)

RAW = credential()
CTI = RAW[35:43]
TOKEN = present(RAW, PHONE, audience="cn.court", at=AT)
REFERENCE = present_reference(CTI, PHONE, audience="cn.court", at=AT)


class TestSizes:
    def test_the_three_forms(self) -> None:
        assert (len(RAW), len(TOKEN), len(to_text("LVZ1", TOKEN))) == (192, 289, 439)
        assert (len(REFERENCE), len(to_text("LVZ2", REFERENCE))) == (106, 164)

    def test_with_kiosk_audience_and_nonce(self) -> None:
        token = present(RAW, PHONE, audience=KIOSK, at=AT, nonce=NONCE)
        assert len(token) == 312
        assert len(to_text("LVZ1", token)) <= 473

    def test_ed25519_is_two_bytes_shorter(self) -> None:
        raw = credential(issuer=ISSUER_ED, phone=PHONE_ED)
        assert len(present(raw, PHONE_ED, audience="cn.court", at=AT)) == 287


class TestByteTable:
    """The table of docs/protocol.md, offset by offset."""

    @pytest.mark.parametrize(
        ("start", "end", "data"),
        [
            (0, 4, "d28458c8"),
            (4, 8, "a301280d"),
            (8, 16, "d28449a201280444"),
            (20, 23, "a0586f"),
            (23, 29, "a601636c767a"),
            (29, 31, "041a"),
            (35, 37, "061a"),
            (41, 43, "0748"),
            (51, 62, "08a101a401022001215820"),
            (94, 95, "22"),
            (96, 102, "3a00010000a4"),
            (102, 104, "011b"),
            (112, 114, "026c"),
            (126, 130, "0301041a"),
            (134, 136, "5840"),
            (200, 207, "10190126a051a2"),
            (207, 217, "0368636e2e636f757274"),
            (217, 219, "061a"),
            (223, 225, "5840"),
        ],
    )
    def test_fixed_bytes(self, start: int, end: int, data: str) -> None:
        assert TOKEN[start:end].hex() == data

    def test_variable_bytes(self) -> None:
        assert TOKEN[8:200] == RAW
        assert TOKEN[219:223] == AT.to_bytes(4, "big")
        assert len(TOKEN[225:]) == 64

    def test_only_time_and_signature_change_per_tick(self) -> None:
        later = present(RAW, PHONE, audience="cn.court", at=AT + 5)
        differ = {n for n in range(289) if TOKEN[n] != later[n]}
        assert differ <= {*range(219, 223), *range(225, 289)}

    def test_sig_structure_ends_in_the_time(self) -> None:
        signed = parse_sign1(TOKEN).signed
        assert len(signed) == 233
        assert signed[-4:] == AT.to_bytes(4, "big")
        protected, payload = cbor2.loads(TOKEN).value[0], cbor2.loads(TOKEN).value[2]
        assert signed == cbor2.dumps(["Signature1", protected, b"", payload])

    def test_as_generic_cbor(self) -> None:
        protected, unprotected, payload, _ = cbor2.loads(TOKEN).value
        assert unprotected == {}
        header = cbor2.loads(protected)
        assert (header[1], header[16]) == (-9, 294)
        assert cbor2.dumps(header[13]) == RAW
        assert cbor2.loads(payload) == {3: "cn.court", 6: AT}
        _, _, payload, _ = cbor2.loads(REFERENCE).value
        assert cbor2.loads(payload) == {3: "cn.court", 6: AT, 7: CTI}


class TestReading:
    @pytest.mark.parametrize("nonce", [None, NONCE])
    def test_full(self, nonce: bytes | None) -> None:
        token = present(RAW, PHONE, audience=KIOSK, at=AT, nonce=nonce)
        found = parse_presentation(Form.FULL, token)
        assert (found.credential, found.cti, found.alg) == (RAW, None, -9)
        assert (found.audience, found.presented_at, found.nonce) == (KIOSK, AT, nonce)

    @pytest.mark.parametrize("nonce", [None, NONCE])
    def test_reference(self, nonce: bytes | None) -> None:
        token = present_reference(CTI, PHONE, audience=KIOSK, at=AT, nonce=nonce)
        found = parse_presentation(Form.REFERENCE, token)
        assert (found.credential, found.cti, found.nonce) == (None, CTI, nonce)

    def test_text(self) -> None:
        assert parse_text(to_text("LVZ1", TOKEN)).data == TOKEN
        assert parse_text(to_text("LVZ2", REFERENCE)).form is Form.REFERENCE
        short = parse_text(f"LVZ3:{HANDLE}-12345678")
        assert (short.form, short.data) == (Form.SHORT, ShortCode(HANDLE, "12345678"))

    @pytest.mark.parametrize("text", ["", "LVZ", "LVZ0:", "lvz1:00", " LVZ1:00", "LVZ4:00", "HC1:"])
    def test_other_texts(self, text: str) -> None:
        with pytest.raises(UnsupportedForm):
            parse_text(text)

    def test_length_is_bounded_before_anything_is_decoded(self) -> None:
        with pytest.raises(Malformed):
            parse_text("LVZ1:" + "0" * 1196)
        with pytest.raises(Malformed):
            parse_text("0" * 10_000_000)

    @pytest.mark.parametrize("form", [Form.FULL, Form.REFERENCE])
    @given(data=st.binary(max_size=400))
    def test_garbage(self, form: Form, data: bytes) -> None:
        with pytest.raises(Malformed):
            parse_presentation(form, data)

    @pytest.mark.parametrize("token", [TOKEN, REFERENCE])
    def test_every_truncation(self, token: bytes) -> None:
        for size in range(len(token)):
            for form in (Form.FULL, Form.REFERENCE):
                with pytest.raises(Malformed):
                    parse_presentation(form, token[:size])

    @pytest.mark.parametrize(
        "payload",
        [
            "",
            "a2",
            "a2036161061a69248080",  # accepted shape, control below
            "a20361610600",  # a time in fewer bytes
            "a2036161061a0000ffff",  # a time that fewer bytes would hold
            "a3036161061a692480800748" + "00" * 8,  # cti in the full form
            "a3036161061a692480801827" + "48" + "00" * 7,  # nonce too short
            "a3036161061a69248080182748" + "00" * 8 + "00",  # trailing
            "a2036161061a69248080182748" + "00" * 8,  # count says two
            "a20360061a69248080",  # no audience
            "a20361e9061a69248080",  # not UTF-8
            "a20362c3a9061a69248080",  # not ASCII
            "a2037841" + "61" * 65 + "061a69248080",  # audience too long
            "a2036161061b0000ffffffffffff",  # a time beyond the year 9999
            "a20361610618ff00",
            "a2036161061a6924808001",
            "a206000361" + "61",
            "a203616106f5",
            "b90002036161061a69248080",
        ],
    )
    def test_signed_claims(self, payload: str) -> None:
        header = b"\xa3\x01\x28\x0d" + RAW + b"\x10\x19\x01\x26"
        data = bytes.fromhex(payload)
        token = (
            b"\xd2\x84\x58" + bytes((len(header),)) + header
            + b"\xa0" + cbor2.dumps(data) + b"\x58\x40" + bytes(64)
        )  # fmt: skip
        if payload == "a2036161061a69248080":
            assert parse_presentation(Form.FULL, token).audience == "a"
            return
        with pytest.raises(Malformed):
            parse_presentation(Form.FULL, token)


class TestMaking:
    @pytest.mark.parametrize(
        "change",
        [
            {"audience": ""},
            {"audience": "a" * 65},
            {"audience": "法院"},
            {"at": -1},
            {"at": 1_764_000_000_000},
            {"nonce": b""},
            {"nonce": b"123456789"},
        ],
    )
    def test_values_out_of_range(self, change: dict[str, object]) -> None:
        values: dict[str, object] = {"audience": "cn.court", "at": AT, **change}
        with pytest.raises(InvalidClaims):
            present(RAW, PHONE, **values)  # type: ignore[arg-type]
        with pytest.raises(InvalidClaims):
            present_reference(CTI, PHONE, **values)  # type: ignore[arg-type]

    def test_cti_size(self) -> None:
        with pytest.raises(InvalidClaims):
            present_reference(b"short", PHONE, audience="cn.court", at=AT)

    def test_short_codes_are_not_made_from_bytes(self) -> None:
        with pytest.raises(UnsupportedForm):
            to_text("LVZ3", b"")

    def test_text_is_base45(self) -> None:
        assert to_text(Form.FULL, b"AB") == "LVZ1:" + base45_encode(b"AB") == "LVZ1:BB8"
