"""What keeping the summaries costs a durable step: the same steps with and without, turn by turn, in processor time.

Processor time of this process, and of PostgreSQL where that is the database: by the clock a step mostly waits for the
disk, beside which any work of the processor looks small, and on a busy machine large.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from sqlalchemy import Engine

from tests.bench.step_over_http import of_database
from tests.conftest import Town
from wijkteam.assembly import House, build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.figures.journal import FigureJournal
from wijkteam.terms import clock

COST = 1.15
ROUNDS, TURNS, STEPS = 5, 6, 20
Steps = Callable[[int], None]
"""Does so many."""


def processor_of(database: Engine) -> float:
    """Seconds of processor that PostgreSQL has had for us; of SQLite they are this process's own."""
    return of_database(database) if database.dialect.name == "postgresql" else 0.0


def keeping_costs(name: str, database: Engine) -> bool:
    """Print how many times the processor time of steps without their summaries they take; whether that is little."""
    house = build_house(database)
    engine = house.engine
    others = [each for each in engine._journals if not isinstance(each, FigureJournal)]
    plain = replace(house, engine=engine.living_on(others, engine._elsewhere))
    kinds: dict[str, Callable[[House], Steps]] = {
        "a step of an escalation": _to_and_fro,
        "a step of a case": _noting,
        "opening a case": _opening,
    }
    kept = [_compared(f"{name}: {title}", database, make(house), make(plain)) for title, make in kinds.items()]
    return all(kept)


def _compared(title: str, database: Engine, kept: Steps, plain: Steps) -> bool:
    for work in (kept, plain):
        work(STEPS)
    shares, with_it, without = [], [], []
    for _ in range(ROUNDS):
        spent = {kept: 0.0, plain: 0.0}
        for turn in range(TURNS):
            for work in (kept, plain) if turn % 2 else (plain, kept):
                start = time.process_time() + processor_of(database)
                work(STEPS)
                spent[work] += time.process_time() + processor_of(database) - start
        shares.append(spent[kept] / spent[plain])
        with_it.append(spent[kept] / TURNS / STEPS)
        without.append(spent[plain] / TURNS / STEPS)
    share = median(shares)
    print(
        f"  {title}: {1000 * median(with_it):.2f} ms of processor, {1000 * median(without):.2f} without its summary: "
        f"{share:.2f} times (min {min(shares):.2f}, max {max(shares):.2f}); at most {COST}: "
        f"{'kept' if share <= COST else 'NOT KEPT'}",
        flush=True,
    )
    return share <= COST


def _to_and_fro(house: House) -> Callable[[int], None]:
    town = Town(house)
    fenna, teun = town.work("fenna"), town.work("teun")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    asked = escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing"))
    answer = {"answer": "Doe maar.", "next_step": "Bellen", "next_step_on": clock.today()}
    answered = False

    def turn(count: int) -> None:
        nonlocal answered
        for _ in range(count):
            if answered:
                fenna.act_on(Escalation, asked.id, "ask_again", {"why": "Helpt niet."})
            else:
                teun.act_on(Escalation, asked.id, "answer", answer)
            answered = not answered

    return turn


def _noting(house: House) -> Callable[[int], None]:
    fenna = Town(house).work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))

    def turn(count: int) -> None:
        for _ in range(count):
            fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Gebeld."})

    return turn


def _opening(house: House) -> Callable[[int], None]:
    fenna = Town(house).work("fenna")

    def turn(count: int) -> None:
        for _ in range(count):
            open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))

    return turn
