"""Which functions people hold or held, for figures and files that look back."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.people.model import HeldFunction, Person


def functions_ever_held(session: Session) -> dict[int, tuple[str, ...]]:
    """For each person number the functions that this person holds or held, by code."""
    rows = session.execute(
        select(HeldFunction.person_id, HeldFunction.function)
        .distinct()
        .order_by(HeldFunction.person_id, HeldFunction.function)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, function in rows:
        found[person_id] = (*found.get(person_id, ()), function)
    return found


class EverHeld(NamedTuple):
    """A function that a person holds or held, in a team or in the whole municipality (None)."""

    person_id: int
    civil_servant: bool
    function: str
    team_id: int | None
    valid_from: date
    valid_until: date | None


def ever_held(session: Session) -> list[EverHeld]:
    """Every function that anybody holds or held, with its period."""
    rows = session.execute(
        select(
            Person.id,
            Person.civil_servant,
            HeldFunction.function,
            HeldFunction.team_id,
            HeldFunction.valid_from,
            HeldFunction.valid_until,
        )
        .join(HeldFunction)
        .order_by(HeldFunction.id)
    )
    return [EverHeld(*row) for row in rows]
