"""The tables of summaries: narrow rows of codes, days and numbers, that figures are counted from.

None holds a text that somebody wrote. They refer to their subjects by id alone, for a step is summed up before the row
of a subject that it begins is written; `wijkteam figures verify` proves that they are what the events say. A buurt is
that of the household; in which wijk it lies is looked up, for that can change.
"""

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table

WAITS = text("waiting_since IS NOT NULL")
GIVEN, CLOSED = text("outcome_on IS NOT NULL"), text("closed_on IS NOT NULL")


class EscalationFact(Table):
    """One escalation, as its events left it."""

    __tablename__ = "figure_escalation"
    __table_args__ = (Index("ix_figure_escalation_waits", "household_id", sqlite_where=WAITS, postgresql_where=WAITS),)

    escalation_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(12))
    household_id: Mapped[int] = mapped_column(index=True)
    buurt_code: Mapped[str | None] = mapped_column(String(10))
    alone: Mapped[bool]
    """Whether it is the only one ever of its household: then nobody is counted twice."""
    structural: Mapped[bool]
    """Whether it was ever put behind a structural escalation."""
    kind: Mapped[str] = mapped_column(String(20))
    barrier: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(40))
    fate: Mapped[str] = mapped_column(String(12))
    """open, answered, resolved or withdrawn; see `wijkteam.figures.folding.fate_of`."""
    rung: Mapped[int]
    highest_rung: Mapped[int]
    respond_by: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_on: Mapped[date] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    """Of the first answer."""
    answered_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    waiting_since: Mapped[datetime | None]
    """Since when it waits for an answer; None where it does not wait now."""
    waited: Mapped[int]
    """Whole seconds that it waited for an answer, over the times that such waiting ended."""
    passed_up: Mapped[int]
    """How often somebody sent it up the ladder."""
    silent: Mapped[int]
    """How often it climbed by itself, because nobody answered in time."""
    lowered: Mapped[int]
    """How often it went down the ladder."""
    missed: Mapped[int]
    """How often the term of a rung ran out before the first answer."""
    in_time: Mapped[bool | None]
    """Whether the first answer came before any term of a rung had run out; None while there is none."""


class CaseFact(Table):
    """One case: when it began and ended, what came of it, and whether its household came back.

    What a year's figures ask of outcomes and of returns stands in one index each, so that they are counted without
    going to the rows; those of cases that still run are in neither.
    """

    __tablename__ = "figure_case"
    __table_args__ = (
        Index(
            "ix_figure_case_outcome",
            *("outcome_on", "outcome", "alone", "household_id", "buurt_code", "outcome_barrier", "measured", "case_id"),
            sqlite_where=GIVEN,
            postgresql_where=GIVEN,
        ),
        Index(
            "ix_figure_case_closed",
            *("closed_on", "alone", "household_id", "buurt_code", "returned_on"),
            sqlite_where=CLOSED,
            postgresql_where=CLOSED,
        ),
    )

    case_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    household_id: Mapped[int] = mapped_column(index=True)
    buurt_code: Mapped[str | None] = mapped_column(String(10))
    alone: Mapped[bool]
    """Whether it is the only one ever of its household."""
    opened_at: Mapped[datetime]
    opened_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    outcome_barrier: Mapped[str | None] = mapped_column(String(40))
    outcome_on: Mapped[date | None]
    """On which day its outcome was given; None again when it was taken up anew."""
    returned_at: Mapped[datetime | None]
    """When the next case of the household began, after this one was closed."""
    returned_on: Mapped[date | None]
    measured: Mapped[str | None] = mapped_column(String(400))
    """With which instruments was measured at least twice in it, a space between two; None where with none.

    So a year's outcomes tell by themselves how many were measured: `figure_change` is not asked for that.
    """


class GoalFact(Table):
    """One goal that has ended."""

    __tablename__ = "figure_goal"
    __table_args__ = (
        Index("ix_figure_goal_ended", "ended_on", "household_id", "life_domain", "result", "own_answer", "case_id"),
    )

    goal_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(12))
    household_id: Mapped[int | None]
    """Of its case; None where a program from before there was this column wrote it."""
    life_domain: Mapped[str] = mapped_column(String(40))
    result: Mapped[str] = mapped_column(String(40))
    """achieved, partly, not_achieved or dropped."""
    own_answer: Mapped[str | None] = mapped_column(String(20))
    """How the resident finds that it went; None where nobody said."""
    ended_on: Mapped[date]


class ChangeFact(Table):
    """One domain measured at least twice in a case with one instrument, of one resident or the household."""

    __tablename__ = "figure_change"

    case_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(40), primary_key=True)
    measured: Mapped[str] = mapped_column(String(12), primary_key=True)
    """Id of the resident; empty for the household as a whole."""
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_level: Mapped[int]
    latest_level: Mapped[int]


FACTS: tuple[type[Table], ...] = (EscalationFact, CaseFact, GoalFact, ChangeFact)
"""All summaries."""
