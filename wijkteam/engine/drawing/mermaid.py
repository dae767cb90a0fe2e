"""A workflow as Mermaid text (stateDiagram-v2), which many editors and wikis draw."""

from wijkteam.engine.drawing.outline import Outline, Step, Way
from wijkteam.engine.drawing.words import say

BACK = "back_to_previous"
ESCAPED = {
    "#": "#35;",
    "&": "#amp;",
    ";": "#59;",
    ":": "#58;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "%": "#37;",
    "{": "#123;",
    "}": "#125;",
    "[": "#91;",
    "]": "#93;",
    "*": "#42;",
    "`": "#96;",
    "\\": "#92;",
}


def escaped(text: str) -> str:
    """Text that Mermaid shows as it is: signs that mean something to it are written as entities, lines joined."""
    return "".join(ESCAPED.get(sign, sign) for sign in " ".join(text.split()))


def as_mermaid(outline: Outline) -> str:
    """The whole workflow as a state diagram. Steps that stay share one arrow: Mermaid shows only one such arrow."""
    language = outline.language
    lines = ["stateDiagram-v2", "    direction TB", f"    accTitle: {escaped(f'{outline.title}, {outline.version}')}"]
    for state in outline.states:
        told = [say(language, "with", state.holder)] if state.holder else []
        told += [state.term] if state.term else []
        told += [say(language, kind) for kind in ("final", "side", "resting") if getattr(state, kind)]
        title = escaped(state.title) + (f" ({escaped(', '.join(told))})" if told else "")
        lines.append(f'    state "{title}" as {_id(state.name)}')
    if any(way.target is None for way in outline.ways):
        lines.append(f'    state "{escaped(say(language, "back"))}" as {BACK}')
    lines.append(f"    [*] --> {_id(outline.start)} : {escaped(outline.opening.title)}")
    for way in outline.ways:
        lines += _arrows(outline, way)
    for state in outline.states:
        if state.stays:
            staying = " / ".join(_told(outline, step) for step in state.stays)
            lines.append(f"    {_id(state.name)} --> {_id(state.name)} : {staying}")
    lines += [f"    {_id(state.name)} --> [*]" for state in outline.states if state.final]
    if outline.shared:
        lines.append(f"    note right of {_id(outline.start)}")
        lines.append(f"        {escaped(say(language, 'everywhere'))}")
        lines += [f"        {_told(outline, each.step)}, {escaped(each.where)}" for each in outline.shared]
        lines.append("    end note")
    sides = [_id(state.name) for state in outline.states if state.side]
    if sides:
        lines += ["    classDef side fill:#fff6e0,stroke:#8a5a00", f"    class {','.join(sides)} side"]
    return "\n".join(lines)


def _id(state: str) -> str:
    """A name of its own for a state: some plain names, such as end, mean something to Mermaid."""
    return f"state_{state}"


def _told(outline: Outline, step: Step) -> str:
    told = [say(outline.language, "itself")] if step.by_itself else []
    told += [say(outline.language, "mandate")] if step.decision else []
    return escaped(step.title) + (f" ({escaped(', '.join(told))})" if told else "")


def _arrows(outline: Outline, way: Way) -> list[str]:
    target = BACK if way.target is None else _id(way.target)
    return [f"    {_id(source)} --> {target} : {_told(outline, step)}" for step in way.steps for source in way.sources]
