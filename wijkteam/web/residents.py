"""Residents of a case: who they are, their number, and finding a case by number."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.by_bsn import MAY_LOOK_UP, AskedLookUp, BsnGates, cases_by_bsn, may_see_bsn, show_bsn
from wijkteam.access.grounds import log_reading
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.events.queries import events_of
from wijkteam.residents import queries
from wijkteam.residents.bsn import looks_like_bsn
from wijkteam.residents.model import Resident
from wijkteam.residents.service import (
    GivenBsn,
    NewResident,
    OtherHome,
    masked_bsn,
    record_in_other_home,
    record_resident,
    set_bsn,
)
from wijkteam.web.acting import Attempt, attempt, house, options, reading, take, version_seen, work
from wijkteam.web.cases import readable, show_case
from wijkteam.web.language import _, later
from wijkteam.web.showing import readable_fields

pages = Blueprint("residents", __name__)
PLAIN_STEPS = frozenset({"change", "leave", "come_back", "remove_bsn", "remove"})
"""What is taken as the form says; the number itself has a way of its own."""
FREE_TEXTS = {
    "what_is_going_on": later("Wat is er aan de hand"),
    "question": later("De vraag"),
    "strengths": later("Wat goed gaat"),
    "safety": later("Veiligheid"),
    "plan": later("Het plan"),
    "next_step": later("Volgende stap"),
    "waiting_for": later("Wacht op"),
    "outcome_reason": later("Uitkomst"),
    "outcome_words": later("Het huishouden zegt"),
}


@dataclass(frozen=True)
class Shown:
    """A resident as pages show it; `bsn` is masked, and None for who may not see that there is one."""

    resident: Resident
    bsn: str | None


@dataclass(frozen=True)
class Household:
    """What the card of residents shows."""

    shown: list[Shown]
    may_work: bool
    warned: list[str]
    """Where in the case a number stands that can be a BSN."""


def _gates() -> BsnGates:
    return BsnGates(house().grounds, house().bsn_grounds, house().key_ring)


def _sees_bsn(case: HouseholdCase) -> bool:
    return may_see_bsn(reading(), house().grounds, work().actor, case) is not None


def _shown(resident: Resident, sees: bool) -> Shown:
    return Shown(resident, masked_bsn(house().key_ring, resident) if sees else None)


@pages.app_template_global("residents_of_case")
def residents_of_case(case: HouseholdCase) -> Household:
    """Everything for the card of residents on the page of a case."""
    sees = _sees_bsn(case)
    found = sorted(
        queries.residents_of(reading(), case.household_id),
        key=lambda each: (each.state == "moved_out", each.birth_date or date.max),
    )
    return Household([_shown(each, sees) for each in found], sees, _warned(case) if sees else [])


def _warned(case: HouseholdCase) -> list[str]:
    """Which texts hold a number that can be a BSN: those of the case, and what was noted last."""
    found = [_(title) for name, title in FREE_TEXTS.items() if looks_like_bsn(getattr(case, name))]
    last = events_of(reading(), "household_case", case.id)[-1:]
    if not found and any(
        looks_like_bsn(str(value)) for event in last for value in (readable_fields(event) or {}).values()
    ):
        found.append(_("Wat er gebeurde"))
    return found


def _of_case(case_id: str, resident_id: str) -> tuple[HouseholdCase, Resident]:
    """A resident of a case that the signed-in person works on; else it does not exist (404)."""
    case = readable(case_id)
    resident = queries.find_resident(reading(), resident_id)
    if resident is None or resident.household_id != case.household_id or not _sees_bsn(case):
        abort(404)
    return case, resident


def _show(case: HouseholdCase, resident: Resident, tried: Attempt | None = None, in_full: str | None = None) -> str:
    ground = house().bsn_grounds.ground(resident.bsn_ground) if resident.bsn_ground else None
    return render_template(
        "resident.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        resident=resident,
        bsn=masked_bsn(house().key_ring, resident),
        in_full=in_full,
        ground=ground,
        grounds=house().bsn_grounds.in_force(),
        options={option.transition.name: option for option in options(resident)},
        workflow=house().engine.workflow("resident", resident.workflow_version),
        events=list(reversed(events_of(reading(), "resident", resident.id))),
        tried=tried or Attempt(),
        other_homes=_other_homes(case),
    )


def _other_homes(case: HouseholdCase) -> list[tuple[str, str]]:
    """Households of open cases of my teams and of myself, to choose from: case and name."""
    session, person = reading(), work().actor
    mine = [
        *cases.open_cases_of(session, person.person_id),
        *cases.open_cases_of_teams(session, person.team_ids),
    ]
    found = {each.household_id: each.id for each in mine if each.household_id != case.household_id}
    homes = cases.households(session, found.keys())
    return sorted(((found[each], homes[each].who_or_where) for each in homes), key=lambda pair: pair[1])


@pages.post("/casus/<case_id>/bewoners")
@login_required
def add(case_id: str) -> Response | tuple[str, int]:
    """Add a resident to the household of a case."""
    case = readable(case_id)
    if not _sees_bsn(case):
        abort(404)

    def act(given: dict[str, str]) -> None:
        new = NewResident(
            case.household_id,
            given.get("name", ""),
            given.get("birth_date"),
            given.get("role"),
            given.get("lived_since"),
            given.get("part_of_time"),
        )
        record_resident(work(), new)

    refused = attempt("add_resident", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id, _anchor="bewoners"))
    return show_case(readable(case_id), refused), 422


@pages.get("/casus/<case_id>/bewoners/<resident_id>")
@login_required
def page(case_id: str, resident_id: str) -> str:
    """One resident; every reading is logged with its ground."""
    case = _of_case(case_id, resident_id)[0]
    ground = may_see_bsn(reading(), house().grounds, work().actor, case)
    if ground is not None:
        log_reading(work(), case, ground, "bewoner")
    return _show(*_of_case(case_id, resident_id))


@pages.post("/casus/<case_id>/bewoners/<resident_id>/stap/<transition>")
@login_required
def step(case_id: str, resident_id: str, transition: str) -> Response | tuple[str, int]:
    """Correct a resident, or remove one or the number."""
    _of_case(case_id, resident_id)
    if transition not in PLAIN_STEPS:
        abort(404)
    refused = take(Resident, resident_id, transition)
    if refused is not None:
        return _show(*_of_case(case_id, resident_id), refused), 409 if refused.stale else 422
    if transition == "remove":
        return redirect(url_for("cases.page", case_id=case_id, _anchor="bewoners"))
    return redirect(url_for("residents.page", case_id=case_id, resident_id=resident_id))


@pages.post("/casus/<case_id>/bewoners/<resident_id>/ook-elders")
@login_required
def elsewhere(case_id: str, resident_id: str) -> Response | tuple[str, int]:
    """Record that a resident lives in the household of another case of mine too, or moved there."""
    _of_case(case_id, resident_id)

    def act(given: dict[str, str]) -> None:
        there = cases.find_case(reading(), given.get("other_case", ""))
        if there is None:
            raise WrongFields.of("other_case", "Kies een huishouden.", "Choose a household.")
        home = OtherHome(
            there.household_id, given.get("since", ""), given.get("part_of_time"), given.get("moved") == "ja"
        )
        record_in_other_home(work(), resident_id, home)

    refused = attempt("elsewhere", act)
    if refused is not None:
        return _show(*_of_case(case_id, resident_id), refused), 422
    return redirect(url_for("residents.page", case_id=case_id, resident_id=resident_id))


@pages.post("/casus/<case_id>/bewoners/<resident_id>/bsn")
@login_required
def give_bsn(case_id: str, resident_id: str) -> Response | tuple[str, int]:
    """Record the number, on a legal ground."""
    _of_case(case_id, resident_id)

    def act(given: dict[str, str]) -> None:
        bsn = GivenBsn(given.get("bsn", ""), given.get("bsn_ground", ""), given.get("bsn_purpose", ""))
        set_bsn(work(), house().key_ring, resident_id, bsn, version_seen())

    refused = attempt("set_bsn", act)
    if refused is not None:
        return _show(*_of_case(case_id, resident_id), refused), 409 if refused.stale else 422
    return redirect(url_for("residents.page", case_id=case_id, resident_id=resident_id))


@pages.post("/casus/<case_id>/bewoners/<resident_id>/bsn-tonen")
@login_required
def reveal_bsn(case_id: str, resident_id: str) -> str | tuple[str, int]:
    """Show the number in full, once; that it was read is logged."""
    case = _of_case(case_id, resident_id)[0]
    opened: list[str] = []
    try:
        refused = attempt("show_bsn", lambda _given: opened.append(show_bsn(work(), _gates(), case, resident_id)))
    except LookupError:
        abort(404)
    case, resident = _of_case(case_id, resident_id)
    if refused is not None:
        return _show(case, resident, refused), 422
    return _show(case, resident, in_full=opened[0])


@pages.route("/zoeken-op-bsn", methods=["GET", "POST"])
@login_required
def look_up() -> str | tuple[str, int]:
    """Find the case of whoever has this number; it travels in the body of a form only, never in an address."""
    if not work().actor.functions & MAY_LOOK_UP:
        abort(404)
    if request.method == "GET":
        return _look_up_page(Attempt())
    found: list[HouseholdCase] = []

    def act(given: dict[str, str]) -> None:
        asked = AskedLookUp(given.get("bsn", ""), given.get("bsn_ground", ""), given.get("bsn_purpose", ""))
        found.extend(cases_by_bsn(work(), _gates(), asked))

    refused = attempt("look_up", act)
    if refused is not None:
        return _look_up_page(refused), 422
    return _look_up_page(Attempt(), found)


def _look_up_page(tried: Attempt, found: list[HouseholdCase] | None = None) -> str:
    homes = cases.households(reading(), {case.household_id for case in found or []})
    return render_template(
        "bsn_look_up.html", tried=tried, grounds=house().bsn_grounds.in_force(), found=found, households=homes
    )
