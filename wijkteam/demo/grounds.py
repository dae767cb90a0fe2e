"""Grounds for reading besides the work itself, in the fictional municipality: one of each, to look at."""

from datetime import datetime, timedelta

from wijkteam.access.breaking import Sought, break_glass
from wijkteam.access.model import BreakGlass
from wijkteam.access.sharing import NewShare, share_case
from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.demo.town import DOMAIN
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock


def show_grounds(house: House, work: Work) -> None:
    """One extra-protected case, one shared with a guest, and two glasses broken: one judged, one still read through."""
    with work.transaction() as session:
        fenna, pia, gijs = (_somebody(work, name) for name in ("fenna", "pia", "gijs"))
        found = cases.open_cases_of_teams(session, fenna.team_ids)
        if len(found) < 2:
            return
        work.acting_as(_owner(work, found[0])).fire(found[0], "protect", {"protected_why": "Het gaat om een collega."})
        share_case(work.acting_as(_owner(work, found[1])), _share(found[1], gijs))
        earlier = clock.now() - timedelta(days=2)
        unread = _unread(house, work, [case for case in found[2:] if case.opened_at < earlier])
        if len(unread) < 2:
            return
        judged = _break(work, *unread[0], earlier)
        with clock.standing_at(earlier + timedelta(minutes=40)):
            work.acting_as(unread[0][0]).fire(judged, "stop")
        with clock.standing_at(earlier + timedelta(hours=20)):
            review = {"judgement": "justified", "review": "De eigenaar was niet te bereiken. Lezen was nodig."}
            work.acting_as(pia).fire(judged, "review", review)
        _break(work, *unread[1], clock.now())


def _unread(house: House, work: Work, found: list[HouseholdCase]) -> list[tuple[ActingPerson, HouseholdCase]]:
    """Who could break the glass of which of these cases, as they read it on no other ground."""
    breakers = [_somebody(work, name) for name in ("mo", "petra")]
    return [
        (breaker, case)
        for case in found
        for breaker in breakers
        if house.grounds.full_ground(work.session, breaker, case) is None
    ][:2]


def _break(work: Work, breaker: ActingPerson, case: HouseholdCase, at: datetime) -> BreakGlass:
    reason = "De politie belt over een noodgeval, en de eigenaar neemt niet op."
    with clock.standing_at(at):
        return break_glass(work.acting_as(breaker), Sought(case.id, reason, "four_hours"))


def _share(case: HouseholdCase, guest: ActingPerson) -> NewShare:
    today = clock.today()
    return NewShare(
        case.id,
        guest.person_id,
        "Samen een plan maken voor de schulden.",
        "debt_help",
        "Het plan, de sporen en de volgende stap.",
        "De schuldhulpverlener stemt zijn aanbod af op het plan.",
        today,
        today + timedelta(days=60),
        informed_on=today,
    )


def _somebody(work: Work, name: str) -> ActingPerson:
    found = people.person_by_email(work.session, f"{name}@{DOMAIN}")
    acting = people.acting_person(work.session, found.id) if found is not None else None
    if acting is None:
        raise LookupError(f"no {name} in the town")
    return acting


def _owner(work: Work, case: HouseholdCase) -> ActingPerson:
    found = people.acting_person(work.session, case.owner_id)
    if found is None:
        raise LookupError(f"no owner of {case.id}")
    return found
