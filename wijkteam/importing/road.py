"""The legal steps by which a case gets to the state that it had elsewhere, and what each of them asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wijkteam.engine.definition import Workflow

Given = Mapping[str, str]
"""Which field of a step is filled from which column."""
NEXT_STEP = {"next_step": "next_step", "next_step_on": "next_step_on"}
ON: Mapping[str, tuple[str, Given]] = {
    "clarifying": ("found_safe", {"safety": "safety"}),
    "planning": ("question_is_clear", {"question": "question", "strengths": "strengths"}),
    "carrying_out": ("plan_is_agreed", {"plan": "plan", **NEXT_STEP}),
    "evaluating": ("evaluate", {"how_it_goes": "explained"}),
    "aftercare": ("finish", {"outcome": "outcome", "outcome_reason": "explained", **NEXT_STEP}),
}
"""From each state to the one after it, in order."""
ASIDE: Mapping[str, tuple[str, Given, str]] = {
    "unsafe": ("found_unsafe", {"safety": "safety", **NEXT_STEP}, "signalled"),
    "waiting": ("wait_for_other", {"waiting_for": "explained", **NEXT_STEP}, "clarifying"),
    "avoiding": ("lose_contact", {"contact_tried": "explained", **NEXT_STEP}, "signalled"),
}
"""To a state beside the road, and from where unless it is said."""
BEFORE_OF_ASIDE: Mapping[str, tuple[str, ...]] = {
    "unsafe": ("signalled", *ON),
    "waiting": ("clarifying", "planning", "carrying_out", "evaluating"),
    "avoiding": ("signalled", *ON),
}
STATES = ("signalled", *ON, *ASIDE)


@dataclass(frozen=True)
class RoadStep:
    """One step: which transition, and which column fills which field."""

    transition: str
    given: Given

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the step is given, of the columns that are filled in."""
        return {name: values[column] for name, column in self.given.items() if values.get(column) is not None}


def road_to(state: str, before: str | None = None) -> list[RoadStep]:
    """The steps from the beginning to a state; `before` is where a state beside the road was entered from."""
    steps = []
    last = (before or ASIDE[state][2]) if state in ASIDE else state
    if last != "signalled":
        for target, (transition, given) in ON.items():
            steps.append(RoadStep(transition, given))
            if target == last:
                break
    if state in ASIDE:
        steps.append(RoadStep(*ASIDE[state][:2]))
    return steps


def lacking(workflow: Workflow, steps: list[RoadStep], values: Mapping[str, Any]) -> list[str]:
    """The columns that these steps need and that are empty."""
    asked = {each.name: each.asks for each in workflow.transitions}
    found = [
        step.given[name]
        for step in steps
        for name in asked[step.transition]
        if name in step.given and values.get(step.given[name]) is None
    ]
    return list(dict.fromkeys(found))


def state_called(workflow: Workflow, name: str) -> str | None:
    """The state of that code or title, as far as a case can come in in it."""
    wanted = " ".join(name.lower().split())
    for code in STATES:
        title = workflow.states[code].title
        if wanted in (code, title.nl.lower(), (title.en or "").lower()):
            return code
    return None


def outcome_called(workflow: Workflow, name: str) -> str | None:
    """The outcome of that code or title."""
    wanted = " ".join(name.lower().split())
    choices = workflow.fields["outcome"].choices or {}
    for code, title in choices.items():
        if wanted in (code, title.nl.lower(), (title.en or "").lower()):
            return code
    return None
