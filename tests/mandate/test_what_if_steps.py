"""Nobody computes a few households back from what-if pages, whoever asks them all and subtracts one from another."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.figures.attacker import Attacker
from tests.mandate.test_what_if import history, once, request, row
from wijkteam.mandate.what_if.covering import Register
from wijkteam.mandate.what_if.past import Answer, History, PastRequest
from wijkteam.mandate.what_if.replaying import REFUSED_EVER, Fate
from wijkteam.reports import what_if_steps
from wijkteam.reports.what_if_steps import AMOUNTS, Told, power_of, told_pages
from wijkteam.reports.what_if_withholding import households
from wijkteam.reports.withholding import FEWEST

TODAY = Register("today", (row(1_500, power="buy"),))
ALLOWED = {("buy", 1_000), ("buy", 1_500)}
ASKED = (1_000, 1_500, 2_500, 3_000, 5_000, None)
FATES = {Answer.GRANTED: Fate.AS_ASKED, Answer.CHANGED: Fate.CHANGED, Answer.REFUSED: Fate.REFUSED}
POWERS = ("buy", "lend", "sell")
CEILINGS = (*(each for each in AMOUNTS if each <= 5_000), 2_999)
Cell = tuple[str, int | None, Fate]
"""What was asked: a power, an amount, and what came of it."""
CELLS: list[Cell] = list(product(POWERS, ASKED, FATES.values()))


def past_of(seed: int, number: int) -> History:
    """So many requests by chance, some of a household that asked before."""
    chance = Random(seed)
    made = []
    for each in range(number):
        answer = chance.choices(list(FATES), (6, 2, 3))[0]
        power = chance.choices(POWERS, (6, 3, 1))[0]
        home = each if chance.random() < 0.8 else chance.randrange(number)
        asked = once(each % 300, chance.randrange(1, 9), chance.choice(ASKED), answer)
        made.append(request(f"r{each}", asked, power=power, household=home + 1))
    return history(*made)


def cell_of(each: PastRequest) -> Cell:
    return each.power, each.rounds[0].amount, FATES[each.rounds[0].answer]


def groups_of(steps: dict[str, int | None]) -> dict[str, list[Cell]]:
    """Which cells each group counts on a page over these powers, each under its step: as anybody can know."""
    mine = [each for each in CELLS if each[0] in steps]
    front = [
        (power, amount, end)
        for power, amount, end in mine
        if amount is not None and (power, amount) not in ALLOWED and amount <= (steps[power] or 0)
    ]
    unplaced = [each for each in mine if each[1] is None and steps[each[0]] is not None]
    allowed = [each for each in mine if each[:2] in ALLOWED]
    return {
        "front_line": front,
        **{end: [each for each in front if each[2] is end] for end in FATES.values()},
        "refused_ever": [each for each in front if each[2] in REFUSED_EVER],
        "allowed_already": allowed,
        "unplaced": unplaced,
        "unplaced_refused": [each for each in unplaced if each[2] in REFUSED_EVER],
        "still_asked": [each for each in mine if each not in front and each not in unplaced and each not in allowed],
    }


def pages_of(past: History) -> Iterator[tuple[Told, dict[str, int | None]]]:
    """Every page that can be asked of a year, with the step that each of its powers has."""
    powers = {name: power_of(past, TODAY, name) for name in past.powers}
    for name, ceiling in product((None, *past.powers), CEILINGS):
        of = replace(past, requests=tuple(each for each in past.requests if name in (None, each.power)))
        told = told_pages(of, TODAY, [ceiling])
        there = {each.power for each in told.history.requests}
        if len(there) == 1:
            yield told, dict.fromkeys(there, told.ceilings[0])
        else:
            yield told, {each: powers[each].step(ceiling) for each in there}


def found_in(past: History) -> tuple[int, dict[Hashable, int]]:
    """How many figures all pages tell, and which groups of a few households can be computed from them."""
    reader = Attacker()
    truth: Counter[Hashable] = Counter(map(cell_of, past.requests))
    figures = 0
    for each in CELLS:
        reader.at_least({each: 1}, 0)
    for told, steps in pages_of(past):
        for code, cells in groups_of(steps).items():
            if told.shown[0](code):
                figures += 1
                reader.told(cells, sum(truth[each] for each in cells))
    small: dict[Hashable, list[Cell]] = {}
    for parts in product((*POWERS, None), (*ASKED, "any"), (*FATES.values(), None)):
        cells = [
            each
            for each in CELLS
            if all(part in (own, none) for own, part, none in zip(each, parts, (None, "any", None), strict=True))
        ]
        behind = [each for each in past.requests if cell_of(each) in cells]
        if 0 < households(behind) < FEWEST:
            small[parts] = cells
    return figures, reader.found(small, truth)


@given(seed=st.integers(0, 10_000), number=st.sampled_from((8, 25, 60, 150)))
@example(seed=3, number=60)
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_few_households_follow_from_all_pages_of_a_year_together(seed: int, number: int) -> None:
    assert found_in(past_of(seed, number))[1] == {}


def test_without_steps_they_would_and_with_steps_most_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    past = past_of(3, 150)
    figures, found = found_in(past)
    assert found == {}
    monkeypatch.setattr(what_if_steps, "steps_of", lambda replays, _detail: tuple(replays))
    of_pages_alone, found = found_in(past)
    assert found, "the attacker does find what no rule keeps back"
    assert figures >= 0.8 * of_pages_alone, "of what pages told when each was judged alone, steps leave the most"


def test_a_power_of_a_few_households_is_no_part_of_all_powers_together() -> None:
    many = [request(f"m{each}", once(each, 2, 3_000), household=each + 1) for each in range(9)]
    few = [request(f"f{each}", once(each, 2, 3_000), power="sell", household=50 + each) for each in range(3)]
    together = told_pages(history(*many, *few), TODAY, [3_000])
    assert {each.power for each in together.history.requests} == {"buy"}
    assert len(together.replays[0].in_front) == 9 and together.shown[0]("front_line")
    alone = told_pages(history(*few), TODAY, [3_000])
    assert not any(alone.shown[0](code) for code in ("front_line", "still_asked", "everything", "refused_ever"))
