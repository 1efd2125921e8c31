"""Issuing: what comes out is what verifies, and times are bounded."""

import pytest

from credential import Issuer, KeyRecord, TrustList, Verifier
from credential.claims import MAX_LIFETIME
from credential.errors import InvalidClaims
from credential.keys import SoftwareSigner
from tests.credential.vectors.generate import AT, ISSUER_ED, ISSUER_ES, PHONE, lawyer, record

CTI = bytes(8)


@pytest.mark.parametrize("signer", [ISSUER_ES, ISSUER_ED])
def test_issued_is_what_verifies(signer: SoftwareSigner) -> None:
    made = Issuer(signer).issue(lawyer=lawyer(0), holder_key=PHONE.public, cti=CTI, at=AT)
    found = Verifier(TrustList([record(signer)])).open_credential(made.raw, at=AT)
    assert found == made
    assert made.expires_at - made.issued_at == MAX_LIFETIME
    assert made.kid == signer.kid


@pytest.mark.parametrize(
    "change",
    [
        {"cti": b""},
        {"cti": bytes(9)},
        {"lifetime": 0},
        {"lifetime": MAX_LIFETIME + 1},
        {"at": -1},
        {"at": AT * 1000},
    ],
)
def test_values_out_of_range(change: dict[str, object]) -> None:
    values: dict[str, object] = {"cti": CTI, "at": AT, **change}
    with pytest.raises(InvalidClaims):
        Issuer(ISSUER_ES).issue(lawyer=lawyer(0), holder_key=PHONE.public, **values)  # type: ignore[arg-type]


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (
        Issuer(ISSUER_ES).issue(lawyer=lawyer(0), holder_key=PHONE.public, cti=CTI, at=AT)
        for _ in range(2)
    )
    assert first.raw == second.raw


@pytest.mark.parametrize("at", [2**16, 2**32 - 1 - MAX_LIFETIME])
def test_first_and_last_time(at: int) -> None:
    made = Issuer(ISSUER_ES).issue(lawyer=lawyer(0), holder_key=PHONE.public, cti=CTI, at=at)
    trust = TrustList([KeyRecord(ISSUER_ES.kid, ISSUER_ES.public, 0, 2**33)])
    assert Verifier(trust).open_credential(made.raw, at=at) == made


@pytest.mark.parametrize("at", [2**16 - 1, 2**32 - MAX_LIFETIME])
def test_times_of_another_width(at: int) -> None:
    with pytest.raises(InvalidClaims):
        Issuer(ISSUER_ES).issue(lawyer=lawyer(0), holder_key=PHONE.public, cti=CTI, at=at)
