"""What is found in a file: where, whether it keeps the file out, and one line about it in both languages."""

from dataclasses import dataclass

from wijkteam.engine.definition import Text
from wijkteam.importing.shapes import Column, Kind
from wijkteam.terms.words import Language

HIDDEN = "•••"
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Finding:
    """One thing found; `row` is None for the file or the sheet as a whole."""

    kind: str
    row: int | None
    column: str | None
    value: str
    """What stands there; hidden where it tells something of a resident."""
    text: Text
    is_mistake: bool = True

    def said(self, language: Language = "nl") -> str:
        """What is wrong, in one line."""
        return self.text.en if language == "en" else self.text.nl

    def line(self, language: Language = "nl") -> str:
        """Where it stands, the value, and what is wrong."""
        row, column = ("row", "column") if language == "en" else ("rij", "kolom")
        place = [self.kind] if self.kind else []
        place += [f"{row} {self.row}"] if self.row is not None else []
        place += [f"{column} {self.column}"] if self.column else []
        where = ", ".join(place)
        shown = f" ({self.value})" if self.value else ""
        return f"{where}{shown}: {self.said(language)}" if where else self.said(language)


class WrongFile(Exception):
    """A file that cannot be read at all, or lacks what it needs."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl, self.en = nl, en


def shown_value(column: Column, value: str) -> str:
    """A value as it may stand in a message."""
    if not value:
        return ""
    if column.private:
        return HIDDEN
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"


def mistake(kind: Kind, row: int, column: Column, value: str, nl: str, en: str) -> Finding:
    """Something that keeps the file out."""
    return Finding(kind.sheet, row, column.name, shown_value(column, value), Text(nl=nl, en=en))


def warning(kind: Kind, row: int, column: Column, value: str, nl: str, en: str) -> Finding:
    """Something to look at; the file comes in all the same."""
    return Finding(kind.sheet, row, column.name, shown_value(column, value), Text(nl=nl, en=en), is_mistake=False)
