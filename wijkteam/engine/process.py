"""One version of a workflow made ready to run: its vocabulary and its one shared machine."""

from collections.abc import Mapping
from typing import Any

from transitions import EventData, Machine

from wijkteam.engine.definition import PREVIOUS, SAME, ChildRule, Transition, Workflow
from wijkteam.engine.vocabulary import Situation, Vocabulary


class Process:
    """A definition with its names looked up, and the machine that all its subjects share.

    Subjects are never added to the machine: each trigger hands the subject in (a machine or model for each
    subject would cost time and memory for every one in flight).
    """

    def __init__(self, workflow: Workflow, vocabulary: Vocabulary) -> None:
        self.workflow = workflow
        self.vocabulary = vocabulary
        self.by_name: Mapping[str, Transition] = {each.name: each for each in workflow.transitions}
        self.from_state: Mapping[str, list[Transition]] = {
            state: workflow.transitions_from(state) for state in workflow.states
        }
        self.child_rules: Mapping[str, Mapping[str, ChildRule]] = {
            each.name: workflow.child_rules(each) for each in workflow.transitions
        }
        self.joining: Mapping[str, list[Transition]] = {
            state: [each for each in known if each.joins] for state, known in self.from_state.items()
        }
        """For each state the transitions by which children that end move the subject on."""
        self._machine = Machine(
            model=None,
            states=list(workflow.states),
            initial=workflow.initial,
            auto_transitions=False,
            send_event=True,
        )
        for transition in workflow.transitions:
            self._add(transition)

    def _add(self, transition: Transition) -> None:
        effects = [self._effect(name) for name in transition.effects]
        for source in transition.from_:
            for target in self._targets(transition, source):
                self._machine.add_transition(
                    transition.name,
                    source,
                    target,
                    conditions=[_came_from(target)] if transition.to == PREVIOUS else None,
                    after=effects,
                )

    def _targets(self, transition: Transition, source: str) -> list[str]:
        if transition.to == SAME:
            return [source]
        if transition.to == PREVIOUS:
            return [name for name, state in self.workflow.states.items() if not state.final and not state.side]
        return [transition.to]

    def _effect(self, name: str) -> Any:
        effect = self.vocabulary.effects[name].apply

        def apply(event: EventData) -> None:
            effect(event.kwargs["situation"])

        return apply

    def after_end(self, state: str) -> list[Transition]:
        """The transitions in place that can be taken in a final state too; none in any other state."""
        if not self.workflow.states[state].final:
            return []
        late = self.vocabulary.after_end
        return [each for each in self.workflow.transitions if each.name in late and each.to == SAME]

    def trigger(self, name: str, subject: Any, situation: Situation) -> bool:
        """Move the subject on the shared machine and let the effects work; False when no way was open."""
        return bool(self._machine.events[name].trigger(subject, situation=situation))


def _came_from(state: str) -> Any:
    def condition(event: EventData) -> bool:
        model: Any = event.model
        return bool(model.previous_state == state)

    return condition
