"""Made-up registers, people and questions, and a slow answer to them that anybody can check by reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from hypothesis import strategies as st

from wijkteam.mandate.register import PresentStaff, Register
from wijkteam.mandate.row import SIGNING, RegisterRow
from wijkteam.mandate.verdict import NEVER_MANDATED, Question, Verdict, verdict
from wijkteam.people.acting import ActingPerson, Holding

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAYS = [TODAY + timedelta(days=number) for number in (-40, -1, 0, 1, 40)]
FUNCTIONS = ("best_person", "team_lead", "manager")
POWERS = ("budget", "housing")
BODIES = ("college", "burgemeester")
CODES = ("politically_sensitive", "precedent")
CASES = ("case-1", "case-2")
PEOPLE = (1, 2, 3, 4)
CENTS = (0, 1, 100, 250, 500)
DURATIONS = {"P10D": 10, "P30D": 30}
WITHIN = {"PT24H": timedelta(hours=24), "P3D": timedelta(days=3)}


# a strategy that is made anew for each draw is also proved anew each time, which takes longer than drawing
@lru_cache(maxsize=None, typed=True)
def one_of(*values: object) -> st.SearchStrategy:
    return st.sampled_from(values)


@lru_cache(maxsize=None, typed=True)
def often(usual: object, *others: object) -> st.SearchStrategy:
    """Mostly the plain value, so that a good part of what is made up holds."""
    return st.sampled_from([usual] * 20 * len(others) + list(others))


def often_wrong(draw: st.DrawFn, count: int) -> list[int]:
    """Now and then any row at all, so that there are circles and rows that come later."""
    return [draw(st.integers(1, count + 1))] if draw(st.integers(0, 9)) == 0 else []


@st.composite
def rows(draw: st.DrawFn, most: int = 8) -> list[RegisterRow]:
    count = draw(st.integers(3, most))
    made = []
    for number in range(1, count + 1):
        case_id = draw(one_of(None, None, None, None, *CASES)) if number > 1 else None
        made.append(
            RegisterRow(
                id=number,
                number=draw(often(f"M-{number}", "M-1")),
                kind=draw(often("mandaat", "volmacht", "machtiging", SIGNING)),
                power=draw(often(*POWERS)),
                body=draw(often(*BODIES)),
                function=draw(often(FUNCTIONS[number % 2], *FUNCTIONS)),
                given_under=draw(one_of(None, None, *(range(1, number) or [number]), *often_wrong(draw, count))),
                may_pass_on=draw(often(True, False)),
                pass_on_to=draw(one_of(None, None, None, *FUNCTIONS)),
                ceiling_per_decision=draw(one_of(None, None, None, *CENTS)),
                ceiling_per_household=draw(one_of(None, None, None, 250, 500)),
                ceiling_per_year=draw(one_of(None, None, None, 250, 500)),
                longest_duration=draw(often(None, *DURATIONS)),
                second_pair_above=draw(one_of(None, None, None, 100, 250)),
                colleagues_needed=draw(one_of(0, 0, 1, 3)),
                quorum_within=draw(one_of(None, *WITHIN)),
                reserved=draw(often("", *CODES, ",".join(CODES))),
                civil_servant_only=draw(often(False, True)),
                team_id=draw(often(None, 1, 2)),
                wijk_code=draw(often(None, "WK1", "WK2")),
                case_id=case_id,
                person_id=draw(one_of(*PEOPLE)) if case_id else None,
                valid_from=draw(often(*DAYS)),
                valid_until=draw(often(None, *DAYS)),
                revoked_at=draw(often(None, NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1))),
            )
        )
    return made


holding = st.builds(Holding, one_of(*FUNCTIONS), one_of(None, None, 1, 2), one_of(None), often(True, False))
holdings = st.lists(holding, min_size=2, max_size=4)


@st.composite
def persons(draw: st.DrawFn, number: int) -> ActingPerson:
    held = draw(holdings)
    return ActingPerson(number, f"P{number}", draw(often(True, False)), tuple(held))


moments = st.integers(-100, 1).map(lambda hours: NOW + timedelta(hours=hours))
questions = st.builds(
    Question,
    power=often(*POWERS, "adopt_binding_rules"),
    amount=one_of(None, *CENTS),
    team_id=one_of(1, 1, 1, 2, None),
    wijk_code=one_of(None, "WK1"),
    case_id=one_of(*CASES, None),
    until=often(None, *(TODAY + timedelta(days=number) for number in (9, 10, 11, 30, 31))),
    reserved=often(frozenset(), *(frozenset({code}) for code in CODES)),
    objection_against=often(None, 1, 2),
    spent_on_household=one_of(0, 0, 100, 400),
    spent_under=st.dictionaries(st.integers(1, 8), one_of(0, 100, 400), max_size=3),
    colleagues_agreed=one_of(0, 0, 0, 1, 3),
    agreed_at=st.lists(moments, max_size=3).map(tuple),
)


@dataclass(frozen=True)
class World:
    """A register, its people, and who of them is away."""

    rows: list[RegisterRow]
    people: list[ActingPerson]
    away: frozenset[int]

    def register(self, moment: datetime = NOW, *more: RegisterRow) -> Register:
        return Register([*self.rows, *more], moment, PresentStaff(self.people, self.away))

    def ask(self, question: Question, who: int = 1, moment: datetime = NOW) -> Verdict:
        return verdict(self.register(moment), self.person(who), question)

    def person(self, number: int) -> ActingPerson:
        return next(each for each in self.people if each.person_id == number)

    def changed(self, row_id: int, **values: object) -> "World":
        return replace(self, rows=[replace(row, **values) if row.id == row_id else row for row in self.rows])  # type: ignore[arg-type]


worlds = st.builds(
    World, rows(), st.tuples(*(persons(number) for number in PEOPLE)).map(list), st.frozensets(one_of(*PEOPLE[1:]))
)


def chain_of(row: RegisterRow, by_id: Mapping[int, RegisterRow]) -> list[RegisterRow] | None:
    """The row and all above it; None when it leads nowhere."""
    chain = [row]
    while chain[-1].given_under is not None:
        above = by_id.get(chain[-1].given_under)
        if above is None or above in chain:
            return None
        chain.append(above)
    return chain


def holds(row: RegisterRow, rows: list[RegisterRow], moment: datetime) -> bool:
    """Whether a row is in force, by walking up from it."""
    chain = chain_of(row, {each.id: each for each in rows})
    if chain is None:
        return False
    day = moment.date()
    for each in chain:
        if day < each.valid_from or (each.valid_until is not None and day > each.valid_until):
            return False
        if each.revoked_at is not None and each.revoked_at <= moment:
            return False
    for below, above in zip(chain, chain[1:], strict=False):
        if not above.may_pass_on or (above.pass_on_to is not None and above.pass_on_to != below.function):
            return False
        if above.power != below.power or above.body != below.body:
            return False
        if below.kind != above.kind and below.kind != SIGNING:
            return False
        if above.case_id is not None and above.case_id != below.case_id:
            return False
    return all(len({getattr(each, place) for each in chain} - {None}) <= 1 for place in ("team_id", "wijk_code"))


def covers(
    row: RegisterRow, rows: list[RegisterRow], person: ActingPerson, asked: Question, moment: datetime
) -> int | None:
    """How many more eyes a row needs for this person and question; None when it does not cover it at all."""
    if row.kind == SIGNING or row.power != asked.power or not holds(row, rows, moment):
        return None
    mine = [each for each in person.holdings if each.function == row.function and each.team_id in (None, asked.team_id)]
    if not any(each.consented for each in mine):
        return None
    if row.case_id is not None and (row.case_id != asked.case_id or row.person_id != person.person_id):
        return None
    chain = chain_of(row, {each.id: each for each in rows}) or []
    if any(not within_limits(each, person, asked) for each in chain):
        return None
    eyes = [0]
    terms = [each.quorum_within for each in chain if each.colleagues_needed]
    for each in chain:
        if each.colleagues_needed:
            eyes.append(each.colleagues_needed - agreed(asked, each.quorum_within, moment))
        if each.second_pair_above is not None and asked.amount is not None and asked.amount > each.second_pair_above:
            shortest = min((term for term in terms if term), key=lambda term: WITHIN[term], default=None)
            eyes.append(1 - agreed(asked, shortest, moment))
    return max(eyes)


def agreed(asked: Question, within: str | None, moment: datetime) -> int:
    still = [at for at in asked.agreed_at if at <= moment and (within is None or moment - at <= WITHIN[within])]
    return asked.colleagues_agreed + len(still)


def within_limits(row: RegisterRow, person: ActingPerson, asked: Question) -> bool:
    """The limits of one row by itself."""
    if row.civil_servant_only and not person.civil_servant:
        return False
    if row.team_id not in (None, asked.team_id) or row.wijk_code not in (None, asked.wijk_code):
        return False
    if any(code in row.reserved.split(",") for code in asked.reserved):
        return False
    longest = DURATIONS.get(row.longest_duration or "")
    if asked.until is not None and longest is not None and asked.until > TODAY + timedelta(days=longest):
        return False
    if asked.amount is None:
        return True
    under = asked.spent_under.get(row.id, 0)
    limits = [
        (row.ceiling_per_decision, asked.amount),
        (row.ceiling_per_household, asked.amount + asked.spent_on_household),
        (row.ceiling_per_year, asked.amount + under),
        (row.ceiling_per_decision if row.case_id else None, asked.amount + under),
    ]
    return all(limit is None or total <= limit for limit, total in limits)


def slowly(rows: list[RegisterRow], person: ActingPerson, asked: Question, moment: datetime = NOW) -> tuple[bool, int]:
    """May this person take this decision: whether, and how many more eyes it needs first (0 for a plain no)."""
    if asked.power in NEVER_MANDATED or asked.objection_against == person.person_id:
        return False, 0
    found = [eyes for row in rows if (eyes := covers(row, rows, person, asked, moment)) is not None]
    return (min(found) == 0, min(found)) if found else (False, 0)
