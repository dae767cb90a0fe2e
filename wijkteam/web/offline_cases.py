"""What goes along on a device, and what comes back from it: pages of my open cases, and things written on them."""

import hashlib
import re
from collections.abc import Callable

from flask import Response, abort, jsonify, render_template, request, url_for
from flask_login import login_required

from wijkteam.access.grounds import READ_ONLY, Ground
from wijkteam.cases import queries as cases
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import open_case
from wijkteam.engine.definition import Transition
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.service import escalate
from wijkteam.events.queries import events_of
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.offline.queries import cases_to_take_along, sent_before
from wijkteam.offline.service import AlreadySent, Outcome
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.tracks import queries as tracks
from wijkteam.web.acting import Attempt, attempt, filled_in, house, log, options, over_all, reading, version_seen, work
from wijkteam.web.cases import new_case, new_escalation
from wijkteam.web.language import _, said
from wijkteam.web.offline import held_key, only_where_allowed, pages
from wijkteam.web.once import sending
from wijkteam.web.showing import moment

WRITES_IN = {
    "add_note": "note",
    "change_next_step": "note",
    "lose_contact": "contact_tried",
    "regain_contact": "contact_regained",
}
"""The steps that can be taken without a connection, each with the text in which it is said when it was written."""
ESCALATE, OPEN = "escalate", "open"
LAST_EVENTS = 30
DRAWN = re.compile(r'<input type="hidden" name="(csrf_token|sending)" value="[^"]*">')
"""What is drawn anew for each page, so that no page would ever be as it was: what is sent later gets its own."""


@pages.post("/offline/pakket")
@login_required
def package() -> Response:
    """Every page that goes along: all paths, and the text of those that the device has not like this already.

    The form's `have` holds a line for each page that it has: path, space, digest. What is handed out is logged.
    """
    only_where_allowed()
    key_id = held_key()
    if key_id is None:
        abort(404)
    have = set(request.form.get("have", "").splitlines())
    taken = [each for each in cases_to_take_along(reading(), work().actor.person_id) if _is_member(each)]
    homes = cases.households(reading(), {each.household_id for each in taken})
    made = {url_for("cases.page", case_id=each.id): _kept_case(each, homes[each.household_id]) for each in taken}
    made |= _kept_beside(taken, homes)
    digests = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in made.items()}
    fresh = {path for path, digest in digests.items() if f"{path} {digest}" not in have}
    with work().transaction():
        for each in taken:
            if url_for("cases.page", case_id=each.id) in fresh:
                log(each, "offline meegenomen")  # not said to people
    return jsonify(
        key=key_id,
        at=clock.local(clock.now()).strftime("%H:%M"),
        pages={path: {"digest": digests[path], "html": made[path] if path in fresh else None} for path in made},
    )


def _is_member(case: HouseholdCase) -> bool:
    return house().grounds.ground(reading(), work().actor, case) is Ground.MEMBER


def _plain(page: str) -> str:
    return DRAWN.sub("", page)


def _kept_case(case: HouseholdCase, household: Household) -> str:
    session = reading()
    return _plain(
        render_template(
            "offline/case.html",
            case=case,
            household=household,
            workflow=house().engine.workflow("household_case", case.workflow_version),
            options=[each for each in options(case) if each.open and each.transition.name in WRITES_IN],
            team=people.team_name(session, case.team_id),
            colleagues=people.team_members(session, case.team_id),
            tracks=tracks.tracks_of_case(session, case.id),
            legal_terms=legal_terms.legal_terms_of_case(session, case.id),
            escalations=escalations.escalations_of_case(session, case.id),
            events=list(reversed(events_of(session, "household_case", case.id)))[:LAST_EVENTS],
            barriers=_barriers(),
            tried=Attempt(),
        )
    )


def _barriers() -> list[tuple[str, str]]:
    return [(code, said(title)) for code, title in house().lists["barriers"].items.items()]


def _buurten() -> list[tuple[str, str]]:
    wijken = {code for team in work().actor.team_ids for code in people.wijken_of(reading(), team)}
    return [(each.code, each.name) for each in cases.buurten(reading(), wijken)]


def _kept_beside(taken: list[HouseholdCase], homes: dict[int, Household]) -> dict[str, str]:
    """The pages besides those of cases; `*` stands for every page that does not go along."""
    may_open = "best_person" in work().actor.functions
    made = {
        "/": render_template("offline/my_work.html", cases=taken, households=homes, may_open=may_open),
        "/offline/wacht": render_template("offline/waiting.html"),
        "opschalen": render_template("offline/escalate.html", barriers=_barriers()),
        "*": render_template("offline/not_along.html", may_open=may_open),
    }
    if may_open:
        made[url_for("cases.new")] = render_template("offline/case_open.html", tried=Attempt(), buurten=_buurten())
    return {path: _plain(text) for path, text in made.items()}


@pages.post("/offline/verzenden/openen")
@login_required
def send_opening() -> Response:
    """Open a case that was written on a device, once."""
    only_where_allowed()
    if "best_person" not in work().actor.functions:
        abort(404)
    return _answer(None, OPEN, lambda given: open_case(work(), new_case(given)))


@pages.post("/offline/verzenden/<case_id>/<deed>")
@login_required
def send(case_id: str, deed: str) -> Response:
    """Take a step of a case, or escalate it, that was written on a device, once."""
    case = cases.find_case(reading(), case_id)
    ground = house().grounds.ground(reading(), work().actor, case) if case is not None else None
    known = sending(filled_in())
    before = over_all(sent_before, work().actor.person_id, known.id) if known is not None else None
    if before is not None and known is not None and before.digest == known.digest:
        return _done(Outcome(before.case_id, before.version))
    if case is None or ground is None or ground in READ_ONLY or deed not in {*WRITES_IN, ESCALATE}:
        abort(404)
    if deed == ESCALATE:
        return _answer(case, deed, lambda given: escalate(work(), new_escalation(case, given)))
    seen = version_seen()
    return _answer(case, deed, lambda given: work().act_on(HouseholdCase, case_id, deed, _dated(deed, given), seen))


def _dated(deed: str, given: dict[str, str]) -> dict[str, str]:
    """What was filled in, and when it was written where that was some time ago: the record says when it was sent."""
    known, field = sending(filled_in()), WRITES_IN[deed]
    if known is None or not known.was_long_ago() or not given.get(field):
        return given
    written = _("(Geschreven op %(moment)s, zonder verbinding.)", moment=moment(known.written_at))
    return {**given, field: f"{given[field]}\n{written}"}


def _done(outcome: Outcome) -> Response:
    return jsonify(outcome="done", case=outcome.case_id, version=outcome.version)


def _answer(case: HouseholdCase | None, deed: str, act: Callable[[dict[str, str]], object]) -> Response:
    """Do it, and say what came of it; what cannot be done comes back as a form, with what happened meanwhile."""
    known = sending(filled_in())
    if known is None:
        abort(400)
    try:
        refused = attempt(deed, act)
    except AlreadySent as sent:
        return _done(sent.outcome)
    if refused is None:
        made = over_all(sent_before, work().actor.person_id, known.id)
        return _done(Outcome(made.case_id, made.version) if made is not None else Outcome(None, None))
    answer = jsonify(outcome="stale" if refused.stale else "wrong", html=_side_by_side(case, deed, refused, known.id))
    answer.status_code = 409 if refused.stale else 422
    return answer


def _side_by_side(case: HouseholdCase | None, deed: str, refused: Attempt, number: str) -> str:
    """What happened since the device saw the case, beside what was written on it, to send after all or to change."""
    now = cases.find_case(reading(), case.id) if case is not None else None
    events = events_of(reading(), "household_case", now.id) if now is not None else []
    seen = version_seen() or 0
    workflow = house().engine.workflow("household_case", now.workflow_version if now is not None else None)
    return _plain(
        render_template(
            "offline/side_by_side.html",
            case=now,
            household=cases.household(reading(), now.household_id) if now is not None else None,
            deed=deed,
            number=number,
            workflow=workflow,
            transition=_transition(workflow.transitions, deed),
            tried=refused,
            since=list(reversed([each for each in events if each.sequence > seen])) if refused.stale else [],
            colleagues=people.team_members(reading(), now.team_id) if now is not None else [],
            barriers=_barriers(),
            buurten=_buurten() if deed == OPEN else [],
        )
    )


def _transition(transitions: list[Transition], name: str) -> Transition | None:
    return next((each for each in transitions if each.name == name), None)
