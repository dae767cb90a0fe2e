"""Appointments: making one, one appointment, and the calendar of one's own phone."""

from datetime import datetime, time, timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.appointments import queries
from wijkteam.appointments.calendar import MINIMAL, Shown, as_calendar
from wijkteam.appointments.model import Appointment
from wijkteam.appointments.service import (
    NewAppointment,
    NextStep,
    begin_feed,
    end_appointment,
    end_feed,
    feed_by_secret,
    move_appointment,
    plan_appointment,
    was_logged,
)
from wijkteam.appointments.times import as_next_step
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.web.acting import (
    Attempt,
    act_for,
    attempt,
    house,
    log,
    options,
    over_all,
    reading,
    safety,
    version_seen,
    work,
)
from wijkteam.web.cases import readable, show_case
from wijkteam.web.household import choices, works_here
from wijkteam.web.language import _

pages = Blueprint("appointments", __name__)
ENDS = frozenset({"keep", "miss", "cancel"})
CALENDAR = "text/calendar"
NEXT_STEP = ("next_step", "next_step_on")
"""What a form may say besides the step: what the case does next."""


@pages.app_template_global("appointments_of_case")
def appointments_of_case(case: HouseholdCase) -> list[Appointment]:
    """The appointments of a case, planned ones first."""
    return queries.appointments_of_case(reading(), case.id)


@pages.app_template_global("lengths_of_appointments")
def lengths() -> list[tuple[str, str]]:
    """How long an appointment can last, to choose from."""
    return choices("appointment", "lasts")


@pages.app_template_global("my_coming_appointments")
def my_coming_appointments() -> list[tuple[Appointment, str]]:
    """My appointments of today and tomorrow and those of which it was not said how they ended, with the household."""
    day_after = clock.today() + timedelta(days=2)
    until = datetime.combine(day_after, time(), clock.NETHERLANDS)
    session = reading()
    found = queries.planned_until(session, work().actor.person_id, until)
    about = cases.cases(session, {each.case_id for each in found})
    homes = cases.households(session, {case.household_id for case in about.values()})
    return [(each, homes[about[each.case_id].household_id].who_or_where) for each in found if each.case_id in about]


@pages.post("/casus/<case_id>/afspraken")
@login_required
def make(case_id: str) -> AnyResponse | tuple[str, int]:
    """Make an appointment, and let it be the next step of the case when that is ticked."""
    case = readable(case_id)
    if not works_here(case):
        abort(404)

    def act(given: dict[str, str]) -> None:
        new = NewAppointment(
            case.id,
            given.get("what_for", ""),
            given.get("on_day", ""),
            given.get("at_time", ""),
            given.get("lasts"),
            given.get("with_whom"),
            given.get("place"),
            given.get("goer"),
            given.get("is_next_step") == "ja",
        )
        plan_appointment(work(), new)

    refused = attempt("plan", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id, _anchor="afspraken"))
    return show_case(readable(case_id), refused), 422


def _readable(appointment_id: str) -> tuple[Appointment, HouseholdCase]:
    found = queries.find_appointment(reading(), appointment_id)
    case = cases.find_case(reading(), found.case_id) if found is not None else None
    if found is None or case is None:
        abort(404)
    return found, case


def _show(found: Appointment, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    stands = found.is_next_step and case.next_step == as_next_step(found)
    return render_template(
        "appointment.html",
        appointment=found,
        case=case,
        household=cases.household(session, case.household_id),
        workflow=house().engine.workflow("appointment", found.workflow_version),
        options=options(found),
        tried=tried or Attempt(),
        events=list(reversed(events_of(session, "appointment", found.id))),
        colleagues=people.team_members(session, case.team_id),
        asks_next_step=stands and case.owner_id == work().actor.person_id,
    )


@pages.get("/afspraken/<appointment_id>")
@login_required
def page(appointment_id: str) -> str:
    """One appointment; every reading is logged with its ground."""
    log(_readable(appointment_id)[1], "afspraak")
    return _show(*_readable(appointment_id))


@pages.post("/afspraken/<appointment_id>/stap/<transition>")
@login_required
def step(appointment_id: str, transition: str) -> AnyResponse | tuple[str, int]:
    """Move an appointment, or say how it ended."""
    case = _readable(appointment_id)[1]
    readable(case.id)

    def act(given: dict[str, str]) -> None:
        if transition not in ENDS:
            move_appointment(work(), appointment_id, given, version_seen())
            return
        following = NextStep(*(given.pop(name, "") for name in NEXT_STEP))
        end_appointment(work(), appointment_id, transition, given, following, version_seen())

    if transition not in ENDS | {"move"}:
        abort(404)
    refused = attempt(transition, act)
    if refused is not None:
        return _show(*_readable(appointment_id), refused), 409 if refused.stale else 422
    return redirect(url_for("cases.page", case_id=case.id, _anchor="afspraken"))


@pages.get("/afspraken/<appointment_id>/afspraak.ics")
@login_required
def one(appointment_id: str) -> Response:
    """One appointment to put into a calendar: what for and where, without the name of the household."""
    log(_readable(appointment_id)[1], "afspraak")
    found = _readable(appointment_id)[0]
    shown = Shown(found, found.what_for, found.place, link_of(found))
    return _calendar([shown], "attachment; filename=afspraak.ics")


@pages.route("/mijn-agenda", methods=["GET", "POST"])
@login_required
def mine() -> str | AnyResponse:
    """The secret address of one's own calendar: making one, which ends the one before, and ending it."""
    secret = ""
    if request.method == "POST":
        if request.form.get("stop"):
            end_feed(work())
            return redirect(url_for("appointments.mine"))
        secret = begin_feed(work(), safety().calendar_names and request.form.get("with_names") == "ja")
    feed = over_all(queries.feed_of, work().actor.person_id)
    address = url_for("appointments.feed", secret=secret, _external=True) if secret else ""
    if address and safety().address:
        address = f"{safety().address}{url_for('appointments.feed', secret=secret)}"
    return render_template("my_calendar.html", feed=feed, address=address, names_allowed=safety().calendar_names)


@pages.get("/agenda/<secret>.ics")
def feed(secret: str) -> Response:
    """The calendar of whoever has this secret address: without names unless both house and person want them."""
    found = feed_by_secret(work(), secret)
    if found is None or not act_for(found.person_id):
        abort(404)
    session = reading()
    told = found.with_names and safety().calendar_names
    planned = queries.for_calendar(session, found.person_id, clock.now())
    about = cases.cases(session, {each.case_id for each in planned})
    if not told:
        shown = [Shown(each, MINIMAL, None, link_of(each)) for each in planned if each.case_id in about]
        return _calendar(shown, "inline")
    _log_once_a_day(found.id, found.logged_at, list(about.values()), planned)
    homes = cases.households(session, {case.household_id for case in about.values()})
    shown = [
        Shown(
            each,
            f"{homes[about[each.case_id].household_id].who_or_where}: {each.what_for}",
            each.place,
            link_of(each),
        )
        for each in planned
        if each.case_id in about
    ]
    return _calendar(shown, "inline")


def _log_once_a_day(
    feed_id: int, logged_at: datetime | None, found: list[HouseholdCase], planned: list[Appointment]
) -> None:
    """Calendars ask every hour: a day is one reading, until something was planned or moved since."""
    now = clock.now()
    newest = max((each.state_since for each in planned), default=now)
    if logged_at is not None and clock.local(logged_at).date() == clock.today() and newest <= logged_at:
        return
    for case in found:
        log(case, "agenda")
    was_logged(work(), feed_id, now)


def link_of(appointment: Appointment) -> str | None:
    """The address of an appointment's page, for calendars; None where this system has no known address."""
    at = safety().address
    return f"{at}{url_for('appointments.page', appointment_id=appointment.id)}" if at else None


def _calendar(shown: list[Shown], disposition: str) -> Response:
    answer = Response(as_calendar(shown, _("Afspraken wijkteam")), mimetype=CALENDAR)
    answer.headers["Content-Disposition"] = disposition
    return answer
