"""What can be asked about lists of what is to be destroyed."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.events.chain import canonical, digest
from wijkteam.people.acting import ActingPerson
from wijkteam.retention.model import LISTED, DestructionItem, DestructionList, RetentionHold
from wijkteam.retention.selecting import CASE, Candidate
from wijkteam.retention.table import RetentionTable

OFFICER = "privacy_officer"
PROPOSED, SIGNED, CARRIED_OUT = "proposed", "signed", "carried_out"


def find_list(session: Session, list_id: str) -> DestructionList | None:
    """The list with that id, as it stands in the database now."""
    return session.get(DestructionList, list_id, populate_existing=True)


def lists(session: Session) -> list[DestructionList]:
    """All lists, the newest first."""
    return list(session.scalars(select(DestructionList).order_by(DestructionList.opened_at.desc(), DestructionList.id)))


def lists_waiting(session: Session) -> list[DestructionList]:
    """The lists that wait to be signed or carried out, oldest first."""
    waiting = DestructionList.state.in_((PROPOSED, SIGNED))
    return list(session.scalars(select(DestructionList).where(waiting).order_by(DestructionList.opened_at)))


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
