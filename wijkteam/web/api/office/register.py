"""The mandate register through the API: a row with its history, proposing a change, and what a change does."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from flask import abort
from pydantic import Field, PlainSerializer, WithJsonSchema

from wijkteam.mandate.change_form import read_change
from wijkteam.mandate.changes import from_text
from wijkteam.mandate.in_words import sentences
from wijkteam.mandate.keeping import propose_change
from wijkteam.mandate.kept import KeptRegister, KeptRow
from wijkteam.mandate.register_file import MONEY_FIELDS
from wijkteam.mandate.register_queries import kept_register
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work
from wijkteam.web.api.bodies_as_models import Amount, At, Line, Number, Sent, Told, Words
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.shapes import EUROS
from wijkteam.web.api.subjects import find
from wijkteam.web.language import language
from wijkteam.web.register import may_change

CHANGE = BY_NAME["register_change"]
InEuros = Annotated[Decimal, PlainSerializer(lambda euros: f"{euros:.2f}", return_type=str), WithJsonSchema(EUROS)]


class Entry(Told):
    """A row of the register as it is written."""

    number: str
    kind: str
    power: str
    legal_ground: str
    body: str
    function: str
    given_under: str | None
    may_pass_on: bool
    pass_on_to: str | None
    per_decision: InEuros | None
    per_household: InEuros | None
    per_year: InEuros | None
    longest_duration: str | None
    second_pair_above: InEuros | None
    colleagues_needed: int
    quorum_within: str | None
    reserved: list[str]
    civil_servant_only: bool
    team: str | None
    wijk: str | None
    conditions: str | None
    inform_duty: str | None
    publication: str | None
    valid_from: date | None
    valid_until: date | None


class Row(Told):
    """One row that has this number, or had it: what it says, and whether it holds now."""

    id: int
    standing: str
    entry: Entry
    in_words: list[str]
    revoked_at: At | None
    revoked_why: str | None


class Rows(Told):
    """All that ever had a number, the newest first."""

    items: list[Row]


class Proposed(Told):
    """One row that a change adds, replaces or revokes."""

    what: str
    number: str
    row: int | None
    on_day: date | None
    why: str | None
    entry: Entry | None
    in_words: list[str]


class ProposedRows(Told):
    """What a change does, row by row."""

    items: list[Proposed]


class Proposal(Sent):
    """A row that is added, replaced or revoked; of a row that is replaced, what is left out stays as it is."""

    what: Annotated[str, Field(json_schema_extra={"enum": ["add", "replace", "revoke"]})]
    number: Line
    why: Words
    row: Number | None = None
    """The row that this was drawn up against."""
    on_day: date | None = None
    """From which day on it is revoked."""
    kind: Line | None = None
    power: Line | None = None
    legal_ground: Line | None = None
    body: Line | None = None
    function: Line | None = None
    given_under: Line | None = None
    may_pass_on: bool | None = None
    pass_on_to: Line | None = None
    per_decision: Amount | None = None
    per_household: Amount | None = None
    per_year: Amount | None = None
    longest_duration: Line | None = None
    second_pair_above: Amount | None = None
    colleagues_needed: Annotated[int, Field(ge=0, le=20)] | None = None
    quorum_within: Line | None = None
    reserved: tuple[Line, ...] | None = None
    civil_servant_only: bool | None = None
    team: Line | None = None
    wijk: Line | None = None
    conditions: Words | None = None
    inform_duty: Words | None = None
    publication: Line | None = None
    valid_from: date | None = None
    valid_until: date | None = None


def _row(number: str) -> Rows:
    register = kept_register(reading())
    found = [_told(register, row) for row in reversed(register.numbered(number))]
    if not found:
        abort(404)
    return Rows(items=found)


def _told(register: KeptRegister, row: KeptRow) -> Row:
    titles = house().register_titles(reading(), language())
    return Row(
        id=row.id,
        standing=register.standing(row, clock.now()).name.lower(),
        entry=Entry.model_validate(row.entry),
        in_words=sentences(row.entry, titles),
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
    )


def _rows_of_change(change_id: str) -> ProposedRows:
    change = find(CHANGE, change_id)[0]
    titles = house().register_titles(reading(), language())
    return ProposedRows(
        items=[
            Proposed(
                what=each.what,
                number=each.number,
                row=each.row,
                on_day=each.on,
                why=each.why,
                entry=Entry.model_validate(each.entry) if each.entry is not None else None,
                in_words=sentences(each.entry, titles) if each.entry is not None else [],
            )
            for each in from_text(change.proposed)
        ]
    )


def _only_who_changes(**_path: str) -> None:
    if not may_change(work().actor):
        abort(404)


def _propose(given: Proposal, made: str) -> Any:
    fields: dict[str, Any] = {name: getattr(given, name) for name in given.model_fields_set}
    fields |= {name: Decimal(fields[name]) for name in MONEY_FIELDS if fields.get(name) is not None}
    fields |= {"reserved": list(given.reserved)} if given.reserved is not None else {}
    fields["on"] = fields.pop("on_day", None)
    change = read_change(fields, kept_register(reading()), clock.today())
    return propose_change(work(), [change], given.why, made)


DEEDS = (
    Deed("register_row", "GET", "/register-rows/{number}", "One row with its history", _row, tells=Rows),
    Deed(
        "register_change_rows",
        "GET",
        "/register-changes/{changeId}/rows",
        "What a change of the register does",
        _rows_of_change,
        tells=ProposedRows,
    ),
    Deed(
        "register_change_new",
        "POST",
        "/register-changes",
        "Propose to change a row of the register",
        _propose,
        Proposal,
        CHANGE,
        great=True,
        first=_only_who_changes,
    ),
)
