"""The whole story in a real browser, in three sign-ins, on a phone and on a desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Navigator:
    """Someone who works with the pages."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def visits(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.sees_no_sideways_scrolling()

    def sees_no_sideways_scrolling(self) -> None:
        self.page.wait_for_load_state("load")
        wide = self.page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels too wide"

    def signs_in(self, email: str) -> None:
        self.visits("/inloggen")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill("voorbeeldstad-demo")
        self.page.get_by_role("main").get_by_role("button", name="Inloggen").click()
        expect(self.page.get_by_role("heading", name="Mijn werk")).to_be_visible()

    def follows(self, link: str) -> None:
        found = self.page.get_by_role("link", name=link)
        expect(found).to_be_visible()
        with self.page.expect_navigation():
            found.click()
        self.sees_no_sideways_scrolling()

    def opens_form(self, title: str) -> None:
        self.page.locator("details.deed > summary", has_text=title).first.click()

    def sends(self, title: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("details[open]").get_by_role("button", name=title, exact=True).click()
        self.sees_no_sideways_scrolling()


@contextmanager
def someone(browser: Browser, address: str, email: str, viewport: dict[str, int]) -> Iterator[Navigator]:
    context = browser.new_context(viewport=viewport)
    navigator = Navigator(context.new_page(), address)
    navigator.signs_in(email)
    yield navigator
    context.close()


def opens_a_case(fenna: Navigator, tomorrow: str, where: str = "Voorbeeldstraat 12") -> str:
    """Opens a case and returns where it stands."""
    page = fenna.page
    page.get_by_role("link", name="Casus openen").click()
    page.get_by_label("Wie of waar?").fill(where)
    page.get_by_label("Wat is er aan de hand?").fill("Dreigende uithuiszetting.")
    page.get_by_label("Wat is de volgende stap?").fill("Langsgaan")
    page.get_by_label("Wanneer?").fill(tomorrow)
    with page.expect_navigation():
        page.get_by_role("button", name="Casus openen").click()
    expect(page.get_by_role("heading", name=where)).to_be_visible()
    fenna.sees_no_sideways_scrolling()
    return page.url.removeprefix(fenna.address)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_track_is_begun_in_a_case_and_its_end_is_news_for_the_owner(
    browser: Browser, served: str, viewport: dict[str, int]
) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    with someone(browser, served, "fenna@voorbeeldstad.example", viewport) as fenna:
        case = opens_a_case(fenna, tomorrow)
        fenna.opens_form("Spoor beginnen")
        form = fenna.page.locator("#spoor-beginnen")
        form.locator("[name=life_domain]").select_option("finance")
        form.locator("[name=goal]").fill("Geen nieuwe schulden.")
        form.locator("[name=next_step]").fill("Post openen")
        form.locator("[name=next_step_on]").fill(tomorrow)
        with fenna.page.expect_navigation():
            form.get_by_role("button", name="Spoor beginnen").click()
        fenna.sees_no_sideways_scrolling()
        fenna.visits("/")
        fenna.follows("Financiën: Geen nieuwe schulden.")
        fenna.opens_form("Doel bereikt")
        fenna.page.locator("details[open] [name=result]").fill("De post gaat open.")
        fenna.sends("Doel bereikt")
        expect(fenna.page.get_by_text("Dit spoor is klaar.")).to_be_visible()
        fenna.visits(case)
        expect(fenna.page.get_by_text("Alle sporen zijn klaar.")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_case_is_opened_asks_for_more_is_approved_escalates_and_is_answered(
    browser: Browser, served: str, viewport: dict[str, int]
) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    with someone(browser, served, "fenna@voorbeeldstad.example", viewport) as fenna:
        page = fenna.page
        opens_a_case(fenna, tomorrow)
        fenna.opens_form("Veilig genoeg")
        page.locator("details[open] [name=safety]").fill("Kinderen zijn bij oma.")
        fenna.sends("Veilig genoeg")
        fenna.opens_form("Zelf besluiten")
        page.locator("details[open] [name=power]").select_option("tailored_budget")
        page.locator("details[open] [name=amount]").fill("1.800,00")
        page.locator("details[open] [name=motivation]").fill("Huurschuld.")
        fenna.sends("Zelf besluiten")
        expect(page.get_by_text("Uw mandaat gaat tot € 250,00 per besluit.").first).to_be_visible()
        expect(page.locator("details[open] [name=motivation]")).to_have_value("Huurschuld.")
        fenna.opens_form("Mandaat vragen")
        page.locator("#mandaat-vragen [name=power]").select_option("tailored_budget")
        page.locator("#mandaat-vragen [name=amount]").fill("1.800,00")
        page.locator("#mandaat-vragen [name=reason]").fill("Huurschuld, anders uitzetting.")
        page.locator("#mandaat-vragen").get_by_role("button", name="Mandaat vragen").click()
        expect(page.get_by_role("link", name="Maatwerkbudget · € 1.800,00")).to_be_visible()
        page.locator("form.quick [name=question]").fill("Een woning, van de corporatie.")
        page.get_by_role("button", name="Opschalen", exact=True).click()
        page.get_by_role("button", name="Wonen").click()
        expect(page.get_by_role("link", name="Een woning, van de corporatie.")).to_be_visible()
        case = page.url.split("/stap/")[0].removeprefix(served).removesuffix("/opschalen")
    with someone(browser, served, "teun@voorbeeldstad.example", viewport) as teun:
        teun.follows("Maatwerkbudget · € 1.800,00")
        with teun.page.expect_navigation():
            teun.page.get_by_role("button", name="Mandaat geven · € 1.800,00").click()
        expect(teun.page.get_by_text("Mandaat geven: Maatwerkbudget · € 1.800,00")).to_be_visible()
        teun.sees_no_sideways_scrolling()
        teun.visits("/opschalingen")
        teun.follows("Een woning, van de corporatie.")
        teun.opens_form("Hoger op de ladder")
        teun.page.locator("details[open] [name=why]").fill("Dit vraagt een bestuurder.")
        teun.sends("Hoger op de ladder")
    with someone(browser, served, "fenna@voorbeeldstad.example", viewport) as fenna:
        for _rung in range(2):
            fenna.visits(case)
            fenna.follows("Een woning, van de corporatie.")
            fenna.opens_form("Hoger op de ladder")
            fenna.page.locator("details[open] [name=why]").fill("Loopt vast.")
            fenna.sends("Hoger op de ladder")
    with someone(browser, served, "bea@voorbeeldstad.example", viewport) as bea:
        bea.follows("Een woning, van de corporatie.")
        expect(bea.page.get_by_text("Trede 4: Bestuur")).to_be_visible()
        bea.page.locator("details[open] [name=answer]").fill("Ik bel de directeur.")
        bea.page.locator("details[open] [name=next_step]").fill("Woning vinden")
        bea.page.locator("details[open] [name=next_step_on]").fill(tomorrow)
        bea.sends("Antwoord geven")
        bea.visits("/verslag")
        expect(bea.page.get_by_role("heading", name="Wat onze mensen tegenhoudt")).to_be_visible()
    with someone(browser, served, "fenna@voorbeeldstad.example", viewport) as fenna:
        expect(fenna.page.get_by_text("Er is een antwoord op uw opschaling")).to_be_visible()
