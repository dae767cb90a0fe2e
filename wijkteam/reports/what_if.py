"""What if: gain and price of another register, beside each other, with the cases behind every figure.

Of the municipality's own requests small groups of households are withheld; an imported log holds no households.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wijkteam.engine.definition import Text
from wijkteam.mandate.what_if.cost import ApprovalCost
from wijkteam.mandate.what_if.past import NO_TIME, Answer, PastRequest, Wait, wait
from wijkteam.mandate.what_if.replaying import REFUSED_EVER, Fate, Judged, Replay, fate
from wijkteam.mandate.what_if.spread import Share, days, median_amount, spread
from wijkteam.reports.figures import Cell
from wijkteam.reports.what_if_withholding import Shown
from wijkteam.reports.what_if_words import TITLES

FEWEST_FOR_ENDS = 10
"""Least number of waits on which to tell the shortest and the longest tenth: of fewer it would be one of them."""


class Unit(StrEnum):
    """In what a figure is told."""

    COUNT = "count"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"
    CENTS = "cents"


@dataclass(frozen=True)
class Line:
    """One figure, in every scenario."""

    code: str
    title: Text
    unit: Unit
    cells: tuple[Cell, ...]
    opens: str = ""
    """Which cases are behind it, by the code of a group; empty where no single requests are."""
    below: bool = False
    """Whether it says more about the line above it."""


@dataclass(frozen=True)
class Opened:
    """One request behind a figure."""

    request: PastRequest
    amount: int | None
    spared: Wait
    fate: Fate
    rounds: int


@dataclass(frozen=True)
class Scenario:
    """A replay, and which of its figures may be told."""

    replay: Replay
    shown: Shown

    @property
    def title(self) -> str:
        """How the register is called."""
        return self.replay.register.title


GROUPS: Mapping[str, Callable[[Judged], bool]] = {
    "front_line": lambda each: True,
    "granted": lambda each: each.fate in (Fate.AS_ASKED, Fate.CHANGED, Fate.REFUSED_THEN_GRANTED),
    "refused_ever": lambda each: each.fate in REFUSED_EVER,
    **{one.value: (lambda each, one=one: each.fate is one) for one in Fate},  # type: ignore[misc]
    "with_colleagues": lambda each: each.covered.colleagues > 0,
    "unknown_wait": lambda each: each.unknown_wait,
}
"""Which of the requests that the front line would have decided are behind a figure, by code."""
OTHERS = ("still_asked", "allowed_already", "unplaced", "unplaced_refused", "deviating")
"""Other groups of requests, by code."""


def group(replay: Replay, code: str) -> list[Opened]:
    """The requests behind a figure, by when they were asked. Raises KeyError for a code that there is not."""
    if code not in GROUPS and code not in OTHERS:
        raise KeyError(code)
    return _groups(replay)[code]


def _groups(replay: Replay) -> dict[str, list[Opened]]:
    front = [
        (each, Opened(each.request, each.amount, each.spared, each.fate, len(each.rounds))) for each in replay.in_front
    ]
    found = {code: [opened for each, opened in front if belongs(each)] for code, belongs in GROUPS.items()}
    until = replay.history.seen_until
    for code in ("still_asked", "allowed_already", "unplaced"):
        found[code] = [
            Opened(each, each.rounds[0].amount, wait(each.rounds, until), fate(each.rounds), len(each.rounds))
            for each in getattr(replay, code)
        ]
    deviating = replay.history.deviating
    found["deviating"] = [each for each in found["front_line"] if each.request.number in deviating]
    found["unplaced_refused"] = [each for each in found["unplaced"] if each.fate in REFUSED_EVER]
    return found


def counted(scenarios: Sequence[Scenario]) -> "list[Counted]":
    """The figures of scenarios, to be put in tables."""
    return [Counted(each) for each in scenarios]


def gain(found: "Sequence[Counted]", cost: ApprovalCost) -> list[Line]:
    """What the other register would have brought."""
    return [
        _line("front_line", found, lambda each: each.count("front_line"), opens="front_line"),
        _line("front_line_share", found, lambda each: each.share_of_all("front_line"), Unit.PERCENT, below=True),
        _line("front_line_amount", found, lambda each: each.amount("front_line"), Unit.CENTS, below=True),
        _line("spared", found, lambda each: each.waited("front_line"), Unit.DAYS, opens="front_line"),
        _line("spared_share", found, lambda each: each.spared_share(), Unit.PERCENT, below=True),
        _line("spared_median", found, lambda each: each.spread("median"), Unit.DAYS, below=True),
        _line("spared_p10", found, lambda each: each.spread("p10"), Unit.DAYS, below=True),
        _line("spared_p25", found, lambda each: each.spread("p25"), Unit.DAYS, below=True),
        _line("spared_p75", found, lambda each: each.spread("p75"), Unit.DAYS, below=True),
        _line("spared_p90", found, lambda each: each.spread("p90"), Unit.DAYS, below=True),
        _line("spared_granted", found, lambda each: each.waited("granted"), Unit.DAYS, "granted", below=True),
        _line("spared_through", found, lambda each: each.first_to_last(), Unit.DAYS, below=True),
        _line("steps", found, lambda each: each.steps(), opens="front_line"),
        _line("steps_hours", found, lambda each: each.hours(cost), Unit.HOURS, below=True),
        _line("steps_worth", found, lambda each: each.worth(cost), Unit.CENTS, below=True),
    ]


def price(found: "Sequence[Counted]") -> list[Line]:
    """What approval changed in the same requests, and would not have changed."""
    lines = [
        _line("refused_ever", found, lambda each: each.count("refused_ever"), opens="refused_ever"),
        _line("refused_ever_share", found, lambda each: each.share("refused_ever"), Unit.PERCENT, below=True),
        _line("refused_ever_low", found, lambda each: each.end("refused_ever", 0), Unit.PERCENT, below=True),
        _line("refused_ever_high", found, lambda each: each.end("refused_ever", 1), Unit.PERCENT, below=True),
        _line("refused_ever_amount", found, lambda each: each.amount("refused_ever"), Unit.CENTS, below=True),
        _line("refused_ever_amount_median", found, lambda e: e.median_amount("refused_ever"), Unit.CENTS, below=True),
        _line("refused_of_all", found, lambda each: each.refusals_let_through(), Unit.PERCENT, below=True),
    ]
    for code in (Fate.REFUSED_THEN_GRANTED, Fate.REFUSED, Fate.CHANGED):
        lines += _amounts(found, code)
    lines += [
        _line("lowered_by", found, lambda each: each.lowered_by(), Unit.CENTS, below=True),
        *(
            _line(code, found, lambda each, code=code: each.count(code), opens=code)  # type: ignore[misc]
            for code in (Fate.AS_ASKED, Fate.WITHDRAWN, Fate.OPEN)
        ),
    ]
    return lines


def _amounts(found: "Sequence[Counted]", code: str) -> list[Line]:
    return [
        _line(code, found, lambda each: each.count(code), opens=code),
        _line(f"{code}_share", found, lambda each: each.share(code), Unit.PERCENT, below=True),
        _line(f"{code}_low", found, lambda each: each.end(code, 0), Unit.PERCENT, below=True),
        _line(f"{code}_high", found, lambda each: each.end(code, 1), Unit.PERCENT, below=True),
        _line(f"{code}_amount", found, lambda each: each.amount(code), Unit.CENTS, below=True),
        _line(f"{code}_amount_median", found, lambda each: each.median_amount(code), Unit.CENTS, below=True),
    ]


def rest(found: "Sequence[Counted]") -> list[Line]:
    """What is no part of gain and price, and why."""

    def number(code: str, below: bool = False) -> Line:
        return _line(code, found, lambda each: each.count(code), opens=code, below=below)

    return [
        number("still_asked"),
        number("unplaced"),
        number("unplaced_refused", below=True),
        _line("refused_at_most", found, lambda each: each.refused_at_most(), Unit.PERCENT, below=True),
        number("allowed_already"),
        number("with_colleagues"),
        number("unknown_wait", below=True),
        number("deviating"),
    ]


def _line(
    code: str,
    found: "Sequence[Counted]",
    value: "Callable[[Counted], Cell]",
    unit: Unit = Unit.COUNT,
    opens: str = "",
    below: bool = False,
) -> Line:
    return Line(code, TITLES[code], unit, tuple(value(each) for each in found), opens, below)


class Counted:
    """The figures of one scenario, each withheld with the groups that it rests on."""

    def __init__(self, scenario: Scenario) -> None:
        self.replay = scenario.replay
        self.may = scenario.shown
        self.groups = _groups(self.replay)

    def _cell(self, codes: Sequence[str], value: Callable[[], float | int | None]) -> Cell:
        return Cell(value()) if all(self.may(code) for code in codes) else Cell(None, True)

    def count(self, code: str) -> Cell:
        """How many requests are in a group."""
        return self._cell([code], lambda: len(self.groups[code]))

    def share_of_all(self, code: str) -> Cell:
        """A group as a part of everything that was asked."""
        return self._cell([code], lambda: _percent(len(self.groups[code]), len(self.replay.history.requests)))

    def share(self, code: str) -> Cell:
        """A group as a part of what the front line would have decided."""
        return self._cell([code, "front_line"], lambda: _percent(len(self.groups[code]), len(self.replay.in_front)))

    def end(self, code: str, which: int) -> Cell:
        """The lower (0) or upper (1) end of the 95% interval of that share."""
        interval = Share(len(self.groups[code]), len(self.replay.in_front)).interval
        return self._cell([code, "front_line"], lambda: round(interval[which] * 100, 1) if interval else None)

    def amount(self, code: str) -> Cell:
        """What was asked in a group, together."""
        return self._cell([code], lambda: sum(each.amount or 0 for each in self.groups[code]))

    def median_amount(self, code: str) -> Cell:
        """The middle amount asked in a group."""
        amounts = [each.amount for each in self.groups[code] if each.amount is not None]
        return self._cell([code], lambda: median_amount(amounts))

    def waited(self, code: str) -> Cell:
        """How long the requests of a group waited for answers, together."""
        return self._cell([code], lambda: _days(sum((e.spared.for_answers for e in self.groups[code]), NO_TIME)))

    def first_to_last(self) -> Cell:
        """The same from first asking to last answer."""
        waits = (each.spared.first_to_last for each in self.groups["front_line"])
        return self._cell(["front_line"], lambda: _days(sum(waits, NO_TIME)))

    def spared_share(self) -> Cell:
        """Which part of all waiting would have been spared."""
        spared, whole = self.replay.spared, self.replay.whole_wait
        return self._cell(["front_line"], lambda: round(spared / whole * 100, 1) if whole else None)

    def spread(self, which: str) -> Cell:
        """How the waits of single requests lie; those whose wait with colleagues is not known are left out."""
        waits = [each.spared.for_answers for each in self.replay.in_front if not each.unknown_wait]
        found = spread(waits)
        if self.may.withholds and which != "median" and len(waits) < FEWEST_FOR_ENDS:
            return Cell(None, bool(waits))
        return self._cell(["front_line", "unknown_wait"], lambda: _days(getattr(found, which)) if found else None)

    def steps(self) -> Cell:
        """How many steps of approvers would not have been needed."""
        return self._cell(["front_line"], self._steps)

    def hours(self, cost: ApprovalCost) -> Cell:
        """How long those steps take."""
        return self._cell(["front_line"], lambda: round(float(cost.minutes(self._steps()) / 60), 1))

    def worth(self, cost: ApprovalCost) -> Cell:
        """What those steps cost, in cents."""
        return self._cell(["front_line"], lambda: int(cost.worth(self._steps()) * 100))

    def _steps(self) -> int:
        return sum(each.steps for each in self.replay.in_front)

    def lowered_by(self) -> Cell:
        """By how much approval lowered amounts, together."""
        return self._cell(["front_line", Fate.CHANGED], lambda: sum(each.lowered_by for each in self.replay.in_front))

    def refusals_let_through(self) -> Cell:
        """Which part of all requests that were refused at least once would not have been asked."""
        every = sum(fate(each.rounds) in REFUSED_EVER for each in self.replay.history.requests)
        return self._cell(["refused_ever", "everything"], lambda: _percent(len(self.groups["refused_ever"]), every))

    def refused_at_most(self) -> Cell:
        """The share refused at least once, if everything without an amount lay under the ceiling too."""
        refused = len(self.groups["refused_ever"]) + len(self.groups["unplaced_refused"])
        whole = len(self.replay.in_front) + len(self.replay.unplaced)
        codes = ["refused_ever", "unplaced_refused", "front_line", "unplaced"]
        return self._cell(codes, lambda: _percent(refused, whole))


def _percent(count: int, of: int) -> float | None:
    share = Share(count, of).value
    return None if share is None else round(share * 100, 1)


def _days(time: timedelta) -> float:
    return float(days(time))


def refusers(replay: Replay, titles: Mapping[str, str]) -> list[tuple[str, int]]:
    """How many refusals came from holders of which function, most first; for logs, not for colleagues."""
    known = dict(replay.history.functions)
    found: dict[str, int] = {}
    for each in replay.in_front:
        for one in each.rounds:
            if one.answer is Answer.REFUSED and one.answered_by is not None:
                functions = known.get(one.answered_by, ())
                title = ", ".join(titles.get(code, code) for code in functions) or "?"
                found[title] = found.get(title, 0) + 1
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
