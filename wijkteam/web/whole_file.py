"""A resident's whole file (AVG art. 15): made for the owner of the case, or for the privacy officer."""

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required

from wijkteam.access.grounds import Ground
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.retention.queries import OFFICER
from wijkteam.retention.whole_file import (
    Handing,
    NoSuchHousehold,
    WholeFile,
    as_files,
    as_zip,
    case_to_hand_over,
    make_whole_file,
)
from wijkteam.web.acting import house, over_all, reading, work
from wijkteam.web.language import _, later
from wijkteam.web.proving import proved_recently

pages = Blueprint("whole_file", __name__)
WRITE_NUMBERS = later("Schrijf nummers zoals T4 T12.")


def to_hand_over(case_id: str) -> tuple[HouseholdCase, Ground]:
    """The case and the ground on which its file may be made; for all others it is not there (404)."""
    if OFFICER not in work().actor.functions and cases.find_case(reading(), case_id) is None:
        abort(404)
    return over_all(case_to_hand_over, house().grounds, work().actor, case_id) or abort(404)


@pages.get("/casus/<case_id>/inzage")
@login_required
def page(case_id: str) -> str:
    """What comes into the file, and the form to make it."""
    case, _ = to_hand_over(case_id)
    return render_template("whole_file.html", case=case, wrong="")


@pages.post("/casus/<case_id>/inzage")
@login_required
@proved_recently
def make(case_id: str) -> Response | tuple[str, int]:
    """The whole file in one ZIP file; the reading is logged first."""
    case, ground = to_hand_over(case_id)
    left_out = frozenset(request.form.get("leave_out", "").replace(",", " ").split())
    if not are_numbers(left_out):
        return render_template("whole_file.html", case=case, wrong=_(WRITE_NUMBERS)), 422
    return as_zip_file(gather(case, ground, left_out, request.form.get("checked") == "ja"))


def are_numbers(left_out: frozenset[str]) -> bool:
    """Whether these can be numbers of texts in a file."""
    return not any(each[:1] != "T" or not each[1:].isdecimal() for each in left_out)


def gather(case: HouseholdCase, ground: Ground, left_out: frozenset[str], checked: bool) -> WholeFile:
    """Everything of a case's household without these texts, logged as a reading; 404 where all was destroyed."""
    who = work().actor.name if checked else ""
    try:
        return make_whole_file(work(), house().retention, case.household_id, Handing(left_out, who), ground)
    except NoSuchHousehold:
        abort(404)


def as_zip_file(made: WholeFile) -> Response:
    """What was gathered in one ZIP file. Raises WrongTemplate."""
    municipality = str(current_app.jinja_env.globals["municipality"])
    answer = Response(as_zip(as_files(made, house().retention, municipality)), mimetype="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=inzage.zip"
    return answer
