"""What of each table is emptied when a record is destroyed, and what stays: said here and nowhere else.

A text is emptied unless it is named here as one that stays: a new column is safe before anybody thinks of it. What
stays is what has no meaning without the rest: codes, dates, amounts, and the numbers of people who work here.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, case, literal, null

from wijkteam.access.model import GlassTry
from wijkteam.cases.model import Household
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.network.model import Helper, Relation
from wijkteam.residents.model import BsnLookUp, Resident
from wijkteam.storage.columns import Table

LONGEST_CODE = 60
"""A text column that can hold no more than this holds a code."""
STAYS: Mapping[str, frozenset[str]] = {
    "mandate": frozenset({"legal_ground", "inform_duty", "reserved", "publication"}),
    "decision": frozenset(),
    "legal_term": frozenset({"law", "standstills", "extensions", "why_nl", "why_en"}),
}
"""By table: texts that no person writes, and that the table cannot do without."""
EMPTIED: tuple[type[Table], ...] = (Household, Resident, Helper, Relation, Decision, Mandate)
"""Tables of which rows are emptied besides the subjects themselves."""
LOGS_OF_ACCESS: tuple[type[BsnLookUp] | type[GlassTry], ...] = (BsnLookUp, GlassTry)
"""What says who looked for whom: it goes when the readings of those days go."""


def emptied(model: type[Any]) -> dict[str, ColumnElement[Any]]:
    """The texts of a table that are emptied, each with what takes their place: nothing, also where nothing was."""
    stays = STAYS.get(model.__tablename__, frozenset())
    return {
        column.key: case((column.is_(None), null()), else_=literal(""))
        for column in model.__table__.columns
        if _is_text(column) and column.key not in stays
    }


def texts_of(model: type[Any]) -> frozenset[str]:
    """The columns of a table in which somebody may have written."""
    return frozenset(emptied(model))


def _is_text(column: Any) -> bool:
    """Whether somebody could have written in it: text without a bound, or with room for more than a code."""
    kind = column.type
    if not isinstance(kind, String) or column.foreign_keys or column.primary_key or column.key == "event_hash":
        return False
    return kind.length is None or kind.length > LONGEST_CODE
