"""Tables of residents, and of every time that somebody looked for one by number."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.keys.sealing import Place
from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns

SECRET = frozenset({"bsn_sealed", "bsn_index"})
"""In no event: what stands there can never be taken back, and must not outlive the number itself."""


class Resident(SubjectColumns, Table):
    """Somebody who lives or lived in one household, from a day until a day.

    Whoever lives in two households has a row in each: each is read, sealed and destroyed with its own household, and
    `SamePerson` says so for who reads both. A case needs none of these; after removal nothing tells who it was.
    """

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("(bsn_sealed IS NULL) = (bsn_index IS NULL)", name="bsn_can_be_found"),
        CheckConstraint("bsn_sealed IS NULL OR bsn_ground IS NOT NULL", name="bsn_has_a_ground"),
    )
    workflow = "resident"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(300))
    birth_date: Mapped[date | None]
    role: Mapped[str | None] = mapped_column(String(300))
    """What this person is in the household: mother, son, lodger."""
    lived_since: Mapped[date | None]
    part_of_time: Mapped[str | None] = mapped_column(String(300))
    """Which part of the time somebody lives here who has two addresses; None for all of it."""
    left_on: Mapped[date | None]
    where_to: Mapped[str | None] = mapped_column(String(300))
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    bsn_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed for this row alone; see `wijkteam.keys.sealing`."""
    bsn_index: Mapped[str | None] = mapped_column(String(80), index=True)
    bsn_ground: Mapped[str | None] = mapped_column(String(40))
    """Code of the legal ground in access/bsn_grounds.yaml."""
    bsn_purpose: Mapped[str | None] = mapped_column(Text)
    bsn_set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bsn_set_at: Mapped[datetime | None]

    @classmethod
    def tracked_columns(cls) -> tuple[str, ...]:
        """All but the number: events tell that it was set or removed, and on which ground."""
        return tuple(name for name in super().tracked_columns() if name not in SECRET)

    @property
    def place(self) -> Place:
        """Where its number is kept."""
        return Place("resident", "bsn_sealed", self.id)


class SamePerson(Table):
    """Two rows of residents, in two households, are one person; read only by who reads both households in full."""

    __tablename__ = "same_person"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), index=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("resident.id"), index=True)
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]


class BsnLookUp(Table):
    """Somebody looked for a case by number. Which number is not kept, only on which ground and whether it was found."""

    __tablename__ = "bsn_look_up"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ground: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(Text)
    found: Mapped[bool]
    at: Mapped[datetime]
