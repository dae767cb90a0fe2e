"""Tables of escalations, of structural ones, of breakthroughs and of backing."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Escalation(SubjectColumns, Table):
    """One question that someone higher on the ladder has to answer: what is needed, from whom."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("state IN ('resolved', 'withdrawn') OR rung >= 1", name="open_has_rung"),
        CheckConstraint("state <> 'asked' OR respond_by IS NOT NULL", name="asked_has_respond_by"),
        Index("ix_escalation_state_rung", "state", "rung"),
    )
    workflow = "escalation"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """question, or for_information: not stuck, but you should know."""
    question: Mapped[str] = mapped_column(Text)
    barrier: Mapped[str] = mapped_column(String(40), index=True)
    remedy: Mapped[str | None] = mapped_column(String(40))
    safety_at_stake: Mapped[bool] = mapped_column(default=False)
    ladder: Mapped[str] = mapped_column(String(40))
    rung: Mapped[int]
    highest_rung: Mapped[int]
    rung_since: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """To whom on this rung it was handed on by name; the others there can still answer."""
    question_back: Mapped[str | None] = mapped_column(Text)
    """What the rung asks in return, and is or was answered by `reply`."""
    asked_back_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reply: Mapped[str | None] = mapped_column(Text)
    attachments: Mapped[int] = mapped_column(default=0)
    """How many files were attached."""
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed_step: Mapped[str | None] = mapped_column(Text)
    agreed_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


class StructuralEscalation(SubjectColumns, Table):
    """One question to the top of the ladder about a barrier that many households share. It names no household."""

    __tablename__ = "structural_escalation"
    __table_args__ = (CheckConstraint("state <> 'asked' OR respond_by IS NOT NULL", name="asked_has_respond_by"),)
    workflow = "structural_escalation"

    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    barrier: Mapped[str] = mapped_column(String(40), index=True)
    question: Mapped[str] = mapped_column(Text)
    households: Mapped[int]
    """How many households stood behind it when it was asked."""
    others: Mapped[int]
    """How many more had the same barrier then, in the year before, that the asker did not choose or may not read."""
    rung: Mapped[int]
    respond_by: Mapped[datetime | None]
    question_back: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed_step: Mapped[str | None] = mapped_column(Text)
    agreed_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    """What came of it, or why it was refused or withdrawn."""
    ended_at: Mapped[datetime | None]


class Behind(Table):
    """An escalation that stands behind a structural one."""

    __tablename__ = "structural_behind"

    structural_id: Mapped[str] = mapped_column(ForeignKey("structural_escalation.id"), primary_key=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id"), primary_key=True, index=True)


class Breakthrough(SubjectColumns, Table):
    """One of the few things that a bestuurder makes happen: with an owner, a promised date and an honest end."""

    __tablename__ = "breakthrough"
    workflow = "breakthrough"

    title: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """The bestuurder on whose short list it stands."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    budget_holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """The one who pays, so that nobody has to look for who does."""
    structural_id: Mapped[str | None] = mapped_column(ForeignKey("structural_escalation.id"), index=True)
    barrier: Mapped[str | None] = mapped_column(String(40))
    first_promised_on: Mapped[date]
    promised_on: Mapped[date]
    earlier_promises: Mapped[str] = mapped_column(Text, default="")
    """Dates that were promised before, oldest first, with commas between."""
    progress: Mapped[str | None] = mapped_column(Text)
    """The last note on how it goes."""
    result: Mapped[str | None] = mapped_column(Text)
    """What was realised, or why it was not."""
    ended_at: Mapped[datetime | None]


class Backing(SubjectColumns, Table):
    """A bestuurder or manager stands behind a deviation: who, for what, until when (rugdekking)."""

    __tablename__ = "backing"
    __table_args__ = (
        CheckConstraint("(case_id IS NULL) <> (structural_id IS NULL)", name="for_a_case_or_a_structural_escalation"),
        CheckConstraint("amount IS NULL OR power IS NOT NULL", name="amount_of_a_power"),
    )
    workflow = "backing"

    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    structural_id: Mapped[str | None] = mapped_column(ForeignKey("structural_escalation.id"), index=True)
    escalation_id: Mapped[str | None] = mapped_column(ForeignKey("escalation.id"))
    """The escalation on which it was given."""
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    given_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who owned the case when it was given; a lifted limit is lifted for this person alone."""
    deviation: Mapped[str] = mapped_column(Text)
    power: Mapped[str | None] = mapped_column(ForeignKey("power.code"))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    """In cents, what the limit is lifted to; empty: no limit is stated."""
    valid_until: Mapped[date]
    """The last day on which it holds."""
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    """The mandate for this case that was given with it (Awb 10:5)."""
    why_withdrawn: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
