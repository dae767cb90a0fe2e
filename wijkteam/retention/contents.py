"""What of each table is emptied when a record is destroyed, and what stays: said here and nowhere else.

A text is emptied unless it is named here as one that stays: a new column is safe before anybody thinks of it. What
stays is what has no meaning without the rest: codes, dates, amounts, and the numbers of people who work here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, case, literal, null
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.storage.columns import Table

LONGEST_CODE = 60
"""A text column that can hold no more than this holds a code."""
STAYS: Mapping[str, frozenset[str]] = {
    "mandate": frozenset({"legal_ground", "inform_duty", "reserved", "publication"}),
    "decision": frozenset(),
    "legal_term": frozenset({"law", "standstills", "extensions", "why_nl", "why_en"}),
}
"""By table: texts that no person writes, and that the table cannot do without."""
EMPTIED: tuple[type[Table], ...] = (Household, Decision, Mandate)
"""Tables of which rows are emptied besides the subjects themselves."""
EraseBeside = Callable[[Session, int], int]
"""Erases what hangs under a household elsewhere; returns how many rows."""
BESIDE_HOUSEHOLDS: list[EraseBeside] = []


def emptied(model: type[Any]) -> dict[str, ColumnElement[Any]]:
    """The texts of a table that are emptied, each with what takes their place: nothing, also where nothing was."""
    stays = STAYS.get(model.__tablename__, frozenset())
    return {
        column.key: case((column.is_(None), null()), else_=literal(""))
        for column in model.__table__.columns
        if _is_text(column) and column.key not in stays
    }


def _is_text(column: Any) -> bool:
    """Whether somebody could have written in it: text without a bound, or with room for more than a code."""
    kind = column.type
    if not isinstance(kind, String) or column.foreign_keys or column.primary_key or column.key == "event_hash":
        return False
    return kind.length is None or kind.length > LONGEST_CODE
