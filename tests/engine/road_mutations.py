"""Ways to break the roads of a definition: states, terms, and from where to where."""

from collections.abc import Iterator

from tests.engine.mutations import CERTAIN, JUDGED, Change, Path, Site, listed, operator_called, put, shown


@operator_called("drop a state", CERTAIN)
def _drop_state(site: Site) -> Iterator[Change]:
    for path, _ in site.states():
        yield shown(path), site.without(path)


@operator_called("drop a transition", JUDGED)
def _drop_transition(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        yield each["name"], site.without(path)


@operator_called("drop a holder", CERTAIN)
def _drop_holder(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if "holder" in state:
            yield shown(path), site.without((*path, "holder"))


@operator_called("drop a term", CERTAIN)
def _drop_term(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if "term" in state and not state.get("resting"):
            yield shown(path), site.without((*path, "term"))


@operator_called("drop the rest of a state without term", CERTAIN)
def _drop_resting(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if state.get("resting") and "term" not in state:
            yield shown(path), site.without((*path, "resting"))


@operator_called("redirect where a transition goes", JUDGED)
def _redirect_to(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        for target in [*site.data["states"], "same", "previous"]:
            if target != each["to"]:
                yield f"{each['name']} to {target}", site.put((*path, "to"), target)


@operator_called("redirect where a transition comes from", JUDGED)
def _redirect_from(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        sources = listed(each["from"])
        for number, source in enumerate(sources):
            if len(sources) > 1:
                rest = sources[:number] + sources[number + 1 :]
                yield f"{each['name']} no longer from {source}", site.put((*path, "from"), rest)
            for other in site.data["states"]:
                if other not in sources:
                    new = [*sources[:number], other, *sources[number + 1 :]]
                    yield f"{each['name']} from {other} instead of {source}", site.put((*path, "from"), new)


@operator_called("lead a transition out of a final state", CERTAIN)
def _out_of_final(site: Site) -> Iterator[Change]:
    finals = [path[1] for path, state in site.states() if state.get("final")]
    for path, each in site.transitions():
        for final in finals:
            yield f"{each['name']} from {final}", site.put((*path, "from"), [*listed(each["from"]), final])


@operator_called("begin somewhere else", JUDGED)
def _begin_elsewhere(site: Site) -> Iterator[Change]:
    for path, _ in site.states():
        if path[1] != site.data["initial"]:
            yield str(path[1]), site.put(("initial",), path[1])
            yield f"{path[1]} by the opening", site.put(("opening", "to"), path[1])


@operator_called("make a state final", CERTAIN)
def _make_final(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if not state.get("final"):
            yield shown(path), site.put(path, {"title": state["title"], "final": True})
            yield f"{shown(path)} with its holder", site.put((*path, "final"), True)


@operator_called("let a final state go on", CERTAIN)
def _unmake_final(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if state.get("final"):
            yield shown(path), site.put((*path, "final"), False)
            holder = next(iter(site.words.roles))
            resting = {"title": state["title"], "resting": True, "holder": holder}
            yield f"{shown(path)}, resting", site.put(path, resting)


@operator_called("make a state of the main road a side state", CERTAIN)
def _make_side(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if not state.get("final") and not state.get("side"):
            kept = {key: value for key, value in state.items() if key != "resting"}
            yield shown(path), site.put(path, {**kept, "side": True})


@operator_called("make a side state one of the main road", CERTAIN)
def _unmake_side(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if state.get("side"):
            yield shown(path), site.put((*path, "side"), False)


@operator_called("turn on_miss round", JUDGED)
def _turn_on_miss(site: Site) -> Iterator[Change]:
    for path, missed in _missed(site):
        if len(missed) > 1:
            yield shown(path), site.put(path, missed[::-1])


@operator_called("drop one of on_miss", JUDGED)
def _drop_on_miss(site: Site) -> Iterator[Change]:
    for path, missed in _missed(site):
        for number, name in enumerate(missed):
            if len(missed) > 1:
                yield f"{shown(path)} {name}", site.put(path, missed[:number] + missed[number + 1 :])


@operator_called("call another transition on_miss", JUDGED)
def _other_on_miss(site: Site) -> Iterator[Change]:
    for path, missed in _missed(site):
        for _, each in site.transitions():
            if each["name"] not in missed:
                yield f"{shown(path)} {each['name']}", site.put(path, [each["name"]])
                yield f"{shown(path)} {each['name']} first", site.put(path, [each["name"], *missed])


def _missed(site: Site) -> Iterator[tuple[Path, list[str]]]:
    for path, state in site.states():
        if "term" in state:
            yield (*path, "term", "on_miss"), listed(state["term"]["on_miss"])


@operator_called("let the clock do what people do, when the term is missed", JUDGED)
def _clock_takes(site: Site) -> Iterator[Change]:
    for path, missed in _missed(site):
        for number, each in site.transitions():
            if "clock" in each["by"] or path[1] not in listed(each["from"]):
                continue
            data = site.put((*number, "by"), [*each["by"], "clock"])
            yield f"{each['name']} in {path[1]}", put(data, path, [each["name"], *missed])


@operator_called("let another role hold the ball", JUDGED)
def _other_holder(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        for role in site.words.roles:
            if role != state.get("holder") and "holder" in state:
                yield f"{shown(path)} {role}", site.put((*path, "holder"), role)


@operator_called("a reminder that is none", JUDGED)
def _no_reminder(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        for key in ("reminder", "restarts_term"):
            if key in each and "clock" in each["by"]:
                yield f"{each['name']} {key}", site.put((*path, key), False)


@operator_called("add a state that nothing leads to", CERTAIN)
def _lost_state(site: Site) -> Iterator[Change]:
    final = {"title": {"nl": "Zoek", "en": "Lost"}, "final": True}
    yield "final", site.put(("states", "lost"), final)
    holder = next(iter(site.words.roles))
    lost = {"title": {"nl": "Zoek", "en": "Lost"}, "holder": holder, "resting": True}
    end = next(path[1] for path, state in site.states() if state.get("final"))
    data = site.put(("states", "lost"), lost)
    away = {"name": "find", "title": {"nl": "Vinden", "en": "Find"}, "from": "lost", "to": end, "by": [holder]}
    data["transitions"] = [*data["transitions"], away]
    yield "with a way out", data


@operator_called("add a transition that only an uncalled clock takes", CERTAIN)
def _uncalled(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        if not state.get("final"):
            tick = {"name": "tick", "title": {"nl": "Tik", "en": "Tick"}, "from": path[1], "to": "same"}
            transitions = [*site.data["transitions"], {**tick, "by": ["clock"]}]
            yield shown(path), site.put(("transitions",), transitions)
