"""Given figures: what the past does not show, in a file with its source."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from wijkteam.engine.definition import Name, Part, Workflow
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.loading import WrongDefinition, shaped
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import read_document

Positive = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
MOST_PEOPLE = 10_000


class DelayFigures(Part):
    """How long people take where nothing else says so."""

    median_of_term: Positive = 0.5
    p90_of_term: Positive = 1.2
    median_days: Positive = 3.0
    p90_days: Positive = 10.0

    @model_validator(mode="after")
    def _in_order(self) -> "DelayFigures":
        if self.p90_of_term < self.median_of_term or self.p90_days < self.median_days:
            raise ValueError("the ninth decile (p90) cannot be shorter than the median")
        return self


class StateDelay(Part):
    """How long people take in one state, in calendar days."""

    median_days: Positive
    p90_days: Positive

    @model_validator(mode="after")
    def _in_order(self) -> "StateDelay":
        if self.p90_days < self.median_days:
            raise ValueError("the ninth decile (p90) cannot be shorter than the median")
        return self


class Figures(Part):
    """All given figures. What is said of one state, step or function wins from what the past shows."""

    figures: Name
    source: str = Field(min_length=1)
    arrivals_per_week: Positive = 5.0
    effort_minutes: NotNegative = 20.0
    hours_per_day: Annotated[float, Field(gt=0, le=24)] = 8.0
    available: Annotated[float, Field(gt=0, le=1)] = 0.5
    people: int = Field(default=1, ge=0, le=MOST_PEOPLE)
    open_from: int = Field(default=9, ge=0, le=23)
    open_until: int = Field(default=17, ge=1, le=24)
    delay: DelayFigures = DelayFigures()
    efforts: dict[Name, NotNegative] = {}
    """Minutes of work, by transition."""
    staff: dict[Name, Annotated[int, Field(ge=0, le=MOST_PEOPLE)]] = {}
    """How many people hold a function."""
    states: dict[Name, StateDelay] = {}
    choices: dict[Name, dict[Name, NotNegative]] = {}
    """For a state, how often each transition out of it is taken, as weights."""

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Figures":
        if self.open_from >= self.open_until:
            raise ValueError("open_from must lie before open_until")
        return self


def read_figures(path: Path, workflow: Workflow, functions: Collection[str]) -> Figures:
    """A file of figures for one workflow. Raises WrongDefinition, also for names that the workflow does not have."""
    document = read_document(path)
    found = shaped(document, Figures)
    if found is not None:
        for place, kind, name, known in _unknown(found, workflow, functions):
            document.findings.append(
                document.finding("unknown-name", place, f"there is no {kind} '{name}'", one_of(name, known))
            )
    if found is None or document.findings:
        raise WrongDefinition(document.findings)
    return found


def _unknown(
    figures: Figures, workflow: Workflow, functions: Collection[str]
) -> Iterator[tuple[KeyPath, str, str, Collection[str]]]:
    states = [name for name, state in workflow.states.items() if not state.final]
    named: list[tuple[KeyPath, str, str, Collection[str]]] = [
        *(
            (("efforts", name), "transition", name, [each.name for each in workflow.transitions])
            for name in figures.efforts
        ),
        *((("staff", name), "function", name, functions) for name in figures.staff),
        *((("states", name), "state", name, states) for name in figures.states),
        *((("choices", name), "state", name, states) for name in figures.choices),
    ]
    for state, ways in figures.choices.items():
        known = [each.name for each in workflow.transitions_from(state) if each.is_for_people]
        named += [(("choices", state, name), "way out of this state", name, known) for name in ways if known]
    return ((path, kind, name, known) for path, kind, name, known in named if name not in known)
