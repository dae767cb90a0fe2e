"""The one plan: goals, strengths beside worries, agreements, who agreed, the outcome that follows, and all on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.access.grounds import log_reading, working_ground
from wijkteam.access.reading_log import How
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.documents.pdf import WrongTemplate, make_pdf
from wijkteam.engine.definition import Text
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.plans import queries
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.plans.printing import TEMPLATE, Printed, our_plan
from wijkteam.plans.service import (
    NewAgreement,
    NewApproach,
    NewConsent,
    NewGoal,
    NewLine,
    TrackForGoal,
    add_line,
    agree_on,
    begin_track_for,
    record_consent,
    set_goal,
    try_approach,
)
from wijkteam.suggesting.words import Suggestion, suggest
from wijkteam.terms import clock
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.tracks import queries as tracks
from wijkteam.tracks.model import Track
from wijkteam.web.acting import Attempt, attempt, filled_in, house, log, options, reading, take, version_seen, work
from wijkteam.web.cases import readable, show_case
from wijkteam.web.language import _, said

pages = Blueprint("plan", __name__)
UNSAFE = "unsafe"


@dataclass(frozen=True)
class PlanShown:
    """What the cards of the plan show on the page of a case."""

    plan: queries.Plan
    tracks: Mapping[str, Track]
    loose: list[Track]
    """Open tracks that no goal has."""
    suggested: list[Suggestion]
    """Life domains that the texts of the case are about, and that have no goal."""
    outcome: queries.Outcome | None
    may_work: bool
    heavy: bool
    """Whether safety asks for agreements of its own."""


def in_full(case_id: str) -> HouseholdCase:
    """The case when the signed-in person may read all of it; else it does not exist (404)."""
    case = cases.find_case(reading(), case_id)
    if case is None or house().grounds.full_ground(reading(), work().actor, case) is None:
        abort(404)
    return case


def may_work_on(case: HouseholdCase) -> bool:
    """Whether the signed-in person works on this case, and it is open."""
    return case.state != CLOSED and working_ground(reading(), work().actor, case) is not None


@pages.app_template_global("plan_of_case")
def plan_of_case(case: HouseholdCase) -> PlanShown:
    """Everything for the cards of the plan."""
    plan = queries.plan_of_case(reading(), case.id)
    found = {each.id: each for each in tracks.tracks_of_case(reading(), case.id)}
    tied = {goal.track_id for goal in plan.goals}
    domains = {goal.life_domain for goal in plan.goals}
    worries = [line.line for line in plan.standing(queries.WORRY)]
    told = " ".join(filter(None, (case.what_is_going_on, case.question, case.plan, *worries)))
    return PlanShown(
        plan,
        found,
        [each for each in found.values() if each.id not in tied and each.ended_at is None],
        [each for each in suggest(told, house().words["life_domains"]) if each.code not in domains],
        queries.suggested_outcome(plan.goals),
        may_work_on(case),
        case.state == UNSAFE or bool(plan.safety) or any(each.covers == "safety" for each in plan.consents),
    )


@pages.app_template_global("choice_title")
def choice_title(workflow: str, field: str, code: str) -> str:
    """The title of a choice of a field, as the newest version calls it; the code when there is none."""
    choices = house().engine.workflow(workflow).fields[field].choices or {}
    return said(choices[code]) if code in choices else code


@pages.app_template_global("life_domains")
def life_domains() -> list[tuple[str, str]]:
    """The life domains that can be chosen, as (code, title)."""
    return [(code, said(title)) for code, title in house().lists["life_domains"].items.items()]


def _back(case_id: str, anchor: str) -> AnyResponse:
    return redirect(url_for("cases.page", case_id=case_id, _anchor=anchor))


def _tried(case_id: str, tried: Attempt | None, anchor: str) -> AnyResponse | tuple[str, int]:
    """Back to the case when done; else the case with what was typed and what is wrong."""
    if tried is None:
        return _back(case_id, anchor)
    return show_case(readable(case_id), tried), 409 if tried.stale else 422


def _new(case: HouseholdCase, kind: type[Any], given: Mapping[str, str], *names: str) -> Any:
    """What a service takes, with these fields of the form; a field that is not there is empty."""
    return kind(case_id=case.id, team_id=case.team_id, **{name: given.get(name, "") for name in names})


# --- goals -----------------------------------------------------------------------------------------------------------


@pages.route("/casus/<case_id>/doelen", methods=["GET", "POST"])
@login_required
def add_goal(case_id: str) -> str | AnyResponse | tuple[str, int]:
    """Add a goal: free words first, then one tap on the life domain that they are about."""
    case = readable(case_id)
    if request.method == "GET":
        log(case, "doel")
        case = readable(case_id)
        return _choose_domain(case, Attempt("add_goal", dict(request.args.items())))
    given = filled_in()
    if not given.get("life_domain") and not given.get("track_id") and given.get("words"):
        return _choose_domain(case, Attempt("add_goal", given))

    def act(given: dict[str, str]) -> None:
        new = _new(case, NewGoal, given, "words", "life_domain", "reached_when")
        set_goal(work(), NewGoal(**{**vars(new), "track_id": given.get("track_id")}))

    refused = attempt("add_goal", act)
    if refused is None:
        return _back(case_id, "doelen")
    return _choose_domain(readable(case_id), refused), 422


def _choose_domain(case: HouseholdCase, tried: Attempt) -> str:
    """The goal with the life domains that its words point to; before there are words, those of the case."""
    domains = house().lists["life_domains"].items
    words, chosen = tried.given.get("words", ""), tried.given.get("life_domain", "")
    told = words or " ".join(filter(None, (case.what_is_going_on, case.question, case.plan)))
    suggested = suggest(told, house().words["life_domains"])
    if chosen in domains:
        suggested = [Suggestion(chosen, ()), *(each for each in suggested if each.code != chosen)]
    track = tracks.find_track(reading(), tried.given.get("track_id", ""))
    return render_template(
        "goal_new.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        tried=tried,
        suggested=[each for each in suggested if each.code in domains],
        domains={code: said(title) for code, title in domains.items()},
        track=track if track is not None and track.case_id == case.id else None,
    )


def _goal(goal_id: str, to_work: bool = False) -> tuple[Goal, HouseholdCase]:
    found = queries.find_goal(reading(), goal_id)
    if found is None:
        abort(404)
    return found, readable(found.case_id) if to_work else in_full(found.case_id)


def _show_goal(goal: Goal, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    return render_template(
        "goal.html",
        goal=goal,
        case=case,
        household=cases.household(session, case.household_id),
        workflow=house().engine.workflow("goal", goal.workflow_version),
        agreements=queries.plan_of_case(session, case.id).of_goal(goal.id),
        track=tracks.find_track(session, goal.track_id) if goal.track_id else None,
        options=[each for each in options(goal) if each.transition.name != "begin_track"],
        may_work=may_work_on(case),
        tried=tried or Attempt(),
        events=list(reversed(events_of(session, "goal", goal.id))),
        colleagues=people.team_members(session, case.team_id),
    )


@pages.get("/doelen/<goal_id>")
@login_required
def goal(goal_id: str) -> str:
    """One goal with what was agreed for it; every reading is logged with its ground."""
    found, case = _goal(goal_id)
    log(case, "doel")
    return _show_goal(found, case)


def _of_goal(goal_id: str, tried: Attempt | None) -> AnyResponse | tuple[str, int]:
    if tried is None:
        return redirect(url_for("plan.goal", goal_id=goal_id))
    return _show_goal(*_goal(goal_id), tried), 409 if tried.stale else 422


@pages.post("/doelen/<goal_id>/stap/<transition>")
@login_required
def goal_step(goal_id: str, transition: str) -> AnyResponse | tuple[str, int]:
    """Take one step of the goal, such as saying how it ended."""
    _goal(goal_id, to_work=True)
    return _of_goal(goal_id, take(Goal, goal_id, transition))


@pages.post("/doelen/<goal_id>/spoor")
@login_required
def track_for_goal(goal_id: str) -> AnyResponse | tuple[str, int]:
    """Begin a track for the goal: only what the goal does not say yet is asked."""
    _goal(goal_id, to_work=True)

    def act(given: dict[str, str]) -> None:
        new = TrackForGoal(given.get("next_step", ""), given.get("next_step_on", ""), given.get("worker"))
        begin_track_for(work(), goal_id, new, seen=version_seen())

    return _of_goal(goal_id, attempt("begin_track", act))


@pages.post("/doelen/<goal_id>/afspraken")
@login_required
def agree_for_goal(goal_id: str) -> AnyResponse | tuple[str, int]:
    """Agree for this goal who does what and when."""
    case = _goal(goal_id, to_work=True)[1]

    def act(given: dict[str, str]) -> None:
        new = _new(case, NewAgreement, given, "what", "who", "by_day")
        agree_on(work(), NewAgreement(**{**vars(new), "goal_id": goal_id}))

    return _of_goal(goal_id, attempt("add_agreement", act))


# --- lines, agreements and who agreed --------------------------------------------------------------------------------


@pages.post("/casus/<case_id>/regels")
@login_required
def add_plan_line(case_id: str) -> AnyResponse | tuple[str, int]:
    """Add a strength or a worry."""
    case = readable(case_id)
    names = ("kind", "line", "said_by", "life_domain")
    tried = attempt(
        f"add_{request.form.get('kind')}", lambda given: add_line(work(), _new(case, NewLine, given, *names))
    )
    return _tried(case_id, tried, "krachten")


@pages.post("/casus/<case_id>/aanpakken")
@login_required
def add_approach(case_id: str) -> AnyResponse | tuple[str, int]:
    """Write down what is tried."""
    case = readable(case_id)
    tried = attempt("add_approach", lambda given: try_approach(work(), _new(case, NewApproach, given, "kind", "what")))
    return _tried(case_id, tried, "aanpakken")


@pages.post("/casus/<case_id>/veiligheidsafspraken")
@login_required
def agree_on_safety(case_id: str) -> AnyResponse | tuple[str, int]:
    """Agree on who does what to keep it safe."""
    case = readable(case_id)
    tried = attempt(
        "add_safety",
        lambda given: agree_on(work(), _new(case, NewAgreement, given, "what", "who", "by_day")),
    )
    return _tried(case_id, tried, "veilig")


@pages.post("/casus/<case_id>/akkoord")
@login_required
def add_consent(case_id: str) -> AnyResponse | tuple[str, int]:
    """Record who agreed with the plan, on which day and in which way."""
    case = readable(case_id)
    names = ("covers", "who", "answer", "how", "on_day", "own_words")
    tried = attempt("add_consent", lambda given: record_consent(work(), _new(case, NewConsent, given, *names)))
    return _tried(case_id, tried, "akkoord")


@pages.get("/akkoord/<consent_id>")
@login_required
def of_consent(consent_id: str) -> AnyResponse:
    """Leads to the case in which it was recorded."""
    found = reading().get(PlanConsent, consent_id)
    if found is None:
        abort(404)
    return _back(found.case_id, "akkoord")


PARTS: Mapping[str, tuple[type[Any], str]] = {
    "regels": (PlanLine, "krachten"),
    "afspraken": (Agreement, "doelen"),
    "akkoord": (PlanConsent, "akkoord"),
    "aanpakken": (Approach, "aanpakken"),
}
"""What of the plan has steps of its own, by its word in the path; and where on the page of the case it stands."""


@pages.post("/casus/<case_id>/<part>/<part_id>/stap/<transition>")
@login_required
def part_step(case_id: str, part: str, part_id: str, transition: str) -> AnyResponse | tuple[str, int]:
    """Take one step of a line, an agreement (and back to its goal, where it has one), an approach or a consent."""
    readable(case_id)
    if part not in PARTS:
        abort(404)
    model, anchor = PARTS[part]
    found = queries.of_case(reading(), model, case_id, part_id)
    if found is None:
        abort(404)
    tried = take(model, part_id, transition)
    if isinstance(found, Agreement):
        if found.goal_id is not None:
            return _of_goal(found.goal_id, tried)
        anchor = "veilig"
    return _tried(case_id, tried, anchor)


# --- the outcome, and the plan on paper ------------------------------------------------------------------------------


@pages.get("/casus/<case_id>/uitkomst")
@login_required
def outcome(case_id: str) -> str | AnyResponse:
    """What the goals suggest for the outcome of the case, ready to be confirmed or said differently."""
    case = readable(case_id)
    finish = next((each for each in options(case) if each.transition.name == "finish" and each.open), None)
    if finish is None:
        return _back(case_id, "mag")
    log(case, "uitkomst")
    case = readable(case_id)
    goals = queries.plan_of_case(reading(), case_id).goals
    found = queries.suggested_outcome(goals)
    given = {"outcome": found.code, "outcome_reason": found.because} if found else {}
    given["outcome_words"] = "\n".join(dict.fromkeys(each.own_words for each in goals if each.own_words))
    given |= {"next_step": _("Vragen hoe het nu gaat"), "next_step_on": _end_of_aftercare(case).isoformat()}
    return render_template(
        "outcome.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        goals=goals,
        suggested=found,
        finish=finish,
        workflow=house().engine.workflow("household_case", case.workflow_version),
        tried=Attempt("finish", given),
        colleagues=people.team_members(reading(), case.team_id),
    )


def _end_of_aftercare(case: HouseholdCase) -> date:
    """The last day of the stage that finishing leads to, as far as its definition gives it a length."""
    workflow = house().engine.workflow("household_case", case.workflow_version)
    term = workflow.states["aftercare"].term
    within = term.within if term is not None else None
    return add_to(clock.today(), read_duration(within)) if within else clock.today()


def _title_of(kind: str, code: str) -> Text | None:
    if kind in house().lists:
        return house().lists[kind].items.get(code)
    found = next((each.states[code] for each in house().engine.versions(kind) if code in each.states), None)
    return found.title if found is not None else None


def as_printed(english: bool = False, with_safety: bool = False) -> Printed:
    """How the plan is put on paper: in which language, and with the safety agreements or without."""
    municipality = str(current_app.jinja_env.globals["municipality"])
    return Printed(municipality, _title_of, "en" if english else "nl", with_safety)


@pages.get("/casus/<case_id>/ons-plan.pdf")
@login_required
def printed(case_id: str) -> Response | tuple[str, int]:
    """The plan on paper for the family (?taal=en, ?veiligheid=ja); that it was read is logged first."""
    case = in_full(case_id)
    ground = house().grounds.full_ground(reading(), work().actor, case)
    assert ground is not None
    log_reading(work(), case, ground, "ons plan (pdf)", how=How.PRINT)  # not said to people
    english, safety = request.args.get("taal") == "en", request.args.get("veiligheid") == "ja"
    try:
        content = make_pdf(TEMPLATE, our_plan(reading(), in_full(case_id), as_printed(english, safety)))
    except WrongTemplate:
        text = _("Het plan kan nu niet worden geprint. De beheerder moet eerst het sjabloon herstellen.")
        return render_template("message.html", title=_("Nog niet klaar"), text=text), 503
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="ons-plan.pdf"'
    return answer
