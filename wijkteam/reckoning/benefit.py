"""Social cost and benefit of a breakthrough: muddling on against breaking through, per party who pays and who gains.

Ranges instead of points. Of each cost the low end of a gain takes the price and the amounts that favour breaking
through least, the high end those that favour it most; a price is the same on both sides, since it is one thing. Sums
add low ends to low ends: they say what is so when all is against it at once, so they are wider than chance would make
them. Amounts are whole cents; who pays which part adds up to the whole exactly.

A warning says where assumptions carry the result. It is decided so, and not by feeling:

1. *sign*: the gain can be below and above nothing within its range, so that it is not known whether there is one;
2. *without*: with all costs left out that rest on an assumption (of price or of amount), the gain in the middle is none
   or has another sign: without assumptions the result is not there;
3. *turning*: one assumed cost alone, at one of its ends while all others are in the middle, makes the gain change sign.

Nothing is said of what cannot be paid for: that a child stays at home is worth more than what it saves. The comparison
is of the euros only, over at most two years, without discounting. Method: the social cost-benefit analyses of social
district teams (LPBL, 2014) and the calculators after them; Movisie warns that such outcomes rest on hypotheses, which
is why each figure names its source or says that it is assumed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from wijkteam.engine.nearest import one_of
from wijkteam.reckoning.rates import WHOLE, BenefitTable, Comparison, Rate, Spread, Use

NOTHING_USED = Spread(low=Decimal(0), middle=Decimal(0), high=Decimal(0))


class NoRate(LookupError):
    """A comparison names what has no rate on that day."""


@dataclass(frozen=True)
class Range:
    """An amount in whole cents: low, middle and high."""

    low: int = 0
    middle: int = 0
    high: int = 0

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def times(self, count: int) -> "Range":
        """So many of it; `count` is not below zero."""
        return Range(self.low * count, self.middle * count, self.high * count)


class Kind(StrEnum):
    """By which rule a result is carried by assumptions."""

    SIGN = "sign"
    WITHOUT = "without"
    TURNING = "turning"


@dataclass(frozen=True)
class Warned:
    """A rule that holds, and for `turning` which costs alone turn the result."""

    kind: Kind
    rates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One cost of one household: while muddling on, when breaking through, and what is gained; and whether assumed."""

    rate: Rate
    muddling: Range
    breaking: Range
    gain: Range
    assumed: bool


@dataclass(frozen=True)
class PartyBenefit:
    """What one party pays while muddling on, when breaking through, and gains; below zero it pays for others."""

    party: str
    muddling: Range
    breaking: Range
    gain: Range


@dataclass(frozen=True)
class Benefit:
    """A comparison worked out for so many households."""

    comparison: Comparison
    on: date
    households: int
    lines: tuple[Line, ...]
    parties: tuple[PartyBenefit, ...]
    muddling: Range
    breaking: Range
    gain: Range
    warnings: tuple[Warned, ...]


def reckon(table: BenefitTable, comparison: Comparison, on: date, households: int = 1) -> Benefit:
    """Work a comparison out with the rates of that day.

    Parties stand in the order of the table. Raises NoRate when something has no rate on that day.
    """
    rates = table.on(on)
    uses = (comparison.muddling, comparison.breaking)
    muddling, breaking = ({use.rate: use for use in side} for side in uses)
    lines = tuple(
        _line(_rate(rates, code, on), muddling.get(code), breaking.get(code), households)
        for code in dict.fromkeys(use.rate for side in uses for use in side)
    )
    return Benefit(
        comparison=comparison,
        on=on,
        households=households,
        lines=lines,
        parties=tuple(_of_party(party, lines) for party in table.parties),
        muddling=_sum(each.muddling for each in lines),
        breaking=_sum(each.breaking for each in lines),
        gain=_sum(each.gain for each in lines),
        warnings=_warnings(lines),
    )


def shares(cents: int, paid_by: Mapping[str, int]) -> dict[str, int]:
    """An amount divided over who pays it: whole cents that add up to it; what is left goes by largest remainder."""
    sign, amount = (-1, -cents) if cents < 0 else (1, cents)
    found = {party: amount * percent // WHOLE for party, percent in paid_by.items()}
    left = amount - sum(found.values())
    for party in sorted(paid_by, key=lambda each: (-(amount * paid_by[each] % WHOLE), each))[:left]:
        found[party] += 1
    return {party: sign * part for party, part in found.items()}


def _rate(rates: Mapping[str, Rate], code: str, on: date) -> Rate:
    if code not in rates:
        raise NoRate(f"there is no rate '{code}' on {on}; {one_of(code, rates)}")
    return rates[code]


def _line(rate: Rate, muddling: Use | None, breaking: Use | None, households: int) -> Line:
    before = NOTHING_USED if muddling is None else muddling.number
    after = NOTHING_USED if breaking is None else breaking.number
    price = rate.euros
    fewest, most = before.low - after.high, before.high - after.low
    ends = [_cents(number * euros) for number in (fewest, most) for euros in (price.low, price.high)]
    gain = Range(min(ends), _cents((before.middle - after.middle) * price.middle), max(ends))
    assumed = rate.assumed or any(use is not None and use.assumed for use in (muddling, breaking))
    muddled, broken = _cost(rate, before).times(households), _cost(rate, after).times(households)
    return Line(rate, muddled, broken, gain.times(households), assumed)


def _cost(rate: Rate, number: Spread) -> Range:
    price = rate.euros
    return Range(_cents(number.low * price.low), _cents(number.middle * price.middle), _cents(number.high * price.high))


def _cents(euros: Decimal) -> int:
    return int((euros * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _sum(ranges: Iterable[Range]) -> Range:
    return sum(ranges, Range())


def _of_party(party: str, lines: Iterable[Line]) -> PartyBenefit:
    def part(amount: Range, rate: Rate) -> Range:
        low, middle, high = (
            shares(cents, rate.paid_by).get(party, 0) for cents in (amount.low, amount.middle, amount.high)
        )
        return Range(low, middle, high)

    every = list(lines)
    return PartyBenefit(
        party,
        _sum(part(each.muddling, each.rate) for each in every),
        _sum(part(each.breaking, each.rate) for each in every),
        _sum(part(each.gain, each.rate) for each in every),
    )


def _sign(cents: int) -> int:
    return (cents > 0) - (cents < 0)


def _warnings(lines: tuple[Line, ...]) -> tuple[Warned, ...]:
    gain = _sum(each.gain for each in lines)
    found = []
    if gain.low < 0 < gain.high:
        found.append(Warned(Kind.SIGN))
    known = sum(each.gain.middle for each in lines if not each.assumed)
    if gain.middle and _sign(known) != _sign(gain.middle):
        found.append(Warned(Kind.WITHOUT))
    turning = tuple(each.rate.code for each in lines if each.assumed and _turns(each.gain, gain.middle))
    if turning:
        found.append(Warned(Kind.TURNING, turning))
    return tuple(found)


def _turns(line: Range, middle: int) -> bool:
    """Whether the sum changes sign when this line goes to one of its ends."""
    ends = (middle - line.middle + line.low, middle - line.middle + line.high)
    return middle != 0 and any(_sign(each) == -_sign(middle) for each in ends)
