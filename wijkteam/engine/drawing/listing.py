"""A workflow as a list: what a screen reader gets, with all that the picture shows."""

from dataclasses import dataclass

from wijkteam.engine.drawing.marks import Look, Mark
from wijkteam.engine.drawing.outline import Outline, Stand, Step
from wijkteam.engine.drawing.words import Language, say

SILENT = frozenset({Look.WARM_0, Look.WARM_1, Look.WARM_2, Look.WARM_3, Look.WARM_4})
"""Looks that say nothing in words; their notes do."""


@dataclass(frozen=True)
class ListedStep:
    """A step in words: its title, what marks it, and what there is to know of it."""

    title: str
    marked: str
    about: str


@dataclass(frozen=True)
class ListedState:
    """A state in words, with the steps that start from it."""

    name: str
    title: str
    marked: str
    about: str
    steps: tuple[ListedStep, ...]


@dataclass(frozen=True)
class Listed:
    """A whole workflow in words."""

    states: tuple[ListedState, ...]
    """In the order of the picture, each with its steps."""
    everywhere: tuple[ListedStep, ...]
    """Steps of many states that stay there; a state only repeats one that is marked for that state."""


def as_list(outline: Outline) -> Listed:
    """All that the picture shows, in words."""
    everywhere = [
        _listed_step(outline, each.step, each.step.mark, [each.where, say(outline.language, "by", each.step.by)])
        for each in outline.shared
    ]
    return Listed(tuple(_listed(outline, stand) for stand in outline.states), tuple(everywhere))


def as_text(outline: Outline) -> str:
    """The list as plain text."""
    language, opening = outline.language, outline.opening
    begins = say(language, "begins", opening.title)
    lines = [f"{outline.title}, {outline.version}"]
    lines += [f"{begins} ({say(language, 'by', opening.by)})", ""]
    whole = as_list(outline)
    for number, state in enumerate(whole.states, 1):
        lines.append(f"{number}. " + "; ".join(part for part in (state.title, state.marked, state.about) if part))
        for step in state.steps:
            lines.append("   - " + "; ".join(part for part in (step.title, step.marked, step.about) if part))
        if not state.steps:
            lines.append(f"   {say(language, 'no_steps')}")
    if whole.everywhere:
        lines += ["", say(language, "everywhere")]
    for step in whole.everywhere:
        lines.append("- " + "; ".join(part for part in (step.title, step.marked, step.about) if part))
    return "\n".join(lines)


def _listed(outline: Outline, stand: Stand) -> ListedState:
    language = outline.language
    about = [say(language, "start")] if stand.name == outline.start else []
    about += [say(language, kind) for kind in ("final", "side", "resting") if getattr(stand, kind)]
    about += [say(language, "with", stand.holder)] if stand.holder else []
    about += [stand.term] if stand.term else []
    about += [say(language, "missed", stand.missed)] if stand.missed else []
    steps = []
    for way in outline.ways_from(stand.name):
        target = outline.state(way.target).title if way.target is not None else ""
        where = say(language, "to", target) if target else say(language, "back")
        steps += [_step(outline, step, stand, where) for step in way.steps]
    marked = outline.marks.steps
    staying = [*stand.stays, *(each.step for each in outline.shared if (stand.name, each.step.name) in marked)]
    steps += [_step(outline, step, stand, say(language, "stays")) for step in staying]
    return ListedState(stand.name, stand.title, _marked(stand.mark, language), ", ".join(about), tuple(steps))


def _step(outline: Outline, step: Step, stand: Stand, where: str) -> ListedStep:
    mark = outline.marks.of_step(step.name, [stand.name])
    return _listed_step(outline, step, mark, [where, say(outline.language, "by", step.by)])


def _listed_step(outline: Outline, step: Step, mark: Mark | None, about: list[str]) -> ListedStep:
    about += [say(outline.language, "itself")] if step.by_itself else []
    about += [say(outline.language, "mandate")] if step.decision else []
    return ListedStep(step.title, _marked(mark, outline.language), ", ".join(about))


def _marked(mark: Mark | None, language: Language) -> str:
    if mark is None:
        return ""
    word = [] if mark.look in SILENT else [say(language, mark.look.value)]
    return ", ".join([*word, *mark.notes])
