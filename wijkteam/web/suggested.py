"""What follows from what somebody just wrote: a next step, a worry, a way up; each confirmed with one tap or left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for

from wijkteam.access.grounds import working_ground
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import Option
from wijkteam.events.model import Event
from wijkteam.events.queries import events_of
from wijkteam.plans import queries as plans
from wijkteam.suggesting.days import SENTENCE, SuggestedDay, suggest_day
from wijkteam.suggesting.words import Suggestion, suggest, words_in
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work
from wijkteam.web.showing import readable_fields

pages = Blueprint("suggested", __name__)
WRITTEN = {"open": ("next_step", "what_is_going_on"), "add_note": ("note",)}
"""Steps of a case in which somebody writes freely, and in which fields."""
MOST_DOMAINS = 2
ENOUGH_WORDS = 2
"""So many words of a barrier say that something may be stuck; one word stands in any text."""
LONGEST_LINE = 300


@dataclass(frozen=True)
class Worry:
    """A life domain that the text is about, and the sentence that says so."""

    domain: Suggestion
    line: str


@dataclass(frozen=True)
class Suggested:
    """What a text suggests; nothing of it is kept before somebody confirms it."""

    step: SuggestedDay | None = None
    next_step: str = ""
    worries: tuple[Worry, ...] = ()
    barrier: Suggestion | None = None
    question: str = ""

    def __bool__(self) -> bool:
        return self.step is not None or bool(self.worries) or self.barrier is not None


def suggested_by(case: HouseholdCase, name: str, fields: Mapping[str, Any]) -> Suggested:
    """What the free text of a step of this case suggests that is not there already."""
    texts = [str(fields[each]) for each in WRITTEN[name] if fields.get(each)]
    step, text = suggest_day("\n".join(texts), house().day_words, clock.today()), "\n".join(texts)
    next_step = case.next_step if name == "open" else step.sentence if step is not None else ""
    if step is not None and (step.day, next_step) == (case.next_step_on, case.next_step):
        step = None
    listed = house().lists["barriers"].items
    stuck = [each for each in suggest(text, house().words["barriers"]) if each.code in listed]
    barrier = next((each for each in stuck[:1] if len(each.because) >= ENOUGH_WORDS), None)
    question = _sentence_with(text, barrier.because) if barrier is not None else ""
    return Suggested(step, next_step, _worries(case, text), barrier, question)


def _worries(case: HouseholdCase, text: str) -> tuple[Worry, ...]:
    plan = plans.plan_of_case(reading(), case.id)
    lines = plan.standing(plans.WORRY)
    there = {goal.life_domain for goal in plan.goals} | {line.life_domain for line in lines}
    listed = house().lists["life_domains"].items
    found = [
        each for each in suggest(text, house().words["life_domains"]) if each.code in listed and each.code not in there
    ]
    return tuple(Worry(each, _sentence_with(text, each.because)) for each in found[:MOST_DOMAINS])


def _sentence_with(text: str, because: Sequence[str]) -> str:
    """The sentence in which most of these words stand, no longer than a line can be."""
    sentences = [each.strip() for each in SENTENCE.findall(text) if each.strip()]
    best = max(sentences, key=lambda each: len(set(because) & set(words_in(each))), default="")
    return best[:LONGEST_LINE]


def _written(case: HouseholdCase, number: int | None) -> Event | None:
    """What I wrote last in this case, or the event of that number when I wrote it."""
    mine = [
        each
        for each in events_of(reading(), "household_case", case.id)
        if each.name in WRITTEN and each.actor_id == work().actor.person_id
    ]
    return next((each for each in reversed(mine) if number in (None, each.id)), None)


def after_writing(case: HouseholdCase) -> str:
    """Where to go after something was written: the case, with what the text suggests where it suggests anything."""
    event = _written(case, None)
    if event is None or working_ground(reading(), work().actor, case) is None:
        return url_for("cases.page", case_id=case.id)
    fields = readable_fields(event) or {}
    if not suggested_by(case, event.name, fields):
        return url_for("cases.page", case_id=case.id)
    return url_for("cases.page", case_id=case.id, uit=event.id, _anchor="voorstel")


@pages.app_template_global("suggested_for")
def suggested_for(case: HouseholdCase, options: Sequence[Option]) -> Suggested:
    """What the text that the address names suggests to whoever wrote it; nothing where it names none."""
    number = request.args.get("uit", type=int)
    event = _written(case, number) if number is not None else None
    if event is None or working_ground(reading(), work().actor, case) is None:
        return Suggested()
    found = suggested_by(case, event.name, readable_fields(event) or {})
    may_plan = any(each.open for each in options if each.transition.name == "change_next_step")
    step = found.step if may_plan else None
    return Suggested(step, found.next_step, found.worries, found.barrier, found.question)
