"""People and the functions that they hold, kept by the functional administrator."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.engine.fields import WrongFields
from wijkteam.people import queries, service
from wijkteam.people.model import Person
from wijkteam.people.staff import candidates, change_employment, find_person, may_keep, staff
from wijkteam.signing_in.changing import reset_factors
from wijkteam.signing_in.held import held_factors
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, over_all, reading, work
from wijkteam.web.language import language
from wijkteam.web.periods import attempt, day, first_day, number
from wijkteam.web.proving import proved_recently
from wijkteam.web.showing import function_titles

pages = Blueprint("people", __name__)
Given = Mapping[str, str]


def _kept(person_id: int) -> Person:
    """The person; to others than the administrator nobody is there (404)."""
    person = find_person(reading(), person_id) if may_keep(work().actor) else None
    if person is None:
        abort(404)
    return person


@pages.get("/beheer/mensen")
@login_required
def listing() -> str:
    """Everyone who works here, with their functions of today."""
    if not may_keep(work().actor):
        abort(404)
    name, function = request.args.get("naam", "").strip(), request.args.get("functie", "")
    session = reading()
    return render_template(
        "people.html",
        found=staff(session, name, function or None, language()),
        name=name,
        function=function,
        functions=sorted(function_titles().items(), key=lambda each: each[1]),
    )


def _show(person: Person, tried: Attempt | None = None) -> str:
    session = reading()
    held = queries.held_by(session, person.id)
    today = clock.today()
    return render_template(
        "person.html",
        who=person,
        held=held,
        lasting=[each for each in held if each.valid_until is None or each.valid_until >= today],
        consent_asked=not person.civil_servant or person.employer is not None,
        teams={team.id: team.name for team in queries.teams(session)},
        functions=sorted(function_titles().items(), key=lambda each: each[1]),
        absences=queries.absences(session, person.id),
        deputies=queries.deputies(session, person.id),
        candidates=candidates(session, person.id),
        factors=over_all(held_factors, person.id),
        tried=tried or Attempt(),
        today_is=today,
    )


@pages.get("/beheer/mensen/<int:person_id>")
@login_required
def page(person_id: int) -> str:
    """One person: employment, functions for periods, consent, absence and deputies."""
    return _show(_kept(person_id))


@pages.post("/beheer/mensen/<int:person_id>/<form>")
@login_required
@proved_recently
def step(person_id: int, form: str) -> Response | tuple[str, int]:
    """Change one thing of a person."""
    person = _kept(person_id)
    act = FORMS.get(form)
    if act is None:
        abort(404)
    refused = attempt(form, lambda given: act(person, given))
    if refused is not None:
        return _show(_kept(person_id), refused), 422
    return redirect(url_for("people.page", person_id=person_id))


def _employment(person: Person, given: Given) -> None:
    if given.get("civil_servant") not in ("ja", "nee"):
        raise WrongFields.of("civil_servant", "Kies ja of nee.", "Choose yes or no.")
    change_employment(work(), person.id, given["civil_servant"] == "ja", given.get("employer"))


def _function(person: Person, given: Given) -> None:
    if not given.get("function"):
        raise WrongFields.of("function", "Vul dit in.", "Please fill this in.")
    teams = {team.id: team for team in queries.teams(reading())}
    team = teams[number(given, "team", teams)] if given.get("team") else None
    first, last = first_day(given, "valid_from"), day(given, "valid_until")
    service.give_function(work(), person, given["function"], team, first, last)


def _end_function(person: Person, given: Given) -> None:
    mine = {each.id: each for each in queries.held_by(reading(), person.id)}
    service.end_function(work(), number(given, "held", mine), first_day(given, "last_day"))


def _consent(person: Person, given: Given) -> None:
    if not given.get("function"):
        raise WrongFields.of("function", "Vul dit in.", "Please fill this in.")
    own, employers = day(given, "consented_on"), day(given, "employer_consented_on")
    service.record_consent(work(), person.id, given["function"], own, employers)


def record_absence(person_id: int, given: Given) -> None:
    """Away from a day on, up to and including a last one or until further notice."""
    service.record_absence(work(), person_id, first_day(given, "first_day"), day(given, "last_day"))


def end_absence(person_id: int, given: Given) -> None:
    """Back: away up to and including yesterday, unless another last day is given."""
    mine = {each.id: each for each in queries.absences(reading(), person_id)}
    last = day(given, "last_day", clock.today() - timedelta(days=1))
    service.end_absence(work(), number(given, "absence", mine), last or clock.today())


def appoint_deputy(person_id: int, given: Given) -> None:
    """Somebody alike stands in whenever this person is away."""
    possible = {each.id: each for each in candidates(reading(), person_id)}
    deputy_id = number(given, "deputy", possible)
    if not given.get("function"):
        raise WrongFields.of("function", "Vul dit in.", "Please fill this in.")
    first, last = first_day(given, "valid_from"), day(given, "valid_until")
    service.appoint_deputy(work(), person_id, deputy_id, given["function"], first, last)


def end_deputy(person_id: int, given: Given) -> None:
    """No longer: up to and including yesterday."""
    mine = {each.id: each for each in queries.deputies(reading(), person_id)}
    service.end_deputy(work(), number(given, "appointment", mine), clock.today() - timedelta(days=1))


def _reset_factors(person: Person, _given: Given) -> None:
    reset_factors(work(), person.id, work().actor.person_id)


FORMS: Mapping[str, Callable[[Person, Given], None]] = {
    "dienstverband": _employment,
    "functie": _function,
    "functie-stopt": _end_function,
    "instemming": _consent,
    "tweede-stap": _reset_factors,
    "afwezig": lambda person, given: record_absence(person.id, given),
    "terug": lambda person, given: end_absence(person.id, given),
    "vervanger": lambda person, given: appoint_deputy(person.id, given),
    "vervanger-stopt": lambda person, given: end_deputy(person.id, given),
}
"""What can be changed of a person, by the last part of the address."""
