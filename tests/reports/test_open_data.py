"""Open data are safe to publish: nothing under five households can be computed back from the files."""

import csv
import io
import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import numpy
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.conftest import Town
from wijkteam.cli import main
from wijkteam.reports.naming import Naming
from wijkteam.reports.open_data import publishing
from wijkteam.reports.open_data.counting import Fact, lines_of
from wijkteam.reports.open_data.files import COLUMNS, Dataset, WrongFolder, as_csv, published, rows_of
from wijkteam.reports.open_data.periods import Period, finished, length_of, period_of
from wijkteam.reports.open_data.publishing import publish
from wijkteam.terms import clock

CODES = {"wijk": ("WK1", "WK2", "WK3"), "barrier": ("housing", "debt", "no_budget"), "rung": ("1", "2")}
DATASET = Dataset("escalations", "Opschalingen", "Geteld.", {split: {} for split in CODES})
MARCH = period_of(date(2026, 3, 1), "month")
NAMING = Naming("Voorbeeldstad", {"housing": "Wonen"}, {1: "1 casusregie"})
Lines = list[dict[str, str]]

FACTS = st.lists(
    st.builds(
        lambda household, month, wijk, barrier, rung: Fact(
            household, date(2026, month, 9), {"wijk": wijk, "barrier": barrier, "rung": rung}
        ),
        household=st.integers(1, 24),
        month=st.sampled_from([3, 3, 4]),
        wijk=st.sampled_from(CODES["wijk"]),
        barrier=st.sampled_from(CODES["barrier"]),
        rung=st.sampled_from(CODES["rung"]),
    ),
    max_size=45,
)


def read(text: str) -> Lines:
    return list(csv.DictReader(io.StringIO(text)))


def behind(facts: list[Fact], line: dict[str, str]) -> set[int]:
    """The households that a line of the file tells of."""
    return {
        fact.household
        for fact in facts
        if period_of(fact.day, "month").code == line["period"]
        and (line["split"] == "total" or fact.codes[line["split"]] == line["code"])
    }


def hidden_values(lines: Lines) -> dict[int, tuple[int, int]]:
    """The lowest and highest value that each withheld line of one period can have, for who knows how all adds up.

    An attacker's whole number programme: rows of each list add up to the total, and what is withheld is at least one.
    """
    total = next(number for number, line in enumerate(lines) if line["split"] == "total")
    lists = {line["split"] for line in lines} - {"total"}
    matrix = numpy.zeros((len(lists), len(lines)))
    for row, split in enumerate(sorted(lists)):
        matrix[row, total] = -1
        for number, line in enumerate(lines):
            matrix[row, number] = 1 if line["split"] == split else matrix[row, number]
    known = [None if line["withheld"] == "true" else int(line["count"]) for line in lines]
    bounds = Bounds([1 if each is None else each for each in known], [200 if each is None else each for each in known])
    found = {}
    for number, each in enumerate(known):
        if each is None:
            aim = numpy.zeros(len(lines))
            aim[number] = 1
            ends = [
                milp(sign * aim, constraints=LinearConstraint(matrix, 0, 0), bounds=bounds, integrality=1).fun * sign
                for sign in (1, -1)
            ]
            found[number] = round(ends[0]), round(ends[1])
    return found


@given(FACTS)
@settings(max_examples=60)
def test_nothing_under_five_households_can_be_computed_back_from_a_file(facts: list[Fact]) -> None:
    periods = [MARCH, period_of(date(2026, 4, 1), "month")]
    file = read(as_csv(rows_of(DATASET, lines_of(facts, CODES, periods, "month"))))
    for period in periods:
        lines = [line for line in file if line["period"] == period.code]
        for line in lines:
            homes = len(behind(facts, line))
            assert line["withheld"] == "true" or homes == 0 or homes >= 5
        for number, (lowest, highest) in hidden_values(lines).items():
            assert lowest < highest, lines[number]
        shown_total = next(line for line in lines if line["split"] == "total")
        for split in CODES:
            hidden = [line for line in lines if line["split"] == split and line["withheld"] == "true"]
            together = set().union(*(behind(facts, line) for line in hidden))
            assert not hidden or shown_total["withheld"] == "true" or len(together) >= 5


def test_no_two_figures_over_periods_overlap_so_that_none_can_be_subtracted() -> None:
    for each in ("month", "quarter", "year"):
        periods = finished(date(2024, 1, 1), date(2026, 11, 28), each)
        days = [day for period in periods for day in (period.first, period.last)]
        assert days == sorted(set(days)) and periods[-1].last < date(2026, 11, 28)
        assert all(length_of(period.code) == each for period in periods)
        gaps = {after.first - before.last for before, after in zip(periods, periods[1:], strict=False)}
        assert gaps == {timedelta(days=1)}
    assert [period.code for period in finished(date(2026, 1, 1), date(2026, 6, 30), "quarter")] == ["2026-Q1"]


def made_up(count: int, month: int) -> list[Fact]:
    codes = {"wijk": "unknown", "barrier": "housing", "rung": "1"}
    return [Fact(number, date(2026, month, 3), codes) for number in range(count)]


def test_what_was_published_stays_as_it_is_also_when_it_would_be_counted_otherwise_now(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = town.clockwork().session

    def put_out(*facts: Fact) -> Lines:
        monkeypatch.setattr(publishing, "escalations", lambda _session: list(facts))
        for name, text in publish(session, NAMING, tmp_path, "month").items():
            (tmp_path / name).write_text(text)
        return [line for line in read((tmp_path / "escalations.csv").read_text()) if line["split"] == "total"]

    with clock.standing_at(clock.now().replace(year=2026, month=5, day=2)):
        first = put_out(*made_up(12, 3), *made_up(7, 4))
    assert {line["period"]: line["count"] for line in first}["2026-03"] == "12"
    with clock.standing_at(clock.now().replace(year=2026, month=6, day=2)):
        after = put_out(*made_up(9, 3), *made_up(7, 4), *made_up(3, 5))
    assert after[: len(first)] == first, "three fewer in March would have told of those three"
    assert [line["period"] for line in after[len(first) :]] == ["2026-05"]
    assert after[-1]["withheld"] == "true" and after[-1]["count"] == ""
    with pytest.raises(WrongFolder, match="by month"):
        publish(session, NAMING, tmp_path, "quarter")


def test_the_package_describes_every_file_its_columns_its_codes_and_its_licence(town: Town, tmp_path: Path) -> None:
    files = publish(town.clockwork().session, NAMING, tmp_path, "month")
    described = json.loads(files["datapackage.json"])
    assert described["licenses"][0]["name"] == "CC0-1.0" and "huishoudens" in described["description"]
    named = {each["path"]: each for each in described["resources"]}
    assert named.keys() == {name for name in files if name.endswith(".csv")}
    for path, resource in named.items():
        first, *_ = csv.reader(io.StringIO(files[path]))
        assert [field["name"] for field in resource["schema"]["fields"]] == first == list(COLUMNS)
        assert resource["description"] in files["LEESMIJ.md"]
        splits = next(field for field in resource["schema"]["fields"] if field["name"] == "split")
        assert {line["split"] for line in read(files[path])} <= set(splits["constraints"]["enum"])
        kept = defaultdict(int)
        for line in read(files[path]):
            kept[line["period"], line["split"], line["code"]] += 1
        assert set(kept.values()) <= {1}, "the primary key holds"


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "escalations.csv").write_text("a,b\n1,2\n")
    with pytest.raises(WrongFolder, match="no file of this command"):
        published(tmp_path, DATASET, "month")
    assert Period(date(2026, 1, 1), 12).code == "2026"


def test_the_command_writes_the_folder(
    town: Town, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    answer = CliRunner().invoke(main, ["export", "open-data", str(tmp_path / "open")])
    assert answer.exit_code == 0, answer.output
    assert {each.name for each in (tmp_path / "open").iterdir()} == {
        "escalations.csv", "closed_cases.csv", "datapackage.json", "LEESMIJ.md",
    }  # fmt: skip
    (tmp_path / "open" / "escalations.csv").write_text("period\n")
    assert CliRunner().invoke(main, ["export", "open-data", str(tmp_path / "open")]).exit_code == 2
