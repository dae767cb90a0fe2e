"""The acting person: who someone is and which functions they hold at this moment."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Holding:
    """One function held now, in one team or (team_id None) in the whole municipality."""

    function: str
    team_id: int | None
    standing_in_for: int | None = None
    """The person who is away and whose function this is; None for one's own."""
    consented: bool = True
    """Whether it may come with mandate: false while consent that Awb 10:4 asks for is not on record."""


class KnownPerson(NamedTuple):
    """What of a person decides on how they act, as it was read."""

    id: int
    name: str
    civil_servant: bool
    employer: str | None
    active: bool


@dataclass(frozen=True)
class ActingPerson:
    """A person as an actor of the engine, with the functions in force when they began to act."""

    person_id: int
    name: str
    civil_servant: bool
    holdings: tuple[Holding, ...]
    is_clock: bool = False

    @property
    def functions(self) -> frozenset[str]:
        """The codes of all functions held now."""
        return frozenset(holding.function for holding in self.holdings)

    @property
    def team_ids(self) -> frozenset[int]:
        """The teams that this person belongs to now, or acts in for somebody who is away."""
        return frozenset(holding.team_id for holding in self.holdings if holding.team_id is not None)

    def holds(self, function: str, team_id: int | None = None) -> bool:
        """Whether the person holds the function now, in this team or in the whole municipality."""
        return any(holding.function == function and holding.team_id in (None, team_id) for holding in self.holdings)

    def consented(self, function: str, team_id: int | None = None) -> bool:
        """Whether the person holds the function now in such a way that mandate may come with it (Awb 10:4)."""
        return any(
            holding.consented and holding.function == function and holding.team_id in (None, team_id)
            for holding in self.holdings
        )
