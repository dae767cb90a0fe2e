"""A verdict over a register of 5,000 rows and 500 people, against a scan of every row for the same question."""

import cProfile
import pstats
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from statistics import median

from tests.bench.rounds import Work, compare, told
from wijkteam.mandate.register import PresentStaff, Register, Standing
from wijkteam.mandate.row import RegisterRow
from wijkteam.mandate.verdict import Question, refusal_of, verdict
from wijkteam.people.acting import ActingPerson, Holding

ROWS, PEOPLE, TEAMS, POWERS, FUNCTIONS = 5_000, 500, 25, 60, 12
QUESTIONS = 400
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MILLISECONDS = 1.0
FASTER = 10.0
SLOWEST = 0.99
"""Also the slowest but one in a hundred keeps within the bound."""
LINES = 20


def big_register(chance: random.Random) -> tuple[Register, list[ActingPerson]]:
    """Rows in chains of up to four, for teams and for all, and people who hold one or two functions in a team."""
    rows: list[RegisterRow] = []
    for number in range(1, ROWS + 1):
        above = chance.choice(rows[-200:]) if rows and chance.random() < 0.6 else None
        rows.append(
            RegisterRow(
                id=number,
                number=f"M-{number}",
                power=above.power if above else f"power_{chance.randrange(POWERS)}",
                function=f"function_{chance.randrange(FUNCTIONS)}",
                valid_from=date(2020, 1, 1),
                given_under=above.id if above else None,
                may_pass_on=above is None or chance.random() < 0.6,
                ceiling_per_decision=chance.choice([None, 50_000, 100_000, 250_000]),
                ceiling_per_household=chance.choice([None, None, 100_000]),
                colleagues_needed=chance.choice([0, 0, 0, 3]),
                team_id=chance.choice([None, *range(TEAMS)]) if above is None else above.team_id,
            )
        )
    people = [
        ActingPerson(
            number,
            f"P{number}",
            chance.random() < 0.9,
            tuple(
                Holding(f"function_{chance.randrange(FUNCTIONS)}", chance.choice([None, number % TEAMS]))
                for _ in range(chance.choice([1, 2]))
            ),
        )
        for number in range(PEOPLE)
    ]
    away = {person.person_id for person in people if chance.random() < 0.1}
    present = [person for person in people if person.person_id not in away]
    return Register(rows, NOW, PresentStaff(people, away)), present


def one_power(chance: random.Random) -> Register:
    """The worst there is: all rows for one power and one function, each for one team or for all."""
    rows = [
        RegisterRow(
            id=number,
            number=f"M-{number}",
            power="power_0",
            function="function_0",
            valid_from=date(2020, 1, 1),
            ceiling_per_decision=chance.randrange(50_000),
            team_id=chance.choice([None, *range(TEAMS)]),
        )
        for number in range(1, ROWS + 1)
    ]
    return Register(rows, NOW)


def questions(chance: random.Random) -> list[tuple[ActingPerson, Question]]:
    """Made-up questions of made-up people."""
    found = []
    for number in range(QUESTIONS):
        team = number % TEAMS
        holdings = (Holding(f"function_{chance.randrange(FUNCTIONS)}", team),)
        person = ActingPerson(chance.randrange(PEOPLE), "P", True, holdings)
        amount = chance.choice([10_000, 60_000, 200_000, 900_000])
        found.append((person, Question(f"power_{chance.randrange(POWERS)}", amount, team)))
    return found


def scan_of(register: Register, people: list[ActingPerson]) -> Callable[[ActingPerson, Question], object]:
    """The same question put to every row that stands, one by one; for a no also who could, person by person."""
    standing_rows = register.all_standing()

    def covers(standing: Standing, person: ActingPerson, question: Question) -> bool:
        row = standing.row
        return (
            row.power == question.power
            and person.holds(row.function, question.team_id)
            and standing.team_id in (None, question.team_id)
            and refusal_of(standing, question, register.day) is None
        )

    def scan(person: ActingPerson, question: Question) -> object:
        found = next((each for each in standing_rows if covers(each, person, question)), None)
        if found is not None:
            return found
        wide = [each for each in standing_rows if each.row.power == question.power]
        wide.sort(key=lambda each: each.width)
        return next((other for each in wide for other in people if covers(each, other, question)), None)

    return scan


def _turn(answer: Callable[[ActingPerson, Question], object]) -> Work:
    asked = questions(random.Random(7))

    def work(steps: int) -> None:
        for step in range(steps):
            answer(*asked[step % len(asked)])

    return work


def _each(register: Register, asked: list[tuple[ActingPerson, Question]]) -> list[float]:
    found = []
    for person, question in asked:
        start = time.perf_counter()
        verdict(register, person, question)
        found.append((time.perf_counter() - start) * 1_000)
    return sorted(found)


def run(profile: bool) -> bool:
    """Measure; with `profile` also show where the time of a verdict goes."""
    chance = random.Random(5)
    start = time.perf_counter()
    register, present = big_register(chance)
    built = (time.perf_counter() - start) * 1_000
    print(f"  building the snapshot: {built:.0f} ms; {len(register.all_standing())} of {ROWS} rows stand")
    asked = questions(random.Random(7))
    answers = [verdict(register, *each) for each in asked]
    yes, eyes = sum(each.allowed for each in answers), sum(each.eyes_needed > 0 for each in answers)
    print(f"  of {len(asked)} questions {yes} yes, {eyes} yes with more eyes, {len(asked) - yes - eyes} no")
    ours = _turn(partial(verdict, register))
    measured = compare({"ours": ours, "scan": _turn(scan_of(register, present))}, QUESTIONS)
    milliseconds = [each * 1_000 for each in measured.seconds["ours"]]
    kept = told("milliseconds a verdict", milliseconds, MILLISECONDS, at_least=False)
    each = _each(register, questions(random.Random(11)))
    slow = each[int(len(each) * SLOWEST)]
    kept &= told("milliseconds of the slowest but one in a hundred", [slow], MILLISECONDS, at_least=False)
    kept &= told("our rate / rate of a scan of every row", measured.ratios("ours", "scan"), FASTER, at_least=True)
    holder = ActingPerson(1, "P", True, (Holding("function_0", 3),))
    too_much = [(holder, Question("power_0", 60_000, 3))] * 20
    worst = median(_each(one_power(chance), too_much))
    print(f"  a no where all rows are for one power and one function: {worst:.2f} ms (no bound)")
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(ours, QUESTIONS)
        pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(LINES)
    return kept
