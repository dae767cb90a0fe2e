"""Reading what a person filled in, against what a transition asks."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wijkteam.engine.definition import AskedField, Deed, FieldType, Text, Workflow
from wijkteam.engine.vocabulary import Reason
from wijkteam.terms import clock

LONGEST_LINE = 300
LONGEST_TEXT = 20_000
MOST_CENTS = 10**12
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""All but the tab and the end of a line."""


class WrongFields(Exception):
    """Something that was filled in cannot be accepted; `mistakes` says what, field by field."""

    def __init__(self, mistakes: dict[str, Reason]) -> None:
        super().__init__("; ".join(f"{name}: {reason.en}" for name, reason in mistakes.items()))
        self.mistakes = mistakes

    @classmethod
    def of(cls, field: str, nl: str, en: str) -> "WrongFields":
        """One mistake, in one field."""
        return cls({field: Reason(nl, en)})


class _Unreadable(Exception):
    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.reason = Reason(nl, en)


def read_fields(
    workflow: Workflow, deed: Deed, given: Mapping[str, Any], lists: Mapping[str, Mapping[str, Text]]
) -> dict[str, Any]:
    """The asked fields as values: text, date, integer cents, choice code, person number or boolean.

    An optional field left empty is left out. Raises WrongFields with every mistake at once, also for a field
    that was not asked.
    """
    values: dict[str, Any] = {}
    mistakes: dict[str, Reason] = {}
    for ask in deed.questions:
        raw = given.get(ask.field)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if ask.required:
                mistakes[ask.field] = Reason("Vul dit in.", "Please fill this in.")
            continue
        try:
            values[ask.field] = _read(workflow.fields[ask.field], raw, lists)
        except _Unreadable as unreadable:
            mistakes[ask.field] = unreadable.reason
    asked = {ask.field for ask in deed.questions}
    for name in given:
        if name not in asked:
            mistakes[name] = Reason("Dit werd niet gevraagd.", "This was not asked.")
    if mistakes:
        raise WrongFields(mistakes)
    return values


def _read(field: AskedField, raw: Any, lists: Mapping[str, Mapping[str, Text]]) -> Any:
    match field.type:
        case FieldType.LINE:
            return _read_text(raw, LONGEST_LINE)
        case FieldType.TEXT:
            return _read_text(raw, LONGEST_TEXT)
        case FieldType.DATE:
            return _read_date(raw)
        case FieldType.FUTURE_DATE:
            return _read_coming_day(raw)
        case FieldType.MONEY:
            return _read_cents(raw)
        case FieldType.CHOICE:
            return _read_choice(raw, field.choices if field.choices is not None else lists[field.list or ""])
        case FieldType.PERSON:
            return _read_person(raw)
        case FieldType.YES_NO:
            return _read_yes_no(raw)


def _read_text(raw: Any, longest: int) -> str:
    text = str(raw).replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise _Unreadable(f"Maak dit korter: hooguit {longest} tekens.", f"At most {longest} characters, please.")
    if CONTROL_SIGNS.search(text):
        raise _Unreadable("Hier staan tekens in die niet kunnen.", "This holds control characters.")
    return text


def _read_date(raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError:
        raise _Unreadable("Dit is geen datum. Voorbeeld: 2026-03-31.", "Not a date, such as 2026-03-31.") from None


def _read_coming_day(raw: Any) -> date:
    day = _read_date(raw)
    if day < clock.today():
        raise _Unreadable("Kies een dag vanaf vandaag.", "Choose today or a later day.")
    return day


def read_coming_day(raw: Any, field: str) -> date:
    """A day from today on, filled in under this name. Raises WrongFields."""
    try:
        return _read_coming_day(raw)
    except _Unreadable as unreadable:
        raise WrongFields({field: unreadable.reason}) from None


def read_cents(raw: Any, field: str) -> int:
    """An amount in euros, filled in under this name, as integer cents. Raises WrongFields."""
    try:
        return _read_cents(raw)
    except _Unreadable as unreadable:
        raise WrongFields({field: unreadable.reason}) from None


AMOUNT = re.compile(
    r"(?P<minus>-?)(?:(?P<whole>[0-9]{1,15}|[1-9][0-9]{0,2}(?:(?P<sign>[.,])[0-9]{3})(?:(?P=sign)[0-9]{3}){0,4})"
    r"(?:(?!(?P=sign))[.,](?P<part>[0-9]{1,2}))?)"
)
"""Whole euros with or without a sign between thousands, always the same one; then another sign and cents."""


def _read_cents(raw: Any) -> int:
    """Euros as people write them in Dutch or in English, or integer cents, as integer cents.

    "1.250,50" and "1,250.50" are the same: one or two digits after the last sign are cents, three are not. So
    "1.250" and "1,250" are both 1250 euro, and nothing is guessed: whatever can be read in two ways is refused.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        cents = raw
    else:
        text = str(raw).replace("€", "").replace("\u00a0", "").replace(" ", "").removesuffix(",-").removesuffix(".-")
        found = AMOUNT.fullmatch(text)
        if found is None:
            raise _Unreadable("Dit is geen bedrag. Voorbeeld: 250,00.", "Not an amount, such as 250.00.")
        whole = re.sub("[.,]", "", found["whole"])
        cents = int(whole + (found["part"] or "").ljust(2, "0")) * (-1 if found["minus"] else 1)
    if not 0 < cents <= MOST_CENTS:
        raise _Unreadable("Vul een bedrag boven 0 euro in.", "Fill in an amount above 0 euro.")
    return cents


def _read_choice(raw: Any, choices: Mapping[str, Text]) -> str:
    if str(raw) not in choices:
        raise _Unreadable("Kies iets uit de lijst.", "Choose one from the list.")
    return str(raw)


def _read_person(raw: Any) -> int:
    try:
        return int(raw)
    except (TypeError, ValueError):
        raise _Unreadable("Kies een persoon uit de lijst.", "Choose a person from the list.") from None


def _read_yes_no(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    answers = {"yes": True, "ja": True, "on": True, "true": True, "no": False, "nee": False, "false": False}
    if str(raw).strip().lower() not in answers:
        raise _Unreadable("Kies ja of nee.", "Choose yes or no.")
    return answers[str(raw).strip().lower()]
