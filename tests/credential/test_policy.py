"""Policy: the edges of freshness, audience, challenge and the age of the status list."""

import pytest

from credential import CredentialError, Policy
from credential.errors import StatusTooOld, StatusUnavailable
from tests.credential.vectors.generate import AT, NONCE

POLICY = Policy(frozenset({"cn.court"}))


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (21, "credential.stale"),
        (28_800, "credential.stale"),
        (20, None),
        (0, None),
        (-10, None),
        (-11, "credential.from_future"),
        (-28_800, "credential.from_future"),
    ],
)
def test_freshness(age: int, code: str | None) -> None:
    arguments = {"audience": "cn.court", "presented_at": AT - age, "nonce": None, "at": AT}
    if code is None:
        POLICY.check_binding(**arguments)  # type: ignore[arg-type]
        return
    with pytest.raises(CredentialError) as refused:
        POLICY.check_binding(**arguments)  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize("audience", ["", "cn.cour", "cn.court/", "CN.COURT", "cn.court/1/2"])
def test_audience_is_compared_exactly(audience: str) -> None:
    with pytest.raises(CredentialError) as refused:
        POLICY.check_binding(audience=audience, presented_at=AT, nonce=None, at=AT)
    assert refused.value.code == "credential.wrong_audience"


@pytest.mark.parametrize("nonce", [None, b"", NONCE[:7], NONCE + b"\0", bytes(8)])
def test_challenge_needs_its_nonce(nonce: bytes | None) -> None:
    policy = Policy(frozenset({"cn.court"}), nonce=NONCE)
    policy.check_binding(audience="cn.court", presented_at=AT, nonce=NONCE, at=AT)
    with pytest.raises(CredentialError) as refused:
        policy.check_binding(audience="cn.court", presented_at=AT, nonce=nonce, at=AT)
    assert refused.value.code == "credential.wrong_nonce"


def test_age_of_the_status_list() -> None:
    assert POLICY.check_status_age(age=0)
    assert POLICY.check_status_age(age=14_400)
    assert not POLICY.check_status_age(age=14_401)
    assert not POLICY.check_status_age(age=86_400)
    with pytest.raises(StatusTooOld):
        POLICY.check_status_age(age=86_401)


def test_no_status_list() -> None:
    assert not POLICY.check_status_age(age=None)
    with pytest.raises(StatusUnavailable):
        Policy(frozenset(), require_status=True).check_status_age(age=None)
