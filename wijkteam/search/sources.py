"""What can be found, and by which of its texts: said here and nowhere else.

Found by: who or where a household is, what its residents are called, what is going on, the question, the strengths
and the plan, the goal of a track, the words of a signal and who gave it, what people who work here are called and what
they want to help with. Not by notes, safety, letters, decisions or requests: those are about others too, are read in
their place, and nobody remembers a household by them. Never by a BSN.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.people.model import Person, PersonOffer
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
    """Whether anything is to be found of a row in its state; left out, the state makes no difference."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column on which an entry depends, besides the state."""
        return (*self.names, *self.texts, self.owner)

    def ref(self, row: Any) -> str:
        """The id of the row as entries have it."""
        return str(row.person_id if self.model is PersonOffer else row.id)

    def entry(self, row: Any) -> dict[str, Any] | None:
        """What is to be kept of a row; None for one by which nothing is to be found."""
        if self.is_there is not None and not self.is_there(row):
            return None
        names, terms = terms_of(_filled(row, self.names), _filled(row, self.texts))
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


SOURCES = (
    Source("household", Household, ("who_or_where",), (), "household_id", "id"),
    Source("resident", Resident, ("name",), (), "household_id", "household_id", lambda row: bool(row.state != REMOVED)),
    Source("household_case", HouseholdCase, (), ("what_is_going_on", "question", "strengths", "plan"), "case_id", "id"),
    Source("track", Track, (), ("goal",), "case_id", "case_id"),
    Source("resident_signal", ResidentSignal, ("resident",), ("words",), "signal_id", "id"),
    Source("person", Person, ("name",), (), "person_id", "id"),
    Source("offer", PersonOffer, (), ("words", "languages"), "person_id", "person_id"),
)
BY_MODEL: dict[type[Any], Source] = {each.model: each for each in SOURCES}
