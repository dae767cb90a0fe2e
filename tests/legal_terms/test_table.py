"""The table of legal terms: dated rows with law and source, and the one that held when a term began."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from wijkteam.engine.loading import WrongDefinition
from wijkteam.legal_terms.table import LegalTable
from wijkteam.rulebook import read_legal_table, read_lists, workflow_folders
from wijkteam.terms import decrees
from wijkteam.terms.reckoning import Reckoning, reckon
from wijkteam.terms.statutory import is_off

SHIPPED = workflow_folders()[0]
TEXT = (SHIPPED / "terms" / "legal.yaml").read_text(encoding="utf-8")
TABLE = read_legal_table([SHIPPED])
Own = Callable[[str], LegalTable]


@pytest.fixture
def own(tmp_path: Path) -> Own:
    """A table of the municipality's own, in the place of the shipped one."""
    (tmp_path / "terms").mkdir()

    def read(text: str, name: str = "legal.yaml") -> LegalTable:
        (tmp_path / "terms" / name).write_text(text, encoding="utf-8")
        try:
            return read_legal_table([tmp_path, SHIPPED])
        finally:
            read_legal_table([SHIPPED])

    return read


@pytest.mark.parametrize(
    ("code", "within", "law"),
    [
        ("wmo_receipt", None, "2.3.2(1)"),
        ("wmo_personal_plan", "P7D", "2.3.2(2)"),
        ("wmo_client_support", None, "2.3.2(3)"),
        ("wmo_investigation", "P6W", "2.3.2(1)"),
        ("wmo_decision", "P2W", "2.3.5(2)"),
        ("wmo_urgent", None, "2.3.3"),
        ("awb_decision", "P8W", "4:13"),
        ("default_notice", "P2W", "4:17"),
        ("penalty_days", "P42D", "4:17"),
        ("objection_filing", "P6W", "6:7"),
        ("objection_decision", "P6W", "7:10"),
        ("objection_decision_committee", "P12W", "7:10"),
        ("debt_first_talk", "P4W", "Wgs art. 4(1)"),
        ("debt_threatening", "P3D", "Wgs art. 4(2)"),
        ("debt_decision", "P8W", "Wgs"),
        ("benefit_advance", "P4W", "52"),
        ("complaint", "P6W", "9:11"),
        ("complaint_committee", "P10W", "9:11"),
        ("gdpr_request", "P1M", "12(3)"),
        ("data_breach", "PT72H", "33"),
        ("safe_home_acute", None, "Meldcode"),
        ("safe_home_assessment", "P5D", "Wmo 2015"),
        ("safe_home_investigation", "P10W", "Wmo 2015"),
    ],
)
def test_the_shipped_table_knows_every_legal_term_of_the_field(code: str, within: str | None, law: str) -> None:
    row = TABLE.matter(code, date(2026, 3, 2))
    assert row is not None and row.within == within and law in row.law
    assert row.source or not row.verified, "what is verified says where it was read"


def test_the_investigation_of_the_wmo_knows_no_suspension_and_no_extension() -> None:
    row = TABLE.matter("wmo_investigation", date(2026, 3, 2))
    assert row is not None and row.suspension == [] and row.extension is None


def test_the_row_that_held_on_the_day_on_which_a_term_began_holds_for_it(own: Own) -> None:
    old = "    valid_from: 2015-01-01\n    begins: {nl: De dag van de aanvraag"
    row = next(part for part in TEXT.split("\n\n") if "code: benefit_advance" in part)
    newer = row.replace("valid_from: 2015-01-01", "valid_from: 2027-01-01").replace("within: P4W", "within: P3W")
    assert old in row
    ended = row.replace("valid_from: 2015-01-01", "valid_from: 2015-01-01\n    valid_until: 2026-12-31")
    table = own(TEXT.replace(row, f"{ended}\n\n{newer}"))
    found = {
        day: table.matter("benefit_advance", day) for day in (date(2014, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
    }
    assert [row and row.within for row in found.values()] == [None, "P4W", "P3W"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("within: P7D", "within: 7 days", "is not a duration"),
        ("within: P7D", "within: PT7H", "must be in days, weeks or months"),
        ("clock: elapsed", "clock: elapsed\n    days: act", "belong to terms on the statutory clock"),
        ("    within: P7D\n    days: act", "    within: P7D", "say what moves its end"),
        (
            "suspension: [completion_asked, agreed, force_majeure]",
            "suspension: [holiday]",
            "there is no reason 'holiday'",
        ),
        ("extension: {by: P6W", "extension: {by: six weeks", "is not a duration"),
        ("    source: burgerkrachtcentraal.nl\n", "", "what is verified has a source"),
        ("code: wmo_decision", "code: wmo_investigation", "two rows of wmo_investigation hold on 2015-01-01"),
        ("whose: resident", "whose: neighbour", "'neighbour' is not one of the choices"),
        ("valid_until: 2018-12-31", "valid_until: 2008-12-31", "valid_until lies before valid_from"),
        ("valid_until: 2018-12-31", "valid_until: 2019-01-01", "two rows of penalties hold on 2019-01-01"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_file_and_line(own: Own, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(WrongDefinition) as wrong:
        own(TEXT.replace(old, new, 1))
    assert said in str(wrong.value) and "legal.yaml:" in str(wrong.value)


def test_a_municipality_adds_the_days_of_a_new_decree_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "terms").mkdir()
    day = date(2029, 5, 11)
    text = f"decrees:\n  - {{decree: a new one, source: Staatscourant, verified: false, days: [{day}]}}\n"
    (tmp_path / "terms" / decrees.FILE).write_text(text, encoding="utf-8")
    assert not is_off(day)
    try:
        read_legal_table([tmp_path, SHIPPED])
        assert is_off(day) and reckon(Reckoning(day - timedelta(weeks=6), "P6W")).day == date(2029, 5, 14)
    finally:
        read_legal_table([SHIPPED])
    assert not is_off(day)


@pytest.mark.parametrize(
    ("on", "days", "euros"),
    [
        (date(2013, 8, 14), 42, 1260),
        (date(2019, 9, 30), 42, 1442),
        (date(2019, 9, 30), 14, 14 * 23),
        (date(2019, 9, 30), 15, 14 * 23 + 35),
        (date(2019, 9, 30), 400, 1442),
        (date(2019, 9, 30), 0, 0),
    ],
)
def test_awb_4_17_the_penalty_is_the_one_that_courts_have_set(on: date, days: int, euros: int) -> None:
    """1,260 euros in ECLI:NL:RBZWB:2014:5709 and 1,442 euros in ECLI:NL:RBDHA:2019:10639, both the most there is."""
    penalty = TABLE.penalty(on)
    assert penalty is not None and penalty.cents(days) == euros * 100 and penalty.most_days == 42


def test_before_the_law_on_penalties_there_were_none() -> None:
    assert TABLE.penalty(date(2009, 9, 30)) is None


def test_every_reason_for_suspension_in_the_table_has_a_title() -> None:
    known = read_lists([SHIPPED])["suspension_reasons"].items
    assert {reason for row in TABLE.legal_terms for reason in row.suspension} <= set(known)
