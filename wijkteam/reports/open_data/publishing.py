"""Publishing open data into a folder: new periods are added, and what was published stays as it is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Wijk
from wijkteam.reports.naming import Naming
from wijkteam.reports.open_data.counting import UNKNOWN, Fact, closed_cases, escalations, lines_of
from wijkteam.reports.open_data.files import Dataset, Rows, as_files, published, rows_of
from wijkteam.reports.open_data.periods import finished
from wijkteam.terms import clock

OUTCOMES = {"achieved": "Gelukt", "partly": "Deels gelukt", "not_achieved": "Niet gelukt", UNKNOWN: "Niet vastgelegd"}
LEFT_OUT = "Zonder wat over 1 tot en met 4 huishoudens gaat."


def publish(session: Session, naming: Naming, folder: Path, each: str) -> dict[str, str]:
    """Every file of the folder by name, with all finished periods; each is month, quarter or year.

    Lines that stand in the folder already are kept word for word. Raises WrongFolder.
    """
    content = [
        (dataset, _with_new_periods(session, dataset, ask, published(folder, dataset, each), each))
        for dataset, ask in _datasets(session, naming)
    ]
    return as_files(naming.municipality, content, clock.today().isoformat())


def _with_new_periods(
    session: Session, dataset: Dataset, ask: Callable[[Session], list[Fact]], known: Rows, each: str
) -> Rows:
    facts = ask(session)
    if not facts:
        return known
    # from the beginning of the period of the first fact: a period that is published tells of all of it
    first = min(fact.day for fact in facts).replace(month=1, day=1)
    done = {row[0] for row in known}
    newest = max(done, default="")
    periods = [period for period in finished(first, clock.today(), each) if period.code > newest]
    codes = {split: tuple(titles) for split, titles in dataset.splits.items()}
    return [*known, *rows_of(dataset, lines_of(facts, codes, periods, each))]


def _datasets(session: Session, naming: Naming) -> list[tuple[Dataset, Callable[[Session], list[Fact]]]]:
    wijken: Mapping[str, str] = {
        **{code: name for code, name in session.execute(select(Wijk.code, Wijk.name).order_by(Wijk.code))},
        UNKNOWN: "Wijk onbekend",
    }
    rungs = {str(number): title for number, title in naming.rungs.items()}
    return [
        (
            Dataset(
                "escalations",
                "Opschalingen",
                "Vragen om hulp van professionals aan hogere treden, naar de periode waarin zij zijn gesteld: per wijk "
                f"van het huishouden, per knelpunt en per hoogste trede. {LEFT_OUT}",
                {"wijk": wijken, "barrier": naming.barriers, "rung": rungs},
            ),
            escalations,
        ),
        (
            Dataset(
                "closed_cases",
                "Afgesloten casussen",
                "Casussen naar de periode waarin zij zijn afgesloten: per wijk van het huishouden en per uitkomst. "
                f"{LEFT_OUT}",
                {"wijk": wijken, "outcome": OUTCOMES},
            ),
            closed_cases,
        ),
    ]
