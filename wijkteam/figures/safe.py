"""Which counts of escalations may be shown, in all tables and under all filters of one period together. Pure.

Every count has one place: (wijk or buurt, barrier, rung, column), with an empty text for "all". Tables of one dimension
and the one table that crosses two (wijk by barrier) share their totals; what one of them keeps back, all of them do,
until nothing more follows. A page with a filter shows rows of the crossed table and nothing that is not in it, so that
laying filters side by side says no more than the tables do.

Each table is safe as `wijkteam.reports.withholding` proves. Of the parts of one count (open, answered, withdrawn) never
one alone is kept back, which stops subtracting; and with a count goes what would bound it: answered in time with
answered. That no more follows from all tables together is tested by an attacker who solves them at once
(tests/figures/attacker.py). Tables that crossed rungs too, or that crossed what became of escalations, did not stand up
to that attacker, and are not told.

What waits today is told in households alone, by barrier and wijk (`safe_homes`), never as a count of escalations: those
would be the sum of what is still open in the reports of all years, and one year could be subtracted from the others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wijkteam.figures.pieces import FATES, NOTHING, NOWHERE, Piece, Places, Tally, Waiting
from wijkteam.reports.withholding import FEWEST, TOTAL, Count, Counted, Layout, withheld_counts

Spot = tuple[str, str, str, str]
"""Wijk or buurt, barrier, rung, column; empty is all."""
ASKED, NOW = "asked", "now"
PORTIONS = {"in_time": "answered", "silent": ASKED, "lowered": ASKED}
COLUMNS = (ASKED, *FATES, "in_time", "silent", "lowered")
CROSSED = (ASKED,)
LAYOUT = Layout(whole=ASKED, parts=FATES, portions=PORTIONS)
BUURT_NOWHERE = "unknown buurt"
ALL = "all"


@dataclass(frozen=True)
class View:
    """One table of counts, and where each of them has its place."""

    counted: Counted
    spots: Mapping[tuple[str, str], Spot]

    def withheld(self, hidden: frozenset[Spot]) -> frozenset[Spot]:
        """What it keeps back when that is kept back elsewhere."""
        also = frozenset(place for place, spot in self.spots.items() if spot in hidden)
        return frozenset(self.spots[place] for place in withheld_counts(self.counted, also))


@dataclass(frozen=True)
class Counts:
    """Counts by spot, and which of them are kept back."""

    found: Mapping[Spot, Count]
    hidden: frozenset[Spot] = field(default=frozenset())

    def of(self, spot: Spot) -> Count:
        """The count at a spot."""
        return self.found.get(spot, NOTHING)


def safe_homes(waiting: Iterable[Waiting], places: Places) -> Counts:
    """Households that wait now, by barrier and by wijk and barrier, with what is kept back.

    A household counts in one wijk, the one from which it asked last, so that the wijken of a barrier add up; barriers
    do not, for it can wait for more.
    """
    lives: dict[str, dict[int, str]] = {}
    for each in sorted(waiting, key=lambda each: (each.asked_on, each.since)):
        lives.setdefault(each.barrier, {})[each.household] = places.wijk(each.buurt)
    found: dict[Spot, Count] = {}
    hidden: set[Spot] = set()
    for barrier, wijk_of in lives.items():
        rows = {TOTAL: len(wijk_of), **Counter(wijk_of.values())}
        counted = Counted({(row, NOW): Count(number, number) for row, number in rows.items()})
        found |= {_home(row, barrier): count for (row, _), count in counted.counts.items()}
        hidden |= {_home(row, barrier) for row, _ in withheld_counts(counted)}
    return Counts(found, frozenset(hidden))


def _home(row: str, barrier: str) -> Spot:
    return ("" if row == TOTAL else row, barrier, "", NOW)


def safe_counts(pieces: Sequence[Piece], places: Places, codes: Iterable[str]) -> Counts:
    """All counts of what was asked in a period with what is kept back; `codes` are the barriers that there are."""
    found = dict(_counts(pieces, places))
    axes = _axes(found, codes)
    views = [*_single(found, axes, places), *_crossed(found, axes)]
    hidden = frozenset(_small_rests(found))
    pending = list(views)
    while pending:
        before = hidden
        for view in pending:
            hidden |= view.withheld(hidden)
        hidden |= _beside(found, hidden)
        new = hidden - before
        pending = [view for view in views if not new.isdisjoint(view.spots.values())] if new else []
    return Counts(found, hidden)


def _counts(pieces: Sequence[Piece], places: Places) -> Iterator[tuple[Spot, Count]]:
    """Every count by its spot: first put together as fine as any cut needs, then by each cut."""
    fine: dict[tuple[str, str, int, str], Tally] = {}
    for each in pieces:
        for column, number in _columns(each):
            if number:
                key = (each.buurt, each.barrier, each.rung, column)
                fine.setdefault(key, Tally()).add(number, each.household)
    found: dict[Spot, Tally] = {}
    for (buurt, barrier, rung, column), tally in fine.items():
        for axes in _cuts(buurt, barrier, str(rung), places.wijk(buurt), column in CROSSED):
            found.setdefault((*axes, column), Tally()).join(tally)
    yield from ((spot, tally.count) for spot, tally in found.items())


def _columns(piece: Piece) -> Iterator[tuple[str, int]]:
    yield ASKED, piece.number
    yield piece.fate, piece.number
    if piece.fate == "answered":
        yield "in_time", piece.in_time
    yield "silent", piece.silent
    yield "lowered", piece.lowered


def _cuts(buurt: str, barrier: str, rung: str, wijk: str, crossed: bool) -> Iterator[tuple[str, str, str]]:
    yield ("", "", "")
    yield ("", "", rung)
    yield ("", barrier, "")
    yield (BUURT_NOWHERE if buurt == NOWHERE else buurt, "", "")
    yield (wijk, "", "")
    if not crossed:
        return
    yield (wijk, barrier, "")


def _axes(found: Mapping[Spot, Count], codes: Iterable[str]) -> dict[str, list[str]]:
    places = sorted({spot[0] for spot in found if spot[0]})
    return {
        "place": places,
        "barrier": sorted({*codes, *(spot[1] for spot in found if spot[1])}),
        "rung": sorted({spot[2] for spot in found if spot[2]}),
    }


def _single(found: Mapping[Spot, Count], axes: Mapping[str, list[str]], places: Places) -> Iterator[View]:
    above = {place: _above(place, places) for place in axes["place"] if _is_buurt(place, places)}
    rows = [
        ({TOTAL: ("", "", "")}, LAYOUT),
        ({TOTAL: ("", "", ""), **{f"r {each}": ("", "", each) for each in axes["rung"]}}, LAYOUT),
        ({TOTAL: ("", "", ""), **{f"b {each}": ("", each, "") for each in axes["barrier"]}}, LAYOUT),
        (
            {TOTAL: ("", "", ""), **{each: (each, "", "") for each in axes["place"]}},
            Layout(above, ASKED, FATES, PORTIONS),
        ),
    ]
    for keys, layout in rows:
        spots = {(row, column): (*axis, column) for row, axis in keys.items() for column in COLUMNS}
        yield View(Counted({place: found.get(spot, NOTHING) for place, spot in spots.items()}, layout), spots)


def _is_buurt(place: str, places: Places) -> bool:
    return place == BUURT_NOWHERE or place in places.buurten or (place not in places.wijken and place != NOWHERE)


def _above(buurt: str, places: Places) -> str:
    return NOWHERE if buurt == BUURT_NOWHERE else places.wijk(buurt)


def _crossed(found: Mapping[Spot, Count], axes: Mapping[str, list[str]]) -> Iterator[View]:
    wijken = sorted({spot[0] for spot in found if spot[0] and spot[1]})
    parts = tuple(f"p {each}" for each in axes["barrier"])
    layout = Layout(whole=ALL, parts=parts)
    for column in CROSSED if parts else ():
        spots: dict[tuple[str, str], Spot] = {}
        for wijk in ("", *wijken):
            for part in (ALL, *parts):
                spots[f"r {wijk}" if wijk else TOTAL, part] = (wijk, "" if part == ALL else part[2:], "", column)
        yield View(Counted({place: found.get(spot, NOTHING) for place, spot in spots.items()}, layout), spots)


def _small_rests(found: Mapping[Spot, Count]) -> Iterator[Spot]:
    """Counts whose rest, which stands nowhere, would be a small group."""
    for (place, barrier, rung, column), count in found.items():
        whole = PORTIONS.get(column)
        over = found.get((place, barrier, rung, whole), NOTHING) if whole is not None else NOTHING
        if 0 < count.value < over.value and max(1, over.households - count.households) < FEWEST:
            yield (place, barrier, rung, column)


def _beside(found: Mapping[Spot, Count], hidden: frozenset[Spot]) -> frozenset[Spot]:
    """What else is kept back of counts of which one part alone, or the whole alone, would be."""
    more = set()
    here: dict[tuple[str, str, str], list[str]] = {}
    for *axis, column in hidden:
        here.setdefault((axis[0], axis[1], axis[2]), []).append(column)
    for place, barrier, rung in here:
        of = {column: found.get((place, barrier, rung, column), NOTHING) for column in (ASKED, *FATES)}
        away = [column for column in of if (place, barrier, rung, column) in hidden]
        left = [column for column in of if column not in away and of[column].value > 0]
        if len(away) == 1 and left:
            fewest = min(left, key=lambda column: (of[column].households, column))
            more.add((place, barrier, rung, fewest))
        more |= {(place, barrier, rung, column) for column in _bounding(here[place, barrier, rung])}
    return frozenset(spot for spot in more if found.get(spot, NOTHING).value > 0)


def _bounding(away: Iterable[str]) -> Iterator[str]:
    """Columns that say how large or small a count that is kept back can be, though they do not add up with it."""
    for column in away:
        yield from (portion for portion, whole in PORTIONS.items() if whole == column)
