"""What the escalation workflow may name: roles, guards, effects, and the terms of rungs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wijkteam.documents.queries import documents_of
from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.outcomes import Blocked
from wijkteam.engine.rungs import RungMove, RungRule, rung_after, rung_allows
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.queries import ENDED
from wijkteam.escalation.standing import Standing
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.terms.term import Term

MOST_ATTACHMENTS = 10
RUNG_MOVERS = fields("first_rung", "next_rung", "lower_rung", "same_rung", "safety_rung")


@dataclass(frozen=True)
class CaseTies:
    """What an escalation knows of its case; the cases themselves are another room."""

    case_of: Callable[[Situation], Any]
    """The case that it is about."""
    works_on: Callable[[Situation], bool]
    """Whether the acting person works on that case."""
    involved: Callable[[Situation], list[int]]
    """Everyone who works on the case by name: its owner, who has the next step, those on its tracks."""


class LadderRules:
    """The rules of an escalation, on one ladder."""

    def __init__(self, ladder: Ladder, ties: CaseTies) -> None:
        self.ladder = ladder
        self.ties = ties

    def owner_of_case(self, situation: Situation) -> int | None:
        """Who owns the case now: it may have changed hands since the question was asked."""
        case = self.ties.case_of(situation)
        return None if case is None else case.owner_id

    def standing(self, situation: Situation) -> Standing:
        """The ladder as it is staffed today for the team of the case."""
        return Standing(situation.work.session, self.ladder, situation.subject.team_id)

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="escalation",
            roles=self._roles(),
            guards=self._guards(),
            effects=self._effects(),
            terms={"rung": self.rung_term},
            recipients={
                "owner": Recipients(self.owners, role="owner"),
                "involved": Recipients(lambda situation: [*self.owners(situation), *self.ties.involved(situation)]),
                "rung_holders": Recipients(lambda situation: self.answerers(situation), role="rung_holder"),
                "lower_rung_holders": Recipients(
                    lambda situation: self.holders_on(situation, situation.subject.rung - 1)
                ),
                "handed_to": Recipients(_handed_to),
            },
            lists=lists,
            needed=fields("asked", "asked_back", "answered", "attach", *ENDED),
            ends=fields(*ENDED),
            parent=self.ties.case_of,
            ladder=self.ladder,
        )

    def _roles(self) -> dict[str, Role]:
        return {
            "case_worker": Role(
                self.ties.works_on,
                lambda situation: Reason(
                    "de eigenaar van de casus of een teamgenoot, of wie er een spoor in doet",
                    "the owner of the case or a team member, or who does a track in it",
                ),
                Text(nl="wie aan de casus werkt", en="who works on the case"),
            ),
            "owner": Role(self.is_owner, self.owner_name, Text(nl="vrager", en="asker")),
            "rung_holder": Role(
                self.is_rung_holder,
                self.rung_names,
                Text(nl="trede", en="rung"),
                frozenset(rung.function for rung in self.ladder.rungs),
            ),
        }

    def _guards(self) -> dict[str, Guard]:
        return {
            "has_higher_rung": Guard(
                self.has_higher_rung,
                runs_out_by=fields("next_rung"),
                comes_back_by=RUNG_MOVERS - {"next_rung"},
                rung_rule=RungRule.HELD_ABOVE,
            ),
            "has_lower_rung": Guard(
                self.has_lower_rung,
                runs_out_by=fields("lower_rung"),
                comes_back_by=RUNG_MOVERS - {"lower_rung"},
                rung_rule=RungRule.HELD_BELOW,
            ),
            "climbs_by_itself": Guard(self.climbs_by_itself, rung_rule=RungRule.CLIMBS),
            "someone_can_answer": Guard(self.someone_can_answer),
            "for_information_only": Guard(_for_information_only),
            "danger_is_new": Guard(_danger_is_new, runs_out_by=fields("safety_rung")),
            "named_one_stands_here": Guard(self.named_one_stands_here, fields("handed_to")),
            "asked_by_another": Guard(_asked_by_another),
            "room_for_attachment": Guard(_room_for_attachment, runs_out_by=fields("keep_attachment")),
        }

    def _effects(self) -> dict[str, Effect]:
        return {
            "first_rung": Effect(
                self.first_rung,
                fields("remedy", "safety_at_stake"),
                fields("question", "barrier", "kind"),
                RungMove.FIRST,
            ),
            "next_rung": Effect(self.next_rung, moves_rung=RungMove.UP),
            "lower_rung": Effect(self.lower_rung, moves_rung=RungMove.DOWN),
            "same_rung": Effect(self.same_rung, moves_rung=RungMove.HERE),
            "safety_rung": Effect(self.safety_rung, moves_rung=RungMove.SAFETY),
            "hand_on": Effect(_hand_on, needs=fields("handed_to")),
            "keep_question_back": Effect(_keep_question_back, needs=fields("question_back")),
            "keep_reply": Effect(_keep_reply, needs=fields("reply")),
            "keep_attachment": Effect(_keep_attachment, needs=fields("attachment", "attachment_digest")),
            "keep_answer": Effect(_keep_answer, fields("answer", "next_step", "next_step_on")),
            "end_escalation": Effect(_end_escalation, fields("result", "why")),
        }

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
        """Can answer on the rung where the question lies, or on the nearest one that is staffed today."""
        escalation = situation.subject
        here = situation.actor.holds(self.ladder.rung(escalation.rung).function, escalation.team_id)
        return here or self.standing(situation).may_answer(situation.actor, escalation.rung)

    def rung_names(self, situation: Situation) -> str | Reason:
        """Function and names of who can answer on this rung."""
        session = situation.work.session
        standing = self.standing(situation)
        function = self.ladder.rung(standing.answering_rung(situation.subject.rung)).function
        found = list(people.names(session, standing.who(function)).values())
        return with_names(function_words(session, function), found)

    def answerers(self, situation: Situation) -> list[int]:
        """Everyone who can answer today where the question lies."""
        return self.standing(situation).answerers(situation.subject.rung)

    def holders_on(self, situation: Situation, number: int) -> list[int]:
        """Everyone who can act on that rung today."""
        return [] if number < 1 else self.standing(situation).who(self.ladder.rung(number).function)

    def has_higher_rung(self, situation: Situation) -> Reason | None:
        """Blocks where nobody stands higher on the ladder today."""
        if rung_allows(RungRule.HELD_ABOVE, self.ladder, situation.subject.rung, self.standing(situation).held):
            return None
        return Reason("Hoger op de ladder staat niemand.", "Nobody stands higher on the ladder.")

    def climbs_by_itself(self, situation: Situation) -> Reason | None:
        """Blocks where the ladder lets silence lead to a reminder instead."""
        if self.ladder.climbs_from(situation.subject.rung):
            return None
        return Reason("Deze trede klimt niet vanzelf.", "This rung does not climb by itself.")

    def has_lower_rung(self, situation: Situation) -> Reason | None:
        """Blocks where nobody stands lower on the ladder today."""
        if rung_allows(RungRule.HELD_BELOW, self.ladder, situation.subject.rung, self.standing(situation).held):
            return None
        return Reason("Lager op de ladder staat niemand.", "Nobody stands lower on the ladder.")

    def someone_can_answer(self, situation: Situation) -> Reason | None:
        """Blocks only when nobody on the whole ladder could answer."""
        if self.standing(situation).anyone:
            return None
        return Reason("Niemand op de ladder kan nu antwoorden.", "Nobody on the ladder can answer now.")

    def named_one_stands_here(self, situation: Situation) -> Reason | None:
        """Blocks handing on to someone who cannot answer here, and to oneself."""
        chosen = situation.fields.get("handed_to")
        others = [each for each in self.answerers(situation) if each != situation.actor.person_id]
        if not others:
            return Reason("Op deze trede staat verder niemand.", "Nobody else stands on this rung.")
        if chosen is None or chosen in others:
            return None
        return Reason("Deze persoon staat niet op deze trede.", "This person does not stand on this rung.")

    def first_rung(self, situation: Situation) -> None:
        """Take over what was asked; begin on the lowest staffed rung, or on the safety rung or above."""
        escalation: Escalation = situation.subject
        for name in ("question", "barrier", "kind", "remedy"):
            setattr(escalation, name, situation.fields.get(name))
        escalation.safety_at_stake = situation.fields.get("safety_at_stake", False)
        escalation.rung = self.ladder.safety_rung if escalation.safety_at_stake else 1
        escalation.attachments = 0
        self._move(situation, RungMove.FIRST)

    def next_rung(self, situation: Situation) -> None:
        """Up to the next staffed rung."""
        self._move(situation, RungMove.UP)

    def lower_rung(self, situation: Situation) -> None:
        """Down to the next staffed rung."""
        self._move(situation, RungMove.DOWN)

    def same_rung(self, situation: Situation) -> None:
        """Stay on this rung, or where nobody stands on it any longer, on the nearest one that is staffed."""
        self._move(situation, RungMove.HERE)

    def safety_rung(self, situation: Situation) -> None:
        """Someone turns out to be in danger: to the safety rung at once, or stay where that is higher."""
        situation.subject.safety_at_stake = True
        self._move(situation, RungMove.SAFETY)

    def _move(self, situation: Situation, move: RungMove) -> None:
        escalation: Escalation = situation.subject
        standing = self.standing(situation)
        escalation.rung = rung_after(move, self.ladder, escalation.rung, standing.held)
        escalation.highest_rung = max(escalation.highest_rung or 0, escalation.rung)
        escalation.rung_since = situation.at
        escalation.respond_by = self.rung_term(escalation, situation.at).end(situation.at)
        if escalation.handed_to is not None and escalation.handed_to not in standing.answerers(escalation.rung):
            escalation.handed_to = None

    def rung_term(self, escalation: Escalation, _at: datetime) -> Term:
        """How long the rung may take to answer; what is simulated knows its rung alone, and so of no danger."""
        return self.ladder.term_on(escalation.rung, bool(getattr(escalation, "safety_at_stake", False))).term()


def _handed_to(situation: Situation) -> list[int]:
    return [situation.subject.handed_to] if situation.subject.handed_to is not None else []


def _for_information_only(situation: Situation) -> Reason | None:
    if situation.subject.kind == "for_information":
        return None
    return Reason("Hier wordt een antwoord gevraagd.", "This asks for an answer.")


def _danger_is_new(situation: Situation) -> Reason | None:
    if not situation.subject.safety_at_stake:
        return None
    return Reason("Dat er iemand in gevaar is, is al gemeld.", "That someone is in danger was told already.")


def _asked_by_another(situation: Situation) -> Reason | None:
    if situation.subject.asked_back_by != situation.actor.person_id:
        return None
    return Reason("Dit hebt u zelf gevraagd.", "You asked this yourself.")


def _room_for_attachment(situation: Situation) -> Reason | None:
    if situation.subject.attachments < MOST_ATTACHMENTS:
        return None
    return Reason(
        f"Er zijn al {MOST_ATTACHMENTS} bijlagen. Meer kan niet.", f"There are {MOST_ATTACHMENTS} attachments already."
    )


def _hand_on(situation: Situation) -> None:
    situation.subject.handed_to = situation.fields["handed_to"]


def _keep_question_back(situation: Situation) -> None:
    escalation: Escalation = situation.subject
    escalation.question_back = situation.fields["question_back"]
    escalation.asked_back_by = situation.actor.person_id
    escalation.reply = None


def _keep_reply(situation: Situation) -> None:
    situation.subject.reply = situation.fields["reply"]


def _keep_attachment(situation: Situation) -> None:
    """Count the file that was kept in this same transaction: name and digest stand in the event, on the chain."""
    escalation: Escalation = situation.subject
    kept = documents_of(situation.work.session, "escalation", escalation.id)
    said = (situation.fields["attachment"], situation.fields["attachment_digest"])
    if len(kept) != escalation.attachments + 1 or (kept[-1].name, kept[-1].digest) != said:
        raise Blocked(Reason("Er is geen bestand meegestuurd.", "No file came along."))
    escalation.attachments += 1


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
