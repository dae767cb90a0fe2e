"""What an earlier release does while the newest one upgrades its database; run with the code of that release.

python earlier_release.py URL RING: makes the database and a case, says so, and at each line it is sent works on: with
the pages, with services and with due work. It uses only what both releases have.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

import wijkteam
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.demo.town import PASSWORD, found_town
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade
from wijkteam.terms import clock
from wijkteam.web.app import create_app


def main(url: str, ring_file: str) -> None:
    told, sys.stdout = sys.stdout, sys.stderr  # what it logs is no answer
    assert Path(wijkteam.__file__).is_relative_to(os.environ["PYTHONPATH"]), "the code of the earlier release"
    database = connect(url)
    upgrade(database)
    ring = KeyRing(Path(ring_file))
    ring.begin()
    house = build_house(database, key_ring=ring)
    begin = house.work()
    found_town(house, begin)
    begin.session.close()
    app = create_app(house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    signed_in = browser.post("/inloggen", data={"email": "fenna@voorbeeldstad.example", "password": PASSWORD})
    assert signed_in.status_code == 302, signed_in.status_code
    work_on(house, browser)
    print("ready", file=told, flush=True)
    for _line in sys.stdin:
        work_on(house, browser)
        print("done", file=told, flush=True)


def work_on(house: object, browser: object) -> None:
    work = house.work()  # type: ignore[attr-defined]
    fenna = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert fenna is not None
    work.actor = people.acting_person(work.session, fenna.id)
    case = open_case(work, NewCase("Made up, Straat 1", "huur", "bel", clock.today()))
    work.act_on(HouseholdCase, case.id, "add_note", {"note": "van de vorige versie"})
    escalate(work, NewEscalation(case.id, case.team_id, "Woning", "housing"))
    work.session.close()
    for page in ("/", f"/casus/{case.id}", "/opschalingen", "/mandaatverzoeken"):
        answer = browser.get(page)  # type: ignore[attr-defined]
        assert answer.status_code == 200, (page, answer.status_code)
    note = browser.post(  # type: ignore[attr-defined]
        f"/casus/{case.id}/stap/add_note", data={"note": "over de pagina's", "version": ""}
    )
    assert note.status_code == 302, note.status_code
    with clock.standing_at(clock.now() + timedelta(days=30)):
        clockwork = house.work()  # type: ignore[attr-defined]
        assert do_due_work(clockwork).fired
        clockwork.session.close()


main(*sys.argv[1:])
