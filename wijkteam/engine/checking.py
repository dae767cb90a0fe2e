"""Checking what definitions mean: everything that would make a process break, stall or go round."""

from collections.abc import Iterator

from wijkteam.engine.checks import clock_loops, deeds, families, names, roads, terms
from wijkteam.engine.checks.alive import Alive
from wijkteam.engine.checks.families import check_families
from wijkteam.engine.checks.ladders import check_ladder
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import PREVIOUS, SAME, Workflow
from wijkteam.engine.findings import Wrong
from wijkteam.engine.vocabulary import Vocabulary

__all__ = ["check_families", "check_ladder", "check_workflow"]


def check_workflow(
    workflow: Workflow, vocabulary: Vocabulary | None = None, surroundings: Surroundings | None = None
) -> Iterator[Wrong]:
    """Everything found in one well-shaped definition, one by one: whoever has enough of it can stop.

    Names are checked where a vocabulary is given; functions, people and the register where surroundings know
    them. Roads are followed only once every state that is named exists.
    """
    yield from names.check_states(workflow)
    yield from deeds.check_fields(workflow)
    yield from families.check_child_rules(workflow)
    yield from families.check_joins(workflow)
    if vocabulary is not None:
        yield from names.check_vocabulary(workflow, vocabulary)
        yield from names.check_needed(workflow, vocabulary)
        yield from deeds.check_use_of_fields(workflow, vocabulary)
    if _names_unknown_states(workflow):
        return
    ways = roads.Roads(Alive(workflow, vocabulary, surroundings))
    yield from roads.check_ends(workflow, ways)
    yield from clock_loops.check_clock_loops(ways)
    yield from terms.check_terms(workflow, ways)
    yield from deeds.check_holders(workflow, ways)
    yield from deeds.check_dead(workflow, ways)
    if vocabulary is not None:
        yield from deeds.check_messages(workflow, vocabulary, ways)
        yield from deeds.check_mandate(workflow, vocabulary, ways)


def _names_unknown_states(workflow: Workflow) -> bool:
    named = {workflow.initial, workflow.start}
    named.update(source for transition in workflow.transitions for source in transition.from_)
    named.update(transition.to for transition in workflow.transitions)
    return not named - {SAME, PREVIOUS} <= set(workflow.states)
