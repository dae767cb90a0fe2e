"""Measurements: filling one in, looking at one, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of
from wijkteam.measuring import queries
from wijkteam.measuring.instrument import Instrument
from wijkteam.measuring.model import Measurement
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.residents import queries as residents
from wijkteam.residents.model import Resident
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, attempt, house, log, options, reading, take, work
from wijkteam.web.cases import readable
from wijkteam.web.plan import in_full, may_work_on

pages = Blueprint("measuring", __name__)
SCORE = "score-"
"""What the names of scores in a form begin with."""


@dataclass(frozen=True)
class Measured:
    """What the card of measurements shows on the page of a case."""

    series: list[queries.Series]
    instruments: list[Instrument]
    residents: Mapping[str, str]
    """The names of residents by id."""
    may_work: bool


@pages.app_template_global("measurements_of_case")
def measurements_of_case(case: HouseholdCase) -> Measured:
    """Everything for the card of measurements."""
    found = queries.measurements_of_case(reading(), case.id)
    return Measured(
        queries.series_of(house().instruments, found),
        list(house().instruments.choices()),
        {each.id: each.name or "" for each in residents.residents_of(reading(), case.household_id)},
        may_work_on(case),
    )


def _residents(case: HouseholdCase, instrument: Instrument) -> list[Resident]:
    """Who can be measured by name."""
    by_name = {"adult", "youth"} & set(instrument.of)
    return residents.residents_of(reading(), case.household_id) if by_name else []


def _form(case: HouseholdCase, instrument: Instrument, tried: Attempt) -> str:
    who = tried.given.get("resident_id") or None
    replaced = queries.find_measurement(reading(), case.id, tried.given.get("replaces", ""))
    given = dict(tried.given)
    if replaced is not None and not any(name.startswith(SCORE) for name in given):
        given = {**{f"{SCORE}{domain}": str(level) for domain, level in replaced.levels.items()}, **given}
        given.setdefault("taken_on", replaced.taken_on.isoformat())
        given.setdefault("note", replaced.note or "")
        who = replaced.resident_id
    return render_template(
        "measurement_new.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        instrument=instrument,
        residents=_residents(case, instrument),
        who=who,
        before=queries.latest(reading(), case.id, instrument.instrument, who),
        replaced=replaced,
        tried=Attempt(tried.transition, given, tried.mistakes, tried.message, tried.stale),
        today=clock.today().isoformat(),
    )


@pages.route("/casus/<case_id>/meten/<instrument>", methods=["GET", "POST"])
@login_required
def new(case_id: str, instrument: str) -> str | Response | tuple[str, int]:
    """Fill in a measurement; what was filled in stays when something is missing. `?replaces=` puts one right."""
    case = readable(case_id)
    found = house().instruments.in_force(instrument)
    if found is None:
        abort(404)
    if request.method == "GET":
        log(case, "meting")
        case = readable(case_id)
        return _form(case, found, Attempt("measure", {name: request.args[name] for name in request.args}))
    made: list[Measurement] = []

    def act(given: dict[str, str]) -> None:
        scores = {name.removeprefix(SCORE): value for name, value in given.items() if name.startswith(SCORE)}
        new = NewMeasurement(
            case.id,
            case.team_id,
            instrument,
            given.get("taken_on", ""),
            scores,
            given.get("resident_id"),
            given.get("note"),
            given.get("replaces"),
        )
        made.append(take_measurement(work(), house().instruments, new))

    refused = attempt("measure", act)
    if refused is not None:
        return _form(readable(case_id), found, refused), 409 if refused.stale else 422
    return redirect(url_for("measuring.one", measurement_id=made[0].id))


def _readable(measurement_id: str, to_work: bool = False) -> tuple[Measurement, HouseholdCase]:
    found = reading().get(Measurement, measurement_id, populate_existing=True)
    if found is None:
        abort(404)
    return found, readable(found.case_id) if to_work else in_full(found.case_id)


def _show(measurement: Measurement, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    found = house().instruments.find(measurement.instrument, measurement.instrument_version)
    resident = residents.find_resident(session, measurement.resident_id) if measurement.resident_id else None
    current = house().instruments.in_force(measurement.instrument)
    return render_template(
        "measurement.html",
        measurement=measurement,
        case=case,
        household=cases.household(session, case.household_id),
        instrument=found,
        can_be_replaced=current is not None and current == found and measurement.ended_at is None,
        resident=resident,
        workflow=house().engine.workflow("measurement", measurement.workflow_version),
        options=[each for each in options(measurement) if each.transition.name != "replace"],
        may_work=may_work_on(case),
        tried=tried or Attempt(),
        events=list(reversed(events_of(session, "measurement", measurement.id))),
    )


@pages.get("/metingen/<measurement_id>")
@login_required
def one(measurement_id: str) -> str:
    """One measurement; every reading is logged with its ground."""
    log(_readable(measurement_id)[1], "meting")
    return _show(*_readable(measurement_id))


@pages.post("/metingen/<measurement_id>/stap/<transition>")
@login_required
def step(measurement_id: str, transition: str) -> Response | tuple[str, int]:
    """Withdraw a measurement."""
    _readable(measurement_id, to_work=True)
    refused = take(Measurement, measurement_id, transition)
    if refused is not None:
        return _show(*_readable(measurement_id), refused), 409 if refused.stale else 422
    return redirect(url_for("measuring.one", measurement_id=measurement_id))
