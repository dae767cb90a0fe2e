"""What the workflow of backing may name: roles, guards, effects, its decision rule and its term."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder, Rung
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
    one_of_them,
)
from wijkteam.escalation import queries
from wijkteam.escalation.backing import ENDED, IN_FORCE
from wijkteam.escalation.days import too_far, until_the_end_of
from wijkteam.escalation.model import Backing, Escalation, StructuralEscalation
from wijkteam.escalation.standing import Standing
from wijkteam.escalation.structural_queries import escalations_behind
from wijkteam.people import queries as people
from wijkteam.people.words import function_words
from wijkteam.terms.term import Term


@dataclass(frozen=True)
class LiftedLimit:
    """A power for one case: up to which amount in cents (None: no limit), to whom, until which day."""

    power: str
    amount: int | None
    person_id: int
    function: str
    until: date
    why: str


@dataclass(frozen=True)
class BackingTies:
    """What backing needs of cases and of the mandate register; both are other rooms."""

    case_of: Callable[[Situation], Any]
    people_behind: Callable[[Session, list[Escalation]], list[int]]
    may_decide: Callable[[Situation, Any, str, int | None], Authority]
    """Whether the acting person may decide this much on this power in this case: nobody gives more than they hold."""
    give: Callable[[Situation, Any, LiftedLimit], int]
    """Give mandate for the case; returns the number of the row."""
    take_back: Callable[[Situation, int, str], None]
    """Revoke that row from this moment on, and nothing before it (Awb 10:8)."""


class BackingRules:
    """The rules of backing: given by who has the question before them, within the mandate that they hold."""

    def __init__(self, ladder: Ladder, ties: BackingTies) -> None:
        self.ladder = ladder
        self.ties = ties

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow."""
        functions = frozenset(rung.function for rung in self.ladder.backers)
        return Vocabulary(
            subject="backing",
            roles={
                "backer": Role(
                    self.is_backer,
                    self.backer_names,
                    Text(nl="wie rugdekking kan geven", en="who can give backing"),
                    functions,
                ),
                "giver": Role(self.is_giver, _giver_name, Text(nl="gever", en="giver"), functions),
            },
            guards={
                "day_in_reach": Guard(
                    lambda situation: too_far(situation.fields.get("valid_until")), fields("valid_until")
                ),
                "limit_of_a_power": Guard(_limit_of_a_power, fields("amount", "power")),
                "someone_gets_it": Guard(self.someone_gets_it, fields("power")),
            },
            effects={
                "give": Effect(self.give, fields("power", "amount"), fields("deviation", "valid_until")),
                "end_backing": Effect(_end_backing),
                "take_back": Effect(self.take_back, needs=fields("why")),
            },
            decisions={"own_power": DecisionRule(self.own_power, fields("power", "amount"))},
            terms={"until": _until},
            recipients={"giver": Recipients(_givers, role="giver"), "backed": Recipients(self.backed)},
            lists=lists,
            needed=fields(IN_FORCE, *ENDED),
            ends=fields(*ENDED),
            parent=self.ties.case_of,
        )

    def is_backer(self, situation: Situation) -> bool:
        """Stands on a rung that gives backing, and has a question before them that reached this rung."""
        backing: Backing = situation.subject
        session: Session = situation.work.session
        if backing.structural_id is not None:
            structural = session.get(StructuralEscalation, backing.structural_id)
            standing = Standing(session, self.ladder, None)
            return (
                structural is not None
                and structural.ended_at is None
                and any(self._stands_on(situation, rung, None) for rung in self.ladder.backers)
                and standing.may_answer(situation.actor, structural.rung)
            )
        return any(
            self._stands_on(situation, rung, escalation.team_id)
            for escalation in queries.open_escalations_of_case(session, backing.case_id or "")
            for rung in self.ladder.backers
            if escalation.highest_rung >= rung.number
        )

    def _stands_on(self, situation: Situation, rung: Rung, team_id: int | None) -> bool:
        return bool(
            situation.actor.holds(rung.function, team_id)
            or situation.actor.person_id in Standing(situation.work.session, self.ladder, team_id).who(rung.function)
        )

    def backer_names(self, situation: Situation) -> Reason:
        """The functions that can give backing, when a question has reached them."""
        session = situation.work.session
        titles = one_of_them(function_words(session, rung.function) for rung in self.ladder.backers)
        return Reason(f"{titles.nl}, als de vraag daar ligt", f"{titles.en}, when the question lies there")

    def is_giver(self, situation: Situation) -> bool:
        """Who gave it; where that person has left, whoever stands on the last rung of the ladder."""
        person, given_by = situation.actor.person_id, situation.subject.given_by
        if person == given_by:
            return True
        left = people.acting_person(situation.work.session, given_by) is None
        return left and self._stands_on(situation, self.ladder.rungs[-1], None)

    def someone_gets_it(self, situation: Situation) -> Reason | None:
        """A limit is lifted for the owner of a case; a structural escalation has none."""
        if situation.fields.get("power") is None or situation.subject.case_id is not None:
            return None
        return Reason("Een bevoegdheid geeft u per casus.", "A power is given for one case.")

    def own_power(self, situation: Situation) -> Authority:
        """Nobody gives more than they hold: the limit that is lifted lies within the giver's own mandate."""
        power = situation.fields.get("power")
        if power is None:
            return Authority(True)
        return self.ties.may_decide(situation, self.ties.case_of(situation), power, situation.fields.get("amount"))

    def give(self, situation: Situation) -> None:
        """Write down who stands behind what until when; where a limit is lifted, give mandate for this case."""
        backing: Backing = situation.subject
        backing.deviation = situation.fields["deviation"]
        backing.valid_until = situation.fields["valid_until"]
        backing.power = situation.fields.get("power")
        backing.amount = situation.fields.get("amount")
        case = self.ties.case_of(situation)
        backing.given_to = None if case is None else case.owner_id
        if backing.power is None or case is None:
            return
        limit = LiftedLimit(
            backing.power,
            backing.amount,
            case.owner_id,
            self._function_of(situation, case.owner_id),
            backing.valid_until,
            backing.deviation,
        )
        backing.mandate_id = self.ties.give(situation, case, limit)

    def _function_of(self, situation: Situation, person_id: int) -> str:
        owner = people.acting_person(situation.work.session, person_id)
        held = sorted(owner.functions) if owner is not None else []
        return "best_person" if "best_person" in held or not held else held[0]

    def take_back(self, situation: Situation) -> None:
        """Withdraw it, and the mandate that came with it, from this moment."""
        backing: Backing = situation.subject
        backing.why_withdrawn = situation.fields["why"]
        if backing.mandate_id is not None:
            self.ties.take_back(situation, backing.mandate_id, situation.fields["why"])

    def backed(self, situation: Situation) -> list[int]:
        """Whoever is backed: who got it, who owns the case by now, or everyone behind a structural escalation."""
        backing: Backing = situation.subject
        case = self.ties.case_of(situation)
        if case is not None:
            return [each for each in (backing.given_to, case.owner_id) if each is not None]
        session: Session = situation.work.session
        structural = session.get(StructuralEscalation, backing.structural_id)
        asked_by = [] if structural is None else [structural.asked_by]
        behind = escalations_behind(session, backing.structural_id or "")
        return asked_by + self.ties.people_behind(session, behind)


def _giver_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.given_by)


def _givers(situation: Situation) -> list[int]:
    return [situation.subject.given_by]


def _limit_of_a_power(situation: Situation) -> Reason | None:
    if situation.fields.get("amount") is None or situation.fields.get("power") is not None:
        return None
    return Reason("Kies bij een bedrag ook de bevoegdheid.", "With an amount, choose the power too.")


def _end_backing(situation: Situation) -> None:
    situation.subject.ended_at = situation.at


def _until(backing: Backing, at: datetime) -> Term:
    """Until the end of the last day on which it holds."""
    return until_the_end_of(backing.valid_until, at)
