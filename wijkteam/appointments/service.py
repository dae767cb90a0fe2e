"""What can be done with appointments: planning, moving and ending one, and a calendar address of one's own."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from wijkteam.appointments.model import Appointment, CalendarFeed
from wijkteam.appointments.times import as_next_step
from wijkteam.cases.service import set_next_step
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

SECRET_BYTES = 32


@dataclass(frozen=True)
class NewAppointment:
    """What for, on which day, at what time; `goer` left out means the acting person."""

    case_id: str
    what_for: str
    on_day: date | str
    at_time: str
    lasts: str | None = None
    with_whom: str | None = None
    place: str | None = None
    goer: int | str | None = None
    is_next_step: bool = False
    """Whether the case gets it as its next step too."""


@dataclass(frozen=True)
class NextStep:
    """What happens next in the case, when the appointment was its next step."""

    what: str = ""
    on: date | str = ""


def plan_appointment(work: Work, new: NewAppointment, appointment_id: str | None = None) -> Appointment:
    """Plan an appointment in a case, and let it be the next step when asked. Raises WrongFields or Refused."""
    with work.transaction() as session:
        appointment = Appointment(id=appointment_id or new_id(), case_id=new.case_id, is_next_step=new.is_next_step)
        asked = {name: value for name, value in asdict(new).items() if name not in ("case_id", "is_next_step")}
        with session.no_autoflush:
            work.open(appointment, asked)
            session.add(appointment)
        if new.is_next_step:
            _stand_as_next_step(work, appointment)
        return appointment


def move_appointment(
    work: Work, appointment_id: str, given: dict[str, Any], expected_version: int | None = None
) -> Appointment:
    """Move an appointment; the next step of its case moves along where it stands as such.

    Raises LookupError, WrongFields or Refused.
    """
    with work.transaction():
        appointment = work.act_on(Appointment, appointment_id, "move", given, expected_version)
        if appointment.is_next_step:
            _stand_as_next_step(work, appointment)
        return appointment


def end_appointment(
    work: Work,
    appointment_id: str,
    step: str,
    given: dict[str, Any],
    following: NextStep | None = None,
    expected_version: int | None = None,
) -> Appointment:
    """Say how an appointment ended (keep, miss or cancel), and what comes next in the case where that is told.

    Raises LookupError, WrongFields or Refused.
    """
    with work.transaction():
        appointment = work.act_on(Appointment, appointment_id, step, given, expected_version)
        if following is not None and (following.what or following.on):
            set_next_step(work, appointment.case_id, following.what, following.on, work.actor.person_id)
        return appointment


def _stand_as_next_step(work: Work, appointment: Appointment) -> None:
    day = clock.local(appointment.starts_at).date()
    set_next_step(work, appointment.case_id, as_next_step(appointment), day, appointment.goer_id)


def begin_feed(work: Work, with_names: bool) -> str:
    """A new secret for the calendar of the acting person, told this once; the one before works no more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with work.transaction() as session:
        _end_feeds(work)
        session.add(
            CalendarFeed(
                person_id=work.actor.person_id, digest=digest_of(secret), with_names=with_names, made_at=clock.now()
            )
        )
    return secret


def end_feed(work: Work) -> None:
    """Let the calendar address of the acting person work no more."""
    with work.transaction():
        _end_feeds(work)


def _end_feeds(work: Work) -> None:
    mine = (CalendarFeed.person_id == work.actor.person_id) & CalendarFeed.ended_at.is_(None)
    work.session.execute(update(CalendarFeed).where(mine).values(ended_at=clock.now()))


def feed_by_secret(work: Work, secret: str) -> CalendarFeed | None:
    """The calendar address with that secret; None when there is none, or it has ended."""
    rows = select(CalendarFeed).where(CalendarFeed.digest == digest_of(secret), CalendarFeed.ended_at.is_(None))
    return work.session.scalars(rows).first()


def was_logged(work: Work, feed_id: int, at: datetime) -> None:
    """Note that a reading through this address was written in the log."""
    with work.transaction() as session:
        session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id).values(logged_at=at))


def digest_of(secret: str) -> str:
    """How a secret is kept: it is long and random, so that a plain digest cannot be found back."""
    return hashlib.sha256(secret.encode()).hexdigest()
