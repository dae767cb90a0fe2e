"""One change of the register as a person fills it in: text by field, read into the change itself."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from wijkteam.engine.fields import WrongFields, read_cents
from wijkteam.engine.vocabulary import Reason
from wijkteam.mandate.changes import RowChange
from wijkteam.mandate.kept import KeptRegister, KeptRow
from wijkteam.mandate.register_file import MONEY_FIELDS, MandateEntry

YES = frozenset({"ja", "yes", "true", "on"})
FLAGS = ("may_pass_on", "civil_servant_only")
DAYS = ("valid_from", "valid_until", "on")
ENTRY_FIELDS = frozenset(MandateEntry.model_fields)
EMPTY = Reason("Vul dit in.", "Please fill this in.")
EXPLAINED: Mapping[str, Reason] = {
    "number": Reason(
        "Gebruik hooguit 40 letters, cijfers, punten of streepjes. Voorbeeld: M-03.1.",
        "Use at most 40 letters, digits, dots or dashes, such as M-03.1.",
    ),
    "longest_duration": Reason(
        "Schrijf een duur als P6M (6 maanden), P2W (2 weken) of PT24H (24 uur).",
        "Write a duration as P6M (6 months), P2W (2 weeks) or PT24H (24 hours).",
    ),
    "colleagues_needed": Reason("Vul een getal van 0 tot en met 20 in.", "Fill in a number from 0 to 20."),
    "kind": Reason("Kies een soort uit de lijst.", "Choose a kind from the list."),
}
EXPLAINED = {**EXPLAINED, "quorum_within": EXPLAINED["longest_duration"], "given_under": EXPLAINED["number"]}
NOT_RIGHT = Reason("Dit kan hier niet staan. Maak het korter of schrijf het anders.", "This cannot stand here.")
TOGETHER: Mapping[str, tuple[str, Reason]] = {
    "valid_until lies before": (
        "valid_until",
        Reason("De laatste dag ligt voor de eerste.", "The last day lies before the first."),
    ),
    "pass_on_to says": (
        "may_pass_on",
        Reason("Kies hier ja, of maak leeg aan wie.", "Choose yes here, or leave empty to whom."),
    ),
    "quorum_within is about": (
        "colleagues_needed",
        Reason("Vul in hoeveel collega's instemmen.", "Fill in how many colleagues agree."),
    ),
    "a row cannot be": ("given_under", Reason("Een rij staat niet onder zichzelf.", "No row is under itself.")),
}


def read_change(given: Mapping[str, Any], register: KeptRegister, today: date) -> RowChange:
    """The change that was filled in, drawn up against the row as it is now. Raises WrongFields, field by field.

    `what` is add, replace or revoke. Of a row that is replaced, fields that are not among `given` stay as they are.
    """
    what, number = str(given.get("what", "")), str(given.get("number", "")).strip()
    if what not in ("add", "replace", "revoke"):
        raise WrongFields.of("what", "Kies wat er verandert.", "Choose what changes.")
    if not number:
        raise WrongFields({"number": EMPTY})
    row = current(register, number, today)
    if what != "add" and row is None:
        raise WrongFields.of("number", f"Rij {number} geldt niet meer.", f"Row {number} does not hold any more.")
    values = _plain({name: value for name, value in given.items() if name in (*ENTRY_FIELDS, "on", "row", "why")})
    against = values.get("row") or (row.id if row is not None else None)
    if what == "revoke":
        change = {"what": what, "number": number, "row": against, "on": values.get("on"), "why": values.get("why")}
        revoked: RowChange = _validated(RowChange, change)
        return revoked
    entry = {name: value for name, value in values.items() if name in ENTRY_FIELDS}
    if row is not None and what == "replace":
        entry = {**row.entry.model_dump(), "valid_from": None, "valid_until": None, **entry}
    read: MandateEntry = _validated(MandateEntry, {**entry, "number": number})
    if what == "add":
        return RowChange(what="add", number=read.number, entry=read)
    return RowChange(what="replace", number=read.number, entry=read, row=against)


def current(register: KeptRegister, number: str, today: date) -> KeptRow | None:
    """The row with this number that holds today, or else the next one to come."""
    there = [row for row in register.numbered(number) if row.last_day >= max(today, row.first_day)]
    return there[0] if there else None


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Text as values; what is left empty is nothing. Raises WrongFields."""
    found: dict[str, Any] = {}
    wrong: dict[str, Reason] = {}
    for name, value in given.items():
        try:
            found[name] = _value(name, value)
        except WrongFields as mistake:
            wrong |= mistake.mistakes
        except ValueError:
            wrong[name] = EXPLAINED.get(name, NOT_RIGHT)
    if wrong:
        raise WrongFields(wrong)
    return {name: value for name, value in found.items() if value is not None or name in ENTRY_FIELDS}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if name in FLAGS:
        return text.lower() in YES
    if name == "reserved":
        return [code.strip() for code in text.split(",") if code.strip()]
    if name == "colleagues_needed":
        return int(text or "0")
    if not text:
        return None
    if name in MONEY_FIELDS:
        return Decimal(read_cents(text, name)) / 100
    if name in DAYS:
        return _day(name, text)
    return int(text) if name == "row" else text


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongFields.of(name, "Dit is geen datum. Voorbeeld: 2026-03-31.", "Not a date.") from None


def _validated(model: Any, values: Mapping[str, Any]) -> Any:
    kept = {name: value for name, value in values.items() if value is not None}
    try:
        return model.model_validate(kept)
    except ValidationError as error:
        wrong: dict[str, Reason] = {}
        for each in error.errors(include_url=False):
            name, reason = _explained(each)
            wrong.setdefault(name, reason)
        raise WrongFields(wrong) from None


def _explained(error: Any) -> tuple[str, Reason]:
    if error["loc"]:
        name = str(error["loc"][0])
        return name, EMPTY if error["type"] == "missing" else EXPLAINED.get(name, NOT_RIGHT)
    message = error["msg"].removeprefix("Value error, ")
    found = (told for start, told in TOGETHER.items() if message.startswith(start))
    return next(found, ("why", Reason("Dit klopt niet met elkaar.", message)))


def as_filled_in(entry: MandateEntry) -> dict[str, str]:
    """A row as text by field, as it would be filled in; a replacement begins on a day of its own."""
    found: dict[str, str] = {}
    for name in ENTRY_FIELDS - {"valid_from"}:
        value = getattr(entry, name)
        match value:
            case None:
                continue
            case bool():
                found[name] = "ja" if value else "nee"
            case Decimal():
                found[name] = f"{value:.2f}".replace(".", ",")
            case date():
                found[name] = value.isoformat()
            case list():
                found[name] = ",".join(value)
            case _:
                found[name] = str(value)
    return found
