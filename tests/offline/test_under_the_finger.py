"""What the script of a page says comes when it comes, and moves nothing away from under the finger of who taps."""

import pytest
from playwright.sync_api import expect

from tests.conftest import Town
from tests.offline.conftest import Device, Line, a_case
from wijkteam.cases.model import HouseholdCase

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a browser does is the same on either database."""
HELD_BACK = """
    const heldBack = [], listen = ServiceWorkerContainer.prototype.addEventListener;
    ServiceWorkerContainer.prototype.addEventListener = function (kind, deed) {
        const later = (event) => window.mayBeSaid ? deed(event) : heldBack.push(() => deed(event));
        return listen.call(this, kind, kind === "message" ? later : deed);
    };
    window.sayNow = () => {
        window.mayBeSaid = true;
        heldBack.splice(0).forEach((each) => each());
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    };
    window.somethingToSay = async () => {
        while (!heldBack.length) await new Promise((done) => setTimeout(done, 20));
    };
"""
"""Holds back what the service worker tells a page, until the test lets it through."""


def with_a_choice_to_make(town: Town, line: Line, device: Device) -> None:
    """Something was written without a connection, and somebody else was first."""
    case = a_case(town)
    device.signs_in("fenna")
    device.takes_along()
    line.cut()
    device.notes(case, "De buurvrouw belt mij.")
    town.work("teun").act_on(HouseholdCase, case, "add_note", {"note": "De school belde al."}, 1)
    line.connect()
    device.visits("/")
    device.catches_up()
    expect(device.page.locator("[data-offline-stand]")).to_contain_text("1 × vraagt uw keuze")


def test_who_taps_while_the_page_hears_how_things_stand_gets_where_they_tapped(
    town: Town, line: Line, device: Device
) -> None:
    with_a_choice_to_make(town, line, device)
    page = device.page
    page.add_init_script(HELD_BACK)
    device.visits("/offline/wacht")
    page.evaluate("somethingToSay()")
    place = page.get_by_role("link", name="Bekijken en kiezen").bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.evaluate("sayNow()")
    page.mouse.up()
    device.sees("Er veranderde iets intussen")

    stand = page.locator("[data-offline-stand]")
    device.visits("/")
    expect(stand).to_contain_text("1 × vraagt uw keuze")
    page.evaluate("somethingToSay()")
    before = page.locator("main").bounding_box()
    page.evaluate("sayNow()")
    assert page.locator("main").bounding_box() == before, "what was known already stands there from the beginning"

    device.signs_out()
    if page.get_by_role("button", name="Toch uitloggen").count():
        device.presses("Toch uitloggen")
    device.visits("/inloggen")
    page.evaluate("somethingToSay()")
    expect(stand).to_be_hidden()
    device.signs_in("teun")
    page.evaluate("somethingToSay()")
    expect(stand).to_be_hidden()
