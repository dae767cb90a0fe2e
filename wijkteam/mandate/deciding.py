"""What comes of a request: mandate for this case, a decision by the approver, or a refusal; and what follows."""

from dataclasses import replace
from datetime import datetime

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Authority, Reason, Situation
from wijkteam.mandate import deciding_queries as looking
from wijkteam.mandate import service
from wijkteam.mandate.agreeing import moments_for
from wijkteam.mandate.granting import CaseMandate, grant_for_case
from wijkteam.mandate.model import Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term

DECIDE_YOURSELF = Reason(" Kies ‘Zelf besluiten’.", " Choose ‘Decide oneself’.")


def asked_decision(request: MandateRequest, amount: int | None, agreed_at: tuple[datetime, ...] = ()) -> AskedDecision:
    """The decision that a request asks for, with this amount, and when colleagues agreed with it."""
    return AskedDecision(
        power=request.power,
        amount=amount,
        what=request.reason,
        case_id=request.case_id,
        household_id=request.household_id,
        team_id=request.team_id,
        request_id=request.id,
        until=request.until,
        reserved=frozenset(filter(None, (request.reserved or "").split(","))),
        wijk_code=request.wijk_code,
        agreed_at=agreed_at,
    )


def by_the_approver(situation: Situation) -> Authority:
    """May the acting person take this decision now, as asked or for the amount filled in?"""
    request = situation.subject
    return _may_decide(situation, situation.fields.get("decided_amount", request.amount))


def gives_as_asked(situation: Situation) -> Authority:
    """May the acting person give the requester mandate for what was asked?"""
    return _may_give(situation, situation.subject.amount)


def gives_as_amended(situation: Situation) -> Authority:
    """The same for the amount filled in; without one the ceilings are left out of it."""
    return _may_give(situation, situation.fields.get("decided_amount"))


def _may_decide(situation: Situation, amount: int | None) -> Authority:
    request = situation.subject
    asked = asked_decision(request, amount, moments_for(request, situation.actor.person_id))
    return service.may_decide(situation.work, situation.actor, asked)


def _may_give(situation: Situation, amount: int | None) -> Authority:
    """Who may decide may let the requester do so, where the row can be passed on to them (Awb 10:9)."""
    authority = _may_decide(situation, amount)
    if not authority.allowed or authority.mandate_id is None:
        return authority
    reason = _cannot_receive(situation, authority.mandate_id)
    if reason is None:
        return authority
    return Authority(False, Reason(reason.nl + DECIDE_YOURSELF.nl, reason.en + DECIDE_YOURSELF.en))


def _cannot_receive(situation: Situation, mandate_id: int) -> Reason | None:
    """Why the requester cannot hold mandate under this row; None when they can."""
    request, session = situation.subject, situation.work.session
    row = session.get(Mandate, mandate_id)
    requester = people.acting_person(session, request.requester_id)
    if request.case_id is None:
        return Reason(
            "Dit verzoek hoort niet bij een casus. Mandaat geven kan alleen voor één casus.",
            "This request belongs to no case. Mandate can be given for one case only.",
        )
    if not row.may_pass_on:
        return Reason(
            f"Uw mandaat {row.number} mag u niet doorgeven (Awb 10:9).",
            f"Your mandate {row.number} may not be passed on (Awb 10:9).",
        )
    if requester is None:
        return Reason("De vrager werkt hier niet meer.", "The requester no longer works here.")
    if row.civil_servant_only and not requester.civil_servant:
        return Reason(
            f"{requester.name} is geen ambtenaar. Dit mag alleen een ambtenaar besluiten.",
            f"{requester.name} is no civil servant. Only a civil servant may decide this.",
        )
    function = looking.receiving_function(requester, request.team_id, row.pass_on_to)
    if function is None:
        return Reason(
            f"Uw mandaat {row.number} mag u aan deze functie niet doorgeven.",
            f"Your mandate {row.number} may not be passed on to this function.",
        )
    if not requester.consented(function, request.team_id):
        return Reason(
            f"{requester.name} werkt bij een andere werkgever. Er is nog geen instemming met mandaat (Awb 10:4).",
            f"{requester.name} works for another employer. There is no consent to hold mandate yet (Awb 10:4).",
        )
    return None


def with_colleagues(situation: Situation) -> Authority:
    """May the requester decide this within their own mandate, now that colleagues agreed?"""
    return _may_decide(situation, situation.subject.amount)


def a_colleague_agreed(situation: Situation) -> Reason | None:
    """Blocks as long as nobody agreed: alone, nobody decides by way of their own request."""
    if moments_for(situation.subject, situation.subject.requester_id):
        return None
    return Reason("Er heeft nog geen collega ingestemd.", "No colleague has agreed yet.")


def under_given_mandate(situation: Situation) -> Authority:
    """May the requester decide now: under the mandate that was given for this case, or under their own?

    Colleagues who agreed before the mandate was given are not asked once more.
    """
    request = situation.subject
    agreed = (situation.at,) * len(moments_for(request, situation.actor.person_id))
    asked = asked_decision(request, request.decided_amount, agreed)
    authority = service.may_decide(situation.work, situation.actor, asked)
    if authority.allowed or request.mandate_id is None:
        return authority
    row = situation.work.session.get(Mandate, request.mandate_id)
    if row.valid_until is not None and row.valid_until < clock.local(situation.at).date():
        day = f"{row.valid_until:%d-%m-%Y}"
        ended = Reason(
            f"Het mandaat voor deze casus gold tot en met {day}. Kies ‘Opnieuw vragen’.",
            f"The mandate for this case held until {day}. Choose ‘Ask again’.",
        )
        return replace(authority, reason=ended)
    return authority


class Giving:
    """Giving mandate for one case, for as long as the ladder says where the approver names no day."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder

    def as_asked(self, situation: Situation) -> None:
        """Give mandate for what was asked."""
        situation.subject.answer = situation.fields.get("answer")
        self._give(situation, situation.subject.amount)

    def as_amended(self, situation: Situation) -> None:
        """Give mandate for another amount, and say what differs."""
        situation.subject.answer = situation.fields["conditions"]
        self._give(situation, situation.fields["decided_amount"])

    def _give(self, situation: Situation, amount: int | None) -> None:
        """Awb 10:5. Raises NoMandate where the requester could not use it, WrongFields on a day too far away."""
        request, session = situation.subject, situation.work.session
        requester = people.acting_person(session, request.requester_id)
        authority = situation.authority
        giver = session.get(Mandate, authority.mandate_id) if authority is not None else None
        if requester is None or giver is None:
            raise NoMandate(Reason("Hiervoor is geen mandaat getoond.", "No mandate was shown for this."))
        function = looking.receiving_function(requester, request.team_id, giver.pass_on_to) or ""
        until = situation.fields.get("valid_until")
        if until is not None and giver.valid_until is not None and until > giver.valid_until:
            day = f"{giver.valid_until:%d-%m-%Y}"
            raise WrongFields.of("valid_until", f"Uw eigen mandaat geldt tot en met {day}.", f"Yours ends on {day}.")
        last = until or clock.local(Term(self.ladder.mandate_for, Clock.ELAPSED).end(situation.at)).date()
        case_mandate = CaseMandate(
            request.power, request.case_id, requester.person_id, function, amount, last, request.reason
        )
        row = grant_for_case(situation, case_mandate)
        request.decided_by, request.decided_at, request.decided_amount = (
            situation.actor.person_id,
            situation.at,
            amount,
        )
        request.mandate_id, request.valid_until = row.id, row.valid_until
        agreed = (situation.at,) * len(moments_for(request, requester.person_id))
        usable = service.may_decide(situation.work, requester, asked_decision(request, amount, agreed))
        if not usable.allowed:
            raise NoMandate(usable.reason or Reason("De vrager kan dit niet gebruiken.", "Of no use."), usable.nearest)


def decide_oneself(situation: Situation) -> None:
    """The approver takes the decision, at once (Awb 10:7)."""
    request = situation.subject
    request.answer = situation.fields.get("answer")
    request.decided_by = situation.actor.person_id
    _take(situation, situation.fields.get("decided_amount", request.amount))


def decide_with_colleagues(situation: Situation) -> None:
    """The requester takes the decision within their own mandate; nobody answered the request."""
    _take(situation, situation.subject.amount)


def decide_under_mandate(situation: Situation) -> None:
    """The requester takes the decision that mandate was given for."""
    request = situation.subject
    service.take_decision(situation, asked_decision(request, request.decided_amount))


def _take(situation: Situation, amount: int | None) -> None:
    request = situation.subject
    request.decided_at = situation.at
    request.decided_amount = amount
    service.take_decision(situation, asked_decision(request, amount))


def keep_refusal(situation: Situation) -> None:
    """The request is refused, with a reason."""
    request = situation.subject
    request.decided_by = situation.actor.person_id
    request.decided_at = situation.at
    request.decided_amount = None
    request.answer = situation.fields["answer"]


def clear_decision(situation: Situation) -> None:
    """The request stands as if nobody had answered or agreed."""
    request = situation.subject
    request.decided_by = request.decided_at = request.decided_amount = request.answer = None
    request.question = request.reply = request.mandate_id = request.valid_until = None
    request.agreed_by = ""


def end_given_mandate(situation: Situation) -> None:
    """The mandate for this case, where one was given, holds no longer from now on (Awb 10:8)."""
    request = situation.subject
    row = situation.work.session.get(Mandate, request.mandate_id) if request.mandate_id is not None else None
    if row is not None and row.revoked_at is None:
        row.revoked_at = situation.at
        row.revoked_why = situation.fields.get("answer") or "De vrager had het niet meer nodig."
        situation.work.session.flush()
        situation.work.remembered.clear()
