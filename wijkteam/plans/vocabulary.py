"""What the workflows of the plan may name: roles, guards and effects of goals, lines, agreements and consents."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wijkteam.cases.case_worker import case_worker
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Situation, Vocabulary, fields
from wijkteam.plans.model import Goal
from wijkteam.terms import clock

BEGUN = "track_of_goal"
"""Under this name and the goal's id a unit of work remembers which track was begun for it."""
LISTS = ("life_domains", "approaches", "working_ingredients")
"""The lists that the workflows of the plan choose from."""
ENDS = fields("achieved", "partly", "not_achieved", "dropped")


@dataclass(frozen=True)
class PlanTies:
    """What a plan needs to know of the case that it is part of."""

    case_of: Callable[[Situation], Any]
    works_on: Callable[[Situation], bool]
    """Whether the acting person works on the case: by name or in its team."""


class PlanRules:
    """The rules of everything in a plan: whoever works on the case writes it together with the household."""

    def __init__(self, ties: PlanTies, lists: Mapping[str, Mapping[str, Text]]) -> None:
        self.ties = ties
        self.lists = lists
        self.roles = {"case_worker": case_worker(ties.works_on)}
        self.recipients = {"owner": Recipients(lambda situation: [self._owner(situation)])}

    def _owner(self, situation: Situation) -> int:
        owner: int = self.ties.case_of(situation).owner_id
        return owner

    def vocabularies(self) -> list[Vocabulary]:
        """All names for the five workflows."""
        return [
            self._vocabulary(
                "goal",
                {"track_is_begun": Guard(_track_is_begun)},
                {
                    "keep_goal": _keep(("words", "reached_when"), ("life_domain",)),
                    "change_goal": _keep(("reached_when",), ("words", "life_domain"), clearing=("reached_when",)),
                    "keep_track": Effect(_keep_track),
                    "keep_result": Effect(_keep_result, fields("because", "own_answer", "own_words")),
                },
                needed=ENDS | fields("begin_track", "change"),
            ),
            self._vocabulary(
                "plan_line",
                {},
                {"keep_line": _keep(("life_domain",), ("kind", "line", "said_by")), "end_line": _end("why")},
                needed=fields("over", "end"),
            ),
            self._vocabulary(
                "agreement",
                {},
                {
                    "keep_agreement": _keep(("by_day",), ("kind", "what", "who")),
                    "change_agreement": _keep(("by_day",), ("what", "who"), clearing=("by_day",)),
                    "end_agreement": _end("how_it_went"),
                },
                needed=fields("kept", "not_kept", "dropped", "keep", "not_keep", "drop"),
            ),
            self._vocabulary(
                "approach",
                {},
                {
                    "keep_approach": _keep(("what",), ("kind",)),
                    "end_approach": Effect(_end_approach, fields("ingredient", "why"), fields("result")),
                },
                needed=fields("continued", "stopped", "continue", "stop"),
            ),
            self._vocabulary(
                "plan_consent",
                {"day_has_come": Guard(_day_has_come, fields("on_day"))},
                {
                    "keep_consent": _keep(("own_words",), ("covers", "who", "answer", "how", "on_day")),
                    "end_consent": _end("why"),
                },
                needed=fields("taken_back", "take_back"),
            ),
        ]

    def _vocabulary(
        self, subject: str, guards: dict[str, Guard], effects: dict[str, Effect], needed: frozenset[str]
    ) -> Vocabulary:
        return Vocabulary(
            subject=subject,
            roles=self.roles,
            guards=guards,
            effects=effects,
            recipients=self.recipients,
            lists=self.lists,
            needed=needed,
            parent=self.ties.case_of,
        )


def _keep(may: tuple[str, ...], must: tuple[str, ...] = (), clearing: tuple[str, ...] = ()) -> Effect:
    """Copy fields to the columns of their names; those in `clearing` are emptied where nothing was filled in."""

    def keep(situation: Situation) -> None:
        for name in (*must, *may):
            if name in situation.fields or name in clearing:
                setattr(situation.subject, name, situation.fields.get(name))

    return Effect(keep, fields(*may), fields(*must))


def _end(field: str) -> Effect:
    def end(situation: Situation) -> None:
        setattr(situation.subject, field, situation.fields.get(field))
        situation.subject.ended_at = situation.at

    return Effect(end, fields(field))


def _end_approach(situation: Situation) -> None:
    for name in ("result", "ingredient", "why"):
        setattr(situation.subject, name, situation.fields.get(name))
    situation.subject.ended_at = situation.at


def _track_begun(situation: Situation) -> str | None:
    found: str | None = situation.work.remembered.get((BEGUN, situation.subject.id))
    return found


def _track_is_begun(situation: Situation) -> Reason | None:
    """A track comes with the step that ties it: see `begin_track_for`. A goal has one at most."""
    goal: Goal = situation.subject
    if goal.track_id is not None:
        return Reason("Dit doel heeft al een spoor.", "This goal already has a track.")
    if _track_begun(situation) is None:
        return Reason("Zeg eerst wie het doet en wat de volgende stap is.", "Say who does it and what is next.")
    return None


def _keep_track(situation: Situation) -> None:
    situation.subject.track_id = _track_begun(situation)


def _keep_result(situation: Situation) -> None:
    goal: Goal = situation.subject
    for name in ("because", "own_answer", "own_words"):
        setattr(goal, name, situation.fields.get(name))
    goal.ended_at = situation.at


def _day_has_come(situation: Situation) -> Reason | None:
    day = situation.fields.get("on_day")
    if day is None or day <= clock.today():
        return None
    return Reason("Deze dag moet nog komen.", "This day has yet to come.")
