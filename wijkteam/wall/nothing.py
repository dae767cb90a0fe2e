"""What is known not to be there, so that it is not asked once more.

Much can hang under a case, and most cases have little of it. Of all of it is asked at once whether there is any;
after that a question about what is not there is answered without the database.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import BinaryExpression, BindParameter, Select, select
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import QueryableAttribute, Session
from sqlalchemy.sql import operators

from wijkteam.cases.model import HouseholdCase
from wijkteam.storage.asking import any_of, found_any, written_once
from wijkteam.storage.columns import Table
from wijkteam.wall.tables import RULES

OF_CASE, OF_HOUSEHOLD = "case_id", "household_id"


Hanging = tuple[type[Table], str, Any]
"""A kind of thing, the column by which it hangs under something, and under what."""


def _hanging() -> dict[str, tuple[type[Table], str]]:
    """All that can hang under a case, or under its household, by name: with the column by which it does."""
    found: dict[str, tuple[type[Table], str]] = {}
    for model in RULES:
        if hasattr(model, OF_CASE):
            found[model.__tablename__] = model, OF_CASE
        elif hasattr(model, OF_HOUSEHOLD) and model is not HouseholdCase:
            found[model.__tablename__] = model, OF_HOUSEHOLD
    return found


HANGING = _hanging()


@written_once
def _any_under(case_id: str, household_id: int) -> Select[*tuple[Any, ...]]:
    under = {OF_CASE: case_id, OF_HOUSEHOLD: household_id}
    return any_of(
        {
            name: select(model).where(getattr(model, column) == under[column])
            for name, (model, column) in HANGING.items()
        }
    )


def of_which_there_is_none(session: Session, case_id: str, household_id: int) -> set[Hanging]:
    """Of what can hang under a case or its household there is not one; of a session that sees everything."""
    under = {OF_CASE: case_id, OF_HOUSEHOLD: household_id}
    there = found_any(session, _any_under(case_id, household_id))
    return {(model, column, under[column]) for name, (model, column) in HANGING.items() if name not in there}


class Hung(NamedTuple):
    """That a statement asks for rows of one kind that hang under something: by which columns, given as what."""

    model: type[Table]
    under: tuple[tuple[str, BindParameter[Any]], ...]

    def is_nothing(self, given: Mapping[str, Any], nothing: Collection[Hanging]) -> bool:
        """Whether it is known that there are none, with these values."""
        return any(
            (self.model, column, given.get(asked.key, asked.effective_value)) in nothing for column, asked in self.under
        )

    def none(self) -> Result[Any]:
        """The empty answer."""
        return IteratorResult(SimpleResultMetaData([self.model.__name__]), iter(()))


def rows_under(statement: Any) -> Hung | None:
    """What a statement asks the rows of, where those hang under a case or a household; else None."""
    if not isinstance(statement, Select) or len(statement.column_descriptions) != 1:
        return None
    model, shown = (statement.column_descriptions[0][name] for name in ("entity", "expr"))
    if model is None or not (shown is model or isinstance(shown, QueryableAttribute)):
        return None  # a count has an answer also where there is nothing
    under = []
    for each in statement._where_criteria:
        if not isinstance(each, BinaryExpression) or each.operator is not operators.eq:
            continue
        name, asked = getattr(each.left, "key", ""), each.right
        if name in (OF_CASE, OF_HOUSEHOLD) and isinstance(asked, BindParameter) and _is_of(each.left, model):
            under.append((name, asked))
    return Hung(model, tuple(under)) if under else None


def _is_of(column: Any, model: Any) -> bool:
    mapper = getattr(column, "_annotations", {}).get("parententity")
    return mapper is not None and mapper.class_ is model
