"""The words of pictures and lists, in Dutch and in English."""

from collections.abc import Iterable, Mapping
from typing import Literal

from wijkteam.engine.definition import CLOCK_ROLE, PARENT_ROLE, StateTerm, Text
from wijkteam.terms.term import Clock
from wijkteam.terms.words import length

Language = Literal["nl", "en"]
CHILDREN_ROLE = "children"
BY_ITSELF = frozenset({CLOCK_ROLE, PARENT_ROLE, CHILDREN_ROLE})
"""Those who take a step without a person: time, or a subject above or below this one."""

RoleTitles = Mapping[str, Text]
"""What roles are called; a role that is not in it is shown by its name."""

SAID: Mapping[str, Text] = {
    CLOCK_ROLE: Text(nl="de klok", en="the clock"),
    PARENT_ROLE: Text(nl="waar dit bij hoort", en="what this belongs to"),
    CHILDREN_ROLE: Text(nl="wat hieronder loopt", en="what runs below this"),
    "version": Text(nl="versie {0}", en="version {0}"),
    "with": Text(nl="bij {0}", en="with {0}"),
    "by": Text(nl="door {0}", en="by {0}"),
    "or": Text(nl=" of ", en=" or "),
    "final": Text(nl="eindpunt", en="end"),
    "side": Text(nl="zijspoor", en="side track"),
    "resting": Text(nl="rust, zonder termijn", en="at rest, no term"),
    "no_term": Text(nl="geen termijn", en="no term"),
    "named_term": Text(nl="termijn verschilt per geval", en="term differs by case"),
    "from_opening": Text(nl="{0} vanaf het begin", en="{0} from the opening"),
    "missed": Text(nl="te laat: {0}", en="missed: {0}"),
    "back": Text(nl="terug naar waar het vandaan kwam", en="back to where it came from"),
    "stays": Text(nl="blijft hier", en="stays here"),
    "mandate": Text(nl="besluit, alleen met mandaat", en="decision, needs a mandate"),
    "begins": Text(nl="Begint met: {0}", en="Begins with: {0}"),
    "everywhere": Text(nl="Kan op veel plekken en blijft daar", en="Possible in many states, and stays there"),
    "all_open": Text(nl="in elke stand behalve de eindpunten", en="in every state but the ends"),
    "all_but": Text(nl="in elke stand behalve {0} en de eindpunten", en="in every state but {0} and the ends"),
    "in": Text(nl="in {0}", en="in {0}"),
    "from": Text(nl="uit: {0}", en="from: {0}"),
    "also": Text(nl="ook:", en="also:"),
    "to": Text(nl="naar {0}", en="to {0}"),
    "steps": Text(nl="Stappen", en="Steps"),
    "no_steps": Text(nl="Hier gaat niets meer verder.", en="Nothing goes on from here."),
    "states": Text(nl="Standen", en="States"),
    "legend": Text(nl="Uitleg", en="Key"),
    "legend_begin": Text(nl="hier begint het", en="it begins here"),
    "legend_final": Text(nl="dubbele rand: eindpunt", en="double border: end"),
    "legend_side": Text(nl="balk links: zijspoor", en="bar at the left: side track"),
    "legend_itself": Text(nl="streepjes en klok: gaat vanzelf", en="dashes and clock: goes by itself"),
    "legend_mandate": Text(nl="zegel: besluit, alleen met mandaat", en="seal: decision, needs a mandate"),
    "legend_back": Text(nl="terug naar waar het vandaan kwam", en="back to where it came from"),
    "legend_stays": Text(nl="stap die hier blijft", en="step that stays here"),
    "legend_shared": Text(nl="nummer in een stand: ook die stap kan hier", en="number in a state: that step too"),
    "legend_warmth": Text(
        nl="hoe sterker de kleur, hoe langer men hier blijft", en="the stronger the colour, the longer they stay"
    ),
    "here": Text(nl="nu hier", en="now here"),
    "been": Text(nl="geweest", en="been here"),
    "taken": Text(nl="gedaan", en="done"),
    "next": Text(nl="kan nu", en="possible now"),
    "added": Text(nl="nieuw", en="new"),
    "removed": Text(nl="weg", en="gone"),
    "changed": Text(nl="anders", en="changed"),
    "itself": Text(nl="gaat vanzelf", en="goes by itself"),
    "start": Text(nl="begin", en="start"),
    "described": Text(
        nl="Tekening van de werkwijze {0}, {1}, met {2} standen en {3} stappen.",
        en="Drawing of the workflow {0}, {1}, with {2} states and {3} steps.",
    ),
}


def say(language: Language, key: str, *values: object) -> str:
    """One of the words above, with values filled in."""
    text: str = getattr(SAID[key], language)
    return text.format(*values)


def role_title(role: str, titles: RoleTitles, language: Language) -> str:
    """What a role is called."""
    found = titles.get(role) or SAID.get(role)
    return str(getattr(found, language)) if found is not None else role.replace("_", " ")


def listed(parts: Iterable[str], language: Language) -> str:
    """The parts as people list alternatives: a, b of c."""
    *first, last = parts
    return say(language, "or").join([", ".join(first), last]) if first else last


def length_in_words(within: str, clock: Clock, language: Language) -> str:
    """A length of time in words: P2D on working days is 2 werkdagen."""
    return str(getattr(length(within, clock is Clock.WORKING_DAYS), language))


def term_in_words(term: StateTerm, language: Language) -> str:
    """How long a subject may stay in a state."""
    if term.within is None:
        return say(language, "named_term")
    said = length_in_words(term.within, term.clock, language)
    return say(language, "from_opening", said) if term.counted_from == "opening" else said
