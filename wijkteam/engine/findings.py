"""What can be found wrong in a definition: each kind of finding with its name, weight and explanation."""

from dataclasses import dataclass
from enum import StrEnum

KeyPath = tuple[str | int, ...]


class Severity(StrEnum):
    """Whether a definition with this finding can be used."""

    MISTAKE = "mistake"
    """It is refused."""
    WARNING = "warning"
    """It works, but hardly as it was meant."""


@dataclass(frozen=True)
class Kind:
    """One kind of finding."""

    name: str
    severity: Severity
    explanation: str


@dataclass(frozen=True)
class Wrong:
    """A finding at a key path of the definition, what would be right, and a path that shows it."""

    kind: str
    path: KeyPath
    wrong: str
    right: str
    shown_by: tuple[str, ...] = ()
    """A counter-example: the steps by which a subject meets it, or the states that go round."""


def _mistake(name: str, explanation: str) -> Kind:
    return Kind(name, Severity.MISTAKE, explanation)


def _warning(name: str, explanation: str) -> Kind:
    return Kind(name, Severity.WARNING, explanation)


_ALL = (
    # the file
    _mistake("unreadable-file", "The file is not there, cannot be opened, or is no UTF-8 text."),
    _mistake(
        "too-large",
        "The file is larger, deeper or fuller than any definition needs to be. Split it or shorten it.",
    ),
    _mistake("broken-yaml", "The text is no YAML. Mind the indentation, and put quotes around text with : ? , or #."),
    _mistake(
        "alias",
        "Anchors and aliases (&name, *name) are not read: each thing stands written out where it holds.",
    ),
    _mistake("duplicate-key", "The same key stands twice in one mapping, so that it is not clear which one holds."),
    _mistake(
        "strange-value",
        "A tag, or a key that is no plain name. Definitions hold plain text, numbers and true or false.",
    ),
    _mistake("missing-key", "Something that every definition must say is not said."),
    _mistake("unknown-key", "The format has no such key; often a slip of the pen."),
    _mistake("wrong-value", "The value cannot be what this key needs."),
    _mistake("missing-text", "Every title and help is there in Dutch (nl) and in English (en)."),
    _mistake("same-version", "Two definitions have the same name and version. Raise the version of the newer one."),
    _mistake(
        "no-definitions",
        "The folder holds no definitions, and no lists, ladders or scenarios either. Is it the right one?",
    ),
    # extending another definition
    _mistake("unknown-base", "A definition extends one that is not there in that version."),
    _mistake("circular-base", "Definitions extend each other in a circle, so that none of them is whole."),
    _mistake("nothing-to-remove", "A definition takes away something that the one it extends does not have."),
    # names
    _mistake("unknown-name", "A state, role, field, guard, effect, list or other name that nothing stands for."),
    _mistake("duplicate-name", "Two transitions have the same name, so that events could not tell them apart."),
    _mistake("reserved-name", "A name that means something else: same, previous, clock, parent, children, migrate."),
    _mistake(
        "needed-name",
        "Pages, reports and rules look for some states and transitions by name. Their titles, terms and roads are "
        "free, their names are not.",
    ),
    _mistake(
        "unknown-end",
        "What is open and what has ended is told apart by the names of the ends. Use those, and no others.",
    ),
    # roads
    _mistake("final-start", "The workflow begins where it ends."),
    _mistake("leaving-final", "A transition leaves a final state. What has ended stays ended."),
    _mistake("unreachable-state", "No road leads from the opening to this state, so that it can never be used."),
    _mistake("no-end", "From this state no final state can be reached: what comes here never ends."),
    _warning(
        "guarded-end",
        "Every road from this state to an end passes a guard or a mandate. When those say no, what comes here stays.",
    ),
    _mistake("stuck-state", "Nobody can leave this state: people have no transition out of it."),
    _mistake("wrong-previous", "Only a side state has a previous state to go back to."),
    _mistake("side-to-side", "From one side state straight to another, the way back to the main road would be lost."),
    _mistake("side-without-return", "A side state without a transition to: previous cannot give the subject back."),
    _mistake(
        "dead-transition",
        "No one can ever take this transition: no role in `by` can be held, or no term calls the clock.",
    ),
    _mistake(
        "excluding-guards",
        "Guards of this transition never say yes at the same time, so that it can never be taken.",
    ),
    # who, what, whether
    _mistake("nobody-holds", "A state that is not final says who holds the ball. Without a holder it is forgotten."),
    _mistake(
        "idle-holder",
        "Who holds the ball here can take no transition: they are asked for something they cannot do.",
    ),
    _mistake("field-asked-twice", "One form asks the same thing twice."),
    _mistake("clock-asked", "The clock or children that end take this transition: they cannot fill in a form."),
    _mistake("clock-decides", "The clock or children take this transition, but a person with a mandate decides."),
    _mistake(
        "missing-field",
        "A guard, effect or decision rule cannot do without a field that the transition does not ask.",
    ),
    _warning(
        "unused-field",
        "A field is asked that no guard, effect or rule of that transition knows. Say for_record: true "
        "where it is asked for the timeline alone; else do not ask it.",
    ),
    _warning("unasked-field", "A field is described, but nothing asks for it."),
    _warning(
        "basis-unsaid",
        "Whoever fills a field in is told who requires it. Say basis: law, local or optional, also where it is local.",
    ),
    _warning(
        "article-unsaid",
        "Where the law requires a field, the form tells where the law says so. No other field has an article.",
    ),
    _mistake("no-mandate", "A decision that no function in the register may take: residents would wait for nothing."),
    _mistake("blind-message", "People are told of something that they have no ground to read."),
    # terms
    _mistake(
        "no-term",
        "In a state where somebody is waited for, a term runs. Say resting: true where nobody waits.",
    ),
    _mistake(
        "wrong-miss",
        "on_miss names a transition that the state does not have, or that the clock may not take.",
    ),
    _warning(
        "never-tried",
        "on_miss tries its transitions in order; one after another that is open whenever it is, is never tried.",
    ),
    _warning(
        "silence-after-term",
        "When the term is missed and guards say no, or the transition stays without restarting the term, "
        "nothing follows any more. End on_miss with a reminder.",
    ),
    _mistake(
        "clock-loop",
        "The clock goes round for ever without anyone doing anything. A loop ends when a guard in it runs "
        "out, or it is a reminder (reminder: true) that tells somebody each time.",
    ),
    # ladders
    _mistake("ladder-runs-on", "The last rung of a ladder has nowhere to climb to."),
    _mistake("ladder-unheld", "A rung names a function that is not known, or that nobody holds."),
    _mistake(
        "child-cannot-follow",
        "A transition takes children along by a transition that they cannot always take, that asks what "
        "nobody gives, or that does not end them.",
    ),
    # children
    _mistake("wrong-join", "A transition joins children, but they may not take it. Add children to its by."),
    _warning("child-left", "A subject ends and leaves its open children behind."),
    _mistake(
        "changed-in-use",
        "A version that subjects have run on is never changed. Raise the version, then migrate them.",
    ),
    _mistake(
        "altered-in-store",
        "The text of a stored version no longer has the hash it was stored with: somebody changed the database.",
    ),
)
KINDS = {kind.name: kind for kind in _ALL}


def severity_of(kind: str) -> Severity:
    """Whether findings of this kind are mistakes or warnings."""
    return KINDS[kind].severity
