"""The table of readings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class Reading(Table):
    """One person read one case (or what hangs under it), on one ground."""

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_case_id_at", "case_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"))
    ground: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
