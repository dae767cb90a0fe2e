"""What is broken in a sound definition, the checker finds: the score is printed (run with -s) and must be high."""

import pytest

from tests.engine.mutation_score import Score, score, shipped_families, what_is_broken
from tests.engine.mutations import OPERATORS

LEAST = 0.95
FAMILIES, PER_RANDOM, PER_SHIPPED = 6, 2, 1


@pytest.fixture(scope="module")
def scored() -> Score:
    return score(FAMILIES, PER_RANDOM, PER_SHIPPED)


def test_of_what_was_broken_at_least_95_percent_is_found(scored: Score) -> None:
    print(f"\n{scored.table()}")
    assert scored.share >= LEAST, scored.table()


def test_every_operator_has_broken_something(scored: Score) -> None:
    assert set(OPERATORS) <= {name for name, each in scored.tallies.items() if each.broken}


def test_what_was_broken_by_construction_is_always_found(scored: Score) -> None:
    certain = [name for name, (_, certain) in OPERATORS.items() if certain]
    assert [one for name in certain for one in scored.tallies[name].survivors] == []


@pytest.mark.parametrize("name", sorted(shipped_families()))
def test_nothing_goes_wrong_in_a_shipped_definition_whatever_happens(name: str) -> None:
    assert what_is_broken(shipped_families()[name]) == set()
