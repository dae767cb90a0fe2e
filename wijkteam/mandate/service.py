"""What can be done with mandate: keeping the register, deciding within it, and asking for more."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from wijkteam.engine.outcomes import MANDATE
from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Authority, Reason, Situation, in_words
from wijkteam.mandate import queries
from wijkteam.mandate.model import Decision, Mandate, MandateRequest, Power
from wijkteam.mandate.register import Register, Standing
from wijkteam.mandate.verdict import NEVER_MANDATED, Nearest, Question, ceiling_refusal, verdict
from wijkteam.people.acting import ActingPerson
from wijkteam.people.words import function_words, with_names
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock


class WrongMandate(Exception):
    """The row cannot stand in the register."""


@dataclass(frozen=True)
class NewMandate:
    """A row for the register; amounts in cents, None is no limit. Its fields are those of `Mandate`."""

    number: str
    power: str
    function: str
    kind: str = "mandaat"
    legal_ground: str = "Awb 10:1"
    body: str = "college van burgemeester en wethouders"
    given_under: int | None = None
    may_pass_on: bool = False
    pass_on_to: str | None = None
    ceiling_per_decision: int | None = None
    ceiling_per_household: int | None = None
    ceiling_per_year: int | None = None
    longest_duration: str | None = None
    second_pair_above: int | None = None
    colleagues_needed: int = 0
    quorum_within: str | None = None
    reserved: str = ""
    civil_servant_only: bool = False
    team_id: int | None = None
    wijk_code: str | None = None
    conditions: str | None = None
    inform_duty: str | None = None
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
    """How long what is decided runs; None where it does not run, or for good."""
    reserved: frozenset[str] = frozenset()
    """Codes of the list reserved_cases: what makes this a case that a giver may have kept to itself."""
    wijk_code: str | None = None
    objection_against: int | None = None
    """Number of the person who took the decision that an objection is against (Awb 10:3(3))."""
    agreed_at: tuple[datetime, ...] = ()
    """When colleagues agreed; each row counts those within its own term."""


def add_power(work: Work, code: str, title_nl: str, title_en: str) -> None:
    """Make a decision type known, or give it another title."""
    with work.transaction() as session:
        session.merge(Power(code=code, title_nl=title_nl, title_en=title_en))


def add_mandate(work: Work, new: NewMandate) -> Mandate:
    """Put a row in the register; from today on unless a day is given.

    Raises WrongMandate for a power that no mandate can be given for (Awb 10:3(2)).
    """
    if new.power in NEVER_MANDATED:
        raise WrongMandate(f"no mandate can be given for '{new.power}' (Awb 10:3)")
    with work.transaction() as session:
        row = Mandate(**vars(replace(new, valid_from=new.valid_from or clock.today())))
        session.add(row)
        session.flush()
        work.remembered.clear()
        return row


def may_decide(work: Work, person: ActingPerson, asked: AskedDecision, colleagues_agreed: int = 0) -> Authority:
    """May this person take this decision now: on which row, with how many more eyes, or why not and who can.

    Colleagues who agreed are counted whenever they did so (`colleagues_agreed`), or within the row's own term
    (`asked.agreed_at`). Looks only: ceilings are counted again, with others kept out, by `take_decision`.
    """
    register = register_at_now(work, asked.power, asked.case_id)
    question = replace(question_of(work, register, asked), colleagues_agreed=colleagues_agreed)
    answer = verdict(register, person, question)
    if answer.allowed and answer.standing is not None:
        return Authority(True, mandate_id=answer.standing.row.id, mandate_text=answer.standing.text())
    nearest = _in_words(work, answer.nearest)
    return Authority(False, Reason(answer.why_nl, answer.why_en), nearest, eyes_needed=answer.eyes_needed)


def may_decide_anything(
    work: Work, person: ActingPerson, team_id: int | None, case_id: str | None = None, wijk_code: str | None = None
) -> Authority:
    """Whether the person holds any mandate at all in this team (and case), before an amount or power is known."""
    key = ("register of", person.person_id, case_id)
    if key not in work.remembered:
        work.remembered[key] = Register(queries.rows_of(work.session, person, case_id), clock.now())
    register: Register = work.remembered[key].at(clock.now())
    for power in dict.fromkeys(row.power for row in register.rows.values()):
        question = Question(power, None, team_id, wijk_code, case_id)
        standing = verdict(register, person, question).standing
        if standing is not None:
            return Authority(True, mandate_id=standing.row.id, mandate_text=standing.text())
    return Authority(
        False,
        Reason("Uw functie heeft nog geen eigen mandaat.", "Your function has no mandate of its own yet."),
    )


def register_at_now(work: Work, power: str, case_id: str | None = None) -> Register:
    """The snapshot that questions about a power (in a case) are put to, read once a transaction."""
    key = ("register", power, case_id)
    if key not in work.remembered:
        rows = queries.rows_for(work.session, power, case_id)
        work.remembered[key] = Register(rows, clock.now(), queries.StaffToday(work.session))
    register: Register = work.remembered[key]
    return register.at(clock.now())


def _in_words(work: Work, nearest: Nearest | None) -> Reason | None:
    if nearest is None:
        return None
    if nearest.function is None:
        return in_words(nearest.body or "")
    title = function_words(work.session, nearest.function)
    return in_words(with_names(title, [person.name for person in nearest.people], None))


def question_of(work: Work, register: Register, asked: AskedDecision) -> Question:
    """The question with what was spent, as far as some row counts it."""
    rows = register.rows.values()
    by_household = asked.amount is not None and any(row.ceiling_per_household is not None for row in rows)
    return Question(
        power=asked.power,
        amount=asked.amount,
        team_id=asked.team_id,
        wijk_code=asked.wijk_code,
        case_id=asked.case_id,
        until=asked.until,
        reserved=asked.reserved,
        objection_against=asked.objection_against,
        spent_on_household=queries.spent_on_household(work.session, asked.household_id, asked.power, register.day)
        if by_household
        else 0,
        spent_under=_spent_under(work, register, asked) if asked.amount is not None else {},
        agreed_at=asked.agreed_at,
    )


def _spent_under(work: Work, register: Register, asked: AskedDecision) -> dict[int, int]:
    by_year = [row.id for row in register.rows.values() if row.ceiling_per_year is not None]
    for_case = [row.id for row in register.rows.values() if row.case_id is not None]
    found: dict[int, int] = {}
    if by_year:
        spent = queries.spent_in_year(work.session, asked.power, asked.team_id, register.day)
        found.update(_counted(work, register, by_year, spent))
    if for_case and asked.case_id is not None:
        in_case = queries.spent_in_case(work.session, asked.power, asked.case_id)
        found.update(_counted(work, register, for_case, in_case))
    return found


def _counted(work: Work, register: Register, row_ids: list[int], spent: dict[int, int]) -> dict[int, int]:
    """What each row's ceiling has to count; rows for other cases count for what is above them."""
    above = queries.known_above(work.session, spent, register.rows)
    counted = {row_id: register.counted_under(row_id) for row_id in row_ids}
    return {row_id: sum(cents for each, cents in spent.items() if above[each] in counted[row_id]) for row_id in row_ids}


def take_decision(situation: Situation, asked: AskedDecision) -> Decision:
    """Write down a decision that the register allowed, with the mandate as it stands now (Awb 10:2, 10:10).

    Called by effects, inside the transaction of the step that decides; the step carries the authority. What ceilings
    count is counted again while nobody else can decide under them; raises NoMandate when too little is left.
    """
    work = situation.work
    standing = standing_shown(situation, asked.power, asked.case_id)
    work.session.flush()
    _keep_within_ceilings(work, standing, asked)
    decision = Decision(
        power=asked.power,
        amount=asked.amount,
        what=asked.what,
        case_id=asked.case_id,
        household_id=asked.household_id,
        until=asked.until,
        team_id=asked.team_id,
        request_id=asked.request_id,
        decided_by=situation.actor.person_id,
        decided_at=situation.at,
        mandate_id=standing.row.id,
        mandate_text=standing.text(),
        body=standing.row.body,
    )
    work.session.add(decision)
    return decision


def standing_shown(situation: Situation, power: str, case_id: str | None) -> Standing:
    """The row on which the step's authority rests, as it holds now. Raises NoMandate when there is none."""
    authority = situation.authority
    if authority is None or authority.mandate_id is None:
        raise NoMandate(Reason("Hiervoor is geen mandaat getoond.", "No mandate was shown for this."))
    standing = register_at_now(situation.work, power, case_id).standing(authority.mandate_id)
    if standing is None:
        raise NoMandate(Reason("Dit mandaat geldt niet meer.", "This mandate no longer holds."), None, MANDATE)
    return standing


def _keep_within_ceilings(work: Work, standing: Standing, asked: AskedDecision) -> None:
    counted = [row_id for row_id, _ in (*standing.per_year, *standing.in_total)]
    if asked.amount is None or (standing.per_household is None and not counted):
        return
    household = asked.household_id if standing.per_household is not None else None
    queries.hold(work.session, asked.case_id, household, counted)
    register = register_at_now(work, asked.power, asked.case_id)
    refusal = ceiling_refusal(standing, question_of(work, register, asked))
    if refusal is not None:
        raise NoMandate(Reason(*refusal.words()), None, MANDATE)


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
            former_requesters="",
            until=asked.until,
            wijk_code=asked.wijk_code,
            reserved=",".join(sorted(asked.reserved)),
        )
        with session.no_autoflush:
            work.open(request, {})
            session.add(request)
        return request
