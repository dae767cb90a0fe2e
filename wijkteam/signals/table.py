"""What a municipality decided about signals of residents: data beside the workflows (residents/signals.yaml)."""

import re
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, field_validator

from wijkteam.engine.definition import Name, Names, Part
from wijkteam.terms.term import Clock, Term

FILE = "signals.yaml"
FOLDER = "residents"


class AddressLimits(Part):
    """How much one address may send, so that a machine cannot flood or guess."""

    signals_per_hour: StrictInt = Field(ge=1)
    free_misses: StrictInt = Field(ge=1)
    """So many wrong codes cost no waiting yet."""
    first_wait_seconds: StrictInt = Field(ge=1)
    longest_wait_minutes: StrictInt = Field(ge=1)
    least_seconds: StrictInt = Field(ge=0)
    """Who sends a form sooner than this after it was shown is no human being."""
    form_hours: StrictInt = Field(ge=1)
    """So long a shown form can be sent."""
    follow_minutes: StrictInt = Field(ge=1)
    """So long one can act on a page that a code opened."""


class SignalTable(Part):
    """Which team gets a signal, whom the resident sees, and which words tell a resident nothing."""

    team: str | None = None
    """The name of the team that gets what comes without a place; left out: the first team."""
    shown: Literal["function", "name"] = "function"
    """Whether a resident reads the function of who did something, or the name."""
    unchecked_shown: StrictBool = True
    """Whether languages are offered of which no native speaker checked the texts yet."""
    promise_within: str
    """A promise lies at most so many working days ahead (ISO 8601): then the resident hears something again."""
    says_nothing_when: list[str] = Field(min_length=1)
    """Words that tell a resident nothing; an answer or a promise with them is refused."""
    kinds: Names = Field(min_length=1)
    limits: AddressLimits
    complaint_handlers: list[Name] = Field(min_length=1)
    """Functions that can handle a complaint about conduct."""

    @field_validator("promise_within")
    @classmethod
    def _can_be_counted(cls, within: str) -> str:
        Term(within, Clock.WORKING_DAYS)
        return within

    def promise_term(self) -> Term:
        """How far ahead a promise may lie."""
        return Term(self.promise_within, Clock.WORKING_DAYS)

    def says_nothing(self, text: str) -> str | None:
        """The words in a text that tell a resident nothing; None when there are none."""
        flat = re.sub(r"\s+", " ", text).casefold()
        return next((each for each in self.says_nothing_when if each.casefold() in flat), None)
