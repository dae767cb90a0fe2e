"""What can be laid over a picture or a list: where a subject is, how often a way is taken, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Look(StrEnum):
    """How something stands out. Each has a colour, a sign or line of its own, and a word."""

    HERE = "here"
    NEXT = "next"
    BEEN = "been"
    TAKEN = "taken"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WARM_0 = "warm_0"
    WARM_1 = "warm_1"
    WARM_2 = "warm_2"
    WARM_3 = "warm_3"
    WARM_4 = "warm_4"


WARMTH = (Look.WARM_0, Look.WARM_1, Look.WARM_2, Look.WARM_3, Look.WARM_4)
"""From cool to warm, for a map of where things stick."""


@dataclass(frozen=True)
class Mark:
    """How one thing stands out, with what there is to tell about it, line by line."""

    look: Look
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marks:
    """The marks on states, by name, and on steps, by the state they start from and their name.

    A step marked with None instead of a state is marked wherever it starts from. `quiet` draws everything that
    is not marked more lightly.
    """

    states: Mapping[str, Mark] = field(default_factory=dict)
    steps: Mapping[tuple[str | None, str], Mark] = field(default_factory=dict)
    quiet: bool = False

    def of_step(self, name: str, sources: Iterable[str]) -> Mark | None:
        """The mark of a step that starts from any of these states."""
        found = (self.steps.get((source, name)) for source in sources)
        return next((mark for mark in found if mark is not None), self.steps.get((None, name)))

    @property
    def looks(self) -> list[Look]:
        """Every look in use, once, in the order in which they are explained."""
        used = {mark.look for mark in (*self.states.values(), *self.steps.values())}
        return [look for look in Look if look in used]


NO_MARKS = Marks()
