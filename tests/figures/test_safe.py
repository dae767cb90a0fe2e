"""Tables under all filters of one period together give no small group away, also to who computes with all of them."""

from datetime import UTC, date, datetime
from fractions import Fraction
from random import Random

import pytest

from wijkteam.figures.pieces import Piece, Places, Waiting
from wijkteam.figures.safe import ASKED, CROSSED, FATES, NOW, Counts, Spot, safe_counts
from wijkteam.reports.withholding import FEWEST

WIJKEN = {"WK1": "Een", "WK2": "Twee", "WK3": "Drie"}
BUURTEN = {f"BU{wijk}{number}": "x" for wijk in (1, 2, 3) for number in (1, 2)}
PLACES = Places(WIJKEN, BUURTEN, {code: f"WK{code[2]}" for code in BUURTEN})
BARRIERS = ("housing", "debts", "no_budget")


def made_up(chance: Random, number: int) -> tuple[list[Piece], list[Waiting]]:
    """Escalations, of which some households have more than one."""
    home = {household: chance.choice([*BUURTEN, "unknown"]) for household in range(number)}
    pieces, waiting = [], []
    for _ in range(number):
        household = chance.randrange(number)
        barrier = chance.choices(BARRIERS, (6, 2, 1))[0]
        rung = chance.choices((1, 2, 4), (6, 2, 1))[0]
        fate = chance.choices(FATES, (2, 6, 1))[0]
        in_time, silent, lowered = fate == "answered" and chance.random() < 0.7, chance.random() < 0.2, False
        pieces.append(Piece(home[household], barrier, rung, fate, household, 1, in_time, silent, lowered, 0))
        if fate == "open":
            since = datetime(2026, 1, 1, tzinfo=UTC)
            waiting.append(Waiting(household, home[household], barrier, rung, date(2026, 1, 1), since))
    return pieces, waiting


def equations(counts: Counts) -> list[tuple[list[Spot], Spot]]:
    """Every sum that a reader knows: parts, and what they make up."""
    spots = list(counts.found)
    known: list[tuple[list[Spot], Spot]] = []
    axes = {spot[:3] for spot in spots}
    known += [([(*axis, fate) for fate in FATES], (*axis, ASKED)) for axis in axes]
    for column in (*CROSSED, "in_time", "silent", "lowered"):
        for axis in axes:
            for at in range(3):
                if axis[at] == "":
                    inner = [
                        each for each in axes if each[at] and each[:at] + each[at + 1 :] == axis[:at] + axis[at + 1 :]
                    ]
                    if at == 0:
                        inner = [each for each in inner if each[0] in WIJKEN or each[0] == "unknown"]
                    crossed = sum(map(bool, axis)) > 0
                    if inner and (column in CROSSED or not crossed):
                        known.append(([(*each, column) for each in inner], (*axis, column)))
    for wijk in [*WIJKEN, "unknown"]:
        inside = [c for c in {a[0] for a in axes} if (c in BUURTEN and PLACES.wijk(c) == wijk)]
        inside += ["unknown buurt"] if wijk == "unknown" else []
        for column in (*CROSSED, "in_time", "silent", "lowered"):
            known.append(([(code, "", "", column) for code in inside], (wijk, "", "", column)))
    return known


def determined(counts: Counts) -> set[Spot]:
    """Which counts that are kept back follow from all that is shown, by solving every equation at once."""
    unknown = sorted(counts.hidden)
    at = {spot: number for number, spot in enumerate(unknown)}
    rows = []
    for parts, whole in equations(counts):
        row = [Fraction(0)] * len(unknown)
        for spot, sign in [*((part, 1) for part in parts), (whole, -1)]:
            if spot in at:
                row[at[spot]] += sign
        if any(row):
            rows.append(row)
    used: set[int] = set()
    for column in range(len(unknown)):
        found = next((row for row in rows if row[column] and id(row) not in used), None)
        if found is None:
            continue
        used.add(id(found))
        scale = found[column]
        found[:] = [value / scale for value in found]
        for row in rows:
            if row is not found and row[column]:
                times = row[column]
                row[:] = [value - times * own if own else value for value, own in zip(row, found, strict=True)]
    alone = [row for row in rows if sum(1 for value in row if value) == 1]
    return {unknown[next(number for number, value in enumerate(row) if value)] for row in alone}


@pytest.mark.parametrize("seed", range(5))
def test_no_small_group_follows_from_all_that_is_shown_under_all_filters(seed: int) -> None:
    chance = Random(seed)
    pieces, waiting = made_up(chance, chance.choice((25, 60, 160)))
    counts = safe_counts(pieces, waiting, PLACES, BARRIERS)
    small = {spot for spot, count in counts.found.items() if 0 < count.households < FEWEST}
    assert small <= counts.hidden
    for parts, whole in equations(counts):
        for spot in (*parts, whole):
            assert counts.of(spot).value >= 0
        assert sum(counts.of(part).value for part in parts) == counts.of(whole).value, "the test reckons with true sums"
    assert not small & determined(counts)


def test_what_is_large_everywhere_is_shown_whole() -> None:
    pieces = [
        Piece(buurt, barrier, rung, fate, None, 40, 20 if fate == "answered" else 0, 10, 10, 0)
        for buurt in BUURTEN
        for barrier in BARRIERS
        for rung in (1, 2)
        for fate in FATES
    ]
    waiting = [
        Waiting(number, buurt, barrier, rung, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
        for number in range(40)
        for buurt in BUURTEN
        for barrier in BARRIERS
        for rung in (1, 2)
    ]
    counts = safe_counts(pieces, waiting, PLACES, BARRIERS)
    assert {spot for spot in counts.hidden if spot[3] != NOW} == set()
