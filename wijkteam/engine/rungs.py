"""Where a step puts a subject on its ladder, told as data, for whoever has no real subject in hand."""

from collections.abc import Callable
from enum import StrEnum

from wijkteam.engine.ladder import Ladder

Held = Callable[[str], bool]
"""Whether somebody holds a function."""


class RungMove(StrEnum):
    """What an effect does to the rung."""

    FIRST = "first"
    """To the rung where the subject begins, or the nearest one above that somebody holds, else below."""
    UP = "up"
    """To the next rung above that somebody holds; where there is none it stays."""
    UP_OR_LAST = "up_or_last"
    """To the next rung above that somebody holds; where there is none to the last one all the same."""
    DOWN = "down"
    """To the next rung below that somebody holds; where there is none it stays."""
    SAFETY = "safety"
    """To the safety rung, or where it stands higher already it stays; or to the nearest held one above, else below."""
    HERE = "here"
    """It stays, or goes to the nearest rung that somebody holds where nobody holds this one any longer."""


class RungRule(StrEnum):
    """What a guard asks of the rung."""

    HELD_ABOVE = "held_above"
    """Somebody holds a rung above."""
    ANY_ABOVE = "any_above"
    """It is not the last rung."""
    HELD_BELOW = "held_below"
    """Somebody holds a rung below."""
    CLIMBS = "climbs"
    """The ladder lets silence on this rung lead up."""


def rung_after(move: RungMove, ladder: Ladder, rung: int, held: Held) -> int:
    """The rung on which a subject stands after this move from `rung` (for FIRST: the rung where it is to begin)."""
    last = len(ladder.rungs)
    above = _held(ladder, range(rung + 1, last + 1), held)
    below = _held(ladder, range(rung - 1, 0, -1), held)
    here = _held(ladder, range(rung, rung + 1), held)
    match move:
        case RungMove.FIRST:
            return here or above or below or last
        case RungMove.UP:
            return above or rung
        case RungMove.UP_OR_LAST:
            return above or last
        case RungMove.DOWN:
            return below or rung
        case RungMove.SAFETY:
            return rung_after(RungMove.FIRST, ladder, max(rung, ladder.safety_rung), held)
        case RungMove.HERE:
            return here or above or below or rung


def rung_allows(rule: RungRule, ladder: Ladder, rung: int, held: Held) -> bool:
    """Whether a guard with this rule lets a subject on `rung` through."""
    last = len(ladder.rungs)
    match rule:
        case RungRule.HELD_ABOVE:
            return _held(ladder, range(rung + 1, last + 1), held) is not None
        case RungRule.ANY_ABOVE:
            return rung < last
        case RungRule.HELD_BELOW:
            return _held(ladder, range(rung - 1, 0, -1), held) is not None
        case RungRule.CLIMBS:
            return ladder.climbs_from(rung)


def _held(ladder: Ladder, numbers: range, held: Held) -> int | None:
    return next((number for number in numbers if held(ladder.rung(number).function)), None)
