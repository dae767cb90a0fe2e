"""What the workflow of structural escalations may name: roles, guards, effects and its term."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.outcomes import Blocked
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.escalation.model import Breakthrough, Escalation, StructuralEscalation
from wijkteam.escalation.standing import Standing
from wijkteam.escalation.structural import PATTERN_OVER
from wijkteam.escalation.structural_queries import ENDED, escalations_behind, escalations_with
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.terms.term import Term

ASKERS = fields("best_person")


@dataclass(frozen=True)
class PatternTies:
    """What a structural escalation knows of the cases behind it; the cases themselves are another room."""

    cases_of: Callable[[Session, Collection[str]], dict[str, Any]]
    """Cases by id."""
    may_read: Callable[[Situation, Any], bool]
    """Whether the acting person may read a case."""


class StructuralRules:
    """The rules of a structural escalation: it lies with the highest rung of the ladder on which somebody stands."""

    def __init__(self, ladder: Ladder, ties: PatternTies) -> None:
        self.ladder = ladder
        self.ties = ties

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow."""
        functions = frozenset(rung.function for rung in self.ladder.rungs)
        return Vocabulary(
            subject="structural_escalation",
            roles={
                "professional": Role(
                    lambda situation: bool((functions | ASKERS) & situation.actor.functions),
                    lambda situation: Reason(
                        "een professional of wie op de ladder staat", "a professional or who stands on the ladder"
                    ),
                    Text(nl="professional", en="professional"),
                    functions | ASKERS,
                ),
                "raiser": Role(self.is_raiser, _raiser_name, Text(nl="vrager", en="asker")),
                "bestuurder": Role(
                    lambda situation: self.standing(situation).may_answer(situation.actor, situation.subject.rung),
                    self.top_names,
                    Text(nl="bestuurder", en="bestuurder"),
                    functions,
                ),
            },
            guards={
                "someone_can_answer": Guard(self.someone_can_answer),
                "is_breakthrough": Guard(_is_breakthrough),
            },
            effects={
                "keep_question": Effect(self.keep_question, needs=fields("question", "barrier", "behind")),
                "ask_the_top": Effect(self.ask_the_top),
                "keep_question_back": Effect(_keep_question_back, needs=fields("question_back")),
                "keep_reply": Effect(_keep_reply, needs=fields("reply")),
                "keep_answer": Effect(_keep_answer, needs=fields("answer", "next_step", "next_step_on")),
                "end_structural": Effect(_end_structural, fields("result", "why")),
            },
            terms={"rung": self.rung_term},
            recipients={
                "raiser": Recipients(lambda situation: [situation.subject.asked_by], role="raiser"),
                "bestuurder": Recipients(
                    lambda situation: self.standing(situation).answerers(situation.subject.rung), role="bestuurder"
                ),
                "owners_behind": Recipients(self.owners_behind),
            },
            lists=lists,
            needed=fields("asked", "asked_back", "answered", "adopt", *ENDED),
            ends=fields(*ENDED),
        )

    def standing(self, situation: Situation) -> Standing:
        """The ladder as it is staffed today for the whole municipality."""
        return Standing(situation.work.session, self.ladder, None)

    def behind(self, situation: Situation) -> list[Escalation]:
        """The escalations behind it; while it is being asked, those that were chosen."""
        session: Session = situation.work.session
        chosen = situation.fields.get("behind")
        if chosen is None:
            return escalations_behind(session, situation.subject.id)
        return list(session.scalars(select(Escalation).where(Escalation.id.in_(chosen.split()))))

    def owners_behind(self, situation: Situation) -> list[int]:
        """Who owns the cases behind it, and who asked the escalations."""
        return self.people_behind(situation.work.session, self.behind(situation))

    def people_behind(self, session: Session, behind: list[Escalation]) -> list[int]:
        """Who owns the cases of these escalations now, and who asked them."""
        cases = self.ties.cases_of(session, {each.case_id for each in behind})
        return [case.owner_id for case in cases.values()] + [each.asked_by for each in behind]

    def is_raiser(self, situation: Situation) -> bool:
        """Who asked; where that person has left, whoever owns a case behind it or asked for it."""
        person, asked_by = situation.actor.person_id, situation.subject.asked_by
        if person == asked_by:
            return True
        left = people.acting_person(situation.work.session, asked_by) is None
        return left and person in self.owners_behind(situation)

    def top_names(self, situation: Situation) -> str | Reason:
        """Function and names of who can answer."""
        session, standing = situation.work.session, self.standing(situation)
        function = self.ladder.rung(standing.answering_rung(situation.subject.rung)).function
        found = list(people.names(session, standing.who(function)).values())
        return with_names(function_words(session, function), found)

    def someone_can_answer(self, situation: Situation) -> Reason | None:
        """Blocks only when nobody on the ladder stands there for the whole municipality."""
        if self.standing(situation).anyone:
            return None
        return Reason("Niemand op de ladder kan nu antwoorden.", "Nobody on the ladder can answer now.")

    def keep_question(self, situation: Situation) -> None:
        """Take over what was asked, and count the households behind it and those with the same barrier."""
        structural: StructuralEscalation = situation.subject
        session: Session = situation.work.session
        structural.question = situation.fields["question"]
        structural.barrier = situation.fields["barrier"]
        behind = self.behind(situation)
        cases = self.ties.cases_of(session, {each.case_id for each in behind})
        chosen = set(situation.fields["behind"].split())
        readable = all(self.ties.may_read(situation, case) for case in cases.values())
        if not behind or len(behind) < len(chosen) or not readable:
            raise Blocked(Reason("Kies opschalingen uit de lijst.", "Choose escalations from the list."))
        if any(each.barrier != structural.barrier for each in behind):
            wrong = Reason("Kies alleen opschalingen met dit knelpunt.", "Choose escalations with this barrier only.")
            raise Blocked(wrong)
        alike = escalations_with(session, structural.barrier, situation.at - PATTERN_OVER)
        others = self.ties.cases_of(session, {each.case_id for each in alike})
        homes = {case.household_id for case in cases.values()}
        structural.households = len(homes)
        structural.others = len({case.household_id for case in others.values()} - homes)

    def ask_the_top(self, situation: Situation) -> None:
        """Lay it with the highest rung on which somebody stands today; its term begins."""
        structural: StructuralEscalation = situation.subject
        standing = self.standing(situation)
        staffed = [rung.number for rung in self.ladder.rungs if standing.held(rung.function)]
        structural.rung = max(staffed, default=len(self.ladder.rungs))
        structural.respond_by = self.rung_term(structural, situation.at).end(situation.at)

    def rung_term(self, structural: StructuralEscalation, _at: datetime) -> Term:
        """How long the top of the ladder may take to answer."""
        return self.ladder.term_on(structural.rung, in_danger=False).term()


def _raiser_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.asked_by)


def _is_breakthrough(situation: Situation) -> Reason | None:
    rows = select(Breakthrough.id).where(Breakthrough.structural_id == situation.subject.id)
    if situation.work.session.scalar(rows.limit(1)) is not None:
        return None
    return Reason("Kies dit eerst als doorbraak.", "Choose this as a breakthrough first.")


def _keep_question_back(situation: Situation) -> None:
    situation.subject.question_back = situation.fields["question_back"]
    situation.subject.reply = None


def _keep_reply(situation: Situation) -> None:
    situation.subject.reply = situation.fields["reply"]


def _keep_answer(situation: Situation) -> None:
    structural: StructuralEscalation = situation.subject
    structural.answer = situation.fields["answer"]
    structural.answered_by = situation.actor.person_id
    structural.answered_at = situation.at
    structural.agreed_step = situation.fields["next_step"]
    structural.agreed_on = situation.fields["next_step_on"]


def _end_structural(situation: Situation) -> None:
    structural: StructuralEscalation = situation.subject
    structural.result = situation.fields.get("result") or situation.fields.get("why")
    structural.ended_at = situation.at
