"""A cell as the value that it stands for, as people here write it: Dutch days and ISO days, ja and nee."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from wijkteam.engine.definition import Text
from wijkteam.engine.fields import LONGEST_LINE, LONGEST_TEXT
from wijkteam.importing.shapes import Form
from wijkteam.mandate.register_csv import NO, YES
from wijkteam.residents.bsn import read_bsn

DUTCH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ]00:00(:00)?)?")


class Unreadable(Exception):
    """A cell that does not hold what its column asks."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(nl=nl, en=en)


def read_value(form: Form, text: str) -> Any:
    """The value of a cell that is not empty. Raises Unreadable."""
    return READERS[form](text)


def read_day(text: str) -> date:
    """A day as 31-12-2026, 31/12/2026 or 2026-12-31. Raises Unreadable."""
    dutch, iso = DUTCH_DAY.fullmatch(text), ISO_DAY.fullmatch(text)
    parts = (dutch[3], dutch[2], dutch[1]) if dutch else (iso[1], iso[2], iso[3]) if iso else None
    try:
        if parts is not None:
            return date(*(int(each) for each in parts))
    except ValueError:
        pass
    raise Unreadable("Schrijf een dag zo: 31-12-2026.", "Write a day like this: 31-12-2026.")


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        raise Unreadable(f"Maak dit korter: hooguit {LONGEST_LINE} tekens.", f"At most {LONGEST_LINE} signs.")
    return line


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"Maak dit korter: hooguit {LONGEST_TEXT} tekens.", f"At most {LONGEST_TEXT} signs.")
    return text


def _email(text: str) -> str:
    try:
        checked = validate_email(text.lower(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Unreadable("Dit is geen e-mailadres.", "This is no e-mail address.") from None
    return checked.normalized.lower()


def _yes_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise Unreadable("Vul ja of nee in.", "Fill in ja (yes) or nee (no).")
    return text.lower() in YES


def _bsn(text: str) -> str:
    number = read_bsn(text)
    if number is None:
        raise Unreadable("Dit is geen BSN. Kijk de cijfers na.", "Not a BSN; check the digits.")
    return number


READERS: Mapping[Form, Callable[[str], Any]] = {
    Form.LINE: _line,
    Form.TEXT: _text,
    Form.EMAIL: _email,
    Form.DAY: read_day,
    Form.COMING_DAY: read_day,
    Form.YES_NO: _yes_no,
    Form.BSN: _bsn,
    Form.CODES: lambda text: tuple(text.replace(",", " ").split()),
}
