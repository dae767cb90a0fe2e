"""What a scenario file says: who is there, how it begins, what happens and what must follow."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.engine.format import SCHEMA
from wijkteam.terms import clock
from wijkteam.terms.term import read_duration

EARLIEST = datetime(2001, 1, 1, tzinfo=clock.NETHERLANDS)
"""People hold their functions and the register holds from the year before."""
NO_TERM = "none"
Refusal = Literal["not_open", "not_yours", "wrong_fields", "blocked", "no_mandate"]


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _moment(value: object) -> datetime:
    if isinstance(value, str) and len(value) > len("2026-03-02"):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None and moment.replace(tzinfo=clock.NETHERLANDS) >= EARLIEST:
            return moment.replace(tzinfo=clock.NETHERLANDS)
    raise ValueError("write a day and a time on Dutch clocks, such as 2026-03-02T09:00")


def _length(value: object) -> str:
    read_duration(str(value))
    return str(value)


def _due(value: object) -> str:
    text = str(value)
    if text != NO_TERM:
        try:
            date.fromisoformat(text) if len(text) == len("2026-03-02") else _moment(text)
        except ValueError:
            raise ValueError(f"write a day such as 2026-03-05, a day with a time, or {NO_TERM}") from None
    return text


Names = Annotated[list[Name], BeforeValidator(_one_or_more, json_schema_input_type=str | list[str])]
DutchMoment = Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=str)]
Length = Annotated[str, BeforeValidator(_length, json_schema_input_type=str)]
Due = Annotated[str, BeforeValidator(_due, json_schema_input_type=str)]


class Player(Part):
    """Somebody in the cast: the functions held, in one team or in the whole municipality."""

    function: Names = Field(min_length=1)
    team: str | None = Field(default=None, min_length=1, max_length=120)
    """Name of the team; left out: the whole municipality."""
    name: str | None = Field(default=None, min_length=1, max_length=120)
    """As reasons and pages show it; left out: the name in the cast with a capital."""
    civil_servant: bool = True


ALONGSIDE: Mapping[str, frozenset[str]] = {
    "take": frozenset({"by", "of", "giving"}),
    "open": frozenset({"by", "in", "as", "giving"}),
    "pass": frozenset(),
    "until": frozenset(),
    "begin": frozenset(),
}
"""The kinds of happenings, each with the keys that can stand beside it."""


class Happening(Part):
    """Something that happens: somebody opens a subject or takes a transition of it, or time passes.

    A plain name stands for `begin`: all that happens in the beginning of that name.
    """

    by: Name | None = None
    """Who does it, from the cast; or `resident`, whose signal or complaint it is."""
    take: Name | None = None
    """The transition that is taken."""
    of: Name | None = None
    """Of which subject; left out: the first one of the workflow under test."""
    open: Name | None = None
    """The kind of subject that is opened, such as escalation."""
    in_: Name | None = Field(default=None, alias="in")
    """In which other subject it lives."""
    as_: Name | None = Field(default=None, alias="as")
    """What it is called from here on; left out: its kind."""
    giving: dict[Name, Any] = {}
    """What is filled in: people by their name in the cast, amounts in euros, days as 2026-03-05."""
    pass_: Length | None = Field(default=None, alias="pass")
    """So much time goes by, on the calendar, such as P3D or PT4H; what falls due is done at its own moment."""
    until: DutchMoment | None = None
    """Time goes by until this moment."""
    begin: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_name_begins(cls, data: object) -> object:
        return {"begin": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Happening":
        said = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        kinds = [kind for kind in ALONGSIDE if kind in said]
        if len(kinds) != 1:
            raise ValueError("one thing happens at a time: take, open, pass or until")
        stray = sorted(said - {kinds[0]} - ALONGSIDE[kinds[0]])
        if stray:
            raise ValueError(f"{stray[0]} does not go with {kinds[0]}; take it out")
        if "by" in ALONGSIDE[kinds[0]] and self.by is None:
            raise ValueError(f"say who does it: {{by: …, {kinds[0]}: …}}")
        return self

    @property
    def name(self) -> str:
        """What an opened subject is called."""
        return self.as_ or self.open or ""


class Expectation(Part):
    """What must be so now. What is left out is not looked at."""

    of: Name | None = None
    """Of which subject; left out: the first one of the workflow under test."""
    refused: Refusal | None = None
    """The last thing that was tried is refused, in this way."""
    because: str | None = Field(default=None, min_length=1)
    """Part of the reason, in Dutch or English."""
    state: Name | None = None
    fields: dict[Name, Any] = {}
    """Values that the subject keeps: people by name, amounts in euros; empty for nothing."""
    told: list[Name] | None = None
    """Exactly these people got a notice about the subject since the last `then`."""
    can: dict[Name, Names] = {}
    """These transitions are open for this person, among others."""
    can_only: dict[Name, list[Name]] = {}
    """Exactly these transitions are open for this person."""
    cannot: dict[Name, dict[Name, str]] = {}
    """These transitions are blocked for this person, with part of the reason."""
    due: Due | None = None
    """When the running term ends: a day, a moment, or none."""
    mandate: str | None = Field(default=None, min_length=1)
    """Number of the mandate on which the last step was taken."""
    history: list[Name] | None = None
    """All steps of the subject so far, by name, the opening first."""

    @model_validator(mode="after")
    def _expects_something(self) -> "Expectation":
        if not self.model_fields_set - {"of"}:
            raise ValueError("say what must be so, such as state: asked")
        if self.because is not None and self.refused is None:
            raise ValueError("because goes with refused")
        return self


class Turn(Part):
    """One piece of a scenario: what happens, and what must follow."""

    when: list[Happening] = []
    then: list[Expectation] = []

    @model_validator(mode="after")
    def _is_something(self) -> "Turn":
        if not self.when and not self.then:
            raise ValueError("say when, then, or both")
        return self


class Scenario(Part):
    """One story: how it begins, and piece by piece what happens and what must follow."""

    name: Name
    title: Text
    clock: DutchMoment | None = None
    """Where this scenario's clock begins; left out: that of the file."""
    absent: list[Name] = []
    """People of the cast who are not there in this scenario."""
    given: list[Happening] = []
    steps: list[Turn] = Field(min_length=1)

    @model_validator(mode="after")
    def _proves_something(self) -> "Scenario":
        if not any(turn.then for turn in self.steps):
            raise ValueError("a scenario without then proves nothing")
        return self


class Scenarios(Part):
    """A file of scenarios about one workflow."""

    scenarios_of: Name
    version: int | None = Field(default=None, ge=1)
    """The version of the workflow under test; left out: the newest."""
    title: Text
    clock: DutchMoment
    """Where each scenario's clock begins."""
    register_: Name | None = Field(default=None, alias="register")
    """A mandate register by name; left out: nobody holds a mandate."""
    cast: dict[Name, Player] = Field(min_length=1)
    beginnings: dict[Name, list[Happening]] = {}
    """Beginnings by name, that scenarios and other beginnings can start from."""
    scenarios: list[Scenario] = Field(min_length=1)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, by which editors complete and check."""
    whole = Scenarios.model_json_schema(by_alias=True)
    parts = whole["$defs"]
    parts["Happening"] = {"anyOf": [{"type": "string"}, parts["Happening"]]}
    places = (parts["Scenario"], "given"), (parts["Turn"], "when"), (parts["Turn"], "then")
    for part, key in places:
        listed = part["properties"][key]
        part["properties"][key] = {"anyOf": [listed, listed["items"]], "title": listed["title"]}
    beginnings = whole["properties"]["beginnings"]
    listed = beginnings["additionalProperties"]
    beginnings["additionalProperties"] = {"anyOf": [listed, listed["items"]]}
    return {"$schema": SCHEMA, **whole, "title": "Scenarios of a wijkteam workflow"}
