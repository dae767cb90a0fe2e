"""What can be found, and by which of its texts: said here and nowhere else.

Found by: who or where a household is, what its residents are called, what is going on, the question, the strengths
and the plan, the goal of a track, goals, strengths, worries and agreements of the plan, helpers and what they do, why
was decided, what a letter says, what documents are called, the words of a signal and who gave it, what people who work
here are called and what they want to help with; and by notes, see `wijkteam.search.notes`.

Not by safety, requests, escalations and objections: they are kept from some who read the case, or are read by others
than it is. Never by a BSN.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision
from wijkteam.network.model import Helper
from wijkteam.people.model import Person, PersonOffer
from wijkteam.plans.model import Agreement, Goal, PlanLine
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import REMOVED
from wijkteam.search.folding import terms_of
from wijkteam.signals.model import ResidentSignal
from wijkteam.tracks.model import Track


@dataclass(frozen=True)
class Source:
    """A table whose rows can be found: by which columns as names and as texts, and of which row each of its rows is."""

    kind: str
    model: type[Any]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    of: str
    """The column of an entry that says of what it is."""
    owner: str
    """The column of the row that says the same."""
    is_there: Callable[[Any], bool] | None = None
    """Whether anything is to be found of a row; left out, it always is."""
    there_by: str | None = None
    """The column that decides on that, where it is none of the others."""
    told: Callable[[str], str] = str
    """What of such a text is told to people."""

    @property
    def watched(self) -> tuple[str, ...]:
        """Every column on which it depends what is kept."""
        columns = (*self.names, *self.texts, self.owner)
        return columns if self.there_by is None else (*columns, self.there_by)

    def ref(self, row: Any) -> str:
        """The id of the row as entries have it."""
        return str(row.person_id if self.model is PersonOffer else row.id)

    def entry(self, row: Any) -> dict[str, Any] | None:
        """What is to be kept of a row; None for one by which nothing is to be found."""
        if self.is_there is not None and not self.is_there(row):
            return None
        names, terms = terms_of(_filled(row, self.names), map(self.told, _filled(row, self.texts)))
        if not terms:
            return None
        of: dict[str, Any] = dict.fromkeys(("case_id", "household_id", "signal_id", "person_id"))
        return {
            **of,
            "kind": self.kind,
            "ref": self.ref(row),
            self.of: getattr(row, self.owner),
            "names": names,
            "terms": terms,
        }


def _filled(row: Any, columns: Sequence[str]) -> list[str]:
    return [text for text in (getattr(row, each) for each in columns) if text]


LETTER_SAYS = ("subject", "what", "reasons", "conditions")
"""What of a letter nobody else says: not who signed it, nor the clauses that stand in every letter."""


def _letter(content: str) -> str:
    try:
        said = json.loads(content)
    except ValueError:
        return ""  # no text of ours: by nothing is it found, and no step fails for it
    return "\n".join(str(said[name]) for name in LETTER_SAYS if said.get(name)) if isinstance(said, dict) else ""


SOURCES = (
    Source("household", Household, ("who_or_where",), (), "household_id", "id"),
    Source(
        "resident",
        Resident,
        ("name",),
        (),
        "household_id",
        "household_id",
        lambda row: bool(row.state != REMOVED),
        "state",
    ),
    Source(
        "household_case",
        HouseholdCase,
        (),
        ("what_is_going_on", "question", "strengths", "plan"),
        "case_id",
        "id",
        lambda row: row.undone_at is None,
        "undone_at",
    ),
    Source("track", Track, (), ("goal",), "case_id", "case_id"),
    Source("goal", Goal, (), ("words", "reached_when", "because", "own_words"), "case_id", "case_id"),
    Source("plan_line", PlanLine, (), ("line",), "case_id", "case_id"),
    Source("agreement", Agreement, (), ("what", "who"), "case_id", "case_id"),
    Source("helper", Helper, ("name", "organisation"), ("does_what",), "household_id", "household_id"),
    Source("decision", Decision, (), ("what",), "case_id", "case_id", lambda row: row.case_id is not None),
    Source("letter", Letter, (), ("content",), "case_id", "case_id", told=_letter),
    Source(
        "case_file",
        CaseFile,
        (),
        ("name", "why"),
        "case_id",
        "case_id",
        lambda row: row.removed_at is None,
        "removed_at",
    ),
    Source("resident_signal", ResidentSignal, ("resident",), ("words",), "signal_id", "id"),
    Source("person", Person, ("name",), (), "person_id", "id"),
    Source("offer", PersonOffer, (), ("words", "languages"), "person_id", "person_id"),
)
BY_MODEL: dict[type[Any], Source] = {each.model: each for each in SOURCES}
