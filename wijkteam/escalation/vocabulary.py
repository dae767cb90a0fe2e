"""What the escalation workflow may name: roles, guards, effects, and the terms of rungs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, RungRule
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.queries import ENDED
from wijkteam.people import queries as people
from wijkteam.terms.term import Term

CaseOf = Callable[[Situation], Any]
"""The case that an escalation is about."""


class LadderRules:
    """The rules of an escalation, on one ladder."""

    def __init__(self, ladder: Ladder, case_of: CaseOf) -> None:
        self.ladder = ladder
        self.case_of = case_of

    def owner_of_case(self, situation: Situation) -> int | None:
        """Who owns the case now: it may have changed hands since the question was asked."""
        case = self.case_of(situation)
        return None if case is None else case.owner_id

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="escalation",
            roles={
                "case_worker": Role(
                    self.is_case_worker,
                    lambda situation: "de eigenaar van de casus of een teamgenoot",
                    Text(nl="eigenaar of teamgenoot", en="owner or team member"),
                ),
                "owner": Role(self.is_owner, self.owner_name, Text(nl="vrager", en="asker")),
                "rung_holder": Role(
                    self.is_rung_holder,
                    self.rung_names,
                    Text(nl="trede", en="rung"),
                    frozenset(rung.function for rung in self.ladder.rungs),
                ),
            },
            guards={
                "has_higher_rung": Guard(
                    self.has_higher_rung,
                    runs_out_by=fields("next_rung"),
                    comes_back_by=fields("first_rung", "lower_rung", "same_rung"),
                    rung_rule=RungRule.HELD_ABOVE,
                ),
                "has_lower_rung": Guard(
                    self.has_lower_rung,
                    runs_out_by=fields("lower_rung"),
                    comes_back_by=fields("first_rung", "next_rung", "same_rung"),
                    rung_rule=RungRule.HELD_BELOW,
                ),
                "climbs_by_itself": Guard(self.climbs_by_itself, rung_rule=RungRule.CLIMBS),
                "someone_can_answer": Guard(self.someone_can_answer),
                "for_information_only": Guard(_for_information_only),
            },
            effects={
                "first_rung": Effect(
                    self.first_rung,
                    fields("remedy", "safety_at_stake"),
                    fields("question", "barrier", "kind"),
                    RungMove.FIRST,
                ),
                "next_rung": Effect(self.next_rung, moves_rung=RungMove.UP),
                "lower_rung": Effect(self.lower_rung, moves_rung=RungMove.DOWN),
                "same_rung": Effect(self.same_rung, moves_rung=RungMove.HERE),
                "keep_answer": Effect(_keep_answer, fields("answer", "next_step", "next_step_on")),
                "end_escalation": Effect(_end_escalation, fields("result", "why")),
            },
            terms={"rung": self.rung_term},
            recipients={
                "owner": Recipients(self.owners, role="owner"),
                "rung_holders": Recipients(
                    lambda situation: self.holders_on(situation, situation.subject.rung), role="rung_holder"
                ),
                "lower_rung_holders": Recipients(
                    lambda situation: self.holders_on(situation, situation.subject.rung - 1)
                ),
            },
            lists=lists,
            needed=fields("asked", "answered", *ENDED),
            ends=fields(*ENDED),
            parent=self.case_of,
            ladder=self.ladder,
        )

    def is_case_worker(self, situation: Situation) -> bool:
        """Owner of the case, or anyone of its team: escalating is a right. Merely asking makes nobody so."""
        owns = situation.actor.person_id == self.owner_of_case(situation)
        return owns or situation.subject.team_id in situation.actor.team_ids

    def is_owner(self, situation: Situation) -> bool:
        """Who asked, or who owns the case by now."""
        person = situation.actor.person_id
        return bool(person == situation.subject.asked_by or person == self.owner_of_case(situation))

    def owner_name(self, situation: Situation) -> str:
        """Name of who owns the case, else of who asked."""
        return people.name(situation.work.session, self.owner_of_case(situation) or situation.subject.asked_by)

    def owners(self, situation: Situation) -> list[int]:
        """Who asked and who owns the case by now."""
        owner = self.owner_of_case(situation)
        return [situation.subject.asked_by] + ([owner] if owner is not None else [])

    def is_rung_holder(self, situation: Situation) -> bool:
        """Holds the function of the rung where the question lies."""
        escalation = situation.subject
        return bool(situation.actor.holds(self.ladder.rung(escalation.rung).function, escalation.team_id))

    def rung_names(self, situation: Situation) -> str:
        """Function and names of who can answer on this rung."""
        escalation = situation.subject
        session = situation.work.session
        function = self.ladder.rung(escalation.rung).function
        found = [person.name for person in people.holders(session, function, escalation.team_id)]
        return f"{people.function_title(session, function)} ({', '.join(found[:3])})" if found else ""

    def holders_on(self, situation: Situation, number: int) -> list[int]:
        """Everyone who can answer on that rung today."""
        if number < 1:
            return []
        function = self.ladder.rung(number).function
        return people.holder_ids(situation.work.session, function, situation.subject.team_id)

    def _staffed(self, situation: Situation, numbers: range) -> int | None:
        return next((number for number in numbers if self.holders_on(situation, number)), None)

    def _above(self, situation: Situation) -> range:
        return range(situation.subject.rung + 1, len(self.ladder.rungs) + 1)

    def _below(self, situation: Situation) -> range:
        return range(situation.subject.rung - 1, 0, -1)

    def has_higher_rung(self, situation: Situation) -> Reason | None:
        """Blocks where nobody stands higher on the ladder today."""
        if self._staffed(situation, self._above(situation)) is not None:
            return None
        return Reason("Hoger op de ladder staat niemand.", "Nobody stands higher on the ladder.")

    def climbs_by_itself(self, situation: Situation) -> Reason | None:
        """Blocks where the ladder lets silence lead to a reminder instead."""
        if self.ladder.climbs_from(situation.subject.rung):
            return None
        return Reason("Deze trede klimt niet vanzelf.", "This rung does not climb by itself.")

    def has_lower_rung(self, situation: Situation) -> Reason | None:
        """Blocks where nobody stands lower on the ladder today."""
        if self._staffed(situation, self._below(situation)) is not None:
            return None
        return Reason("Lager op de ladder staat niemand.", "Nobody stands lower on the ladder.")

    def someone_can_answer(self, situation: Situation) -> Reason | None:
        """Blocks only when nobody on the whole ladder could answer today."""
        if self._staffed(situation, range(1, len(self.ladder.rungs) + 1)) is not None:
            return None
        return Reason("Niemand op de ladder kan nu antwoorden.", "Nobody on the ladder can answer now.")

    def first_rung(self, situation: Situation) -> None:
        """Take over what was asked; begin on the lowest staffed rung, or on the safety rung or above."""
        escalation: Escalation = situation.subject
        for name in ("question", "barrier", "kind", "remedy"):
            setattr(escalation, name, situation.fields.get(name))
        escalation.safety_at_stake = situation.fields.get("safety_at_stake", False)
        escalation.rung = 1
        start = self.ladder.safety_rung if escalation.safety_at_stake else 1
        count = len(self.ladder.rungs)
        upward = self._staffed(situation, range(start, count + 1))
        self._stand_on(situation, upward or self._staffed(situation, range(start, 0, -1)) or count)

    def next_rung(self, situation: Situation) -> None:
        """Up to the next staffed rung."""
        self._stand_on(situation, self._staffed(situation, self._above(situation)) or situation.subject.rung)

    def lower_rung(self, situation: Situation) -> None:
        """Down to the next staffed rung."""
        self._stand_on(situation, self._staffed(situation, self._below(situation)) or situation.subject.rung)

    def same_rung(self, situation: Situation) -> None:
        """Stay on this rung, or where nobody holds it any longer, on the next one that is held."""
        here = situation.subject.rung
        if self._staffed(situation, range(here, here + 1)):
            return self._stand_on(situation, here)
        self._stand_on(
            situation,
            self._staffed(situation, self._above(situation))
            or self._staffed(situation, self._below(situation))
            or here,
        )

    def _stand_on(self, situation: Situation, number: int) -> None:
        escalation: Escalation = situation.subject
        escalation.rung = number
        escalation.highest_rung = max(escalation.highest_rung or 0, number)
        escalation.rung_since = situation.at
        escalation.respond_by = self.rung_term(escalation, situation.at).end(situation.at)

    def rung_term(self, escalation: Escalation, _at: datetime) -> Term:
        """How long the rung may take to answer."""
        return self.ladder.rung(escalation.rung).term.term()


def _for_information_only(situation: Situation) -> Reason | None:
    if situation.subject.kind == "for_information":
        return None
    return Reason("Hier wordt een antwoord gevraagd.", "This asks for an answer.")


def _keep_answer(situation: Situation) -> None:
    escalation: Escalation = situation.subject
    escalation.answer = situation.fields.get("answer")
    escalation.answered_by = situation.actor.person_id
    escalation.answered_at = situation.at
    escalation.agreed_step = situation.fields.get("next_step")
    escalation.agreed_on = situation.fields.get("next_step_on")


def _end_escalation(situation: Situation) -> None:
    escalation: Escalation = situation.subject
    escalation.result = situation.fields.get("result") or situation.fields.get("why")
    escalation.ended_at = situation.at
