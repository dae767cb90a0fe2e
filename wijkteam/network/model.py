"""Tables of the network around a household: its helpers, and how people belong together."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Helper(SubjectColumns, Table):
    """Somebody outside the household who means something to it: a professional, a volunteer, family, a friend.

    Read by who reads a case of the household in full; after removal nothing here tells who it was.
    """

    __tablename__ = "helper"
    workflow = "helper"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(300))
    organisation: Mapped[str | None] = mapped_column(String(300))
    does_what: Mapped[str | None] = mapped_column(Text)
    life_domain: Mapped[str | None] = mapped_column(String(40))
    reach: Mapped[str | None] = mapped_column(String(300))
    """How to reach them: a number, an address, a weekday."""
    may_be_called: Mapped[bool] = mapped_column(default=False)
    """Whether the household itself may call them."""
    since: Mapped[date | None]
    until: Mapped[date | None]
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Relation(SubjectColumns, Table):
    """How a resident belongs together with another resident, or with a helper outside the household."""

    __tablename__ = "relation"
    __table_args__ = (
        CheckConstraint("(to_resident_id IS NULL) <> (to_helper_id IS NULL)", name="relation_has_one_other"),
    )
    workflow = "relation"

    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    resident_id: Mapped[str] = mapped_column(ForeignKey("resident.id"))
    kind: Mapped[str] = mapped_column(String(40))
    """What the resident is of the other: parent, partner, and so on."""
    to_resident_id: Mapped[str | None] = mapped_column(ForeignKey("resident.id"))
    to_helper_id: Mapped[str | None] = mapped_column(ForeignKey("helper.id"))
    since: Mapped[date | None]
    ended_on: Mapped[date | None]
    how_ended: Mapped[str | None] = mapped_column(String(40))
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
