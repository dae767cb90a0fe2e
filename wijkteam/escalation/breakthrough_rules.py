"""What the workflow of breakthroughs may name: roles, guards, effects and its term."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.escalation.breakthroughs import ENDED, open_on_list_of
from wijkteam.escalation.days import too_far, until_the_end_of
from wijkteam.escalation.model import Breakthrough, Escalation, StructuralEscalation
from wijkteam.escalation.standing import Standing
from wijkteam.escalation.structural_queries import escalations_behind
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term, end_of_day

LATE_AGAIN_AFTER = Term("P5D", Clock.WORKING_DAYS)
"""How often is reminded of a promise that was not kept."""
SHOWN_TITLE = 60


class BreakthroughRules:
    """The rules of a breakthrough: it stands on the short list of who is on the last rung of the ladder."""

    def __init__(self, ladder: Ladder, people_behind: Callable[[Session, list[Escalation]], list[int]]) -> None:
        self.ladder = ladder
        self.people_behind = people_behind

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        top = self.ladder.rungs[-1].function
        return Vocabulary(
            subject="breakthrough",
            roles={
                "bestuurder": Role(
                    lambda situation: self.standing(situation).may_answer(situation.actor, len(self.ladder.rungs)),
                    self.top_names,
                    Text(nl="bestuurder", en="bestuurder"),
                    frozenset({top}),
                ),
                "owner": Role(_is_owner, _owner_name, Text(nl="trekker", en="owner")),
            },
            guards={
                "within_limit": Guard(self.within_limit),
                "people_are_there": Guard(_people_are_there, fields("owner", "budget_holder")),
                "day_in_reach": Guard(
                    lambda situation: too_far(situation.fields.get("promised_on")), fields("promised_on")
                ),
            },
            effects={
                "choose": Effect(_choose, needs=fields("title", "owner", "budget_holder", "promised_on")),
                "promise_anew": Effect(_promise_anew, needs=fields("promised_on")),
                "keep_progress": Effect(_keep_progress, needs=fields("progress")),
                "change_owner": Effect(_change_owner, needs=fields("owner")),
                "end_breakthrough": Effect(_end_breakthrough, needs=fields("result")),
            },
            terms={"promise": _until_promised},
            recipients={
                "owner": Recipients(lambda situation: [situation.subject.owner_id], role="owner"),
                "budget_holder": Recipients(lambda situation: [situation.subject.budget_holder_id]),
                "bestuurder": Recipients(self.keepers, role="bestuurder"),
                "behind": Recipients(self.behind),
            },
            needed=fields("chosen", *ENDED),
            ends=fields(*ENDED),
        )

    def standing(self, situation: Situation) -> Standing:
        """The ladder as it is staffed today for the whole municipality."""
        return Standing(situation.work.session, self.ladder, None)

    def top_names(self, situation: Situation) -> str | Reason:
        """Function and names of who stands on the last rung today."""
        session = situation.work.session
        found = people.names(session, self.standing(situation).answerers(len(self.ladder.rungs)))
        return with_names(function_words(session, self.ladder.rungs[-1].function), found.values())

    def keepers(self, situation: Situation) -> list[int]:
        """Who chose it; where that person has left, whoever stands on the last rung now."""
        chosen_by = situation.subject.chosen_by
        if people.acting_person(situation.work.session, chosen_by) is not None:
            return [chosen_by]
        return self.standing(situation).answerers(len(self.ladder.rungs))

    def behind(self, situation: Situation) -> list[int]:
        """Everyone behind it: who asked the structural escalation, and the owners of the cases behind that."""
        structural_id = situation.subject.structural_id
        if structural_id is None:
            return []
        session: Session = situation.work.session
        structural = session.get(StructuralEscalation, structural_id)
        asked_by = [] if structural is None else [structural.asked_by]
        return asked_by + self.people_behind(session, escalations_behind(session, structural_id))

    def within_limit(self, situation: Situation) -> Reason | None:
        """Blocks when the list of this bestuurder is full, and names what is on it."""
        limit = self.ladder.breakthrough_limit(clock.local(situation.at).date())
        on_list = open_on_list_of(situation.work.session, situation.actor.person_id)
        if limit is None or len(on_list) < limit:
            return None
        named = "; ".join(_short(each.title) for each in on_list)
        return Reason(
            f"Uw lijst is vol: hooguit {limit} doorbraken tegelijk. Open staan: {named}.",
            f"Your list is full: at most {limit} breakthroughs at a time. Open are: {named}.",
        )


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= SHOWN_TITLE else line[: SHOWN_TITLE - 1] + "…"


def _is_owner(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.owner_id)


def _owner_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.owner_id)


def _people_are_there(situation: Situation) -> Reason | None:
    chosen = [situation.fields[name] for name in ("owner", "budget_holder") if name in situation.fields]
    if all(people.acting_person(situation.work.session, each) is not None for each in chosen):
        return None
    return Reason("Kies een persoon uit de lijst.", "Choose a person from the list.")


def _until_promised(breakthrough: Breakthrough, at: datetime) -> Term:
    """Until the end of the promised day; when that has passed, until the next reminder."""
    if end_of_day(breakthrough.promised_on) <= at:
        return LATE_AGAIN_AFTER
    return until_the_end_of(breakthrough.promised_on, at)


def _choose(situation: Situation) -> None:
    breakthrough: Breakthrough = situation.subject
    breakthrough.title = situation.fields["title"]
    breakthrough.owner_id = situation.fields["owner"]
    breakthrough.budget_holder_id = situation.fields["budget_holder"]
    breakthrough.first_promised_on = breakthrough.promised_on = situation.fields["promised_on"]


def _promise_anew(situation: Situation) -> None:
    breakthrough: Breakthrough = situation.subject
    day: date = situation.fields["promised_on"]
    if day == breakthrough.promised_on:
        return  # the same promise again is no new one: it did not move
    earlier = [each for each in breakthrough.earlier_promises.split(",") if each]
    breakthrough.earlier_promises = ",".join([*earlier, breakthrough.promised_on.isoformat()])
    breakthrough.promised_on = day


def _keep_progress(situation: Situation) -> None:
    situation.subject.progress = situation.fields["progress"]


def _change_owner(situation: Situation) -> None:
    situation.subject.owner_id = situation.fields["owner"]


def _end_breakthrough(situation: Situation) -> None:
    situation.subject.result = situation.fields["result"]
    situation.subject.ended_at = situation.at
