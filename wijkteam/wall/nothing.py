"""What is known not to be there, so that it is not asked once more.

Much can hang under a case, and most cases have little of it. Of all of it is asked at once whether there is any;
after that a question about what is not there is answered without the database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BinaryExpression, BindParameter, Select, select
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import QueryableAttribute, Session
from sqlalchemy.sql import operators

from wijkteam.cases.model import HouseholdCase
from wijkteam.storage.columns import Table
from wijkteam.storage.lookups import with_rows

OF_CASE, OF_HOUSEHOLD = "case_id", "household_id"


Hanging = tuple[type[Table], str, Any]
"""A kind of thing, the column by which it hangs under something, and under what."""


def hanging_under(models: Iterable[type[Table]], case_id: str, household_id: int) -> list[Hanging]:
    """All that can hang under a case, or under its household."""
    found: list[Hanging] = []
    for model in models:
        if hasattr(model, OF_CASE):
            found.append((model, OF_CASE, case_id))
        elif hasattr(model, OF_HOUSEHOLD) and model is not HouseholdCase:
            found.append((model, OF_HOUSEHOLD, household_id))
    return found


def of_which_there_is_none(session: Session, asked: Sequence[Hanging]) -> set[Hanging]:
    """Of which of these there is not one that this session may read."""
    questions = {
        str(number): select(model).where(getattr(model, column) == value)
        for number, (model, column, value) in enumerate(asked)
    }
    there = with_rows(session, questions)
    return {each for number, each in enumerate(asked) if str(number) not in there}


def none_of_it(statement: Any, given: Mapping[str, Any], nothing: Collection[Hanging]) -> Result[Any] | None:
    """The empty answer to a question about one kind of thing of which it is known that there is none; else None."""
    if not isinstance(statement, Select) or len(statement.column_descriptions) != 1:
        return None
    model, shown = (statement.column_descriptions[0][name] for name in ("entity", "expr"))
    if model is None or not (shown is model or isinstance(shown, QueryableAttribute)):
        return None  # a count has an answer also where there is nothing
    for each in statement._where_criteria:
        if not isinstance(each, BinaryExpression) or each.operator is not operators.eq:
            continue
        name, asked = getattr(each.left, "key", ""), each.right
        if name in (OF_CASE, OF_HOUSEHOLD) and isinstance(asked, BindParameter) and _is_of(each.left, model):
            value = given.get(asked.key, asked.effective_value)
            if (model, name, value) in nothing:
                return IteratorResult(SimpleResultMetaData([model.__name__]), iter(()))
    return None


def _is_of(column: Any, model: Any) -> bool:
    mapper = getattr(column, "_annotations", {}).get("parententity")
    return mapper is not None and mapper.class_ is model
