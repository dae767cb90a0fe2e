"""Questions to the database that are written once, and asked again and again with other values.

Writing a statement anew costs as much as carrying it out, and to be known again it has to be read through each time. A
page asks some dozens. So what pages ask most is written once, by a function whose arguments become parameters.
"""

import inspect
from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache, wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar, cast

from sqlalchemy import BindParameter, CompoundSelect, Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

Given = ParamSpec("Given")
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]])
SHAPES = 500
"""As many forms of one question are kept."""
NUMBER = "written_once"
"""Under what a statement that was written once carries its number, among its options of execution."""
OF_KINDS = "of_kinds"
"""Under what a statement carries of which kinds of subjects it asks what hangs under them."""
_NUMBERS = count(1)


def written_once(write: Callable[Given, Statement]) -> Callable[Given, tuple[Statement, dict[str, Any]]]:
    """Let a function write its statement once; called, it gives the statement with the values for its parameters.

    `session.scalars(*question(case_id))` asks it. The function gets a parameter for each argument that is given by
    place: it cannot ask what its value is, and None equals nothing. What is named decides on the form of the statement.
    """
    signature = inspect.signature(write)
    names = tuple(each.name for each in signature.parameters.values() if each.kind is not each.KEYWORD_ONLY)

    @lru_cache(SHAPES)
    def statement(*shape: tuple[str, Any]) -> Any:
        written: Any = write(*(bindparam(name) for name in names), **dict(shape))  # type: ignore[arg-type]
        if any(isinstance(each, BindParameter) and isinstance(each.value, date) for each in visitors.iterate(written)):
            raise TypeError(f"{write.__qualname__} would ask for the same day for ever")  # not said to people
        return numbered(written)

    @wraps(write)
    def ask(*given: Given.args, **shape: Given.kwargs) -> tuple[Statement, dict[str, Any]]:
        return statement(*shape.items()), dict(zip(names, given, strict=True))

    return ask


def numbered(statement: Statement) -> Statement:
    """A statement that is kept and asked again as it is, with parameters for its values, so that it is known again."""
    kept: Any = statement  # mypy does not find that it stays what it is
    return cast("Statement", kept.execution_options(**{NUMBER: next(_NUMBERS)}))


def of_kinds(statement: Statement, kinds: Collection[str]) -> Statement:
    """A statement that asks what hangs under subjects of these kinds alone, such as their events.

    Whoever may read which subject then decides on those kinds alone, and rows of other kinds are not found.
    """
    kept: Any = statement
    return cast("Statement", kept.execution_options(**{OF_KINDS: tuple(sorted(kinds))}))


def kinds_of(statement: Any) -> tuple[str, ...] | None:
    """Of which kinds a statement was written; None for all."""
    found: tuple[str, ...] | None = statement.get_execution_options().get(OF_KINDS)
    return found


def number_of(statement: Any) -> int | None:
    """By which number a statement that was written once is known again; None for any other."""
    found: int | None = statement.get_execution_options().get(NUMBER)
    return found


def any_of(groups: dict[str, Select[*tuple[Any, ...]]]) -> Select[*tuple[Any, ...]]:
    """The statement that asks of all these questions at once whether there is any row, in a column of that name."""
    return select(*(each.exists().label(name) for name, each in groups.items()))


def found_any(session: Session, asked: tuple[Select[*tuple[Any, ...]], dict[str, Any]]) -> frozenset[str]:
    """The names of those groups of a question by `any_of` of which there is a row."""
    found = session.execute(*asked).mappings().one()
    return frozenset(name for name, there in found.items() if there)
