"""From how many households on a figure may be told."""

FEWEST = 5
"""Least number of households behind a figure that is shown."""


def is_few(households: int) -> bool:
    """Whether so many households are too few to tell of; none at all is not: a zero tells of nobody."""
    return 0 < households < FEWEST


def may_split(*parts: int) -> bool:
    """Whether a shown whole may be told with these parts: none of them is of too few households.

    Households can be subtracted, so that one small part gives itself away by the others.
    """
    return not any(is_few(part) for part in parts)
