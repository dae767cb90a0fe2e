"""How long terms of the law are stands in the dated table, and nowhere in code."""

from collections.abc import Iterator
from datetime import date

import pytest

from wijkteam.rulebook import read_legal_table, workflow_folders
from wijkteam.terms import lengths
from wijkteam.terms.contesting import FILING, last_day_to_contest
from wijkteam.terms.lengths import Length, length_on


@pytest.fixture(autouse=True)
def shipped_table_afterwards() -> Iterator[None]:
    yield
    read_legal_table(workflow_folders())


def test_the_row_that_holds_on_the_day_says_how_long_a_term_is() -> None:
    lengths.recognise(
        [
            Length(FILING, "P6W", None, date(1994, 1, 1), date(2026, 12, 31)),
            Length(FILING, "P8W", None, date(2027, 1, 1)),
        ]
    )
    assert last_day_to_contest(date(2026, 11, 2)) == date(2026, 12, 14)
    assert last_day_to_contest(date(2027, 2, 1)) == date(2027, 3, 30), "29 March is Easter Monday"


def test_without_a_row_the_term_is_not_guessed() -> None:
    lengths.recognise([])
    with pytest.raises(LookupError, match="objection_filing"):
        last_day_to_contest(date(2026, 11, 2))


@pytest.mark.parametrize(
    ("code", "within", "extension"),
    [
        ("objection_filing", "P6W", None),
        ("objection_decision", "P6W", "P6W"),
        ("objection_decision_committee", "P12W", "P6W"),
    ],
)
def test_the_shipped_file_and_the_table_of_the_house_say_the_same(
    code: str, within: str, extension: str | None
) -> None:
    for read in (lengths._known.clear, lambda: read_legal_table(workflow_folders())):
        read()
        found = length_on(code, date(2026, 3, 2))
        assert (found.within, found.extension) == (within, extension)
