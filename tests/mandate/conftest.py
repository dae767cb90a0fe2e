"""Grounds for tests of mandate on a database."""

from collections.abc import Iterator

import pytest

from tests.mandate.office import NOW, Office
from wijkteam.assembly import House
from wijkteam.terms import clock


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    """A small office, with the clock standing still."""
    with clock.standing_at(NOW):
        office = Office(house)
        yield office
        office.close()
