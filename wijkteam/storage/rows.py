"""Rows that are written once and not looked at again: straight to their table, past the session's bookkeeping."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy
from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session

from wijkteam.storage.columns import Table


def add_row(session: Session, model: type[Table], values: Mapping[str, Any]) -> None:
    """Add a row in the session's transaction, at once. `values` go by column; left-out ones get their default.

    What the session has not flushed yet is still written after it: flush first where the order matters.
    """
    session.connection().execute(_insert_into(model), values)


def add_rows(session: Session, model: type[Table], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add several rows like that, in one go; all of them say the same columns."""
    if rows:
        session.connection().execute(_insert_into(model), rows)


@cache
def _insert_into(model: type[Table]) -> Insert:
    """Built once a table, for building it costs more than sending it; the new row's number is not asked for."""
    return insert(cast(sqlalchemy.Table, model.__table__)).inline()
