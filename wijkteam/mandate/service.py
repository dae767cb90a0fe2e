"""What can be done with mandate: keeping the register, deciding within it, and asking for more."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Authority, Reason, Situation
from wijkteam.mandate import queries
from wijkteam.mandate.model import Decision, Mandate, MandateRequest, Power
from wijkteam.mandate.verdict import Question, RegisterRow, verdict
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock


@dataclass(frozen=True)
class NewMandate:
    """A row for the register; amounts in cents, None is no limit."""

    number: str
    power: str
    function: str
    kind: str = "mandaat"
    legal_ground: str = "Awb 10:1"
    body: str = "college van burgemeester en wethouders"
    ceiling_per_decision: int | None = None
    ceiling_per_household: int | None = None
    colleagues_needed: int = 0
    quorum_within: str | None = None
    second_pair_above: int | None = None
    reserved: str = ""
    may_pass_on: bool = False
    pass_on_to: str | None = None
    civil_servant_only: bool = False
    team_id: int | None = None
    conditions: str | None = None
    publication: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class AskedDecision:
    """A decision someone wants: which power, how much (cents), for which case and household."""

    power: str
    amount: int | None
    what: str
    case_id: str | None = None
    household_id: int | None = None
    team_id: int | None = None
    request_id: str | None = None
    until: date | None = None
    """How long what is decided will run."""
    reserved: frozenset[str] = frozenset()
    """Codes of the list reserved_cases that hold for this decision."""
    wijk_code: str | None = None
    agreed_at: tuple[datetime, ...] = ()
    """When colleagues agreed; each row counts those within its own term."""


def add_power(work: Work, code: str, title_nl: str, title_en: str) -> None:
    """Make a decision type known, or give it another title."""
    with work.transaction() as session:
        session.merge(Power(code=code, title_nl=title_nl, title_en=title_en))


def add_mandate(work: Work, new: NewMandate) -> Mandate:
    """Put a row in the register; from today on unless a day is given."""
    with work.transaction() as session:
        row = Mandate(**vars(replace(new, valid_from=new.valid_from or clock.today())))
        session.add(row)
        session.flush()
        work.remembered.clear()
        return row


def may_decide(work: Work, person: ActingPerson, asked: AskedDecision) -> Authority:
    """May this person take this decision now: on which row, or why not and the nearest who can."""
    answer = verdict(
        _register(work, asked.power),
        person,
        Question(
            power=asked.power,
            day=clock.today(),
            amount=asked.amount,
            team_id=asked.team_id,
            spent_on_household=_spent(work, asked),
            agreed=asked.agreed_at,
            now=clock.now(),
            case_id=asked.case_id,
            reserved=asked.reserved,
            spent_under=queries.spent_under_case_rows(work.session, asked.case_id, asked.power),
        ),
    )
    if answer.row is not None:
        return Authority(True, mandate_id=answer.row.id, mandate_text=answer.row.text())
    nearest = queries.nearest_who_can(work.session, asked.power, asked.amount, asked.team_id)
    return Authority(False, Reason(answer.why_nl, answer.why_en), nearest, eyes_needed=answer.eyes_needed)


def may_decide_anything(work: Work, person: ActingPerson, team_id: int | None) -> Authority:
    """Whether the person holds any mandate at all in this team, before an amount or power is known."""
    for row in _register(work, None):
        question = Question(row.power, clock.today(), None, team_id, agreed=[clock.now()] * 99)
        if verdict([row], person, question).allowed:
            return Authority(True, mandate_id=row.id, mandate_text=row.text())
    return Authority(
        False,
        Reason("Uw functie heeft nog geen eigen mandaat.", "Your function has no mandate of its own yet."),
    )


def _register(work: Work, power: str | None) -> list[RegisterRow]:
    key = ("register", power)
    if key not in work.remembered:
        work.remembered[key] = queries.register(work.session, power)
    rows: list[RegisterRow] = work.remembered[key]
    return rows


def _spent(work: Work, asked: AskedDecision) -> int:
    if all(row.ceiling_per_household is None for row in _register(work, asked.power)):
        return 0
    return queries.spent_on_household(work.session, asked.household_id, asked.power, clock.today())


def take_decision(situation: Situation, asked: AskedDecision) -> Decision:
    """Write down a decision that the register allowed, with the mandate as it stands now (Awb 10:2, 10:10).

    Called by effects, inside the transaction of the step that decides; the step carries the authority.
    """
    authority = situation.authority
    if authority is None or authority.mandate_id is None:
        raise NoMandate(Reason("Hiervoor is geen mandaat getoond.", "No mandate was shown for this."))
    situation.work.session.flush()
    row = next(row for row in _register(situation.work, asked.power) if row.id == authority.mandate_id)
    decision = Decision(
        power=asked.power,
        amount=asked.amount,
        what=asked.what,
        case_id=asked.case_id,
        household_id=asked.household_id,
        request_id=asked.request_id,
        decided_by=situation.actor.person_id,
        decided_at=situation.at,
        mandate_id=row.id,
        mandate_text=authority.mandate_text or row.text(),
        body=row.body,
    )
    situation.work.session.add(decision)
    return decision


def request_mandate(work: Work, asked: AskedDecision, request_id: str | None = None) -> MandateRequest:
    """Ask for a decision beyond one's own mandate: opens a request and asks at once."""
    with work.transaction():
        request = draft_request(work, asked, request_id)
        work.fire(request, "ask")
        return request


def draft_request(work: Work, asked: AskedDecision, request_id: str | None = None) -> MandateRequest:
    """Write a request without asking yet."""
    with work.transaction() as session:
        request = MandateRequest(
            id=request_id or new_id(),
            case_id=asked.case_id,
            household_id=asked.household_id,
            team_id=asked.team_id,
            requester_id=work.actor.person_id,
            power=asked.power,
            amount=asked.amount,
            reason=asked.what,
            agreed_by="",
            until=asked.until,
            wijk_code=asked.wijk_code,
            reserved=",".join(sorted(asked.reserved)),
        )
        with session.no_autoflush:
            work.open(request, {})
            session.add(request)
        return request
