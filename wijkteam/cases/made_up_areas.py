"""Buurten of a municipality that does not exist, for where no real ones are at hand."""

import random

from wijkteam.cases.geojson import BuurtShape

FIRST = ("Molen", "Haven", "Linden", "Water", "Zonne", "Kerk", "Veld", "Duin", "Meer", "Bos", "Brug", "Tuin")
SECOND = ("wijk", "kwartier", "hoek", "park", "dorp", "land")
SIDE = 0.012


def made_up_areas(seed: int, wijken: int = 6, buurten_per_wijk: int = 6) -> list[BuurtShape]:
    """Adjoining, slightly crooked plots around a made-up middle; the same for the same seed."""
    chance = random.Random(f"areas-{seed}")
    columns = wijken
    corners = {
        (x, y): (
            round(5.0 + (x + chance.uniform(-0.25, 0.25)) * SIDE, 5),
            round(52.0 + (y + chance.uniform(-0.25, 0.25)) * SIDE * 0.62, 5),
        )
        for x in range(columns + 1)
        for y in range(buurten_per_wijk + 1)
    }
    found = []
    for x in range(wijken):
        for y in range(buurten_per_wijk):
            ring = [corners[x, y], corners[x, y + 1], corners[x + 1, y + 1], corners[x + 1, y], corners[x, y]]
            code = f"BU9999{x + 1:02d}{y + 1:02d}"
            found.append(
                BuurtShape(
                    code=code,
                    name=f"{FIRST[(x * buurten_per_wijk + y) % 12]}{SECOND[(x + y // 2) % 6]}",
                    wijk_code=f"WK{code[2:8]}",
                    municipality_code="GM9999",
                    geometry={"type": "MultiPolygon", "coordinates": [[[list(point) for point in ring]]]},
                    longitude=round(sum(point[0] for point in ring[:4]) / 4, 6),
                    latitude=round(sum(point[1] for point in ring[:4]) / 4, 6),
                )
            )
    return found
