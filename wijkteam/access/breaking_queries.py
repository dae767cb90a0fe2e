"""What can be asked about broken glass, and about every try to break it."""

from datetime import UTC, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.access.model import BreakGlass, GlassTry
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.people.acting import ActingPerson
from wijkteam.terms import clock

MOST_TRIES = 200


def find_glass(session: Session, glass_id: str) -> BreakGlass | None:
    """The broken glass with that id, as it stands in the database now."""
    return session.get(BreakGlass, glass_id, populate_existing=True)


def broken_by(session: Session, person_id: int) -> list[BreakGlass]:
    """Every glass that a person broke, newest first."""
    rows = select(BreakGlass).where(BreakGlass.person_id == person_id)
    return list(session.scalars(rows.order_by(BreakGlass.opened_at.desc(), BreakGlass.id)))


def all_broken(session: Session) -> list[BreakGlass]:
    """Every glass that was broken: first what waits for a judgement or is being read, then the newest."""
    by = (BreakGlass.state == "reviewed"), BreakGlass.opened_at.desc(), BreakGlass.id
    return list(session.scalars(select(BreakGlass).order_by(*by)))


def waiting_for_review(session: Session) -> list[BreakGlass]:
    """Every broken glass that has ended and was not judged, the oldest first."""
    rows = select(BreakGlass).where(BreakGlass.state == "ended")
    return list(session.scalars(rows.order_by(BreakGlass.ended_at, BreakGlass.id)))


def last_tries(session: Session) -> list[GlassTry]:
    """The last tries of everybody, also those that opened nothing, newest first."""
    return list(session.scalars(select(GlassTry).order_by(GlassTry.at.desc(), GlassTry.id.desc()).limit(MOST_TRIES)))


def tries_today(session: Session, person_id: int) -> int:
    """How often a person tried since midnight on Dutch clocks."""
    midnight = datetime.combine(clock.today(), time.min, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    rows = select(func.count(GlassTry.id)).where(GlassTry.person_id == person_id, GlassTry.at >= midnight)
    return session.scalar(rows) or 0


def sought_case(session: Session, who_or_where: str) -> HouseholdCase | None:
    """The case of exactly that household or number: of a household the open one, the newest first.

    None where two households are called the same: nobody may read the wrong one.
    """
    found = cases.cases_called(session, who_or_where)
    if len({case.household_id for case in found}) > 1:
        return None
    return min(found, key=lambda case: (case.state == cases.CLOSED, -case.opened_at.timestamp()), default=None)


def may_read_glass(session: Session, person: ActingPerson, glass: BreakGlass) -> bool:
    """Who broke it, the privacy officers, and the owner of the case: nobody else."""
    if person.person_id == glass.person_id or person.holds("privacy_officer"):
        return True
    case = cases.find_case(session, glass.case_id)
    return case is not None and case.owner_id == person.person_id
