"""What is a BSN, how one is shown, and where one may hide in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.residents.bsn import is_bsn, looks_like_bsn, masked, read_bsn, without_bsn


def proof(digits: list[int]) -> int:
    """The 11-proof, written out a second time."""
    first = sum((9 - place) * digit for place, digit in enumerate(digits[:8]))
    return (first - digits[8]) % 11


@given(digits=st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_a_bsn_is_nine_digits_that_pass_the_11_proof_and_are_not_all_zero(digits: list[int]) -> None:
    assert is_bsn("".join(map(str, digits))) == (proof(digits) == 0 and any(digits))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    first = draw(st.lists(st.integers(0, 9), min_size=8, max_size=8).filter(any))
    last = sum((9 - place) * digit for place, digit in enumerate(first)) % 11
    return "".join(map(str, first)) + str(last) if last < 10 else "123456782"


@given(number=numbers(), place=st.integers(0, 8), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, other: int) -> None:
    wrong = list(number)
    wrong[place] = str((int(number[place]) + other) % 10)
    assert is_bsn(number) and not is_bsn("".join(wrong))


@given(number=numbers(), place=st.integers(0, 7))
def test_two_digits_that_changed_places_are_always_noticed(number: str, place: int) -> None:
    wrong = list(number)
    wrong[place], wrong[place + 1] = number[place + 1], number[place]
    if number[place] != number[place + 1]:
        # the last weight is -1 and the one before it 2: their difference is no multiple of eleven either
        assert not is_bsn("".join(wrong))


@pytest.mark.parametrize("typed", ["123456782", " 123 456 782 ", "1234.56.782", "1234-56-782"])
def test_spaces_dots_and_dashes_do_not_matter(typed: str) -> None:
    assert read_bsn(typed) == "123456782"


def test_eight_digits_get_the_zero_that_was_left_out() -> None:
    assert read_bsn("10000007") is None
    assert read_bsn("12345672") == "012345672"
    assert read_bsn("012345672") == "012345672"


@pytest.mark.parametrize(
    "typed", ["", "0", "000000000", "00000000", "123456789", "1234567", "1234567820", "١٢٣٤٥٦٧٨٢", "12345678x"]
)
def test_what_is_no_bsn_is_refused(typed: str) -> None:
    assert read_bsn(typed) is None


@given(number=numbers())
def test_only_the_last_three_digits_are_shown(number: str) -> None:
    assert masked(number) == f"•••••• {number[-3:]}"


@given(
    number=numbers(),
    before=st.sampled_from(["", "BSN ", "(", "nr.", "x", "\n"]),
    after=st.sampled_from(["", ".", ")", ", dus", "x"]),
)
def test_a_number_in_a_text_is_noticed_and_masked_however_it_is_written(number: str, before: str, after: str) -> None:
    if before == "nr.":
        before = "nr. "
    for written in (number, f"{number[:3]} {number[3:6]} {number[6:]}", f"{number[:4]}.{number[4:6]}.{number[6:]}"):
        text = f"{before}{written}{after}"
        assert looks_like_bsn(text), text
        assert written not in without_bsn(text) and not looks_like_bsn(without_bsn(text))


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "+31612345678",
        "NL91ABNA0417164300",
        "127.0.0.1",
        "192.168.100.12",
        "2026-11-28 07:26:18",
        "€ 1.234.567,89",
        "123456789",
        "1234567820",
        "Voorbeeldstraat 12, 1234 AB",
        "",
    ],
)
def test_telephone_numbers_accounts_moments_and_amounts_are_left_alone(text: str) -> None:
    assert not looks_like_bsn(text)
    assert without_bsn(text) == text
