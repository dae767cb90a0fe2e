"""What can be asked about exports of everything, by who has to do with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.deadlines.queries import due_moments
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of
from wijkteam.exporting.model import FullExport
from wijkteam.exporting.service import may_see
from wijkteam.exporting.vocabulary import OFFICER
from wijkteam.people.acting import ActingPerson


@dataclass(frozen=True)
class ShownExport:
    """An export with all that its page shows."""

    export: FullExport
    due: datetime | None
    events: list[Event]


def shown_exports(session: Session, person: ActingPerson) -> list[FullExport]:
    """All exports, the newest first; none for who has nothing to do with them."""
    if not may_see(person):
        return []
    return list(session.scalars(select(FullExport).order_by(FullExport.opened_at.desc(), FullExport.id)))


def shown_export(session: Session, person: ActingPerson, export_id: str) -> ShownExport | None:
    """One export; None for who has nothing to do with them."""
    found = session.get(FullExport, export_id, populate_existing=True) if may_see(person) else None
    if found is None:
        return None
    events = list(reversed(events_of(session, FullExport.workflow, found.id)))
    return ShownExport(found, due_moments(session, [found.id]).get(found.id), events)


def waiting_exports(session: Session, person: ActingPerson) -> list[tuple[FullExport, datetime | None]]:
    """The exports with numbers (BSN) that wait for this privacy officer's consent and until when, oldest first."""
    if OFFICER not in person.functions:
        return []
    waits = (FullExport.state == "asked") & FullExport.with_bsn & (FullExport.asked_by != person.person_id)
    found = list(session.scalars(select(FullExport).where(waits).order_by(FullExport.opened_at)))
    due = due_moments(session, [each.id for each in found])
    return [(each, due.get(each.id)) for each in found]
