"""How a workflow runs: how many pass each state, how long they stay, where they stick. Small groups are withheld."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text, Workflow
from wijkteam.reports import passing_queries as queries
from wijkteam.reports.figures import Cell, Definition, Row, Table
from wijkteam.reports.network import Place
from wijkteam.reports.passing_queries import Span, Stay
from wijkteam.reports.periods import moments
from wijkteam.reports.withholding import FEWEST, TOTAL, Count, Counted, Layout, withheld_counts, withheld_together
from wijkteam.terms import clock
from wijkteam.terms.words import Language, Words

NOTHING = Count(0, 0)
FEWEST_STAYS = 10
"""Least number of stays on which to say how long nine in ten lasted: of fewer it would be the longest one itself."""
STATE_COLUMNS = {
    "came": Words("Kwam hier", "Came here"),
    "median": Words("Helft bleef hooguit (dagen)", "Half stayed at most (days)"),
    "long": Words("9 van de 10 bleven hooguit (dagen)", "9 in 10 stayed at most (days)"),
    "missed": Words("Termijn voorbij", "Term passed"),
    "now": Words("Staat hier nu", "Is here now"),
    "waits": Words("Helft daarvan al langer dan (dagen)", "Half of those for more than (days)"),
}
STEP_COLUMNS = {"times": Words("Hoe vaak", "How often")}
LEFT_OUT = Words(
    "Cijfers over 1 tot en met 4 huishoudens tonen we niet, en ook niet waarmee u die kunt uitrekenen.",
    "Figures about 1 to 4 households are not shown, nor those with which you could compute them.",
)
STATES = Words(
    "Kwam hier: hoe vaak iets in de periode in deze stand kwam. Bleef: dagen van binnenkomst tot vertrek, over wat "
    "in de periode vertrok. Termijn voorbij: hoe vaak de klok in de periode iets deed omdat de termijn om was. "
    "Staat hier nu: hoeveel er vandaag staan, en hoe lang al. Waar men het langst blijft staat bovenaan. "
    f"{LEFT_OUT.nl}",
    "Came here: how often something came into this state in the period. Stayed: days from coming in to leaving, of "
    "what left in the period. Term passed: how often the clock did something in the period because the term was over. "
    f"Is here now: how many are here today, and for how long. Where people stay longest stands first. {LEFT_OUT.en}",
)
STEPS = Words(
    "Hoe vaak een stap in de periode is gezet. Wat de klok deed staat bij de standen, onder Termijn voorbij, "
    f"tenzij het naar een andere stand leidde. {LEFT_OUT.nl}",
    "How often a step was taken in the period. What the clock did stands with the states, under Term passed, unless "
    f"it led to another state. {LEFT_OUT.en}",
)
PER_STATE, PER_STEP = Words("Per stand", "By state"), Words("Per stap", "By step")
GONE = Words("bestaat niet meer", "is no more")
Key = tuple[str, str]
"""A step and the state it led into; the state is empty where it stayed."""


@dataclass(frozen=True)
class Passing:
    """How one workflow ran in a period, and what stands where today."""

    workflow: Workflow
    period_from: date
    period_until: date
    states: Table
    """The slowest states first."""
    steps: Table
    """By `key_of` a step and the state it led into."""
    running: Cell
    """How many have not ended."""
    withheld: int
    """How many figures are not shown."""


@dataclass(frozen=True)
class Running:
    """What runs of one workflow: how many in all, and on which version."""

    all: Cell
    by_version: Mapping[int, Cell]


def key_of(step: str, state: str = "") -> str:
    """How the row of a step is called, with the state that it led into where it moved."""
    return f"{step}>{state}"


def running(session: Session, versions: Sequence[Workflow]) -> Running:
    """How many subjects of a workflow have not ended, in all and by version; `versions` are all there are."""
    _, by_version, (_, hidden) = _standing(session, versions)
    cells = {
        version: _cell(by_version[version].value, (str(version), "now") in hidden)
        for version in sorted(each for each in by_version if each is not None)
    }
    return Running(_cell(by_version[None].value, (TOTAL, "now") in hidden), cells)


def passing(
    session: Session, versions: Sequence[Workflow], first: date, last: date, tongue: Language = "nl"
) -> Passing:
    """How a workflow ran from `first` up to and including `last` (Dutch calendar days).

    `versions` are all the versions there are, the newest last; they are counted together, by the names of states.
    """
    found = _Found(session, versions, Span(*moments(first, last)), tongue)
    states, steps = found.states(), found.steps()
    cells = [cell for table in (states, steps) for row in table.rows for cell in row.cells.values()]
    running_now = _cell(found.now[None].value, (TOTAL, "now") in found.hidden_now)
    withheld = sum(cell.withheld for cell in [*cells, running_now])
    return Passing(versions[-1], first, last, states, steps, running_now, withheld)


def _standing(
    session: Session, versions: Sequence[Workflow]
) -> tuple[dict[str | None, Count], dict[int | None, Count], list[frozenset[Place]]]:
    """What has not ended, by state and by version (None: all), and what of that is withheld."""
    kind = versions[-1].workflow
    by_state = queries.standing(session, kind, versions, "state")
    by_version = queries.standing(session, kind, versions, "workflow_version")
    tables = [Counted(_now(counts)) for counts in (by_state, by_version)]
    return by_state, by_version, withheld_together(tables)


def _now(counts: Mapping[str | None, Count] | Mapping[int | None, Count]) -> dict[Place, Count]:
    return {(TOTAL if key is None else str(key), "now"): count for key, count in counts.items()}


class _Found:
    """The counts of one workflow in a period, and what of them is withheld.

    What a reader can reckon with: a state is entered as often as the steps into it say; what runs adds up over
    states and over versions; and a step of the clock that moves is told with its state as a missed term too.
    """

    def __init__(self, session: Session, versions: Sequence[Workflow], span: Span, tongue: Language) -> None:
        self.tongue = tongue
        self.workflow = versions[-1]
        kind = self.workflow.workflow
        self.now, _, (self.hidden_now, _) = _standing(session, versions)
        self.moves: Mapping[Key, Count] = queries.moves(session, kind, span)
        self.came = {state: count for (state,), count in queries.entries(session, kind, span).items()}
        self.stayed = {name: count for (name,), count in queries.stayed(session, kind, span).items()}
        self.stays: Mapping[str, Stay] = queries.stays(session, kind, span)
        self.waits: Mapping[str, Stay] = queries.waiting(session, kind, versions, clock.now())
        self.on_miss = {
            (name, step)
            for each in versions
            for name, state in each.states.items()
            if state.term is not None
            for step in state.term.on_miss
        }
        self.missed = {state: count for (state,), count in queries.missed(session, kind, span, self.on_miss).items()}
        self.hidden_moves, self.hidden_missed = self._withheld()
        self.hidden_stayed = withheld_counts(Counted({(name, "times"): each for name, each in self.stayed.items()}))

    def _withheld(self) -> tuple[frozenset[Place], frozenset[Place]]:
        entered = {(f"state {name}", "times"): count for name, count in self.came.items()}
        led = {(key_of(*key), "times"): count for key, count in self.moves.items()}
        above = {key_of(name, state): f"state {state}" for name, state in self.moves}
        flow = Counted({**entered, **led}, Layout(above))
        late = Counted({(name, "missed"): count for name, count in self.missed.items()})
        told_twice = [
            ((key_of(name, target), "times"), (state, "missed"))
            for (state, name), (step, target) in product(sorted(self.on_miss), self.moves)
            if name == step
        ]
        also: frozenset[Place] = frozenset()
        while True:
            moves, missed = withheld_counts(flow, also), withheld_counts(late, also)
            pairs = [pair for pair in told_twice if pair[0] in moves or pair[1] in missed]
            more = also.union(*pairs) if pairs else also
            if more == also:
                return moves, missed
            also = more

    def states(self) -> Table:
        """The table of states."""
        names = [*self.workflow.states, *(name for name in self.came if name not in self.workflow.states)]
        rows = [self._state_row(name) for name in names]
        rows.sort(key=lambda row: -longest(row))
        return self._table("states", PER_STATE, STATES, STATE_COLUMNS, rows)

    def _table(self, code: str, title: Words, meaning: Words, columns: Mapping[str, Words], rows: list[Row]) -> Table:
        definition = Definition(code, self._said(title), self._said(meaning))
        return Table(definition, {name: self._said(each) for name, each in columns.items()}, tuple(rows))

    def _said(self, words: Words | Text) -> str:
        return words.en if self.tongue == "en" else words.nl

    def _state_row(self, name: str) -> Row:
        state = self.workflow.states.get(name)
        cells = {
            "came": _cell(self.came.get(name, NOTHING).value, (f"state {name}", "times") in self.hidden_moves),
            "now": _cell(self.now.get(name, NOTHING).value, (name, "now") in self.hidden_now),
            "median": _length(self.stays.get(name), lambda stay: stay.median),
            "long": _length(self.stays.get(name), lambda stay: stay.nine_in_ten, FEWEST_STAYS),
            "waits": _length(self.waits.get(name), lambda stay: stay.median),
            "missed": _cell(self.missed.get(name, NOTHING).value, (name, "missed") in self.hidden_missed),
        }
        if cells["now"].withheld:
            cells["waits"] = Cell(None, True)
        if state is not None and state.final:
            cells["now"] = Cell(None)
        if state is None or state.term is None:
            cells["missed"] = Cell(None)
        return Row(name, self._said(state.title) if state else f"{name} ({self._said(GONE)})", cells)

    def steps(self) -> Table:
        """The table of steps, those taken most often first."""
        rows = [
            Row(
                key_of(name, target),
                f"{self._step_title(name)} → {self._state_title(target)}",
                {"times": _cell(count.value, (key_of(name, target), "times") in self.hidden_moves)},
            )
            for (name, target), count in self.moves.items()
        ]
        rows += [
            Row(
                key_of(name),
                self._step_title(name),
                {"times": _cell(count.value, (name, "times") in self.hidden_stayed)},
            )
            for name, count in self.stayed.items()
        ]
        rows.sort(key=lambda row: (-(row.cells["times"].value or 0), row.label))
        return self._table("steps", PER_STEP, STEPS, STEP_COLUMNS, rows)

    def _step_title(self, name: str) -> str:
        found = self.workflow.transition(name)
        if found is None and name == self.workflow.opening.name:
            return self._said(self.workflow.opening.title)
        return self._said(found.title) if found else name

    def _state_title(self, name: str) -> str:
        found = self.workflow.states.get(name)
        return self._said(found.title) if found else name


def _cell(value: float | int, hidden: bool) -> Cell:
    return Cell(None, True) if hidden else Cell(value)


def _length(stay: Stay | None, which: Callable[[Stay], float], fewest: int = 1) -> Cell:
    if stay is None:
        return Cell(None)
    few = stay.count.households < FEWEST or stay.count.value < fewest
    return Cell(None, True) if few else Cell(round(which(stay), 1))


def longest(row: Row) -> float:
    """How long people are in a state, as far as it is shown: those who left, or those who stand there now."""
    return max(row.cells["median"].value or 0, row.cells["waits"].value or 0)
