"""Breakthroughs: choosing one, and what can be asked about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.escalation.model import Breakthrough, StructuralEscalation
from wijkteam.people.model import Person
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

ENDED = ("realised", "not_realised")


@dataclass(frozen=True)
class NewBreakthrough:
    """What is promised, who makes it happen, who pays, and by which day."""

    title: str
    owner: int | str
    budget_holder: int | str
    promised_on: date | str
    structural_id: str | None = None
    """The structural escalation that it is the answer to."""


def choose_breakthrough(work: Work, new: NewBreakthrough, breakthrough_id: str | None = None) -> Breakthrough:
    """Put a breakthrough on the acting bestuurder's short list; a structural escalation becomes it.

    Raises WrongFields, NotYours, or Blocked when the list is full or the structural escalation has ended. Two at
    once cannot pass the limit: whoever keeps the list is locked first.
    """
    with work.transaction() as session:
        session.get(Person, work.actor.person_id, with_for_update=True, populate_existing=True)
        structural = None
        if new.structural_id is not None:
            structural = session.get(StructuralEscalation, new.structural_id, populate_existing=True)
            if structural is None:
                raise LookupError(new.structural_id)
        breakthrough = Breakthrough(
            id=breakthrough_id or new_id(),
            chosen_by=work.actor.person_id,
            structural_id=new.structural_id,
            barrier=structural.barrier if structural is not None else None,
            earlier_promises="",
        )
        with session.no_autoflush:
            work.open(
                breakthrough,
                {
                    "title": new.title,
                    "owner": new.owner,
                    "budget_holder": new.budget_holder,
                    "promised_on": new.promised_on,
                },
            )
            session.add(breakthrough)
        session.flush()
        if structural is not None:
            work.fire(structural, "adopt")
        return breakthrough


def find_breakthrough(session: Session, breakthrough_id: str) -> Breakthrough | None:
    """The breakthrough with that id, as it stands in the database now."""
    return session.get(Breakthrough, breakthrough_id, populate_existing=True)


def breakthroughs(session: Session) -> list[Breakthrough]:
    """All of them: first the open ones by promised date, then the ended ones, last ended first."""
    ended = Breakthrough.ended_at
    by = ended.is_not(None), ended.desc(), Breakthrough.promised_on, Breakthrough.id
    return list(session.scalars(select(Breakthrough).order_by(*by)))


def open_on_list_of(session: Session, person_id: int) -> list[Breakthrough]:
    """The open breakthroughs on one bestuurder's list, by promised date."""
    rows = select(Breakthrough).where(Breakthrough.chosen_by == person_id, Breakthrough.ended_at.is_(None))
    return list(session.scalars(rows.order_by(Breakthrough.promised_on, Breakthrough.id)))


def open_of_owner(session: Session, person_id: int) -> list[Breakthrough]:
    """The open breakthroughs that a person makes happen, by promised date."""
    rows = rows_of_owner(person_id)
    return list(session.scalars(rows.order_by(Breakthrough.promised_on, Breakthrough.id)))


def rows_of_owner(person_id: int) -> Select[Any]:
    """The question for the open breakthroughs that a person makes happen."""
    return select(Breakthrough).where(Breakthrough.owner_id == person_id, Breakthrough.ended_at.is_(None))


def breakthrough_of(session: Session, structural_id: str) -> Breakthrough | None:
    """The breakthrough that a structural escalation became."""
    return session.scalars(select(Breakthrough).where(Breakthrough.structural_id == structural_id)).first()


def promised_before(breakthrough: Breakthrough) -> list[date]:
    """The dates that were promised before the one that stands now, oldest first."""
    return [date.fromisoformat(each) for each in breakthrough.earlier_promises.split(",") if each]
