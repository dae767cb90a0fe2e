"""The one question to the register: may this person take this decision now? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from operator import attrgetter

from wijkteam.mandate.register import Register, Standing
from wijkteam.mandate.row import RegisterRow, euros
from wijkteam.people.acting import ActingPerson
from wijkteam.terms.term import Clock, Term, add_months, read_duration

__all__ = ["Nearest", "Question", "RegisterRow", "Verdict", "agreed_in_time", "euros", "verdict"]

SHOWN_NAMES = 3
NEVER_MANDATED = frozenset(
    {"adopt_binding_rules", "decide_by_reinforced_majority", "decide_on_administrative_appeal", "annul_or_withhold"}
)
"""Powers that no mandate can be given for: Awb art. 10:3(2), as in force since 1998-01-01 (wetten.overheid.nl).

Binding rules are the exception to the exception: a law may allow mandate for them; such a power gets a code of its own.
"""
RESERVED_WORDS = {
    "politically_sensitive": ("politiek gevoelig", "politically sensitive"),
    "precedent": ("schept een precedent", "sets a precedent"),
    "deviates_from_advice": ("wijkt af van een advies", "deviates from advice"),
}
"""As in the list reserved_cases; other codes are shown as they are."""


@dataclass(frozen=True)
class Question:
    """A decision that someone wants to take. Without an amount the ceilings are left out of it."""

    power: str
    amount: int | None = None
    team_id: int | None = None
    wijk_code: str | None = None
    case_id: str | None = None
    until: date | None = None
    """How long what is decided runs."""
    reserved: frozenset[str] = frozenset()
    """Codes of what makes this case one that a giver may have kept to itself."""
    objection_against: int | None = None
    """Number of the person who took the decision that an objection is against."""
    spent_on_household: int = 0
    """What was decided for the household this calendar year under this power, in cents."""
    spent_under: Mapping[int, int] = field(default_factory=dict)
    """For rows with a ceiling of their own (a year, one case): what was decided under them, in cents."""
    colleagues_agreed: int = 0
    agreed_at: tuple[datetime, ...] = ()
    """When colleagues agreed; with `colleagues_agreed` those who count whenever it was."""


@dataclass(frozen=True)
class Nearest:
    """The nearest who can: a function with people reachable today, or else the body itself (Awb 10:7)."""

    function: str | None
    people: tuple[ActingPerson, ...] = ()
    body: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Yes, on which row; yes with so many more pairs of eyes; or no, why (Dutch and English), and who can."""

    standing: Standing | None = None
    why_nl: str = ""
    why_en: str = ""
    eyes_needed: int = 0
    nearest: Nearest | None = None

    @property
    def row(self) -> RegisterRow | None:
        """The row that covers the decision, also where more pairs of eyes are needed first."""
        return self.standing.row if self.standing is not None else None

    @property
    def allowed(self) -> bool:
        """Whether some mandate in force covers the decision as it is."""
        return self.standing is not None and self.eyes_needed == 0


class Stop(IntEnum):
    """What stops a row from covering a decision, from far off to close by."""

    NOT_HELD, NO_CIVIL_SERVANT, NO_CONSENT, RESERVED, TOO_LONG, PER_DECISION, PER_HOUSEHOLD, PER_YEAR, IN_TOTAL = range(
        9
    )


@dataclass(frozen=True)
class Refusal:
    """Why one row does not cover a decision; put into words only when it is told."""

    stop: Stop
    standing: Standing
    limit: int = 0
    """The ceiling, or what is left under it, in cents."""
    last: date | None = None
    kept: tuple[str, ...] = ()

    def words(self) -> tuple[str, str]:
        """For people, in Dutch and in English."""
        if self.stop is Stop.RESERVED:
            return _reserved_words(self.standing, self.kept)
        if self.stop is Stop.TOO_LONG and self.last is not None:
            return (
                f"Uw mandaat gaat voor wat loopt tot en met {self.last.day}-{self.last.month}-{self.last.year}.",
                f"Your mandate is for what runs up to and including {self.last:%-d %B %Y}.",
            )
        nl, en = WORDS[self.stop]
        return nl.format(euros(self.limit)), en.format(euros(self.limit, "en"))


WORDS = {
    Stop.NO_CIVIL_SERVANT: ("Dit mag alleen een ambtenaar besluiten.", "Only a civil servant may decide this."),
    Stop.NO_CONSENT: (
        "Dat u en uw werkgever met dit mandaat instemmen, is nog niet vastgelegd (Awb 10:4).",
        "It is not on record yet that you and your employer agree to this mandate.",
    ),
    Stop.PER_DECISION: ("Uw mandaat gaat tot {} per besluit.", "Your mandate goes up to {} per decision."),
    Stop.PER_HOUSEHOLD: ("Voor dit huishouden is dit jaar nog {} over.", "For this household {} is left this year."),
    Stop.PER_YEAR: ("Voor uw team is dit jaar nog {} over.", "For your team {} is left this year."),
    Stop.IN_TOTAL: (
        "Van het mandaat voor deze casus is nog {} over.",
        "Of the mandate for this case {} is left.",
    ),
}


def _reserved_words(standing: Standing, kept: tuple[str, ...]) -> tuple[str, str]:
    keeper = standing.reserved[kept[0]]
    who_nl = f"het {standing.row.body}" if keeper is None else "wie u dit mandaat gaf"
    who_en = standing.row.body if keeper is None else "whoever gave you this mandate"
    words = [RESERVED_WORDS.get(code, (code, code)) for code in kept]
    return (
        f"Dit houdt {who_nl} zelf: {', '.join(each[0] for each in words)}.",
        f"This is kept by {who_en}: {', '.join(each[1] for each in words)}.",
    )


def agreed_in_time(moments: Iterable[datetime], within: str | None, now: datetime) -> int:
    """How many of these agreements still count now: those not longer ago than `within` (ISO 8601; None: any)."""
    given = [moment for moment in moments if moment <= now]
    if within is None:
        return len(given)
    term = Term(within, Clock.ELAPSED)
    return sum(term.end(moment) >= now for moment in given)


def verdict(register: Register, person: ActingPerson, question: Question) -> Verdict:
    """May this person take this decision now?

    What was given for this very case is the ground before a general row (Awb 10:5), and the widest row before a
    narrower one. When no row covers it, the reason is that of the row that came nearest. A mandate binds within its
    limits only (Awb 10:2); some powers cannot be mandated (10:3(2)); who took a decision does not decide on the
    objection against it (10:3(3)).
    """
    if question.power in NEVER_MANDATED:
        return _no("Dit besluit kan niet worden gemandateerd (Awb 10:3).", "No mandate can be given for this decision.")
    if question.objection_against == person.person_id:
        why = (
            "U nam het besluit waartegen dit bezwaar is. Een ander beslist (Awb 10:3).",
            "You took the decision that this objection is against; somebody else decides.",
        )
        return _no(*why, nearest_who_can(register, question, person.person_id))
    refusals: list[Refusal] = []
    waiting: tuple[int, Standing] | None = None
    for standing in held_by(register, person, question):
        refusal = _unsuitable(standing, person, question.team_id) or refusal_of(standing, question, register.day)
        if refusal is not None:
            refusals.append(refusal)
            continue
        eyes = _eyes_needed(standing, question, register.moment)
        if eyes == 0:
            return Verdict(standing)
        if waiting is None or eyes < waiting[0]:
            waiting = (eyes, standing)
    if waiting is not None:
        return _with_eyes(register, person, question, *waiting)
    nearest = nearest_who_can(register, question, person.person_id)
    if not refusals:
        return _no(*_not_held(register, person, question), nearest)
    return _no(*max(refusals, key=lambda each: each.stop).words(), nearest)


def _no(why_nl: str, why_en: str, nearest: Nearest | None = None) -> Verdict:
    return Verdict(None, why_nl, why_en, nearest=nearest)


def _with_eyes(register: Register, person: ActingPerson, question: Question, eyes: int, standing: Standing) -> Verdict:
    nl = f"Er moeten nog {eyes} collega's instemmen." if eyes > 1 else "Er moet nog 1 collega instemmen."
    nearest = nearest_who_can(register, question, person.person_id, without_eyes=True)
    return Verdict(standing, nl, f"{eyes} more colleague(s) must agree.", eyes, nearest)


def held_by(register: Register, person: ActingPerson, question: Question) -> Iterable[Standing]:
    """The rows that this person holds for the question: for this case first, then from wide to narrow."""
    for standing in register.held_for_case(question.power, question.case_id):
        mine = standing.row.person_id == person.person_id and person.holds(standing.row.function, question.team_id)
        if mine and _in_place(standing, question):
            yield standing
    functions = {each.function: None for each in person.holdings if each.team_id in (None, question.team_id)}
    found: list[Standing] = []
    for function in functions:
        found += register.held_in(question.power, function, question.team_id, question.wijk_code)
    yield from sorted(found, key=_width, reverse=True)


_width = attrgetter("width")


def _in_place(standing: Standing, question: Question) -> bool:
    return standing.team_id in (None, question.team_id) and standing.wijk_code in (None, question.wijk_code)


def _not_held(register: Register, person: ActingPerson, question: Question) -> tuple[str, str]:
    if any(register.may_sign(question.power, function) for function in person.functions):
        body = register.body_with(question.power)
        return (
            f"U mag dit alleen ondertekenen. Het besluit neemt het {body} zelf (Awb 10:11).",
            "You may only sign this; the body itself decides.",
        )
    return "Uw functie heeft hiervoor geen mandaat.", "Your function holds no mandate for this decision."


def _unsuitable(standing: Standing, person: ActingPerson, team_id: int | None) -> Refusal | None:
    if standing.civil_servant_only and not person.civil_servant:
        return Refusal(Stop.NO_CIVIL_SERVANT, standing)
    if not person.consented(standing.row.function, team_id):
        return Refusal(Stop.NO_CONSENT, standing)
    return None


def refusal_of(standing: Standing, question: Question, day: date) -> Refusal | None:
    """Why a row does not cover the decision, whoever takes it; None when it does, eyes left aside."""
    if question.reserved:
        kept = tuple(sorted(question.reserved & standing.reserved.keys()))
        if kept:
            return Refusal(Stop.RESERVED, standing, kept=kept)
    if question.until is not None and standing.durations:
        last = min(_last_day(day, duration) for duration in standing.durations)
        if question.until > last:
            return Refusal(Stop.TOO_LONG, standing, last=last)
    return ceiling_refusal(standing, question)


def ceiling_refusal(standing: Standing, question: Question) -> Refusal | None:
    """Which ceiling of a row a decision goes over, counting what was spent; None when none."""
    amount = question.amount
    if amount is None:
        return None
    if standing.per_decision is not None and amount > standing.per_decision:
        return Refusal(Stop.PER_DECISION, standing, standing.per_decision)
    if standing.per_household is not None and amount > standing.per_household - question.spent_on_household:
        return Refusal(Stop.PER_HOUSEHOLD, standing, max(0, standing.per_household - question.spent_on_household))
    for stop, ceilings in ((Stop.PER_YEAR, standing.per_year), (Stop.IN_TOTAL, standing.in_total)):
        for row_id, ceiling in ceilings:
            left = ceiling - question.spent_under.get(row_id, 0)
            if amount > left:
                return Refusal(stop, standing, max(0, left))
    return None


def _last_day(day: date, written: str) -> date:
    length = read_duration(written)
    return add_months(day, length.months) + timedelta(days=length.days, seconds=length.seconds)


def _eyes_needed(standing: Standing, question: Question, now: datetime) -> int:
    """How many more have to look along: the second pair of eyes is one of those of a quorum."""
    always = question.colleagues_agreed
    missing = [count - always - agreed_in_time(question.agreed_at, within, now) for count, within in standing.quorums]
    limit = standing.second_pair_above
    if limit is not None and question.amount is not None and question.amount > limit:
        within = min(
            (each for _, each in standing.quorums if each), key=lambda each: _last_day(now.date(), each), default=None
        )
        missing.append(1 - always - agreed_in_time(question.agreed_at, within, now))
    return max([0, *missing])


def nearest_who_can(
    register: Register, question: Question, but_not: int | None, without_eyes: bool = False
) -> Nearest | None:
    """The holder of the narrowest row that covers the decision and can be reached today.

    Never the asking person, nor who took the decision that an objection is against. Where nobody can be reached it is
    the body itself, which stays competent (Awb 10:7); None where no row says which body that is, or when only
    holders count who need nobody else (`without_eyes`) and there are none.
    """
    excluded = {but_not, question.objection_against}
    candidates = list(register.held_for_case(question.power, question.case_id))
    for function in register.functions_with(question.power):
        candidates += register.held_in(question.power, function, question.team_id, question.wijk_code)
    with_eyes: Nearest | None = None
    amount = question.amount or 0
    wide_enough = [each for each in candidates if each.per_decision is None or amount <= each.per_decision]
    for standing in sorted(wide_enough, key=_width):
        if refusal_of(standing, question, register.day) is not None or not _in_place(standing, question):
            continue
        eyes = _eyes_needed(standing, question, register.moment)
        if eyes and (without_eyes or with_eyes is not None):
            continue
        found = _reachable(register, standing, question, excluded)
        if not found:
            continue
        nearest = Nearest(standing.row.function, tuple(found[:SHOWN_NAMES]))
        if not eyes:
            return nearest
        with_eyes = nearest
    body = register.body_with(question.power)
    if with_eyes is None and body is not None and not without_eyes:
        return Nearest(None, body=body)
    return with_eyes


def _reachable(
    register: Register, standing: Standing, question: Question, excluded: set[int | None]
) -> list[ActingPerson]:
    row = standing.row
    return [
        each
        for each in register.staff.reachable(row.function, question.team_id)
        if each.person_id not in excluded
        and row.person_id in (None, each.person_id)
        and _unsuitable(standing, each, question.team_id) is None
    ]
