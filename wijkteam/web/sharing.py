"""Sharing a case with guests of other organisations, and keeping those to what is shared."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from wijkteam.access import sharing as queries
from wijkteam.access.model import GuestAccess
from wijkteam.access.readers import instead_of_household
from wijkteam.access.rules import SharingGround
from wijkteam.access.sharing import NewShare, share_case
from wijkteam.access.sharing_vocabulary import GUEST
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work
from wijkteam.web.language import said
from wijkteam.web.showing import sharing_ground

pages = Blueprint("sharing", __name__)
FOR_GUESTS = frozenset(
    {
        "sign_in",
        "single_sign_on",
        "second_step",
        "passwords",
        "proving",
        "my_access",
        "my_factors",
        "my_work",
        "public_signals",
        "messages",
        "sharing",
    }
)
"""Areas of the site that a guest can open besides the shared case: what is theirs, and no list of anybody's."""


@pages.before_app_request
def keep_guests_to_what_is_shared() -> None:
    """For who is a guest and nothing else, no other page exists."""
    if not current_user.is_authenticated or current_user.person.functions != {GUEST}:
        return
    besides = (None, "static", "cases.page", "offline.script", "offline.closed", "offline.standing")
    if request.endpoint not in besides and request.blueprint not in FOR_GUESTS:
        abort(404)


def _case(case_id: str) -> HouseholdCase:
    """The case, when the signed-in person reads all of it."""
    case = cases.find_case(reading(), case_id)
    if case is None or house().grounds.full_ground(reading(), work().actor, case) is None:
        abort(404)
    return case


def _list(case: HouseholdCase, tried: Attempt) -> str:
    session, person = reading(), work().actor
    guests = [
        (each.id, f"{each.name} ({each.employer})" if each.employer else each.name)
        for each in people.holders(session, GUEST)
    ]
    return render_template(
        "shares.html",
        case=case,
        household=cases.household(session, case.household_id),
        shares=queries.shares_of_case(session, case.id),
        may_share=case.protected_why is None
        and case.state != cases.CLOSED
        and (person.person_id == case.owner_id or person.holds("team_lead", case.team_id)),
        workflow=house().engine.workflow("guest_access"),
        guests=guests,
        grounds=[(each.code, sharing_ground(each.code)) for each in _grounds_today()],
        tried=tried,
    )


@pages.get("/casus/<case_id>/gedeeld")
@login_required
def listing(case_id: str) -> str:
    """With whom the case is or was shared, on which ground."""
    return _list(_case(case_id), Attempt())


@pages.post("/casus/<case_id>/gedeeld")
@login_required
def new(case_id: str) -> Response | tuple[str, int]:
    """Share the case with a guest."""
    case = _case(case_id)

    def act(given: dict[str, str]) -> None:
        asked = {
            ask.field: given.get(ask.field, "") for ask in house().engine.workflow("guest_access").opening.questions
        }
        share_case(work(), NewShare(case.id, **asked))

    refused = attempt("share", act)
    if refused is not None:
        return _list(_case(case_id), refused), 422
    return redirect(url_for("sharing.listing", case_id=case_id))


def _grounds_today() -> list[SharingGround]:
    return house().sharing.in_force(clock.today())


def _readable(share_id: str) -> tuple[GuestAccess, HouseholdCase]:
    """A share is read by its guest, also when its days are over, and by who reads all of the case."""
    found = queries.find_share(reading(), share_id)
    case = over_all(cases.find_case, found.case_id) if found is not None else None
    if found is None or case is None:
        abort(404)
    return found, case


def _show(shared: GuestAccess, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session, person = reading(), work().actor
    reads = house().grounds.ground(session, person, case) is not None
    return render_template(
        "share.html",
        shared=shared,
        case=case,
        reads=reads,
        household=cases.household(session, case.household_id).who_or_where
        if reads
        else said(over_all(instead_of_household, case)),
        ground=house().sharing.ground(shared.ground),
        workflow=house().engine.workflow("guest_access", shared.workflow_version),
        options=options(shared) if house().grounds.full_ground(session, person, case) else [],
        tried=tried or Attempt(),
        events=list(reversed(events_of(session, "guest_access", shared.id))),
    )


@pages.get("/gedeeld/<share_id>")
@login_required
def page(share_id: str) -> str:
    """One share: with whom, what for, on which ground, until when."""
    return _show(*_readable(share_id))


@pages.post("/gedeeld/<share_id>/stap/<transition>")
@login_required
def step(share_id: str, transition: str) -> Response | tuple[str, int]:
    """Stop sharing."""
    case = _case(_readable(share_id)[1].id)
    refused = take(GuestAccess, share_id, transition)
    if refused is not None:
        return _show(*_readable(share_id), refused), 409 if refused.stale else 422
    return redirect(url_for("sharing.listing", case_id=case.id))
