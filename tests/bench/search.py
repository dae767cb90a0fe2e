"""Finding a household among 10,000 through the wall, against reading all names that may be read and looking in each."""

import cProfile
import pstats
import random
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select

from tests.bench.rounds import compare, spread, told
from wijkteam.assembly import House, build_house
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.demo.town import found_town
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.search.folding import likeness, name_parts
from wijkteam.search.keeping import rebuild
from wijkteam.search.queries import ALIKE, find
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade
from wijkteam.terms import clock
from wijkteam.wall.reader import reader_of
from wijkteam.wall.session import ReadingSession

CASES = 10_000
QUESTIONS = 8
FASTER = 5.0
LINES = 25
FIRST = (
    "an",
    "ba",
    "de",
    "el",
    "fa",
    "ga",
    "he",
    "il",
    "jo",
    "ka",
    "le",
    "mi",
    "na",
    "ol",
    "pa",
    "ro",
    "sa",
    "ti",
    "ul",
)
MIDDLE = ["bel", "der", "kel", "len", "mar", "nor", "pen", "rik", "sen", "tal", "ver", "zin"]
LAST = ["aar", "berg", "dam", "erts", "feld", "huis", "inga", "kamp", "laar", "man", "oord", "stra", "vink"]
TEXTS = (
    "De huur is niet betaald",
    "Er is geen verwarming",
    "Schulden bij de zorgverzekeraar",
    "Zoekt werk en dagritme",
)


def _name(chance: random.Random) -> str:
    made = chance.choice(FIRST) + chance.choice(MIDDLE) + chance.choice(LAST)
    return chance.choice(["", "van der ", "de ", "van "]) + made.title()


def _fill(house: House, chance: random.Random) -> ActingPerson:
    work = house.work()
    found_town(house, work)
    with work.transaction() as session:
        fenna = people.person_by_email(session, "fenna@voorbeeldstad.example")
        assert fenna is not None
        person = people.acting_person(session, fenna.id)
        assert person is not None
        homes: list[dict[str, Any]] = []
        cases: list[dict[str, Any]] = []
        for number in range(1, CASES + 1):
            where = f"{_name(chance)}straat {chance.randint(1, 200)}"
            homes.append({"id": number, "who_or_where": f"{where}, familie {_name(chance)}", "added_at": clock.now()})
            cases.append(_case(number, person, chance.choice(TEXTS)))
        session.execute(insert(Household), homes)
        session.execute(insert(HouseholdCase), cases)
    began = time.perf_counter()
    entries = rebuild(work)
    print(f"  {entries} entries made anew in {time.perf_counter() - began:.1f} s")
    work.session.close()
    return person


def _case(number: int, person: ActingPerson, what: str) -> dict[str, Any]:
    """A case of which every tenth is extra protected, and so not found."""
    return {
        "id": f"b{number:011d}",
        "workflow_version": 2,
        "state": "carrying_out",
        "version": 1,
        "event_hash": "",
        "opened_at": clock.now(),
        "state_since": clock.now(),
        "household_id": number,
        "team_id": min(person.team_ids),
        "owner_id": person.person_id,
        "what_is_going_on": what,
        "next_step": "Bellen",
        "next_step_by": person.person_id,
        "next_step_on": clock.today(),
        "protected_why": "Een collega." if number % 10 == 0 else None,
    }


def _scan(session: ReadingSession, typed: str) -> list[int]:
    """The same question without an index: every name that may be read is folded and compared."""
    asked = name_parts(typed)
    found = []
    for number, text in session.execute(select(Household.id, Household.who_or_where)):
        parts = name_parts(text)
        if all(any(part == each or likeness(part, each) >= ALIKE for each in parts) for part in asked):
            found.append(number)
    return found


def run(profile: bool) -> bool:
    """Measure; whether the bounds were kept."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'search.sqlite'}")
        upgrade(database)
        house = build_house(database)
        person = _fill(house, chance)
        work = house.work()
        reader = reader_of(work.session, house.grounds, person)
        with house.reading(reader) as reading:
            names = [home.who_or_where.split(", familie ")[1] for home in reading.scalars(select(Household).limit(200))]
            typed = [_mistyped(chance, each) for each in chance.sample(names, QUESTIONS)]

            def ours(steps: int) -> None:
                for step in range(steps):
                    find(reading, typed[step % QUESTIONS])

            def scan(steps: int) -> None:
                for step in range(steps):
                    _scan(reading, typed[step % QUESTIONS])

            measured = compare({"ours": ours, "scan": scan}, QUESTIONS, rounds=3)
            hits = sum(bool(find(reading, each)) for each in typed)
            common = _common(reading)
            if profile:
                profiler = cProfile.Profile()
                profiler.runcall(ours, QUESTIONS)
                pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(LINES)
        work.session.close()
        database.dispose()
    print(f"  milliseconds a name with a typing error: {spread(_ms(measured.seconds['ours']))} (no bound)")
    kept = told("our rate / rate of reading every name", measured.ratios("ours", "scan"), FASTER, at_least=True)
    print(f"  {hits} of {QUESTIONS} names were found; a word in every fourth case: {common:.0f} ms (no bound)")
    return kept and hits == QUESTIONS


def _ms(seconds: list[float]) -> list[float]:
    return [each * 1_000 for each in seconds]


def _common(reading: ReadingSession) -> float:
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        find(reading, "huur")
        spent.append(time.perf_counter() - began)
    return median(spent) * 1_000


def _mistyped(chance: random.Random, name: str) -> str:
    at = len(name) - chance.randint(3, 5)
    return name[:at] + name[at + 1 :]
