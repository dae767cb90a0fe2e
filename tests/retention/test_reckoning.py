"""The day from which a record may be destroyed: by the law that keeps it longest, and by the rules of the day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.engine.loading import WrongDefinition
from wijkteam.retention.reckoning import Record, applying, first_day, may_be_destroyed, reckon
from wijkteam.retention.table import Keeps, RetentionTable
from wijkteam.rulebook import read_retention, workflow_folders

SHIPPED = workflow_folders()[0]
TEXT = (SHIPPED / "access" / "retention.yaml").read_text(encoding="utf-8")
TABLE = read_retention([SHIPPED])
DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))
LAWS = st.frozensets(st.sampled_from(sorted(TABLE.laws)), min_size=1)
ONE_DAY = timedelta(days=1)
Own = Callable[[str], RetentionTable]


def a_file(last: date, *laws: str, closed: date | None = None, **more: object) -> Record:
    return Record(Keeps.CASE, last, last, closed or last, frozenset(laws), **more)  # type: ignore[arg-type]


def day_of(record: Record, on: date) -> date | None:
    return reckon(TABLE, record, on).destroy_from


def test_a_wmo_file_may_be_destroyed_fifteen_years_after_its_youngest_datum() -> None:
    assert day_of(a_file(date(2026, 3, 1), "wmo"), date(2041, 1, 1)) == date(2041, 3, 2)


def test_fifteen_years_from_a_leap_day_end_on_the_last_of_february() -> None:
    assert day_of(a_file(date(2024, 2, 29), "wmo"), date(2039, 1, 1)) == date(2039, 3, 1)
    assert day_of(a_file(date(2025, 2, 28), "wmo"), date(2040, 1, 1)) == date(2040, 2, 29)


def test_of_two_laws_the_longest_term_holds() -> None:
    assert day_of(a_file(date(2026, 3, 1), "wmo", "jeugdwet"), date(2041, 1, 1)) == date(2046, 3, 2)


def test_a_longer_term_that_came_meanwhile_holds_for_what_is_still_there() -> None:
    youth = a_file(date(2010, 6, 1), "jeugdwet")
    assert day_of(youth, date(2019, 12, 31)) == date(2025, 6, 2), "fifteen years under the old rule"
    assert day_of(youth, date(2020, 1, 1)) == date(2030, 6, 2), "twenty under the new one"


def test_an_application_withdrawn_before_a_decision_goes_after_six_weeks() -> None:
    assert day_of(a_file(date(2026, 3, 2), "wmo", withdrawn=True), date(2026, 4, 1)) == date(2026, 4, 14)
    both = a_file(date(2026, 3, 2), "wmo", "jeugdwet", withdrawn=True)
    assert day_of(both, date(2026, 4, 1)) == date(2046, 3, 3), "another law keeps its own term"


def test_what_is_open_or_held_has_no_day() -> None:
    gone = date(2099, 1, 1)
    assert day_of(Record(Keeps.CASE, date(2020, 1, 1), date(2020, 1, 1), None, frozenset({"wmo"})), gone) is None
    assert day_of(a_file(date(2020, 1, 1), "wmo", held=True), gone) is None


def test_what_no_law_speaks_of_is_not_destroyed_by_itself() -> None:
    assert day_of(a_file(date(2020, 1, 1), "another"), date(2099, 1, 1)) is None


@given(last=DAYS, laws=LAWS, on=DAYS, closed_after=st.integers(0, 9_000), extra=st.lists(DAYS, max_size=3))
def test_no_law_that_applies_and_no_extension_is_cut_short(
    last: date, laws: frozenset[str], on: date, closed_after: int, extra: list[date]
) -> None:
    record = a_file(last, *laws, closed=last + timedelta(days=closed_after), kept_until=tuple(extra))
    day = day_of(record, on)
    rows = applying(TABLE, record, on)
    assert (day is None) == (not rows)
    if day is not None:
        assert all(day >= (first_day(row, record) or day) for row in rows)
        assert all(day > each for each in extra)
        exactly = {first_day(row, record) for row in rows} | {each + ONE_DAY for each in extra}
        assert day in exactly, "and not a day later than the longest"
        years = (day.year - last.year) if not extra else 99
        assert years >= 10


@given(last=DAYS, laws=LAWS, on=DAYS, later=st.integers(0, 4_000))
def test_a_younger_datum_never_brings_the_day_nearer(last: date, laws: frozenset[str], on: date, later: int) -> None:
    younger = last + timedelta(days=later)
    before, after = day_of(a_file(last, *laws), on), day_of(a_file(younger, *laws), on)
    assert before is None or (after is not None and after >= before)


@given(last=DAYS, laws=LAWS, on=DAYS)
def test_once_it_may_be_destroyed_it_may_on_every_later_day_with_the_same_rules(
    last: date, laws: frozenset[str], on: date
) -> None:
    record = a_file(last, *laws)
    if on >= date(2020, 1, 1) and may_be_destroyed(TABLE, record, on):
        assert may_be_destroyed(TABLE, record, on + ONE_DAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("law_of: pw", "law_of: xx", "there is no law 'xx'"),
        ("within: P6W", "within: PT6H", "counted in days"),
        ("within: P6W", "within: zes weken", "is not a duration"),
        ("special_assistance: pw", "specialassistance: pw", "there is no power 'specialassistance'"),
        ("applications: [wmo_decision]", "applications: [wmo]", "there is no legal term 'wmo'"),
        ("signed_by: [privacy_officer, manager]", "signed_by: [koning]", "there is no function 'koning'"),
        ("valid_until: 2019-12-31", "valid_until: 2020-12-31", "two rows about case jeugdwet hold on 2020-01-01"),
        ("verified: true", "verified: maybe", "must be true or false"),
        ("keeps: signal", "keeps: dossier", "not one of the choices"),
    ],
)
def test_a_wrong_table_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "access").mkdir()
    assert old in TEXT
    (tmp_path / "access" / "retention.yaml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongDefinition) as wrong:
        read_retention([tmp_path, SHIPPED])
    assert said in str(wrong.value) and "retention.yaml:" in str(wrong.value)
