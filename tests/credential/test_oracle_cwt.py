"""python-cwt, an independent implementation, reads what we write and writes what we read."""

from base64 import urlsafe_b64decode

import pytest

from credential import Issuer, Policy, StatusList, Verifier, present, to_text
from credential.cose import parse_sign1
from credential.encoding import decode
from credential.keys import SoftwareSigner
from tests.credential.vectors.generate import (
    AT,
    ISSUED,
    ISSUER_ED,
    ISSUER_ES,
    LIST_URI,
    PHONE,
    PHONE_ED,
    TRUST,
    lawyer,
)

cwt = pytest.importorskip("cwt")

PAIRS = [(ISSUER_ES, PHONE), (ISSUER_ED, PHONE_ED), (ISSUER_ES, PHONE_ED), (ISSUER_ED, PHONE)]


def cose_key(signer: SoftwareSigner, *, private: bool = False) -> object:
    """A key of python-cwt, which takes P-256 only with both coordinates."""
    jwk = signer.public.to_jwk()
    jwk |= {"kid": signer.kid.hex(), "alg": "ESP256" if jwk["kty"] == "EC" else "Ed25519"}
    if private:
        return cwt.COSEKey.from_pem(signer.to_pem(), alg=int(signer.alg), kid=signer.kid)
    return cwt.COSEKey.new(
        {1: 2, 3: int(signer.alg), -1: 1, -2: b64(jwk["x"]), -3: b64(jwk["y"]), 2: signer.kid}
        if jwk["kty"] == "EC"
        else {1: 1, 3: int(signer.alg), -1: 6, -2: b64(jwk["x"]), 2: signer.kid}
    )


def b64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize(("issuer", "phone"), PAIRS)
def test_it_verifies_both_layers(issuer: SoftwareSigner, phone: SoftwareSigner) -> None:
    made = Issuer(issuer).issue(lawyer=lawyer(0), holder_key=phone.public, cti=bytes(8), at=ISSUED)
    token = present(made.raw, phone, audience="cn.court", at=AT)
    reader = cwt.COSE.new()
    assert decode(reader.decode(token, keys=[cose_key(phone)])) == {3: "cn.court", 6: AT}
    claims = decode(reader.decode(made.raw, keys=[cose_key(issuer)]))
    assert isinstance(claims, dict)
    assert (claims[1], claims[6], claims[7]) == ("lvz", ISSUED, bytes(8))


@pytest.mark.parametrize("issuer", [ISSUER_ES, ISSUER_ED])
def test_it_refuses_a_changed_layer(issuer: SoftwareSigner) -> None:
    made = Issuer(issuer).issue(lawyer=lawyer(0), holder_key=PHONE.public, cti=bytes(8), at=ISSUED)
    changed = made.raw[:-1] + bytes((made.raw[-1] ^ 1,))
    with pytest.raises(cwt.VerifyError):
        cwt.COSE.new().decode(changed, keys=[cose_key(issuer)])


@pytest.mark.parametrize(("issuer", "phone"), PAIRS)
def test_we_verify_what_it_signs(issuer: SoftwareSigner, phone: SoftwareSigner) -> None:
    made = Issuer(issuer).issue(lawyer=lawyer(0), holder_key=phone.public, cti=bytes(8), at=ISSUED)
    payload = parse_sign1(made.raw).payload
    writer = cwt.COSE.new()
    raw = writer.encode_and_sign(
        payload,
        cose_key(issuer, private=True),
        protected={1: int(issuer.alg), 4: issuer.kid},
    )
    token = present(raw, phone, audience="cn.court", at=AT)
    found = Verifier(TRUST).verify(
        to_text("LVZ1", token), policy=Policy(frozenset({"cn.court"})), at=AT
    )
    assert found.credential.lawyer == lawyer(0)


def test_it_verifies_the_status_list() -> None:
    token = StatusList.build({5: 2}, 100).encode(ISSUER_ES, uri=LIST_URI, at=AT)
    claims = decode(cwt.COSE.new().decode(token, keys=[cose_key(ISSUER_ES)]))
    assert StatusList.from_claims(claims).lookup(5) == 2
