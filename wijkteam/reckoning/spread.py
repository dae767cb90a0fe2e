"""A wijk whose average hides a problem buurt: the spread within it beside its average.

A wijk hides a buurt when the wijk itself does not stand out, and the buurt does. To stand out means: so many would come
by chance in fewer than one in a thousand buurten of its size if it were as all others are (the upper 99.8% limit of a
funnel plot: Spiegelhalter, Statistics in Medicine 24, 2005). Chance is that of rare events (Poisson), reckoned exactly,
so that a small buurt with a high rate is not called a problem for being small.

Rates are per thousand households that live there. A buurt of 1 to 4 counted households, or one that is withheld
elsewhere, is never named. The thought is the guide's: in a prosperous wijk there can lie a problem buurt.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import exp, lgamma, log

from wijkteam.reckoning.small import FEWEST

RARE = 0.001
"""One-sided chance under which a count stands out."""


class WrongBuurt(ValueError):
    """More households are counted in a buurt than live there, or fewer than none."""


@dataclass(frozen=True)
class Buurt:
    """A buurt: in which wijk it lies, how many households live there, and how many of those are counted."""

    code: str
    wijk: str
    living: int
    counted: int


@dataclass(frozen=True)
class WijkSpread:
    """A wijk: its rate per thousand households, those of its lowest and highest buurt, and what it hides.

    Rates are None where nothing may be told.
    """

    wijk: str
    rate: float | None
    lowest: float | None
    highest: float | None
    hides: tuple[str, ...]
    """The buurten that stand out while the wijk does not, the highest rate first."""


def spreads(buurten: Iterable[Buurt], withheld: Collection[str] = ()) -> tuple[WijkSpread, ...]:
    """Every wijk with its spread, those that hide something first.

    `withheld` are codes of buurten and wijken whose counts stand withheld elsewhere. Buurten in which nobody lives are
    passed over.

    Raises WrongBuurt.
    """
    every = [each for each in buurten if _checked(each).living]
    living, counted = sum(each.living for each in every), sum(each.counted for each in every)
    wijken: dict[str, list[Buurt]] = {}
    for each in every:
        wijken.setdefault(each.wijk, []).append(each)
    found = [_spread(wijk, parts, living, counted, withheld) for wijk, parts in wijken.items()]
    return tuple(sorted(found, key=lambda each: (-len(each.hides), each.wijk)))


def stands_out(living: int, counted: int, all_living: int, all_counted: int) -> bool:
    """Whether so many in an area are more than chance, when it were as everywhere else."""
    elsewhere = all_living - living
    if elsewhere <= 0:
        return False
    return _chance_of_at_least(counted, living * (all_counted - counted) / elsewhere) < RARE


def _checked(buurt: Buurt) -> Buurt:
    if not 0 <= buurt.counted <= buurt.living:
        raise WrongBuurt(f"{buurt.code}: {buurt.counted} counted of {buurt.living} households")
    return buurt


def _spread(wijk: str, parts: list[Buurt], all_living: int, all_counted: int, withheld: Collection[str]) -> WijkSpread:
    living, counted = sum(each.living for each in parts), sum(each.counted for each in parts)
    told = [each for each in parts if _may_be_told(each.code, each.counted, withheld)]
    rates = [_rate(each.counted, each.living) for each in told]
    hidden: list[Buurt] = []
    if len(parts) > 1 and not stands_out(living, counted, all_living, all_counted):
        hidden = [each for each in told if stands_out(each.living, each.counted, all_living, all_counted)]
    return WijkSpread(
        wijk,
        _rate(counted, living) if _may_be_told(wijk, counted, withheld) else None,
        min(rates, default=None),
        max(rates, default=None),
        tuple(each.code for each in sorted(hidden, key=lambda each: (-each.counted / each.living, each.code))),
    )


def _may_be_told(code: str, counted: int, withheld: Collection[str]) -> bool:
    return code not in withheld and not 0 < counted < FEWEST


def _rate(counted: int, living: int) -> float:
    return round(1000 * counted / living, 1)


def _chance_of_at_least(count: int, expected: float) -> float:
    """The chance of so many or more rare events where so many are expected (Poisson)."""
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    if count < expected:
        return 1.0
    term, total = 1.0, 0.0
    number = count
    while term > 1e-12 * (total or 1):
        total += term
        number += 1
        term *= expected / number
    return min(1.0, total * exp(count * log(expected) - expected - lgamma(count + 1)))
