"""Every page, read by somebody who chose English, says nothing in Dutch but what people wrote themselves.

The pages are read in a language of which every translated text stands between marks: «…». What stands outside them
and is not written in the database was never translated.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.support import NullTranslations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, select
from werkzeug.exceptions import HTTPException

from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.service import keep_areas
from wijkteam.demo.service import fill_demo
from wijkteam.events.model import Event
from wijkteam.events.queries import recorded
from wijkteam.shipped import folder
from wijkteam.storage.schema import all_tables
from wijkteam.storage.subject import SubjectColumns
from wijkteam.web import language
from wijkteam.web.app import create_app

READERS = ("fenna", "teun", "petra", "mo", "bea", "fia", "olga", "pia", "ada", "gijs")
OFTEN = 2
"""How many pages of one kind are read by one reader; of all readers together twice as many."""
SAID_ASIDE = {"aria-label", "title", "placeholder", "alt", "data-title"}
PLACE = re.compile(r"(<[^>]*>)|%\(\w+\)[sd]")
BETWEEN = re.compile(r"[·,:;()“”\"…–—→×|/?\n\x1f]|\s-\s|\.(?=\s|\x1f|$)")
WORD = re.compile(r"[^\W\d_]{2,}")
ARTICLE = re.compile(r"\barticle: *([^}\n]+)")
LAW = re.compile(r"\blaw: *(.+)\n(?: *article: *(.+))?")
NAMES = {"wijkteam", "Voorbeeldstad", "Nederlands", "English", "Polski", "Türkçe", "PDF", "CSV", "ODS", "BSN"} | {
    "Management",
    "sqlite",
    "postgresql",
}
"""The same in every language."""


class Marked(NullTranslations):
    """Says every text between marks; what is filled in into it stands outside them again."""

    def ugettext(self, message: str) -> str:
        return f"«{PLACE.sub(lambda found: found[1] or f'»{found[0]}«', message)}»"

    def ungettext(self, one: str, many: str, number: int) -> str:
        return self.ugettext(one if number == 1 else many)

    def upgettext(self, _context: str, message: str) -> str:
        return self.ugettext(message)


def marked(tongue: language.Language) -> NullTranslations:
    """Dutch as it is; English between marks."""
    return Marked() if tongue == "en" else NullTranslations()


def marked_one_of(nl: str, en: str) -> str:
    """Of a text in both languages the English one between marks, or the Dutch one."""
    return f"«{en}»" if language.language() == "en" else nl


class Told(HTMLParser):
    """What a page says, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.flow: list[str] = []
        self.aside: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.flow.append("\x1f")
        self.aside += [value for name, value in attrs if name in SAID_ASIDE and value]
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.flow.append(data)

    def all(self) -> str:
        """All that it says."""
        return " ".join("\x1f".join(("".join(self.flow), *self.aside)).split())

    def outside(self) -> Iterator[str]:
        """The pieces of text that stand outside the marks and have words in them."""
        for text in ("".join(self.flow), *self.aside):
            kept, inside = [], False
            for sign in text:
                inside = {"«": True, "»": False}.get(sign, inside)
                kept.append("\x1f" if inside or sign == "»" else sign)
            for piece in BETWEEN.split("".join(kept)):
                if WORD.search(piece):
                    yield " ".join(piece.split())


def written(town: Town) -> str:
    """All words that stand in the database but for Dutch titles, and the names of laws."""
    session = town.clockwork().session
    found: set[str] = set()
    for path in folder("workflows").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        found.update(" ".join(each).strip() for each in LAW.findall(text))
        found.update(ARTICLE.findall(text))
    for table in all_tables().sorted_tables:
        columns = [each for each in table.columns if isinstance(each.type, String) and not each.name.endswith("_nl")]
        for row in session.execute(select(*columns)) if columns else ():
            found.update(each for each in row if isinstance(each, str))
    for event in session.scalars(select(Event)):
        found.update(each for each in recorded(event).values() if isinstance(each, str))
    return "\n".join(" ".join(each.split()) for each in found)


def pages(app: Flask, town: Town) -> Iterator[tuple[str, list[str]]]:
    """Pages of every kind that readers find by following links, each with what it says in English as in Dutch."""
    routes = app.url_map.bind("localhost")
    read: Counter[str] = Counter()
    for name in READERS:
        browser = app.test_client()
        sign_in_quietly(browser, town, name)
        browser.set_cookie(language.COOKIE, "en")
        mine: Counter[str] = Counter()
        ahead, known = ["/"], {"/"}
        while ahead:
            path = ahead.pop(0)
            try:
                endpoint, _ = routes.match(path.partition("?")[0], "GET")
            except HTTPException:
                continue
            if mine[endpoint] >= OFTEN or (read[endpoint] >= 2 * OFTEN and endpoint != "my_work.page"):
                continue
            answer = browser.get(path)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            mine[endpoint] += 1
            read[endpoint] += 1
            told = Told(answer.text)
            yield f"{endpoint} ({name})", _the_same(browser, path, told)
            fresh = [each for each in dict.fromkeys(told.links) if each.startswith("/") and each not in known]
            known.update(fresh)
            ahead += fresh


def _the_same(browser: FlaskClient, path: str, told: Told) -> list[str]:
    pieces = [each for each in told.outside() if not set(WORD.findall(each)) <= NAMES]
    if not pieces:
        return []
    browser.set_cookie(language.COOKIE, "nl")
    dutch = Told(browser.get(path).text).all()
    browser.set_cookie(language.COOKIE, "en")
    return [each for each in pieces if each in dutch]


def subjects(town: Town) -> Iterator[Any]:
    """A few subjects of every kind in every state."""
    session = town.clockwork().session
    for model in SubjectColumns.__subclasses__():
        seen: Counter[str] = Counter()
        for subject in session.scalars(select(model)):
            seen[subject.state] += 1
            if seen[subject.state] <= OFTEN:
                yield subject


def is_name(who: str, names: str) -> bool:
    """Somebody's name, or a function that is called the same in both languages with the names of who holds it."""
    title, _, holders = who.partition(" (")
    return all(each in names for each in (title, *holders.rstrip(")").split(", ")))


def untranslated(town: Town, names: str) -> set[str]:
    """What rules say of steps that somebody cannot take, that is the same in English and no name."""
    found = set()
    chosen = list(subjects(town))
    for name in READERS:
        work = town.work(name)
        for subject in chosen:
            for option in work.options(subject):
                if option.reason is not None and option.reason.nl == option.reason.en:
                    found.add(option.reason.nl)
                found |= {who.nl for who in option.who if who.nl == who.en and not is_name(who.nl, names)}
        town.close()
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_all_that_a_page_says_is_translated_or_was_written_by_people(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = town.clockwork()
    keep_areas(work, made_up_areas(1), {})
    fill_demo(town.house, work, None, 12, lambda _what, _count: nullcontext(lambda _step: None))
    monkeypatch.setattr(language, "translations", marked)
    monkeypatch.setattr(language, "one_of", marked_one_of)
    found = list(pages(create_app(town.house, "a key for tests", "Voorbeeldstad"), town))
    data = written(town)
    kinds = {where.partition(" ")[0] for where, _ in found}
    dutch = {piece: where for where, pieces in found for piece in pieces if piece not in data}
    assert not dutch, "\n".join(sorted(f"{where}: {piece}" for piece, where in dutch.items()))
    assert len(kinds) > 40, "the pages no longer lead to each other"
    assert untranslated(town, data) == set(), "also why a step cannot be taken, and who can"
