"""What can be asked about lists of what is to be destroyed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.chain import canonical, digest
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of
from wijkteam.people.acting import ActingPerson
from wijkteam.retention.model import LISTED, DestructionItem, DestructionList, RetentionHold
from wijkteam.retention.selecting import CASE, Candidate
from wijkteam.retention.table import RetentionTable

OFFICER = "privacy_officer"
PROPOSED, SIGNED, CARRIED_OUT = "proposed", "signed", "carried_out"


@dataclass(frozen=True)
class ShownList:
    """A list with all that its page shows; it names no household."""

    made: DestructionList
    items: list[DestructionItem]
    due: datetime | None
    events: list[Event]
    """The newest first."""


def shown_list(session: Session, table: RetentionTable, person: ActingPerson, list_id: str) -> ShownList | None:
    """A list with all that its page shows; None where it is not there, or for who has nothing to do with lists.

    As all about lists it is asked with a session that sees everything: no page reads their tables of itself.
    """
    made = find_list(session, list_id) if may_see(person, table) else None
    if made is None:
        return None
    events = list(reversed(events_of(session, DestructionList.workflow, made.id)))
    return ShownList(made, items_of(session, made.id), due_moments(session, [made.id]).get(made.id), events)


def shown_lists(
    session: Session, table: RetentionTable, person: ActingPerson
) -> list[tuple[DestructionList, datetime | None]]:
    """All lists and when they are due, the newest first; none for who has nothing to do with lists."""
    return _with_due(session, lists(session)) if may_see(person, table) else []


def _with_due(session: Session, found: list[DestructionList]) -> list[tuple[DestructionList, datetime | None]]:
    due = due_moments(session, [each.id for each in found])
    return [(each, due.get(each.id)) for each in found]


def find_list(session: Session, list_id: str) -> DestructionList | None:
    """The list with that id, as it stands in the database now."""
    return session.get(DestructionList, list_id, populate_existing=True)


def lists(session: Session) -> list[DestructionList]:
    """All lists, the newest first."""
    return list(session.scalars(select(DestructionList).order_by(DestructionList.opened_at.desc(), DestructionList.id)))


def lists_waiting(
    session: Session, table: RetentionTable, person: ActingPerson
) -> list[tuple[DestructionList, datetime | None]]:
    """What waits for this person and until when, oldest first.

    Lists to sign, for who may and did not draw them up; lists to carry out, for who keeps them.
    """
    if not may_see(person, table):
        return []
    signs, keeps = person.functions & {*table.signed_by}, person.functions & {*table.drawn_up_by}
    waiting = DestructionList.state.in_((PROPOSED, SIGNED))
    rows = session.scalars(select(DestructionList).where(waiting).order_by(DestructionList.opened_at))
    mine = [
        each for each in rows if (keeps if each.state == SIGNED else signs and each.drawn_up_by != person.person_id)
    ]
    return _with_due(session, mine)


def items_of(session: Session, list_id: str) -> list[DestructionItem]:
    """What stands on a list, in the order in which it was put there."""
    rows = select(DestructionItem).where(DestructionItem.list_id == list_id)
    return list(session.scalars(rows.order_by(DestructionItem.id).execution_options(populate_existing=True)))


def counts_of(session: Session, list_id: str) -> dict[str, int]:
    """How many lines of a list stand in which state."""
    rows = select(DestructionItem.state, func.count()).where(DestructionItem.list_id == list_id)
    return {state: count for state, count in session.execute(rows.group_by(DestructionItem.state))}


def next_item(session: Session, list_id: str, after: int) -> DestructionItem | None:
    """The first line of a list after that number of which nothing was done yet."""
    rows = select(DestructionItem).where(
        DestructionItem.list_id == list_id, DestructionItem.state == LISTED, DestructionItem.id > after
    )
    return session.scalars(rows.order_by(DestructionItem.id).limit(1)).first()


def holds_of(session: Session, case_id: str) -> list[RetentionHold]:
    """Why a case is kept longer than the law asks, as far as that was not lifted."""
    rows = select(RetentionHold).where(RetentionHold.subject_kind == CASE, RetentionHold.subject_id == case_id)
    return list(session.scalars(rows.where(RetentionHold.lifted_at.is_(None)).order_by(RetentionHold.id)))


def cases_of_household(session: Session, household_id: int) -> list[HouseholdCase]:
    """All cases of a household."""
    return list(session.scalars(select(HouseholdCase).where(HouseholdCase.household_id == household_id)))


def digest_of(lines: list[tuple[str, str, str, date]]) -> str:
    """SHA-256 over the lines of a list: kind, id, row of the table of retention, and day."""
    return digest(canonical([[kind, number, rule, day.isoformat()] for kind, number, rule, day in sorted(lines)]))


def lines_of(candidates: list[Candidate]) -> list[tuple[str, str, str, date]]:
    """What a list says of these records."""
    return [
        (each.kind, each.subject_id, each.reckoned.rule.code, each.reckoned.destroy_from)
        for each in candidates
        if each.reckoned.rule is not None and each.reckoned.destroy_from is not None
    ]


def may_see(person: ActingPerson, table: RetentionTable) -> bool:
    """Whether a person has to do with lists: who draws them up or signs them, by function."""
    return bool(person.functions & {*table.drawn_up_by, *table.signed_by})
