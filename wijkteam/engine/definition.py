"""What a workflow definition says: states, transitions, terms, asked fields and titles."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from wijkteam.terms.term import Clock, Term

CLOCK_ROLE = "clock"
PARENT_ROLE = "parent"
"""Not a person: the subject that this one lives in, when a step of it takes this one along."""
CHILDREN_ROLE = "children"
"""Not a person: the last open child of some kind, when its end moves the subject on."""
NOT_PEOPLE = frozenset({CLOCK_ROLE, PARENT_ROLE, CHILDREN_ROLE})
MIGRATE = "migrate"
"""The name under which events tell that a subject moved to another version."""
SAME = "same"
PREVIOUS = "previous"


class Part(BaseModel):
    """A piece of a definition: unknown keys are mistakes, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)

    def __copy__(self) -> Self:
        """A copy, to be changed: what was worked out of the original does not hold for it."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _a_name(text: str) -> str:
    if NAME.fullmatch(text) is None:
        raise ValueError("must be at most 40 lower-case letters, digits and underscores, such as carrying_out")
    return text


Name = Annotated[str, AfterValidator(_a_name)]
Names = Annotated[list[Name], Field(max_length=100)]
"""A list of names as people write and read it."""
HIGHEST_VERSION = 1_000_000


class Text(Part):
    """Words for people, in Dutch and in English."""

    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)


class FieldType(StrEnum):
    """How an asked field is filled in, and so how it is read."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    FUTURE_DATE = "future_date"
    MONEY = "money"
    CHOICE = "choice"
    PERSON = "person"
    YES_NO = "yes_no"


class Proposal(Part):
    """An answer that a form shows beforehand, to be sent as it stands or said differently; never kept unseen."""

    within: str | None = None
    """For a day: so long from today, in working days (P5D)."""
    words: Text | None = None
    """For a text: these words."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "Proposal":
        if (self.within is None) == (self.words is None):
            raise ValueError("a proposal is either within (such as P5D) or words")
        if self.within is not None:
            Term(self.within, Clock.WORKING_DAYS)
        return self


class AskedField(Part):
    """Something a transition asks of whoever takes it."""

    type: FieldType
    title: Text
    help: Text | None = None
    choices: dict[Name, Text] | None = None
    """The choices themselves, or else `list` names a registered list of them."""
    list: Name | None = None
    basis: Literal["law", "local", "optional"] = "local"
    """Who wants this known: the law, the municipality, or nobody but the work itself."""
    article: str | None = Field(default=None, min_length=1, max_length=80, exclude=True)
    """Where the law says so, such as Awb 3:46. Told on the page and no part of what a version does: it can be put right
    while the version is in use."""
    proposal: Proposal | None = Field(default=None, exclude=True)
    """What forms show beforehand; as little a part of what a version does."""
    for_record: StrictBool = False
    """Only told in the timeline; no guard, effect or decision rule works with it."""

    @model_validator(mode="after")
    def _has_choices(self) -> "AskedField":
        named = (self.choices is not None) + (self.list is not None)
        if self.type is FieldType.CHOICE and named != 1:
            raise ValueError("a field of type choice needs either choices or list")
        if self.type is not FieldType.CHOICE and named:
            raise ValueError("choices and list belong to fields of type choice only")
        return self

    @model_validator(mode="after")
    def _can_be_proposed(self) -> "AskedField":
        if self.proposal is None:
            return self
        fits = (FieldType.LINE, FieldType.TEXT) if self.proposal.words else (FieldType.DATE, FieldType.FUTURE_DATE)
        if self.type not in fits:
            raise ValueError("a day is proposed with within, a line or text with words, and nothing else is proposed")
        return self


class StateTerm(Part):
    """How long a subject may stay in a state before `on_miss` is tried, the first open one."""

    within: str | None = None
    clock: Clock = Clock.WORKING_DAYS
    named: Name | None = None
    """A registered term, where the length depends on the subject (a rung, for example)."""
    counted_from: Literal["state", "opening"] = "state"
    on_miss: Names = Field(min_length=1)
    source: str | None = None
    """The law or agreement that sets this length."""

    @model_validator(mode="before")
    @classmethod
    def _one_on_miss(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("on_miss"), str):
            return {**data, "on_miss": [data["on_miss"]]}
        return data

    @model_validator(mode="after")
    def _has_length(self) -> "StateTerm":
        if (self.within is None) == (self.named is None):
            raise ValueError("a term needs either within (such as P2D) or named")
        if self.within is not None:
            Term(self.within, self.clock)
        return self

    def begins(self, opened_at: datetime, at: datetime, again: bool) -> datetime:
        """When the term begins that is set at a moment: then, or with the opening of the subject.

        `again` says that it was set before in this same stay. A term that runs once more begins now: from the
        opening it would be over before it began, and be missed without end.
        """
        return opened_at if self.counted_from == "opening" and not again else at


class State(Part):
    """Where a subject can be: who holds the ball, which term runs, whether it ends here."""

    title: Text
    help: Text | None = None
    holder: Name | None = None
    term: StateTerm | None = None
    final: StrictBool = False
    side: StrictBool = False
    """A state beside the main road, left again for the state the subject came from."""
    resting: StrictBool = False
    """A state in which nobody waits for anybody, so that it needs no term."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> "State":
        if self.final and (self.holder or self.term):
            raise ValueError("a final state has no holder and no term")
        if self.final + self.side + self.resting > 1:
            raise ValueError("a state is final, side or resting: one of them at most")
        return self


@dataclass(frozen=True)
class Ask:
    """One asked field of a transition, by name."""

    field: str
    required: bool


class Deed(Part):
    """What can be done to a subject: by whom, asking what, with which effects, telling whom."""

    title: Text
    help: Text | None = None
    by: Names = Field(min_length=1)
    when: Names = []
    asks: Names = []
    """Fields that must be filled in."""
    may_ask: Names = []
    """Fields that may be left empty."""
    decision: Name | None = None
    effects: Names = []
    tells: Names = []
    urgent: StrictBool = False
    """Everybody whom it tells gets mail at once; otherwise those who hold the ball then, the rest once a day."""

    @property
    def is_for_people(self) -> bool:
        """Whether people can take it, and not only the clock, the parent or the children."""
        return not NOT_PEOPLE.issuperset(self.by)

    @cached_property
    def questions(self) -> list[Ask]:
        """All asked fields in the order of the form: first those that must be filled in."""
        return [Ask(name, True) for name in self.asks] + [Ask(name, False) for name in self.may_ask]


WAIT: Literal["wait"] = "wait"
LEAVE: Literal["leave"] = "leave"


class TakeAlong(Part):
    """Open children take a transition of their own when their parent takes this one."""

    take: Name
    giving: dict[Name, Name] = {}
    """Which field of the child is filled in with which field of this transition."""


ChildRule = Literal["wait", "leave"] | TakeAlong
"""What happens to open children: the transition waits for their end, leaves them, or takes them along."""


class Opening(Deed):
    """How a subject of this workflow begins."""

    name: Name = "open"
    to: Name | None = None


class Transition(Deed):
    """A way from one state (or several) to another, or back to the same one."""

    name: Name
    from_: list[Name] = Field(alias="from", min_length=1)
    to: Name
    restarts_term: StrictBool = False
    reminder: StrictBool = False
    """The clock may take this again and again for as long as the state lasts; somebody is told each time."""
    children: dict[Name, ChildRule] = {}
    """For a kind of children: wait, leave, or take them along. Into a final state: wait, unless told."""
    joins: list[Name] = []
    """Kinds of children: when the last open one of all of them ends, it takes the subject along this way."""

    @cached_property
    def sources(self) -> frozenset[str]:
        """The states that it can be taken from, to look one up among many."""
        return frozenset(self.from_)

    @model_validator(mode="before")
    @classmethod
    def _one_from(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("from"), str):
            return {**data, "from": [data["from"]]}
        return data


class Workflow(Part):
    """The whole life cycle of one kind of subject, in one version."""

    workflow: Name
    version: StrictInt = Field(ge=1, le=HIGHEST_VERSION)
    title: Text
    subject: Name
    initial: Name
    children: Names = []
    """The kinds of subjects that live within this one; it ends only after they have."""
    opening: Opening
    fields: dict[Name, AskedField] = {}
    states: dict[Name, State] = Field(min_length=1)
    transitions: list[Transition] = Field(min_length=1)

    def transitions_from(self, state: str) -> list[Transition]:
        """The transitions that the state knows, in the order of the definition."""
        return self._from_state.get(state, [])

    def transition(self, name: str) -> Transition | None:
        """The transition of that name (the first, where a wrong definition has two), or None."""
        return self._by_name.get(name)

    @cached_property
    def _from_state(self) -> dict[str, list[Transition]]:
        found: dict[str, list[Transition]] = {}
        for each in self.transitions:
            for state in dict.fromkeys(each.from_):
                found.setdefault(state, []).append(each)
        return found

    @cached_property
    def _by_name(self) -> dict[str, Transition]:
        return {each.name: each for each in reversed(self.transitions)}

    @property
    def start(self) -> str:
        """The state in which a new subject begins."""
        return self.opening.to or self.initial

    def child_rules(self, transition: Transition) -> Mapping[str, ChildRule]:
        """What a transition does about each kind of children; kinds it says nothing of are left out."""
        target = self.states.get(transition.to)
        if target is None or not target.final:
            return transition.children
        rules: dict[str, ChildRule] = dict.fromkeys(self.children, WAIT)
        return {**rules, **transition.children}

    def as_json(self) -> str:
        """All that it says, as canonical JSON: what is left out and what stands at its default read the same.

        What is told beside a field (its article, its proposal) is not in it.
        """
        said = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def content_hash(self) -> str:
        """SHA-256 of all that it says, in hexadecimal: two definitions that say the same have the same."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()
