"""The other way round: which ceiling spares how much waiting, and what does it let through. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from wijkteam.mandate.what_if.covering import Register, askers_functions, with_ceiling
from wijkteam.mandate.what_if.past import NO_TIME, Answer
from wijkteam.mandate.what_if.replaying import Fate, Judged, Replaying
from wijkteam.terms import clock

ALL_OF_IT = Fraction(1)


@dataclass(frozen=True)
class Point:
    """What a ceiling up to and including this amount (cents) would have done, all lower amounts with it."""

    ceiling: int
    requests: int
    spared: timedelta
    refused: int
    """Requests that were refused at least once and would not have been asked."""
    refused_for_good: int
    """Of those the ones that were never granted since."""


NOTHING = Point(0, 0, NO_TIME, 0, 0)


@dataclass(frozen=True)
class Curve:
    """All ceilings that make a difference for one power and one function that asks for it, lowest first.

    The last point is the highest amount that was asked for; shares are of that. What was asked for without an amount
    can be placed under no ceiling: it is no part of any point, and told apart.
    """

    power: str
    function: str
    today: int | None
    """The widest ceiling that the function holds for the power now, in cents; None without a mandate with a ceiling."""
    points: tuple[Point, ...]
    unplaced: Point
    """What was asked for without an amount; it has no ceiling."""

    @property
    def whole(self) -> Point | None:
        """What the widest ceiling that makes a difference would do; None when nothing was asked."""
        return self.points[-1] if self.points else None

    def spares(self, point: Point) -> Fraction:
        """Which part of the waiting a point spares."""
        assert self.whole is not None
        whole = _ticks(self.whole.spared)
        return Fraction(_ticks(point.spared), whole) if whole else ALL_OF_IT

    def lets_through(self, point: Point) -> Fraction:
        """Which part of the requests that were refused at least once a point lets through."""
        assert self.whole is not None
        return Fraction(point.refused, self.whole.refused) if self.whole.refused else Fraction(0)

    def lets_through_for_good(self, point: Point) -> Fraction:
        """Which part of the requests that were refused for good a point lets through."""
        assert self.whole is not None
        whole = self.whole.refused_for_good
        return Fraction(point.refused_for_good, whole) if whole else Fraction(0)


@dataclass(frozen=True)
class Choice:
    """The smallest ceiling that spares at least so much, held against how much it may let through."""

    spare: Fraction
    let_through: Fraction
    smallest: Point | None
    """None when nothing was asked."""
    fits: bool
    """Whether it lets through no more than it may."""
    most: Point | None
    """The highest ceiling that lets through no more than it may; None when every one lets through more."""


def choose(curve: Curve, spare: Fraction, let_through: Fraction) -> Choice:
    """The smallest ceiling that spares at least this part of the waiting, with at most this part of the refusals.

    Both only grow with the ceiling, so that no other ceiling can do when the smallest one does not fit.
    """
    smallest = next((each for each in curve.points if curve.spares(each) >= spare), None)
    fitting = [each for each in curve.points if curve.lets_through(each) <= let_through]
    fits = smallest is not None and curve.lets_through(smallest) <= let_through
    return Choice(spare, let_through, smallest, fits, fitting[-1] if fitting else None)


def curves(replaying: Replaying, functions: Collection[str] = ()) -> tuple[Curve, ...]:
    """A curve for each power and each function of who asked for it, as far as today's register does not cover it.

    `functions` leaves out others; none leaves out nothing.
    """
    return tuple(
        _curve(replaying, power, function)
        for power, function in sorted(askers_functions(replaying.history))
        if not functions or function in functions
    )


def _curve(replaying: Replaying, power: str, function: str) -> Curve:
    """Every round falls away from a ceiling on: the lowest amount that was asked for in it or in a round before it."""
    history, today = replaying.history, replaying.today
    found = replaying.under(with_ceiling(today, [(power, function)], None)).in_front
    steps = [step for each in found for step in _steps(each, history.seen_until)]
    placed = sorted(((ceiling, step) for ceiling, step in steps if ceiling is not None), key=lambda each: each[0])
    points: list[Point] = []
    ran = NOTHING
    for ceiling, step in placed:
        ran = _plus(ran, step, ceiling)
        if points and points[-1].ceiling == ceiling:
            points[-1] = ran
        else:
            points.append(ran)
    unplaced = NOTHING
    for step in (step for ceiling, step in steps if ceiling is None):
        unplaced = _plus(unplaced, step, 0)
    now = history.last if history.source is not None else clock.local(history.seen_until).date()
    return Curve(power, function, _today(today, power, function, now), tuple(points), unplaced)


def _plus(point: Point, step: Point, ceiling: int) -> Point:
    return Point(
        ceiling,
        point.requests + step.requests,
        point.spared + step.spared,
        point.refused + step.refused,
        point.refused_for_good + step.refused_for_good,
    )


def _steps(judged: Judged, seen_until: datetime) -> Iterator[tuple[int | None, Point]]:
    """What one request adds, from which ceiling on; None: from no ceiling, because the amount is not known."""
    lowest, refused, refused_at = None, False, None
    for each in judged.rounds:
        if each.amount is not None:
            lowest = each.amount if lowest is None else min(lowest, each.amount)
        if each.answer is Answer.REFUSED:
            refused, refused_at = True, lowest
        yield lowest, Point(0, 0, each.waited(seen_until), 0, 0)
    yield lowest, Point(0, 1, NO_TIME, 0, 0)
    if refused:
        yield refused_at, Point(0, 0, NO_TIME, 1, int(judged.fate is Fate.REFUSED))


def _today(register: Register, power: str, function: str, day: date) -> int | None:
    ceilings = [
        row.ceiling_per_decision
        for row in register.rows
        if row.power == power and row.function == function and row.in_force(day)
    ]
    known = [each for each in ceilings if each is not None]
    return max(known) if known and len(known) == len(ceilings) else None


def _ticks(time: timedelta) -> int:
    return time // timedelta(microseconds=1)
