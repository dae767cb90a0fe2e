"""A world in small: a sound definition of a door with its windows, and everything that it may name."""

from pathlib import Path

from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import (
    Authority,
    Children,
    DecisionRule,
    Effect,
    Guard,
    Recipients,
    Role,
    Vocabulary,
    fields,
)
from wijkteam.terms.term import Term

DOOR = """\
workflow: door
version: 1
title: {nl: Deur, en: Door}
subject: door
initial: shut
children: [window]
opening:
  title: {nl: Plaatsen, en: Place}
  by: [worker]
fields:
  answer:
    type: text
    title: {nl: Antwoord, en: Answer}
    basis: law
    article: Awb 3:46
  colour:
    type: choice
    list: colours
    title: {nl: Kleur, en: Colour}
    basis: local
states:
  shut:
    title: {nl: Dicht, en: Shut}
    holder: worker
    term: {within: P2D, on_miss: [climb, remind]}
  ajar:
    title: {nl: Kier, en: Ajar}
    holder: lead
    side: true
    term: {named: rung, on_miss: remind}
  wide:
    title: {nl: Wijd open, en: Wide open}
    holder: worker
    resting: true
  gone:
    title: {nl: Weg, en: Gone}
    final: true
transitions:
  - name: unlock
    title: {nl: Openen, en: Unlock}
    from: shut
    to: wide
    by: [worker]
    asks: [answer]
    may_ask: [colour]
    effects: [keep_answer, paint]
    tells: [worker]
  - name: set_ajar
    title: {nl: Op een kier, en: Set ajar}
    from: shut
    to: ajar
    by: [worker]
    when: [fits]
  - name: put_back
    title: {nl: Terug, en: Put back}
    from: ajar
    to: previous
    by: [lead]
  - name: allow
    title: {nl: Toestaan, en: Allow}
    from: wide
    to: gone
    by: [lead]
    decision: permission
  - name: take_out
    title: {nl: Uithalen, en: Take out}
    from: [shut, wide]
    to: gone
    by: [worker]
    asks: [answer]
    effects: [keep_answer]
    children: {window: {take: board_up, giving: {why: answer}}}
  - name: climb
    title: {nl: Klimt, en: Climbs}
    from: shut
    to: same
    by: [clock]
    when: [has_rung]
    effects: [next_rung]
    restarts_term: true
  - name: remind
    title: {nl: Herinnering, en: Reminder}
    from: [shut, ajar]
    to: same
    by: [clock]
    tells: [worker]
    restarts_term: true
    reminder: true
"""
WINDOW = """\
workflow: window
version: 1
title: {nl: Raam, en: Window}
subject: window
initial: clean
opening: {title: {nl: Plaatsen, en: Place}, by: [worker]}
fields:
  why: {type: text, for_record: true, title: {nl: Waarom, en: Why}, basis: local}
states:
  clean: {title: {nl: Schoon, en: Clean}, holder: worker, resting: true}
  boarded: {title: {nl: Dichtgetimmerd, en: Boarded up}, final: true}
transitions:
  - name: board_up
    title: {nl: Dichttimmeren, en: Board up}
    from: clean
    to: boarded
    by: [worker, parent]
    asks: [why]
"""
LADDER = """\
ladder: stairs
title: {nl: Trap, en: Stairs}
source: none
rungs:
  - {number: 1, function: lead_of_doors, layer: {nl: Eerste, en: First}, term: {within: P2D}}
  - {number: 2, function: head_of_doors, layer: {nl: Laatste, en: Last}, term: {within: P2D}}
"""


def _role(name: str, *functions: str) -> Role:
    return Role(lambda situation: True, lambda situation: name, Text(nl=name, en=name), frozenset(functions))


ROLES = {
    "worker": _role("worker", "door_keeper"),
    "lead": _role("lead", "lead_of_doors"),
    "ghost": _role("ghost", "ghost_of_doors"),
}
DOOR_WORDS = Vocabulary(
    subject="door",
    roles=ROLES,
    guards={
        "fits": Guard(lambda situation: None),
        "has_rung": Guard(lambda situation: None, runs_out_by=fields("next_rung"), comes_back_by=fields("lower_rung")),
        "has_lower_rung": Guard(
            lambda situation: None, runs_out_by=fields("lower_rung"), comes_back_by=fields("next_rung")
        ),
        "on_last_rung": Guard(lambda situation: None, excludes=frozenset({"has_rung"})),
    },
    effects={
        "keep_answer": Effect(lambda situation: None, needs=fields("answer")),
        "paint": Effect(lambda situation: None, reads=fields("colour")),
        "next_rung": Effect(lambda situation: None),
        "lower_rung": Effect(lambda situation: None),
    },
    decisions={"permission": DecisionRule(lambda situation: Authority(True), powers=fields("permission"))},
    terms={"rung": lambda subject, at: Term("P2D")},
    recipients={
        "worker": Recipients(lambda situation: []),
        "stranger": Recipients(lambda situation: [], can_read=False),
    },
    lists={"colours": {"green": Text(nl="Groen", en="Green")}},
    needed=fields("unlock"),
    ends=fields("gone"),
    children={"window": Children(lambda situation: [], Text(nl="raam of ramen", en="window(s)"))},
)
WINDOW_WORDS = Vocabulary(subject="window", roles=ROLES, parent=lambda situation: None)
FUNCTIONS = frozenset({"door_keeper", "lead_of_doors", "head_of_doors"})
KNOWN = Surroundings(
    vocabularies={"door": DOOR_WORDS, "window": WINDOW_WORDS},
    functions=FUNCTIONS,
    held=FUNCTIONS,
    mandated={"permission": frozenset({"lead_of_doors"})},
)


def write_world(folder: Path, door: str = DOOR, window: str = WINDOW, **more: str) -> Path:
    """The definitions as files in a folder; `more` adds files by name."""
    for name, text in {"door": door, "window": window, **more}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder
