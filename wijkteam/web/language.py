"""The language of the pages: Dutch as it is written in the templates, or its English translation.

The Dutch text itself is what a translation is looked up by. Translations are plain text files, one for each part of the
pages, in `translations/`; they are read once by a process, so that nothing needs compiling. What definitions and rules
say (titles, questions, refusals) carries both languages already: `said` chooses.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request

Language = Literal["nl", "en"]
FIRST: Language = "nl"
NAMES: dict[Language, str] = {"nl": "Nederlands", "en": "English"}  # not said to people
COOKIE = "taal"
FOLDER = Path(__file__).with_name("translations")


class Pair(Protocol):
    """The same in both languages, as definitions, lists and refusals carry it."""

    @property
    def nl(self) -> str:
        """In Dutch."""

    @property
    def en(self) -> str:
        """In English."""


def language() -> Language:
    """The language of this request: as chosen in this browser; Dutch otherwise, and outside a request."""
    try:
        return cast("Language", g.language)  # asked some hundreds of times a page
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return FIRST
    chosen = request.cookies.get(COOKIE, FIRST)
    found = g.language = chosen if chosen in NAMES else FIRST
    return found


def speak(tongue: str) -> None:
    """Answer this one request in another language than its browser chose; an unknown one changes nothing."""
    if tongue in NAMES:
        g.language = tongue


def said(pair: Pair) -> str:
    """What a pair says in the language of this request."""
    return one_of(pair.nl, pair.en)


def one_of(nl: str, en: str) -> str:
    """Of a text in both languages the one in the language of this request."""
    return en if language() == "en" else nl


def parts(tongue: str) -> list[Path]:
    """The files with translations into a language."""
    return sorted((FOLDER / tongue).glob("*.po"))


def read_part(path: Path) -> Catalog:
    """One file of translations."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name, abort_invalid=True)


@cache
def translations(tongue: Language) -> NullTranslations:
    """All translations into a language, together."""
    whole = Translations(domain=Translations.DEFAULT_DOMAIN)
    for path in parts(tongue) if tongue != FIRST else []:
        packed = BytesIO()
        write_mo(packed, read_part(path))
        packed.seek(0)
        whole.merge(Translations(packed))
    return whole


def _(text: str, **values: Any) -> str:
    """A text in the language of this request; `%(name)s` in it is filled in from the values."""
    found = translations(language()).ugettext(text) if text else ""
    return found % values if values else found


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """The text for one or for more, in the language of this request; `%(num)s` in it is the number."""
    found: str = translations(language()).ungettext(one, many, number)
    return found % {"num": number, **values}


def later(text: str) -> str:
    """Mark a text that is translated where it is shown, with `_`: for lists made before there is a request."""
    return text


def register(app: Flask) -> None:
    """Let the templates translate: `_`, `trans`, `said`, and the language for the page itself."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    install = cast("Any", environment).install_gettext_callables
    install(
        lambda text: translations(language()).ugettext(text),
        lambda one, many, number: translations(language()).ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: translations(language()).upgettext(context, text),
        npgettext=lambda context, one, many, number: translations(language()).unpgettext(context, one, many, number),
    )
    environment.filters["said"] = said
    environment.globals.update(page_language=language, languages=NAMES)
