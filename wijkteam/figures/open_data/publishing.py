"""Publishing open data into a folder: new years are added, and what was published stays as it is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Wijk
from wijkteam.figures.open_data.files import Dataset, Rows, as_files, published, rows_of
from wijkteam.figures.open_data.told import (
    UNKNOWN,
    Cells,
    escalations_told,
    lines_of,
    outcomes_told,
    report_of,
    years_over,
)
from wijkteam.figures.outcome_words import OUTCOME_COLUMNS
from wijkteam.figures.report import Known, Main
from wijkteam.terms import clock

LEFT_OUT = "Zonder wat over 1 tot en met 4 huishoudens gaat. Het zijn de tellingen van het verslag over dat jaar."


def publish(session: Session, known: Known, folder: Path) -> dict[str, str]:
    """Every file of the folder by name, with all years that are over.

    Lines that stand in the folder already are kept word for word. Raises WrongFolder.
    """
    before = [(dataset, tell, published(folder, dataset)) for dataset, tell in _datasets(session, known)]
    years = years_over(session, clock.today())
    reports = {
        year: report_of(session, year, known) for year in years if any(_is_new(year, rows) for *_, rows in before)
    }
    content = [(dataset, _with_new_years(dataset, tell, rows, reports)) for dataset, tell, rows in before]
    return as_files(known.municipality, content, clock.today().isoformat())


def _is_new(year: int, rows: Rows) -> bool:
    return str(year) > max((row[0] for row in rows), default="")


def _with_new_years(dataset: Dataset, tell: Callable[[Main], Cells], rows: Rows, reports: Mapping[int, Main]) -> Rows:
    found = list(rows)
    for year, main in reports.items():
        if _is_new(year, rows):
            found += rows_of(dataset, lines_of(year, tell(main), dataset.splits))
    return found


def _datasets(session: Session, known: Known) -> list[tuple[Dataset, Callable[[Main], Cells]]]:
    wijken: Mapping[str, str] = {
        **{code: name for code, name in session.execute(select(Wijk.code, Wijk.name).order_by(Wijk.code))},
        UNKNOWN: "Wijk onbekend",
    }
    words = known.words
    barriers = {code: title.nl for code, title in words.barriers.items()}
    rungs = {str(number): title.nl for number, title in words.rungs.items()}
    outcomes = {code: title.nl for code, title in OUTCOME_COLUMNS.items() if code != "all"}
    return [
        (
            Dataset(
                "escalations",
                "Opschalingen",
                "Vragen om hulp van professionals aan hogere treden, naar het jaar waarin zij zijn gesteld: per wijk "
                f"van het huishouden, per knelpunt en per trede. {LEFT_OUT}",
                {"wijk": wijken, "barrier": barriers, "rung": rungs},
            ),
            lambda main: escalations_told(main, words),
        ),
        (
            Dataset(
                "outcomes",
                "Uitkomsten van casussen",
                "Casussen naar het jaar waarin hun uitkomst is vastgelegd: per wijk van het huishouden en per "
                f"uitkomst. {LEFT_OUT}",
                {"wijk": wijken, "outcome": outcomes},
            ),
            outcomes_told,
        ),
    ]
