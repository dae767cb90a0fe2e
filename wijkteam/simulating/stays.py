"""Stays, simulated or past, in one form, so that both are measured by the same code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wijkteam.simulating.history import Life, PastStay
from wijkteam.simulating.hours import DAY
from wijkteam.simulating.rules import Rules

StayKey = tuple[str, int | None]
"""A state, and the rung in it where that makes a difference."""


@dataclass
class Stay:
    """One subject in one state, on one rung. Moments are POSIX seconds."""

    state: str
    rung: int | None
    entered: float
    left: float | None = None
    by_clock: bool = False
    """Whether the clock ended it."""
    missed: bool = False
    """Whether its term ended before it did."""

    @property
    def days(self) -> float | None:
        """How long it lasted, in days; None while it lasts."""
        return None if self.left is None else (self.left - self.entered) / DAY


def past_stays(lives: Iterable[Life], rules: Rules, until: float) -> Iterator[Stay]:
    """The stays of the past in states that the definition has and that are not its end, as seen at a moment."""
    for life in lives:
        for before, stay in zip([None, *life.stays], life.stays, strict=False):
            state = rules.workflow.states.get(stay.state)
            if state is not None and not state.final:
                yield _stay(life, before, stay, rules, until)


def _stay(life: Life, before: PastStay | None, stay: PastStay, rules: Rules, until: float) -> Stay:
    again = before is not None and before.state == stay.state
    due = rules.term_end(stay.state, stay.rung, life.opened_at, stay.entered, again)
    left = stay.left.at if stay.left else None
    by_clock = stay.left is not None and stay.left.by_clock
    missed = due is not None and (by_clock or max(due, stay.entered) < (until if left is None else left))
    return Stay(stay.state, stay.rung, stay.entered, left, by_clock, missed)


def missed_share(stays: Iterable[Stay]) -> float | None:
    """Which part missed its term, of those of which that is certain; None when there are none."""
    known = [stay.missed for stay in stays if stay.missed or stay.left is not None]
    return sum(known) / len(known) if known else None
