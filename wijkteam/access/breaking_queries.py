"""What can be asked about broken glass, and about every try to break it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.access.grounds import Grounds
from wijkteam.access.lasting import broke_glass
from wijkteam.access.model import BreakGlass, GlassTry
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of
from wijkteam.people.acting import ActingPerson
from wijkteam.terms import clock

MOST_TRIES = 200
OFFICER = "privacy_officer"


@dataclass(frozen=True)
class ShownGlass:
    """A broken glass with all that its page shows."""

    glass: BreakGlass
    case: HouseholdCase
    reads: bool
    """Whether the reader of this may read the case too."""
    household: str
    """Who or where; of an extra-protected case only for its readers."""
    lasts: bool
    due: datetime | None
    events: list[Event]
    """The newest first."""


def find_glass(session: Session, glass_id: str) -> BreakGlass | None:
    """The broken glass with that id, as it stands in the database now."""
    return session.get(BreakGlass, glass_id, populate_existing=True)


def broken_by(session: Session, person_id: int) -> list[BreakGlass]:
    """Every glass that a person broke, newest first."""
    rows = select(BreakGlass).where(BreakGlass.person_id == person_id)
    return list(session.scalars(rows.order_by(BreakGlass.opened_at.desc(), BreakGlass.id)))


def all_broken(session: Session, person: ActingPerson) -> list[BreakGlass]:
    """Every glass that was broken: first what waits for a judgement or is being read, then the newest.

    Only for privacy officers; for everybody else there is none.
    """
    if not person.holds(OFFICER):
        return []
    by = (BreakGlass.state == "reviewed"), BreakGlass.opened_at.desc(), BreakGlass.id
    return list(session.scalars(select(BreakGlass).order_by(*by)))


def waiting_for_review(session: Session, person: ActingPerson) -> list[tuple[BreakGlass, datetime | None]]:
    """Every broken glass that this privacy officer has to judge and by when, the oldest first; never one's own.

    For everybody else there is none.
    """
    if not person.holds(OFFICER):
        return []
    rows = select(BreakGlass).where(BreakGlass.state == "ended", BreakGlass.person_id != person.person_id)
    found = list(session.scalars(rows.order_by(BreakGlass.ended_at, BreakGlass.id)))
    due = due_moments(session, [each.id for each in found])
    return [(each, due.get(each.id)) for each in found]


def last_tries(session: Session, person: ActingPerson) -> list[GlassTry]:
    """The last tries of everybody, also those that opened nothing, newest first.

    Only for privacy officers; for everybody else there is none.
    """
    if not person.holds(OFFICER):
        return []
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
    if person.person_id == glass.person_id or person.holds(OFFICER):
        return True
    case = cases.find_case(session, glass.case_id)
    return case is not None and case.owner_id == person.person_id


def sees_glass(session: Session, person: ActingPerson, glass_id: str) -> bool:
    """Whether a broken glass is there for a person: who broke it, who owns the case, a privacy officer.

    One question, which is the same for a glass that is not there. Asked with a session that sees everything.
    """
    theirs = (BreakGlass.person_id == person.person_id) | (HouseholdCase.owner_id == person.person_id)
    asked = select(BreakGlass.id).join(HouseholdCase, HouseholdCase.id == BreakGlass.case_id)
    if not person.holds(OFFICER):
        asked = asked.where(theirs)
    return session.scalar(asked.where(BreakGlass.id == glass_id)) is not None


def shown_glass(session: Session, grounds: Grounds, person: ActingPerson, glass_id: str) -> ShownGlass | None:
    """A broken glass with all that its page shows; None where it is not there for this person.

    Asked with a session that sees everything: the owner of the case and the privacy officer read what is not theirs.
    """
    glass = find_glass(session, glass_id)
    case = cases.find_case(session, glass.case_id) if glass is not None else None
    if glass is None or case is None or not may_read_glass(session, person, glass):
        return None
    reads = grounds.ground(session, person, case) is not None
    named = reads or case.protected_why is None
    return ShownGlass(
        glass,
        case,
        reads,
        cases.household(session, case.household_id).who_or_where if named else "Afgeschermde casus",
        broke_glass(session, glass.case_id, glass.person_id),
        due_moments(session, [glass.id]).get(glass.id),
        list(reversed(events_of(session, BreakGlass.workflow, glass.id))),
    )
