"""What can be asked about appointments."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.appointments.model import Appointment, CalendarFeed
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

PLANNED = "planned"


def find_appointment(session: Session, appointment_id: str) -> Appointment | None:
    """The appointment with that id, as it stands in the database now."""
    return session.get(Appointment, appointment_id, populate_existing=True)


def appointments_of_case(session: Session, case_id: str) -> list[Appointment]:
    """The appointments of a case: first what is planned, soonest first; then what was, latest first."""
    rows = session.scalars(*_of_case(case_id)).all()
    planned = sorted((each for each in rows if each.ended_at is None), key=lambda each: (each.starts_at, each.id))
    over = sorted((each for each in rows if each.ended_at is not None), key=lambda each: each.starts_at, reverse=True)
    return [*planned, *over]


@written_once
def _of_case(case_id: str) -> Select[Appointment]:
    return select(Appointment).where(Appointment.case_id == case_id)


def planned_until(session: Session, person_id: int, until: datetime) -> list[Appointment]:
    """The appointments of a person that are planned before a moment, soonest first; also those that are past."""
    return list(session.scalars(*_planned_until(person_id, until)))


@written_once
def _planned_until(person_id: int, until: datetime) -> Select[Appointment]:
    rows = select(Appointment).where(
        Appointment.goer_id == person_id, Appointment.ended_at.is_(None), Appointment.starts_at < until
    )
    return rows.order_by(Appointment.starts_at, Appointment.id)


def for_calendar(session: Session, person_id: int, now: datetime) -> list[Appointment]:
    """What a calendar shows: planned or kept, from a month back to a year ahead."""
    rows = select(Appointment).where(
        Appointment.goer_id == person_id,
        among(Appointment.state, (PLANNED, "kept")),
        Appointment.starts_at.between(now - timedelta(days=31), now + timedelta(days=366)),
    )
    return list(session.scalars(rows.order_by(Appointment.starts_at, Appointment.id)))


def feed_of(session: Session, person_id: int) -> CalendarFeed | None:
    """The calendar address of a person that is in force."""
    rows = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None))
    return session.scalars(rows.order_by(CalendarFeed.id.desc()).limit(1)).first()
