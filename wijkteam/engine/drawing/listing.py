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


def listed_states(outline: Outline) -> list[ListedState]:
    """Every state in the order of the picture, with every step that it knows."""
    return [_listed(outline, stand) for stand in outline.states]


def as_text(outline: Outline) -> str:
    """The list as plain text."""
    language, opening = outline.language, outline.opening
    begins = say(language, "begins", opening.title)
    lines = [f"{outline.title}, {outline.version}"]
    lines += [f"{begins} ({say(language, 'by', opening.by)})", ""]
    for number, state in enumerate(listed_states(outline), 1):
        lines.append(f"{number}. " + "; ".join(part for part in (state.title, state.marked, state.about) if part))
        for step in state.steps:
            lines.append("   - " + "; ".join(part for part in (step.title, step.marked, step.about) if part))
        if not state.steps:
            lines.append(f"   {say(language, 'no_steps')}")
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
    staying = [*stand.stays, *(shared.step for shared in outline.shared if stand.name in shared.states)]
    steps += [_step(outline, step, stand, say(language, "stays")) for step in staying]
    return ListedState(stand.name, stand.title, _marked(stand.mark, language), ", ".join(about), tuple(steps))


def _step(outline: Outline, step: Step, stand: Stand, where: str) -> ListedStep:
    language = outline.language
    about = [where, say(language, "by", step.by)]
    about += [say(language, "itself")] if step.by_itself else []
    about += [say(language, "mandate")] if step.decision else []
    mark = outline.marks.of_step(step.name, [stand.name])
    return ListedStep(step.title, _marked(mark, language), ", ".join(about))


def _marked(mark: Mark | None, language: Language) -> str:
    if mark is None:
        return ""
    word = [] if mark.look in SILENT else [say(language, mark.look.value)]
    return ", ".join([*word, *mark.notes])
