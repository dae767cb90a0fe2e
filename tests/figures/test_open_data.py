"""Open data are safe to publish: they tell what the report of a year that is over tells, and nothing else.

That nobody computes a small group back from the reports of all years together is shown in `test_computing_back`.
"""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from tests.conftest import Town
from tests.figures.little_town import AT, LittleTown
from wijkteam.cli import main
from wijkteam.figures.open_data.files import COLUMNS, Dataset, WrongFolder, published
from wijkteam.figures.open_data.publishing import publish
from wijkteam.figures.open_data.told import Line, lines_of
from wijkteam.figures.telling import Scope
from wijkteam.reports.figures import Cell
from wijkteam.reports.withholding import TOTAL
from wijkteam.terms import clock
from wijkteam.web.report import known, make_report

TABLES = {
    ("escalations", "wijk"): ("per_wijk", "asked"),
    ("escalations", "barrier"): ("per_barrier", "asked"),
    ("escalations", "rung"): ("per_rung", "asked"),
    ("outcomes", "wijk"): ("outcomes", "all"),
}
"""Which column of which table of the report a list is."""
DATASET = Dataset("escalations", "Opschalingen", "Geteld.", {})
Lines = list[dict[str, str]]


def read(text: str) -> Lines:
    return list(csv.DictReader(io.StringIO(text)))


def put_out(town: Town, folder: Path) -> dict[str, Lines]:
    """What a folder holds after the command for it."""
    files = publish(town.clockwork().session, known(town.house, "Voorbeeldstad"), folder)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name.removesuffix(".csv"): read(text) for name, text in files.items() if name.endswith(".csv")}


def told_by_the_report(town: Town, year: int) -> dict[tuple[str, str, str], Cell]:
    """Every figure that the report of a whole year has of the same things, by file, list and code."""
    scope = Scope(date(year, 1, 1), date(year, 12, 31))
    report = make_report(town.house, town.clockwork().session, "Voorbeeldstad", scope).report
    tables = {table.definition.code: table for table in report.tables}
    found = {
        (file, split, row.key): row.cells[column]
        for (file, split), (code, column) in TABLES.items()
        for row in tables[code].rows
        if row.key != TOTAL and row.part_of is None
    }
    every = next(row for row in tables["outcomes"].rows if row.key == TOTAL)
    found |= {("outcomes", "outcome", code): cell for code, cell in every.cells.items() if code != "all"}
    found["outcomes", TOTAL, TOTAL] = every.cells["all"]
    found["escalations", TOTAL, TOTAL] = tables["escalations"].rows[0].cells["asked"]
    return found


@pytest.mark.parametrize("seed", [1, 5, 9])
def test_every_published_figure_is_the_one_that_the_report_of_the_year_tells_and_what_it_withholds_is_withheld(
    town: Town, tmp_path: Path, seed: int
) -> None:
    LittleTown(Random(seed), 60).write(town.clockwork().session)
    with clock.standing_at(AT):
        published_lines = put_out(town, tmp_path)
        told = told_by_the_report(town, 2025)
    seen = set()
    for file, lines in published_lines.items():
        for line in lines:
            cell = told.get((file, line["split"], line["code"]), Cell(0))
            seen.add(cell.withheld)
            assert line["period"] == "2025", "the running year is not published"
            assert (line["withheld"] == "true") == cell.withheld, line
            assert line["count"] == ("" if cell.withheld else str(cell.value)), line
        codes = {(file, line["split"], line["code"]) for line in lines}
        assert {each for each in told if each[0] == file} <= codes
    assert seen == {True, False}


def test_what_was_published_stays_as_it_is_and_a_year_comes_when_it_is_over(town: Town, tmp_path: Path) -> None:
    LittleTown(Random(2), 60).write(town.clockwork().session)
    with clock.standing_at(AT):
        put_out(town, tmp_path)
    path = tmp_path / "escalations.csv"
    total = next(line for line in path.read_text().splitlines() if ",total," in line)
    path.write_text(path.read_text().replace(total, f"2025,total,total,total,{10_000},false"))
    first = read(path.read_text())
    with clock.standing_at(AT.replace(month=12, day=31)):
        assert put_out(town, tmp_path)["escalations"] == first, "what was counted then is not counted anew"
    with clock.standing_at(AT.replace(year=2027, month=1, day=2)):
        after = put_out(town, tmp_path)["escalations"]
    assert after[: len(first)] == first and {line["period"] for line in after[len(first) :]} == {"2026"}
    assert len({line["period"] for line in put_out(town, tmp_path)["outcomes"]}) == 2


def test_years_are_the_only_periods_and_a_folder_with_months_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "escalations.csv"
    path.write_text(",".join(COLUMNS) + "\n2026-03,total,total,total,12,false\n")
    with pytest.raises(WrongFolder, match="2026-03, which is no year"):
        published(tmp_path, DATASET)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(WrongFolder, match="no file of this command"):
        published(tmp_path, DATASET)


def test_a_code_of_which_there_is_nothing_is_zero_and_a_code_that_is_not_listed_is_told() -> None:
    told = {TOTAL: {TOTAL: Cell(7)}, "wijk": {"WK1": Cell(7), "WK9": Cell(None, withheld=True)}}
    assert list(lines_of(2025, told, {"wijk": ["WK1", "WK2"]})) == [
        Line("2025", TOTAL, TOTAL, 7),
        Line("2025", "wijk", "WK1", 7),
        Line("2025", "wijk", "WK2", 0),
        Line("2025", "wijk", "WK9", None),
    ]


def test_the_package_describes_every_file_its_columns_its_codes_and_its_licence(town: Town, tmp_path: Path) -> None:
    LittleTown(Random(3), 40).write(town.clockwork().session)
    with clock.standing_at(AT):
        files = publish(town.clockwork().session, known(town.house, "Voorbeeldstad"), tmp_path)
    described = json.loads(files["datapackage.json"])
    assert described["licenses"][0]["name"] == "CC0-1.0" and "huishoudens" in described["description"]
    named = {each["path"]: each for each in described["resources"]}
    assert named.keys() == {name for name in files if name.endswith(".csv")}
    for path, resource in named.items():
        lines = read(files[path])
        assert [field["name"] for field in resource["schema"]["fields"]] == list(COLUMNS) == list(lines[0])
        assert resource["description"] in files["LEESMIJ.md"]
        splits = next(field for field in resource["schema"]["fields"] if field["name"] == "split")
        assert {line["split"] for line in lines} == set(splits["constraints"]["enum"])
        keys = Counter((line["period"], line["split"], line["code"]) for line in lines)
        assert set(keys.values()) == {1}, "the primary key holds"


def test_the_command_writes_the_folder(
    town: Town, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    answer = CliRunner().invoke(main, ["export", "open-data", str(tmp_path / "open")])
    assert answer.exit_code == 0, answer.output
    assert {each.name for each in (tmp_path / "open").iterdir()} == {
        "escalations.csv", "outcomes.csv", "datapackage.json", "LEESMIJ.md",
    }  # fmt: skip
    (tmp_path / "open" / "escalations.csv").write_text("period\n")
    assert CliRunner().invoke(main, ["export", "open-data", str(tmp_path / "open")]).exit_code == 2
