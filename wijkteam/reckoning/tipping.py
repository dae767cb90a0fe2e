"""Early warnings of an area: three stated rules, so that a warning can be checked and is never a feeling.

1. *rising*: each of the last three periods is above the one before it, and the last one lies above the limits of the
   periods before those three (`control`). A rise within the limits is noise.
2. *run*: the last eight periods all lie above the mean of the periods before them, which with at least twelve of those
   chance does in fewer than one in a hundred areas that do not change.
3. *open*: of what was asked in the last three periods a larger share is open than elsewhere in the municipality, by
   more than chance: the lower end of its 99% interval (Wilson, Journal of the American Statistical Association 22,
   1927) lies above the share of all other areas.

An area of fewer than 5 households in the last three periods gives no warning and no all clear: it is not known. A point
of tipping is one of an area, never of a household: it says look here, with those who live and work there.

The thought is of RIGO's tipping points of neighbourhoods (2011); the numbers of the rules are this project's own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist, fmean

from wijkteam.reckoning.control import RUN, limits_of
from wijkteam.reckoning.small import FEWEST

RISING = 3
LEVEL = 0.99


class Kind(StrEnum):
    """By which rule an area is warned for."""

    RISING = "rising"
    RUN = "run"
    OPEN = "open"


@dataclass(frozen=True)
class Area:
    """What was asked in one area: counts per period in order, the newest last; and of the last three, the rest.

    `households`, `asked` and `still_open` are of those last three periods together.
    """

    code: str
    counts: Sequence[int]
    households: int
    asked: int
    still_open: int


@dataclass(frozen=True)
class Outlook:
    """What the rules say of one area; not known where too few households are behind it, or it may not be told."""

    code: str
    known: bool
    warnings: tuple[Kind, ...] = ()


def outlooks(areas: Iterable[Area], withheld: Collection[str] = ()) -> tuple[Outlook, ...]:
    """What the rules say of each area, those with most warnings first.

    `withheld` are areas whose counts stand withheld elsewhere.
    """
    every = list(areas)
    asked, waiting = sum(each.asked for each in every), sum(each.still_open for each in every)
    found = [
        Outlook(each.code, True, _warnings(each, asked - each.asked, waiting - each.still_open))
        if each.households >= FEWEST and each.code not in withheld
        else Outlook(each.code, False)
        for each in every
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.warnings), not each.known, each.code)))


def rises(counts: Sequence[int]) -> bool:
    """Whether the last periods rise, out of the limits of those before them."""
    before, last = counts[:-RISING], counts[-RISING:]
    limits = limits_of(before)
    if limits is None:
        return False
    row = [before[-1], *last]
    return all(one < other for one, other in zip(row, row[1:], strict=False)) and last[-1] > limits.high


def stays_high(counts: Sequence[int]) -> bool:
    """Whether the last periods all lie above the mean of those before them, of which there are enough."""
    before, last = counts[:-RUN], counts[-RUN:]
    return limits_of(before) is not None and min(last) > fmean(before)


def lower_share(part: int, whole: int, level: float = LEVEL) -> float:
    """The lower end of the interval for a share, between 0 and 1; 0 of nothing."""
    if whole == 0:
        return 0.0
    width = NormalDist().inv_cdf((1 + level) / 2)
    share, extra = part / whole, width**2 / whole
    middle = share + extra / 2
    reach = width * sqrt(share * (1 - share) / whole + extra / (4 * whole))
    return max(0.0, (middle - reach) / (1 + extra))


def _warnings(area: Area, asked_elsewhere: int, open_elsewhere: int) -> tuple[Kind, ...]:
    found = []
    if rises(area.counts):
        found.append(Kind.RISING)
    if stays_high(area.counts):
        found.append(Kind.RUN)
    if asked_elsewhere and lower_share(area.still_open, area.asked) > open_elsewhere / asked_elsewhere:
        found.append(Kind.OPEN)
    return tuple(found)
