"""The table of quotes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Quote(SubjectColumns, Table):
    """One sentence for the report, without names; it stands there only while its writer lets it."""

    __tablename__ = "quote"
    __table_args__ = (
        CheckConstraint("state <> 'released' OR released_at IS NOT NULL", name="released_has_moment"),
        CheckConstraint(
            "state <> 'released' OR said_by <> 'resident' OR agreed IS NOT NULL", name="resident_agreed_before_release"
        ),
    )
    workflow = "quote"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """Who wrote it, and alone releases it."""
    said_by: Mapped[str] = mapped_column(String(20))
    """professional (the writer) or resident (whose words the writer wrote down)."""
    words: Mapped[str] = mapped_column(Text)
    """As it stands in the report: names, numbers and addresses are taken out already. Empty once taken back."""
    barrier: Mapped[str | None] = mapped_column(String(40), index=True)
    """Beside which barrier it stands."""
    agreed: Mapped[str | None] = mapped_column(String(20))
    """How the resident agreed to this very text: said or written."""
    released_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
