"""A real day at work by more and more people, on gunicorn and PostgreSQL, until it bends: `a_day.py` says what they do.

Rates, percentiles and errors are what locust saw. Being told to come back (503 with Retry-After) counts apart: it is
what has to happen under overload. Locust itself runs on the same machine and takes its share of it.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select, text, update

from tests.bench.big_town import copy_cases, one_case
from tests.bench.served import Ground, ground, served
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import DOMAIN, FOUNDED
from wijkteam.people import queries as people
from wijkteam.people.model import HeldFunction, Person, Team
from wijkteam.search.model import CaseToCompare
from wijkteam.terms import clock

CASES = 100_000
USERS = (50, 150, 300, 450, 600)
OVERLOAD = 1_500
SECONDS, PAUSE = 60, 10.0
WARMING = 30
"""Seconds that are not counted: each process meets each page, and days before today are sealed."""
GOAL_USERS, GOAL = 300, 150.0
OWN_CASES = 4
"""That each person works in, opened by the engine; besides those, they own copies."""
ENDED = 0.97
"""Of the copies: so everybody has about ten open ones more."""
IN_A_TEAM = 10
MANY = 10


@dataclass(frozen=True)
class Seen:
    """What locust saw with so many people."""

    users: int
    rate: float
    p50: float
    p95: float
    p99: float
    wrong: int
    told_to_come_back: int
    requests: int

    def line(self) -> str:
        """One row of the table."""
        return (
            f"  {self.users:>5} {self.rate:>8.1f} {self.p50:>7.0f} {self.p95:>7.0f} {self.p99:>7.0f} "
            f"{self.wrong:>6} {self.told_to_come_back:>10} {self.requests:>9}"
        )


HEAD = "  users a second  p50 ms  p95 ms  p99 ms  wrong  come back  requests"


def run(profile: bool, cases: int = CASES, users: Sequence[int] = USERS, seconds: int = SECONDS) -> bool:
    """Print a row for each number of people, and whether the goal was met."""
    del profile
    with ground("load") as town:
        everybody = prepare(town, cases, GOAL_USERS)
        with served(town, 2, worker=True) as address:
            at_work(town.folder, address, everybody, users[0], WARMING)
            print(HEAD, flush=True)
            seen = []
            for count in (*users, OVERLOAD):
                each = at_work(town.folder, address, everybody, count, seconds)
                print(each.line(), flush=True)
                seen.append(each)
    goal = next(each for each in seen if each.users == GOAL_USERS)
    kept = goal.p95 < GOAL and goal.wrong + goal.told_to_come_back == 0
    sheds = seen[-1].wrong == 0
    print(f"  p95 under {GOAL:.0f} ms without errors at {GOAL_USERS} users: {'kept' if kept else 'NOT KEPT'}")
    print(f"  overload of {OVERLOAD} users is shed and not fallen for: {'kept' if sheds else 'NOT KEPT'}")
    return kept and sheds


def prepare(town: Ground, cases: int, count: int) -> Path:
    """The town with so many cases, and so many people signed in; returns the file that says who they are."""
    staff = hire(town, count)
    if cases:
        copied = one_case(town)
        copy_cases(town, copied, cases, staff, ended=ENDED)
        _by_team(town, staff)
    everybody = []
    for number, person_id in enumerate(staff):
        work = town.house.work()
        person = people.acting_person(work.session, person_id)
        assert person is not None
        work.actor = person
        mine = [
            open_case(work, NewCase(f"Straat {number}-{each}", "Huur", "Bellen", clock.today())).id
            for each in range(OWN_CASES)
        ]
        work.session.close()
        signed_in = town.signed_in(person_id)
        everybody.append({"headers": signed_in.headers, "csrf_token": signed_in.csrf_token, "cases": mine})
    with town.database.begin() as connection:
        connection.execute(
            delete(CaseToCompare)
        )  # a city opens no thousand cases at once: on a day each is compared as it comes
    file = town.folder / "people.json"
    file.write_text(json.dumps(everybody), encoding="utf-8")
    return file


def hire(town: Ground, count: int) -> list[int]:
    """So many professionals more, ten in a team; returns their numbers."""
    work = town.house.work()
    with work.transaction() as session:
        teams = [Team(name=f"Team {number}") for number in range(-(-count // IN_A_TEAM))]
        staff = [Person(name=f"Medewerker {n}", email=f"m{n}@{DOMAIN}", civil_servant=True) for n in range(count)]
        session.add_all([*teams, *staff])
        session.flush()
        for number, person in enumerate(staff):
            team = teams[number // IN_A_TEAM]
            held = {"function": "best_person", "team_id": team.id, "valid_from": FOUNDED}
            session.add(HeldFunction(person_id=person.id, **held))
        found = [person.id for person in staff]
    work.session.close()
    return found


def _by_team(town: Ground, staff: list[int]) -> None:
    """Let each copied case be one of the team of its owner."""
    team = select(HeldFunction.team_id).where(HeldFunction.person_id == HouseholdCase.owner_id).scalar_subquery()
    with town.database.begin() as connection:
        connection.execute(update(HouseholdCase).where(HouseholdCase.owner_id.in_(staff)).values(team_id=team))
    with town.database.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def at_work(folder: Path, address: str, everybody: Path, users: int, seconds: int, pause: float = PAUSE) -> Seen:
    """So many people at work for so long; raises RuntimeError when locust itself fails."""
    out = folder / f"seen_{users}"
    environment = {**os.environ, "WIJKTEAM_BENCH_PEOPLE": str(everybody), "WIJKTEAM_BENCH_PAUSE": str(pause)}
    command = [sys.executable, "-W", "ignore", "-m", "locust", "--headless", "--only-summary", "--loglevel", "ERROR"]
    command += ["-f", str(Path(__file__).with_name("a_day.py")), "--host", address, "--csv", str(out)]
    command += ["-u", str(users), "-r", str(max(1.0, users / 10)), "-t", f"{seconds}s", "--stop-timeout", "20"]
    command += ["--exit-code-on-error", "0"]
    if users >= MANY:
        command += ["--reset-stats"]  # what was asked while people were still coming in does not count
    ended = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(ended.stdout + ended.stderr)
    return _read(out, users)


def _read(out: Path, users: int) -> Seen:
    with Path(f"{out}_stats.csv").open(encoding="utf-8") as file:
        total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
    with Path(f"{out}_failures.csv").open(encoding="utf-8") as file:
        failures = [(row["Error"], int(row["Occurrences"])) for row in csv.DictReader(file)]
    told = sum(count for error, count in failures if "told to come back" in error)
    requests = int(total["Request Count"])
    p50, p95, p99 = (float(total[name]) if requests else 0.0 for name in ("50%", "95%", "99%"))
    wrong = sum(count for _error, count in failures) - told
    return Seen(users, float(total["Requests/s"]), p50, p95, p99, wrong, told, requests)
