"""Cases: opening one, and the case itself."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.grounds import READ_ONLY, Ground, working_ground
from wijkteam.access.lasting import broken_glass
from wijkteam.access.model import BreakGlass
from wijkteam.access.sharing import shared_with, shares_of_case
from wijkteam.cases import queries
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.fields import WrongFields, read_cents, read_coming_day
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.backing import backings_of_case
from wijkteam.escalation.model import Backing, Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.queries import events_of
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.letters import queries as letters
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.mandate.vocabulary import RESERVED
from wijkteam.objections import queries as objections
from wijkteam.people import queries as people
from wijkteam.search.doubles import Double, doubles_of, doubles_of_case, put_away_doubles
from wijkteam.search.resembling import Likeness
from wijkteam.storage.work import NotThere
from wijkteam.suggesting.words import suggest
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.web.acting import (
    Attempt,
    attempt,
    filled_in,
    house,
    log,
    look_what_hangs_under,
    options,
    reading,
    take,
    work,
)
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _, later, said
from wijkteam.web.paging import asked_page, turning
from wijkteam.web.protection import STEPS as OF_PROTECTION
from wijkteam.web.showing import power_titles
from wijkteam.web.suggested import WRITTEN, after_writing
from wijkteam.zgw.queries import zaak_of

pages = Blueprint("cases", __name__)


def readable(case_id: str) -> HouseholdCase:
    """The case when the signed-in person may do more with it than read; else it does not exist (404)."""
    case, ground = _seen(case_id)
    if ground in READ_ONLY:
        abort(404)
    return case


def _seen(case_id: str) -> tuple[HouseholdCase, Ground]:
    """The case, and the ground on which the signed-in person reads it; else it does not exist (404)."""
    case = queries.find_case(reading(), case_id)
    ground = house().grounds.ground(reading(), work().actor, case) if case is not None else None
    if case is None or ground is None:
        abort(404)
    return case, ground


NOT_FOR_GUESTS = frozenset({*OF_PROTECTION, "decide"})
"""Steps of which a guest does not even see that they were taken."""


def _show_guest(case: HouseholdCase) -> str:
    """What a guest reads: the plan, the next step, the tracks, and which steps were taken when.

    Nothing that was typed in notes, no letters, no requests, no decisions.
    """
    session = reading()
    events = reversed(events_of(session, "household_case", case.id))
    return render_template(
        "case_guest.html",
        case=case,
        household=queries.household(session, case.household_id),
        team=people.team_name(session, case.team_id),
        tracks=tracks.tracks_of_case(session, case.id),
        shares=[each for each in shared_with(session, work().actor.person_id) if each.case_id == case.id],
        events=[each for each in events if each.name not in NOT_FOR_GUESTS],
    )


def _show(case: HouseholdCase, tried: Attempt | None = None, glass: BreakGlass | None = None) -> str:
    session = reading()
    look_what_hangs_under(case)
    asked = escalations.escalations_of_case(session, case.id)
    moments = due_moments(session, [case.id], HouseholdCase.workflow)
    household = queries.household(session, case.household_id)
    events = list(reversed(events_of(session, "household_case", case.id)))
    offered = [each for each in options(case) if each.transition.name not in OF_PROTECTION]
    decisions = mandate.decisions_of_case(session, case.id)
    written = letters.letters_of_case(session, case.id)
    return render_template(
        "case.html",
        case=case,
        workflow=house().engine.workflow("household_case", case.workflow_version),
        household=household,
        buurt=queries.buurt(session, household.buurt_code),
        team=people.team_name(session, case.team_id),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(case, events, offered),
        tracks=tracks.tracks_of_case(session, case.id),
        legal_terms=legal_terms.legal_terms_of_case(session, case.id),
        startable=house().legal_table.startable(),
        escalations=asked,
        backings=[] if session.knows_of_none(case.id, Backing, Escalation) else backings_of_case(session, case.id),
        phase=escalations.phase_of(asked, house().ladder),
        ladder=house().ladder,
        requests=mandate.requests_of_case(session, case.id),
        decisions=decisions,
        letters=written,
        letters_made=letters.with_pdf(session, {letter.id for letter in written.values()}),
        objections=objections.objections_of_case(session, case.id),
        undone=objections.undone(session, [decision.id for decision in decisions]),
        powers=power_titles(),
        colleagues=people.team_members(session, case.team_id),
        due=moments.get(case.id),
        listed={name: each.items for name, each in house().lists.items()},
        may_escalate=working_ground(session, work().actor, case) is not None,
        shares=shares_of_case(session, case.id),
        zaak=zaak_of(session, case.id),
        glass=glass,
        doubles=doubles_of_case(session, case.id) if case.owner_id == work().actor.person_id else [],
        may_work=work().actor.person_id == case.owner_id or case.team_id in work().actor.team_ids,
    )


show_case = _show
"""The page of a case, for views of what hangs under it too."""


LIKE = {
    Likeness.ADDRESS: later("zelfde adres"),
    Likeness.NAME: later("naam lijkt erop"),
    Likeness.BIRTH_DATE: later("zelfde geboortedatum van een bewoner"),
}
"""By what a household looks like the one of the new case, as the page says it."""


@pages.route("/casus/openen", methods=["GET", "POST"])
@login_required
def new() -> str | Response | tuple[str, int]:
    """Open a case: three things are needed, the rest can wait."""
    session, person = reading(), work().actor
    if "best_person" not in person.functions:
        abort(404)
    wijken = {code for team in person.team_ids for code in people.wijken_of(session, team)}
    tried, doubles = Attempt(), list[Double]()
    if request.method == "POST":
        opened: list[HouseholdCase] = []

        def act(given: dict[str, str]) -> HouseholdCase:
            if not given.pop("seen_doubles", ""):
                doubles.extend(doubles_of(session, given.get("who_or_where", ""), given.get("what_is_going_on", "")))
            if doubles:
                raise WrongFields({})
            opened.append(open_case(work(), new_case(given)))
            return opened[0]

        refused = attempt("open", act)
        if refused is None:
            return redirect(after_writing(opened[0]))
        tried = refused
    buurten = queries.buurten(session, wijken)
    like = {each: _(text) for each, text in LIKE.items()}
    page = render_template("case_open.html", tried=tried, buurten=buurten, doubles=doubles, like=like)
    return (page, 422) if tried.transition else page


def new_case(given: Mapping[str, str]) -> NewCase:
    """The case that a filled-in form asks to open."""
    return NewCase(
        given.get("who_or_where", ""),
        given.get("what_is_going_on", ""),
        given.get("next_step", ""),
        given.get("next_step_on", ""),
        given.get("buurt_code"),
    )


def new_escalation(case: HouseholdCase, given: Mapping[str, str]) -> NewEscalation:
    """The escalation that a filled-in form asks for."""
    return NewEscalation(
        case.id,
        case.team_id,
        given.get("question", ""),
        given.get("barrier", ""),
        "for_information" if given.get("for_information") == "ja" else given.get("kind", "question"),
        given.get("remedy"),
        given.get("safety_at_stake") == "ja",
    )


@pages.get("/casus/<case_id>")
@login_required
def page(case_id: str) -> str:
    """The case; every reading is logged with its ground."""
    case = _seen(case_id)[0]
    log(case, "casus")
    case, ground = _seen(case_id)
    if ground is Ground.GUEST:
        return _show_guest(case)
    glass = broken_glass(reading(), case.id, work().actor.person_id) if ground in READ_ONLY else None
    return _show(case, glass=glass)


@pages.post("/casus/<case_id>/stap/<transition>")
@login_required
def step(case_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the case."""
    try:
        refused = take(HouseholdCase, case_id, transition, lambda case: house().grounds.is_own(work().actor, case))
    except NotThere:  # there by another ground, or not at all: what is asked then is the same
        readable(case_id)
        refused = take(HouseholdCase, case_id, transition)
    if refused is None:
        written = readable(case_id) if transition in WRITTEN else None
        return redirect(after_writing(written) if written else url_for("cases.page", case_id=case_id))
    return _show(readable(case_id), refused), 409 if refused.stale else 422


@pages.post("/casus/<case_id>/dubbel-gezien")
@login_required
def put_away_double(case_id: str) -> Response:
    """The owner has seen who opened a case that looks like this one."""
    readable(case_id)
    try:
        put_away_doubles(work(), case_id)
    except LookupError:
        abort(404)
    return redirect(url_for("cases.page", case_id=case_id))


@pages.post("/casus/<case_id>/spoor")
@login_required
def begin_track_in(case_id: str) -> Response | tuple[str, int]:
    """Begin a track: one life domain, one goal, one who does it."""
    case = readable(case_id)

    def act(given: dict[str, str]) -> None:
        new = NewTrack(
            case.id,
            case.team_id,
            given.get("life_domain", ""),
            given.get("goal", ""),
            given.get("next_step", ""),
            given.get("next_step_on", ""),
            given.get("worker"),
        )
        begin_track(work(), new)

    refused = attempt("begin_track", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id))
    return _show(readable(case_id), refused), 422


@pages.post("/casus/<case_id>/termijn")
@login_required
def start_legal_term_in(case_id: str) -> Response | tuple[str, int]:
    """Start a legal term: which one, and the day on which it began."""
    case = readable(case_id)

    def act(given: dict[str, str]) -> None:
        new = NewLegalTerm(
            case.id,
            case.team_id,
            given.get("matter", ""),
            given.get("started_on", ""),
            given.get("started_time"),
            given.get("concerns"),
        )
        start_legal_term(work(), new)

    refused = attempt("start_legal_term", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id))
    return _show(readable(case_id), refused), 422


@pages.route("/casus/<case_id>/opschalen", methods=["GET", "POST"])
@login_required
def escalate_case(case_id: str) -> str | Response | tuple[str, int]:
    """Escalate: one sentence, then one tap on what stands in the way."""
    case = readable(case_id)
    if request.method == "GET" or not request.form.get("barrier"):
        return _choose_barrier(case, Attempt("escalate", filled_in()))

    refused = attempt("escalate", lambda given: escalate(work(), new_escalation(case, given)))
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id))
    return _choose_barrier(readable(case_id), refused), 422


def _choose_barrier(case: HouseholdCase, tried: Attempt) -> str:
    """The second step: the barriers that the sentence points to as buttons, and all others; a person chooses."""
    sentence = tried.given.get("question", "")
    barriers, remedies = house().lists["barriers"].items, house().lists["remedies"].items
    return render_template(
        "escalate.html",
        case=case,
        household=queries.household(reading(), case.household_id),
        tried=tried,
        sentence=sentence,
        suggested=[each for each in suggest(sentence, house().words["barriers"]) if each.code in barriers],
        barriers={code: said(title) for code, title in barriers.items()},
        remedies={code: said(title) for code, title in remedies.items()},
        likely=[each.code for each in suggest(sentence, house().words["remedies"]) if each.code in remedies],
    )


@pages.post("/casus/<case_id>/mandaat")
@login_required
def ask_mandate(case_id: str) -> Response | tuple[str, int]:
    """Ask for a decision beyond my own mandate."""
    case = readable(case_id)

    def act(given: dict[str, str]) -> None:
        request_mandate(work(), asked_mandate(case, given))

    refused = attempt("ask_mandate", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id))
    return _show(readable(case_id), refused), 422


def asked_mandate(case: HouseholdCase, given: Mapping[str, Any]) -> AskedDecision:
    """What a filled-in form asks mandate for. Raises WrongFields."""
    amount = read_cents(given["amount"], "amount") if given.get("amount") else None
    if given.get("power") not in mandate.powers(reading()) or given["power"] == objections.POWER:
        raise WrongFields.of("power", "Kies iets uit de lijst.", "Choose one from the list.")
    if not given.get("reason"):
        raise WrongFields.of("reason", "Vul dit in.", "Please fill this in.")
    return AskedDecision(
        given["power"],
        amount,
        given["reason"],
        case.id,
        case.household_id,
        case.team_id,
        until=read_coming_day(given["until"], "until") if given.get("until") else None,
        reserved=frozenset(code for code in RESERVED if given.get(code)),
        wijk_code=queries.wijk_of(reading(), case.household_id),
    )


@pages.get("/casussen")
@login_required
def team() -> str:
    """The open cases of my teams, some on each page."""
    session = reading()
    found = queries.page_of_teams(session, work().actor.team_ids, asked_page())
    homes = queries.households(session, {case.household_id for case in found.rows})
    owners = people.names(session, {case.owner_id for case in found.rows})
    to = turning("cases.team", "lijst")
    return render_template("cases.html", found=found, households=homes, owners=owners, to=to)
