"""What can be asked about residents' signals and complaints about conduct."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.engine.ladder import Ladder
from wijkteam.escalation.standing import Standing
from wijkteam.people.acting import ActingPerson
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

ENDED = ("told", "cannot_be_told", "withdrawn", "not_a_signal")
NOT_HELPED = "not_helped"
"""The state in which a signal lies on a rung of the ladder."""
AT_THE_TEAM_LEAD = ("received", "worry")
COMPLAINTS_ENDED = ("told", "not_handled", "withdrawn", "settled")
OFFICER = "complaint_officer"


def find_signal(session: Session, signal_id: str) -> ResidentSignal | None:
    """The signal with that id, as it stands in the database now."""
    return session.get(ResidentSignal, signal_id, populate_existing=True)


def find_complaint(session: Session, complaint_id: str) -> ConductComplaint | None:
    """The complaint about conduct with that id, as it stands in the database now."""
    return session.get(ConductComplaint, complaint_id, populate_existing=True)


def may_read(session: Session, ladder: Ladder, signal: ResidentSignal, person: ActingPerson) -> bool:
    """Whether the person may read the signal: its team, its handler, whoever wrote it down, or who has to answer it."""
    if signal.team_id in person.team_ids or person.person_id in (signal.handler_id, signal.received_by):
        return True
    if signal.state != NOT_HELPED or signal.rung is None:
        return False
    standing = Standing(session, ladder, signal.team_id)
    return person.person_id in standing.answerers(signal.rung)


def may_read_complaint(complaint: ConductComplaint, person: ActingPerson) -> bool:
    """Whether the person may read it: officers, its handler and whoever wrote it down; never whom it is about."""
    if complaint.about_id == person.person_id:
        return False
    return OFFICER in person.functions or person.person_id in (complaint.handler_id, complaint.received_by)


def signals_for(session: Session, person: ActingPerson, only_open: bool = True) -> list[ResidentSignal]:
    """The signals of this person, oldest first; a reading session has of those on a rung only what they answer."""
    rows = (rows_open if only_open else _rows_for)(person.person_id, person.team_ids)
    return list(session.scalars(rows.order_by(ResidentSignal.opened_at)))


def _rows_for(person_id: int, team_ids: Collection[int]) -> Select[Any]:
    return select(ResidentSignal).where(
        among(ResidentSignal.team_id, team_ids)
        | (ResidentSignal.handler_id == person_id)
        | (ResidentSignal.received_by == person_id)
        | (ResidentSignal.state == NOT_HELPED)
    )


def rows_open(person_id: int, team_ids: Collection[int]) -> Select[Any]:
    """The question for the open signals of a person in these teams."""
    return _rows_for(person_id, team_ids).where(~among(ResidentSignal.state, ENDED))


def signals_by_id(session: Session, ids: Collection[str]) -> dict[str, ResidentSignal]:
    """Signals by id."""
    return {each.id: each for each in session.scalars(*_by_id(list(ids)))}


@written_once
def _by_id(ids: Any) -> Select[ResidentSignal]:
    return select(ResidentSignal).where(among(ResidentSignal.id, ids))


def complaints_for(session: Session) -> list[ConductComplaint]:
    """The open complaints about conduct that a reading session has, oldest first."""
    return list(session.scalars(rows_open_complaints().order_by(ConductComplaint.opened_at)))


def rows_open_complaints() -> Select[Any]:
    """The question for the open complaints about conduct."""
    return select(ConductComplaint).where(~among(ConductComplaint.state, COMPLAINTS_ENDED))


def asks_me(signal: ResidentSignal, person: ActingPerson, ladder: Ladder) -> bool:
    """Whether the ball lies with this person: the team lead, who stands on the rung, or the handler."""
    if signal.state in AT_THE_TEAM_LEAD:
        return person.holds("team_lead", signal.team_id)
    if signal.state == NOT_HELPED:
        return signal.rung is not None and person.holds(ladder.rung(signal.rung).function, signal.team_id)
    return signal.state not in (*ENDED, "answered") and signal.handler_id == person.person_id


def complaint_asks_me(complaint: ConductComplaint, person: ActingPerson) -> bool:
    """Whether the ball lies with this person: complaint officers until somebody handles it, and then that one."""
    if complaint.state == "received":
        return OFFICER in person.functions
    return complaint.state not in (*COMPLAINTS_ENDED, "found") and complaint.handler_id == person.person_id
