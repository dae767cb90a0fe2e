"""One page of a list that can be long: the database skips and counts, so that no more is read than is shown."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

A_PAGE = 50
"""How many there are on a page."""
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some of the rows, which page that is (from 1), and how many pages and rows there are in all."""

    rows: list[Row]
    number: int
    pages: int
    count: int


def page_of(session: Session, rows: Select[Any], number: int) -> Page[Any]:
    """The page with that number of a question for whole rows in a fixed order; the nearest there is."""
    count = session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(1, -(-count // A_PAGE))
    there = min(max(1, number), pages)
    return Page(list(session.scalars(rows.limit(A_PAGE).offset((there - 1) * A_PAGE))), there, pages, count)
