"""A house with a key ring."""

import pytest

from tests.conftest import Town
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, keep_areas, open_case
from wijkteam.demo.town import found_town
from wijkteam.terms import clock

NUMBER = "123456782"
OTHER = "111222333"


@pytest.fixture
def two_teams(town: Town) -> Town:
    work = town.clockwork()
    keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
    found_town(town.house, work)
    return town


def case_of(town: Town, name: str) -> HouseholdCase:
    return open_case(town.work(name), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
