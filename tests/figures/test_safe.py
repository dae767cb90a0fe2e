"""What is kept back of escalations: small groups, and no more than is needed (see test_computing_back)."""

from datetime import UTC, date, datetime
from random import Random

from wijkteam.figures.pieces import Piece, Places, Waiting
from wijkteam.figures.safe import FATES, NOW, safe_counts, safe_homes

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
        for first, buurt in enumerate(BUURTEN)
        for number in range(40 * first, 40 * first + 40)
        for barrier in BARRIERS
        for rung in (1, 2)
    ]
    assert safe_counts(pieces, PLACES, BARRIERS).hidden == set()
    assert safe_homes(waiting, PLACES).hidden == set()


def test_households_that_wait_are_told_by_barrier_and_never_one_small_wijk_alone_is_kept_back() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    homes = [*[("BU11", each) for each in range(3)], *[("BU21", each) for each in range(10, 17)]]
    homes += [("BU31", each) for each in range(20, 30)]
    waiting = [Waiting(home, buurt, "housing", 1, date(2026, 1, 1), since) for buurt, home in homes for _ in range(2)]
    counts = safe_homes(waiting, PLACES)
    told = {spot[0]: count.value for spot, count in counts.found.items() if spot not in counts.hidden}
    assert told == {"": 20, "WK3": 10}, "ten are left for two wijken, whatever is subtracted"
    moved = Waiting(20, "BU11", "housing", 1, date(2026, 2, 1), since)
    assert safe_homes([*waiting, moved], PLACES).of(("", "housing", "", NOW)).value == 20, "who moved counts once"
