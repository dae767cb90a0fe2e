"""Comparing two versions of a workflow: every difference as one plain sentence, and what running subjects need."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from wijkteam.engine.definition import PREVIOUS, SAME, AskedField, State, StateTerm, Text, Transition, Workflow
from wijkteam.engine.drawing.words import Language, RoleTitles, role_title, term_in_words


class About(StrEnum):
    """What a difference is about, in the order in which differences are told."""

    WORKFLOW = "workflow"
    OPENING = "opening"
    STATE = "state"
    TRANSITION = "transition"
    FIELD = "field"


class Kind(StrEnum):
    """What became of it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `what`, `old` and `new` are short; `sentence` says all of it.

    `attribute` is the key of the definition that differs; empty when the whole of it came or went.
    """

    about: About
    kind: Kind
    name: str
    """The state, transition or field in the definition."""
    attribute: str
    what: str
    old: str
    new: str
    sentence: str

    @property
    def sign(self) -> str:
        """What became of it, as one sign."""
        return {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}[self.kind]


@dataclass(frozen=True)
class NeedsMap:
    """A state whose running subjects cannot move by themselves; `nearest` may be where they belong."""

    state: str
    nearest: str | None
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """All differences between two versions, in words of one language."""

    old: Workflow
    new: Workflow
    differences: tuple[Difference, ...]
    needs_map: tuple[NeedsMap, ...]

    def of(self, about: About) -> list[Difference]:
        """The differences about one kind of thing."""
        return [each for each in self.differences if each.about is about]

    def kind_of(self, about: About, name: str) -> Kind | None:
        """What became of one thing; None when nothing did."""
        return next((each.kind for each in self.differences if (each.about, each.name) == (about, name)), None)


ATTRIBUTES: Mapping[str, Text] = {
    "title": Text(nl="titel", en="title"),
    "help": Text(nl="uitleg", en="help"),
    "subject": Text(nl="onderwerp", en="subject"),
    "initial": Text(nl="begin", en="beginning"),
    "holder": Text(nl="wie aan zet is", en="who holds the ball"),
    "term": Text(nl="termijn", en="term"),
    "on_miss": Text(nl="wat er gebeurt als de termijn voorbij is", en="what happens when the term is missed"),
    "source": Text(nl="bron van de termijn", en="source of the term"),
    "final": Text(nl="eindpunt", en="end"),
    "side": Text(nl="zijspoor", en="side track"),
    "resting": Text(nl="rust", en="rest"),
    "from": Text(nl="vanuit", en="from"),
    "to": Text(nl="naar", en="to"),
    "by": Text(nl="wie dit mag", en="who may do this"),
    "when": Text(nl="voorwaarden", en="conditions"),
    "asks": Text(nl="wat verplicht gevraagd wordt", en="what must be filled in"),
    "may_ask": Text(nl="wat gevraagd wordt maar leeg mag blijven", en="what may be filled in"),
    "decision": Text(nl="soort besluit", en="kind of decision"),
    "effects": Text(nl="gevolgen", en="effects"),
    "tells": Text(nl="wie bericht krijgt", en="who is told"),
    "restarts_term": Text(nl="begint de termijn opnieuw", en="starts the term again"),
    "reminder": Text(nl="herinnering", en="reminder"),
    "children": Text(nl="wat eronder loopt", en="what runs below this"),
    "transitions": Text(nl="stappen", en="steps"),
    "type": Text(nl="soort vraag", en="kind of question"),
    "choices": Text(nl="keuzes", en="choices"),
    "list": Text(nl="keuzelijst", en="list of choices"),
    "basis": Text(nl="grond", en="basis"),
    "for_record": Text(nl="alleen voor het verloop", en="for the record only"),
    "named": Text(nl="termijn met een naam", en="named term"),
    "within": Text(nl="lengte van de termijn", en="length of the term"),
    "clock": Text(nl="klok van de termijn", en="clock of the term"),
    "counted_from": Text(nl="begin van de termijn", en="beginning of the term"),
}
SAID: Mapping[str, Text] = {
    "workflow": Text(nl="De werkwijze", en="The workflow"),
    "opening": Text(nl="Het openen", en="The opening"),
    "state": Text(nl="Stand '{0}'", en="State '{0}'"),
    "transition": Text(nl="Stap '{0}'", en="Step '{0}'"),
    "field": Text(nl="Vraag '{0}'", en="Question '{0}'"),
    "was_is": Text(nl="{0}: {1} was {2} en is nu {3}.", en="{0}: {1} was {2} and is now {3}."),
    "came": Text(nl="{0}: {1}, erbij {2}.", en="{0}: {1}, added {2}."),
    "went": Text(nl="{0}: {1}, eraf {2}.", en="{0}: {1}, removed {2}."),
    "order": Text(nl="{0}: {1}, nu in de volgorde {2}.", en="{0}: {1}, now in the order {2}."),
    "is_new": Text(nl="{0} is nieuw ({1}).", en="{0} is new ({1})."),
    "is_gone": Text(nl="{0} is weg ({1}).", en="{0} is gone ({1})."),
    "nl": Text(nl="{0} in het Nederlands", en="{0} in Dutch"),
    "en": Text(nl="{0} in het Engels", en="{0} in English"),
    "nothing": Text(nl="niets", en="nothing"),
    "yes": Text(nl="ja", en="yes"),
    "no": Text(nl="nee", en="no"),
    "same": Text(nl="blijft hier", en="stays here"),
    "previous": Text(nl="terug naar waar het vandaan kwam", en="back to where it came from"),
    "gone_state": Text(
        nl="Wie in '{0}' staat kan niet vanzelf mee: geef bij het overzetten --map {0}={1}.",
        en="Those in '{0}' cannot move by themselves: migrate with --map {0}={1}.",
    ),
    "now_side": Text(
        nl="Wie in '{0}' staat kan niet vanzelf mee, want dat is nu een zijspoor: geef --map {0}={1}.",
        en="Those in '{0}' cannot move by themselves, for it is now a side track: give --map {0}={1}.",
    ),
    "summary": Text(nl="{0}: {1} erbij, {2} weg, {3} anders", en="{0}: {1} added, {2} removed, {3} changed"),
    "no_difference": Text(nl="geen verschil", en="no difference"),
}
HEADINGS: Mapping[About, Text] = {
    About.WORKFLOW: Text(nl="Werkwijze", en="Workflow"),
    About.OPENING: Text(nl="Openen", en="Opening"),
    About.STATE: Text(nl="Standen", en="States"),
    About.TRANSITION: Text(nl="Stappen", en="Steps"),
    About.FIELD: Text(nl="Vragen", en="Questions"),
}
APART = {About.WORKFLOW: frozenset({"workflow", "version", "opening", "fields", "states", "transitions"})}
"""What is told elsewhere or is no difference."""


def compare(old: Workflow, new: Workflow, language: Language, titles: RoleTitles) -> Comparison:
    """Every difference between two versions; `titles` says what roles are called."""
    comparer = _Comparer(old, new, language, titles)
    return Comparison(old, new, tuple(comparer.all()), tuple(_needs_map(old, new, language)))


def summary(comparison: Comparison, language: Language) -> str:
    """One line: how many of what were added, removed and changed."""
    parts = []
    for about in About:
        found = {each.name: each.kind for each in comparison.of(about)}
        if found:
            counts = [sum(kind is each for kind in found.values()) for each in Kind]
            parts.append(_say(language, "summary", getattr(HEADINGS[about], language), *counts))
    return "; ".join(parts) or _say(language, "no_difference")


def _say(language: Language, key: str, *values: object) -> str:
    text: str = getattr(SAID[key], language)
    return text.format(*values)


def _needs_map(old: Workflow, new: Workflow, language: Language) -> Iterator[NeedsMap]:
    for name, state in old.states.items():
        if state.final:
            continue
        if name not in new.states:
            nearest = _nearest(name, state, new)
            yield NeedsMap(name, nearest, _say(language, "gone_state", name, nearest or "…"))
        elif new.states[name].side and not state.side:
            yield NeedsMap(name, None, _say(language, "now_side", name, "…"))


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
            shown = [", ".join(self._title(About.TRANSITION, each) for each in names) for names in (old, new)]
            subject, what = self._subject(About.WORKFLOW, ""), self._what("transitions")
            sentence = _say(self.language, "order", subject, what, shown[1])
            name = self.new.workflow
            yield Difference(About.WORKFLOW, Kind.CHANGED, name, "transitions", what, shown[0], shown[1], sentence)

    def _parts(self, about: About, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
        for name in [*new, *(each for each in old if each not in new)]:
            if name in old and name in new:
                yield from self._part(about, name, old[name], new[name])
            elif name in new:
                told = self._told(new[name], self.new)
                sentence = _say(self.language, "is_new", self._subject(about, name), told)
                yield Difference(about, Kind.ADDED, name, "", "", "", told, sentence)
            else:
                told = self._told(old[name], self.old)
                sentence = _say(self.language, "is_gone", self._subject(about, name), told)
                yield Difference(about, Kind.REMOVED, name, "", "", told, "", sentence)

    def _part(self, about: About, name: str, old: BaseModel, new: BaseModel) -> Iterator[Difference]:
        for attribute, info in type(old).model_fields.items():
            key = info.alias or attribute
            if key not in APART.get(about, ()):
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
                yield self._changed(about, name, key, _say(self.language, tongue, what), *shown)

    def _lists(self, about: About, name: str, key: str, old: list[Any], new: list[Any]) -> Difference:
        came = [each for each in new if each not in old]
        went = [each for each in old if each not in new]
        subject, what = self._subject(about, name), self._what(key)
        sentences = []
        if came:
            sentences.append(_say(self.language, "came", subject, what, self._names(key, came, self.new)))
        if went:
            sentences.append(_say(self.language, "went", subject, what, self._names(key, went, self.old)))
        shown = self._names(key, old, self.old), self._names(key, new, self.new)
        if not sentences:
            sentences.append(_say(self.language, "order", subject, what, shown[1]))
        sentence = sentences[0]
        if len(sentences) > 1:
            sentence = _say(self.language, "was_is", subject, what, *shown)
        return Difference(about, Kind.CHANGED, name, key, what, *shown, sentence)

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
            sentence = _say(self.language, "order", self._subject(about, name), self._what(key), ", ".join(new))
            shown = ", ".join(old), ", ".join(new)
            yield Difference(about, Kind.CHANGED, name, key, self._what(key), *shown, sentence)

    def _changed(self, about: About, name: str, key: str, what: str, old: str, new: str) -> Difference:
        sentence = _say(self.language, "was_is", self._subject(about, name), what, old, new)
        return Difference(about, Kind.CHANGED, name, key, what, old, new, sentence)

    def _subject(self, about: About, name: str) -> str:
        return _say(self.language, about.value, self._title(about, name))

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
        return f"'{text}'" if text else _say(self.language, "nothing")

    def _names(self, key: str, names: Sequence[Any], within: Workflow) -> str:
        return ", ".join(self._name(key, str(each), within) for each in names) or _say(self.language, "nothing")

    def _name(self, key: str, name: str, within: Workflow) -> str:
        """A name as people know it: its title where it has one, else the name itself."""
        if key in ("by", "holder"):
            return role_title(name, self.titles, self.language)
        if key in ("from", "to", "initial") and name in within.states:
            return f"'{getattr(within.states[name].title, self.language)}'"
        if key == "to" and name in (SAME, PREVIOUS):
            return _say(self.language, name)
        if key in ("asks", "may_ask") and name in within.fields:
            return f"'{getattr(within.fields[name].title, self.language)}'"
        transition = within.transition(name) if key == "on_miss" else None
        return f"'{getattr(transition.title, self.language)}'" if transition else name

    def _value(self, key: str, value: Any, within: Workflow) -> str:
        if value is None or value == "":
            return _say(self.language, "nothing")
        if isinstance(value, bool):
            return _say(self.language, "yes" if value else "no")
        if isinstance(value, StateTerm):
            return f"{term_in_words(value, self.language)}" + (f" ({value.named})" if value.named else "")
        if isinstance(value, Text):
            return self._quoted(getattr(value, self.language))
        if isinstance(value, BaseModel):
            return value.model_dump_json(exclude_defaults=True)
        if isinstance(value, list):
            return self._names(key, value, within)
        return self._name(key, str(value), within)

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
