"""A small municipality by chance, written straight into the summaries that the report counts, with what it really is.

The truth is kept in cells as fine as anything published can tell apart; each knows which households stand behind it.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.figures.test_safe import BARRIERS, BUURTEN, PLACES, WIJKEN
from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.figures.model import CaseFact, ChangeFact, EscalationFact, GoalFact
from wijkteam.figures.safe import BUURT_NOWHERE
from wijkteam.people.model import Person, Team
from wijkteam.plans.model import Approach
from wijkteam.storage.database import WRITES

AT = datetime(2026, 11, 10, 12, tzinfo=UTC)
"""In the middle of a month, so that something was asked that no report tells yet."""
YEARS = (2025, 2026)
FIRST, TOLD_UNTIL = date(2025, 1, 1), date(2026, 10, 31)
HOMES = (*BUURTEN, BUURT_NOWHERE)
RUNGS = (1, 2, 4)
OUTCOMES = ("achieved", "partly", "not_achieved")
DOMAINS = ("housing", "finance")
KINDS, INGREDIENTS = ("home_visits", "money_coach"), ("trust", "at_home")
INSTRUMENT = "how_is_it_going"
Homes = set[int]


def year_of(day: date) -> int | str:
    """In which report a day is told; what came after the last month that ended is in none yet."""
    return "later" if day > TOLD_UNTIL else day.year


@dataclass
class LittleTown:
    """Rows to write, and what every cell really is."""

    chance: Random
    households: int
    rows: list[Any] = field(default_factory=list)
    cells: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))
    behind: dict[Hashable, Homes] = field(default_factory=lambda: defaultdict(set))
    place: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for home in range(1, self.households + 1):
            self.place[home] = self.chance.choices(HOMES, (5, 4, 3, 2, 1, 1, 1))[0]
        self._escalations()
        self._cases()
        self._approaches()

    def count(self, home: int, *cell: Hashable, number: int = 1) -> None:
        """So many more of a cell, of this household."""
        self.cells[cell] += number
        self.behind[cell].add(home)

    def households_behind(self, cells: Iterable[Hashable]) -> int:
        """How many different households stand behind a sum of cells."""
        return len(set().union(*(self.behind.get(cell, set()) for cell in cells)))

    def write(self, session: Session) -> None:
        """Put it all into a database."""
        session.connection(execution_options={WRITES: True})
        person, team = session.scalars(select(Person.id)).first() or 1, session.scalars(select(Team.id)).first() or 1
        for code, name in WIJKEN.items():
            session.add(Wijk(code=code, name=name, municipality_code="GM9999"))
        session.flush()
        for code in BUURTEN:
            here = {"geometry": _square(code), "longitude": 5.0, "latitude": 52.0}
            session.add(Buurt(code=code, name=code, wijk_code=PLACES.wijk(code), **here))
        session.flush()
        for home in self.place:
            session.add(Household(id=home, who_or_where="x", buurt_code=self.buurt(home), added_at=AT))
        session.flush()
        for home in self.place:
            step = {"next_step": "x", "next_step_by": person, "next_step_on": AT.date()}
            state = {"workflow_version": 1, "state": "x", "version": 1, "event_hash": ""}
            since = {"opened_at": AT, "state_since": AT, "what_is_going_on": "x"}
            case = HouseholdCase(id=f"c{home:011}", household_id=home, team_id=team, owner_id=person)
            for name, value in {**step, **state, **since}.items():
                setattr(case, name, value)
            session.add(case)
        session.flush()
        for row in self.rows:
            if isinstance(row, Approach):
                row.team_id = team
        session.add_all(self.rows)
        session.commit()

    def buurt(self, home: int) -> str | None:
        place = self.place[home]
        return None if place == BUURT_NOWHERE else place

    def _day(self) -> date:
        return FIRST + timedelta(days=int((AT.date() - FIRST).days * self.chance.random() ** 0.6))

    def _escalations(self) -> None:
        chance = self.chance
        asked: dict[int, list[tuple[date, str]]] = defaultdict(list)
        for home in self.place:
            for _ in range(chance.choices((0, 1, 2, 3), (1, 6, 2, 1))[0]):
                asked[home].append((self._day(), chance.choices(BARRIERS, (6, 2, 1))[0]))
        waiting: dict[tuple[str, str], Homes] = defaultdict(set)
        number = 0
        for home, each in asked.items():
            for day, barrier in each:
                number += 1
                if self._escalation(number, home, day, barrier, len(each) == 1) == "open":
                    waiting[PLACES.wijk(self.place[home]), barrier].add(home)
        for (wijk, barrier), homes in waiting.items():
            for home in homes:
                self.count(home, "waits", wijk, barrier)
        for year in YEARS:
            self._repeated(year, {home: [b for day, b in each if year_of(day) == year] for home, each in asked.items()})

    def _escalation(self, number: int, home: int, day: date, barrier: str, alone: bool) -> str:
        chance, place = self.chance, self.place[home]
        old = day < date(2026, 6, 1)
        rung = chance.choices(RUNGS, (6, 2, 1))[0]
        fate = chance.choices(("open", "answered", "withdrawn"), (1 if old else 5, 8, 1))[0]
        flags = {
            "in_time": fate == "answered" and chance.random() < 0.7,
            "silent": chance.random() < 0.2,
            "lowered": chance.random() < 0.1,
        }
        cell = ("asked", year_of(day), place, barrier, rung)
        for column in (fate, *(name for name, so in flags.items() if so)):
            self.count(home, *cell, column)
        if year_of(day) != "later":
            self.count(home, "month", f"{day:%Y-%m}")
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        waits = chance.randint(1, 60)
        ended = fate != "open"
        until = min(day + timedelta(days=waits), AT.date())
        self.rows.append(
            EscalationFact(
                escalation_id=f"e{number:011}",
                case_id=f"c{home:011}",
                household_id=home,
                buurt_code=self.buurt(home),
                alone=alone,
                structural=False,
                kind="question",
                barrier=barrier,
                state="answered" if ended else "asked",
                fate=fate,
                rung=rung,
                highest_rung=rung,
                asked_at=at,
                asked_on=day,
                answered_on=until if fate == "answered" else None,
                ended_on=until if fate == "withdrawn" else None,
                waiting_since=None if ended else at,
                waited=waits * 86_400 if ended else 0,
                passed_up=0,
                silent=int(flags["silent"]),
                lowered=int(flags["lowered"]),
                missed=0,
                in_time=flags["in_time"] if fate == "answered" else None,
            )
        )
        return fate

    def _repeated(self, year: int, asked: dict[int, list[str]]) -> None:
        for home, barriers in asked.items():
            if len(barriers) > 1:
                self.count(home, "again", year, "")
            for barrier in set(barriers):
                if barriers.count(barrier) > 1:
                    self.count(home, "again", year, barrier)
            for pair in combinations(sorted(set(barriers)), 2):
                self.count(home, "pair", year, *pair)

    def _cases(self) -> None:
        chance = self.chance
        for home, place in self.place.items():
            if chance.random() < 0.2:
                continue
            case, on, closed = f"c{home:011}", self._day(), self._day()
            outcome = chance.choices(OUTCOMES, (6, 2, 1))[0]
            barrier = "" if outcome == "achieved" else chance.choices(BARRIERS, (6, 2, 1))[0]
            measured = chance.random() < 0.7
            self.count(home, "outcome", year_of(on), place, outcome, barrier, measured)
            if measured:
                levels = chance.choices(((1, 2), (2, 2), (3, 2)), (6, 2, 1))[0]
                way = {1: "worse", 2: "same", 3: "better"}[2 + (levels[1] > levels[0]) - (levels[1] < levels[0])]
                self.count(home, "change", year_of(on), "at_home", way)
                self.rows.append(
                    ChangeFact(
                        case_id=case,
                        instrument=INSTRUMENT,
                        measured="",
                        domain="at_home",
                        first_level=levels[0],
                        latest_level=levels[1],
                    )
                )
            back = chance.random() < 0.2
            returned = closed + timedelta(days=chance.randint(1, 300)) if back else None
            what = "returned" if back else "too_early" if (TOLD_UNTIL - closed).days <= 365 else "stayed_away"
            self.count(home, "closed", year_of(closed), place, what)
            at = datetime(2025, 1, 1, tzinfo=UTC)
            self.rows.append(
                CaseFact(
                    case_id=case,
                    household_id=home,
                    buurt_code=self.buurt(home),
                    alone=True,
                    opened_at=at,
                    opened_on=at.date(),
                    closed_at=at,
                    closed_on=closed,
                    outcome=outcome,
                    outcome_barrier=barrier or None,
                    outcome_on=on,
                    returned_on=returned,
                )
            )
            if chance.random() < 0.5:
                self._goal(home, case)

    def _goal(self, home: int, case: str) -> None:
        chance, on = self.chance, self._day()
        domain = chance.choices(DOMAINS, (3, 1))[0]
        result = chance.choices((*OUTCOMES, "dropped"), (6, 2, 1, 1))[0]
        answer = chance.choices(("good", "fair", "bad", None), (6, 2, 1, 1))[0]
        self.count(home, "goal", year_of(on), domain, result, answer or "unsaid")
        self.rows.append(
            GoalFact(
                goal_id=f"g{home:011}", case_id=case, life_domain=domain, result=result, own_answer=answer, ended_on=on
            )
        )

    def _approaches(self) -> None:
        chance = self.chance
        for home in self.place:
            for number in range(chance.choices((0, 1, 2), (4, 2, 1))[0]):
                on, kind = self._day(), chance.choices(KINDS, (3, 1))[0]
                state = chance.choices(("continued", "stopped"), (3, 1))[0]
                result = chance.choices(("helped", "partly", "not_helped"), (6, 2, 1))[0]
                ingredient = chance.choices((*INGREDIENTS, None), (3, 1, 1))[0]
                self.count(home, "tried", year_of(on), kind, state, result, ingredient or "unsaid")
                at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
                self.rows.append(
                    Approach(
                        id=f"t{home:08}{number:03}",
                        case_id=f"c{home:011}",
                        kind=kind,
                        state=state,
                        result=result,
                        ingredient=ingredient,
                        ended_at=at,
                        opened_at=at,
                        state_since=at,
                        workflow_version=1,
                        version=1,
                        event_hash="",
                    )
                )


def _square(code: str) -> dict[str, Any]:
    west = 5 + 0.01 * (10 * int(code[2]) + int(code[3]))
    ring = [[west, 52.0], [west + 0.01, 52.0], [west + 0.01, 52.01], [west, 52.01], [west, 52.0]]
    return {"type": "Polygon", "coordinates": [ring]}
