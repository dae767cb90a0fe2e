"""Drawing a workflow as SVG: states as boxes in layers, transitions as arrows."""

from html import escape

import networkx

from wijkteam.engine.definition import PREVIOUS, SAME, Workflow

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 230, 64, 120, 40, 24


def draw(workflow: Workflow, language: str = "nl") -> str:
    """The state machine as SVG, without any external program. `language` is nl or en."""
    graph, labels = _graph(workflow, language)
    places = _places(workflow, graph)
    width = max(x for x, _ in places.values()) + WIDTH + MARGIN
    height = max(y for _, y in places.values()) + HEIGHT + MARGIN + 30
    title = escape(getattr(workflow.title, language))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif">',
        f"<title>{title}</title>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#44546a"/></marker></defs>',
    ]
    parts += [_arrow(places[source], places[target], labels[source, target]) for source, target in graph.edges]
    for name, (x, y) in places.items():
        state = workflow.states[name]
        fill = "#e6eef2" if state.final else ("#fff4d6" if state.side else "#ffffff")
        around = ' stroke-width="3"' if state.final else ""
        parts.append(
            f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="10" fill="{fill}" stroke="#0b5a7d"{around}/>'
            f'<text x="{x + WIDTH / 2}" y="{y + 28}" text-anchor="middle" font-size="16" font-weight="600">'
            f"{escape(getattr(state.title, language))}</text>"
            f'<text x="{x + WIDTH / 2}" y="{y + 48}" text-anchor="middle" font-size="12" fill="#44546a">'
            f"{escape(name)}{' · ' + escape(state.holder) if state.holder else ''}</text>"
        )
    return "".join([*parts, "</svg>"])


def _graph(workflow: Workflow, language: str) -> tuple["networkx.DiGraph[str]", dict[tuple[str, str], list[str]]]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(workflow.states)
    labels: dict[tuple[str, str], list[str]] = {}
    for transition in workflow.transitions:
        for source in transition.from_:
            if transition.to in (SAME, PREVIOUS) or transition.to == source:
                continue
            graph.add_edge(source, transition.to)
            labels.setdefault((source, transition.to), []).append(getattr(transition.title, language))
    return graph, labels


def _places(workflow: Workflow, graph: "networkx.DiGraph[str]") -> dict[str, tuple[int, int]]:
    start = workflow.opening.to or workflow.initial
    distance = networkx.single_source_shortest_path_length(graph, start)
    deepest = max(distance.values())
    layers: dict[int, list[str]] = {}
    for name, state in workflow.states.items():
        layer = deepest + 1 if state.final else distance.get(name, deepest)
        layers.setdefault(layer, []).append(name)
    return {
        name: (MARGIN + column * (WIDTH + GAP_X), MARGIN + row * (HEIGHT + GAP_Y))
        for column, layer in enumerate(sorted(layers))
        for row, name in enumerate(layers[layer])
    }


def _arrow(source: tuple[int, int], target: tuple[int, int], labels: list[str]) -> str:
    same_column = source[0] == target[0]
    text_x: float
    text_y: float
    if same_column:
        down = target[1] > source[1]
        x = source[0] + (WIDTH * 2 // 3 if down else WIDTH // 3)
        y1, y2 = (source[1] + HEIGHT, target[1]) if down else (source[1], target[1] + HEIGHT)
        path, text_x, text_y = f"M{x} {y1}L{x} {y2}", x + 5, (y1 + y2) / 2
    else:
        forward = target[0] > source[0]
        x1, x2 = (source[0] + WIDTH, target[0]) if forward else (source[0], target[0] + WIDTH)
        shift = 14 if forward else 44
        y1, y2 = source[1] + shift, target[1] + shift
        middle = (x1 + x2) / 2
        path, text_x, text_y = (
            f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}",
            middle - 50,
            (y1 + y2) / 2 - 3,
        )
    told = escape("; ".join(labels))
    return (
        f'<path d="{path}" fill="none" stroke="#44546a" marker-end="url(#tip)"><title>{told}</title></path>'
        f'<text x="{text_x}" y="{text_y}" font-size="10" fill="#22303f">{escape(labels[0][:24])}</text>'
    )
