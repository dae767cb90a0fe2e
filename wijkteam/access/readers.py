"""Naming the readers of an extra-protected case, and what else counts when one is protected."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wijkteam.access.breaking_queries import OFFICER
from wijkteam.access.grounds import Grounds
from wijkteam.access.lasting import named_ids
from wijkteam.access.model import NamedReader
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.protecting import Readers
from wijkteam.engine.vocabulary import Situation
from wijkteam.people.acting import ActingPerson
from wijkteam.terms.words import Words


@dataclass(frozen=True)
class Protection:
    """Whether a case is extra protected and who reads it then, as its page shows it."""

    case: HouseholdCase
    household: str
    """Who or where; for a privacy officer who does not read the case its number."""
    reads: bool
    named: list[NamedReader]


def add_reader(situation: Situation, person_id: int) -> None:
    """Name somebody as a reader of the case in hand; nothing happens when that was done before."""
    session: Session = situation.work.session
    case: HouseholdCase = situation.subject
    # one at a time: of two that name the same person at once, the second finds them named and loses on the version
    session.execute(select(HouseholdCase.id).where(HouseholdCase.id == case.id).with_for_update())
    if person_id not in named_ids(session, case.id):
        row = NamedReader(
            case_id=case.id, person_id=person_id, named_by=situation.actor.person_id, named_at=situation.at
        )
        session.add(row)


def drop_reader(situation: Situation, person_id: int) -> None:
    """Somebody is no longer a reader of the case in hand."""
    rows = delete(NamedReader).where(NamedReader.case_id == situation.subject.id, NamedReader.person_id == person_id)
    situation.work.session.execute(rows)


def drop_all_readers(situation: Situation) -> None:
    """The usual grounds hold again: who reads by them needs no naming, and a later protection begins anew."""
    situation.work.session.execute(delete(NamedReader).where(NamedReader.case_id == situation.subject.id))


def readers_of(session: Session, case_id: str) -> list[NamedReader]:
    """Who is named, by whom and when, the first one first."""
    return list(session.scalars(select(NamedReader).where(NamedReader.case_id == case_id).order_by(NamedReader.id)))


def named_at(session: Session, case_id: str, person_id: int) -> datetime | None:
    """When somebody was named; None when they are not."""
    rows = select(NamedReader.named_at).where(NamedReader.case_id == case_id, NamedReader.person_id == person_id)
    return session.scalar(rows)


def protection_of(session: Session, grounds: Grounds, person: ActingPerson, case_id: str) -> Protection | None:
    """The protection of a case, for who reads all of it and for privacy officers; None where it is not there for one.

    Asked with a session that sees everything: a privacy officer names readers of a case without reading it.
    """
    case = cases.find_case(session, case_id)
    reads = case is not None and grounds.full_ground(session, person, case) is not None
    if case is None or not (reads or OFFICER in person.functions):
        return None
    household = cases.household(session, case.household_id).who_or_where if reads else f"Casus {case.id}"
    return Protection(case, household, reads, readers_of(session, case.id))


def protected_cases(session: Session, person: ActingPerson) -> list[HouseholdCase]:
    """Every extra-protected case, the last one opened first, for privacy officers; for others there is none."""
    if OFFICER not in person.functions:
        return []
    rows = select(HouseholdCase).where(HouseholdCase.protected_why != cases.DESTROYED)
    return list(session.scalars(rows.order_by(HouseholdCase.opened_at.desc(), HouseholdCase.id)))


def instead_of_household(session: Session, case: HouseholdCase) -> Words:
    """What stands on a page in the place of a household that its reader may not know."""
    if case.protected_why is not None:
        return Words("Afgeschermde casus", "Protected case")
    buurt = cases.buurt(session, cases.household(session, case.household_id).buurt_code)
    wijk = cases.wijk(session, buurt.wijk_code) if buurt is not None else None
    if wijk is None:
        return Words("Een huishouden", "A household")
    return Words(f"Een huishouden in {wijk.name}", f"A household in {wijk.name}")


TIES = Readers(named_ids, named_at, add_reader, drop_reader, drop_all_readers)
"""Readers as the rules of cases know them."""
