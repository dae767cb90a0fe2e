"""What can be asked about quotes."""

from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.quotes.model import Quote
from wijkteam.storage.asking import written_once

RELEASED = "released"
SHOWN = 3
"""How many stand beside one figure."""


class ToldQuote(NamedTuple):
    """A quote as the report has it: nothing leads back to a case or to who wrote it."""

    words: str
    said_by: str


def quotes_beside(session: Session, barrier: str, most: int = SHOWN) -> list[ToldQuote]:
    """Released quotes about a barrier, the newest first; none of a case that only named readers may read.

    To be asked over all rows: readers of the report read no cases.
    """
    rows = (
        select(Quote.words, Quote.said_by)
        .join(HouseholdCase, HouseholdCase.id == Quote.case_id)
        .where(
            Quote.state == RELEASED,
            Quote.barrier == barrier,
            Quote.words != "",
            HouseholdCase.protected_why.is_(None),
        )
        .order_by(Quote.released_at.desc(), Quote.id)
        .limit(most)
    )
    return [ToldQuote(*row) for row in session.execute(rows)]


def find_quote(session: Session, quote_id: str) -> Quote | None:
    """The quote with that id, as it stands in the database now."""
    return session.get(Quote, quote_id, populate_existing=True)


def quotes_of_case(session: Session, case_id: str) -> list[Quote]:
    """The quotes of a case that were not taken back, newest first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Quote]:
    rows = select(Quote).where(Quote.case_id == case_id, Quote.ended_at.is_(None))
    return rows.order_by(Quote.opened_at.desc(), Quote.id)


def quotes_by(session: Session, person_id: int) -> list[Quote]:
    """What somebody wrote and did not take back, newest first."""
    rows = select(Quote).where(Quote.person_id == person_id, Quote.ended_at.is_(None))
    return list(session.scalars(rows.order_by(Quote.opened_at.desc(), Quote.id)))
