"""How a figure is told: its rows, and what it means, over which period, on how many, and how sure it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from wijkteam.engine.definition import Text
from wijkteam.reports.figures import Cell
from wijkteam.reports.figures import Definition as PlainDefinition
from wijkteam.reports.figures import Row as PlainRow
from wijkteam.reports.figures import Table as PlainTable

Language = Literal["nl", "en"]
LEFT_OUT = Text(
    nl="Groepen van 1 tot en met 4 huishoudens tonen we niet, en ook niet wat ze zou verraden.",
    en="Groups of 1 to 4 households are not shown, nor is what would give them away.",
)
NOT_KNOWN = Text(nl="Buurt onbekend", en="Buurt unknown")


@dataclass(frozen=True)
class Scope:
    """Over what figures are asked: Dutch calendar days up to and including `last`; one wijk or barrier, or all."""

    first: date
    last: date
    wijk: str | None = None
    barrier: str | None = None


@dataclass(frozen=True)
class Words:
    """Titles by code, for what figures name."""

    barriers: Mapping[str, Text]
    rungs: Mapping[int, Text]
    life_domains: Mapping[str, Text] = field(default_factory=dict)

    def barrier(self, code: str) -> Text:
        """The title of a barrier; its code when it is not listed."""
        return self.barriers.get(code) or Text(nl=code or "Niet vastgelegd", en=code or "Not recorded")


@dataclass(frozen=True)
class Definition:
    """What a figure counts and leaves out, and how sure it is."""

    code: str
    title: Text
    meaning: Text
    uncertainty: Text = LEFT_OUT


@dataclass(frozen=True)
class Row:
    """One line of a figure."""

    key: str
    label: Text
    cells: Mapping[str, Cell]
    part_of: str | None = None


@dataclass(frozen=True)
class Figure:
    """Lines by column with their definition; `counted` is on how many it rests."""

    definition: Definition
    scope: Scope
    counted: Cell
    columns: Mapping[str, Text]
    rows: tuple[Row, ...]

    def row(self, key: str) -> Row:
        """The line with that key. Raises KeyError."""
        for each in self.rows:
            if each.key == key:
                return each
        raise KeyError(key)

    def table(self, language: Language) -> PlainTable:
        """The same in one language, as exports and pages of tables take it."""
        said = _in(language)
        definition = self.definition
        return PlainTable(
            PlainDefinition(
                definition.code, said(definition.title), f"{said(definition.meaning)} {said(definition.uncertainty)}"
            ),
            {name: said(title) for name, title in self.columns.items()},
            tuple(PlainRow(row.key, said(row.label), dict(row.cells), row.part_of) for row in self.rows),
        )


def _in(language: Language) -> Callable[[Text], str]:
    return lambda text: text.nl if language == "nl" else text.en


def shown(value: float | int | None, hidden: bool) -> Cell:
    """A figure, or that it is withheld."""
    return Cell(None, True) if hidden else Cell(value)
