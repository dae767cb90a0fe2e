"""Appointments as iCalendar (RFC 5545): one to save, or all of a person for the calendar of a phone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from wijkteam.appointments.model import Appointment
from wijkteam.terms import clock

PRODUCT = "-//wijkteam//afspraken//NL"
MINIMAL = "Afspraak"
"""All that a calendar tells by itself: calendars of phones are read and kept elsewhere."""
RELIED_ON_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Shown:
    """An appointment as a calendar shows it: its title, and a link to it where the public address is known."""

    appointment: Appointment
    title: str = MINIMAL
    place: str | None = None
    link: str | None = None


def as_calendar(shown: Iterable[Shown], name: str) -> bytes:
    """These appointments as one calendar, with Dutch clocks written out so that summer time comes out right."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", RELIED_ON_FOR, parameters={"value": "DURATION"})
    for each in shown:
        made.add_component(_event(each))
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(shown: Shown) -> Event:
    appointment = shown.appointment
    event = Event()
    starts = clock.local(appointment.starts_at)
    event.add("uid", f"{appointment.id}@wijkteam")
    event.add("sequence", appointment.version)
    event.add("dtstamp", _changed(appointment))
    event.add("dtstart", starts)
    event.add("dtend", clock.local(appointment.starts_at + timedelta(minutes=appointment.minutes)))
    event.add("summary", shown.title)
    event.add("class", "PRIVATE")
    if shown.place:
        event.add("location", shown.place)
    if shown.link:
        event.add("url", shown.link)
    if appointment.state == "cancelled":
        event.add("status", "CANCELLED")
    return event


def _changed(appointment: Appointment) -> datetime:
    return appointment.ended_at or appointment.state_since
