"""What a register would have said: whether the asker could have decided without asking. Pure.

The question goes to the same verdict that decides today, so that the replay judges as the system does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from wijkteam.mandate.register import Register as Snapshot
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.mandate.verdict import Question, RegisterRow, euros, verdict
from wijkteam.mandate.what_if.past import Asker, History
from wijkteam.people.acting import ActingPerson
from wijkteam.terms import clock


@dataclass(frozen=True)
class Covered:
    """On which row the asker could have decided, and how many colleagues would have had to agree."""

    row: str
    colleagues: int = 0
    unsure: bool = False
    """The row has a ceiling and the amount is not known, so that nobody can say."""
    counted: tuple[int, ...] = ()
    """The rows with a ceiling for a year that this counts under."""


@dataclass
class Register:
    """Rows to replay under."""

    title: str
    rows: tuple[RegisterRow, ...]
    _snapshot: Snapshot | None = field(init=False, repr=False, default=None)
    _powers: frozenset[str] = field(init=False, repr=False)
    _persons: dict[tuple[int, date], ActingPerson] = field(init=False, repr=False)
    by_year: tuple[int, ...] = field(init=False, repr=False)
    """Numbers of the rows with a ceiling for a year, of which a replay counts what it decides under them itself."""

    def __post_init__(self) -> None:
        self._persons = {}
        self._powers = frozenset(row.power for row in self.rows)
        self.by_year = tuple(row.id for row in self.rows if row.ceiling_per_year is not None)

    def covers(self, asker: Asker, question: Question, at: datetime) -> Covered | None:
        """Whether the asker could have decided this at that moment: alone, or else with colleagues; None when not.

        Unlike somebody who decides today, a replay often does not know the amount; then a ceiling proves nothing.
        """
        if question.power not in self._powers:
            return None
        snapshot = self._at(at)
        found = verdict(snapshot, self._person(asker, snapshot.day), question)
        if found.row is None:
            return None
        counted = tuple(row_id for row_id, _ in found.standing.per_year) if found.standing else ()
        return Covered(found.row.number, found.eyes_needed, _unsure(found.row, question), counted)

    def _at(self, moment: datetime) -> Snapshot:
        before = self._snapshot
        self._snapshot = Snapshot(self.rows, moment) if before is None else before.at(moment)
        return self._snapshot

    def _person(self, asker: Asker, day: date) -> ActingPerson:
        key = (asker.person_id, day)
        if key not in self._persons:
            self._persons[key] = ActingPerson(asker.person_id, "", asker.civil_servant, asker.holdings(day))
        return self._persons[key]

    def asleep(self, first: date, last: date) -> list[str]:
        """Numbers of the rows that hold on no day from `first` to `last`."""
        return [
            row.number
            for row in self.rows
            if row.valid_from > last or (row.valid_until is not None and row.valid_until < first)
        ]


def _unsure(row: RegisterRow, question: Question) -> bool:
    if question.amount is not None:
        return False
    return any(value is not None for name, value in vars(row).items() if name.startswith("ceiling_"))


def from_file(file: RegisterFile, always: bool) -> Register:
    """A register from a file. A row without a first day held always; `always`: so did every row, whatever its dates."""
    rows = []
    numbered = {entry.number: number for number, entry in enumerate(file.mandates, 1)}
    for number, entry in enumerate(file.mandates, 1):
        new = entry.as_new()
        known = {name: getattr(new, name) for name in RegisterRow.__dataclass_fields__ if hasattr(new, name)}
        valid_from = date.min if always or new.valid_from is None else new.valid_from
        valid_until = None if always else new.valid_until
        above = numbered.get(entry.given_under) if entry.given_under is not None else None
        changed = {"id": number, "given_under": above, "valid_from": valid_from, "valid_until": valid_until}
        rows.append(RegisterRow(**{**known, **changed}))
    return Register(file.title.nl, tuple(rows))


def with_ceiling(today: Register, pairs: Iterable[tuple[str, str]], ceiling: int | None) -> Register:
    """Today's register, and for each (power, function) a mandate up to a ceiling per decision (cents; None: none)."""
    return with_ceilings(today, dict.fromkeys(pairs, ceiling), ceiling)


def with_ceilings(today: Register, wider: Mapping[tuple[str, str], int | None], called: int | None) -> Register:
    """Today's register, and for each (power, function) a mandate up to its own ceiling (cents; None: none).

    Its title is the ceiling `called`.
    """
    title = "zonder plafond" if called is None else euros(called).removesuffix(",00")
    rows = [
        RegisterRow(
            id=-number,
            number=title,
            kind="mandaat",
            power=power,
            function=function,
            ceiling_per_decision=ceiling,
            valid_from=date.min,
        )
        for number, ((power, function), ceiling) in enumerate(sorted(wider.items()), 1)
    ]
    return Register(title, (*today.rows, *rows))


def askers_functions(history: History) -> frozenset[tuple[str, str]]:
    """Which powers were asked for by holders of which functions."""
    found = set()
    for each in history.requests:
        day = clock.local(each.asked_at).date()
        for holding in each.asker.holdings(day):
            if holding.team_id in (None, each.team_id):
                found.add((each.power, holding.function))
    return frozenset(found)
