"""Checking scenarios before they are played: every name stands for something, the clock runs on, forms fit."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wijkteam.engine.definition import Deed, FieldType, Workflow
from wijkteam.engine.fields import WrongFields, read_fields
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.nearest import one_of
from wijkteam.scenarios.format import Expectation, Happening, Scenario
from wijkteam.scenarios.opening import OPENERS, Opener
from wijkteam.scenarios.sheet import Known, Sheet, written_out
from wijkteam.scenarios.timing import WrongMoment, moved_on
from wijkteam.scenarios.values import as_filled_in
from wijkteam.signals.acting import RESIDENT
from wijkteam.storage.subject import SubjectColumns
from wijkteam.terms import clock

READS_NO_FORM = ("not_open", "not_yours", "wrong_fields")
"""Refusals for which the form does not have to be filled in rightly."""


def check_sheet(sheet: Sheet, known: Known) -> None:
    """Add everything wrong in a well-shaped scenario file to the findings of its document."""
    said = sheet.said
    checks = _Checks(sheet, known)
    if said.register_ is not None:
        checks.names(("register",), "register", [said.register_], known.registers)
    functions = known.around.functions or frozenset()
    for name, player in said.cast.items():
        checks.names(("cast", name, "function"), "function", player.function, functions)
    seen: set[str] = set()
    for number, scenario in enumerate(said.scenarios):
        if scenario.name in seen:
            path: KeyPath = ("scenarios", number, "name")
            checks.wrong("duplicate-name", path, f"'{scenario.name}' is used twice", "give each scenario its own name")
        seen.add(scenario.name)
        _Story(checks, number, scenario).check()
    sheet.document.findings[:] = sorted(set(sheet.document.findings))


@dataclass(frozen=True)
class _Checks:
    sheet: Sheet
    known: Known

    def wrong(self, kind: str, path: KeyPath, wrong: str, right: str) -> None:
        document = self.sheet.document
        document.findings.append(document.finding(kind, path, wrong, right))

    def names(self, path: KeyPath, what: str, names: Sequence[str], known: Collection[str]) -> None:
        for name in names:
            if name not in known:
                self.wrong("unknown-name", path, f"there is no {what} '{name}'", one_of(name, known))


@dataclass(frozen=True)
class _Form:
    """What can be filled in for a deed, and what must be."""

    workflow: Workflow
    deed: Deed
    asked: frozenset[str]
    needed: frozenset[str]


@dataclass
class _Story:
    """One scenario, walked through without playing it: who is there, which subjects there are, what time it is."""

    checks: _Checks
    number: int
    scenario: Scenario
    subjects: dict[str, str] = field(default_factory=dict)
    """Kinds of the subjects that were opened, by what they are called."""
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.start

    @property
    def start(self) -> datetime:
        return self.scenario.clock or self.checks.sheet.said.clock

    @property
    def present(self) -> list[str]:
        return [name for name in self.checks.sheet.said.cast if name not in self.scenario.absent]

    def check(self) -> None:
        path: KeyPath = ("scenarios", self.number)
        self.checks.names((*path, "absent"), "person in the cast", self.scenario.absent, self.checks.sheet.said.cast)
        for at, happening in self.checks.sheet.given(self.number):
            self.happens(at, happening, None)
        for number, turn in enumerate(self.scenario.steps):
            here = (*path, "steps", number)
            refused = next((each for each in turn.then if each.refused is not None), None)
            done = list(written_out(self.checks.sheet.said, turn.when, (*here, "when")))
            for count, (at, happening) in enumerate(done, 1):
                self.happens(at, happening, refused if count == len(done) else None)
            tried = done[-1][1] if done else None
            for count, expectation in enumerate(turn.then):
                self.expects((*here, "then", count), expectation, tried)

    def happens(self, at: KeyPath, happening: Happening, refused: Expectation | None) -> None:
        if happening.begin is not None:
            if happening.begin in self.checks.sheet.said.beginnings:
                wrong = f"'{happening.begin}' begins with itself"
                return self.checks.wrong("circular-base", at, wrong, "write out what happens")
            return self.checks.names(at, "beginning", [happening.begin], self.checks.sheet.said.beginnings)
        if happening.by is not None:
            self.checks.names((*at, "by"), "person here", [happening.by], [*self.present, RESIDENT])
        if happening.open is not None:
            return self.opens(at, happening, refused)
        if happening.take is not None:
            workflow = self.workflow_of(at, happening.of)
            if workflow is not None:
                self.checks.names((*at, "take"), "transition", [happening.take], _transitions(workflow))
                deed = workflow.transition(happening.take)
                if deed is not None:
                    asked = frozenset(ask.field for ask in deed.questions)
                    form = _Form(workflow, deed, asked, frozenset(deed.asks))
                    self.form(at, happening.giving, form, refused)
            return None
        try:
            self.now = moved_on(self.now, happening, self.start)
        except WrongMoment as wrong:
            key = "until" if happening.until is not None else "pass"
            self.checks.wrong("wrong-value", (*at, key), str(wrong), "give a later moment")

    def opens(self, at: KeyPath, happening: Happening, refused: Expectation | None) -> None:
        kind = happening.open or ""
        opener, workflow = OPENERS.get(kind), self.checks.known.workflow(kind)
        if opener is None or workflow is None:
            return self.checks.names((*at, "open"), "kind of subject to open", [kind], OPENERS)
        self.lives_in(at, kind, opener, happening.in_)
        if happening.name in self.subjects:
            wrong = f"'{happening.name}' was opened before"
            self.checks.wrong("duplicate-name", at, wrong, "give this one another name with as: …")
        lists = self.checks.known.lists
        for name, listed in opener.choices.items():
            if name in happening.giving:
                self.checks.names((*at, "giving", name), name, [str(happening.giving[name])], lists[listed])
        form = _Form(workflow, workflow.opening, opener.known, opener.asks)
        self.form(at, happening.giving, form, refused)
        if refused is None:
            self.subjects[happening.name] = kind

    def lives_in(self, at: KeyPath, kind: str, opener: Opener, within: str | None) -> None:
        if within is None:
            if not opener.may_stand_alone:
                self.checks.wrong("missing-key", at, f"'in' is missing: in which {opener.lives_in}?", "add in: …")
            return
        fitting = [name for name, each in self.subjects.items() if each == opener.lives_in]
        if opener.lives_in is None:
            self.checks.wrong("unknown-key", (*at, "in"), f"no {kind} lives in another subject", "remove in")
        else:
            self.checks.names((*at, "in"), opener.lives_in, [within], fitting)

    def form(self, at: KeyPath, giving: Mapping[str, Any], form: _Form, refused: Expectation | None) -> None:
        """What is filled in: each field is asked, and can be read unless it is there to be refused."""
        path = (*at, "giving")
        for name in giving:
            self.checks.names((*path, name), "asked field", [name], form.asked)
        if refused is not None and refused.refused in READS_NO_FORM:
            return
        for name in sorted(form.needed - set(giving)):
            self.checks.wrong("missing-key", path, f"'{name}' is missing", f"add {name}")
        people = dict.fromkeys(self.present, 0)
        fields = form.workflow.fields
        read = {ask.field for ask in form.deed.questions} & set(giving)
        for name in sorted(read):
            if fields[name].type is FieldType.PERSON:
                self.checks.names((*path, name), "person here", [str(giving[name])], people)
        fitting = {name: as_filled_in(fields[name], giving[name], people) for name in read}
        lists = self.checks.known.around.vocabularies[form.workflow.subject].lists
        try:
            with clock.standing_at(self.now):
                read_fields(form.workflow, form.deed, fitting, lists)
        except WrongFields as mistakes:
            for name in sorted(read & set(mistakes.mistakes)):
                wrong = f"'{name}' cannot be filled in so"
                self.checks.wrong("wrong-value", (*path, name), wrong, mistakes.mistakes[name].en)

    def workflow_of(self, at: KeyPath, of: str | None) -> Workflow | None:
        """The workflow of the subject that is meant; a finding when there is no such subject."""
        meant = self.checks.sheet.workflow
        if of is None:
            if meant.workflow in self.subjects.values():
                return meant
            self.checks.wrong("missing-key", at, f"no {meant.workflow} was opened yet", "open one first, or say of: …")
            return None
        if of not in self.subjects:
            self.checks.names((*at, "of"), "subject", [of], self.subjects)
            return None
        kind = self.subjects[of]
        return meant if kind == meant.workflow else self.checks.known.workflow(kind)

    def expects(self, at: KeyPath, expectation: Expectation, tried: Happening | None) -> None:
        if expectation.refused is not None and (tried is None or tried.by is None):
            right = "end `when` with what somebody tries"
            self.checks.wrong("wrong-value", (*at, "refused"), "nobody tries anything here", right)
        if expectation.model_fields_set <= {"refused", "because"}:
            return
        workflow = self.workflow_of(at, expectation.of)
        if workflow is None:
            return
        for key, what, names, known in self._named(workflow, expectation):
            self.checks.names((*at, *key), what, names, known)

    def _named(
        self, workflow: Workflow, expectation: Expectation
    ) -> Iterator[tuple[KeyPath, str, Sequence[str], Collection[str]]]:
        """Every name in an expectation: its key, what it names, and what there is of that."""
        transitions = _transitions(workflow)
        if expectation.state is not None:
            yield ("state",), "state", [expectation.state], workflow.states
        model = SubjectColumns.kinds[workflow.workflow]
        for name in expectation.fields:
            yield ("fields", name), "kept value", [name], model.tracked_columns()
        yield ("told",), "person in the cast", expectation.told or [], self.checks.sheet.said.cast
        yield ("history",), "transition", expectation.history or [], [workflow.opening.name, *transitions]
        for key in ("can", "can_only", "cannot"):
            for person, named in getattr(expectation, key).items():
                yield (key, person), "person here", [person], self.present
                yield (key, person), "transition", list(named), transitions


def _transitions(workflow: Workflow) -> list[str]:
    return [each.name for each in workflow.transitions]
