"""A full round with a BSN on a served wijkteam: it works on a phone and a desk, and the number is left nowhere."""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Browser, Page, expect

from tests.web.test_story_in_browser import DESK, PHONE, Navigator, opens_a_case, someone

NUMBER, WRONG, OTHER = "123456782", "123456789", "111222333"
SHOTS = os.environ.get("WIJKTEAM_SHOTS")


def picture(page: Page, name: str) -> None:
    """A picture of the whole page, where somebody asks for them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def fills_in_bsn(who: Navigator, prefix: str, number: str) -> None:
    who.page.locator(f"#{prefix}bsn").fill(number)
    who.page.locator(f"#{prefix}bsn_ground").select_option("wgs")
    who.page.locator(f"#{prefix}bsn_purpose").fill("Aanvraag schuldhulp")


def records(who: Navigator, case: str, name: str) -> None:
    """Adds a resident, gives a wrong number, then the right one, and sees it masked."""
    who.visits(case)
    who.opens_form("Bewoner toevoegen")
    picture(who.page, f"{name}-case")
    who.page.get_by_label("Naam").fill("Jo Voorbeeld")
    who.page.get_by_label("Geboortedatum (hoeft niet)").fill("1980-05-01")
    who.page.get_by_label("Wie is dit in het huishouden?").fill("moeder")
    who.sends("Bewoner toevoegen")
    who.follows("Jo Voorbeeld")
    who.opens_form("BSN vastleggen")
    fills_in_bsn(who, "bn-", WRONG)
    who.sends("BSN vastleggen")
    expect(who.page.get_by_text("Dit is geen BSN. Kijk de cijfers na.")).to_be_visible()
    picture(who.page, f"{name}-wrong")
    fills_in_bsn(who, "bn-", NUMBER)
    who.sends("BSN vastleggen")
    expect(who.page.get_by_text("•••••• 782")).to_be_visible()
    with who.page.expect_navigation():
        who.page.get_by_role("button", name="Toon BSN").click()
    who.sees_no_sideways_scrolling()
    expect(who.page.locator("#bsn-voluit")).to_have_text(NUMBER)
    picture(who.page, f"{name}-shown")


def looks_up(who: Navigator, number: str, answer: str, name: str) -> None:
    who.visits("/casussen")
    who.follows("Zoeken op BSN")
    fills_in_bsn(who, "zk-", number)
    with who.page.expect_navigation():
        who.page.get_by_role("button", name="Zoeken", exact=True).click()
    who.sees_no_sideways_scrolling()
    expect(who.page.get_by_role("heading", name=answer, exact=True)).to_be_visible()
    picture(who.page, f"{name}-looked-up")


def test_a_number_goes_a_full_round_and_is_left_in_no_log_address_or_file(
    served_by_command: str, browser: Browser, tmp_path: Path
) -> None:
    served, tomorrow = served_by_command, (date.today() + timedelta(days=1)).isoformat()
    addresses: list[str] = []
    for viewport, name, where in ((DESK, "desk", "Voorbeeldstraat 12"), (PHONE, "phone", "Merelhof 3")):
        with someone(browser, served, "fenna@voorbeeldstad.example", viewport) as fenna:
            fenna.page.on("request", lambda request: addresses.append(request.url))
            case = opens_a_case(fenna, tomorrow, where)
            records(fenna, case, name)
            looks_up(fenna, NUMBER, "Gevonden", name)
            looks_up(fenna, OTHER, "Niet gevonden", name)
            fenna.visits(case)
            picture(fenna.page, f"{name}-recorded")
            fenna.page.goto(f"{served}/zoeken-op-bsn?bsn={NUMBER}")
            assert NUMBER not in fenna.page.content(), "an address is not listened to"
            fenna.page.goto(f"{served}/bewoners/{NUMBER}")
            fenna.page.goto(f"{served}/zoeken-op-bsn")
            fenna.page.evaluate("document.querySelector('input[name=csrf_token]').remove()")
            fills_in_bsn(fenna, "zk-", NUMBER)
            with fenna.page.expect_navigation():
                fenna.page.get_by_role("button", name="Zoeken", exact=True).click()
            assert NUMBER not in fenna.page.content(), "also when something goes wrong"
    own = [each for each in addresses if not each.endswith(NUMBER)]
    assert own and not [each for each in own if NUMBER in unquote(each)]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert {"log", "demo.sqlite", "key_ring"} <= {each.name for each in files}
    for each in files:
        for number in (NUMBER, OTHER, WRONG):
            assert not re.search(rb"[ .-]?".join(re.findall(rb".", number.encode())), each.read_bytes()), each
