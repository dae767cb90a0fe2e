"""A browser that looks at pages: on a phone and a desk, by day and in the dark, larger, with more room, by keyboard."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Tab

from tests.looks.walking import Page

HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
ADDRESS = "http://127.0.0.1:9"
"""Nothing listens there: the browser gets each page, and what it needs besides, from this process."""
PHONE, DESK, LARGER, MOST, HUGE = (
    {"width": width, "height": height}
    for width, height in ((360, 740), (1280, 900), (640, 450), (320, 256), (3840, 2160))
)
"""A phone, a desk, the desk at 200% and at 400% (WCAG 2.2, 1.4.4 and 1.4.10), and a screen of 4K."""
LAW = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ALL_RULES = {"runOnly": {"type": "tag", "values": [*LAW]}, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
MORE_ROOM = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    "p { margin-block-end: 2em !important; }"
)
"""WCAG 2.2, 1.4.12: what a reader may ask of any page."""
LONGEST_LINE = 100


@cache
def script(path: Path) -> str:
    return path.read_text(encoding="utf-8")


class Looking:
    """One tab, in which each page is looked at in turn."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.pages: dict[str, Page] = {}
        self.wrong: list[str] = []
        self._about = ""

    def at(self, page: Page) -> list[str]:
        """Everything that is wrong with a page."""
        self.wrong = []
        self._opens(page)
        self._at(DESK, "light")
        self._asks("axe", ALL_RULES)
        if page.state:  # a page with mistakes stands out in its messages only
            self._at(PHONE, "dark")
            self._asks("axe", ALL_RULES)
            self._asks("tooWide")
            return [f"{page.name} {each}" for each in self.wrong]
        self._asks("tooWide")
        self._asks("outOfOrder")
        self._asks("unseenFocus")
        self._at(DESK, "dark")
        self._asks("axe", COLOURS)
        self._asks("unreadablePictures")
        self._at(PHONE, "dark")
        self._asks("axe", COLOURS)
        self._at(PHONE, "light")
        self._asks("axe", ALL_RULES)
        self._asks("tooWide")
        self._asks("outOfOrder")
        self._asks("overlapping")
        self._asks("unreadablePictures")
        for size in (LARGER, MOST, HUGE):
            self._at(size, "light")
            self._asks("tooWide")
            self._asks("clipped")
        self._asks("longLines", LONGEST_LINE)
        self.tab.add_style_tag(content=MORE_ROOM)
        for size in (DESK, PHONE):
            self._at(size, "light", "with more room between letters")
            self._asks("tooWide")
            self._asks("clipped")
            self._asks("overlapping")
        return [f"{page.name} {each}" for each in self.wrong]

    def _opens(self, page: Page) -> None:
        """Shows the page with everything unfolded that can be."""
        self.pages[page.path] = page
        self.tab.set_viewport_size(DESK)  # type: ignore[arg-type]
        self.tab.emulate_media(color_scheme="light")
        self.tab.goto(ADDRESS + page.path)
        self.tab.evaluate(script(AXE))
        self.tab.evaluate(
            f"() => {{ window.measures = ({script(HERE / 'measuring.js').split('//', 1)[1].split(chr(10), 1)[1]})(); }}"
        )
        self.tab.evaluate("() => measures.open()")

    def _at(self, size: dict[str, int], scheme: Any, besides: str = "") -> None:
        self.tab.set_viewport_size(size)  # type: ignore[arg-type]
        self.tab.emulate_media(color_scheme=scheme)
        self._about = f"[{size['width']} {scheme}{f' {besides}' if besides else ''}]"

    def _asks(self, what: str, *more: Any) -> None:
        found = self.tab.evaluate("([what, more]) => measures[what](...more)", [what, list(more)])
        self.wrong += [f"{self._about} {each}" for each in found]


@contextmanager
def looking(browser: Browser, app: Flask) -> Iterator[Looking]:
    """A tab that gets pages as they were gathered, and their style sheet from the app."""
    context = browser.new_context(
        bypass_csp=True, java_script_enabled=True, reduced_motion="reduce", service_workers="block"
    )
    tab = context.new_page()
    looks = Looking(tab)
    parts = app.test_client()

    def give(route: Route) -> None:
        asked = urlsplit(route.request.url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        page = looks.pages.get(path) if route.request.resource_type == "document" else None
        if page is not None:
            route.fulfill(body=page.told, content_type="text/html; charset=utf-8")
            return
        answer = parts.get(path)
        route.fulfill(status=answer.status_code, body=answer.get_data(), content_type=answer.content_type)

    context.route("**/*", give)
    yield looks
    context.close()


def everything_wrong(browser: Browser, app: Flask, pages: Iterable[Page]) -> list[str]:
    """Looks at each of these pages; one line for each thing that is wrong."""
    with looking(browser, app) as looks:
        return [each for page in pages for each in looks.at(page)]
