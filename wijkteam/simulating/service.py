"""Trying a workflow: read the past, build the world, play it several times, and hold it against what was kept back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Workflow
from wijkteam.engine.nearest import one_of
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.people import queries as people_queries
from wijkteam.people.ever_held import functions_ever_held
from wijkteam.simulating.arriving import Arriving, fitted_arrivals, given_arrivals
from wijkteam.simulating.comparing import Fit, clock_ran, hold_back
from wijkteam.simulating.figures import Figures
from wijkteam.simulating.history import Life, last_moment, read_lives, rung_steps
from wijkteam.simulating.hours import WEEK, local_of, start_of_week
from wijkteam.simulating.measuring import Measured, measure
from wijkteam.simulating.model import Played, Run
from wijkteam.simulating.rules import CannotSimulate
from wijkteam.simulating.staffing import People, Post, functions_of
from wijkteam.simulating.world import ENOUGH_SUBJECTS, Basis, Given, World, build_world
from wijkteam.terms import clock

WEEKS_AFTER = 52
"""How long a simulation goes on after its last arrival."""
HELD_BACK_RUNS = 5
Progress = Callable[[int], None]


class WrongSimulation(Exception):
    """The simulation as asked for makes no sense."""


@dataclass(frozen=True)
class Past:
    """What the database says: everybody who works here, and all subjects of this workflow."""

    people: People
    lives: Sequence[Life]
    until: float
    """The moment of the last step that anybody took (POSIX seconds)."""


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    cases: int
    seed: int
    runs: int
    hold_back: float
    """Which part of the past is kept out of the fit and compared with."""
    per_week: float | None = None
    """Arrivals a week; None: as the past shows, or as the figures give."""
    must_fit_arrivals: bool = False
    start: date | None = None


@dataclass(frozen=True)
class Report:
    """A simulation and all that has to be known to judge it."""

    workflow: str
    version: int
    wish: Wish
    start: date
    weeks: float
    """How long subjects came in, in the middle of the runs."""
    arrivals_per_week: float
    arrivals_source: str
    hours: str
    figures: Figures
    past_subjects: int
    past_ended: int
    fitted: bool
    """Whether the past was used at all."""
    terms_ran: bool
    enough: tuple[Post, ...]
    """Functions whose number of people is not known, so that nothing waits for them."""
    basis: tuple[Basis, ...]
    fit: Fit | None
    measured: Measured
    nested: bool
    """Whether its subjects live in others, or others in them."""


def read_past(
    session: Session, name: str, versions: Iterable[Workflow], vocabulary: Vocabulary, progress: Progress
) -> Past:
    """All that the database says about a workflow, of which these versions are known."""
    people = People(people_queries.holder_counts(session), functions_ever_held(session))
    lives = []
    for life in read_lives(session, name, rung_steps(versions, vocabulary)):
        lives.append(life)
        progress(1)
    lives.sort(key=lambda life: (life.opened_at, len(life.stays)))
    return Past(people, lives, last_moment(lives) if lives else clock.now().timestamp())


def known_functions(workflow: Workflow, vocabulary: Vocabulary, past: Past | None) -> frozenset[str]:
    """The functions that can have people in a simulation: those of the definition and those that people held."""
    held = past.people.functions.values() if past else ()
    return functions_of(workflow, vocabulary) | {function for functions in held for function in functions}


def check_staff(wanted: Mapping[str, int], known: frozenset[str]) -> None:
    """Raises WrongSimulation for a function that there is not."""
    for function in wanted:
        if function not in known:
            raise WrongSimulation(f"--staff: there is no function '{function}' here; {one_of(function, known)}")


def simulate(wish: Wish, given: Given, past: Past | None, progress: Progress) -> Report:
    """Play it. `progress` hears of each run. Raises WrongSimulation and CannotSimulate."""
    lives = past.lives if past else []
    finals = {name for name, state in given.workflow.states.items() if state.final}
    ended = sum(life.last.state in finals for life in lives)
    fitted = ended >= ENOUGH_SUBJECTS
    until = past.until if past else clock.now().timestamp()
    world = build_world(given, past.people if past else None, lives if fitted else [], until)
    arriving = _arriving(wish, given.figures, world, lives if fitted else [])
    start = start_of_week(wish.start) if wish.start else start_of_week(local_of(until).date() + timedelta(days=7))
    played = []
    for number in range(wish.runs):
        moments = arriving.moments(Random(f"{wish.seed}/{number}/arrivals"), wish.cases, start)
        horizon = moments[-1] + WEEKS_AFTER * WEEK
        played.append(Run(world, moments, horizon, f"{wish.seed}/{number}").play())
        progress(1)
    fit = None
    if past is not None and fitted and wish.hold_back:
        fit = hold_back(given, past.people, lives, until, wish.hold_back, str(wish.seed), HELD_BACK_RUNS)
    spans = sorted((run.last_arrival - run.start) / WEEK for run in played)
    return Report(
        workflow=given.workflow.workflow,
        version=given.workflow.version,
        wish=wish,
        start=local_of(start).date(),
        weeks=spans[len(spans) // 2],
        arrivals_per_week=arriving.per_week,
        arrivals_source=arriving.source,
        hours=world.hours.told(),
        figures=given.figures,
        past_subjects=len(lives),
        past_ended=ended,
        fitted=fitted,
        terms_ran=clock_ran(world, lives, until) if fitted else True,
        enough=_enough(world, played),
        basis=tuple(world.basis),
        fit=fit,
        measured=measure(world, played),
        nested=bool(given.workflow.children) or given.vocabulary.parent is not None,
    )


def _enough(world: World, played: Sequence[Played]) -> tuple[Post, ...]:
    functions = sorted({work.function for run in played for work in run.works})
    posts = [world.staffing.post(function) for function in functions]
    return tuple(post for post in posts if post.people is None)


def _arriving(wish: Wish, figures: Figures, world: World, lives: Sequence[Life]) -> Arriving:
    if lives:
        found = fitted_arrivals([life.opened_at for life in lives])
        if wish.per_week is None:
            return found
        return given_arrivals(wish.per_week, found.offsets, world.hours, "given")
    if wish.must_fit_arrivals:
        raise WrongSimulation("--arrivals fitted: the past says too little; give a number per week")
    per_week, source = (
        (figures.arrivals_per_week, figures.source) if wish.per_week is None else (wish.per_week, "given")
    )
    return given_arrivals(per_week, (), world.hours, source)


__all__ = ["CannotSimulate", "Past", "Report", "Wish", "WrongSimulation", "read_past", "simulate"]
