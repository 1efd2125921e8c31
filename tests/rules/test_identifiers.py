"""Identity numbers, licence numbers and credit codes: form and check characters."""

from __future__ import annotations

from datetime import date

import pytest

from app.kernel.identifiers import (
    is_identity_no,
    is_licence_no,
    is_uscc,
    normalise_identifier,
    organisation_check_character,
)

# The example printed in GB 11643—1999, and one whose check is a digit.
GOOD_IDENTITIES = ("11010519491231002X", "110000198503120015", "830000198104150005")
# The standard's own example, two companies' published codes, and one of the demonstration's.
GOOD_USCC = (
    "91350100M000100Y43",
    "914403001922038216",
    "9144030071526726XG",
    "31110105DEM0000142",
)


@pytest.mark.parametrize("text", GOOD_IDENTITIES)
def test_right_identity_number_is_accepted(text: str) -> None:
    assert is_identity_no(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("110105194912310021", "wrong check digit"),
        ("11010519491231002x", "lower case is normalised before, not here"),
        ("110105491231002", "15 digits of the first generation"),
        ("110105194912310020", "wrong check digit"),
        ("000105194912310021", "no such province"),
        ("11010519490229002X", "no such day"),
        ("110105189912310021", "too long ago"),
        ("1101051949123100２X", "full-width digit"),
        ("11010519491231002X\n", "trailing newline"),
        ("", "empty"),
    ],
)
def test_wrong_identity_number_is_refused(text: str, why: str) -> None:
    assert not is_identity_no(text), why


@pytest.mark.parametrize("place", range(18))
def test_any_single_wrong_digit_of_an_identity_number_is_found(place: int) -> None:
    good = GOOD_IDENTITIES[0]
    for wrong in set("0123456789X") - {good[place]}:
        assert not is_identity_no(good[:place] + wrong + good[place + 1 :])


def test_birth_after_the_given_day_is_refused() -> None:
    assert is_identity_no(GOOD_IDENTITIES[1], on=date(1985, 3, 12))
    assert not is_identity_no(GOOD_IDENTITIES[1], on=date(1985, 3, 11))


def test_normalising_mends_what_keyboards_do() -> None:
    assert normalise_identifier(" １１０１０５ 19491231 002ｘ ") == "11010519491231002X"


@pytest.mark.parametrize("digit", "123456789")
def test_every_category_digit_is_a_licence_number(digit: str) -> None:
    assert is_licence_no(f"11101201{digit}{digit}1900001")


@pytest.mark.parametrize(
    "text",
    [
        "21101201110900001",  # not a licence kind
        "11101211110900001",  # year 2111
        "11101201101900001",  # category 0
        "11101201112900001",  # sex digit 2
        "1110120111090000",  # 16 digits
        "111012011109000011",  # 18 digits
        "11601201110900001",  # no province 16
        "1110120111090000１",  # full-width
        "11101201110900001\n",
        "../../etc/passwd",
    ],
)
def test_what_is_no_licence_number(text: str) -> None:
    assert not is_licence_no(text)


@pytest.mark.parametrize("text", GOOD_USCC)
def test_right_credit_code_is_accepted(text: str) -> None:
    assert is_uscc(text)


@pytest.mark.parametrize("place", range(18))
def test_any_single_wrong_character_of_a_credit_code_is_found(place: int) -> None:
    good = GOOD_USCC[0]
    for wrong in set("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ") - {good[place]}:
        assert not is_uscc(good[:place] + wrong + good[place + 1 :])


def test_organisation_code_of_the_standard() -> None:
    assert organisation_check_character("D2143569") == "X"
