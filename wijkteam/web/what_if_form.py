"""What somebody asks on the what-if page: read from the address, with what is wrong in one line each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wijkteam.engine.fields import WrongFields, read_cents
from wijkteam.reports.what_if_service import OWN, Wish, read_part
from wijkteam.web.language import _

USUAL = "250"
MOST_CEILINGS = 6
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
USUALLY = {"plafond": USUAL, "sparen": "80", "doorlaten": "5"}


@dataclass
class Asked:
    """What was typed, as it was typed, the wish that it comes to, and what is wrong with it by field."""

    typed: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    wish: Wish = field(default_factory=Wish)


def read_asked(given: Mapping[str, str], sources: Collection[str], powers: Collection[str]) -> Asked:
    """The wish in an address. Where a field is wrong it says so, and the wish holds what is usual instead."""
    names = ("bron", "van", "tot", "bevoegdheid", "plafond", "sparen", "doorlaten")
    typed = {name: given.get(name, USUALLY.get(name, "")).strip() for name in names}
    asked = Asked(typed)
    first, last = _day(asked, "van"), _day(asked, "tot")
    if first and last and first > last:
        asked.wrong["van"] = _("De eerste dag ligt na de laatste.")
        first = last = None
    asked.wish = Wish(
        source=_one_of(asked, "bron", sources, _("Deze bron is er niet.")) or OWN,
        first=first,
        last=last,
        power=_one_of(asked, "bevoegdheid", powers, _("Deze bevoegdheid is er niet.")),
        ceilings=_ceilings(asked),
        spare=_part(asked, "sparen"),
        let_through=_part(asked, "doorlaten"),
    )
    return asked


def _day(asked: Asked, name: str) -> date | None:
    if not asked.typed[name]:
        return None
    try:
        found = date.fromisoformat(asked.typed[name])
        if FIRST_DAY <= found <= LAST_DAY:
            return found
    except ValueError:
        pass
    asked.wrong[name] = _("Dit is geen gewone datum. Voorbeeld: 2026-03-31.")
    return None


def _one_of(asked: Asked, name: str, known: Collection[str], wrong: str) -> str | None:
    text = asked.typed[name]
    if text and text not in known:
        asked.wrong[name] = wrong
        return None
    return text or None


def _ceilings(asked: Asked) -> tuple[int, ...]:
    parts = asked.typed["plafond"].replace("€", " ").replace(";", " ").split()
    try:
        found = tuple(sorted({read_cents(each, "plafond") for each in parts}))
    except WrongFields:
        found = ()
    if 0 < len(found) <= MOST_CEILINGS:
        return found
    asked.wrong["plafond"] = (
        _("Kies hoogstens %(most)s plafonds.", most=MOST_CEILINGS)
        if found
        else _("Vul een bedrag in, zoals 250 of 12,50.")
    )
    return (read_cents(USUAL, "plafond"),)


def _part(asked: Asked, name: str) -> Fraction:
    try:
        return read_part(asked.typed[name] or USUALLY[name])
    except ValueError:
        asked.wrong[name] = _("Vul een percentage van 0 tot en met 100 in.")
        return read_part(USUALLY[name])
