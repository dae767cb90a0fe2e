"""Definitions that nobody in good faith would write, and large ones of every shape."""

from collections.abc import Callable, Iterator
from typing import Any

T = "{nl: a, en: b}"
RESTING = "holder: owner, resting: true"
END = f"  end: {{title: {T}, final: true}}\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + number)}: &{chr(98 + number)} [{', '.join(['*' + chr(97 + number)] * 9)}]\n" for number in range(12)
)

TEXTS: dict[str, str] = {
    "a billion laughs": LAUGHS,
    "an alias of itself": "&a [*a]\n",
    "a merge key": "a: &a {b: 1}\nc: {<<: *a}\n",
    "a merge key without an alias": "workflow: x\n<<: {version: 1}\n",
    "brackets without end": "[" * 400_000,
    "braces without end": "{a: " * 200_000,
    "indentation without end": "\n".join(" " * depth + "a:" for depth in range(1_000)),
    "dashes without end": "- " * 300_000,
    "question marks": "? " * 300_000,
    "one very long line": "workflow: " + "x" * 900_000,
    "one very long key": "k" * 900_000 + ": 1\n",
    "a thousand times the same key": "a: 1\n" * 1_000,
    "more values than any definition has": "a: [" + "1, " * 60_000 + "1]\n",
    "more unknown keys than anyone reads": "".join(f"key_{number}: 1\n" for number in range(9_000)),
    "several documents": "a: 1\n---\nb: 2\n",
    "a tag of Python": "workflow: !!python/object/apply:os.system [true]\n",
    "a tag of binary": "workflow: !!binary aGVsbG8=\n",
    "a date": "workflow: 2026-03-02\nversion: 2026-03-02T10:00:00Z\n",
    "an octal number": "workflow: x\nversion: 0o17\n",
    "an infinite number": "workflow: x\nversion: .inf\n",
    "no number": "workflow: x\nversion: .nan\n",
    "a number without end": f"workflow: x\nversion: {'9' * 10_000}\n",
    "a sexagesimal number": "workflow: x\nversion: 190:20:30\n",
    "a NUL": "workflow: a\x00b\n",
    "an escaped NUL": 'workflow: x\ntitle: {nl: "a\\0b", en: b}\n',
    "an escaped bell": 'workflow: x\ntitle: {nl: "\\a", en: "\\e[31mred"}\n',
    "a key over two lines": '"work\\nflow": x\n',
    "text that runs the other way": "workflow: x\ntitle: {nl: 'a\u202eb', en: b}\n",
    "signs without a width": "workflow: x\ntitle: {nl: 'a\u200bb', en: b}\n",
    "a name in look-alike letters": "workflow: h\u043eusehold\nversion: 1\n",
    "a second byte order mark": "\ufeff\ufeffworkflow: x\n",
    "half a character": 'workflow: "\\ud800"\n',
    "a carriage return": "workflow: x\rversion: 1\r",
    "a tab": "workflow:\n\tx: 1\n",
    "a list as a key": "? [a, b]\n: 1\n",
    "a mapping as a key": "? {a: b}\n: 1\n",
    "a directive": "%YAML 9.9\n---\nworkflow: x\n",
    "nothing": "",
    "only a comment": "# nothing\n",
    "only null": "~\n",
    "only a number": "7\n",
    "only a list": "[a, b]\n",
    "only quotes": '"',
}


def head(start: str = "s0") -> str:
    """All that stands above the states."""
    opening = f"opening: {{title: {T}, by: [best_person]}}"
    return f"workflow: large\nversion: 1\ntitle: {T}\nsubject: household_case\ninitial: {start}\n{opening}\n"


def state(name: str, more: str = RESTING) -> str:
    """One state."""
    return f"  {name}: {{title: {T}, {more}}}\n"


def way(name: str, sources: str, target: str, more: str = "by: [owner]") -> str:
    """One transition."""
    return f"  - {{name: {name}, title: {T}, from: {sources}, to: {target}, {more}}}\n"


def _whole(states: Iterator[str], ways: Iterator[str]) -> str:
    return f"{head()}states:\n{''.join(states)}{END}transitions:\n{''.join(ways)}"


def chain(count: int) -> str:
    """State after state, up to the end."""
    names = [*(f"s{number}" for number in range(count)), "end"]
    ways = (way(f"t{number}", names[number], names[number + 1]) for number in range(count))
    return _whole(map(state, names[:-1]), ways)


def many_ends(count: int) -> str:
    """One state, and from it a way to each of many ends."""
    ends = (f"  e{number}: {{title: {T}, final: true}}\n" for number in range(count))
    ways = (way(f"t{number}", "s0", f"e{number}") for number in range(count))
    return _whole((each for each in [state("s0"), *ends]), ways)


def unreached(count: int) -> str:
    """States to which no way leads."""
    return _whole((state(f"s{number}") for number in range(count)), iter([way("t", "s0", "end")]))


def misspelt(count: int) -> str:
    """Every transition leads to a state that is not there."""
    ways = (way(f"t{number}", f"s{number}", f"sx{number}") for number in range(count))
    return _whole((state(f"s{number}") for number in range(count)), ways)


def dead(count: int) -> str:
    """Transitions for a clock that no term calls."""
    names = [*(f"s{number}" for number in range(count)), "end"]
    ways = (way(f"t{number}", names[number], names[number + 1], "by: [clock]") for number in range(count))
    return _whole(map(state, names[:-1]), ways)


def going_round(count: int) -> str:
    """Every state leads on by the clock to two others, so that there are more rounds than anyone can count."""
    ways = (
        way(f"c{number}", f"s{number}", f"s{(number + 1) % count}", "by: [clock]")
        + way(f"q{number}", f"s{number}", f"s{(number * 7 + 3) % count}", "by: [clock]")
        for number in range(count)
    )
    term = "holder: owner, term: {{within: P1D, on_miss: [c{0}, q{0}]}}"
    return _whole((state(f"s{number}", term.format(number)) for number in range(count)), ways)


def back_and_forth(count: int) -> str:
    """Twenty side states that can be entered from everywhere, and many ways back from each."""
    main, sides = [f"s{number}" for number in range(count)], [f"d{number}" for number in range(20)]
    everywhere, aside = f"[{', '.join(main)}]", f"[{', '.join(sides)}]"
    beside = "holder: owner, side: true, term: {within: P1D, on_miss: remind}"
    ways = [
        *(way(f"t{number}", everywhere, side) for number, side in enumerate(sides)),
        *(way(f"b{number}", aside, "previous") for number in range(count // 20)),
        way("remind", aside, "same", "by: [clock], tells: [owner], restarts_term: true, reminder: true"),
        way("stop", everywhere, "end"),
    ]
    return _whole((each for each in [*map(state, main), *(state(side, beside) for side in sides)]), iter(ways))


LARGE: dict[Callable[[int], str], int] = {
    chain: 700,
    many_ends: 750,
    unreached: 1500,
    misspelt: 750,
    dead: 700,
    going_round: 300,
    back_and_forth: 300,
}
"""Of each shape a number that takes a while; many times as many are within the bounds."""

STRANGE: tuple[Any, ...] = (None, True, 7, 1.5, "", "x", [], {}, [["x"]], {"x": {"y": "z"}}, "x" * 10_000, -1, 10**17)
"""Values of all sorts, to stand where they do not belong."""


def paths(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key path in data."""
    yield at
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*at, key))


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The data with another value at a key path."""
    if not path:
        return value
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[path[0]] = replaced(data[path[0]], path[1:], value)
    return changed
