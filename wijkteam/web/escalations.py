"""Escalations: the list for whoever answers, one escalation, and what is attached to it."""

from io import BytesIO

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask_login import login_required
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from wijkteam.access.readers import instead_of_household
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.documents.checking import LARGEST
from wijkteam.documents.queries import content_of, document_of, documents_of
from wijkteam.escalation import queries
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import SentFile, attach
from wijkteam.escalation.standing import Standing
from wijkteam.escalation.structural_queries import structurals_of, waits_for
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.web.acting import Attempt, attempt, house, log, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _, said
from wijkteam.web.showing import list_titles

pages = Blueprint("escalations", __name__)
AROUND_A_FILE = 100_000
"""What a form may hold besides the file itself, in bytes."""
ONLY_TO_SAVE = "default-src 'none'; sandbox"


@pages.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only here a request may be as large as a file; this is known before the form is read."""
    if endpoint == "escalations.add_file":
        request.max_content_length = LARGEST + AROUND_A_FILE


@pages.app_errorhandler(RequestEntityTooLarge)
def too_large(_error: Exception) -> tuple[str, int]:
    """Whatever was sent is larger than it may be; nothing of it was kept."""
    text = _("Wat u stuurde is te groot. Een bijlage is hooguit %(size)s MB.", size=LARGEST // 1_000_000)
    return render_template("message.html", title=_("Te groot"), text=text), 413


def _readable(escalation_id: str) -> tuple[Escalation, HouseholdCase | None]:
    """The escalation, and its case when the signed-in person may read that too."""
    session = reading()
    escalation = queries.find_escalation(session, escalation_id)
    if escalation is None:
        abort(404)
    return escalation, cases.find_case(session, escalation.case_id)


def _instead(escalation: Escalation) -> str:
    """What stands in the place of a household that its reader may not know."""
    case = over_all(cases.find_case, escalation.case_id)
    return said(over_all(instead_of_household, case)) if case is not None else ""


def _show(escalation: Escalation, case: HouseholdCase | None, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "escalation", escalation.id)))
    offered = options(escalation)
    standing = Standing(session, house().ladder, escalation.team_id)
    others = [each for each in standing.answerers(escalation.rung) if each != work().actor.person_id]
    functions = work().actor.functions
    backs = [rung for rung in house().ladder.backers if rung.function in functions]
    return render_template(
        "escalation.html",
        escalation=escalation,
        case=case,
        household=cases.household(session, case.household_id) if case is not None else None,
        instead=_instead(escalation) if case is None else "",
        workflow=house().engine.workflow("escalation", escalation.workflow_version),
        options=[each for each in offered if each.transition.name != "attach"],
        may_attach=any(each.open for each in offered if each.transition.name == "attach"),
        files=documents_of(session, "escalation", escalation.id),
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(escalation, events, offered),
        ladder=house().ladder,
        colleagues=[people.person(session, number) for number in others],
        due=due_moments(session, [escalation.id]).get(escalation.id),
        patterns=structurals_of(session, [escalation.id]),
        may_back=not escalation.ended_at and any(escalation.highest_rung >= rung.number for rung in backs),
        powers=list_titles("powers"),
    )


@pages.get("/opschalingen")
@login_required
def listing() -> str:
    """The escalations that wait for me, and those that I asked."""
    session, person = reading(), work().actor
    return render_template(
        "escalations.html",
        waiting=queries.waiting_for(session, person, house().ladder),
        mine=queries.asked_by(session, person.person_id),
        patterns=waits_for(session, person, house().ladder),
        ladder=house().ladder,
    )


@pages.get("/opschalingen/<escalation_id>")
@login_required
def page(escalation_id: str) -> str:
    """One escalation: what is needed, from whom, by when. Reading it is reading of its case."""
    found, case = _readable(escalation_id)[:2]
    if case is not None:
        log(case, "opschaling", found)
    return _show(*_readable(escalation_id))


@pages.post("/opschalingen/<escalation_id>/stap/<transition>")
@login_required
def step(escalation_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the escalation."""
    _readable(escalation_id)
    refused = take(Escalation, escalation_id, transition)
    if refused is not None:
        return _show(*_readable(escalation_id), refused), 409 if refused.stale else 422
    return redirect(url_for("escalations.listing"))


@pages.post("/opschalingen/<escalation_id>/bijlage")
@login_required
def add_file(escalation_id: str) -> Response | tuple[str, int]:
    """Attach one file."""
    _readable(escalation_id)
    sent = request.files.get("file")
    file = SentFile("", "", b"") if sent is None else SentFile(sent.filename or "", sent.mimetype, sent.read())
    refused = attempt("attach", lambda _given: attach(work(), escalation_id, file))
    if refused is not None:
        return _show(*_readable(escalation_id), refused), 409 if refused.stale else 422
    return redirect(url_for("escalations.page", escalation_id=escalation_id))


@pages.get("/opschalingen/<escalation_id>/bijlage/<int:document_id>")
@login_required
def file(escalation_id: str, document_id: int) -> Response:
    """An attached file, to save and never to run here; only for who may read the case, and logged."""
    escalation, case = _readable(escalation_id)[:2]
    found = document_of(reading(), "escalation", escalation_id, document_id)
    if case is None or found is None:
        abort(404)
    log(case, "bijlage", escalation)
    answer = send_file(
        BytesIO(content_of(reading(), found.id)),
        found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = ONLY_TO_SAVE
    return answer


@pages.post("/opschalingen/<escalation_id>/rugdekking")
@login_required
def back(escalation_id: str) -> Response | tuple[str, int]:
    """Give backing for the case of this escalation."""
    escalation = _readable(escalation_id)[0]

    def act(given: dict[str, str]) -> None:
        new = NewBacking(
            given.get("deviation", ""),
            given.get("valid_until", ""),
            given.get("power"),
            given.get("amount"),
            case_id=escalation.case_id,
            escalation_id=escalation.id,
        )
        give_backing(work(), new)

    refused = attempt("give_backing", act)
    if refused is not None:
        return _show(*_readable(escalation_id), refused), 409 if refused.stale else 422
    return redirect(url_for("escalations.page", escalation_id=escalation_id))
