"""From a day and a time on Dutch clocks to a moment, and back."""

import re
from datetime import UTC, date, datetime, time

from wijkteam.appointments.model import Appointment
from wijkteam.engine.vocabulary import Reason
from wijkteam.terms import clock

TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
NO_TIME = Reason("Schrijf de tijd als 14:30.", "Write the time as 14:30.")
NEVER = Reason(
    "Deze tijd is er die nacht niet: de klok gaat dan een uur vooruit.", "Clocks skip this time on that night."
)


class NoSuchTime(Exception):
    """The text is no time, or that day has no such time; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.en)
        self.reason = reason


def moment_of(day: date, text: str) -> datetime:
    """The moment, in UTC, at which Dutch clocks show that time on that day. Raises NoSuchTime.

    Of an hour that comes twice, when summer time ends, it is the first.
    """
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise NoSuchTime(NO_TIME)
    shown = time(int(found[1]), int(found[2]))
    moment = datetime.combine(day, shown, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    if clock.local(moment).time() != shown:
        raise NoSuchTime(NEVER)
    return moment


def as_next_step(appointment: Appointment) -> str:
    """How an appointment stands on its case as the next step."""
    with_whom = f" met {appointment.with_whom}" if appointment.with_whom else ""
    return f"Afspraak om {clock.local(appointment.starts_at):%H:%M}{with_whom}: {appointment.what_for}"[:300]
