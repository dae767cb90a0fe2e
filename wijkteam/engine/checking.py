"""Checking what definitions mean: everything that would make a process break, stall or go round."""

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
) -> list[Wrong]:
    """Everything found in one well-shaped definition.

    Names are checked where a vocabulary is given; functions, people and the register where surroundings know
    them. Roads are followed only once every state that is named exists.
    """
    found = [*names.check_states(workflow), *deeds.check_fields(workflow)]
    found += [*families.check_child_rules(workflow), *families.check_joins(workflow)]
    if vocabulary is not None:
        found += names.check_vocabulary(workflow, vocabulary)
        found += names.check_needed(workflow, vocabulary)
        found += deeds.check_use_of_fields(workflow, vocabulary)
    if _names_unknown_states(workflow):
        return found
    ways = roads.Roads(Alive(workflow, vocabulary, surroundings))
    found += roads.check_ends(workflow, ways)
    found += clock_loops.check_clock_loops(ways)
    found += terms.check_terms(workflow, ways)
    found += deeds.check_holders(workflow, ways)
    found += deeds.check_dead(workflow, ways)
    if vocabulary is not None:
        found += deeds.check_messages(workflow, vocabulary, ways)
        found += deeds.check_mandate(workflow, vocabulary, ways)
    return found


def _names_unknown_states(workflow: Workflow) -> bool:
    named = {workflow.initial, workflow.start}
    named.update(source for transition in workflow.transitions for source in transition.from_)
    named.update(transition.to for transition in workflow.transitions)
    return not named - {SAME, PREVIOUS} <= set(workflow.states)
