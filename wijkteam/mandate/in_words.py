"""A row of the register in plain words, for whoever holds it and for whoever wants to check it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from wijkteam.mandate.register_file import MandateEntry
from wijkteam.mandate.register_queries import Titles
from wijkteam.mandate.verdict import euros
from wijkteam.terms.term import read_duration
from wijkteam.terms.words import Language, Words

MAY = {
    "mandaat": Words("mag besluiten over: {power}", "may decide on: {power}"),
    "volmacht": Words(
        "mag afspraken maken en geld toezeggen voor: {power}", "may make agreements and promise money for: {power}"
    ),
    "machtiging": Words("mag doen wat nodig is voor: {power}", "may do what is needed for: {power}"),
    "ondertekening": Words("mag besluiten ondertekenen over: {power}", "may sign decisions on: {power}"),
}
KINDS = {
    "mandaat": Words("Mandaat: besluiten nemen", "Mandate: taking decisions"),
    "volmacht": Words("Volmacht: afspraken maken", "Power of attorney: making agreements"),
    "machtiging": Words("Machtiging: handelingen doen", "Authorisation: doing what is needed"),
    "ondertekening": Words("Ondertekening: alleen tekenen", "Signature: signing only"),
}
FIELDS = {
    "number": Words("Nummer", "Number"),
    "kind": Words("Soort", "Kind"),
    "power": Words("Bevoegdheid", "Power"),
    "legal_ground": Words("Wettelijke grondslag", "Legal ground"),
    "body": Words("Bestuursorgaan", "Body"),
    "function": Words("Functie", "Function"),
    "given_under": Words("Ondermandaat van rij", "Sub-mandate of row"),
    "may_pass_on": Words("Mag worden doorgegeven", "May be passed on"),
    "pass_on_to": Words("Alleen door te geven aan", "Only to be passed on to"),
    "per_decision": Words("Plafond per besluit", "Ceiling per decision"),
    "per_household": Words("Plafond per huishouden per jaar", "Ceiling per household per year"),
    "per_year": Words("Plafond per team per jaar", "Ceiling per team per year"),
    "longest_duration": Words("Langste duur", "Longest duration"),
    "second_pair_above": Words("Tweede paar ogen boven", "Second pair of eyes above"),
    "colleagues_needed": Words("Collega's die instemmen", "Colleagues who agree"),
    "quorum_within": Words("Instemmen binnen", "Agree within"),
    "reserved": Words("Voorbehouden", "Reserved"),
    "civil_servant_only": Words("Alleen een ambtenaar", "Only a civil servant"),
    "team": Words("Alleen voor team", "Only for team"),
    "wijk": Words("Alleen voor wijk", "Only for wijk"),
    "conditions": Words("Voorwaarden", "Conditions"),
    "inform_duty": Words("Wie wordt geïnformeerd", "Who is informed"),
    "publication": Words("Bekendgemaakt in", "Published in"),
    "valid_from": Words("Geldt vanaf", "Holds from"),
    "valid_until": Words("Geldt tot en met", "Holds up to and including"),
}
"""Every field of a row, as people call it, in the order in which it is shown."""


def money(amount: Decimal) -> str:
    """Whole euros without cents, kept together on one line: € 500, and € 12,50."""
    return euros(int(amount * 100)).removesuffix(",00").replace(" ", "\u00a0")


LENGTHS = (
    Words("jaar", "year"),
    Words("maand", "month"),
    Words("dag", "day"),
    Words("uur", "hour"),
    Words("minuut", "minute"),
    Words("seconde", "second"),
)
MORE = (
    Words("jaar", "years"),
    Words("maanden", "months"),
    Words("dagen", "days"),
    Words("uur", "hours"),
    Words("minuten", "minutes"),
    Words("seconden", "seconds"),
)


def duration(text: str, tongue: Language = "nl") -> str:
    """A length of time as people say it: 6 maanden, 24 uur."""
    read = read_duration(text)
    years, months = divmod(read.months, 12)
    hours, seconds = divmod(read.seconds, 3600)
    counts = (years, months, read.days, hours, seconds // 60, seconds % 60)
    told = [
        f"{count} {getattr(one if count == 1 else more, tongue)}"
        for count, one, more in zip(counts, LENGTHS, MORE, strict=True)
        if count
    ]
    return (" and " if tongue == "en" else " en ").join(told)


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
        "kind": lambda kind: titles.said(KINDS[kind]) if kind in KINDS else kind,
        "power": lambda code: titles.powers.get(code, code),
        "function": lambda code: titles.functions.get(code, code),
        "pass_on_to": lambda code: titles.functions.get(code, code),
        "wijk": lambda code: titles.wijken.get(code, code),
        "reserved": lambda codes: "; ".join(titles.reserved.get(code, code) for code in codes),
        "longest_duration": lambda text: duration(text, titles.tongue),
        "quorum_within": lambda text: duration(text, titles.tongue),
    }
    if name in told:
        return told[name](value)
    match value:
        case bool():
            return titles.said(Words("ja", "yes") if value else Words("nee", "no"))
        case Decimal():
            return money(value)
        case date():
            return day(value)
        case _:
            return str(value)


def sentences(entry: MandateEntry, titles: Titles) -> list[str]:
    """The whole row in short sentences, the first one saying who may do what up to how much."""
    told = [
        *_who_may_what(entry, titles),
        *_where(entry, titles),
        *_with_whom(entry),
        *_not_when(entry, titles),
        *_passing_on(entry, titles),
    ]
    return [titles.said(each) for each in told]


def in_short(entry: MandateEntry, titles: Titles) -> str:
    """Who may do what up to how much, in one sentence."""
    return titles.said(_who_may_what(entry, titles)[0])


def _who_may_what(entry: MandateEntry, titles: Titles) -> list[Words]:
    function = small(titles.functions.get(entry.function, entry.function))
    power = small(titles.powers.get(entry.power, entry.power))
    limits = [
        Words(f"tot {money(amount)} {per.nl}", f"up to {money(amount)} {per.en}")
        for amount, per in (
            (entry.per_decision, Words("per besluit", "per decision")),
            (entry.per_household, Words("per huishouden per jaar", "per household per year")),
            (entry.per_year, Words("per team per jaar", "per team per year")),
        )
        if amount
    ]
    nl, en = (", ".join(["", *each]) for each in ([one.nl for one in limits], [one.en for one in limits]))
    may = MAY[entry.kind]
    said = [
        Words(f"Een {function} {may.nl.format(power=power)}{nl}.", f"A {function} {may.en.format(power=power)}{en}.")
    ]
    if entry.kind != "machtiging":
        said.append(Words(f"Dat gebeurt in naam van: {entry.body}.", f"That is done in the name of: {entry.body}."))
    if entry.longest_duration:
        said.append(
            Words(
                f"Wat wordt besloten duurt hooguit {duration(entry.longest_duration)}.",
                f"What is decided lasts at most {duration(entry.longest_duration, 'en')}.",
            )
        )
    return said


def _where(entry: MandateEntry, titles: Titles) -> list[Words]:
    said = []
    if entry.team:
        said.append(Words(f"Alleen in {entry.team}.", f"Only in {entry.team}."))
    if entry.wijk:
        wijk = titles.wijken.get(entry.wijk, entry.wijk)
        said.append(Words(f"Alleen in de wijk {wijk}.", f"Only in the wijk {wijk}."))
    if entry.civil_servant_only:
        said.append(Words("Alleen wie ambtenaar is mag dit.", "Only a civil servant may do this."))
    return said


def _with_whom(entry: MandateEntry) -> list[Words]:
    said = []
    if entry.colleagues_needed:
        number, within = entry.colleagues_needed, entry.quorum_within
        nl = f", binnen {duration(within)}" if within else ""
        en = f", within {duration(within, 'en')}" if within else ""
        one, more = Words("collega stemt", "colleague agrees"), Words("collega's stemmen", "colleagues agree")
        who = one if number == 1 else more
        said.append(
            Words(
                f"{number} {who.nl} vooraf in{nl}.",
                f"{number} {who.en} beforehand{en}.",
            )
        )
    if entry.second_pair_above:
        above = money(entry.second_pair_above)
        said.append(Words(f"Boven {above} kijkt een tweede persoon mee.", f"Above {above} a second person looks too."))
    return said


def _not_when(entry: MandateEntry, titles: Titles) -> list[Words]:
    if not entry.reserved:
        return []
    cases = [small(titles.reserved.get(code, code)) for code in entry.reserved]
    return [
        Words(
            f"Niet in deze gevallen: {', of '.join(cases)}. Dan beslist wie dit mandaat gaf.",
            f"Not in these cases: {', or '.join(cases)}. Then whoever gave this mandate decides.",
        )
    ]


def _passing_on(entry: MandateEntry, titles: Titles) -> list[Words]:
    said = []
    if entry.given_under:
        said.append(
            Words(
                f"Dit is ondermandaat van rij {entry.given_under}.",
                f"This is a sub-mandate of row {entry.given_under}.",
            )
        )
    if entry.may_pass_on:
        to = small(titles.functions.get(entry.pass_on_to, entry.pass_on_to)) if entry.pass_on_to else ""
        nl, en = (f" aan: {to}", f" to: {to}") if to else ("", "")
        said.append(Words(f"Mag worden doorgegeven{nl}.", f"May be passed on{en}."))
    return said
