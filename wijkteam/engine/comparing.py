"""Comparing two versions of a workflow: every difference as one plain sentence, and what running subjects need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from wijkteam.engine.definition import (
    LEAVE,
    PREVIOUS,
    SAME,
    WAIT,
    AskedField,
    State,
    StateTerm,
    TakeAlong,
    Text,
    Transition,
    Workflow,
)
from wijkteam.engine.differences import (
    ATTRIBUTES,
    HEADINGS,
    About,
    Comparison,
    Difference,
    Kind,
    NeedsMap,
    phrase,
)
from wijkteam.engine.drawing.words import Language, RoleTitles, role_title, term_in_words

APART = {About.WORKFLOW: frozenset({"workflow", "version", "opening", "fields", "states", "transitions"})}
"""What is told elsewhere or is no difference."""


def compare(old: Workflow, new: Workflow, language: Language, titles: RoleTitles) -> Comparison:
    """Every difference between two versions; `titles` says what roles are called.

    A state that only got another name is not told as one that went and one that came: `Comparison.old` has it
    under its new name.
    """
    names = _renamed(old, new)
    comparer = _Comparer(_with_names(old, names), new, language, titles)
    told = (*comparer.renamed(names), *comparer.all())
    ordered = sorted(told, key=lambda each: list(About).index(each.about))
    return Comparison(comparer.old, new, tuple(ordered), tuple(_needs_map(old, new, language)))


def summary(comparison: Comparison, language: Language) -> str:
    """One line: how many of what were added, removed and changed."""
    parts = []
    for about in About:
        found = {each.name: each.kind for each in comparison.of(about)}
        if found:
            counts = [sum(kind is each for kind in found.values()) for each in Kind]
            parts.append(phrase(language, "summary", getattr(HEADINGS[about], language), *counts))
    return "; ".join(parts) or phrase(language, "no_difference")


def _renamed(old: Workflow, new: Workflow) -> dict[str, str]:
    """The states that kept their titles and lost their names: the old name, and the new one."""
    gone = {name: state.title for name, state in old.states.items() if name not in new.states}
    came = {name: state.title for name, state in new.states.items() if name not in old.states}
    found = {name: [other for other in came if came[other] == title] for name, title in gone.items()}
    alike = [title for title in gone.values()]
    return {name: others[0] for name, others in found.items() if len(others) == 1 and alike.count(gone[name]) == 1}


def _with_names(workflow: Workflow, names: Mapping[str, str]) -> Workflow:
    """The same workflow with other names for some of its states."""
    opening = workflow.opening.model_copy(update={"to": names.get(workflow.opening.to or "", workflow.opening.to)})
    changed = {
        "initial": names.get(workflow.initial, workflow.initial),
        "opening": opening,
        "states": {names.get(name, name): state for name, state in workflow.states.items()},
        "transitions": [
            each.model_copy(
                update={"from_": [names.get(name, name) for name in each.from_], "to": names.get(each.to, each.to)}
            )
            for each in workflow.transitions
        ],
    }
    return workflow.model_copy(update=changed)


def _needs_map(old: Workflow, new: Workflow, language: Language) -> Iterator[NeedsMap]:
    for name, state in old.states.items():
        if state.final:
            continue
        if name not in new.states:
            nearest = _nearest(name, state, new)
            yield NeedsMap(name, nearest, phrase(language, "gone_state", name, nearest or "…"))
        elif new.states[name].side and not state.side:
            yield NeedsMap(name, None, phrase(language, "now_side", name, "…"))


def _nearest(name: str, state: State, new: Workflow) -> str | None:
    """The state that most likely took its place: of the same title, else of a name much like it."""
    fresh = {each: other for each, other in new.states.items() if not other.final and not other.side}
    same = [
        each for each, other in fresh.items() if state.title.nl == other.title.nl or state.title.en == other.title.en
    ]
    near = same or get_close_matches(name, sorted(fresh), 1, 0.6)
    return near[0] if near else None


class _Comparer:
    def __init__(self, old: Workflow, new: Workflow, language: Language, titles: RoleTitles) -> None:
        self.old, self.new, self.language, self.titles = old, new, language, titles

    def renamed(self, names: Mapping[str, str]) -> Iterator[Difference]:
        """The states that only got another name."""
        for old, new in names.items():
            yield self._changed(About.STATE, new, "name", self._what("name"), f"'{old}'", f"'{new}'")

    def all(self) -> Iterator[Difference]:
        """Every difference, grouped by what it is about."""
        yield from self._part(About.WORKFLOW, self.old.workflow, self.old, self.new)
        yield from self._part(About.OPENING, self.old.opening.name, self.old.opening, self.new.opening)
        yield from self._parts(About.STATE, self.old.states, self.new.states)
        old = {each.name: each for each in self.old.transitions}
        new = {each.name: each for each in self.new.transitions}
        yield from self._order([each for each in old if each in new], [each for each in new if each in old])
        yield from self._parts(About.TRANSITION, old, new)
        yield from self._parts(About.FIELD, self.old.fields, self.new.fields)

    def _order(self, old: list[str], new: list[str]) -> Iterator[Difference]:
        """Another order of the steps that both have, for it is the order in which people see them."""
        if old != new:
            shown = self._titles(old), self._titles(new)
            subject, what = self._subject(About.WORKFLOW, ""), self._what("transitions")
            sentence = phrase(self.language, "order", subject, what, shown[1])
            name = self.new.workflow
            yield Difference(About.WORKFLOW, Kind.CHANGED, name, "transitions", what, *shown, shown[1], sentence)

    def _titles(self, transitions: list[str]) -> str:
        return ", ".join(self._title(About.TRANSITION, each) for each in transitions)

    def _parts(self, about: About, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
        for name in [*new, *(each for each in old if each not in new)]:
            if name in old and name in new:
                yield from self._part(about, name, old[name], new[name])
            elif name in new:
                told = self._told(new[name], self.new)
                sentence = phrase(self.language, "is_new", self._subject(about, name), told)
                yield Difference(about, Kind.ADDED, name, "", "", "", told, told, sentence)
            else:
                told = self._told(old[name], self.old)
                sentence = phrase(self.language, "is_gone", self._subject(about, name), told)
                yield Difference(about, Kind.REMOVED, name, "", "", told, "", told, sentence)

    def _part(self, about: About, name: str, old: BaseModel, new: BaseModel) -> Iterator[Difference]:
        for attribute, info in type(old).model_fields.items():
            key = info.alias or attribute
            if key not in APART.get(about, ()) and not info.exclude:
                yield from self._attribute(about, name, key, getattr(old, attribute), getattr(new, attribute))

    def _attribute(self, about: About, name: str, key: str, old: Any, new: Any) -> Iterator[Difference]:
        if old == new:
            return
        if isinstance(old, Text) or isinstance(new, Text):
            yield from self._texts(about, name, key, self._what(key), old, new)
        elif isinstance(old, list) and isinstance(new, list):
            yield self._lists(about, name, key, old, new)
        elif isinstance(old, StateTerm) and isinstance(new, StateTerm):
            yield from self._terms(about, name, old, new)
        elif isinstance(old, dict) or isinstance(new, dict):
            yield from self._mappings(about, name, key, old or {}, new or {})
        else:
            shown = self._value(key, old, self.old), self._value(key, new, self.new)
            yield self._changed(about, name, key, self._what(key), *shown)

    def _terms(self, about: About, name: str, old: StateTerm, new: StateTerm) -> Iterator[Difference]:
        lengths = [(each.within, each.clock, each.named, each.counted_from) for each in (old, new)]
        shown = [self._value("term", each, self.new) for each in (old, new)]
        if lengths[0] != lengths[1] and shown[0] != shown[1]:
            yield self._changed(about, name, "term", self._what("term"), shown[0], shown[1])
        for attribute in StateTerm.model_fields:
            length = attribute in ("within", "clock", "named", "counted_from")
            if not length or shown[0] == shown[1]:
                yield from self._attribute(about, name, attribute, getattr(old, attribute), getattr(new, attribute))

    def _texts(
        self, about: About, name: str, key: str, what: str, old: Text | None, new: Text | None
    ) -> Iterator[Difference]:
        for tongue in ("nl", "en"):
            before, after = getattr(old, tongue, None), getattr(new, tongue, None)
            if before != after:
                shown = (self._quoted(before), self._quoted(after))
                yield self._changed(about, name, key, phrase(self.language, tongue, what), *shown)

    def _lists(self, about: About, name: str, key: str, old: list[Any], new: list[Any]) -> Difference:
        came = [each for each in new if each not in old]
        went = [each for each in old if each not in new]
        subject, what = self._subject(about, name), self._what(key)
        parts = [phrase(self.language, "came", self._names(key, came, self.new))] if came else []
        parts += [phrase(self.language, "went", self._names(key, went, self.old))] if went else []
        shown = self._names(key, old, self.old), self._names(key, new, self.new)
        sentence = phrase(self.language, "order", subject, what, shown[1])
        if parts:
            sentence = f"{subject}: {what}, {', '.join(parts)}."
        signs = [f"+ {self._names(key, came, self.new)}"] if came else []
        signs += [f"− {self._names(key, went, self.old)}"] if went else []
        short = f"{what}: {' '.join(signs) or shown[1]}"
        return Difference(about, Kind.CHANGED, name, key, what, *shown, short, sentence)

    def _mappings(
        self, about: About, name: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Difference]:
        for inner in [*new, *(each for each in old if each not in new)]:
            before, after = old.get(inner), new.get(inner)
            what = f"{self._what(key)} ({inner})"
            if before == after:
                continue
            if isinstance(before, Text) and isinstance(after, Text):
                yield from self._texts(about, name, key, what, before, after)
            else:
                shown = (self._value(key, before, self.old), self._value(key, after, self.new))
                yield self._changed(about, name, key, what, *shown)
        if list(old) != list(new) and set(old) == set(new) and all(old[each] == new[each] for each in old):
            sentence = phrase(self.language, "order", self._subject(about, name), self._what(key), ", ".join(new))
            shown = ", ".join(old), ", ".join(new)
            yield Difference(about, Kind.CHANGED, name, key, self._what(key), *shown, shown[1], sentence)

    def _changed(self, about: About, name: str, key: str, what: str, old: str, new: str) -> Difference:
        sentence = phrase(self.language, "was_is", self._subject(about, name), what, old, new)
        return Difference(about, Kind.CHANGED, name, key, what, old, new, f"{what}: {old} → {new}", sentence)

    def _subject(self, about: About, name: str) -> str:
        return phrase(self.language, about.value, self._title(about, name))

    def _title(self, about: About, name: str) -> str:
        for workflow in (self.new, self.old):
            found: Any = None
            if about is About.STATE:
                found = workflow.states.get(name)
            elif about is About.TRANSITION:
                found = workflow.transition(name)
            elif about is About.FIELD:
                found = workflow.fields.get(name)
            if found is not None:
                return str(getattr(found.title, self.language))
        return name

    def _what(self, key: str) -> str:
        found = ATTRIBUTES.get(key)
        return str(getattr(found, self.language)) if found else key.replace("_", " ")

    def _quoted(self, text: str | None) -> str:
        return f"'{text}'" if text else phrase(self.language, "nothing")

    def _names(self, key: str, names: Sequence[Any], within: Workflow) -> str:
        return ", ".join(self._name(key, str(each), within) for each in names) or phrase(self.language, "nothing")

    def _name(self, key: str, name: str, within: Workflow) -> str:
        """A name as people know it: its title where it has one, else the name itself."""
        if key in ("by", "holder"):
            return role_title(name, self.titles, self.language)
        if key in ("from", "to", "initial") and name in within.states:
            return f"'{getattr(within.states[name].title, self.language)}'"
        if key == "to" and name in (SAME, PREVIOUS):
            return phrase(self.language, name)
        if key in ("asks", "may_ask") and name in within.fields:
            return f"'{getattr(within.fields[name].title, self.language)}'"
        transition = within.transition(name) if key == "on_miss" else None
        return f"'{getattr(transition.title, self.language)}'" if transition else name

    def _value(self, key: str, value: Any, within: Workflow) -> str:
        if value is None or value == "":
            return phrase(self.language, "nothing")
        if isinstance(value, bool):
            return phrase(self.language, "yes" if value else "no")
        if isinstance(value, StateTerm):
            return f"{term_in_words(value, self.language)}" + (f" ({value.named})" if value.named else "")
        if isinstance(value, Text):
            return self._quoted(getattr(value, self.language))
        if isinstance(value, TakeAlong):
            return self._along(value)
        if key == "children" and value in (WAIT, LEAVE):
            return phrase(self.language, value)
        if isinstance(value, BaseModel):
            return value.model_dump_json(exclude_defaults=True)
        if isinstance(value, list):
            return self._names(key, value, within)
        return self._name(key, str(value), within)

    def _along(self, rule: TakeAlong) -> str:
        told = phrase(self.language, "take", rule.take)
        given = ", ".join(f"{name} = {source}" for name, source in rule.giving.items())
        return phrase(self.language, "giving", told, given) if given else told

    def _told(self, part: State | Transition | AskedField, within: Workflow) -> str:
        """The most there is to say of something new or gone, in a few words."""
        keys: Iterable[tuple[str, Any]]
        match part:
            case State():
                keys = [("holder", part.holder), ("term", part.term)]
                keys = [*keys, *((key, getattr(part, key)) for key in ("final", "side", "resting"))]
            case Transition():
                keys = [("from", part.from_), ("to", part.to), ("by", part.by)]
            case _:
                keys = [("type", part.type.value)]
        told = [
            self._what(key) if value is True else f"{self._what(key)}: {self._value(key, value, within)}"
            for key, value in keys
            if value
        ]
        return "; ".join(told)
