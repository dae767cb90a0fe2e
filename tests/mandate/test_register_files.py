"""The register goes out as YAML and CSV and comes back the same, to the cent and to the sign."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Town
from tests.mandate.registers import TEAMS, TEXT, entry, many_entries, register
from wijkteam.engine.loading import WrongDefinition
from wijkteam.mandate.comparing import changes_towards
from wijkteam.mandate.keeping import fill_register
from wijkteam.mandate.kept import KeptRegister
from wijkteam.mandate.register_csv import COLUMNS, as_csv, guarded, unguarded
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.mandate.register_queries import kept_register
from wijkteam.mandate.register_reading import read_register
from wijkteam.mandate.register_yaml import as_yaml
from wijkteam.people.service import add_team
from wijkteam.terms import clock

TODAY = date(2026, 3, 2)
HEADER = ",".join(COLUMNS)
ROW = "M-01,mandaat,tailored_budget,Gemeentewet,college van burgemeester en wethouders,team_lead"


def written(kept: KeptRegister, form: str, history: bool = False) -> str:
    if form == "csv":
        return as_csv(kept.rows, history)
    return as_yaml("register", ("Register", "Register"), kept.rows, TODAY, history)


def read_back(folder: Path, form: str, text: str) -> list[MandateEntry]:
    path = folder / f"register.{form}"
    path.write_text(text, encoding="utf-8", newline="")
    return read_register(path).mandates


@pytest.mark.parametrize("form", ["yaml", "csv"])
@given(rows=many_entries())
@settings(max_examples=40)
def test_what_is_written_is_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, form: str, rows: list[MandateEntry]
) -> None:
    kept = register(*rows)
    assert read_back(tmp_path_factory.mktemp(form), form, written(kept, form)) == [row.entry for row in kept.rows]


@pytest.mark.parametrize("form", ["yaml", "csv"])
@given(rows=many_entries(3))
@settings(max_examples=5)
def test_a_register_that_is_exported_and_imported_shows_no_differences(
    town: Town, tmp_path: Path, form: str, rows: list[MandateEntry]
) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        for team in TEAMS:
            add_team(work, team)
        fill_register(work, rows)
        kept = kept_register(session)
        read = read_back(tmp_path, form, written(KeptRegister(kept.in_force(clock.now())), form))
        assert {row.number for row in rows} <= {each.number for each in read}
        assert changes_towards(kept, read, clock.today()) == []
        session.rollback()
    town.close()


@given(text=TEXT | st.text(max_size=6))
def test_no_cell_begins_as_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).strip()[:1] not in ("=", "+", "-", "@")


def test_a_cell_of_a_register_cannot_run_in_a_spreadsheet() -> None:
    text = as_csv(register(entry("M-01", conditions="=HYPERLINK(1)", legal_ground="-2+3")).rows)
    cells = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (cells["conditions"], cells["legal_ground"]) == ("'=HYPERLINK(1)", "'-2+3")


def test_what_a_dutch_spreadsheet_makes_of_it_is_read(tmp_path: Path) -> None:
    text = (
        "number;kind;power;legal_ground;function;per_decision;civil_servant_only;valid_from;reserved\r\n"
        "M-01;volmacht;tailored_budget;G;team_lead;1.250,50;WAAR;1-2-2026;precedent, politically_sensitive\r\n"
    )
    (read,) = read_back(tmp_path, "csv", text)
    assert (str(read.per_decision), read.civil_servant_only, read.valid_from) == ("1250.50", True, date(2026, 2, 1))
    assert read.reserved == ["politically_sensitive", "precedent"]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"{HEADER}\n{ROW}\nM-02,mandaat\n", 3, "'power' is missing"),
        (f"{HEADER}\nM-01,bevel,tailored_budget,G,x,team_lead\n", 2, "not one of the choices for 'kind'"),
        (f"{HEADER}\n{ROW},,,,12.345\n", 2, "'per_decision' is not right"),
        (f"{HEADER}\n{ROW},,,,-5\n", 2, "'per_decision' is not right"),
        (f"{HEADER}\n{ROW},,,,0\n", 2, "'per_decision' is not right"),
        (f'{HEADER}\n{ROW}\n"M-01","mandaat","x","G\nG","x","y"\n', 3, "row M-01 stands here for the second time"),
        (f"{HEADER}\n{ROW.replace('M-01', 'M/01')}\n", 2, "'number' is not right"),
        (f"{HEADER},colour\n{ROW}\n", 1, "'colour' is not a column"),
        (f"{HEADER},revoked_at\n{ROW}\n", 1, "holds the history"),
        ("kind,power\nmandaat,x\n", 1, "there is no column 'number'"),
        (HEADER, 1, "holds no rows"),
        ("", 1, "there is no column 'number'"),
    ],
)
def test_a_mistake_in_csv_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(WrongDefinition) as wrong:
        read_back(tmp_path, "csv", text)
    assert any(each.line == line and told in each.wrong for each in wrong.value.findings), str(wrong.value)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b'number,power\n"M-01', b"number\n\x00\n", "number\n=€\n".encode("cp1252")]
)
def test_what_is_no_csv_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(content)
    with pytest.raises(WrongDefinition) as wrong:
        read_register(path)
    assert all(str(each).isprintable() for each in wrong.value.findings)


@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_history_is_for_reading_and_not_for_importing(tmp_path: Path, form: str) -> None:
    with pytest.raises(WrongDefinition, match="holds the history of a register; to change the register"):
        read_back(tmp_path, form, written(register(entry("M-01")), form, history=True))
