"""The words that a report needs from the house: titles of barriers and rungs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Naming:
    """Titles by code, and the municipality's name."""

    municipality: str
    barriers: dict[str, str]
    rungs: dict[int, str]
