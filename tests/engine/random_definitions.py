"""Random sound definitions: whatever is drawn, the process can be trusted, and the checker finds nothing in it."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from hypothesis import strategies as st

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

Data = dict[str, Any]
"""A definition as YAML holds it."""
THING, PART = "thing", "part"


@dataclass(frozen=True)
class Family:
    """Definitions that belong together, as data by name, and what they are checked against."""

    definitions: Mapping[str, Data]
    around: Surroundings = field(repr=False)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """As YAML, where hypothesis shows the smallest definition for which a test fails."""
        printer.text("\n---\n".join(yaml.safe_dump(data, sort_keys=False) for data in self.definitions.values()))

    def with_one(self, name: str, data: Data) -> "Family":
        """The same family with one definition replaced."""
        return replace(self, definitions={**self.definitions, name: data})


def _role(name: str, *functions: str) -> Role:
    return Role(
        lambda situation: True,
        lambda situation: name,
        Text(nl=name, en=name),
        frozenset(functions) if functions else None,
    )


ROLES = {
    "worker": _role("worker", "thing_keeper"),
    "lead": _role("lead", "lead_of_things"),
    "either": _role("either", "thing_keeper", "lead_of_things"),
    "anyone": _role("anyone"),
    "ghost": _role("ghost", "ghost_of_things"),
}
PEOPLE = ("worker", "lead", "either", "anyone")
GUARDS = {
    "fits": Guard(lambda situation: None, fields("seen")),
    "calm": Guard(lambda situation: None),
    "has_higher": Guard(lambda situation: None, runs_out_by=fields("go_up"), comes_back_by=fields("go_down")),
    "has_lower": Guard(lambda situation: None, runs_out_by=fields("go_down"), comes_back_by=fields("go_up")),
    "is_highest": Guard(lambda situation: None, excludes=fields("has_higher")),
}
EFFECTS = {
    "keep_answer": Effect(lambda situation: None, needs=fields("answer")),
    "keep_date": Effect(lambda situation: None, needs=fields("due_on")),
    "paint": Effect(lambda situation: None, reads=fields("colour")),
    "go_up": Effect(lambda situation: None),
    "go_down": Effect(lambda situation: None),
}
RECIPIENTS = {
    "worker": Recipients(lambda situation: [1]),
    "lead": Recipients(lambda situation: [2]),
    "stranger": Recipients(lambda situation: [3], can_read=False),
}
COLOURS = {"green": Text(nl="Groen", en="Green"), "red": Text(nl="Rood", en="Red")}
THING_WORDS = Vocabulary(
    subject=THING,
    roles=ROLES,
    guards=GUARDS,
    effects=EFFECTS,
    decisions={
        "permission": DecisionRule(
            lambda situation: Authority(True), needs=fields("amount"), powers=fields("permission")
        ),
        "exception": DecisionRule(lambda situation: Authority(True), powers=fields("exception")),
    },
    terms={"rung": lambda subject, at: Term("P2D")},
    recipients=RECIPIENTS,
    lists={"colours": COLOURS},
    children={PART: Children(lambda situation: [], Text(nl="deel of delen", en="part(s)"))},
)
PART_WORDS = Vocabulary(
    subject=PART,
    roles=ROLES,
    guards=GUARDS,
    effects=EFFECTS,
    terms={"rung": lambda subject, at: Term("P2D")},
    recipients=RECIPIENTS,
    lists={"colours": COLOURS},
    parent=lambda situation: None,
)
FUNCTIONS = frozenset({"thing_keeper", "lead_of_things"})
AROUND = Surroundings(
    vocabularies={THING: THING_WORDS, PART: PART_WORDS},
    functions=FUNCTIONS,
    held=FUNCTIONS,
    mandated={"permission": frozenset({"lead_of_things"}), "exception": FUNCTIONS},
)
FIELDS: dict[str, Data] = {
    "answer": {"type": "text", "basis": "law", "article": "Awb 3:46"},
    "due_on": {"type": "future_date", "basis": "local", "proposal": {"within": "P5D"}},
    "colour": {"type": "choice", "list": "colours", "basis": "local"},
    "seen": {"type": "yes_no", "basis": "optional"},
    "amount": {"type": "money", "basis": "local"},
    "note": {"type": "line", "for_record": True, "basis": "optional"},
    "why": {"type": "text", "for_record": True, "basis": "local"},
}
WITHIN = ("P1D", "P2D", "P5D")


def _text(name: str) -> Data:
    return {"nl": f"{name} in het Nederlands", "en": f"{name} in English"}


@dataclass
class _Drawn:
    """A definition that is being drawn; each step keeps it sound."""

    draw: st.DrawFn
    name: str
    states: dict[str, Data] = field(default_factory=dict)
    transitions: list[Data] = field(default_factory=list)
    mains: list[str] = field(default_factory=list)
    finals: list[str] = field(default_factory=list)
    climbing: list[str] = field(default_factory=list)
    """States that climb when their term is missed."""
    reminding: list[str] = field(default_factory=list)

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def one(self, *among: Any) -> Any:
        return self.draw(st.sampled_from(among))

    def by(self) -> list[str]:
        return self.draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True))

    def some(self, among: list[str]) -> list[str]:
        return self.draw(st.lists(st.sampled_from(among), min_size=1, unique=True))

    def add(self, name: str, from_: list[str], to: str, by: list[str], **more: Any) -> Data:
        transition = {"name": name, "title": _text(name), "from": from_, "to": to, "by": by, **more}
        self.transitions.append(transition)
        return transition

    def asking(self, deed: Data) -> Data:
        """Perhaps something to fill in, with what works with it."""
        match self.one("nothing", "answer", "date", "colour", "note"):
            case "answer":
                deed["asks"] = ["answer"]
                deed["effects"] = ["keep_answer"]
            case "date":
                deed["asks"] = ["due_on"]
                deed["effects"] = ["keep_date"]
                deed["may_ask"] = ["note"]
            case "colour":
                deed["may_ask"] = ["colour"]
                deed["effects"] = ["paint"]
            case "note":
                deed[self.one("asks", "may_ask")] = ["note"]
        if self.maybe():
            deed["tells"] = [self.one("worker", "lead")]
        return deed

    def main_road(self, longest: int) -> None:
        """States one after another, each left without any guard, and the last one ending it."""
        self.mains = [f"main_{number}" for number in range(self.draw(st.integers(1, longest)))]
        self.finals = ["ended", "broken_off"][: self.draw(st.integers(1, 2))]
        for number, name in enumerate(self.mains):
            to = (*self.mains[number + 1 :], self.finals[0])[0]
            forward = self.asking(self.add(f"forward_{number}", [name], to, self.by()))
            self._waiting(name, self.one(*forward["by"]), to)
        for name in self.finals:
            self.states[name] = {"title": _text(name), "final": True}
        if len(self.finals) > 1:
            self.asking(self.add("break_off", self.some(self.mains), "broken_off", self.by()))

    def _waiting(self, name: str, holder: str, onward: str | None) -> None:
        """A state in which somebody is waited for, or rests."""
        state: Data = {"title": _text(name), "holder": holder}
        self.states[name] = state
        if onward is not None and self.maybe():
            state["resting"] = True
        else:
            state["term"] = self._term(name, onward)

    def _term(self, name: str, onward: str | None) -> Data:
        length: Data = self.one(
            {"named": "rung"}, *({"within": each, "clock": self.one("working_days", "statutory")} for each in WITHIN)
        )
        if self.maybe():
            length = {**length, "counted_from": "opening"}
        on_miss = []
        if self.maybe():
            on_miss.append("climb")
            self.climbing.append(name)
        if onward is not None and onward not in self.finals and self.maybe():
            on_miss.append(f"run_on_{name}")
            self.add(f"run_on_{name}", [name], onward, ["clock"])
        else:
            on_miss.append("remind")
            self.reminding.append(name)
        return {**length, "on_miss": on_miss if self.maybe() or len(on_miss) > 1 else on_miss[0]}

    def side_roads(self) -> None:
        """States beside the main road, with a way back that nothing can close."""
        for name in ["aside", "beside"][: self.draw(st.integers(0, 2))]:
            self.asking(self.add(f"go_{name}", self.some(self.mains), name, self.by()))
            back = self.asking(self.add(f"back_from_{name}", [name], "previous", self.by()))
            self.states[name] = {"side": True}
            holder = self.one(*back["by"])
            self._waiting(name, holder, None)
            self.states[name]["side"] = True

    def by_the_way(self) -> None:
        """What else can be done: guarded ways, notes, decisions, up and down."""
        if self.maybe():
            guarded = self.add("hurry", self.some(self.mains), self.finals[-1], self.by(), when=["fits"])
            guarded["may_ask"] = ["seen"]
        if self.maybe():
            self.add("jot_down", self.some([*self.mains]), "same", self.by(), asks=["note"])
        if len(self.mains) > 1 and self.maybe():
            self.asking(self.add("go_back", [self.mains[-1]], self.mains[0], self.by(), when=["calm"]))
        if self.climbing or self.maybe():
            self.add("pass_up", self.some(self.mains), "same", self.by(), when=["has_higher"], effects=["go_up"])
        if self.maybe():
            self.add("step_down", self.some(self.mains), "same", self.by(), when=["has_lower"], effects=["go_down"])

    def clock_ways(self) -> None:
        if self.climbing:
            when = ["has_higher", *(["calm"] if self.maybe() else [])]
            self.add("climb", self.climbing, "same", ["clock"], when=when, effects=["go_up"], restarts_term=True)
        if self.reminding:
            self.add("remind", self.reminding, "same", ["clock"], tells=["worker"], restarts_term=True, reminder=True)

    def whole(self, **more: Any) -> Data:
        self.clock_ways()
        opening = self.asking({"title": _text("open"), "by": self.by()})
        asked = [
            name for deed in [opening, *self.transitions] for name in [*deed.get("asks", []), *deed.get("may_ask", [])]
        ]
        return {
            "workflow": self.name,
            "version": 1,
            "title": _text(self.name),
            "subject": self.name,
            "initial": self.mains[0],
            **more,
            "opening": opening,
            "fields": {name: {**FIELDS[name], "title": _text(name)} for name in dict.fromkeys(asked)},
            "states": self.states,
            "transitions": self.draw(st.permutations(self.transitions)),
        }


@st.composite
def _parts(draw: st.DrawFn) -> Data:
    drawn = _Drawn(draw, PART)
    drawn.main_road(2)
    drawn.by_the_way()
    drop = drawn.add("drop", drawn.mains, drawn.finals[-1], ["parent", *drawn.by()])
    if drawn.maybe():
        drop["asks"] = ["why"]
    if drawn.maybe():
        drop["may_ask"] = ["note"]
    return drawn.whole()


@st.composite
def sound_families(draw: st.DrawFn) -> Family:
    """A sound definition of a thing, sometimes with the parts that live within it."""
    drawn = _Drawn(draw, THING)
    drawn.main_road(4)
    drawn.side_roads()
    drawn.by_the_way()
    if drawn.maybe():
        may = drawn.add("allow", drawn.some(drawn.mains), drawn.finals[0], ["lead"], decision="permission")
        may["asks"] = ["amount"]
    if drawn.maybe():
        by = [drawn.one("worker", "either")]
        drawn.add("except", drawn.some(drawn.mains), "same", by, decision="exception")
    if not drawn.maybe():
        return Family({THING: drawn.whole()}, AROUND)
    part = draw(_parts())
    _with_parts(drawn, part)
    return Family({THING: drawn.whole(children=[PART]), PART: part}, AROUND)


def _with_parts(drawn: _Drawn, part: Data) -> None:
    drop = next(each for each in part["transitions"] if each["name"] == "drop")
    for transition in drawn.transitions:
        if "clock" in transition["by"] or not drawn.maybe():
            continue
        if drawn.maybe():
            transition["children"] = {PART: _taking(drawn, transition, drop)}
        else:
            transition["children"] = {PART: "wait" if transition["to"] in drawn.finals else drawn.one("leave", "wait")}


def _taking(drawn: _Drawn, transition: Data, drop: Data) -> Data:
    taking: Data = {"take": "drop"}
    if "why" in drop.get("asks", []):
        transition["asks"] = [*dict.fromkeys([*transition.get("asks", []), "why"])]
        taking["giving"] = {"why": "why"}
    if "note" in drop.get("may_ask", []) and drawn.maybe():
        if "note" not in transition.get("asks", []):
            transition["may_ask"] = [*dict.fromkeys([*transition.get("may_ask", []), "note"])]
        taking["giving"] = {**taking.get("giving", {}), "note": "note"}
    return taking


def copied(data: Data) -> Data:
    """The same definition, to change freely."""
    found: Data = pickle.loads(pickle.dumps(data))
    return found
