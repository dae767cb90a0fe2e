"""The files of open data: CSV with a data package (Frictionless, tabular) that says what each column and code means."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wijkteam.figures.open_data.told import Line
from wijkteam.reports.exports import safe
from wijkteam.reports.withholding import FEWEST

PACKAGE = "datapackage.json"
COLUMNS = ("period", "split", "code", "label", "count", "withheld")
LICENCE = {
    "name": "CC0-1.0",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/deed.nl",
    "title": "CC0 1.0 Universeel (publiek domein)",
}
"""What the Dutch government asks of its open data (data.overheid.nl): no rights reserved."""


SMALL = f"Wat over 1 tot en met {FEWEST - 1} huishoudens gaat is weggelaten, en ook waarmee iemand dat kan uitrekenen."


YEAR = re.compile(r"[0-9]{4}")


class WrongFolder(Exception):
    """What stands in the folder does not go together with what is asked; the message is one line."""


@dataclass(frozen=True)
class Dataset:
    """One file: its name, what it counts, and how codes of each list are called."""

    name: str
    title: str
    meaning: str
    splits: Mapping[str, Mapping[str, str]]
    """For each list its codes with their titles."""

    @property
    def path(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"


Rows = list[list[str]]


def published(folder: Path, dataset: Dataset) -> Rows:
    """The lines that were published before, word for word; none when there is no such file yet.

    Raises WrongFolder when they are over other periods than years: those give away what the report of a year withholds.
    """
    path = folder / dataset.path
    if not path.is_file():
        return []
    try:
        first, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        if tuple(first) != COLUMNS:
            raise ValueError("its columns are others")
        others = [row[0] for row in rows if not YEAR.fullmatch(row[0])]
    except (OSError, ValueError, IndexError) as error:
        raise WrongFolder(f"{path} is no file of this command: {error}") from error
    if others:
        raise WrongFolder(
            f"{path} counts {others[0]}, which is no year; beside years that would give away small numbers"
        )
    return rows


def rows_of(dataset: Dataset, lines: Iterable[Line]) -> Rows:
    """Figures as lines of the file."""
    return [
        [
            line.period,
            line.split,
            safe(line.code),
            safe(dataset.splits.get(line.split, {}).get(line.code, line.code)),
            "" if line.value is None else str(line.value),
            "true" if line.value is None else "false",
        ]
        for line in lines
    ]


def as_csv(rows: Rows) -> str:
    """Lines under their columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def package(municipality: str, datasets: Iterable[Dataset], day: str) -> dict[str, Any]:
    """The description of all files, as a Frictionless tabular data package."""
    return {
        "profile": "tabular-data-package",
        "name": "wijkteam-open-data",
        "title": f"Opschalingen en uitkomsten van casussen in {municipality}",
        "description": (
            f"Tellingen over hele jaren, zoals het verslag over dat jaar ze geeft. {SMALL} Een jaar dat er eenmaal "
            "in staat verandert niet meer. Tel geen regels op waarbij iets is weggelaten."
        ),
        "created": day,
        "contributors": [{"title": f"Gemeente {municipality}", "role": "publisher"}],
        "licenses": [LICENCE],
        "resources": [_resource(each) for each in datasets],
    }


def _resource(dataset: Dataset) -> dict[str, Any]:
    splits = ["total", *dataset.splits]
    return {
        "profile": "tabular-data-resource",
        "name": dataset.name.replace("_", "-"),
        "path": dataset.path,
        "title": dataset.title,
        "description": dataset.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                _field("period", "string", "Het jaar.", required=True, pattern="[0-9]{4}"),
                _field("split", "string", "Waarnaar is geteld.", required=True, enum=splits),
                _field("code", "string", "De code, bij een wijk die van het CBS.", required=True),
                _field("label", "string", "Wat de code betekent."),
                _field("count", "integer", "Het aantal; leeg als het is weggelaten.", minimum=0),
                _field("withheld", "boolean", "Of het aantal is weggelaten.", required=True),
            ],
            "missingValues": [""],
            "primaryKey": ["period", "split", "code"],
        },
    }


def _field(name: str, sort: str, description: str, **constraints: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "type": sort, "description": description}
    return {**found, "constraints": constraints} if constraints else found


def read_me(municipality: str, datasets: Iterable[Dataset]) -> str:
    """The same in words, for who opens the folder."""
    lines = [
        f"# Open data van {municipality}",
        "",
        SMALL,
        "Elk jaar staat op zichzelf. Een jaar dat er eenmaal in staat verandert niet meer.",
        "",
        f"Licentie: {LICENCE['title']}, {LICENCE['path']}.",
        "",
    ]
    for each in datasets:
        lines += [f"## {each.title} (`{each.path}`)", "", each.meaning, ""]
    return "\n".join(lines)


def as_files(municipality: str, content: Sequence[tuple[Dataset, Rows]], day: str) -> dict[str, str]:
    """Every file by its name."""
    datasets = [dataset for dataset, _ in content]
    described = json.dumps(package(municipality, datasets, day), ensure_ascii=False, indent=2)
    return {
        **{dataset.path: as_csv(rows) for dataset, rows in content},
        PACKAGE: described + "\n",
        "LEESMIJ.md": read_me(municipality, datasets),
    }
