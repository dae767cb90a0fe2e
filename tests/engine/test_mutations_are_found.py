"""What is broken in a sound definition, the checker finds: the score is printed (run with -s) and must be high.

The sample here is small, and always the same: of each operator two mutants in each definition of six random families,
and one in each family of shipped definitions. `python -m tests.bench mutations` takes one that is many times larger.
"""

import pytest

from tests.engine.mutation_score import Score, score, shipped_together, what_is_broken
from tests.engine.mutations import OPERATORS, mutants
from tests.engine.random_definitions import copied

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


@pytest.mark.parametrize("names", sorted(shipped_together()), ids=" ".join)
def test_nothing_goes_wrong_in_shipped_definitions_whatever_happens(names: tuple[str, ...]) -> None:
    assert what_is_broken(shipped_together()[names]) == set()


def test_a_mutant_leaves_the_sound_definition_as_it_was() -> None:
    for names, family in shipped_together().items():
        before = copied(family.definitions)
        for name in names:
            assert sum(1 for _ in mutants(family, name)) > len(OPERATORS)
        assert family.definitions == before
