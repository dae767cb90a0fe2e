"""What can be asked about residents' signals."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.people.acting import ActingPerson
from wijkteam.signals.model import ResidentSignal

ENDED = ("told", "cannot_be_told")


def find_signal(session: Session, signal_id: str) -> ResidentSignal | None:
    """The signal with that id, as it stands in the database now."""
    return session.get(ResidentSignal, signal_id, populate_existing=True)


def may_read(signal: ResidentSignal, person: ActingPerson) -> bool:
    """Whether the person may read the signal: its team, its handler, or whoever recorded it."""
    return signal.team_id in person.team_ids or person.person_id in (signal.handler_id, signal.received_by)


def signals_for(session: Session, person: ActingPerson, only_open: bool = True) -> list[ResidentSignal]:
    """The signals that this person may read, oldest first."""
    rows = (
        select(ResidentSignal)
        .where(
            ResidentSignal.team_id.in_(person.team_ids)
            | (ResidentSignal.handler_id == person.person_id)
            | (ResidentSignal.received_by == person.person_id)
        )
        .order_by(ResidentSignal.opened_at)
    )
    return list(session.scalars(rows.where(ResidentSignal.state.not_in(ENDED)) if only_open else rows))


def signals_by_id(session: Session, ids: Collection[str]) -> dict[str, ResidentSignal]:
    """Signals by id."""
    return {each.id: each for each in session.scalars(select(ResidentSignal).where(ResidentSignal.id.in_(ids)))}


def asks_me(signal: ResidentSignal, person: ActingPerson) -> bool:
    """Whether the ball lies with this person: the handler, or the team lead while nobody took it up."""
    if signal.state == "received":
        return person.holds("team_lead", signal.team_id)
    return signal.state not in ENDED and signal.handler_id == person.person_id
