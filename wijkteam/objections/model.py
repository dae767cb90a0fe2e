"""The table of objections."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Objection(SubjectColumns, Table):
    """An objection of a resident against a decision (Awb ch. 6 and 7), kept from who took part in that decision."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(
            "state <> 'decided' OR (outcome IS NOT NULL AND decided_by IS NOT NULL)", name="decided_by_whom"
        ),
    )
    workflow = "objection"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    registered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_from: Mapped[str] = mapped_column(Text)
    """Numbers of the people who took part in the decision, with commas between."""
    received_on: Mapped[date]
    posted_on: Mapped[date | None]
    grounds: Mapped[str] = mapped_column(Text)
    """Why the resident does not agree, in the resident's words."""
    file_until: Mapped[date]
    """The last day on which an objection was in time (Awb 6:7, 6:8)."""
    late: Mapped[bool]
    late_reason: Mapped[str | None] = mapped_column(Text)
    confirmed_on: Mapped[date | None]
    """When the resident was told that it came in (Awb 6:14)."""
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    committee: Mapped[bool] = mapped_column(default=False)
    """Whether a committee advises (Awb 7:13): then the term is twelve weeks."""
    hearing_on: Mapped[date | None]
    hearing_words: Mapped[str | None] = mapped_column(Text)
    hearing_waived: Mapped[str | None] = mapped_column(String(20))
    """On which ground nobody was heard (Awb 7:3)."""
    advice: Mapped[str | None] = mapped_column(Text)
    adjourned: Mapped[bool] = mapped_column(default=False)
    suspended_on: Mapped[date | None]
    repair_by: Mapped[date | None]
    suspended_days: Mapped[int] = mapped_column(default=0)
    """For how many days the term to decide stood still (Awb 7:10(2))."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    first_decision: Mapped[str | None] = mapped_column(String(20))
    """What becomes of the decision that was objected to: stands, revised or withdrawn (Awb 7:11(2))."""
    motivation: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    def keeps_out(self, person_id: int | None) -> bool:
        """Whether this person took part in the decision, and so has nothing to do here (Awb 7:5, 10:3(3))."""
        return str(person_id) in (self.kept_from or "").split(",")
