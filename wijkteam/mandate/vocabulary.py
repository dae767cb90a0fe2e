"""What the mandate request workflow may name: roles, guards, effects, decision rules."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, RungRule
from wijkteam.engine.vocabulary import (
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
from wijkteam.mandate import answering, deciding, service
from wijkteam.mandate.agreeing import agreements, asked_it, count_agreement, may_agree
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.queries import ENDED, WAITING
from wijkteam.mandate.together import TOGETHER
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.terms.term import Term

RESERVED = ("politically_sensitive", "precedent", "deviates_from_advice")
"""Fields of the workflow that are codes of the list reserved_cases."""


class RequestRules:
    """The rules of a mandate request, on one ladder."""

    def __init__(self, ladder: Ladder, case_of: Callable[[Situation], Any]) -> None:
        self.ladder = ladder
        self.case_of = case_of

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        functions = frozenset(rung.function for rung in self.ladder.rungs)
        decider = Text(nl="beslisser", en="decider")
        giving = deciding.Giving(self.ladder)
        return Vocabulary(
            subject="mandate_request",
            roles={
                "requester": Role(_is_requester, _requester_name, Text(nl="vrager", en="requester")),
                "rung_holder": Role(self.is_rung_holder, self.rung_names, decider, functions),
                "decider": Role(self.is_decider, self.rung_names, decider, functions),
                "colleague": Role(may_agree, _colleague_names, Text(nl="collega", en="colleague")),
                "team_lead": Role(
                    _is_team_lead, _team_lead_names, Text(nl="teamleider", en="team lead"), fields("team_lead")
                ),
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
                "was_reminded": Guard(answering.was_reminded),
                "has_amount": Guard(_has_amount),
                "a_colleague_agreed": Guard(deciding.a_colleague_agreed),
                "can_take_the_request_over": Guard(_can_take_over, fields("new_requester")),
                "can_be_handed_to": Guard(self.can_be_handed_to, fields("hand_to")),
            },
            effects={
                "first_rung": Effect(self.first_rung, moves_rung=RungMove.FIRST),
                "next_rung": Effect(self.next_rung, moves_rung=RungMove.UP_OR_LAST),
                "begin_answering": Effect(self.begin_answering),
                "count_reminder": Effect(answering.count_reminder),
                "renew_request": Effect(_renew_request, fields("reason", "amount", "until", *RESERVED)),
                "count_agreement": Effect(count_agreement),
                "give_as_asked": Effect(giving.as_asked, fields("answer", "valid_until")),
                "give_as_amended": Effect(
                    giving.as_amended, fields("valid_until"), needs=fields("decided_amount", "conditions")
                ),
                "decide_oneself": Effect(deciding.decide_oneself, fields("answer", "decided_amount")),
                "decide_with_colleagues": Effect(deciding.decide_with_colleagues),
                "decide_under_mandate": Effect(deciding.decide_under_mandate),
                "end_given_mandate": Effect(deciding.end_given_mandate, fields("answer")),
                "keep_refusal": Effect(deciding.keep_refusal, needs=fields("answer")),
                "clear_decision": Effect(deciding.clear_decision),
                "keep_question": Effect(_keep_question, needs=fields("question")),
                "keep_reply": Effect(_keep_reply, needs=fields("reply")),
                "change_requester": Effect(_change_requester, needs=fields("new_requester")),
                "keep_hand_to": Effect(_keep_hand_to, needs=fields("hand_to")),
            },
            decisions={
                "gives_as_asked": DecisionRule(deciding.gives_as_asked),
                "gives_as_amended": DecisionRule(deciding.gives_as_amended, needs=fields("decided_amount")),
                "by_the_approver": DecisionRule(deciding.by_the_approver, fields("decided_amount")),
                "with_colleagues": DecisionRule(deciding.with_colleagues),
                "under_given_mandate": DecisionRule(deciding.under_given_mandate),
            },
            terms={"rung": self.rung_term},
            recipients={
                "requester": Recipients(_requesters, role="requester"),
                "former_requester": Recipients(_former_requester),
                "rung_holders": Recipients(self.rung_holders, role="decider"),
                "lower_rung_holders": Recipients(self.lower_rung_holders),
                "payers": Recipients(_payers, role="payer"),
                "case_owner": Recipients(self.case_owners),
                "handed_to": Recipients(_handed_to, role="decider"),
                "asked_colleagues": Recipients(_asked_colleagues, role="colleague"),
            },
            needed=fields("ask", "draft", "asked_back", "approved", "decided", "refused", *TOGETHER, *WAITING, *ENDED),
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
        if asked_it(request, situation.actor.person_id):
            return False
        if request.source is not None:
            return request.team_id in situation.actor.team_ids
        return any(
            situation.actor.holds(self.ladder.rung(number).function, request.team_id)
            for number in range(1, request.rung + 1)
        )

    def rung_names(self, situation: Situation) -> str | Reason:
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
        """Begin on the lowest rung where someone else may decide this, or who is there; never is asking blocked."""
        request = situation.subject
        request.asked_at = situation.at
        request.reserved = request.reserved or ""
        self._stand_on(situation, self._staffed_rung(situation, self._competent_rung(situation)))

    def next_rung(self, situation: Situation) -> None:
        """One rung up, past rungs that nobody holds today."""
        self._stand_on(situation, self._staffed_rung(situation, situation.subject.rung + 1))

    def begin_answering(self, situation: Situation) -> None:
        """The rung gets its whole term again."""
        answering.begin(situation.subject, self.ladder, situation.at)

    def _stand_on(self, situation: Situation, number: int) -> None:
        situation.subject.rung = number
        situation.subject.handed_to = None
        self.begin_answering(situation)

    def _competent_rung(self, situation: Situation) -> int:
        """The lowest rung with someone reachable today who may decide this, if need be with more eyes; else the first.

        So what is reserved, or too much for the team lead, is asked at once of who may decide it.
        """
        request = situation.subject
        if request.source is not None or request.power is None:
            return 1
        asked = deciding.asked_decision(request, request.amount)
        for rung in self.ladder.rungs:
            for holder in people.holder_ids(situation.work.session, rung.function, request.team_id):
                person = people.acting_person(situation.work.session, holder)
                if person is None or asked_it(request, holder):
                    continue
                authority = service.may_decide(situation.work, person, asked)
                if authority.allowed or authority.eyes_needed:
                    return rung.number
        return 1

    def _staffed_rung(self, situation: Situation, start: int) -> int:
        request = situation.subject
        if request.source is not None:
            return start
        for number in range(start, len(self.ladder.rungs) + 1):
            holders = people.holder_ids(situation.work.session, self.ladder.rung(number).function, request.team_id)
            if any(not asked_it(request, person) for person in holders):
                return number
        return len(self.ladder.rungs)

    def rung_term(self, request: MandateRequest, at: datetime) -> Term:
        """How long the rung may take until it is reminded, and after that to answer."""
        return answering.term(request, self.ladder, at)

    def can_be_handed_to(self, situation: Situation) -> Reason | None:
        """Blocks where nobody else holds this rung, and for whom does not."""
        holders = set(self.rung_holders(situation)) - {situation.actor.person_id}
        others = {each for each in holders if not asked_it(situation.subject, each)}
        if not others:
            return Reason("Op deze trede is nu niemand anders.", "Nobody else is on this rung now.")
        if "hand_to" not in situation.fields or situation.fields["hand_to"] in others:
            return None
        return Reason("Deze persoon kan hier niet over beslissen.", "This person cannot decide on this.")

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


def names_with_function(
    session: Session, function: str, team_id: int | None, but_not: int | None = None
) -> str | Reason:
    """'Teamleider (A, B)': a function and up to three names of who hold it today."""
    found = [person.name for person in people.holders(session, function, team_id) if person.id != but_not]
    return with_names(function_words(session, function), found)


def _is_requester(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.requester_id)


def _requesters(situation: Situation) -> list[int]:
    """Whoever asked; nobody is told of steps in an imported log."""
    return [] if situation.subject.source is not None else [situation.subject.requester_id]


def _requester_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.requester_id)


def _colleague_names(situation: Situation) -> Reason:
    team = people.team_name(situation.work.session, situation.subject.team_id)
    return Reason(f"een collega uit {team or 'het team'}", f"a colleague of {team or 'the team'}")


def _is_team_lead(situation: Situation) -> bool:
    request = situation.subject
    return request.source is None and bool(situation.actor.holds("team_lead", request.team_id))


def _team_lead_names(situation: Situation) -> str | Reason:
    return names_with_function(situation.work.session, "team_lead", situation.subject.team_id)


def _can_take_over(situation: Situation) -> Reason | None:
    """Somebody of the team who works cases, and who neither decided on it nor agreed to it."""
    if "new_requester" not in situation.fields:
        return None
    request, chosen = situation.subject, situation.fields["new_requester"]
    person = people.acting_person(situation.work.session, chosen)
    if person is None or not person.holds("best_person", request.team_id):
        return Reason("Deze persoon kan dit verzoek niet overnemen.", "This person cannot take this request over.")
    if chosen == request.requester_id:
        return Reason("Deze persoon is de vrager al.", "This person is the requester already.")
    if chosen == request.decided_by or chosen in {each.person_id for each in agreements(request)}:
        return Reason("Deze persoon besliste of stemde in.", "This person decided or agreed.")
    return None


def _change_requester(situation: Situation) -> None:
    request = situation.subject
    situation.work.remembered["former_requester", request.id] = request.requester_id
    request.former_requesters = f"{request.former_requesters or ','}{request.requester_id},"
    request.requester_id = situation.fields["new_requester"]


def _former_requester(situation: Situation) -> list[int]:
    found: int | None = situation.work.remembered.get(("former_requester", situation.subject.id))
    return [] if found is None else [found]


def _is_payer(situation: Situation) -> bool:
    request = situation.subject
    if request.source is not None:
        return request.team_id in situation.actor.team_ids and not _is_requester(situation)
    return bool(situation.actor.holds("payer", request.team_id))


def _payer_names(situation: Situation) -> str | Reason:
    return names_with_function(situation.work.session, "payer", situation.subject.team_id)


def _payers(situation: Situation) -> list[int]:
    if situation.subject.source is not None:
        return []
    return people.holder_ids(situation.work.session, "payer", situation.subject.team_id)


def _asked_colleagues(situation: Situation) -> list[int]:
    """The team, where the requester may decide this as soon as enough colleagues agree."""
    request, session = situation.subject, situation.work.session
    if request.source is not None or request.team_id is None:
        return []
    asked = deciding.asked_decision(request, request.amount)
    if not service.may_decide(situation.work, situation.actor, asked).eyes_needed:
        return []
    return [each.id for each in people.team_members(session, request.team_id) if each.id != request.requester_id]


def _has_amount(situation: Situation) -> Reason | None:
    if situation.subject.amount is not None:
        return None
    return Reason("Dit verzoek heeft geen bedrag.", "This request has no amount.")


def _renew_request(situation: Situation) -> None:
    request = situation.subject
    request.reason = situation.fields.get("reason", request.reason)
    request.amount = situation.fields.get("amount", request.amount)
    request.until = situation.fields.get("until", request.until)
    told = {code: situation.fields[code] for code in RESERVED if code in situation.fields}
    kept = set(filter(None, (request.reserved or "").split(",")))
    kept = {code for code in kept if told.get(code) is not False} | {code for code, yes in told.items() if yes}
    request.reserved = ",".join(sorted(kept))


def _keep_question(situation: Situation) -> None:
    situation.subject.question = situation.fields["question"]
    situation.subject.reply = None


def _keep_reply(situation: Situation) -> None:
    situation.subject.reply = situation.fields["reply"]


def _keep_hand_to(situation: Situation) -> None:
    situation.subject.handed_to = situation.fields["hand_to"]


def _handed_to(situation: Situation) -> list[int]:
    """Whom it was left to."""
    return [situation.subject.handed_to] if situation.subject.handed_to is not None else []
