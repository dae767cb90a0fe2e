"""The table of letters."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Letter(SubjectColumns, Table):
    """The letter of a decision. What it says stands from the moment of deciding; a corrected one is a new letter.

    Its PDF is the document of this subject, made once and never altered. `sent_on` is the day on which it was sent
    or handed over: on that day the decision is made known (Awb 3:41), and the day after it the term for objecting
    begins (Awb 6:8).
    """

    __tablename__ = "letter"
    __table_args__ = (CheckConstraint("state <> 'sent' OR sent_on IS NOT NULL", name="sent_on_a_day"),)
    workflow = "letter"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    template: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text)
    """What the template is given, as JSON."""
    can_be_contested: Mapped[bool]
    """Whether objection or appeal is open against it: not against what is no decision under public law."""
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    sent_on: Mapped[date | None]
    sent_how: Mapped[str | None] = mapped_column(String(20))
