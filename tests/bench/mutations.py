"""How many broken definitions the checker finds, over a sample many times that of the suite."""

from tests.engine.mutation_score import score
from tests.engine.test_mutations_are_found import LEAST

FAMILIES, PER_RANDOM, PER_SHIPPED = 40, 4, 25


def run(_profile: bool) -> bool:
    """Print the score, operator by operator; whether it is as high as the suite asks."""
    found = score(FAMILIES, PER_RANDOM, PER_SHIPPED)
    print(found.table())
    return found.share >= LEAST
