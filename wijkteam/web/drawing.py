"""Drawings on the pages: where one subject is, where it has been and what is next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from markupsafe import Markup

from wijkteam.engine.definition import MIGRATE, PREVIOUS, Workflow
from wijkteam.engine.drawing.listing import Listed, as_list
from wijkteam.engine.drawing.marks import NO_MARKS, Look, Mark, Marks
from wijkteam.engine.drawing.outline import outline
from wijkteam.engine.drawing.picture import as_svg
from wijkteam.engine.outcomes import Option
from wijkteam.events.model import Event
from wijkteam.web.acting import house
from wijkteam.web.language import _, language, ngettext
from wijkteam.web.showing import day

MOST_KEPT = 500
"""So many drawings a process keeps; one is drawn again when something happened in its subject, or was not kept."""


@dataclass(frozen=True)
class Drawing:
    """A picture, and the same as a list."""

    picture: Markup
    listed: Listed


def drawing(workflow: Workflow, marks: Marks = NO_MARKS) -> Drawing:
    """A workflow in the language of this request, with marks."""
    drawn: dict[Any, Drawing] = current_app.extensions.setdefault("drawings", {})
    key = (workflow.workflow, workflow.version, language(), repr(marks))
    if key not in drawn:
        roles = house().engine.process(workflow.workflow, workflow.version).vocabulary.roles
        shown = outline(workflow, language(), {name: role.title for name, role in roles.items()}, marks)
        if len(drawn) >= MOST_KEPT:
            drawn.clear()
        # every text in the picture was escaped when it was drawn
        drawn[key] = Drawing(Markup(as_svg(shown)), as_list(shown))  # noqa: S704 # nosec B704
    return drawn[key]


def whereabouts(subject: Any, events: Iterable[Event], options: Iterable[Option]) -> Drawing:
    """Where a subject is and was, on its own version of its workflow, and the steps that are open to the viewer."""
    workflow = house().engine.workflow(subject.workflow_name(), subject.workflow_version)
    past = sorted(events, key=lambda event: event.sequence)
    states = _been(past)
    states[subject.state] = Mark(Look.HERE, (_("sinds %(on)s", on=day(subject.state_since)),))
    steps = _taken(past)
    for option in options:
        if option.open:
            key = (subject.state, option.transition.name)
            steps[key] = Mark(Look.NEXT, steps[key].notes if key in steps else ())
            target = subject.previous_state if option.transition.to == PREVIOUS else option.transition.to
            if target in workflow.states and (target not in states):
                states[target] = Mark(Look.NEXT)
    known = {name: mark for name, mark in states.items() if name in workflow.states}
    return drawing(workflow, Marks(known, steps, quiet=True))


def _been(past: Iterable[Event]) -> dict[str, Mark]:
    """The states that were entered, with how often and when last."""
    times: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for event in past:
        if event.state_from != event.state_to:
            times[event.state_to] += 1
            last[event.state_to] = event.at
    return {name: Mark(Look.BEEN, (_times(times[name]), _("laatst %(on)s", on=day(last[name])))) for name in times}


def _taken(past: Iterable[Event]) -> dict[tuple[str | None, str], Mark]:
    """The steps that were taken, with how often."""
    times = Counter((event.state_from, event.name) for event in past if event.state_from and event.name != MIGRATE)
    return {key: Mark(Look.TAKEN, (_times(count),)) for key, count in times.items()}


def _times(count: int) -> str:
    return ngettext("%(num)s keer", "%(num)s keer", count)
