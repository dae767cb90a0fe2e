"""An amount is read alike however people write it, and what can be read in two ways is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.engine.fields import WrongFields, read_cents
from wijkteam.mandate.row import euros

READ = {
    "40": 4_000,
    "€ 40,-": 4_000,
    "1800": 180_000,
    "1.800": 180_000,
    "1,800": 180_000,
    "1.800,00": 180_000,
    "1,800.00": 180_000,
    "1 800,5": 180_050,
    "1.250.000": 125_000_000,
    "0,05": 5,
    "12.3": 1_230,
}
UNCLEAR = (
    "1.800,000",
    "1.8.00",
    "1,80,00",
    "1.80.000",
    "0.500",
    "1.2500",
    ",5",
    "5,",
    "1e3",
    "twaalf",
    "١٢",
    "",
    "0",
    "-5",
)


def test_what_people_write_in_dutch_or_in_english_is_read() -> None:
    assert {text: read_cents(text, "amount") for text in READ} == READ


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(text: str) -> None:
    with pytest.raises(WrongFields):
        read_cents(text, "amount")


@given(cents=st.integers(1, 10_000_000))
def test_whatever_a_page_shows_can_be_typed_in_again(cents: int) -> None:
    assert read_cents(euros(cents), "x") == read_cents(euros(cents, "en"), "x") == cents


def test_an_amount_is_written_as_readers_of_each_language_write_it() -> None:
    assert (euros(180_050), euros(180_050, "en")) == ("€ 1.800,50", "€1,800.50")
