"""How long somebody waits before the next try to sign in, reckoned from the moments of earlier misses. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rules:
    """What is counted over which time, and what follows."""

    window: timedelta = timedelta(minutes=15)
    free: int = 5
    """So many misses within the window cost nothing yet; with the last of them the waiting begins."""
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    looked_back: timedelta = timedelta(days=1)
    """Older misses no longer count in any way."""
    per_address: int = 100
    per_address_window: timedelta = timedelta(hours=1)
    known_for: timedelta = timedelta(days=30)
    """How long a browser or an address stays known after signing in with or from it."""
    kept_for: timedelta = timedelta(days=35)
    """How long tries are kept at all."""


RULES = Rules()


def wait_of_level(level: int, rules: Rules = RULES) -> timedelta:
    """The wait that belongs to a level: none at 0, then doubled with each miss up to the longest."""
    if level <= 0:
        return timedelta(0)
    doubled: timedelta = rules.first_wait * 2 ** min(level - 1, 20)
    return min(doubled, rules.longest_wait)


def open_again(misses: Iterable[datetime], rules: Rules = RULES) -> datetime | None:
    """From which moment the next try is let in, after these misses; None when nobody has to wait at all.

    The level rises with every miss that comes within a window after the wait of the one before it, and falls to
    nothing after a longer rest: so that a slow machine cannot go on for ever at the price of the first wait.
    """
    level, recent, last = 0, list[datetime](), None
    for at in sorted(misses):
        if level and last is not None and at - last <= wait_of_level(level, rules) + rules.window:
            level += 1
        else:
            recent = [each for each in recent if at - each < rules.window] + [at]
            level = 1 if len(recent) >= rules.free else 0
        last = at
    return last + wait_of_level(level, rules) if level and last is not None else None


def address_open_again(misses: Iterable[datetime], now: datetime, rules: Rules = RULES) -> datetime | None:
    """From which moment an address is let in again; None when it made fewer misses than the most within the window."""
    recent = sorted(each for each in misses if now - each < rules.per_address_window)
    if len(recent) < rules.per_address:
        return None
    return recent[-rules.per_address] + rules.per_address_window
