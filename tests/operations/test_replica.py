"""Figures come from a replica that is near enough; pages that only read go on from it when the first one is away."""

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.operations.servers import Server, follow
from tests.plumbing.templates import PostgresTemplates
from tests.signed_in import client
from wijkteam.assembly import House, house_on, with_replica
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.model import Event
from wijkteam.keys.ring import KeyRing
from wijkteam.storage import replica as replicas
from wijkteam.storage.database import connect, hosts_of
from wijkteam.storage.replica import Replica
from wijkteam.terms import clock
from wijkteam.wall.reader import reader_of
from wijkteam.web.acting import figures_as_of, figures_over_all

LONGEST = 300.0
ONLY_READING = "U kunt nu alleen lezen."


@dataclass
class Pair:
    """A first server and one that follows it; both hold the municipality."""

    first: Server
    second: Server
    database: str

    def both(self) -> str:
        """One address that names both: the one that takes in is found."""
        hosts = "&".join(f"host={each.road}:{each.port}" for each in (self.first, self.second))
        return f"postgresql://postgres@/{self.database}?{hosts}&target_session_attrs=read-write"

    def until_followed(self) -> None:
        stands = self.first.ask("SELECT pg_current_wal_insert_lsn()")
        until(lambda: self.second.ask(f"SELECT pg_last_wal_replay_lsn() >= '{stands}'") == "t")


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def pair(quick_folder: Path, postgres_url: str, postgres_templates: PostgresTemplates) -> Iterator[Pair]:
    name = postgres_templates.town
    first = Server(quick_folder / "first")
    first.copy_from(postgres_url, follows=False)
    first.start()
    second = follow(first, quick_folder / "second")
    yield Pair(first, second, name)
    second.end()
    first.end()


@pytest.fixture
def town(
    pair: Pair, first_house: House, key_ring: KeyRing, law_in_force: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """The municipality on the first server, with the second beside it."""
    law_in_force()
    monkeypatch.setattr(replicas, "SECONDS_AWAY", 0.3)
    database, second = connect(pair.both()), connect(pair.second.url(pair.database))
    town = Town(with_replica(house_on(first_house, database, key_ring), second, timedelta(seconds=60)))
    yield town
    town.close()
    database.dispose()
    second.dispose()


def replica_of(town: Town) -> Replica:
    found = town.house.replica
    assert found is not None
    return found


def new_case(town: Town, street: str = "Kade") -> HouseholdCase:
    made = open_case(town.work("fenna"), NewCase(f"Bedacht, {street} 1", "huur", "bel", clock.today()))
    town.close()
    return made


def cases_in(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(HouseholdCase)) or 0


def counted(app: Flask) -> tuple[int, bool]:
    """How many cases figures tell of, and whether they say that they are of this moment."""
    with app.test_request_context("/verslag"):
        before = clock.now()
        found = figures_over_all(cases_in)
        as_of = figures_as_of()
        assert as_of is not None
        return found, as_of >= before


def test_figures_are_read_from_the_replica_and_say_of_which_moment_they_are(town: Town, pair: Pair) -> None:
    new_case(town)
    pair.until_followed()
    browser = client(town, "bea")
    now = counted(browser.application)[0]
    pair.second.ask("SELECT pg_wal_replay_pause()")
    until(lambda: pair.second.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
    try:
        new_case(town)
        assert counted(browser.application) == (now, False), "the replica's, and it says that it is of before"
        page = browser.get("/verslag")
        assert page.status_code == 200 and "Stand van" in page.text and ONLY_READING not in page.text
        replica_of(town).bound = timedelta(0)
        assert counted(browser.application) == (now + 1, True), "further behind than allowed: the first is asked"
    finally:
        pair.second.ask("SELECT pg_wal_replay_resume()")
        replica_of(town).bound = timedelta(seconds=60)
    pair.until_followed()
    assert counted(browser.application)[0] == now + 1

    ada = client(town, "ada")
    assert "volgt, tot" in ada.get("/beheer/stand").text
    pair.second.stop()
    assert "De tweede database volgt niet." in ada.get("/beheer/stand").text
    assert counted(browser.application) == (now + 1, True), "without a replica figures come from the first"
    pair.second.start()


def test_the_wall_stands_on_the_replica_too(town: Town, pair: Pair) -> None:
    case = new_case(town)
    pair.until_followed()
    for name, sees in (("fenna", True), ("mo", False)):
        work = town.work(name)
        reader = reader_of(work.session, town.house.grounds, work.actor)
        with town.house.reading(reader, work.session, on_replica=True) as session:
            found = session.get(HouseholdCase, case.id)
            assert (found is not None) is sees
    asked = f"SET ROLE wijkteam_reader; SELECT count(*) FROM household_case WHERE id = '{case.id}'"
    assert pair.second.ask(asked, pair.database) == "0", "nobody is told who reads: nothing is there"
    with town.house.work_on_replica().session as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(text("DELETE FROM notice"))


def test_when_the_first_is_away_pages_that_only_read_go_on_and_say_what_cannot_be(town: Town, pair: Pair) -> None:
    case = new_case(town)
    fenna, bea, mo = client(town, "fenna"), client(town, "bea"), client(town, "mo")
    pair.until_followed()
    step = {"note": "kan niet", "version": "", "sending": "a number"}
    town.close()
    pair.first.stop(signal.SIGQUIT)
    try:
        for browser, path in ((fenna, "/"), (bea, "/verslag"), (bea, "/verslag.csv"), (fenna, "/opschalingen")):
            answer = browser.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
            assert path.endswith("csv") or (ONLY_READING in answer.text and "U leest hoe het was op" in answer.text)
        assert "Bedacht, Kade" in fenna.get("/").text
        refused = fenna.get(f"/casus/{case.id}")
        assert refused.status_code == 503 and "Wie een casus leest, schrijven wij op" in refused.text
        assert mo.get(f"/casus/{case.id}").status_code == 404, "what may not be read is not there, also now"
        answer = fenna.post(f"/casus/{case.id}/stap/add_note", data=step)
        assert answer.status_code == 503 and "Wat u net deed is niet bewaard." in answer.text
        ready = fenna.get("/readyz")
        assert ready.status_code == 200 and ready.json == {"database": "away", "schema": "unknown", "replica": "ok"}
        fenna.set_cookie("taal", "en")
        assert "You can only read now." in fenna.get("/").text
        client_of_program = fenna.get("/api/v1/my-work", headers={"Authorization": "Bearer wt_x"})
        assert client_of_program.status_code == 503 and client_of_program.mimetype == "application/problem+json"
    finally:
        pair.first.start()
    until(lambda: fenna.post(f"/casus/{case.id}/stap/add_note", data=step).status_code == 302)
    assert "You can only read now." not in fenna.get("/").text


def test_a_promoted_replica_is_found_by_itself_and_no_longer_read_as_a_replica(town: Town, pair: Pair) -> None:
    case = new_case(town)
    fenna = client(town, "fenna")
    pair.until_followed()
    town.close()
    pair.first.stop(signal.SIGQUIT)
    pair.second.ask("SELECT pg_promote()")
    answer = fenna.post(f"/casus/{case.id}/stap/add_note", data={"note": "na het overnemen", "version": ""})
    assert answer.status_code == 302
    work = town.clockwork()
    assert work.session.scalar(select(func.count()).where(Event.name == "add_note", Event.subject_id == case.id)) == 1
    assert not replica_of(town).standing().follows and counted(fenna.application)[1]


def test_which_servers_an_address_names() -> None:
    assert hosts_of(make_url("postgresql://u@/d?host=a:5432&host=b:5433")) == ("a", "b")
    assert hosts_of(make_url("postgresql://u@a,b/d")) == ("a", "b")
    assert hosts_of(make_url("postgresql://u@a:5432/d")) == ("a",)
