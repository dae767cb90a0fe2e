"""Figures of areas come in by CBS code, whole or not at all, and stand beside what people say."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from tests.conftest import Town
from wijkteam import rulebook
from wijkteam.area_figures.mapping import AreaFiguresMapping
from wijkteam.area_figures.model import AreaFigure
from wijkteam.area_figures.queries import beside, years
from wijkteam.area_figures.reading import UnreadableFigures, read_figures
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.service import keep_areas
from wijkteam.cli import main
from wijkteam.engine.loading import load_document

HEAD = "gwb_code_10;regio;a_inw;g_ink_pi;p_koopw"
GOOD = f"""{HEAD}
GM9999    ;Voorbeeldstad;120000;31,4;52
WK999901  ;Wijk 01;20100;29.9;48
BU99990101;Molenwijk;1500;24,1;.
BU03630101;Elders;900;40,2;70
"""


def shipped() -> AreaFiguresMapping:
    path = next(
        each for each in rulebook.data_files(rulebook.workflow_folders(), "figures") if each.stem.startswith("cbs")
    )
    return load_document(path, AreaFiguresMapping)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "kwb.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [GOOD, "\ufeff" + GOOD, GOOD.replace(";", "\t").upper(), GOOD.replace(",", ".").replace(";", ",")],
    ids=["as CBS", "with a mark before it", "tabs and capitals", "commas between"],
)
def test_a_file_is_read_whatever_stands_between_its_cells(tmp_path: Path, text: str) -> None:
    found = read_figures(written(tmp_path, text), shipped())
    assert not found.mistakes and found.missing == 1
    assert found.measures == ("residents", "owned_homes", "income_per_resident")
    assert {(each.code, each.measure): each.value for each in found.found}["GM9999", "income_per_resident"] == 31.4


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("BU999901;Kort;1;1;1", "line 6: 'BU999901' is no code of CBS"),
        ("BU99990102;Te veel;1;1;1;1", "line 6: has 6 cells where there are 5 columns"),
        ("BU99990102;Te weinig", "line 6: has 2 cells"),
        ("BU99990101;Dubbel;1;1;1", "line 6: BU99990101 stands on line 4 already"),
        ("BU99990102;Tekst;veel;1;1", "line 6: 'veel' under a_inw is no number"),
        ("BU99990102;Te groot;1e400;nan;1", "line 6: '1e400' under a_inw is no number"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    mistakes = read_figures(written(tmp_path, f"{GOOD}{line}\n"), shipped()).mistakes
    assert str(mistakes[0]).startswith(told)


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "gwb_code;naam\nGM9999;x\n", '"a;\n\x00'])
def test_a_file_without_codes_or_figures_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFigures):
        read_figures(written(tmp_path, text, "cp1252"), shipped())
    with pytest.raises(UnreadableFigures):
        read_figures(tmp_path / "nowhere.csv", shipped())


def test_figures_of_our_areas_are_kept_once_and_stand_beside_those_around_them(
    town: Town, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = made_up_areas(1)
    keep_areas(town.clockwork(), found, {each.wijk_code: each.wijk_code for each in found})
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)

    def bring_in(text: str, year: int, *more: str) -> Result:
        path = written(tmp_path, text)
        return CliRunner().invoke(main, ["import", "area-figures", str(path), "--year", str(year), *more])

    def count() -> int:
        return town.clockwork().session.scalar(select(func.count()).select_from(AreaFigure)) or 0

    dry = bring_in(GOOD, 2023, "--dry-run")
    assert dry.exit_code == 0 and "8 figures of 3 areas over 2023 would be kept; 3 are of elsewhere" in dry.output
    assert "no column for: households" in dry.output and count() == 0
    for _ in range(2):
        assert bring_in(GOOD, 2023).exit_code == 0
        assert count() == 8
    wrong = bring_in(GOOD.replace("1500", "veel"), 2024)
    assert wrong.exit_code == 1 and "line 4" in wrong.output and "nothing is kept" in wrong.output
    assert count() == 8
    assert bring_in(f"{HEAD}\nBU99990101;Molenwijk;1480;.;.\n", 2024).exit_code == 0
    session = town.clockwork().session
    assert years(session) == [2024, 2023]
    told = {each.measure: each for each in beside(session, "BU99990101")}
    assert (told["residents"].year, told["residents"].value, told["residents"].around) == (2024, 1480, {})
    assert told["income_per_resident"].around == {"WK999901": 29.9, "GM9999": 31.4}
    assert {each.year for each in beside(session, "BU99990101", until=2023)} == {2023}
    assert beside(session, "BU99999999") == []
