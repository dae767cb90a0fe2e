"""Tables of areas, households and cases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns

WITH_OTHERS = "state != 'closed' AND (next_step_by != owner_id OR new_owner_id != owner_id)"
"""Open cases in which a colleague has to do something."""


class Wijk(Table):
    """A wijk as CBS knows it: WK with six signs."""

    __tablename__ = "wijk"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    municipality_code: Mapped[str] = mapped_column(String(6))


class Buurt(Table):
    """A buurt as CBS knows it: BU with eight signs, in one wijk, with its shape (GeoJSON, WGS 84)."""

    __tablename__ = "buurt"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    wijk_code: Mapped[str] = mapped_column(ForeignKey("wijk.code"), index=True)
    geometry: Mapped[dict[str, Any]]
    longitude: Mapped[float]
    latitude: Mapped[float]


class Household(Table):
    """The people behind one front door: who or where, in the words of whoever opened the case."""

    __tablename__ = "household"

    id: Mapped[int] = mapped_column(primary_key=True)
    who_or_where: Mapped[str] = mapped_column(String(300))
    buurt_code: Mapped[str | None] = mapped_column(ForeignKey("buurt.code"), index=True)
    added_at: Mapped[datetime]


class HouseholdCase(SubjectColumns, Table):
    """A case: one household, one plan, one owner, and always a next step while it is open."""

    __tablename__ = "household_case"
    __table_args__ = (
        CheckConstraint(
            "state = 'closed' OR (owner_id IS NOT NULL AND next_step <> '' "
            "AND next_step_by IS NOT NULL AND next_step_on IS NOT NULL)",
            name="open_case_has_next_step",
        ),
        Index(
            "ix_household_case_owner_open",
            "owner_id",
            "next_step_on",
            "id",
            postgresql_where=text("state != 'closed'"),
            sqlite_where=text("state != 'closed'"),
        ),
        Index(
            "ix_household_case_with_others",
            "owner_id",
            "next_step_on",
            "id",
            postgresql_where=text(WITH_OTHERS),
            sqlite_where=text(WITH_OTHERS),
        ),
        Index(
            "ix_household_case_offered",
            "new_owner_id",
            postgresql_where=text("new_owner_id IS NOT NULL"),
            sqlite_where=text("new_owner_id IS NOT NULL"),
        ),
    )
    workflow = "household_case"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    new_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    what_is_going_on: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text)
    next_step_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    next_step_on: Mapped[date]
    safety: Mapped[str | None] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    strengths: Mapped[str | None] = mapped_column(Text)
    plan: Mapped[str | None] = mapped_column(Text)
    waiting_for: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20), index=True)
    outcome_reason: Mapped[str | None] = mapped_column(Text)
    outcome_words: Mapped[str | None] = mapped_column(Text)
    """What the household itself says about it."""
    outcome_barrier: Mapped[str | None] = mapped_column(String(40))
    closed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    """When the import that brought it was undone. It was never there then: figures and search leave it out."""
    protected_why: Mapped[str | None] = mapped_column(Text)
    """Why only named readers read it, such as a colleague's own household; None where the usual grounds hold."""
