"""Days and lengths of time in words, in Dutch and in English."""

from datetime import date
from typing import Literal, NamedTuple

from wijkteam.terms import calendar, decrees
from wijkteam.terms.duration import read_duration

Language = Literal["nl", "en"]
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Words(NamedTuple):
    """The same in Dutch and in English."""

    nl: str
    en: str


UNSAID = Words("", "")
UNITS = {
    "working_days": (Words("werkdag", "working day"), Words("werkdagen", "working days")),
    "days": (Words("dag", "day"), Words("dagen", "days")),
    "weeks": (Words("week", "week"), Words("weken", "weeks")),
    "hours": (Words("uur", "hour"), Words("uur", "hours")),
    "seconds": (Words("seconde", "second"), Words("seconden", "seconds")),
    "minutes": (Words("minuut", "minute"), Words("minuten", "minutes")),
    "months": (Words("maand", "month"), Words("maanden", "months")),
}
EQUATED = Words("bij besluit gelijkgesteld met een feestdag", "by decree on a par with a holiday")


def counted(count: int, unit: str) -> Words:
    """So many of a unit: 1 week, 6 weken."""
    title = UNITS[unit][count != 1]
    return Words(f"{count} {title.nl}", f"{count} {title.en}")


def length(within: str, working_days: bool = False) -> Words:
    """A length of time: P6W is 6 weken, P2D on working days 2 werkdagen. Raises WrongTerm."""
    duration = read_duration(within)
    parts = [(duration.months, "months")]
    if "T" in within:
        parts.append((duration.days * 24 + duration.seconds // 3600, "hours"))
        parts.append((duration.seconds % 3600 // 60, "minutes"))
    elif "W" in within and duration.days % 7 == 0 and not working_days:
        parts.append((duration.days // 7, "weeks"))
    else:
        parts.append((duration.days, "working_days" if working_days else "days"))
    said = [counted(count, unit) for count, unit in parts if count]
    return Words(" ".join(each.nl for each in said), " ".join(each.en for each in said))


def on_day(day: date) -> Words:
    """A day with its weekday: maandag 2 maart 2026, Monday 2 March 2026."""
    return Words(
        f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}",
        f"{ENGLISH_WEEKDAYS[day.weekday()]} {day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}",
    )


def why_off(day: date) -> Words:
    """Why no legal term ends on this day: the name of its holiday, decreed, or its weekday; empty when one can."""
    names = calendar.holiday_names(day)
    if names is not None:
        return Words(*names)
    if day in decrees.equated_days():
        return EQUATED
    if day.weekday() >= calendar.SATURDAY:
        return Words(f"een {WEEKDAYS[day.weekday()]}", f"a {ENGLISH_WEEKDAYS[day.weekday()]}")
    return UNSAID
