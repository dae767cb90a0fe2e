"""The main story with a keyboard alone, and once more in a browser that runs no script at all."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect
from playwright.sync_api import Page as Tab

from tests.conftest import Town
from tests.looks.weighing import weigh
from tests.plumbing.answering import answering
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.demo.town import PASSWORD
from wijkteam.rulebook import read_signal_table, workflow_folders
from wijkteam.web.app import create_app

MOST_TABS = 200
"""Whoever must press Tab more often than this to come to a thing will not come there."""
LEAST_SECONDS = read_signal_table(workflow_folders()).limits.least_seconds


@pytest.fixture
def database_url(sqlite_templates: SQLiteTemplates) -> Iterator[str]:
    """These pages are the same on both databases."""
    url = sqlite_templates.copy("town")
    yield url
    sqlite_templates.drop(url)


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    with answering(create_app(town.house, "a key for tests", "Voorbeeldstad")) as found:
        yield found


class Hands:
    """Somebody with a keyboard and nothing else: Tab, Shift, Enter, Space and letters."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.tab: Tab = context.new_page()
        self.address = address

    def visits(self, path: str) -> None:
        self.tab.goto(self.address + path)

    def comes_to(self, thing: Locator) -> None:
        expect(thing).to_be_attached()
        for _ in range(MOST_TABS):
            if thing.evaluate("it => it === document.activeElement"):
                return
            self.tab.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached with Tab on {self.tab.url}")

    def presses(self, thing: Locator, key: str = "Enter") -> None:
        self.comes_to(thing)
        self.tab.keyboard.press(key)

    def goes_by(self, thing: Locator) -> None:
        with self.tab.expect_navigation():
            self.presses(thing)

    def unfolds(self, thing: Locator) -> None:
        self.presses(thing, "Space")

    def writes(self, thing: Locator, words: str) -> None:
        self.comes_to(thing)
        self.tab.keyboard.type(words)

    def chooses(self, thing: Locator, words: str) -> None:
        self.writes(thing, words)

    def ticks(self, thing: Locator) -> None:
        self.presses(thing, "Space")

    def dates(self, thing: Locator, day: date) -> None:
        self.writes(thing, f"{day:%d%m%Y}")


class HandsWithoutScript(Hands):
    """Somebody with a mouse, in a browser that runs no script."""

    def comes_to(self, thing: Locator) -> None:
        expect(thing).to_be_visible()

    def presses(self, thing: Locator, key: str = "Enter") -> None:
        thing.click()

    def writes(self, thing: Locator, words: str) -> None:
        thing.fill(words)

    def chooses(self, thing: Locator, words: str) -> None:
        thing.select_option(label=words)

    def dates(self, thing: Locator, day: date) -> None:
        thing.fill(day.isoformat())


def day_that_reads_alike() -> date:
    """A day to come of which day and month are the same number, so that every order of typing them is right."""
    day = date.today() + timedelta(days=1)
    while day.day != day.month:
        day += timedelta(days=1)
    return day


def signs_in(hands: Hands, name: str) -> None:
    hands.visits("/inloggen")
    hands.writes(hands.tab.get_by_label("E-mailadres"), f"{name}@voorbeeldstad.example")
    hands.writes(hands.tab.get_by_label("Wachtwoord"), PASSWORD)
    hands.goes_by(hands.tab.get_by_role("main").get_by_role("button", name="Inloggen"))
    expect(hands.tab.get_by_role("heading", name="Mijn werk")).to_be_visible()


def signs_out(hands: Hands) -> None:
    hands.goes_by(hands.tab.get_by_role("button", name="Uitloggen"))


def opens_a_case(hands: Hands) -> None:
    tab = hands.tab
    hands.goes_by(tab.get_by_role("link", name="Casus openen"))
    hands.writes(tab.get_by_label("Wie of waar?"), "Voorbeeldstraat 12")
    hands.writes(tab.get_by_label("Wat is er aan de hand?"), "Dreigende uithuiszetting.")
    hands.writes(tab.get_by_label("Wat is de volgende stap?"), "Langsgaan")
    hands.dates(tab.get_by_label("Wanneer?"), day_that_reads_alike())
    hands.goes_by(tab.get_by_role("button", name="Casus openen"))
    expect(tab.get_by_role("heading", name="Voorbeeldstraat 12")).to_be_visible()


def logs_a_contact(hands: Hands) -> None:
    tab = hands.tab
    hands.writes(tab.get_by_label("Wat is er gezegd of gebeurd?"), "De deurwaarder komt maandag.")
    hands.goes_by(tab.get_by_role("button", name="Telefoon"))
    expect(tab.get_by_text("De deurwaarder komt maandag.").first).to_be_visible()


def asks_mandate(hands: Hands) -> None:
    form = hands.tab.locator("#mandaat-vragen")
    hands.unfolds(form.locator("summary").first)
    hands.chooses(form.locator("[name=power]"), "Maatwerkbudget")
    hands.writes(form.locator("[name=amount]"), "1.800,00")
    hands.writes(form.locator("[name=reason]"), "Huurschuld.")
    hands.goes_by(form.get_by_role("button", name="Mandaat vragen"))
    expect(hands.tab.get_by_role("link", name="Maatwerkbudget · € 1.800,00")).to_be_visible()


def escalates(hands: Hands) -> None:
    tab = hands.tab
    hands.writes(tab.locator("form.quick [name=question]"), "Een woning, van de corporatie.")
    hands.goes_by(tab.get_by_role("button", name="Opschalen", exact=True))
    hands.goes_by(tab.get_by_role("button", name="Wonen"))
    expect(tab.get_by_role("link", name="Een woning, van de corporatie.")).to_be_visible()


def leads(hands: Hands) -> None:
    tab = hands.tab
    hands.goes_by(tab.get_by_role("link", name="Maatwerkbudget · € 1.800,00"))
    hands.goes_by(tab.get_by_role("button", name="Mandaat geven · € 1.800,00"))
    hands.visits("/opschalingen")
    hands.goes_by(tab.get_by_role("link", name="Een woning, van de corporatie."))
    deed = tab.locator("#stap-answer")
    hands.writes(deed.locator("[name=answer]"), "Ik bel de directeur.")
    hands.writes(deed.locator("[name=next_step]"), "Woning vinden")
    hands.dates(deed.locator("[name=next_step_on]"), day_that_reads_alike())
    hands.goes_by(deed.get_by_role("button", name="Antwoord geven"))
    expect(tab.get_by_text("Er wacht niets op u.")).to_be_visible()


def tells_as_a_resident(hands: Hands) -> None:
    tab = hands.tab
    hands.visits("/signaal/nl")
    hands.ticks(tab.locator("[name=kind]").first)
    hands.writes(tab.locator("[name=words]"), "De lamp bij de speeltuin is stuk.")
    tab.wait_for_timeout(LEAST_SECONDS * 1000)  # a form that comes back at once was filled in by a program
    hands.goes_by(tab.locator("main form.card button"))
    expect(tab.locator(".code").first).to_be_visible()


@pytest.mark.parametrize("hands", [Hands, HandsWithoutScript], ids=["by keyboard alone", "without script"])
def test_the_main_story_can_be_done(browser: Browser, address: str, hands: type[Hands]) -> None:
    context = browser.new_context(java_script_enabled=hands is Hands, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    someone = hands(context, address)
    signs_in(someone, "fenna")
    opens_a_case(someone)
    logs_a_contact(someone)
    asks_mandate(someone)
    escalates(someone)
    signs_out(someone)
    signs_in(someone, "teun")
    leads(someone)
    signs_out(someone)
    tells_as_a_resident(someone)
    context.close()


def test_the_first_thing_that_tab_comes_to_leads_past_the_menu(browser: Browser, address: str) -> None:
    context = browser.new_context()
    someone = Hands(context, address)
    for path in ("/inloggen", "/signaal/nl"):
        someone.visits(path)
        someone.tab.keyboard.press("Tab")
        first = someone.tab.locator("a.skip")
        expect(first).to_be_focused()
        expect(first).to_be_in_viewport()
        someone.tab.keyboard.press("Enter")
        assert someone.tab.url.endswith("#inhoud")
        someone.tab.keyboard.press("Tab")
        assert someone.tab.evaluate("document.querySelector('main').contains(document.activeElement)")
    context.close()


@pytest.mark.parametrize("path", ["/inloggen", "/signaal/nl", "/signaal/ar"])
def test_a_first_page_weighs_little_and_asks_for_little(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context()
    found = weigh(context.new_page(), address + path)
    assert found.bytes < 40_000 and found.requests <= 2, found
    context.close()


def test_the_heaviest_pages_stay_far_under_what_a_slow_line_can_carry(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    fenna = Hands(context, address)
    signs_in(fenna, "fenna")
    opens_a_case(fenna)
    asks_mandate(fenna)
    for page in (fenna.tab.url.split("/stap/")[0], f"{address}/", f"{address}/mandaatregister"):
        found = weigh(fenna.tab, page)
        assert found.bytes < 200_000 and found.requests <= 2, (page, found)
    context.close()
