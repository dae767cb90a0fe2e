"""Every page of the demonstration, as everybody sees it: found by links; and a choice that leaves no shape out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException

PEOPLE = ("fenna", "teun", "petra", "mo", "bea", "fia", "olga", "pia", "kira", "gijs", "ada", None)
"""Whose pages are walked, by first name; None is somebody who has not signed in."""
MOST_ALIKE = {"cases.page": 16}
MOST_OTHERS = 3
"""So many pages of one route are asked for, by whomever; of what is not there yet, at least one as each person."""
BEGINS = ("/", "/zoeken?q=jansen", "/zoeken?q=", "/bestaat-niet")
BEGINS_FOR_NOBODY = ("/inloggen", "/wachtwoord-vergeten", "/bestaat-niet", "/signaal")

NOTHING_FILLED_IN = "a form with nothing filled in"

Shape = tuple[str | None, str, str]


@dataclass(frozen=True)
class Page:
    """One page as somebody got it."""

    who: str | None
    path: str
    endpoint: str | None
    told: str = field(repr=False)
    state: str = ""

    @property
    def name(self) -> str:
        return f"{self.who or 'nobody'}: {self.path}{f' ({self.state})' if self.state else ''}"


def endpoint_of(app: Flask, path: str) -> str | None:
    """The route of a path that is asked for; None where there is none."""
    try:
        found, _values = app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return str(found)


class Walk:
    """Follows links as one person after the other: each page once for who has it, and a few of each route in all."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.times: Counter[str | None] = Counter()
        self.sent: set[str] = set()
        self.files: set[str | None] = set()
        """Routes of which somebody got a file: it is no page for anybody."""

    def through(self, browser: FlaskClient, who: str | None, begins: Iterable[str]) -> Iterator[Page]:
        """All pages that somebody comes to; and what comes back of each form when nothing is filled in."""
        seen = set(begins)
        to_do = {path: endpoint_of(self.app, path) for path in begins}
        own: Counter[str | None] = Counter()
        while to_do:
            path = min(to_do, key=lambda each: (own[to_do[each]], self.times[to_do[each]]))
            endpoint = to_do.pop(path)
            enough = own[endpoint] and self.times[endpoint] >= MOST_ALIKE.get(endpoint or "", MOST_OTHERS)
            if enough or endpoint in self.files:
                continue
            own[endpoint] += 1
            self.times[endpoint] += 1
            answer = browser.get(path, follow_redirects=True)
            if answer.mimetype != "text/html":
                self.files.add(endpoint)
                continue
            told = answer.get_data(as_text=True)
            yield Page(who, path, endpoint_of(self.app, answer.request.path), told)
            tree = html.fromstring(told)
            for link in links_in(tree, answer.request.path):
                if link not in seen:
                    seen.add(link)
                    to_do[link] = endpoint_of(self.app, link)
            yield from self._with_mistakes(browser, tree, who, answer.request.path)

    def _with_mistakes(self, browser: FlaskClient, tree: Any, who: str | None, path: str) -> Iterator[Page]:
        """What comes back of a form with something to fill in that is sent empty; each kind of form once."""
        for form in tree.xpath("//main//form"):
            kind = " ".join(sorted({each for each in form.xpath(".//@name | .//@id") if each not in ("version",)}))
            asked = form.xpath(".//textarea | .//input[@type='text' or @type='date' or not(@type)]")
            if form.get("method", "get").lower() != "post" or not asked or kind in self.sent:
                continue
            self.sent.add(kind)
            hidden = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@type='hidden'][@name]")}
            answer = browser.post(urljoin(path, form.get("action") or path), data=hidden)
            if answer.status_code in (400, 422) and answer.mimetype == "text/html":
                told = answer.get_data(as_text=True)
                yield Page(who, path, endpoint_of(self.app, path), told, NOTHING_FILLED_IN)


def links_in(tree: Any, path: str) -> Iterator[str]:
    for href in tree.xpath("//a/@href"):
        parts = urlsplit(urljoin(path, href))
        if not parts.scheme and not parts.netloc and not parts.path.startswith("/static/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def shapes_in(page: Page) -> set[Shape]:
    """What this page is made of: each kind of element with its classes, in this route; and what holds what, in any."""
    found: set[Shape] = set()
    for each in html.fromstring(page.told).iter():
        if isinstance(each.tag, str):
            above = each.getparent()
            held = f"{above.tag}.{above.get('class', '')}" if above is not None else ""
            named = f"{each.tag}.{each.get('class', '')}[{each.get('type', '')}{each.get('role', '')}]"
            found |= {(page.endpoint, named, ""), (None, held, named)}
    if page.state and page.state != NOTHING_FILLED_IN:
        found.add((page.path, page.state, ""))
    return found


def without_repeating(pages: Iterable[Page]) -> list[Page]:
    """As few pages as show every shape that there is; those with most to show first."""
    shapes = [(page, shapes_in(page)) for page in pages]
    shapes.sort(key=lambda each: -len(each[1]))
    shown: set[Shape] = set()
    kept = []
    for page, of_page in shapes:
        if of_page - shown:
            shown |= of_page
            kept.append(page)
    return kept
