"""Who requires each question of a form, as the pages tell it, and what a form proposes to answer."""

from functools import lru_cache

from flask import Flask, request
from markupsafe import Markup

from wijkteam.engine.definition import AskedField
from wijkteam.engine.forms import Required
from wijkteam.terms import calendar, clock
from wijkteam.terms.duration import read_duration
from wijkteam.web.acting import house
from wijkteam.web.language import _, language, said

MARKS = 1_000
"""As many of those marks are kept, each once for a language: pages say the same ones again and again."""


def asked_in(workflow: str, field: str) -> AskedField:
    """A field of the newest version of a definition. Raises KeyError."""
    return house().engine.workflow(workflow).fields[field]


def required_by(prefix: str, name: str) -> Required | None:
    """Who requires the question with this id on the page of this request; None when nothing says so."""
    engine = house().engine
    area = (request.endpoint or "").partition(".")[0]
    return house().forms.required_by(prefix, name, area, lambda workflow: engine.workflow(workflow).fields)


def mark(required: Required | None, must: bool = True) -> Markup:
    """Who requires a question, in a few words beside it; `must` says whether it has to be filled in."""
    return _mark(required.basis, required.article, must, language()) if required is not None else Markup("")


@lru_cache(MARKS)
def _mark(basis: str, article: str | None, must: bool, _tongue: str) -> Markup:
    if basis == "law":
        words = _("wet: %(article)s", article=article) if article else _("de wet vraagt dit")
    elif basis == "local":
        words = _("lokale afspraak")
    else:
        words = _("geen regel, wel nodig voor het werk") if must else _("niemand eist dit")
    return Markup('<small class="basis" data-basis="{}">{}</small>').format(basis, words)


def proposed(asked: AskedField) -> str:
    """What a form shows beforehand as the answer, for the person to send or change; empty where nothing is proposed."""
    if asked.proposal is None:
        return ""
    if asked.proposal.words is not None:
        return said(asked.proposal.words)
    days = read_duration(asked.proposal.within or "P1D").days
    return calendar.add_working_days(clock.today(), days).isoformat()


def register(app: Flask) -> None:
    """Make these known to the templates."""
    app.jinja_env.globals.update(
        asked_in=asked_in,
        required_by=required_by,
        required_mark=mark,
        who_requires=lambda prefix, name, must=True: mark(required_by(prefix, name), must),
        proposed=proposed,
    )
