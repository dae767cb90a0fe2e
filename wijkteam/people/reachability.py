"""Who can be reached today: holders of a function who are not away, and the deputies of those who are."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, String, bindparam, exists, select, union
from sqlalchemy.orm import Session, aliased

from wijkteam.people.model import Absence, Deputy, HeldFunction, Person
from wijkteam.terms import clock

_DAY = bindparam("day", type_=Date)
_FUNCTION: BindParameter[str] = bindparam("function", type_=String)
_TEAM: BindParameter[int | None] = bindparam("team", type_=Integer)


def _away(person_id: Any) -> ColumnElement[bool]:
    return exists().where(
        Absence.person_id == person_id,
        Absence.first_day <= _DAY,
        Absence.last_day.is_(None) | (Absence.last_day >= _DAY),
    )


_HELD = (
    HeldFunction.function == _FUNCTION,
    HeldFunction.team_id.is_(None) | (HeldFunction.team_id == _TEAM),
    HeldFunction.valid_from <= _DAY,
    HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= _DAY),
)
_Stand_in = aliased(Person)
_HOLDERS = select(Person.id).join(HeldFunction).where(Person.active, *_HELD, ~_away(Person.id))
_DEPUTIES = (
    select(_Stand_in.id)
    .join(Deputy, Deputy.deputy_id == _Stand_in.id)
    .join(HeldFunction, HeldFunction.person_id == Deputy.person_id)
    .join(Person, Person.id == Deputy.person_id)
    .where(
        Deputy.function == _FUNCTION,
        Deputy.valid_from <= _DAY,
        Deputy.valid_until.is_(None) | (Deputy.valid_until >= _DAY),
        *_HELD,
        Person.active,
        _away(Deputy.person_id),
        _Stand_in.active,
        ~_away(_Stand_in.id),
    )
)
REACHABLE = union(_HOLDERS, _DEPUTIES)
"""Asked by nearly every step of an escalation, and so built once."""
HELD = select(Person.id).join(HeldFunction).where(Person.active, *_HELD).order_by(Person.id).distinct()


def reachable_ids(session: Session, function: str, team_id: int | None = None) -> list[int]:
    """Numbers of those who can act in this function today, in this team or in the whole municipality.

    Who is away is left out; the deputy of who is away is in it.
    """
    session.flush()
    asked = {"function": function, "team": team_id, "day": clock.today()}
    return sorted(session.connection().execute(REACHABLE, asked).scalars())


def held_ids(session: Session, function: str, team_id: int | None = None) -> list[int]:
    """Numbers of those who hold this function today, whether they are away or not."""
    session.flush()
    asked = {"function": function, "team": team_id, "day": clock.today()}
    return list(session.connection().execute(HELD, asked).scalars())
