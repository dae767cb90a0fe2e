"""Running subjects through their workflow: what can be done now, and doing it."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import replace
from typing import Any

from wijkteam.engine.definition import MIGRATE, Deed, TakeAlong, Text, Transition, Workflow
from wijkteam.engine.fields import read_fields
from wijkteam.engine.judging import (
    check_guards_and_mandate,
    check_role,
    not_open,
    option_of,
    still_open,
)
from wijkteam.engine.outcomes import (
    CHILDREN,
    Blocked,
    Journal,
    NoMandate,
    NotOpen,
    NotYours,
    Option,
    Refused,
    Stale,
    Step,
    UnknownWorkflow,
    term_of,
)
from wijkteam.engine.process import Process
from wijkteam.engine.vocabulary import Authority, Reason, Situation, Vocabulary
from wijkteam.terms import clock

__all__ = [
    "Blocked",
    "Engine",
    "Journal",
    "NoMandate",
    "NotOpen",
    "NotYours",
    "Option",
    "Refused",
    "Stale",
    "Step",
    "UnknownWorkflow",
    "term_of",
]

MIGRATION = Deed(
    title=Text(nl="Overgezet naar een nieuwe versie", en="Moved to a new version"), by=["functional_administrator"]
)


FindVersion = Callable[[str, int], Workflow | None]


class Engine:
    """All workflows of a municipality, and the only way in which a subject's state changes."""

    def __init__(
        self,
        workflows: Iterable[Workflow],
        vocabularies: Iterable[Vocabulary],
        journals: Iterable[Journal],
        elsewhere: FindVersion = lambda name, version: None,
    ) -> None:
        """`elsewhere` finds a version that another process has brought into use since this engine was made."""
        self._vocabularies = {vocabulary.subject: vocabulary for vocabulary in vocabularies}
        self._workflows = {(each.workflow, each.version): each for each in workflows}
        self._newest = {name: version for name, version in sorted(self._workflows)}
        self._processes: dict[tuple[str, int], Process] = {}
        self._journals = tuple(journals)
        self._elsewhere = elsewhere

    def workflows(self) -> list[Workflow]:
        """Every definition that this engine knows, newest versions last."""
        return [self._workflows[key] for key in sorted(self._workflows)]

    def versions(self, name: str) -> list[Workflow]:
        """Every version of a workflow, the newest first: what an older one named can still be told."""
        return [self._workflows[key] for key in sorted(self._workflows, reverse=True) if key[0] == name]

    def workflow(self, name: str, version: int | None = None) -> Workflow:
        """A definition by name, the newest version unless told. Raises UnknownWorkflow."""
        key = (name, self._newest.get(name, 0) if version is None else version)
        found = self._workflows.get(key) or self._elsewhere(*key)
        if found is None:
            raise UnknownWorkflow(f"no workflow {name} in version {version or 'any'}")
        self._workflows[key] = found
        return found

    def beginning_on(self, name: str, version: int) -> "Engine":
        """The same engine, but new subjects of one workflow begin on this version. Raises UnknownWorkflow."""
        self.workflow(name, version)
        other = copy(self)
        other._newest = {**self._newest, name: version}
        return other

    def living_on(self, journals: Iterable[Journal], elsewhere: FindVersion) -> "Engine":
        """The same definitions, made ready once, with other journals and another place where versions are found."""
        other = copy(self)
        other._workflows, other._processes = dict(self._workflows), dict(self._processes)
        other._journals, other._elsewhere = tuple(journals), elsewhere
        return other

    def process(self, name: str, version: int | None = None) -> Process:
        """A definition made ready to run, the newest version unless told. Raises UnknownWorkflow."""
        key = (name, self._newest.get(name, 0) if version is None else version)
        found = self._processes.get(key)
        if found is None:
            workflow = self.workflow(*key)
            found = self._processes[key] = Process(workflow, self._vocabularies[workflow.subject])
        return found

    def _process_of(self, subject: Any) -> Process:
        return self.process(subject.workflow_name(), subject.workflow_version)

    def has_ended(self, subject: Any) -> bool:
        """Whether the subject is in a final state."""
        workflow = self.workflow(subject.workflow_name(), subject.workflow_version)
        return workflow.states[subject.state].final

    def options(self, subject: Any, actor: Any, work: Any = None) -> list[Option]:
        """Every transition that the subject's state knows, open or blocked, with reason and who could do it.

        Transitions for the clock or the parent alone are left out: nobody can press them.
        """
        process = self._process_of(subject)
        situation = Situation(subject, actor, {}, clock.now(), work)
        return [
            option_of(process, transition, situation)
            for transition in (*process.from_state[subject.state], *process.after_end(subject.state))
            if transition.is_for_people
        ]

    def open(self, subject: Any, actor: Any, given: Mapping[str, Any], work: Any = None) -> Step:
        """Begin a subject's life: the opening of its workflow, recorded as its first event.

        The subject comes new and without a state. Raises Refused or WrongFields, with the subject untouched
        but for values that effects did not set; Blocked also when the subject that it is to live in has ended.
        """
        process = self.process(subject.workflow_name())
        workflow = process.workflow
        at = clock.now()
        situation = Situation(
            subject, actor, read_fields(workflow, workflow.opening, given, process.vocabulary.lists), at, work
        )
        self._check_parent(process, situation)
        check_role(process, workflow.opening, situation)
        authority = check_guards_and_mandate(process, workflow.opening, situation)
        if authority is not None:
            situation = replace(situation, authority=authority)
        subject.workflow_version = workflow.version
        subject.state = workflow.start
        subject.previous_state = None
        subject.opened_at = subject.state_since = at
        subject.version = 0
        for name in workflow.opening.effects:
            process.vocabulary.effects[name].apply(situation)
        return self._record(process, workflow.opening, workflow.opening.name, situation, None, {}, authority, True)

    def _check_parent(self, process: Process, situation: Situation) -> None:
        parent = process.vocabulary.parent(situation) if process.vocabulary.parent else None
        if parent is None:
            return
        if situation.work is not None:
            situation.work.lock(parent)
        if self.has_ended(parent):
            title = self._process_of(parent).workflow.title
            raise Blocked(Reason(f"{title.nl} is al afgesloten.", f"{title.en} has already ended."))

    def fire(
        self,
        subject: Any,
        name: str,
        actor: Any,
        given: Mapping[str, Any] | None = None,
        work: Any = None,
        expected_version: int | None = None,
    ) -> Step:
        """Take one transition: the only way in which a subject's state changes within its version.

        Everything is checked before anything moves: the version the actor looked at, the state, the role, the
        asked fields, the guards, the mandate, the children. Open children that the transition takes along move
        in the same transaction. Raises Stale, NotOpen, NotYours, WrongFields, Blocked, NoMandate.
        """
        process = self._process_of(subject)
        transition = process.by_name.get(name)
        if transition is not None and work is not None:
            self._hold_family(process, transition, Situation(subject, actor, {}, clock.now(), work))
        if expected_version is not None and expected_version != subject.version:
            raise Stale(
                Reason("Iemand anders heeft dit intussen veranderd.", "Someone else has changed this meanwhile.")
            )
        stands = transition is not None and subject.state in transition.from_
        if transition is None or not (stands or transition in process.after_end(subject.state)):
            raise NotOpen(not_open(process.workflow, name, subject.state))
        situation = Situation(subject, actor, given or {}, clock.now(), work)
        check_role(process, transition, situation)
        return self._take_and_join(process, transition, situation)

    def _take_and_join(self, process: Process, transition: Transition, situation: Situation) -> Step:
        parent = self._joining_parent(process, transition, situation)
        step = self._take(process, transition, situation)
        if parent is not None:
            kind = situation.subject.workflow_name()
            self._join(kind, replace(situation, subject=parent, fields={}, authority=None))
        return step

    def _joining_parent(self, process: Process, transition: Transition, situation: Situation) -> Any:
        """The subject that may move on when this step ends its child; None when there is none."""
        target = process.workflow.states.get(transition.to)
        if process.vocabulary.parent is None or target is None or not target.final:
            return None
        parent = process.vocabulary.parent(situation)
        if parent is None or not any(self._process_of(parent).joining.values()):
            return None
        return parent

    def _hold_family(self, process: Process, transition: Transition, situation: Situation) -> None:
        """Keep others from moving what this step may move, always the parent first: so nobody waits in a circle."""
        parent = self._joining_parent(process, transition, situation)
        if parent is not None:
            situation.work.lock(parent)
        if parent is not None or process.child_rules[transition.name]:
            situation.work.lock(situation.subject)

    def _join(self, kind: str, situation: Situation) -> None:
        """Move a parent on, by its first open way, when none of the children are open that it joins."""
        process = self._process_of(situation.subject)
        children = process.vocabulary.children
        for transition in process.joining[situation.subject.state]:
            if kind not in transition.joins or any(children[each].open(situation) for each in transition.joins):
                continue
            try:
                if situation.work is not None:
                    self._hold_family(process, transition, situation)
                self._take_and_join(process, transition, situation)
            except Refused:
                continue
            return

    def _take(self, process: Process, transition: Transition, situation: Situation) -> Step:
        fields = read_fields(process.workflow, transition, situation.fields, process.vocabulary.lists)
        situation = replace(situation, fields=fields)
        authority = check_guards_and_mandate(process, transition, situation)
        if authority is not None:
            situation = replace(situation, authority=authority)
        if process.child_rules[transition.name]:
            self._deal_with_children(process, transition, situation)
        subject = situation.subject
        before = subject.tracked()
        source = subject.state
        if source not in transition.from_:
            for name in transition.effects:
                process.vocabulary.effects[name].apply(situation)
        elif not process.trigger(transition.name, subject, situation):
            raise NotOpen(not_open(process.workflow, transition.name, source))
        if subject.state != source:
            subject.state_since = situation.at
            subject.previous_state = source if process.workflow.states[subject.state].side else None
        restarts = transition.restarts_term or subject.state != source
        return self._record(process, transition, transition.name, situation, source, before, authority, restarts)

    def _deal_with_children(self, process: Process, transition: Transition, situation: Situation) -> None:
        rules = process.child_rules[transition.name]
        blocking = still_open(process, transition, situation)
        if blocking is not None:
            raise Blocked(blocking, stopped_by=CHILDREN)
        for kind, rule in rules.items():
            if isinstance(rule, TakeAlong):
                for child in process.vocabulary.children[kind].open(situation):
                    self._take_along(child, rule, situation)

    def _take_along(self, child: Any, rule: TakeAlong, situation: Situation) -> None:
        process = self._process_of(child)
        taken = process.by_name.get(rule.take)
        if taken is None or child.state not in taken.from_:
            raise Blocked(not_open(process.workflow, rule.take, child.state))
        given = {name: situation.fields[source] for name, source in rule.giving.items() if source in situation.fields}
        self._take(process, taken, replace(situation, subject=child, fields=given, authority=None))

    def place_in(self, subject: Any, version: int, renamed: Mapping[str, str]) -> tuple[str, str | None] | Reason:
        """Where a subject would stand in another version: state and previous state; or why it cannot move.

        `renamed` says which state of that version takes the place of which old one; others keep their name.
        """
        states = self.workflow(subject.workflow_name(), version).states
        state = renamed.get(subject.state, subject.state)
        previous = renamed.get(subject.previous_state or "", subject.previous_state)
        for old, new in ((subject.state, state), (subject.previous_state, previous)):
            if new is not None and new not in states:
                return Reason(
                    f"Versie {version} kent de stand '{old}' niet. Zeg waar die heen gaat.",
                    f"version {version} has no state '{new}'; say --map {old}=…",
                )
        if states[state].final:
            return Reason(
                f"'{state}' is in versie {version} een eind, en overzetten is geen afronden.",
                f"'{state}' is final in version {version}, and moving is not ending",
            )
        if states[state].side and previous is None:
            return Reason(
                f"'{state}' is in versie {version} een zijspoor en heeft geen stand om naar terug te gaan.",
                f"'{state}' is a side state in version {version}, and there is no state to go back to",
            )
        if previous is not None and (states[previous].side or states[previous].final):
            return Reason(
                f"'{previous}' kan in versie {version} geen stand zijn om naar terug te gaan.",
                f"'{previous}' cannot be gone back to in version {version}",
            )
        return state, previous if states[state].side else None

    def migrate(self, subject: Any, version: int, renamed: Mapping[str, str], actor: Any, work: Any = None) -> Step:
        """Move a subject to another version of its workflow, on purpose. Raises Blocked when it has no place there."""
        place = self.place_in(subject, version, renamed)
        if isinstance(place, Reason):
            raise Blocked(place)
        process = self.process(subject.workflow_name(), version)
        before = subject.tracked()
        source = subject.state
        subject.workflow_version = version
        subject.state, subject.previous_state = place
        situation = Situation(subject, actor, {}, clock.now(), work)
        step = self._record(process, MIGRATION, MIGRATE, situation, source, before, None, True, migrated=True)
        return step

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
        migrated: bool = False,
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
            restarts_term=restarts_term,
            migrated=migrated,
        )
        for journal in self._journals:
            journal.record(step, process.vocabulary)
        return step
