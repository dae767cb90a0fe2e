"""What can be asked about the network around a household."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.network.model import Helper, Relation

REMOVED = "removed"
HELPING = "helping"


def helpers_of(session: Session, household_id: int) -> list[Helper]:
    """The helpers of a household who were not removed: first who helps now, each in the order of being added."""
    rows = select(Helper).where(Helper.household_id == household_id, Helper.state != REMOVED)
    return list(session.scalars(rows.order_by(Helper.state != HELPING, Helper.opened_at, Helper.id)))


def all_helpers_of(session: Session, household_id: int) -> list[Helper]:
    """The same with those who were removed."""
    rows = select(Helper).where(Helper.household_id == household_id)
    return list(session.scalars(rows.order_by(Helper.opened_at, Helper.id)))


def find_helper(session: Session, helper_id: str) -> Helper | None:
    """The helper with that id, as it stands in the database now."""
    return session.get(Helper, helper_id, populate_existing=True)


def relations_of(session: Session, household_id: int) -> list[Relation]:
    """The relations within and around a household that were not removed, in the order of being added."""
    rows = select(Relation).where(Relation.household_id == household_id, Relation.state != REMOVED)
    return list(session.scalars(rows.order_by(Relation.opened_at, Relation.id)))


def all_relations_of(session: Session, household_id: int) -> list[Relation]:
    """The same with those that were removed."""
    rows = select(Relation).where(Relation.household_id == household_id)
    return list(session.scalars(rows.order_by(Relation.opened_at, Relation.id)))


def find_relation(session: Session, relation_id: str) -> Relation | None:
    """The relation with that id, as it stands in the database now."""
    return session.get(Relation, relation_id, populate_existing=True)
