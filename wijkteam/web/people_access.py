"""Letting people in and keeping them out, by the functional administrator: adding, inviting, resetting, closing."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.leaving import close_account, stands_on
from wijkteam.engine.fields import WrongFields
from wijkteam.people import queries, service
from wijkteam.people.model import Person
from wijkteam.people.staff import find_person, may_keep
from wijkteam.signing_in import accounts
from wijkteam.signing_in.queries import live_sessions
from wijkteam.signing_in.sessions import end_sessions
from wijkteam.web.acting import Attempt, safety, work
from wijkteam.web.links import LINKS
from wijkteam.web.periods import attempt, first_day, number
from wijkteam.web.proving import proved_recently
from wijkteam.web.showing import function_titles

pages = Blueprint("people_access", __name__)
Given = Mapping[str, str]


def _kept(person_id: int) -> Person:
    """The person; to others than the administrator nobody is there (404)."""
    person = find_person(work().session, person_id) if may_keep(work().actor) else None
    if person is None:
        abort(404)
    return person


@pages.route("/beheer/mensen/nieuw", methods=["GET", "POST"])
@login_required
@proved_recently
def new() -> Response | str | tuple[str, int]:
    """Add a person with a first function; an invitation comes next."""
    if not may_keep(work().actor):
        abort(404)
    if request.method == "GET":
        return _new_form(Attempt())
    added: list[Person] = []
    refused = attempt("nieuw", lambda given: added.append(add_person(given)))
    if refused is not None:
        return _new_form(refused), 422
    return redirect(url_for("people_access.page", person_id=added[0].id))


def _new_form(tried: Attempt) -> str:
    session = work().session
    return render_template(
        "person_new.html",
        tried=tried,
        functions=sorted(function_titles().items(), key=lambda each: each[1]),
        teams=[(team.id, team.name) for team in queries.teams(session)],
    )


def add_person(given: Given) -> Person:
    """Add a person with a first function, as the form was filled in. Raises WrongFields and WrongPerson."""
    needed = [name for name in ("name", "email", "function") if not given.get(name)]
    if needed:
        raise WrongFields.of(needed[0], "Vul dit in.", "Please fill this in.")
    teams = {team.id: team for team in queries.teams(work().session)}
    team = teams[number(given, "team", teams)] if given.get("team") else None
    with work().transaction():
        person = service.add_person(work(), service.NewPerson(given["name"], given["email"]))
        service.give_function(work(), person, given["function"], team, first_day(given, "valid_from"))
    return person


@pages.get("/beheer/mensen/<int:person_id>/toegang")
@login_required
def page(person_id: int) -> str:
    """How somebody gets in, and where they are signed in."""
    return _show(_kept(person_id))


def _show(person: Person, tried: Attempt | None = None, link: str = "") -> str:
    return render_template(
        "person_access.html",
        who=person,
        sessions=live_sessions(work().session, person.id, safety().limits),
        sends_mail=current_app.extensions["sends_mail"],
        tried=tried or Attempt(),
        link=link,
        asked=session.pop("link_mailed", None) == person.id,
        open_things=stands_on(work().session, work().engine, person.id) if person.active else [],
        links=LINKS,
    )


@pages.post("/beheer/mensen/<int:person_id>/toegang/<form>")
@login_required
@proved_recently
def step(person_id: int, form: str) -> Response | str | tuple[str, int]:
    """Change one thing of how somebody gets in."""
    person = _kept(person_id)
    if form not in FORMS:
        abort(404)
    made: list[str] = []
    refused = attempt(form, lambda _given: made.append(FORMS[form](person)))
    if refused is not None:
        return _show(_kept(person_id), refused), 422
    if made[0]:
        return _show(_kept(person_id), link=made[0])
    if form in GIVES_LINK:
        session["link_mailed"] = person.id
    return redirect(url_for("people_access.page", person_id=person_id))


def _send_link(person: Person, kind: str) -> str:
    """By mail where mail is set up, and then nobody else sees it; else the administrator hands it over."""
    if current_app.extensions["sends_mail"]:
        accounts.ask_to_mail_link(work(), person.id, kind)
        return ""
    return url_for("passwords.choose", secret=accounts.make_link(work(), person.id, kind), _external=True)


def _reset(person: Person) -> str:
    with work().transaction():
        accounts.reset_access(work(), person.id)
        return _send_link(person, accounts.RESET)


def _end(person: Person) -> str:
    end_sessions(work(), "ended_by_administrator", person.id)
    return ""


def _close(person: Person) -> str:
    close_account(work(), person.id)
    return ""


def _reopen(person: Person) -> str:
    accounts.reopen_account(work(), person.id)
    return ""


GIVES_LINK = ("uitnodigen", "herstellen")
FORMS: Mapping[str, Callable[[Person], str]] = {
    "uitnodigen": lambda person: _send_link(person, accounts.INVITATION),
    "herstellen": _reset,
    "uitloggen": _end,
    "sluiten": _close,
    "openen": _reopen,
}
"""What can be done, by the last part of the address; each returns a link to show once, or nothing."""
