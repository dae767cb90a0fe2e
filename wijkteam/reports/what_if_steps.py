"""Under which ceilings the municipality's own requests are told, so that no page can be subtracted from another. Pure.

Who may ask any ceiling over any days can lay two pages side by side that differ by one request, and read that request
from their difference. So of the municipality's own requests:

1. pages are about whole calendar years, which never overlap;
2. a ceiling is rounded to a *step* of its power. From one step to the next each group of requests of which anything
   becomes different counts no household or at least `FEWEST`. What differs between two pages of a power is then a sum
   of such groups;
3. what would leave too few steps is told at no step: first with how many colleagues have to agree, then what became of
   requests one by one, then what was refused at all;
4. a page over all powers is the sum of the pages of its powers: it leaves out powers that have no step, and tells no
   figure that one of those pages keeps back.

Which amounts can be steps is fixed: it does not depend on what was asked.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wijkteam.mandate.what_if.covering import Register, askers_functions, with_ceilings
from wijkteam.mandate.what_if.curve import NOTHING, Curve
from wijkteam.mandate.what_if.past import History, PastRequest
from wijkteam.mandate.what_if.replaying import REFUSED_EVER, Fate, Judged, Replay, Replaying, fate
from wijkteam.reports.what_if_withholding import EVERY_GROUP, Shown, households, shown_in
from wijkteam.reports.withholding import FEWEST

AMOUNTS = tuple(part * 10**power for power in range(2, 9) for part in (10, 15, 20, 25, 30, 40, 50, 75))
"""Amounts that can be steps, in cents: from € 10."""
HOW_TOGETHER = frozenset({"with_colleagues", "unknown_wait"})
BY_FATE = frozenset({*Fate, "granted"})
REFUSALS = frozenset({"refused_ever", "unplaced_refused", "everything"})


@dataclass(frozen=True)
class Detail:
    """How much is told of what the front line would have decided, and which groups of requests are then left out."""

    part: Callable[[Judged], object]
    refusals: bool
    hidden: frozenset[str]


DETAILS = (
    Detail(lambda each: (each.fate, each.covered.colleagues > 0, each.unknown_wait), True, frozenset()),
    Detail(lambda each: each.fate, True, HOW_TOGETHER),
    Detail(lambda each: each.fate in REFUSED_EVER, True, HOW_TOGETHER | BY_FATE),
    Detail(lambda _each: None, False, HOW_TOGETHER | BY_FATE | REFUSALS),
)
"""From the most that can be told to the least."""


@dataclass(frozen=True)
class Power:
    """The requests of one power in a year, and the ceilings under which they are told."""

    replaying: Replaying
    pairs: frozenset[tuple[str, str]]
    """The power with each function of who asked for it."""
    steps: tuple[int, ...]
    hidden: frozenset[str]

    def step(self, ceiling: int) -> int | None:
        """The highest step up to a ceiling (cents); None below the lowest."""
        place = bisect_right(self.steps, ceiling)
        return self.steps[place - 1] if place else None

    def under(self, ceiling: int) -> Replay:
        """The replay under a ceiling for all who asked."""
        return self.replaying.under(with_ceilings(self.replaying.today, dict.fromkeys(self.pairs, ceiling), ceiling))

    def shown(self, ceilings: Sequence[int]) -> list[Shown]:
        """What may be told under each of these steps, seen together."""
        return [each.without(self.hidden) for each in shown_in([self.under(each) for each in ceilings])]


@dataclass(frozen=True)
class Told:
    """What a page tells of the municipality's own requests: replays, what may be told of each, and their ceilings."""

    history: History
    ceilings: tuple[int, ...]
    replays: list[Replay]
    shown: list[Shown]
    curve: Callable[[Curve], Curve]


def told_pages(history: History, today: Register, ceilings: Sequence[int]) -> Told:
    """What may be told of the requests of a year under ceilings (cents), each rounded to a step."""
    powers = [each for name in history.powers if (each := power_of(history, today, name)).steps]
    if not powers:
        replaying, pairs = Replaying(history, today), askers_functions(history)
        wished = tuple(sorted(set(ceilings)))
        replays = [replaying.under(with_ceilings(today, dict.fromkeys(pairs, each), each)) for each in wished]
        nothing = Shown(EVERY_GROUP if history.requests else frozenset(), True)
        return Told(history, wished, replays, [nothing] * len(wished), no_curve)
    if len(powers) == 1:
        (power,) = powers
        steps = tuple(sorted({power.step(each) or power.steps[0] for each in ceilings}))
        replays = [power.under(each) for each in steps]
        return Told(power.replaying.history, steps, replays, power.shown(steps), lambda found: at_steps(found, power))
    return _together(history, today, powers, tuple(sorted(set(ceilings))))


def _together(history: History, today: Register, powers: Sequence[Power], ceilings: tuple[int, ...]) -> Told:
    told = {each.id for power in powers for each in power.replaying.history.requests}
    history = replace(history, requests=tuple(each for each in history.requests if each.id in told))
    replaying = Replaying(history, today)
    replays, shown = [], []
    for ceiling in ceilings:
        wider = {pair: step for each in powers if (step := each.step(ceiling)) is not None for pair in each.pairs}
        replays.append(replaying.under(with_ceilings(today, wider, ceiling)))
        pages = [each.shown([each.step(ceiling) or each.steps[0]])[0] for each in powers]
        shown.append(Shown(frozenset[str]().union(*(each.hidden for each in pages)), True))
    return Told(history, ceilings, replays, shown, no_curve)


def power_of(history: History, today: Register, name: str) -> Power:
    """The requests of one power, with the steps under which they may be told: none of a few households."""
    own = replace(history, requests=tuple(each for each in history.requests if each.power == name))
    whole = Power(Replaying(own, today), askers_functions(own), (), frozenset())
    if households(own.requests) < FEWEST:
        return whole
    replays = {ceiling: whole.under(ceiling) for ceiling in _amounts(own)}
    found = [replace(whole, steps=steps_of(replays, each), hidden=each.hidden) for each in DETAILS]
    # the most detail with which can be told as far as with any
    return max(found, key=lambda each: len(replays[each.steps[-1]].in_front) if each.steps else -1)


def _amounts(history: History) -> list[int]:
    """The amounts that can be steps, up to the first that covers all that was asked."""
    asked = (each.amount or 0 for request in history.requests for each in request.rounds)
    last = bisect_right(AMOUNTS, max(asked, default=0) - 1)
    return list(AMOUNTS[: last + 1])


def steps_of(replays: dict[int, Replay], detail: Detail) -> tuple[int, ...]:
    """Of these ceilings (cents, lowest first) those that are a step when so much is told.

    Where nothing becomes different it is a step too: a zero tells of nobody. All steps keep back the same groups, for
    what one page keeps back must not follow from what another tells.
    """
    steps: list[int] = []
    before: dict[str, object] = {}
    away: frozenset[str] = frozenset()
    for ceiling, found in replays.items():
        now, shown = _places(found, detail), shown_in([found])[0].without(detail.hidden)
        moved: dict[tuple[object, object], list[PastRequest]] = {}
        for each in found.history.requests:
            if before.get(each.id) != now[each.id]:
                moved.setdefault((before.get(each.id), now[each.id]), []).append(each)
        enough = shown.hidden == away and all(households(each) >= FEWEST for each in moved.values())
        if shown("front_line") and (enough or not steps):
            steps.append(ceiling)
            before, away = now, shown.hidden
    return tuple(steps)


def _places(found: Replay, detail: Detail) -> dict[str, object]:
    """In which group of what is told each request is."""
    places: dict[str, object] = {each.request.id: ("front", detail.part(each)) for each in found.in_front}
    places |= {each.id: "still asked" for each in found.still_asked}
    places |= {each.id: "allowed" for each in found.allowed_already}
    return places | {
        each.id: ("unplaced", detail.refusals and fate(each.rounds) in REFUSED_EVER) for each in found.unplaced
    }


def at_steps(curve: Curve, power: Power) -> Curve:
    """The same curve with the steps of its power for points; none where a point tells what no page may."""
    points = []
    for step, shown in zip(power.steps, power.shown(power.steps), strict=True):
        reached = [each for each in curve.points if each.ceiling <= step]
        if reached and all(shown(code) for code in ("front_line", "refused_ever", Fate.REFUSED)):
            points.append(replace(reached[-1], ceiling=step))
    return replace(curve, points=tuple(points), unplaced=NOTHING)


def no_curve(curve: Curve) -> Curve:
    """The curve without any point: of more powers, one less others is told."""
    return replace(curve, points=(), unplaced=NOTHING)
