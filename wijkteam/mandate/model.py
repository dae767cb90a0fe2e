"""Tables of the mandate register, of decisions, and of mandate requests."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns


class Mandate(Table):
    """One row of the mandate register. Amounts are in euro cents; empty means: no limit of that sort.

    A row in force is never altered: it is ended or revoked, and another takes its place under the same number.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_power_function", "power", "function"),
        CheckConstraint("(case_id IS NULL) = (person_id IS NULL)", name="for_one_case_to_one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """mandaat, volmacht, machtiging (Awb 10:1 and 10:12) or ondertekening (Awb 10:11)."""
    power: Mapped[str] = mapped_column(String(60))
    legal_ground: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(60))
    """In whose name the decision is taken (Awb 10:10)."""
    function: Mapped[str] = mapped_column(ForeignKey("function.code"))
    given_under: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"), index=True)
    """The row whose holder gave this sub-mandate (Awb 10:9); empty where the body itself gave it."""
    may_pass_on: Mapped[bool] = mapped_column(default=False)
    """Whether the holder may give sub-mandate (Awb 10:9)."""
    pass_on_to: Mapped[str | None] = mapped_column(ForeignKey("function.code"))
    """The only function that sub-mandate may be given to; empty: any."""
    ceiling_per_decision: Mapped[int | None] = mapped_column(BigInteger)
    ceiling_per_household: Mapped[int | None] = mapped_column(BigInteger)
    """For all decisions of one calendar year about one household together."""
    ceiling_per_year: Mapped[int | None] = mapped_column(BigInteger)
    """For all decisions of one calendar year under this row by one team together."""
    longest_duration: Mapped[str | None] = mapped_column(String(40))
    """How long what is decided may run, as an ISO 8601 duration; empty: no limit."""
    second_pair_above: Mapped[int | None] = mapped_column(BigInteger)
    """Above this amount a second pair of eyes is needed."""
    colleagues_needed: Mapped[int] = mapped_column(default=0)
    """How many colleagues have to agree before the decision, whatever the amount."""
    quorum_within: Mapped[str | None] = mapped_column(String(40))
    """Within how long those colleagues have to agree, as an ISO 8601 duration; empty: no term."""
    reserved: Mapped[str] = mapped_column(Text, default="")
    """Codes of what the giver keeps to itself (politically sensitive, …), with commas between."""
    civil_servant_only: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    wijk_code: Mapped[str | None] = mapped_column(String(8))
    """The only wijk for which it holds; empty: everywhere."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    """For this case only (Awb 10:5); such a row names the person too."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    conditions: Mapped[str | None] = mapped_column(Text)
    inform_duty: Mapped[str | None] = mapped_column(Text)
    """Whom the holder informs, and when (Awb 10:6)."""
    publication: Mapped[str | None] = mapped_column(String(200))
    """Where it was published (Awb 3:42)."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    """From this moment on it no longer holds, nor does anything under it (Awb 10:8); nothing before is touched."""
    revoked_why: Mapped[str | None] = mapped_column(Text)


class Power(Table):
    """A decision type that mandates are given for."""

    __tablename__ = "power"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    title_nl: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    with_amount: Mapped[bool] = mapped_column(default=True)


class Decision(Table):
    """A decision taken under a mandate, with the mandate as it stood at that moment (Awb 10:2)."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_household_power", "household_id", "power", "decided_at"),
        Index("ix_decision_power_team", "power", "team_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    power: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None]
    """How long what is decided runs; empty where it does not run, or for good."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    """The team in which it was taken, for ceilings that a team has for a year."""
    request_id: Mapped[str | None] = mapped_column(ForeignKey("mandate_request.id"), index=True)
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(index=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    mandate_text: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(String(60))


class MandateRequest(SubjectColumns, Table):
    """Someone asks for a decision beyond their own mandate."""

    __tablename__ = "mandate_request"
    __table_args__ = (
        Index("ix_mandate_request_power_decided_at", "power", "decided_at"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount_above_zero"),
        CheckConstraint("decided_by IS NULL OR decided_by <> requester_id", name="never_own_request"),
    )
    workflow = "mandate_request"

    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    wijk_code: Mapped[str | None] = mapped_column(String(8))
    requester_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    former_requesters: Mapped[str] = mapped_column(Text, default="")
    """Numbers of who asked before it was handed over, with commas around and between: they never decide on it."""
    power: Mapped[str] = mapped_column(ForeignKey("power.code"))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None]
    """Until when what is asked for is to run."""
    reserved: Mapped[str] = mapped_column(Text, default="")
    """Codes of the reserved cases that this one is, with commas between."""
    rung: Mapped[int] = mapped_column(default=1)
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whom one of the deciders of this rung left it to; the others stay competent."""
    asked_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    """When the rung is to have answered: half-way it is reminded, after it the request climbs."""
    reminders: Mapped[int] = mapped_column(default=0)
    """How often the rung was reminded."""
    question: Mapped[str | None] = mapped_column(Text)
    """What the decider asked back."""
    reply: Mapped[str | None] = mapped_column(Text)
    agreed_by: Mapped[str] = mapped_column(Text, default="")
    """The colleagues who agreed: number@moment, with commas between."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_amount: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(Text)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    """The mandate for this case only that the answer gave (Awb 10:5)."""
    valid_until: Mapped[date | None]
    """The last day of that mandate."""
    source: Mapped[str | None] = mapped_column(String(60), index=True)
    """The log this request was imported from; empty for the municipality's own."""
    source_number: Mapped[str | None] = mapped_column(String(60))


class RegisterChange(SubjectColumns, Table):
    """Someone proposes a change of the register; it takes effect when another person approves (four eyes)."""

    __tablename__ = "register_change"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposer_id", name="never_own_proposal"),
        CheckConstraint("state <> 'in_force' OR decided_by IS NOT NULL", name="in_force_by_someone"),
    )
    workflow = "register_change"

    proposer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(Text)
    proposed: Mapped[str] = mapped_column(Text)
    """What is to change, row by row, as JSON; see mandate/changes.py."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)


class LogDeviation(Table):
    """A step of an imported log that the workflow does not allow: it was not forced, but counted."""

    __tablename__ = "log_deviation"
    __table_args__ = (UniqueConstraint("source", "source_number", "step"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    source_number: Mapped[str] = mapped_column(String(60))
    step: Mapped[int]
    activity: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(200))
