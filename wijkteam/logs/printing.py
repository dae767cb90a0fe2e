"""The answer to "who looked at my file?" on paper, for the resident: level B1."""

from dataclasses import replace
from typing import Any

from wijkteam.documents.pdf import make_pdf
from wijkteam.logs.service import Look, Looks
from wijkteam.terms import clock
from wijkteam.terms.words import MONTHS

TEMPLATE = "readers.typ"


def readers_pdf(told: Looks, municipality: str) -> bytes:
    """An accessible PDF. Raises WrongTemplate."""
    return make_pdf(TEMPLATE, content(told, municipality))


def content(told: Looks, municipality: str) -> dict[str, Any]:
    """The facts for the template: looks by day, those of one person for one reason on one day together."""
    today = clock.today()
    return {
        "municipality": municipality,
        "title": "Wie keek in uw dossier?",
        "date": today.isoformat(),
        "day": _day(today),
        "household": told.who_or_where,
        "by_name": told.by_name,
        "looks": [
            {
                "when": f"{_day(clock.local(each.at).date())}, {clock.local(each.at):%H:%M} uur",
                "who": _who(each),
                "why": each.why,
                "what": each.what,
                "times": times,
            }
            for each, times in together(told.looks)
        ],
    }


def together(looks: tuple[Look, ...]) -> list[tuple[Look, int]]:
    """Looks of one person for one reason at one thing on one day as one, with how many there were; newest first."""
    found: dict[Any, tuple[Look, int]] = {}
    for each in looks:
        key = (clock.local(each.at).date(), replace(each, at=None))
        first, times = found.get(key, (each, 0))
        found[key] = first, times + 1
    return list(found.values())


def _who(look: Look) -> str:
    who = ", ".join(part for part in (look.who, look.function) if part) or "Een medewerker"
    return f"{who} (in de plaats van {look.on_behalf_of})" if look.on_behalf_of else who


def _day(day: Any) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
