"""Comparing things that do the same work: turn by turn in one run, so that a busy machine slows all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

ROUNDS = 5
TURNS = 4
Work = Callable[[int], None]
"""Does a number of steps."""


@dataclass(frozen=True)
class Compared:
    """Seconds per step of each contender, one figure a round."""

    seconds: Mapping[str, list[float]]

    def rate(self, name: str) -> float:
        """Steps per second, in the middle round."""
        return 1 / median(self.seconds[name])

    def ratios(self, name: str, other: str) -> list[float]:
        """How many times the rate of another, round by round."""
        return [theirs / own for own, theirs in zip(self.seconds[name], self.seconds[other], strict=True)]

    def times(self, name: str, other: str) -> list[float]:
        """How many times the cost of another, round by round."""
        return [own / theirs for own, theirs in zip(self.seconds[name], self.seconds[other], strict=True)]


def compare(contenders: Mapping[str, Work], steps: int, rounds: int = ROUNDS) -> Compared:
    """Let each contender do so many steps a round, in short turns; a first short turn of each is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    turn = max(1, steps // TURNS)
    for work in contenders.values():
        work(turn)
    for _ in range(rounds):
        spent = dict.fromkeys(contenders, 0.0)
        for _ in range(TURNS):
            for name, work in contenders.items():
                start = time.perf_counter()
                work(turn)
                spent[name] += time.perf_counter() - start
        for name, total in spent.items():
            seconds[name].append(total / (turn * TURNS))
    return Compared(seconds)


def spread(figures: list[float]) -> str:
    """The middle one, and between which two they all lie."""
    return f"{median(figures):.2f} (min {min(figures):.2f}, max {max(figures):.2f})"


def told(what: str, figures: list[float], bound: float, at_least: bool) -> bool:
    """Print a figure with its bound; whether it keeps to it."""
    kept = median(figures) >= bound if at_least else median(figures) <= bound
    word = "at least" if at_least else "at most"
    print(f"  {what}: {spread(figures)}; {word} {bound}: {'kept' if kept else 'NOT KEPT'}", flush=True)
    return kept
