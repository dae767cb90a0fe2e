"""Working without a connection in a real browser, with the connection cut at every step.

On PostgreSQL; tests/offline/test_cut_at_every_step.py is on SQLite. What arrives is held to on both databases in
tests/offline/test_once.py, without a browser.
"""

import json
import os

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.conftest import Town
from tests.offline.conftest import DESK, Device, Line, a_case, steps, tomorrow
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.escalation.queries import escalations_of_case
from wijkteam.events.queries import events_of, recorded
from wijkteam.signing_in.sessions import end_sessions

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

SHOTS = os.environ.get("WIJKTEAM_SHOTS")


def picture(device: Device, name: str) -> None:
    """Pictures of the whole page on a phone and a desk, where somebody asks for them; never wider than the screen."""
    wide = device.page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
    assert wide <= 0, f"{device.page.url} is {wide} pixels too wide"
    if SHOTS:
        device.page.screenshot(path=f"{SHOTS}/{name}-360.png", full_page=True)
        device.page.set_viewport_size(DESK)
        device.page.screenshot(path=f"{SHOTS}/{name}-1280.png", full_page=True)
        device.page.set_viewport_size({"width": 360, "height": 740})


def cases_of(town: Town, where: str) -> list[str]:
    rows = select(HouseholdCase.id).join(Household, Household.id == HouseholdCase.household_id)
    return list(town.clockwork().session.scalars(rows.where(Household.who_or_where == where)))


def test_own_cases_are_read_and_written_in_with_the_server_gone_and_all_is_sent_once_when_it_is_back(
    town: Town, line: Line, device: Device
) -> None:
    case = a_case(town)
    device.signs_in("fenna")
    device.takes_along()
    picture(device, "switch")
    line.cut()

    device.visits(f"/casus/{case}")
    device.sees("Zonder verbinding")
    device.sees("Dreigende uithuiszetting.")
    picture(device, "case")
    device.visits("/verslag")
    device.sees("Dit kan niet zonder verbinding")
    picture(device, "not-along")
    device.visits("/")
    device.sees("Voorbeeldstraat 12")

    device.notes(case, "Niemand deed open.")
    device.sees("Wacht op verzending")
    device.writes(case, "stap-change_next_step", next_step="Terugbellen", next_step_on=tomorrow())
    device.writes(case, "opschalen", question="Een woning, van de corporatie.", barrier="housing")
    picture(device, "case-waiting")
    device.visits("/casus/openen")
    device.page.get_by_label("Wie of waar?").fill("De deur <b>hiernaast</b>")
    device.page.get_by_label("Wat is er aan de hand?").fill("Geen stroom.")
    device.page.get_by_label("Wat is de volgende stap?").fill("Langsgaan")
    device.page.get_by_label("Wanneer?").fill(tomorrow())
    device.presses("Casus openen")
    device.visits("/offline/wacht")
    expect(device.page.locator(".waits")).to_have_count(4)
    picture(device, "waiting")

    held = device.holds()
    assert held["key"][0]["key"] == "key false", "nobody can take the key out of the browser"
    assert len(held["queue"]) == 4 and len(held["kept"]) > 4
    assert "offline/dicht" in json.dumps(held["cached"]) and "/static/look/" in json.dumps(held["cached"])
    del held["key"]
    for word in ("Voorbeeldstraat", "uithuiszetting", "deed open", "Terugbellen", "hiernaast", "Fenna"):
        assert word not in json.dumps(held), word

    second = Device(device.context, line)
    second.visits("/")
    line.connect()
    device.page.evaluate("window.dispatchEvent(new Event('online'))")
    second.page.evaluate("window.dispatchEvent(new Event('online'))")
    device.catches_up()
    assert steps(town, case) == ["open", "add_note", "change_next_step"]
    assert len(escalations_of_case(town.clockwork().session, case)) == 1
    assert len(cases_of(town, "De deur <b>hiernaast</b>")) == 1
    device.visits("/")
    device.sees("De deur <b>hiernaast</b>")
    assert device.holds()["queue"] == []

    line.cut()
    device.visits(f"/casus/{case}")
    device.sees("Zonder verbinding")
    device.did_nothing_for(minutes=31)
    device.visits(f"/casus/{case}")
    device.sees("Log eerst in")
    assert device.holds()["key"] == device.holds()["kept"] == [], "who does nothing for half an hour is locked out"


def test_what_arrived_of_which_the_answer_was_lost_is_not_done_again(town: Town, line: Line, device: Device) -> None:
    case = a_case(town)
    device.signs_in("fenna")
    device.takes_along()

    device.visits(f"/casus/{case}")
    line.breaks_after = lambda way: way == f"POST /casus/{case}/stap/add_note"
    device.notes(case, "De eerste keer kwam aan.")
    line.connect()
    device.visits("/")
    device.catches_up()
    assert steps(town, case) == ["open", "add_note"] and device.holds()["queue"] == []
    assert line.handled.count(f"POST /offline/verzenden/{case}/add_note") == 1, "it was sent again, and was known"

    line.cut()
    device.visits(f"/casus/{case}")
    for number in range(3):
        device.notes(case, f"Notitie {number}.")
    line.connect()
    line.breaks_after = lambda way: "verzenden" in way
    device.visits("/")
    device.catches_up()
    assert steps(town, case).count("add_note") == 2, (
        "between two of the queue the connection breaks, and it stops there"
    )
    line.breaks_after = lambda way: False
    line.breaks_before = lambda way: "verzenden" in way and steps(town, case).count("add_note") == 3
    device.catches_up()
    assert steps(town, case).count("add_note") == 3
    line.connect()
    device.catches_up()
    assert steps(town, case).count("add_note") == 4 and device.holds()["queue"] == []
    notes = [recorded(each).get("note") for each in events_of(town.clockwork().session, "household_case", case)]
    assert notes[1:] == ["De eerste keer kwam aan.", "Notitie 0.", "Notitie 1.", "Notitie 2."], "in order, none twice"

    line.cut()
    device.notes(case, "Toen was ik al uitgelogd.")
    work = town.work("fenna")
    end_sessions(work, "by_administrator", work.actor.person_id)
    line.connect()
    device.visits("/")
    expect(device.page.get_by_label("Wachtwoord")).to_be_visible()
    held = device.holds()
    assert held["key"] == held["kept"] == [] and len(held["queue"]) == 1
    device.signs_in("fenna")
    device.catches_up()
    assert steps(town, case).count("add_note") == 5 and device.holds()["queue"] == []


def test_what_somebody_else_changed_stands_beside_what_i_wrote_and_i_choose(
    town: Town, line: Line, device: Device
) -> None:
    case = a_case(town)
    device.signs_in("fenna")
    device.takes_along()
    line.cut()
    device.writes(case, "stap-change_next_step", next_step="Naar school bellen", next_step_on=tomorrow())
    device.notes(case, "De buurvrouw belt mij.")
    town.work("teun").act_on(HouseholdCase, case, "add_note", {"note": "De school belde al."}, 1)
    line.connect()
    device.visits("/")
    device.catches_up()
    assert steps(town, case) == ["open", "add_note"]
    expect(device.page.locator("[data-offline-stand]")).to_contain_text("2 × vraagt uw keuze")
    device.visits("/offline/wacht")
    device.page.get_by_role("link", name="Bekijken en kiezen").first.click()
    device.sees("Er veranderde iets intussen")
    device.sees("De school belde al.")
    expect(device.page.locator("[name=next_step]")).to_have_value("Naar school bellen")
    picture(device, "conflict")
    line.cut()
    device.page.locator("[name=next_step]").fill("De school terugbellen")
    device.presses("Toch versturen")
    device.sees("De school terugbellen")
    line.connect()
    device.page.reload()
    device.catches_up()
    assert steps(town, case) == ["open", "add_note", "change_next_step"]
    device.visits("/offline/wacht")
    device.page.get_by_role("link", name="Bekijken en kiezen").first.click()
    device.presses("Weggooien")
    device.sees("Wat u schreef, is dan weg.")
    device.presses("Ja, weggooien")
    device.sees("Er wacht niets op verzending.")
    device.visits(f"/casus/{case}")
    device.sees("De school terugbellen")
    assert steps(town, case) == ["open", "add_note", "change_next_step"]

    line.cut()
    device.notes(case, "Dit gaat weg.")
    line.connect()
    line.breaks_before = lambda way: "verzenden" in way
    device.visits("/offline")
    device.presses("Uitzetten op dit apparaat")
    device.sees("Er wacht nog iets op verzending")
    device.presses("Toch uitzetten, en weggooien")
    device.sees("Op dit apparaat: uit")
    held = device.holds()
    assert not [room for room, rows in held.items() if rows and room != "marks"], "of who switches it off nothing stays"


def test_the_key_leaves_with_signing_out_also_without_connection_and_what_waits_comes_back_to_its_writer(
    town: Town, line: Line, device: Device
) -> None:
    case = a_case(town)
    device.signs_in("fenna")
    device.takes_along()
    line.cut()
    device.notes(case, "Alleen voor Fenna.")
    device.signs_out()
    device.sees("Er wacht nog 1 ding op verzending")
    picture(device, "leaving")
    device.presses("Toch uitloggen")
    device.sees("Log eerst in")
    picture(device, "closed")
    held = device.holds()
    assert held["key"] == held["kept"] == [] and len(held["queue"]) == 1
    for path in ("/", f"/casus/{case}", "/offline/wacht"):
        device.visits(path)
        device.sees("Log eerst in")

    line.connect()
    device.visits(f"/casus/{case}")
    expect(device.page.get_by_label("Wachtwoord")).to_be_visible()
    device.signs_in("teun")
    device.catches_up()
    device.visits("/offline/wacht")
    device.sees("Wat op verzending wacht, staat alleen op het apparaat waarop u het schreef.")
    assert device.holds()["key"] == [] and steps(town, case) == ["open"]
    device.takes_along()
    device.visits("/offline/wacht")
    device.sees("Er wacht niets op verzending.")
    line.cut()
    device.visits(f"/casus/{case}")
    device.sees("Dit kan niet zonder verbinding")
    line.connect()
    device.signs_out()
    assert device.holds()["key"] == []

    device.signs_in("fenna")
    device.catches_up()
    assert steps(town, case) == ["open", "add_note"] and device.holds()["queue"] == []
    town.work("fenna").act_on(HouseholdCase, case, "stop_early", {"outcome": "achieved", "outcome_reason": "Klaar."}, 2)
    device.visits("/offline")
    device.changes_mark("fetched", "when", 0)
    device.catches_up()
    assert f"/casus/{case}" not in [row["path"] for row in device.holds()["kept"]], "what was closed is here no more"
