"""Each of the four things that can be written without a connection, with the connection cut at each step of it.

One served wijkteam, one browser and one device serve the whole file; every test has a case of its own.
"""

import itertools
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.conftest import Town
from tests.offline.conftest import DESK, PHONE, Device, Line, a_case, steps, tomorrow
from tests.offline.deeds import (
    DEEDS,
    Cut,
    Deed,
    fresh,
    presses,
    writes,
)
from tests.offline.test_in_browser import picture
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of, recorded
from wijkteam.keys.ring import KeyRing
from wijkteam.offline.queries import cases_to_take_along
from wijkteam.plans.model import PlanLine
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def streets(sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing) -> Iterator[Town]:
    """The municipality, for all tests of this file."""
    url = sqlite_templates.copy("town")
    database = connect(url)
    town = Town(house_on(first_house, database, first_ring))
    yield town
    town.close()
    database.dispose()
    sqlite_templates.drop(url)


@pytest.fixture(scope="module")
def phone(browser: Browser, streets: Town) -> Iterator[Device]:
    """Fenna's telephone, on which she takes her cases along."""
    line = Line(create_app(streets.house, "a key for tests", "Voorbeeldstad"))
    line.connect()
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(30_000)
    device = Device(context, line)
    device.signs_in("fenna")
    device.takes_along()
    yield device
    context.close()
    line.cut()


@pytest.fixture
def along(streets: Town, phone: Device) -> Iterator[tuple[str, str]]:
    """A case of Fenna, with the words by which what is written in it is known; it is on the telephone."""
    phone.line.connect()
    number = next(NUMBERS)
    case = a_case(streets, f"Voorbeeldstraat {number}")
    phone.visits("/offline")
    phone.changes_mark("fetched", "when", 0)
    phone.catches_up()
    phone.forgets_what_waits()
    yield case, f"Dit is het {number}e."
    fenna = streets.work("fenna")
    for each in cases_to_take_along(fenna.session, fenna.actor.person_id):
        fenna.act_on(HouseholdCase, each.id, "stop_early", {"outcome": "achieved", "outcome_reason": "Klaar."})
    streets.close()


each_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
ARRIVED = ("while sending, on the way back", "after sending")
STEPS = ("before opening the form", "after filling it in", "while sending, on the way there", *ARRIVED)


@each_deed
@pytest.mark.parametrize("step", STEPS)
def test_wherever_the_connection_goes_it_is_done_once_and_the_page_says_how_it_stands(
    streets: Town, phone: Device, along: tuple[str, str], deed: Deed, step: str
) -> None:
    case, words = along
    writes(deed, phone, case, words, step)
    card = phone.page.locator("main section.card").filter(has_text=words)
    assert deed.done(streets, case, words) == (1 if step in ARRIVED else 0)
    sent = step == "after sending"
    expect(card).to_contain_text("Verstuurd" if sent else "Wacht op verzending")
    expect(card.locator(".typed")).to_have_count(deed.typed)
    expect(phone.page.locator(".offline-stand").first).to_contain_text("Zonder verbinding")
    if not sent:
        expect(phone.page.locator("[data-offline-stand]")).to_have_text("1 × wacht op verzending. Bekijken")
    if deed.name == "next step":
        picture(phone, f"cut-{STEPS.index(step)}")

    phone.line.connect()
    phone.line.breaks_after = lambda way: "/offline/verzenden/" in way  # also when it is sent after all
    phone.catches_up()
    assert deed.done(streets, case, words) == 1
    phone.line.connect()
    phone.catches_up()
    assert deed.done(streets, case, words) == 1 and phone.holds()["queue"] == []
    Cut(phone.line, "").now()
    phone.visits(deed.after.format(case=case))
    expect(phone.page.get_by_text(words).first).to_be_visible()
    assert phone.page.get_by_text("Verstuurd", exact=True).count() == 0, "the page of the server shows it by itself"


CONTACT, NEXT_STEP = DEEDS[0], DEEDS[1]
STAND_SIDE_BY_SIDE = """() => {
    const sides = [...document.querySelectorAll('.columns > section')];
    const [left, right] = sides.map((each) => each.getBoundingClientRect());
    return left.top === right.top && left.right <= right.left;
}"""


@pytest.mark.parametrize(("deed", "answer"), [(NEXT_STEP, "sends"), (NEXT_STEP, "throws away"), (CONTACT, "sends")])
def test_a_step_that_somebody_else_was_before_stands_beside_theirs_and_the_person_resolves_it(
    streets: Town, phone: Device, along: tuple[str, str], deed: Deed, answer: str
) -> None:
    case, words = along
    writes(deed, phone, case, words, "after filling it in")
    streets.work("teun").act_on(HouseholdCase, case, "add_note", {"note": "De corporatie belde."})
    at_desk = {"next_step": "De corporatie bellen", "next_step_on": tomorrow()}
    streets.work("fenna").act_on(HouseholdCase, case, "change_next_step", at_desk)
    phone.line.connect()
    phone.catches_up()
    assert deed.done(streets, case, words) == 0, "nothing of anybody else is written over"
    phone.visits(f"/casus/{case}")
    expect(phone.page.locator("[data-offline-stand]")).to_contain_text("1 × vraagt uw keuze")
    phone.page.get_by_role("link", name="Bekijken", exact=True).click()
    phone.page.get_by_role("link", name="Bekijken en kiezen").click()
    phone.page.set_viewport_size(DESK)
    left, right = phone.page.locator(".columns > section").all()
    for theirs in ("De corporatie belde.", "De corporatie bellen", "Teun Teamleider"):
        expect(left).to_contain_text(theirs)
    expect(right.locator("[name=note], [name=next_step]").first).to_have_value(words)
    phone.page.wait_for_function(STAND_SIDE_BY_SIDE)
    phone.page.set_viewport_size(PHONE)
    picture(phone, f"beside-{deed.name.replace(' ', '-')}")

    if answer == "sends":
        Cut(phone.line, f"POST /offline/verzenden/{case}/{deed.sent_to.rsplit('/', 1)[1]}").on_the_way_back()
        phone.presses("Toch versturen")
        phone.line.connect()
    else:
        phone.presses("Weggooien")
        phone.presses("Ja, weggooien")
    phone.visits("/offline/wacht")
    phone.catches_up()
    assert deed.done(streets, case, words) == (1 if answer == "sends" else 0) and phone.holds()["queue"] == []
    found = events_of(fresh(streets), "household_case", case)
    assert [each.name for each in found][:3] == ["open", "add_note", "change_next_step"], "theirs is there still"
    if deed is CONTACT:
        assert recorded(found[-1]).get("contact_kind") == "phone", "also what the question beside it was answered with"


def test_an_answer_without_what_was_typed_loses_nothing(streets: Town, phone: Device, along: tuple[str, str]) -> None:
    case, words = along
    page = f"POST {CONTACT.sent_to.format(case=case)}"
    for number, status in enumerate(("400 Bad Request", "404 Not Found", "429 Too Many Requests", "500 Broken"), 1):
        phone.line.refuses = lambda way, status=status: status if way == page else ""
        writes(CONTACT, phone, case, f"{words} {number}", "never")
        phone.sees(f"{words} {number}")
        assert CONTACT.done(streets, case, f"{words} {number}") == 1
    phone.line.refuses = lambda way: "404 Not Found" if way.startswith("POST") and case in way else ""
    writes(CONTACT, phone, case, words, "never")
    expect(phone.page.locator("h1")).to_have_text("Dit kon niet verstuurd worden")
    expect(phone.page.locator(".typed").first).to_have_text(words)
    phone.line.connect()
    phone.presses("Opnieuw versturen")
    assert CONTACT.done(streets, case, words) == 1


def test_what_can_no_longer_be_done_is_never_lost_before_the_person_throws_it_away(
    streets: Town, phone: Device, along: tuple[str, str]
) -> None:
    case, words = along
    for deed in DEEDS[:2]:
        writes(deed, phone, case, f"{words} {deed.name}", "before opening the form")
    ended = {"outcome": "achieved", "outcome_reason": "Klaar."}
    streets.work("fenna").act_on(HouseholdCase, case, "stop_early", ended)
    phone.line.connect()
    phone.catches_up()
    for deed in DEEDS[:2]:
        written = f"{words} {deed.name}"
        phone.visits("/offline/wacht")
        card = phone.page.locator(".waits").filter(has_text=written)
        card.get_by_role("link", name="Bekijken en kiezen").click()
        for button in ("Toch versturen", "Opnieuw versturen"):
            phone.presses(button)
            expect(phone.page.locator("main [name=note], main [name=next_step]").first).to_have_value(written)
            expect(phone.page.get_by_role("alert")).to_be_visible()
        picture(phone, f"refused-{deed.name.replace(' ', '-')}")
        phone.presses("Weggooien")
        phone.presses("Ja, weggooien")
    assert steps(streets, case) == ["open", "stop_early"] and phone.holds()["queue"] == []


def test_who_signs_out_is_warned_takes_the_key_and_finds_what_waited_again(
    streets: Town, phone: Device, along: tuple[str, str]
) -> None:
    case, words = along
    writes(CONTACT, phone, case, "Die kwam al aan.", "after sending")
    for deed in DEEDS:
        writes(deed, phone, case, words, "before opening the form")
    phone.visits("/offline/wacht")
    expect(phone.page.locator(".waits")).to_have_count(4)
    picture(phone, "all-wait")
    phone.signs_out()
    phone.sees("Er wachten nog 4 dingen op verzending")
    picture(phone, "warned")
    assert phone.holds()["key"], "nothing is gone yet"
    phone.presses("Toch uitloggen")
    phone.sees("Log eerst in")
    held = phone.holds()
    assert held["key"] == held["kept"] == [], "without the key nobody can read what is there"
    assert len(held["queue"]) == 4, "what waits stays; what arrived does not"
    told = json.dumps(held)
    for word in (
        words,
        "kwam al aan",
        "Voorbeeldstraat",
        "uithuiszetting",
        "housing",
        "Fenna",
        "key false",
        "key true",
    ):
        assert word not in told, word
    for path in ("/", f"/casus/{case}", f"/casus/{case}/opschalen", "/offline/wacht"):
        phone.visits(path)
        phone.sees("Log eerst in")

    phone.line.connect()
    phone.visits("/")
    phone.signs_in("fenna")
    phone.catches_up()
    assert [deed.done(streets, case, words) for deed in DEEDS] == [1, 1, 1, 1]
    assert phone.holds()["queue"] == [] and CONTACT.done(streets, case, "Die kwam al aan.") == 1


def test_what_is_not_on_the_device_says_so_in_one_line_and_a_form_that_cannot_wait_keeps_what_was_typed(
    streets: Town, phone: Device, along: tuple[str, str]
) -> None:
    case, words = along
    phone.visits(f"/casus/{case}")
    form = phone.page.locator("#worry-toevoegen")
    if not form.locator("[name=line]").is_visible():
        form.locator("summary").click()
    form.locator("[name=line]").fill(words)
    Cut(phone.line, "").now()
    presses(phone, "#worry-toevoegen form button")
    phone.sees("Wat u invulde, is niet verstuurd")
    expect(phone.page.locator(".typed")).to_have_text([words])
    picture(phone, "form-not-along")
    presses(phone, "main form button")
    expect(phone.page.locator(".typed")).to_have_text([words])
    phone.line.connect()
    presses(phone, "main form button")
    phone.sees(words)
    assert list(fresh(streets).scalars(select(PlanLine.line).where(PlanLine.case_id == case))) == [words]

    Cut(phone.line, "").now()
    for path in ("/verslag", "/casussen", "/mandaat", "/zoeken?q=x", f"/casus/{case}/gezin"):
        phone.visits(path)
        expect(phone.page.locator("h1")).to_have_text("Dit kan niet zonder verbinding")
        expect(phone.page.locator("main .lead")).to_have_text("Deze pagina staat niet op dit apparaat. Dit kan wel:")
    picture(phone, "not-along")
