"""Made-up figures of made-up areas, so that there is something to stand beside what people say."""

import random

from wijkteam.area_figures.reading import Found
from wijkteam.area_figures.service import keep_figures
from wijkteam.cases.geojson import BuurtShape
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MEASURES = ("residents", "households", "income_per_resident", "around_social_minimum", "youth_care", "wmo_clients")


def show_figures(work: Work, areas: list[BuurtShape]) -> None:
    """Figures of every made-up buurt, wijk and of the municipality as a whole, over last year."""
    chance = random.Random("figures")
    municipality = areas[0].municipality_code
    sizes = {each.code: chance.randrange(400, 4_000) for each in areas}
    codes = [*sizes, *sorted({each.wijk_code for each in areas}), municipality]
    found = []
    for code in codes:
        inside = code[2:]
        residents = sum(size for buurt, size in sizes.items() if buurt[2:].startswith(inside))
        values = (
            residents,
            residents // 2,
            round(chance.uniform(22, 44), 1),
            round(chance.uniform(2, 14), 1),
            round(chance.uniform(5, 18), 1),
            round(chance.uniform(20, 90)),
        )
        found += [Found(code, measure, float(value)) for measure, value in zip(MEASURES, values, strict=True)]
    keep_figures(work, found, MEASURES, clock.today().year - 1, [municipality], dry=False)
