"""Terms: one runs wherever somebody is waited for, and something follows when it is missed."""

from collections.abc import Iterator

from wijkteam.engine.checks.roads import Roads
from wijkteam.engine.definition import CLOCK_ROLE, SAME, Transition, Workflow
from wijkteam.engine.findings import KeyPath, Wrong
from wijkteam.engine.nearest import one_of


def check_terms(workflow: Workflow, roads: Roads) -> Iterator[Wrong]:
    """A term in every state but final and resting ones, and on_miss that can be taken and ends in something."""
    for name, state in workflow.states.items():
        if state.term is None:
            if not state.final and not state.resting:
                wrong = f"no term runs in '{name}', so that it can be forgotten there"
                right = "add a term, or resting: true where nobody waits for anybody"
                yield Wrong("no-term", ("states", name), wrong, right, roads.way_to(name))
            continue
        path: KeyPath = ("states", name, "term", "on_miss")
        known = [each.name for each in workflow.transitions_from(name)]
        tried: list[Transition] = []
        for missed in state.term.on_miss:
            transition = workflow.transition(missed)
            if transition is None or name not in transition.sources:
                wrong = f"'{missed}' cannot be taken from '{name}'"
                yield Wrong("wrong-miss", path, wrong, one_of(missed, known), roads.way_to(name))
            elif CLOCK_ROLE not in transition.by:
                wrong = f"the clock may not take '{missed}'"
                yield Wrong("wrong-miss", path, wrong, f"add {CLOCK_ROLE} to its by", roads.way_to(name))
            else:
                tried.append(transition)
        yield from _order(name, path, tried, roads)


def _order(name: str, path: KeyPath, tried: list[Transition], roads: Roads) -> Iterator[Wrong]:
    def always_open(transition: Transition) -> bool:
        return roads.alive.is_free(transition) and not roads.alive.waits(transition)

    for number, after in enumerate(tried):
        before = next((each for each in tried[:number] if roads.alive.goes_before(each, after)), None)
        if before is not None:
            wrong = f"'{after.name}' is never tried, for '{before.name}' before it is open whenever it is"
            yield Wrong("never-tried", path, wrong, "put it first, or leave it out", roads.way_to(name))
    if tried and not any(always_open(each) for each in tried):
        last = tried[-1]
        when = f"{', '.join(last.when)} says no" if last.when else "children are open or its mandate says no"
        wrong = f"when {when}, nothing follows a missed term in '{name}'"
        yield Wrong("silence-after-term", path, wrong, "end on_miss with a reminder", roads.way_to(name))
    for each in tried:
        if each.to in (SAME, name) and not each.restarts_term:
            wrong = f"after '{each.name}' no term runs in '{name}' any more"
            yield Wrong(
                "silence-after-term", path, wrong, f"give '{each.name}' restarts_term: true", roads.way_to(name)
            )
