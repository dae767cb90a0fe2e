"""Readings that ask a second look: a simple, stated list. None of them is wrong in itself."""

import re
import unicodedata
from collections import deque
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.access.model import Reading
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.logs.queries import Asked, between
from wijkteam.people.model import Person
from wijkteam.terms.words import Words

BREAK_GLASS, OWN_NAME, MANY = "break_glass", "own_name", "many_households"
SORTS = {
    BREAK_GLASS: Words("Gelezen in een noodgeval", "Read in an emergency"),
    OWN_NAME: Words(
        "De achternaam van de lezer staat in het huishouden", "The surname of the reader stands in the household"
    ),
    MANY: Words("Veel huishoudens binnen een uur", "Many households within an hour"),
}
WITHIN = timedelta(hours=1)
MOST = 5_000
"""Of one sort, the newest."""
SHORTEST_NAME = 3
PARTICLES = frozenset({"van", "der", "den", "het", "ten", "ter", "von", "las", "los", "del", "bin"})
WORD = re.compile(r"[^\W\d_]+")


def unusual_ids(session: Session, asked: Asked, many: int) -> list[int]:
    """The numbers of the readings of the sort asked for, in the period asked for; `many` is a count of households."""
    if asked.unusual == OWN_NAME:
        found = _own_name(session, asked)
    elif asked.unusual == MANY:
        found = _many(session, asked, many)
    else:
        glass = select(Reading.id).where(Reading.ground == BREAK_GLASS, *between(Reading.at, asked))
        found = list(session.scalars(glass.order_by(Reading.id)))
    return found[-MOST:]


def words_of(name: str) -> set[str]:
    """The words of a name or address without accents and in small letters; short ones and particles left out."""
    plain = unicodedata.normalize("NFKD", name.lower())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return {each for each in WORD.findall(bare) if len(each) >= SHORTEST_NAME and each not in PARTICLES}


def _own_name(session: Session, asked: Asked) -> list[int]:
    pairs = session.execute(
        select(Reading.person_id, Reading.case_id, Person.name, Household.who_or_where)
        .join(Person, Person.id == Reading.person_id)
        .join(HouseholdCase, HouseholdCase.id == Reading.case_id)
        .join(Household, Household.id == HouseholdCase.household_id)
        .where(*between(Reading.at, asked))
        .distinct()
    )
    alike = {
        (person, case_id)
        for person, case_id, name, household in pairs
        if words_of(name.partition(" ")[2]) & words_of(household)
    }
    rows = session.execute(
        select(Reading.id, Reading.person_id, Reading.case_id)
        .where(Reading.person_id.in_({person for person, _case in alike}), *between(Reading.at, asked))
        .order_by(Reading.id)
    )
    return [number for number, *pair in rows if tuple(pair) in alike]


def _many(session: Session, asked: Asked, many: int) -> list[int]:
    """Slides over each person's readings: all within an hour in which there were more households than that."""
    rows = session.execute(
        select(Reading.person_id, Reading.at, Reading.id, HouseholdCase.household_id)
        .join(HouseholdCase, HouseholdCase.id == Reading.case_id)
        .where(Reading.person_id.is_not(None), *between(Reading.at, asked))
        .order_by(Reading.person_id, Reading.at, Reading.id),
        execution_options={"yield_per": MOST},
    )
    found: set[int] = set()
    person: int | None = None
    within: deque[tuple[datetime, int]] = deque()
    households: deque[int] = deque()
    for reader, at, number, household in rows:
        if reader != person:
            person = reader
            within.clear()
            households.clear()
        within.append((at, number))
        households.append(household)
        while at - within[0][0] > WITHIN:
            within.popleft()
            households.popleft()
        if len(households) > many and len(set(households)) > many:
            found.update(each for _at, each in within)
    return sorted(found)
