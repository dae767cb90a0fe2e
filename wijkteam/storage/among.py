"""Whether a column has one of many values, as one parameter: so that the statement is the same for however many.

SQLAlchemy's own `in_` writes a parameter for each value at every execution, and so another statement for each number of
values, which the database has to plan anew. A list is one parameter: an array on PostgreSQL, JSON on SQLite.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    String,
    TypeDecorator,
    UnaryExpression,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import FunctionElement


class ListOf(TypeDecorator[Collection[Any]]):
    """A list of numbers or texts as one parameter."""

    impl = String
    cache_ok = True

    def __init__(self, of: type[Integer] | type[String]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Any) -> Any:
        """An array where the database has them, else text."""
        return dialect.type_descriptor(ARRAY(self.of()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Any) -> Any:
        """As the database takes it."""
        given = list(value or ())
        return given if dialect.name == "postgresql" else json.dumps(given)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compared with a list only."""
        return self


class Among(FunctionElement[bool]):
    """A column, and the list in which its value is to be."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "Among":
        """As it is: a comparison, which SQLite would find by no index if it were compared with true once more."""
        return self

    def _negate(self) -> ColumnElement[bool]:
        return UnaryExpression(self, operator=operators.inv, type_=Boolean())


def among(column: ColumnElement[Any] | Any, values: Collection[Any] | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether the value of a column of numbers or texts is one of these; with none of them it never is.

    `values` are given as they are, or as a parameter.
    """
    if not isinstance(values, BindParameter):
        values = bindparam(None, values, type_=ListOf(_of(column.type)), unique=True)
    elif not isinstance(values.type, ListOf):
        values = bindparam(values.key, type_=ListOf(_of(column.type)))
    return Among(column, values)


def list_named(name: str, of: type[Integer] | type[String]) -> BindParameter[Any]:
    """The parameter of that name, as a list for `among`."""
    return bindparam(name, type_=ListOf(of))


def _of(kind: Any) -> type[Integer] | type[String]:
    found = getattr(kind, "impl", kind) if isinstance(kind, TypeDecorator) else kind
    if isinstance(found, Integer):
        return Integer
    if isinstance(found, String):
        return String
    raise TypeError(f"a list of {kind!r} cannot be asked for")  # not said to people


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(Among)
def _in_json(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  # nosec B608
