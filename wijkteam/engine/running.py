"""Running subjects through their workflow: what can be done now, and doing it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from transitions import EventData, Machine

from wijkteam.engine.definition import CLOCK_ROLE, PREVIOUS, SAME, Deed, State, Transition, Workflow
from wijkteam.engine.fields import read_fields
from wijkteam.engine.vocabulary import Authority, Reason, Situation, Vocabulary
from wijkteam.terms import clock
from wijkteam.terms.term import Term


class Refused(Exception):
    """The transition cannot be taken now; `reason` says why, for people."""

    def __init__(self, reason: Reason, nearest: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.nearest = nearest


class NotOpen(Refused):
    """The state that the subject is in does not know this transition."""


class NotYours(Refused):
    """The actor holds none of the roles that may take this transition."""


class Blocked(Refused):
    """A guard says that it cannot be done now."""


class NoMandate(Refused):
    """No mandate in force covers this decision by this person."""


class Stale(Refused):
    """Someone else changed the subject since it was read."""


class UnknownWorkflow(LookupError):
    """There is no definition of that workflow in that version."""


@dataclass(frozen=True)
class Option:
    """One transition that the state knows: open, or blocked with the reason and who could do it."""

    transition: Transition
    open: bool
    reason: Reason | None = None
    who: tuple[str, ...] = ()
    authority: Authority | None = None


@dataclass(frozen=True)
class Step:
    """One change, as journals record it."""

    workflow: Workflow
    subject: Any
    name: str
    deed: Deed
    actor: Any
    at: datetime
    state_from: str | None
    state_to: str
    fields: Mapping[str, Any]
    changes: Mapping[str, Any]
    authority: Authority | None
    situation: Situation
    restarts_term: bool

    @property
    def state(self) -> State:
        """The state that the subject is in after this step."""
        return self.workflow.states[self.state_to]


class Journal(Protocol):
    """Something that keeps what a step leaves behind: events, deadlines, messages."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Write down one step, in the transaction of the caller."""


class Process:
    """One version of a workflow made ready to run: its vocabulary and its one shared machine."""

    def __init__(self, workflow: Workflow, vocabulary: Vocabulary) -> None:
        self.workflow = workflow
        self.vocabulary = vocabulary
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
            for target in self.targets(transition, source):
                self._machine.add_transition(
                    transition.name,
                    source,
                    target,
                    conditions=[_came_from(target)] if transition.to == PREVIOUS else None,
                    after=effects,
                )

    def targets(self, transition: Transition, source: str) -> list[str]:
        """Every state that the transition can lead to from this source."""
        if transition.to == SAME:
            return [source]
        if transition.to == PREVIOUS:
            return [name for name, state in self.workflow.states.items() if not state.final and not state.side]
        return [transition.to]

    def _effect(self, name: str) -> Any:
        effect = self.vocabulary.effects[name]

        def apply(event: EventData) -> None:
            effect(event.kwargs["situation"])

        return apply

    def trigger(self, name: str, subject: Any, situation: Situation) -> bool:
        """Move the subject on the shared machine and let the effects work; False when no way was open."""
        return bool(self._machine.events[name].trigger(subject, situation=situation))


def _came_from(state: str) -> Any:
    def condition(event: EventData) -> bool:
        model: Any = event.model
        return bool(model.previous_state == state)

    return condition


class Engine:
    """All workflows of a municipality, and the only way in which a subject's state changes."""

    def __init__(
        self, workflows: Iterable[Workflow], vocabularies: Iterable[Vocabulary], journals: Iterable[Journal]
    ) -> None:
        named = {vocabulary.subject: vocabulary for vocabulary in vocabularies}
        self._processes = {
            (workflow.workflow, workflow.version): Process(workflow, named[workflow.subject]) for workflow in workflows
        }
        self._newest = {name: version for name, version in sorted(self._processes)}
        self._journals = tuple(journals)

    def workflows(self) -> list[Workflow]:
        """Every definition that this engine runs, newest versions last."""
        return [self._processes[key].workflow for key in sorted(self._processes)]

    def workflow(self, name: str, version: int | None = None) -> Workflow:
        """A definition by name, the newest version unless told. Raises UnknownWorkflow."""
        return self.process(name, version).workflow

    def process(self, name: str, version: int | None = None) -> Process:
        """A running definition by name, the newest version unless told. Raises UnknownWorkflow."""
        found = self._processes.get((name, self._newest.get(name, 0) if version is None else version))
        if found is None:
            raise UnknownWorkflow(f"no workflow {name} in version {version or 'any'}")
        return found

    def _process_of(self, subject: Any) -> Process:
        return self.process(subject.workflow_name(), subject.workflow_version)

    def options(self, subject: Any, actor: Any, work: Any = None) -> list[Option]:
        """Every transition that the subject's state knows, open or blocked, with reason and who could do it.

        Transitions for the clock alone are left out: nobody can press them.
        """
        process = self._process_of(subject)
        situation = Situation(subject, actor, {}, clock.now(), work)
        return [
            _option(process, transition, situation)
            for transition in process.workflow.transitions_from(subject.state)
            if transition.by != [CLOCK_ROLE]
        ]

    def open(self, subject: Any, actor: Any, given: Mapping[str, Any], work: Any = None) -> Step:
        """Begin a subject's life: the opening of its workflow, recorded as its first event.

        The subject comes new and without a state. Raises Refused or WrongFields, with the subject untouched
        but for values that effects did not set.
        """
        process = self.process(subject.workflow_name())
        workflow = process.workflow
        at = clock.now()
        situation = Situation(
            subject, actor, read_fields(workflow, workflow.opening, given, process.vocabulary.lists), at, work
        )
        authority = _check(process, workflow.opening, situation)
        subject.workflow_version = workflow.version
        subject.state = workflow.opening.to or workflow.initial
        subject.previous_state = None
        subject.opened_at = subject.state_since = at
        subject.version = 0
        for name in workflow.opening.effects:
            process.vocabulary.effects[name](situation)
        return self._record(process, workflow.opening, workflow.opening.name, situation, None, {}, authority, True)

    def fire(
        self,
        subject: Any,
        name: str,
        actor: Any,
        given: Mapping[str, Any] | None = None,
        work: Any = None,
        expected_version: int | None = None,
    ) -> Step:
        """Take one transition: the only way in which a subject's state changes.

        Everything is checked before anything moves: the version the actor looked at, the state, the role, the
        asked fields, the guards, the mandate. Raises Stale, NotOpen, NotYours, WrongFields, Blocked, NoMandate.
        """
        process = self._process_of(subject)
        if expected_version is not None and expected_version != subject.version:
            raise Stale(
                Reason("Iemand anders heeft dit intussen veranderd.", "Someone else has changed this meanwhile.")
            )
        transition = process.workflow.transition(name)
        if transition is None or subject.state not in transition.from_:
            raise NotOpen(_not_open(process.workflow, name, subject.state))
        situation = Situation(subject, actor, given or {}, clock.now(), work)
        _check_role(process, transition, situation)
        fields = read_fields(process.workflow, transition, given or {}, process.vocabulary.lists)
        situation = Situation(subject, actor, fields, situation.at, work)
        authority = _check_guards_and_mandate(process, transition, situation)
        situation = replace(situation, authority=authority)
        before = subject.tracked()
        source = subject.state
        if not process.trigger(name, subject, situation):
            raise NotOpen(_not_open(process.workflow, name, source))
        if subject.state != source:
            subject.state_since = situation.at
            subject.previous_state = source if process.workflow.states[subject.state].side else None
        return self._record(process, transition, name, situation, source, before, authority, transition.restarts_term)

    def _record(
        self,
        process: Process,
        deed: Deed,
        name: str,
        situation: Situation,
        source: str | None,
        before: Mapping[str, Any],
        authority: Authority | None,
        restarts_term: bool,
    ) -> Step:
        subject = situation.subject
        after = subject.tracked()
        subject.version += 1
        step = Step(
            workflow=process.workflow,
            subject=subject,
            name=name,
            deed=deed,
            actor=situation.actor,
            at=situation.at,
            state_from=source,
            state_to=subject.state,
            fields=situation.fields,
            changes={key: value for key, value in after.items() if key not in before or before[key] != value},
            authority=authority,
            situation=situation,
            restarts_term=restarts_term or source != subject.state,
        )
        for journal in self._journals:
            journal.record(step, process.vocabulary)
        return step


def term_of(step: Step, vocabulary: Vocabulary) -> Term | None:
    """The term that runs in the state after this step, if one does."""
    rule = step.state.term
    if rule is None:
        return None
    if rule.within is not None:
        return Term(rule.within, rule.clock)
    return vocabulary.terms[rule.named or ""](step.subject, step.at)


def _check(process: Process, deed: Deed, situation: Situation) -> Authority | None:
    _check_role(process, deed, situation)
    return _check_guards_and_mandate(process, deed, situation)


def _holds_any(process: Process, deed: Deed, situation: Situation) -> bool:
    if situation.actor.is_clock:
        return CLOCK_ROLE in deed.by
    return any(process.vocabulary.roles[role].holds(situation) for role in deed.by if role != CLOCK_ROLE)


def _check_role(process: Process, deed: Deed, situation: Situation) -> None:
    if not _holds_any(process, deed, situation):
        who = _who(process, deed, situation)
        raise NotYours(_not_yours(who), ", ".join(who) or None)


def _check_guards_and_mandate(process: Process, deed: Deed, situation: Situation) -> Authority | None:
    for name in deed.when:
        reason = process.vocabulary.guards[name](situation)
        if reason is not None:
            raise Blocked(reason)
    if deed.decision is None:
        return None
    authority = process.vocabulary.decisions[deed.decision](situation)
    if not authority.allowed:
        raise NoMandate(authority.reason or Reason("U hebt hier geen mandaat voor.", "No mandate."), authority.nearest)
    return authority


def _option(process: Process, transition: Transition, situation: Situation) -> Option:
    if not _holds_any(process, transition, situation):
        who = _who(process, transition, situation)
        return Option(transition, False, _not_yours(who), who)
    for name in transition.when:
        reason = process.vocabulary.guards[name](situation)
        if reason is not None:
            return Option(transition, False, reason)
    if transition.decision is None:
        return Option(transition, True)
    authority = process.vocabulary.decisions[transition.decision](situation)
    who = (authority.nearest,) if authority.nearest else ()
    return Option(transition, authority.allowed, authority.reason, who, authority)


def _who(process: Process, deed: Deed, situation: Situation) -> tuple[str, ...]:
    named = [process.vocabulary.roles[role].who(situation) for role in deed.by if role != CLOCK_ROLE]
    return tuple(dict.fromkeys(name for name in named if name))


def _not_yours(who: tuple[str, ...]) -> Reason:
    if not who:
        return Reason("Dit kan nu niemand doen.", "Nobody can do this now.")
    return Reason(f"Dit kan: {', '.join(who)}.", f"This can be done by: {', '.join(who)}.")


def _not_open(workflow: Workflow, name: str, state: str) -> Reason:
    transition = workflow.transition(name)
    title = workflow.states[state].title
    if transition is None:
        return Reason(f"'{name}' bestaat niet in deze werkwijze.", f"'{name}' does not exist in this workflow.")
    return Reason(
        f"'{transition.title.nl}' kan niet in de stand '{title.nl}'.",
        f"'{transition.title.en}' is not possible in the state '{title.en}'.",
    )
