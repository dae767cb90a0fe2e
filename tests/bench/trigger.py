"""A step in memory: our trigger and the whole of `fire`, against a bare `transitions` machine of the same shape."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from transitions import Machine

from tests.bench.rounds import Work, compare, told
from wijkteam.engine.definition import Text, Transition, Workflow
from wijkteam.engine.process import Process
from wijkteam.engine.running import Engine
from wijkteam.engine.vocabulary import Effect, Recipients, Role, Situation, Vocabulary

STEPS = 20_000
BOUND = 1.3
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Door:
    """A subject in memory."""

    state: str = "shut"
    previous_state: str | None = None
    id: str = "door"
    workflow_version: int = 1
    version: int = 0
    opened_at: datetime = AT
    state_since: datetime = AT
    moved: int = field(default=0)

    @classmethod
    def workflow_name(cls) -> str:
        """Which workflow it follows."""
        return "door"

    def tracked(self) -> dict[str, Any]:
        """All its values."""
        return dict(vars(self))


@dataclass(frozen=True)
class Keeper:
    """Who opens and shuts it."""

    person_id: int = 1
    is_clock: bool = False


def count_move(situation: Situation) -> None:
    """The one effect: the same few instructions for both."""
    situation.subject.moved += 1


def _titled(name: str) -> dict[str, str]:
    return {"nl": name, "en": name}


STATES = ("shut", "ajar", "wide", "locked", "broken", "gone")
ROADS = (
    ("open_it", ["shut", "ajar"], "wide"),
    ("shut_it", ["wide", "ajar"], "shut"),
    ("set_ajar", ["shut", "wide"], "ajar"),
    ("lock", ["shut"], "locked"),
    ("unlock", ["locked"], "shut"),
    ("break_down", ["shut", "locked"], "broken"),
    ("mend", ["broken"], "shut"),
    ("take_out", ["broken", "wide"], "gone"),
)
DEFINITION = Workflow.model_validate(
    {
        "workflow": "door",
        "version": 1,
        "title": _titled("Deur"),
        "subject": "door",
        "initial": "shut",
        "opening": {"title": _titled("Plaatsen"), "by": ["keeper"]},
        "states": {
            name: {"title": _titled(name), "final": True}
            if name == "gone"
            else {"title": _titled(name), "holder": "keeper", "resting": True}
            for name in STATES
        },
        "transitions": [
            {
                "name": name,
                "title": _titled(name),
                "from": source,
                "to": target,
                "by": ["keeper"],
                "effects": ["count_move"],
            }
            for name, source, target in ROADS
        ],
    }
)
WORDS = Vocabulary(
    subject="door",
    roles={"keeper": Role(lambda situation: True, lambda situation: "keeper", Text(nl="wachter", en="keeper"))},
    effects={"count_move": Effect(count_move)},
    recipients={"keeper": Recipients(lambda situation: [1])},
)


def bare_machine(transitions: list[Transition]) -> Machine:
    """One shared machine with the same states, transitions, effect and settings, made without wijkteam."""
    machine = Machine(model=None, states=list(STATES), initial="shut", auto_transitions=False, send_event=True)
    for each in transitions:
        effect = partial(_on_event)
        machine.add_transition(each.name, each.from_, each.to, after=[effect])
    return machine


def _on_event(event: Any) -> None:
    count_move(event.kwargs["situation"])


def run(profile: bool) -> bool:
    """Measure the trigger against its bound, and tell what a whole `fire` costs."""
    del profile
    process = Process(DEFINITION, WORDS)
    machine = bare_machine(DEFINITION.transitions)
    engine = Engine([DEFINITION], [WORDS], [])
    contenders = {"trigger": _ours(process), "bare": _bare(machine), "fire": _fire(engine)}
    measured = compare(contenders, STEPS)
    micros = {name: 1e6 / measured.rate(name) for name in contenders}
    print(
        f"  {len(STATES)} states, {len(ROADS)} transitions, one effect, send_event: "
        f"bare {micros['bare']:.1f} µs, trigger {micros['trigger']:.1f} µs, fire {micros['fire']:.1f} µs"
    )
    print("  fire: role, fields, guards, children, trigger, what changed, and the step for the journals")
    kept = told("cost of our trigger / bare trigger", measured.times("trigger", "bare"), BOUND, False)
    told_only = measured.times("fire", "bare")
    print(f"  cost of a whole fire / bare trigger: {sorted(told_only)[len(told_only) // 2]:.2f} (no bound)")
    return kept


def _ours(process: Process) -> Work:
    door = Door()
    situation = Situation(door, Keeper(), {}, AT, None)

    def turn(count: int) -> None:
        for _ in range(count // 2):
            process.trigger("open_it", door, situation)
            process.trigger("shut_it", door, situation)

    return turn


def _bare(machine: Machine) -> Work:
    door = Door()
    situation = Situation(door, Keeper(), {}, AT, None)

    def turn(count: int) -> None:
        for _ in range(count // 2):
            machine.events["open_it"].trigger(door, situation=situation)
            machine.events["shut_it"].trigger(door, situation=situation)

    return turn


def _fire(engine: Engine) -> Work:
    door, keeper = Door(), Keeper()

    def turn(count: int) -> None:
        for _ in range(count // 2):
            engine.fire(door, "open_it", keeper)
            engine.fire(door, "shut_it", keeper)

    return turn
