"""The pictures of the handbook: of whom, which page, and how wide; small files, in each language."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

WIDTHS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
COLOURS = 64


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it. `where` is a path, or `PATH > PART OF A LINK ON IT`."""

    name: str
    who: str | None
    where: str
    width: str = "phone"


PICTURES = (
    Picture("my_work", "fenna", "/"),
    Picture("case", "fenna", "/casussen > Voorbeeldlaan 8", "desk"),
    Picture("open_case", "fenna", "/casus/openen"),
    Picture("decide", "fenna", "/ > href:/besluiten"),
    Picture("escalate", "fenna", "/ > href:/opschalen"),
    Picture("team_work", "teun", "/"),
    Picture("team", "teun", "/team", "desk"),
    Picture("request", "teun", "/ > href:/mandaatverzoeken/"),
    Picture("escalation", "teun", "/ > href:/opschalingen/"),
    Picture("report", "bea", "/verslag", "desk"),
    Picture("breakthrough", "bea", "/doorbraken > href:/doorbraken/"),
    Picture("signal", None, "/signaal/{language}"),
    Picture("follow", None, "/signaal/{language}/volgen"),
    Picture("guest_case", "gijs", "/ > href:/casus/"),
    Picture("payments", "fia", "/mandaatverzoeken"),
    Picture("objections", "olga", "/bezwaren"),
    Picture("complaints", "kira", "/klachten"),
    Picture("log", "pia", "/logboek", "desk"),
    Picture("glass", "pia", "/glas-gebroken"),
    Picture("people", "ada", "/beheer/mensen", "desk"),
    Picture("register", "ada", "/mandaatregister", "desk"),
    Picture("workflow", "ada", "/werkwijzen/household_case", "desk"),
    Picture("standing", "ada", "/beheer/stand"),
)


def file_name(picture: Picture) -> str:
    return f"{picture.name}_{picture.width}.webp"


def follow(page: Page, address: str, picture: Picture, language: str) -> None:
    """To the page of a picture, at its width."""
    page.set_viewport_size(WIDTHS[picture.width])  # type: ignore[arg-type]
    start, _arrow, link = picture.where.format(language=language).partition(" > ")
    answer = page.goto(address + start)
    assert answer is not None and answer.ok, (picture, answer and answer.status)
    if link.startswith("href:"):
        part = link.removeprefix("href:")
        found = page.locator(f"main a[href*='{part}']:not([href='{part.rstrip('/')}/openen'])").first
    else:
        found = page.get_by_role("main").get_by_role("link").filter(has_text=link).first
    if link:
        where = found.get_attribute("href")
        answer = page.goto(f"{address}{where}")
        assert answer is not None and answer.ok, (picture, where)


def ask_for_mandate(page: Page, address: str) -> None:
    """As a best person, in Dutch: something for the team lead to answer, which a small town may not have."""
    page.goto(f"{address}/")
    where = page.locator("main a[href$='/besluiten']").first.get_attribute("href")
    page.goto(f"{address}{where}")
    page.get_by_label("Waarom helpt dit?").fill("Met een gerepareerde boiler kan het gezin hier blijven wonen.")
    page.get_by_label("Bedrag in euro").fill("900,00")
    with page.expect_navigation():
        page.get_by_role("button", name="Maatwerkbudget", exact=True).last.click()


def keep(page: Page, path: Path) -> None:
    """Write what the screen shows, small: few colours, without loss after that."""
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = taken.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    few.save(path, "WEBP", lossless=True, method=4)
