"""When new subjects come in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from wijkteam.simulating.hours import DAY, WEEK, Hours, OfficeHours, local_of, start_of_week

ENOUGH_WEEKS = 8


@dataclass(frozen=True)
class Arriving:
    """So many a week, at the moments of the week at which they came in the past."""

    per_week: float
    counts: tuple[int, ...]
    """How many came in each whole week of the past; empty: by chance alone (Poisson)."""
    offsets: tuple[float, ...]
    """Seconds since Monday midnight."""
    source: str

    def moments(self, chance: Random, count: int, start: float) -> list[float]:
        """The moments of the next so many, in order, from the week that begins at `start` (POSIX seconds)."""
        found: list[float] = []
        monday = local_of(start).date()
        while len(found) < count:
            number = chance.choice(self.counts) if self.counts else _poisson(chance, self.per_week)
            found += sorted(start_of_week(monday) + chance.choice(self.offsets) for _ in range(number))
            monday += timedelta(days=7)
        return found[:count]


def _poisson(chance: Random, mean: float) -> int:
    """A number of arrivals in one week: exponential times between them."""
    count, passed = 0, chance.expovariate(mean)
    while passed < 1:
        count += 1
        passed += chance.expovariate(mean)
    return count


def given_arrivals(per_week: float, offsets: Sequence[float], hours: Hours, source: str) -> Arriving:
    """So many a week by chance alone; without moments of the past, evenly over the open hours."""
    return Arriving(per_week, (), tuple(offsets) or _open_moments(hours), source)


def _open_moments(hours: Hours) -> tuple[float, ...]:
    if isinstance(hours, OfficeHours):
        first, last = hours.hours.start * 3600, hours.hours.until * 3600
        return tuple(day * DAY + second for day in range(5) for second in range(first, last, 60))
    return tuple(float(second) for second in range(0, int(WEEK), 600))


def fitted_arrivals(opened: Sequence[float]) -> Arriving:
    """As the past shows: whole weeks drawn from its weeks, or by its mean where there are few of them."""
    mondays = Counter(start_of_week(local_of(moment).date()) for moment in opened)
    offsets = tuple(_offset(moment) for moment in opened)
    first, last = min(mondays), max(mondays)
    per_week = len(opened) / max(1.0, (max(opened) - min(opened)) / WEEK)
    whole: list[int] = []
    day = local_of(first).date() + timedelta(days=7)
    while start_of_week(day) < last:
        whole.append(mondays.get(start_of_week(day), 0))
        day += timedelta(days=7)
    if len(whole) < ENOUGH_WEEKS or not any(whole):
        return Arriving(per_week, (), offsets, "the past")
    return Arriving(sum(whole) / len(whole), tuple(whole), offsets, "the past")


def _offset(moment: float) -> float:
    local: datetime = local_of(moment)
    return local.weekday() * DAY + local.hour * 3600 + local.minute * 60 + local.second
