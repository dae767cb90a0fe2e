"""Looking whether what must be so is so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.judging import not_open
from wijkteam.engine.outcomes import Option
from wijkteam.events.queries import events_of, notices_after
from wijkteam.mandate import queries as mandate
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.scenarios.format import NO_TERM, Expectation
from wijkteam.scenarios.stage import Said
from wijkteam.scenarios.values import as_expected, as_written
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work
from wijkteam.terms import clock

DAY = len("2026-03-05")


@dataclass(frozen=True)
class Mismatch:
    """Something that is not as expected, at a key path within the expectation."""

    path: KeyPath
    expected: str
    found: str


@dataclass
class Sight:
    """What can be seen of one subject now. The unit of work stands at the scenario's moment."""

    work: Work
    subject: SubjectColumns
    people: Mapping[str, int]
    told_after: int
    """The number of the last notice that was looked at before."""
    refusals: set[tuple[str, str]] = field(default_factory=set)
    """What was seen to be stopped as expected: the transition, and what in the definition stopped it."""

    def options(self, name: str) -> dict[str, Option]:
        """Every transition that the state knows for people, for somebody in the cast."""
        acting = self._acting(name)
        return {each.transition.name: each for each in self.work.acting_as(acting).options(self.subject)}

    def _acting(self, name: str) -> ActingPerson:
        acting = people.acting_person(self.work.session, self.people[name])
        if acting is None:
            raise LookupError(name)
        return acting

    def names(self, numbers: Iterable[int]) -> list[str]:
        """People by their names in the cast, in its order."""
        wanted = set(numbers)
        return [name for name, number in self.people.items() if number in wanted]


def refusal_mismatches(expectation: Expectation, said: Said | None) -> Iterator[Mismatch]:
    """Whether what was tried last was refused as expected."""
    if expectation.refused is None:
        return
    expected = f"refused as {expectation.refused}"
    if said is None:
        yield Mismatch(("refused",), expected, "it was done")
    elif said.kind != expectation.refused:
        yield Mismatch(("refused",), expected, str(said))
    elif expectation.because is not None and not _is_part(expectation.because, said.reasons):
        yield Mismatch(("because",), f"the reason holds '{expectation.because}'", said.reasons[0])


def mismatches(expectation: Expectation, sight: Sight) -> Iterator[Mismatch]:
    """Everything about the subject that is not as expected."""
    if expectation.state is not None:
        yield from _same(("state",), expectation.state, sight.subject.state)
    yield from _fields(expectation, sight)
    if expectation.told is not None:
        about = sight.subject.workflow, sight.subject.id
        notices = notices_after(sight.work.session, sight.told_after, *about)
        told = sight.names(each.person_id for each in notices)
        yield from _same(("told",), _listed(sorted(expectation.told)), _listed(sorted(told)))
    yield from _can(expectation, sight)
    yield from _cannot(expectation, sight)
    if expectation.due is not None:
        due = due_moments(sight.work.session, [sight.subject.id]).get(sight.subject.id)
        shown = f"{clock.local(due):%Y-%m-%dT%H:%M}" if due else NO_TERM
        yield from _same(("due",), expectation.due, shown[:DAY] if len(expectation.due) == DAY else shown)
    events = events_of(sight.work.session, sight.subject.workflow, sight.subject.id)
    if expectation.history is not None:
        yield from _same(("history",), _listed(expectation.history), _listed([each.name for each in events]))
    if expectation.mandate is not None:
        numbers = {row.id: row.number for row in mandate.register(sight.work.session)}
        yield from _same(("mandate",), expectation.mandate, numbers.get(events[-1].mandate_id or 0, "no mandate"))


def _fields(expectation: Expectation, sight: Sight) -> Iterator[Mismatch]:
    workflow = sight.work.engine.workflow(sight.subject.workflow, sight.subject.workflow_version)
    known = {number: name for name, number in sight.people.items()}
    for name, value in expectation.fields.items():
        expected = as_expected(value, workflow, name)
        found = as_written(sight.work.session, sight.subject, name, workflow, known)
        yield from _same(("fields", name), _shown(expected), _shown(found))


def _can(expectation: Expectation, sight: Sight) -> Iterator[Mismatch]:
    for name, transitions in expectation.can.items():
        options = sight.options(name)
        for each in transitions:
            option = options.get(each)
            if option is None or not option.open:
                yield Mismatch(("can", name), f"{name} can {each}", _why_not(sight, option, each))
    for name, transitions in expectation.can_only.items():
        found = [each for each, option in sight.options(name).items() if option.open]
        yield from _same(("can_only", name), _listed(sorted(transitions)), _listed(sorted(found)))


def _cannot(expectation: Expectation, sight: Sight) -> Iterator[Mismatch]:
    for name, transitions in expectation.cannot.items():
        options = sight.options(name)
        for each, reason in transitions.items():
            option = options.get(each)
            path = ("cannot", name, each)
            if option is not None and option.open:
                yield Mismatch(path, f"{name} cannot {each}", f"{name} can")
            elif not _is_part(reason, _reasons(sight, option, each)):
                found = _why_not(sight, option, each)
                yield Mismatch(path, f"{name} cannot {each}, because '{reason}'", found)
            elif option is not None and option.stopped_by is not None:
                sight.refusals.add((each, option.stopped_by))


def _reasons(sight: Sight, option: Option | None, transition: str) -> tuple[str, ...]:
    if option is not None:
        return (option.reason.nl, option.reason.en) if option.reason else ("",)
    workflow = sight.work.engine.workflow(sight.subject.workflow, sight.subject.workflow_version)
    reason = not_open(workflow, transition, sight.subject.state)
    return reason.nl, reason.en


def _why_not(sight: Sight, option: Option | None, transition: str) -> str:
    return _reasons(sight, option, transition)[0]


def _is_part(part: str, reasons: Sequence[str]) -> bool:
    return any(part.casefold() in reason.casefold() for reason in reasons)


def _same(path: KeyPath, expected: str, found: str) -> Iterator[Mismatch]:
    if expected != found:
        yield Mismatch(path, expected, found)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
    return str(value)
