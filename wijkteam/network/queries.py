"""What can be asked about the network around a household."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.network.model import Helper, Relation
from wijkteam.storage.asking import written_once

REMOVED = "removed"
HELPING = "helping"


def helpers_of(session: Session, household_id: int) -> list[Helper]:
    """The helpers of a household who were not removed: first who helps now, each in the order of being added."""
    return list(session.scalars(*_helpers(household_id)))


@written_once
def _helpers(household_id: int) -> Select[Helper]:
    rows = select(Helper).where(Helper.household_id == household_id, Helper.state != REMOVED)
    return rows.order_by(Helper.state != HELPING, Helper.opened_at, Helper.id)


def all_helpers_of(session: Session, household_id: int) -> list[Helper]:
    """The same with those who were removed."""
    return list(session.scalars(*_all_helpers(household_id)))


@written_once
def _all_helpers(household_id: int) -> Select[Helper]:
    return select(Helper).where(Helper.household_id == household_id).order_by(Helper.opened_at, Helper.id)


def find_helper(session: Session, helper_id: str) -> Helper | None:
    """The helper with that id, as it stands in the database now."""
    return session.get(Helper, helper_id, populate_existing=True)


def relations_of(session: Session, household_id: int) -> list[Relation]:
    """The relations within and around a household that were not removed, in the order of being added."""
    return list(session.scalars(*_relations(household_id)))


@written_once
def _relations(household_id: int) -> Select[Relation]:
    rows = select(Relation).where(Relation.household_id == household_id, Relation.state != REMOVED)
    return rows.order_by(Relation.opened_at, Relation.id)


def all_relations_of(session: Session, household_id: int) -> list[Relation]:
    """The same with those that were removed."""
    return list(session.scalars(*_all_relations(household_id)))


@written_once
def _all_relations(household_id: int) -> Select[Relation]:
    return select(Relation).where(Relation.household_id == household_id).order_by(Relation.opened_at, Relation.id)


def find_relation(session: Session, relation_id: str) -> Relation | None:
    """The relation with that id, as it stands in the database now."""
    return session.get(Relation, relation_id, populate_existing=True)
