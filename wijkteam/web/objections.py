"""Objections: writing one down, the list for who handles them, and one objection, kept from who took the decision."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.fields import WrongFields
from wijkteam.events.queries import events_of
from wijkteam.letters import queries as letters
from wijkteam.letters.model import Letter
from wijkteam.mandate import queries as mandate
from wijkteam.objections import queries, terms
from wijkteam.objections.model import Objection
from wijkteam.objections.service import NewObjection, register_objection
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.web.acting import Attempt, attempt, house, log, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.showing import power_titles

pages = Blueprint("objections", __name__)


def may_open_list(person: ActingPerson) -> bool:
    """Whether the list of objections is there for a person: who handles, decides, or writes down for anyone."""
    if person.holds(queries.OFFICER) or person.holds("functional_administrator"):
        return True
    return queries.OFFICER in person.functions or reading().decides_on_objections()


def readable_objections() -> list[Objection]:
    """The open objections that the signed-in person may read in full, oldest first."""
    session, person = reading(), work().actor
    grounds = house().grounds
    return [each for each in queries.open_objections(session) if grounds.may_read_objection(session, person, each)]


def _visible(objection_id: str) -> tuple[Objection, bool]:
    """The objection, and whether the person may read all of it; 404 where it may not even be seen."""
    objection = queries.find_objection(reading(), objection_id)
    in_full = _reading(objection) if objection is not None else None
    if objection is None or in_full is None:
        abort(404)
    return objection, in_full


def _reading(objection: Objection) -> bool | None:
    """Whether the person may read all of it (True) or only where it stands (False); None for nothing at all."""
    if house().grounds.may_read_objection(reading(), work().actor, objection):
        return True
    return False if queries.find_objection(reading(), objection.id) is not None else None


def _show(objection: Objection, in_full: bool, tried: Attempt | None = None) -> str:
    session = reading()
    case = cases.find_case(session, objection.case_id)
    about = over_all(cases.find_case, objection.case_id)
    hidden = case is None and about is not None and about.protected_why is not None
    events = list(reversed(events_of(session, "objection", objection.id)))
    offered = options(objection) if in_full else []
    decisions = {each.id: each for each in mandate.decisions_of_case(session, objection.case_id)}
    first = decisions[objection.decision_id]
    officers = people.holders(session, queries.OFFICER, objection.team_id)
    return render_template(
        "objection.html",
        objection=objection,
        in_full=in_full,
        case=case,
        household=None if hidden else cases.household(session, objection.household_id),
        hidden=hidden,
        first=first,
        power=power_titles().get(first.power, first.power),
        workflow=house().engine.workflow("objection", objection.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events if in_full else [],
        seen=whereabouts(objection, events, offered) if in_full else None,
        due=due_moments(session, [objection.id]).get(objection.id),
        decide_by=terms.decide_by(objection),
        colleagues=[each for each in officers if not objection.keeps_out(each.id)],
    )


@pages.route("/bezwaren", methods=["GET", "POST"])
@login_required
def listing() -> str | Response | tuple[str, int]:
    """The open objections that I may read, and writing one down that came in."""
    tried = Attempt()
    if request.method == "POST":
        begun: list[Objection] = []
        refused = attempt("register", lambda given: begun.append(register(given)))
        if refused is None:
            seen = _reading(begun[0]) is not None
            return redirect(url_for("objections.page", objection_id=begun[0].id) if seen else _back())
        tried = refused
    if not may_open_list(work().actor) and not tried.transition:
        abort(404)
    found = readable_objections()
    page = render_template(
        "objections.html",
        objections=found,
        households=cases.households(reading(), {each.household_id for each in found}),
        decide_by={each.id: terms.decide_by(each) for each in found},
        workflow=house().engine.workflow("objection"),
        tried=tried,
    )
    return (page, 422) if tried.transition else page


def _back() -> str:
    return url_for("objections.listing") if may_open_list(work().actor) else url_for("my_work.page")


def register(given: Mapping[str, str], objection_id: str | None = None) -> Objection:
    """Write an objection down under the reference on the letter of the decision. Raises WrongFields or Refused."""
    letter = _letter(given.get("reference", "").strip().lower())
    case = over_all(cases.find_case, letter.case_id) if letter is not None else None
    if letter is None or case is None:
        raise WrongFields.of("reference", "Dit kenmerk kennen we niet.", "This reference is unknown.")
    new = NewObjection(
        case.id,
        case.team_id,
        case.household_id,
        letter.decision_id,
        given.get("received_on", ""),
        given.get("grounds", ""),
        given.get("posted_on"),
        given.get("late_reason"),
    )
    return register_objection(work(), new, objection_id)


def _letter(reference: str) -> Letter | None:
    """The letter of a reference: any for who writes down for anyone, else one that the person may read."""
    if may_open_list(work().actor):
        return over_all(letters.find_letter, reference)
    return letters.find_letter(reading(), reference)


@pages.get("/bezwaren/<objection_id>")
@login_required
def page(objection_id: str) -> str:
    """One objection: all of it for who handles it, only where it stands for others who work on the case."""
    objection = _visible(objection_id)[0]
    case = cases.find_case(reading(), objection.case_id)
    if case is not None:
        log(case, "bezwaar", objection)
    return _show(*_visible(objection_id))


@pages.post("/bezwaren/<objection_id>/stap/<transition>")
@login_required
def step(objection_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the objection; for who may not read all of it there is none (404)."""
    if not _visible(objection_id)[1]:
        abort(404)
    refused = take(Objection, objection_id, transition)
    if refused is not None:
        return _show(*_visible(objection_id), refused), 409 if refused.stale else 422
    return redirect(url_for("objections.page", objection_id=objection_id))
