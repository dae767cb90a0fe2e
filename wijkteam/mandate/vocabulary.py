"""What the mandate request workflow may name: roles, guards, effects, decision rules."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, RungRule
from wijkteam.engine.vocabulary import (
    Authority,
    DecisionRule,
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
    fields,
)
from wijkteam.mandate import service
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.queries import ENDED, WAITING
from wijkteam.mandate.service import AskedDecision
from wijkteam.people import queries as people
from wijkteam.terms.term import Term


class RequestRules:
    """The rules of a mandate request, on one ladder."""

    def __init__(self, ladder: Ladder, case_of: Callable[[Situation], Any]) -> None:
        self.ladder = ladder
        self.case_of = case_of

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        functions = frozenset(rung.function for rung in self.ladder.rungs)
        decider = Text(nl="beslisser", en="decider")
        return Vocabulary(
            subject="mandate_request",
            roles={
                "requester": Role(_is_requester, _requester_name, Text(nl="vrager", en="requester")),
                "rung_holder": Role(self.is_rung_holder, self.rung_names, decider, functions),
                "decider": Role(self.is_decider, self.rung_names, decider, functions),
                "colleague": Role(_is_colleague, _colleague_names, Text(nl="collega", en="colleague")),
                "payer": Role(_is_payer, _payer_names, Text(nl="wie betaalt", en="payer"), fields("payer")),
            },
            guards={
                "has_higher_rung": Guard(
                    self.has_higher_rung,
                    runs_out_by=fields("next_rung"),
                    comes_back_by=fields("first_rung"),
                    rung_rule=RungRule.ANY_ABOVE,
                ),
                "climbs_by_itself": Guard(self.climbs_by_itself, rung_rule=RungRule.CLIMBS),
                "has_amount": Guard(_has_amount),
            },
            effects={
                "first_rung": Effect(self.first_rung, moves_rung=RungMove.FIRST),
                "next_rung": Effect(self.next_rung, moves_rung=RungMove.UP_OR_LAST),
                "renew_request": Effect(_renew_request, fields("reason", "amount")),
                "count_agreement": Effect(_count_agreement),
                "decide_as_asked": Effect(_decide_as_asked, fields("answer")),
                "decide_as_amended": Effect(_decide_as_amended, needs=fields("decided_amount", "conditions")),
                "keep_refusal": Effect(_keep_refusal, needs=fields("answer")),
                "clear_decision": Effect(_clear_decision),
            },
            decisions={
                "as_asked": DecisionRule(_as_asked),
                "as_amended": DecisionRule(_as_amended, needs=fields("decided_amount")),
            },
            terms={"rung": self.rung_term},
            recipients={
                "requester": Recipients(_requesters, role="requester"),
                "rung_holders": Recipients(self.rung_holders, role="decider"),
                "lower_rung_holders": Recipients(self.lower_rung_holders),
                "payers": Recipients(_payers, role="payer"),
                "case_owner": Recipients(self.case_owners),
            },
            needed=fields("ask", "draft", "approved", "refused", *WAITING, *ENDED),
            ends=fields(*ENDED),
            parent=self.case_of,
            ladder=self.ladder,
        )

    def function_of(self, request: MandateRequest) -> str:
        """The function that the request waits for."""
        return self.ladder.rung(request.rung).function

    def is_rung_holder(self, situation: Situation) -> bool:
        """Whether the actor holds the function of the rung where the request waits."""
        request = situation.subject
        return bool(situation.actor.holds(self.function_of(request), request.team_id))

    def is_decider(self, situation: Situation) -> bool:
        """A holder of this rung or of one passed: who handed on stays competent (Awb 10:7). Never the requester."""
        request = situation.subject
        if situation.actor.person_id == request.requester_id:
            return False
        if request.source is not None:
            return request.team_id in situation.actor.team_ids
        return any(
            situation.actor.holds(self.ladder.rung(number).function, request.team_id)
            for number in range(1, request.rung + 1)
        )

    def rung_names(self, situation: Situation) -> str:
        """Function and names of who can answer on this rung."""
        request = situation.subject
        session = situation.work.session
        return names_with_function(session, self.function_of(request), request.team_id, request.requester_id)

    def has_higher_rung(self, situation: Situation) -> Reason | None:
        """Blocks on the last rung."""
        if situation.subject.rung < len(self.ladder.rungs):
            return None
        return Reason("Dit is de hoogste trede.", "This is the highest rung.")

    def climbs_by_itself(self, situation: Situation) -> Reason | None:
        """Blocks where the ladder lets silence lead to a reminder instead."""
        if self.ladder.climbs_from(situation.subject.rung):
            return None
        return Reason("Deze trede klimt niet vanzelf.", "This rung does not climb by itself.")

    def first_rung(self, situation: Situation) -> None:
        """Begin on the first rung that someone other than the requester holds today."""
        situation.subject.rung = self._staffed_rung(situation, 1)

    def next_rung(self, situation: Situation) -> None:
        """One rung up, past rungs that nobody holds today."""
        situation.subject.rung = self._staffed_rung(situation, situation.subject.rung + 1)

    def _staffed_rung(self, situation: Situation, start: int) -> int:
        request = situation.subject
        if request.source is not None:
            return start
        for number in range(start, len(self.ladder.rungs) + 1):
            holders = people.holder_ids(situation.work.session, self.ladder.rung(number).function, request.team_id)
            if any(person != request.requester_id for person in holders):
                return number
        return len(self.ladder.rungs)

    def rung_term(self, request: MandateRequest, _at: datetime) -> Term:
        """How long the rung may take to answer."""
        return self.ladder.rung(request.rung).term.term()

    def rung_holders(self, situation: Situation) -> list[int]:
        """Everyone who can answer on this rung."""
        return self._holders_on(situation, situation.subject.rung)

    def lower_rung_holders(self, situation: Situation) -> list[int]:
        """Everyone on the rung below, who had it before."""
        return self._holders_on(situation, situation.subject.rung - 1)

    def case_owners(self, situation: Situation) -> list[int]:
        """Who owns the case that it is for, if it is for one: often, but not always, whoever asked."""
        case = self.case_of(situation) if situation.subject.source is None else None
        return [] if case is None else [case.owner_id]

    def _holders_on(self, situation: Situation, number: int) -> list[int]:
        request = situation.subject
        if number < 1 or request.source is not None:
            return []
        return people.holder_ids(situation.work.session, self.ladder.rung(number).function, request.team_id)


def names_with_function(session: Session, function: str, team_id: int | None, but_not: int | None = None) -> str:
    """'Teamleider (A, B)': a function and up to three names of who hold it today."""
    found = [person.name for person in people.holders(session, function, team_id) if person.id != but_not]
    title = people.function_title(session, function)
    return f"{title} ({', '.join(found[:3])})" if found else ""


def asked_decision(request: MandateRequest, amount: int | None) -> AskedDecision:
    """The decision that a request asks for, with this amount."""
    return AskedDecision(
        request.power,
        amount,
        request.reason,
        request.case_id,
        request.household_id,
        request.team_id,
        request.id,
    )


def _is_requester(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.requester_id)


def _requesters(situation: Situation) -> list[int]:
    """Whoever asked; nobody is told of steps in an imported log."""
    return [] if situation.subject.source is not None else [situation.subject.requester_id]


def _requester_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.requester_id)


def _is_colleague(situation: Situation) -> bool:
    request = situation.subject
    person = situation.actor
    if person.person_id == request.requester_id or str(person.person_id) in request.agreed_by.split(","):
        return False
    return request.team_id in person.team_ids


def _colleague_names(situation: Situation) -> str:
    return f"een collega uit {people.team_name(situation.work.session, situation.subject.team_id) or 'het team'}"


def _is_payer(situation: Situation) -> bool:
    request = situation.subject
    if request.source is not None:
        return request.team_id in situation.actor.team_ids and not _is_requester(situation)
    return bool(situation.actor.holds("payer", request.team_id))


def _payer_names(situation: Situation) -> str:
    return names_with_function(situation.work.session, "payer", situation.subject.team_id)


def _payers(situation: Situation) -> list[int]:
    if situation.subject.source is not None:
        return []
    return people.holder_ids(situation.work.session, "payer", situation.subject.team_id)


def _has_amount(situation: Situation) -> Reason | None:
    if situation.subject.amount is not None:
        return None
    return Reason("Dit verzoek heeft geen bedrag.", "This request has no amount.")


def _agreed(request: MandateRequest) -> int:
    return len([each for each in request.agreed_by.split(",") if each])


def _as_asked(situation: Situation) -> Authority:
    request = situation.subject
    return service.may_decide(
        situation.work, situation.actor, asked_decision(request, request.amount), _agreed(request)
    )


def _as_amended(situation: Situation) -> Authority:
    request = situation.subject
    amount = situation.fields.get("decided_amount")
    return service.may_decide(situation.work, situation.actor, asked_decision(request, amount), _agreed(request))


def _decide(situation: Situation, amount: int | None) -> None:
    request = situation.subject
    request.decided_by = situation.actor.person_id
    request.decided_at = situation.at
    request.decided_amount = amount
    service.take_decision(situation, asked_decision(request, amount))


def _decide_as_asked(situation: Situation) -> None:
    situation.subject.answer = situation.fields.get("answer")
    _decide(situation, situation.subject.amount)


def _decide_as_amended(situation: Situation) -> None:
    situation.subject.answer = situation.fields["conditions"]
    _decide(situation, situation.fields["decided_amount"])


def _keep_refusal(situation: Situation) -> None:
    request = situation.subject
    request.decided_by = situation.actor.person_id
    request.decided_at = situation.at
    request.answer = situation.fields["answer"]


def _clear_decision(situation: Situation) -> None:
    request = situation.subject
    request.decided_by = request.decided_at = request.decided_amount = request.answer = None
    request.agreed_by = ""


def _renew_request(situation: Situation) -> None:
    request = situation.subject
    request.reason = situation.fields.get("reason", request.reason)
    request.amount = situation.fields.get("amount", request.amount)


def _count_agreement(situation: Situation) -> None:
    request = situation.subject
    request.agreed_by = ",".join(filter(None, [request.agreed_by, str(situation.actor.person_id)]))
