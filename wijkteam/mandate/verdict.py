"""The one question to the register: may this person take this decision now? Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from wijkteam.people.acting import ActingPerson
from wijkteam.terms.term import Clock, Term


@dataclass(frozen=True)
class RegisterRow:
    """One mandate as the verdict needs it; amounts in cents."""

    id: int
    number: str
    kind: str
    power: str
    legal_ground: str
    body: str
    function: str
    ceiling_per_decision: int | None
    ceiling_per_household: int | None
    colleagues_needed: int
    civil_servant_only: bool
    team_id: int | None
    valid_from: date
    valid_until: date | None
    may_pass_on: bool = False
    pass_on_to: str | None = None
    second_pair_above: int | None = None
    quorum_within: str | None = None
    reserved: str = ""
    case_id: str | None = None
    person_id: int | None = None
    revoked_at: datetime | None = None

    def in_force(self, day: date) -> bool:
        """Whether the row holds on this day; both ends included."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def text(self) -> str:
        """The row in one line, to be kept with each decision taken under it."""
        limits = [
            f"per besluit {euros(self.ceiling_per_decision)}" if self.ceiling_per_decision is not None else "",
            f"per huishouden per jaar {euros(self.ceiling_per_household)}"
            if self.ceiling_per_household is not None
            else "",
        ]
        limit = ", ".join(each for each in limits if each) or "zonder plafond"
        parts = (self.number, self.kind, self.power, self.legal_ground, self.body, self.function, limit)
        return " · ".join(parts)


@dataclass(frozen=True)
class Question:
    """A decision that someone wants to take. Without an amount the ceilings are left out of it."""

    power: str
    day: date
    amount: int | None = None
    team_id: int | None = None
    spent_on_household: int = 0
    """What was decided for the household this calendar year under this power, in cents."""
    agreed: Sequence[datetime] = ()
    now: datetime | None = None
    case_id: str | None = None
    reserved: frozenset[str] = frozenset()
    spent_under: Mapping[int, int] = field(default_factory=dict)
    """What was decided under rows for one case, in cents by row."""


@dataclass(frozen=True)
class Verdict:
    """Yes, on which row; or no, and why (Dutch and English)."""

    row: RegisterRow | None = None
    why_nl: str = ""
    why_en: str = ""
    eyes_needed: int = 0
    """How many more colleagues have to agree, where nothing else stands in the way."""

    @property
    def allowed(self) -> bool:
        """Whether some mandate in force covers the decision."""
        return self.row is not None


def euros(cents: int) -> str:
    """An amount in cents as Dutch people write it: € 1.250,00."""
    whole, part = divmod(cents, 100)
    return f"€ {whole:,}".replace(",", ".") + f",{part:02d}"


def verdict(rows: Iterable[RegisterRow], person: ActingPerson, question: Question) -> Verdict:
    """May this person take this decision now?

    The widest row that covers it is the ground. When none does, the reason is that of the row that came
    nearest. A mandate binds within its limits only (Awb 10:2); some powers need a civil servant (Participatiewet
    art. 7(4), unverified).
    """
    held = [
        row
        for row in rows
        if row.power == question.power
        and row.in_force(question.day)
        and person.holds(row.function, question.team_id)
        and row.team_id in (None, question.team_id)
        and row.revoked_at is None
        and (row.case_id is None or (row.case_id, row.person_id) == (question.case_id, person.person_id))
    ]
    if not held:
        return Verdict(
            None,
            "Uw functie heeft hiervoor geen mandaat.",
            "Your function holds no mandate for this decision.",
        )
    refusals: list[tuple[int, Verdict]] = []
    for row in sorted(held, key=lambda each: (-_width(each), each.id)):
        refusal = _refusal(row, person, question)
        if refusal is None:
            return Verdict(row)
        refusals.append(refusal)
    return max(refusals, key=lambda each: each[0])[1]


def _width(row: RegisterRow) -> int:
    return 10**15 if row.ceiling_per_decision is None else row.ceiling_per_decision


def _refusal(row: RegisterRow, person: ActingPerson, question: Question) -> tuple[int, Verdict] | None:
    if row.civil_servant_only and not person.civil_servant:
        return 0, Verdict(None, "Dit mag alleen een ambtenaar besluiten.", "Only a civil servant may decide this.")
    kept = question.reserved & frozenset(row.reserved.split(","))
    if kept:
        return 0, Verdict(
            None,
            "Dit houdt de gever van uw mandaat zelf.",
            "The giver of your mandate keeps this.",
        )
    amount = question.amount or 0
    if row.case_id is not None:
        amount += question.spent_under.get(row.id, 0)
    if row.ceiling_per_decision is not None and amount > row.ceiling_per_decision:
        limit = euros(row.ceiling_per_decision)
        return 1, Verdict(
            None,
            f"Uw mandaat gaat tot {limit} per besluit.",
            f"Your mandate goes up to {limit} per decision.",
        )
    if row.ceiling_per_household is not None and amount + question.spent_on_household > row.ceiling_per_household:
        left = euros(max(0, row.ceiling_per_household - question.spent_on_household))
        return 2, Verdict(
            None,
            f"Voor dit huishouden is dit jaar nog {left} over.",
            f"For this household {left} is left this year.",
        )
    needed = row.colleagues_needed
    if row.second_pair_above is not None and amount > row.second_pair_above:
        needed = max(needed, 1)
    missing = needed - agreed_in_time(question.agreed, row.quorum_within, question.now)
    if missing > 0:
        return 3, Verdict(
            None,
            f"Er moeten nog {missing} collega's instemmen." if missing > 1 else "Er moet nog 1 collega instemmen.",
            f"{missing} more colleague(s) must agree.",
            missing,
        )
    return None


def agreed_in_time(moments: Sequence[datetime], within: str | None, now: datetime | None) -> int:
    """How many agreements are not too long ago."""
    if within is None or now is None:
        return len(moments)
    return sum(now <= Term(within, Clock.ELAPSED).end(moment) for moment in moments)
