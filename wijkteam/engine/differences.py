"""What a comparison of two versions tells, and the words in which it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.drawing.words import Language


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
    short: str
    """What differs in a few words, without saying of what."""
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
    "name": Text(nl="naam in de definitie", en="name in the definition"),
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
    "urgent": Text(nl="meteen bericht voor iedereen", en="at once for all who are told"),
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
_SAID: Mapping[str, Text] = {
    "workflow": Text(nl="De werkwijze", en="The workflow"),
    "opening": Text(nl="Het openen", en="The opening"),
    "state": Text(nl="Stand '{0}'", en="State '{0}'"),
    "transition": Text(nl="Stap '{0}'", en="Step '{0}'"),
    "field": Text(nl="Vraag '{0}'", en="Question '{0}'"),
    "was_is": Text(nl="{0}: {1} was {2} en is nu {3}.", en="{0}: {1} was {2} and is now {3}."),
    "came": Text(nl="erbij {0}", en="added {0}"),
    "went": Text(nl="eraf {0}", en="removed {0}"),
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
    "wait": Text(nl="wachten tot ze klaar zijn", en="wait for their end"),
    "leave": Text(nl="laten lopen", en="leave them"),
    "take": Text(nl="meenemen met '{0}'", en="take them along by '{0}'"),
    "giving": Text(nl="{0}, met {1}", en="{0}, giving {1}"),
    "no_difference": Text(nl="geen verschil", en="no difference"),
}
HEADINGS: Mapping[About, Text] = {
    About.WORKFLOW: Text(nl="Werkwijze", en="Workflow"),
    About.OPENING: Text(nl="Openen", en="Opening"),
    About.STATE: Text(nl="Standen", en="States"),
    About.TRANSITION: Text(nl="Stappen", en="Steps"),
    About.FIELD: Text(nl="Vragen", en="Questions"),
}


def phrase(language: Language, key: str, *values: object) -> str:
    """One of the phrases above, with values filled in."""
    text: str = getattr(_SAID[key], language)
    return text.format(*values)
