"""The worker as it runs beside the pages: due work and mail in threads of their own, until they are told to stop."""

import threading
import time
from datetime import timedelta

from sqlalchemy import func, select, update

from tests.messages.conftest import Office, Postal
from wijkteam.deadlines.model import Deadline
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.model import Event
from wijkteam.serving import start_work
from wijkteam.terms import clock

LONGEST_WAIT = 30.0


def test_due_work_is_done_and_mailed_until_it_is_told_to_stop(postal: Postal, office: Office) -> None:
    case = postal.case()
    question = escalate(postal.town.work("fenna"), NewEscalation(case.id, case.team_id, "Woning", "housing"))
    work = postal.town.clockwork()
    with work.transaction() as session:
        overdue = update(Deadline).where(Deadline.subject_id == question.id)
        session.execute(overdue.values(due_at=clock.now() - timedelta(hours=1)))
    stop = threading.Event()
    threads = start_work(postal.town.house, postal.post, 0.05, stop)
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until and not (office.to("teun") and office.to("petra")):
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join(LONGEST_WAIT)
    assert not any(thread.is_alive() for thread in threads)
    assert len(office.to("teun")) == 1 and len(office.to("petra")) == 1, "asked first, and where it climbed to"
    climbs = select(func.count()).where(Event.subject_id == question.id, Event.name == "climb")
    assert postal.town.clockwork().session.scalar(climbs) == 1


def test_without_a_server_and_a_key_no_mail_is_sent_and_nothing_sealed(postal: Postal) -> None:
    stop = threading.Event()
    threads = start_work(postal.town.house, None, 0.05, stop)
    stop.set()
    for thread in threads:
        thread.join(LONGEST_WAIT)
    assert "due_round" in {each.name for each in threads}
    assert not {"post_round", "seal_round"} & {each.name for each in threads}
    assert not any(each.is_alive() for each in threads)
