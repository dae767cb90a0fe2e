"""Pictures of the main pages, to look at: on a phone and on a desk, in light and in dark.

Set WIJKTEAM_PICTURES to a folder to have them all written there; otherwise those on a phone go to a folder of the
test's own. Everything on them is fictional.

The pictures of the handbook are made here too: set WIJKTEAM_HANDBOOK_PICTURES to docs/handbook to renew them.
"""

import os
from collections.abc import Iterator
from contextlib import chdir, nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Town
from tests.plumbing.answering import answering
from tests.plumbing.templates import SQLiteTemplates
from tests.web.handbook_pictures import PICTURES, ask_for_mandate, file_name, follow, keep
from wijkteam.assembly import House, house_on
from wijkteam.deadlines.worker import do_due_work
from wijkteam.demo.service import fill_demo
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app
from wijkteam.web.language import COOKIE

FOLDER = "WIJKTEAM_PICTURES"
HANDBOOK_FOLDER = "WIJKTEAM_HANDBOOK_PICTURES"
WIDTHS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")
CASES = 12
PASSWORD = "voorbeeldstad-demo"
PATIENCE = 120_000

PAGES = {
    "fenna": (
        ("my_work", "/"),
        ("open_a_case", "/casus/openen"),
        ("case", "a[href^='/casus/']:not([href='/casus/openen'])"),
        ("decide", "a[href$='/besluiten']"),
        ("escalate", "a[href$='/opschalen']"),
        ("mandate", "/mandaatverzoeken"),
        ("escalations", "/opschalingen"),
        ("register", "/mandaatregister"),
    ),
    "teun": (("team", "/team"), ("team_lead", "/")),
    "bea": (("report", "/verslag"), ("breakthroughs", "/doorbraken")),
    None: (("sign_in", "/inloggen"), ("signal", "/signaal/nl")),
}
"""By whom which pages are seen; what is no path is the first link of that kind on my work."""


@pytest.fixture(scope="module")
def town_with_a_past(
    tmp_path_factory: pytest.TempPathFactory, sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing
) -> Iterator[str]:
    """The address of a wijkteam with the fictional municipality and some of its past: nothing is due in it."""
    url = sqlite_templates.copy("town")
    database = connect(url)
    town = Town(house_on(first_house, database, first_ring))
    with chdir(tmp_path_factory.mktemp("pictures")):  # from here no real areas are found, and some are made up
        fill_demo(town.house, town.clockwork(), None, CASES, lambda _what, _count: nullcontext(lambda _done: None))
    do_due_work(town.clockwork())
    town.close()
    with answering(create_app(town.house, "a key for tests", "Voorbeeldstad")) as address:
        yield address
    database.dispose()
    sqlite_templates.drop(url)


def signs_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/inloggen")
    page.get_by_label("E-mailadres").fill(f"{name}@voorbeeldstad.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Inloggen").click()


def goes(page: Page, address: str, where: str) -> None:
    """To a path, or along the first link of that kind on my work."""
    if where.startswith("/"):
        answer = page.goto(address + where)
        assert answer is not None and answer.ok, f"{where}: {answer and answer.status}"
        return
    page.goto(f"{address}/")
    link = page.locator(where).first.get_attribute("href")
    page.goto(f"{address}{link}")


def take_pictures(
    browser: Browser, address: str, folder: Path, widths: tuple[str, ...], schemes: tuple[str, ...]
) -> int:
    """Write a picture of every page, and say how many; no page is wider than its screen."""
    taken = 0
    for name, pages in PAGES.items():
        context = browser.new_context(viewport=WIDTHS["phone"])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if name is not None:
            signs_in(page, address, name)
        for title, where in pages:
            goes(page, address, where)
            for width in widths:
                page.set_viewport_size(WIDTHS[width])  # type: ignore[arg-type]
                wide = page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
                assert wide <= 0, f"{title} is {wide} pixels too wide on a {width}"
                for scheme in schemes:
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    page.screenshot(path=folder / f"{title}-{width}-{scheme}.png")
                    taken += 1
        context.close()
    return taken


def test_the_main_pages_have_their_picture(browser: Browser, town_with_a_past: str, tmp_path: Path) -> None:
    named = os.environ.get(FOLDER)
    folder = Path(named) if named else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    widths, schemes = (tuple(WIDTHS), SCHEMES) if named else (("phone",), ("light",))
    taken = take_pictures(browser, town_with_a_past, folder, widths, schemes)
    assert taken == len(list(folder.glob("*.png"))) == len(widths) * len(schemes) * sum(map(len, PAGES.values()))


def test_every_picture_of_the_handbook_can_be_made_anew(
    browser: Browser, town_with_a_past: str, tmp_path: Path
) -> None:
    named = os.environ.get(HANDBOOK_FOLDER)
    folder, languages = (Path(named), ("nl", "en")) if named else (tmp_path, ("nl",))
    asking = browser.new_context()
    asking.set_default_timeout(PATIENCE)
    signs_in(asking_page := asking.new_page(), town_with_a_past, "fenna")
    ask_for_mandate(asking_page, town_with_a_past)
    asking.close()
    for language in languages:
        made = {}
        for who in dict.fromkeys(each.who for each in PICTURES):
            context = browser.new_context(viewport=WIDTHS["phone"])
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            if who is not None:
                signs_in(page, town_with_a_past, who)
            context.add_cookies([{"name": COOKIE, "value": language, "url": town_with_a_past}])
            for picture in (each for each in PICTURES if each.who == who):
                follow(page, town_with_a_past, picture, language)
                path = folder / language / "pictures" / file_name(picture)
                keep(page, path)
                made[path.name] = path.stat().st_size
            context.close()
        assert len(made) == len(PICTURES)
        assert {name for name, size in made.items() if size > 60_000} == set()
