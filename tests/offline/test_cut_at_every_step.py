"""Each of the four things that can be written without a connection, with the connection cut at each step of it.

One served wijkteam, one browser and one device serve the whole file; every test has a case of its own.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Town
from tests.offline.conftest import PHONE, Device, Line, a_case, tomorrow
from tests.offline.test_in_browser import cases_of, picture
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.queries import escalations_of_case
from wijkteam.events.queries import events_of, recorded
from wijkteam.keys.ring import KeyRing
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
    renews(phone)
    assert f"/casus/{case}" in [row["path"] for row in phone.holds()["kept"]]
    yield case, f"Dit is het {number}e."
    streets.close()


def renews(device: Device) -> None:
    device.changes_mark("fetched", "when", 0)
    device.catches_up()


@dataclass(frozen=True)
class Deed:
    """Something that can be written: where its form is, how it is filled in and sent, and how often it was done."""

    name: str
    form: str
    sent_to: str
    fills: Callable[[Device, str], None]
    sends: Callable[[Device], None]
    done: Callable[[Town, str, str], int]
    after: str = "/casus/{case}"


def notes(device: Device, words: str) -> None:
    device.page.get_by_label("Wat is er gezegd of gebeurd?").fill(words)


def moves(device: Device, words: str) -> None:
    form = device.page.locator("#stap-change_next_step")
    form.locator("summary").first.click()
    form.locator("[name=next_step]").fill(words)
    form.locator("[name=next_step_on]").fill(tomorrow())


def opens(device: Device, words: str) -> None:
    for name, value in {"who_or_where": words, "what_is_going_on": words, "next_step": "Gaan"}.items():
        device.page.locator(f"[name={name}]").fill(value)
    device.page.locator("[name=next_step_on]").fill(tomorrow())


def escalates(device: Device, words: str) -> None:
    device.page.locator("[name=question]").fill(words)
    choice = device.page.locator("select[name=barrier]")
    if choice.count():
        choice.select_option("housing")


def picks_barrier(device: Device) -> None:
    """With a connection one tap on what is in the way sends it, without one it is a choice and a button."""
    tap = device.page.locator("button[name=barrier][value=housing]")
    presses(device, "button[name=barrier][value=housing]" if tap.count() else "main form button")


def presses(device: Device, button: str) -> None:
    with device.page.expect_navigation():
        device.page.locator(button).first.click()


def noted(field: str) -> Callable[[Town, str, str], int]:
    def count(town: Town, case: str, words: str) -> int:
        return [recorded(each).get(field) for each in events_of(fresh(town), "household_case", case)].count(words)

    return count


def fresh(town: Town):  # type: ignore[no-untyped-def]
    return town.clockwork().session


DEEDS = [
    Deed(
        "contact",
        "/casus/{case}",
        "/casus/{case}/stap/add_note",
        notes,
        lambda device: presses(device, "[name=contact_kind][value=phone]"),
        noted("note"),
    ),
    Deed(
        "next step",
        "/casus/{case}",
        "/casus/{case}/stap/change_next_step",
        moves,
        lambda device: presses(device, "#stap-change_next_step form button"),
        noted("next_step"),
    ),
    Deed(
        "new case",
        "/casus/openen",
        "/casus/openen",
        opens,
        lambda device: device.presses("Casus openen"),
        lambda town, case, words: len(cases_of(town, words)),
        after="/",
    ),
    Deed(
        "escalation",
        "/casus/{case}/opschalen",
        "/casus/{case}/opschalen",
        escalates,
        picks_barrier,
        lambda town, case, words: [each.question for each in escalations_of_case(fresh(town), case)].count(words),
    ),
]
each_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)


class Cut:
    """At which step the connection goes, and stays away."""

    def __init__(self, line: Line, way: str) -> None:
        self.line, self.way = line, way

    def now(self) -> None:
        """At once."""
        self.line.breaks_before = lambda way: True

    def on_the_way_there(self) -> None:
        """The request leaves, and never arrives."""
        self.line.breaks_before = lambda way: way == self.way and self._and_stays()

    def on_the_way_back(self) -> None:
        """The request arrives and is done, and its answer is lost."""
        self.line.breaks_after = lambda way: way == self.way and self._and_stays()

    def after_the_answer(self) -> None:
        """The answer arrives, and nothing after it."""
        self.line.breaks_before = lambda way: bool(self.line.handled[-1:] == [self.way]) and self._and_stays()

    def _and_stays(self) -> bool:
        self.now()
        return True


def writes(deed: Deed, phone: Device, case: str, words: str, step: str) -> Cut:
    """Fills the form in and sends it, with the connection cut at this step."""
    cut = Cut(phone.line, f"POST {deed.sent_to.format(case=case)}")
    if step == "before opening the form":
        cut.now()
    phone.visits(deed.form.format(case=case))
    deed.fills(phone, words)
    if step == "after filling it in":
        cut.now()
    elif step == "while sending, on the way there":
        cut.on_the_way_there()
    elif step == "while sending, on the way back":
        cut.on_the_way_back()
    elif step == "after sending":
        cut.after_the_answer()
    deed.sends(phone)
    return cut


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
    phone.visits("/offline/wacht")
    phone.sees("Er wacht niets op verzending.")
    renews(phone)
    assert deed.done(streets, case, words) == 1 and phone.holds()["queue"] == []
    Cut(phone.line, "").now()
    phone.visits(deed.after.format(case=case))
    expect(phone.page.get_by_text(words).first).to_be_visible()
    assert phone.page.get_by_text("Verstuurd", exact=True).count() == 0, "the page of the server shows it by itself"
