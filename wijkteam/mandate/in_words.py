"""A row of the register in plain Dutch, for whoever holds it and for whoever wants to check it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wijkteam.mandate.register_file import MandateEntry
from wijkteam.mandate.register_queries import Titles
from wijkteam.mandate.verdict import euros
from wijkteam.terms.term import read_duration

MAY = {
    "mandaat": "mag besluiten over: {power}",
    "volmacht": "mag afspraken maken en geld toezeggen voor: {power}",
    "machtiging": "mag doen wat nodig is voor: {power}",
    "ondertekening": "mag besluiten ondertekenen over: {power}",
}
KINDS = {
    "mandaat": "Mandaat: besluiten nemen",
    "volmacht": "Volmacht: afspraken maken",
    "machtiging": "Machtiging: handelingen doen",
    "ondertekening": "Ondertekening: alleen tekenen",
}
FIELDS = {
    "number": "Nummer",
    "kind": "Soort",
    "power": "Bevoegdheid",
    "legal_ground": "Wettelijke grondslag",
    "body": "Bestuursorgaan",
    "function": "Functie",
    "given_under": "Ondermandaat van rij",
    "may_pass_on": "Mag worden doorgegeven",
    "pass_on_to": "Alleen door te geven aan",
    "per_decision": "Plafond per besluit",
    "per_household": "Plafond per huishouden per jaar",
    "per_year": "Plafond per team per jaar",
    "longest_duration": "Langste duur",
    "second_pair_above": "Tweede paar ogen boven",
    "colleagues_needed": "Collega's die instemmen",
    "quorum_within": "Instemmen binnen",
    "reserved": "Voorbehouden",
    "civil_servant_only": "Alleen een ambtenaar",
    "team": "Alleen voor team",
    "wijk": "Alleen voor wijk",
    "conditions": "Voorwaarden",
    "inform_duty": "Wie wordt geïnformeerd",
    "publication": "Bekendgemaakt in",
    "valid_from": "Geldt vanaf",
    "valid_until": "Geldt tot en met",
}
"""Every field of a row, as people call it, in the order in which it is shown."""


def money(amount: Decimal) -> str:
    """Whole euros without cents, kept together on one line: € 500, and € 12,50."""
    return euros(int(amount * 100)).removesuffix(",00").replace(" ", "\u00a0")


def duration(text: str) -> str:
    """A length of time as people say it: 6 maanden, 24 uur."""
    read = read_duration(text)
    years, months = divmod(read.months, 12)
    hours, seconds = divmod(read.seconds, 3600)
    parts = [
        (years, "jaar", "jaar"),
        (months, "maand", "maanden"),
        (read.days, "dag", "dagen"),
        (hours, "uur", "uur"),
        (seconds // 60, "minuut", "minuten"),
        (seconds % 60, "seconde", "seconden"),
    ]
    return " en ".join(f"{count} {one if count == 1 else more}" for count, one, more in parts if count)


def day(value: date) -> str:
    """A day in figures: 31-12-2026."""
    return f"{value.day}-{value.month}-{value.year}"


def small(title: str) -> str:
    """A title within a sentence: a capital at its start goes, those of a name or shortening stay."""
    return title[:1].lower() + title[1:] if re.match(r"[A-Z][a-zà-ÿ]", title) else title


def value_in_words(name: str, value: Any, titles: Titles) -> str:
    """What stands in one field of a row, in words; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    told: Mapping[str, Callable[[Any], str]] = {
        "kind": lambda kind: KINDS.get(kind, kind),
        "power": lambda code: titles.powers.get(code, code),
        "function": lambda code: titles.functions.get(code, code),
        "pass_on_to": lambda code: titles.functions.get(code, code),
        "wijk": lambda code: titles.wijken.get(code, code),
        "reserved": lambda codes: "; ".join(titles.reserved.get(code, code) for code in codes),
        "longest_duration": duration,
        "quorum_within": duration,
    }
    if name in told:
        return told[name](value)
    match value:
        case bool():
            return "ja" if value else "nee"
        case Decimal():
            return money(value)
        case date():
            return day(value)
        case _:
            return str(value)


def sentences(entry: MandateEntry, titles: Titles) -> list[str]:
    """The whole row in short sentences, the first one saying who may do what up to how much."""
    return [
        *_who_may_what(entry, titles),
        *_where(entry, titles),
        *_with_whom(entry),
        *_not_when(entry, titles),
        *_passing_on(entry, titles),
    ]


def in_short(entry: MandateEntry, titles: Titles) -> str:
    """Who may do what up to how much, in one sentence."""
    return _who_may_what(entry, titles)[0]


def _who_may_what(entry: MandateEntry, titles: Titles) -> list[str]:
    function = small(titles.functions.get(entry.function, entry.function))
    power = small(titles.powers.get(entry.power, entry.power))
    limits = [
        f"tot {money(entry.per_decision)} per besluit" if entry.per_decision else "",
        f"tot {money(entry.per_household)} per huishouden per jaar" if entry.per_household else "",
        f"tot {money(entry.per_year)} per team per jaar" if entry.per_year else "",
    ]
    limit = ", ".join(each for each in limits if each)
    said = [f"Een {function} {MAY[entry.kind].format(power=power)}{', ' + limit if limit else ''}."]
    if entry.kind != "machtiging":
        said.append(f"Dat gebeurt in naam van: {entry.body}.")
    if entry.longest_duration:
        said.append(f"Wat wordt besloten duurt hooguit {duration(entry.longest_duration)}.")
    return said


def _where(entry: MandateEntry, titles: Titles) -> list[str]:
    said = []
    if entry.team:
        said.append(f"Alleen in {entry.team}.")
    if entry.wijk:
        said.append(f"Alleen in de wijk {titles.wijken.get(entry.wijk, entry.wijk)}.")
    if entry.civil_servant_only:
        said.append("Alleen wie ambtenaar is mag dit.")
    return said


def _with_whom(entry: MandateEntry) -> list[str]:
    said = []
    if entry.colleagues_needed:
        who = "collega stemt" if entry.colleagues_needed == 1 else "collega's stemmen"
        within = f", binnen {duration(entry.quorum_within)}" if entry.quorum_within else ""
        said.append(f"{entry.colleagues_needed} {who} vooraf in{within}.")
    if entry.second_pair_above:
        said.append(f"Boven {money(entry.second_pair_above)} kijkt een tweede persoon mee.")
    return said


def _not_when(entry: MandateEntry, titles: Titles) -> list[str]:
    if not entry.reserved:
        return []
    cases = ", of ".join(small(titles.reserved.get(code, code)) for code in entry.reserved)
    return [f"Niet in deze gevallen: {cases}. Dan beslist wie dit mandaat gaf."]


def _passing_on(entry: MandateEntry, titles: Titles) -> list[str]:
    said = []
    if entry.given_under:
        said.append(f"Dit is ondermandaat van rij {entry.given_under}.")
    if entry.may_pass_on:
        to = f" aan: {small(titles.functions.get(entry.pass_on_to, entry.pass_on_to))}" if entry.pass_on_to else ""
        said.append(f"Mag worden doorgegeven{to}.")
    return said
