"""Pictures of the report: for everyone, on every screen, on paper, and of nobody."""

import gzip
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from wijkteam.mandate.what_if.curve import NOTHING, Curve, Point
from wijkteam.reports.curves import ceiling_curve
from wijkteam.reports.figures import Cell, Definition, Row, Table
from wijkteam.reports.outlines import flat, frame_around, outline
from wijkteam.reports.pictures import SHADES, TOO_FEW, area_map, bars, waiting_bars

SVG = "{http://www.w3.org/2000/svg}"
BUURTEN = Path(__file__).parents[2].parent / "shared" / "data" / "amsterdam_buurten" / "buurten.geojson.gz"
LARGEST = 300_000
"""Bytes that a picture may take on a page."""


@dataclass(frozen=True)
class Area:
    code: str
    name: str
    geometry: dict[str, Any]


def square(code: str, west: float, south: float, side: float = 0.01) -> Area:
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [[west + x, south + y] for x, y in corners]
    return Area(code, f"Buurt {code[-2:]}", {"type": "Polygon", "coordinates": [ring]})


FOUR = [
    square("BU9999AA01", 5.00, 52.00),
    square("BU9999AA02", 5.01, 52.00),
    square("BU9999AB01", 5.00, 52.01),
    square("BU9999AB02", 5.01, 52.01),
]
COUNTS = {"BU9999AA01": Cell(7), "BU9999AA02": Cell(None, True), "BU9999AB01": Cell(31)}


def table(**cells: Cell) -> Table:
    rows = tuple(Row(label, label, {"opened": cell, "waiting": cell}) for label, cell in cells.items())
    return Table(Definition("per_barrier", "Per knelpunt", "Opschalingen."), {}, rows)


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def fills(svg: str) -> list[str]:
    return [each.get("fill", "") for each in ElementTree.fromstring(svg).iter(f"{SVG}path")]


PICTURES = [
    bars(table(Wonen=Cell(12), Schulden=Cell(None, True)), "Opschalingen per knelpunt"),
    waiting_bars(table(Teamleider=Cell(2.5)), "Wachttijd per trede"),
    area_map(FOUR, COUNTS, "Opschalingen per buurt"),
]
KINDS = ["bars", "waiting", "map"]


@pytest.mark.parametrize("svg", PICTURES, ids=KINDS)
def test_a_picture_has_a_title_and_a_story_for_who_cannot_see_it(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None and title.text and told is not None and told.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"


@pytest.mark.parametrize("svg", PICTURES, ids=KINDS)
def test_a_picture_runs_nothing_and_fetches_nothing(svg: str) -> None:
    found = {each.tag.removeprefix(SVG) for each in ElementTree.fromstring(svg).iter()}
    assert not found & {"script", "style", "image", "use", "a", "foreignObject"}
    assert not re.search(r"\b(?:href|style|on[a-z]+)=", svg)
    assert all(each.startswith("#") for each in re.findall(r"url\(([^)]*)\)", svg))


@pytest.mark.parametrize("svg", PICTURES, ids=KINDS)
def test_a_picture_takes_the_width_of_its_place(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") and root.get("width") == "100%" and root.get("height") is None


def test_pictures_on_one_page_share_no_ids() -> None:
    other = area_map(FOUR, {**COUNTS, "BU9999AB02": Cell(9)}, "Opschalingen per buurt")
    ids = [each for svg in (*PICTURES, other) for each in re.findall(r' id="([^"]+)"', svg)]
    assert ids and len(ids) == len(set(ids))


@pytest.mark.parametrize("svg", PICTURES, ids=KINDS)
def test_every_id_that_a_picture_names_is_its_own(svg: str) -> None:
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r' id="([^"]+)"', svg))


def test_the_same_figures_give_the_same_picture() -> None:
    assert area_map(FOUR, COUNTS, "Opschalingen per buurt") == PICTURES[2]


def test_a_title_cannot_break_out_of_the_picture() -> None:
    svg = bars(table(**{"<b>Wonen & meer": Cell(5)}), "</title><script>alert(1)</script>")
    title = ElementTree.fromstring(svg).find(f"{SVG}title")
    assert title is not None and title.text == "</title><script>alert(1)</script>"
    assert "<b>Wonen & meer" in texts(svg)


def test_bars_stand_in_the_order_of_the_table_with_their_figure() -> None:
    assert texts(bars(table(Wonen=Cell(12), Veiligheid=Cell(7)), "")) == ["Wonen", "Veiligheid", "12", "7"]


def test_a_bar_is_as_long_as_its_figure() -> None:
    widths = re.findall(r'd="M0,[\d.]+h([\d.]+)v18', bars(table(Wonen=Cell(12), Veiligheid=Cell(6)), ""))
    longest, shorter = (float(each) for each in widths)
    assert longest == pytest.approx(2 * shorter, rel=0.01)


def test_a_withheld_bar_says_so_and_has_no_length() -> None:
    svg = bars(table(Wonen=Cell(12), Schulden=Cell(None, True)), "")
    assert TOO_FEW in texts(svg)
    assert len(re.findall(r'd="M0,[\d.]+h[1-9][\d.]*v18', svg)) == 1


def test_waiting_is_told_in_days_with_a_comma() -> None:
    assert "2,5 dagen" in texts(PICTURES[1])


def test_nothing_to_tell_is_no_picture() -> None:
    assert bars(table(Wonen=Cell(0)), "") == "" and area_map([], {}, "") == ""


def test_withheld_areas_look_like_no_count_at_all() -> None:
    found = fills(PICTURES[2])
    hatched = [each for each in found if each.startswith("url(#")]
    assert len(hatched) == 2, "the area and its mark in the legend"
    assert TOO_FEW in texts(PICTURES[2])


def test_a_map_gives_higher_counts_a_darker_shade() -> None:
    found = [each for each in fills(PICTURES[2]) if each in SHADES]
    assert found[:2] == [SHADES[1], SHADES[-1]]


def test_shades_grow_darker_also_without_colour() -> None:
    def light(shade: str) -> float:
        red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    steps = [light(each) for each in SHADES]
    assert all(lighter - darker > 35 for lighter, darker in pairwise(steps))


def test_the_story_of_a_map_names_the_highest_and_counts_the_withheld() -> None:
    told = ElementTree.fromstring(PICTURES[2]).findtext(f"{SVG}desc") or ""
    assert "Buurt 01 31; Buurt 01 7" in told
    assert f"Buurten met {TOO_FEW}: 1." in told


def test_a_line_runs_round_a_wijk_and_not_between_its_buurten() -> None:
    frame = frame_around((each.geometry for each in FOUR), 100)
    west, east = (flat(each.geometry, frame) for each in FOUR[:2])
    between = max(point[0] for point in west[0][0])
    for line in outline([*west, *east]):
        for start, end in pairwise(line):
            assert not (start[0] == end[0] == between)


def test_the_real_buurten_fit_on_a_page() -> None:
    if not BUURTEN.exists():
        pytest.skip("the buurten of Amsterdam are not beside this clone: shared/data/amsterdam_buurten")
    features = json.loads(gzip.decompress(BUURTEN.read_bytes()))["features"]
    areas = [Area(each["properties"]["cbsCode"], each["properties"]["naam"], each["geometry"]) for each in features]
    counts = {area.code: Cell(None, True) if number % 3 else Cell(number + 5) for number, area in enumerate(areas)}
    svg = area_map(areas, counts, "Opschalingen per buurt")
    assert len(svg.encode()) < LARGEST
    drawn = [each for each in fills(svg) if each.startswith("url(#") or each in SHADES]
    assert len(drawn) >= len(areas)


def test_amounts_in_a_picture_are_whole() -> None:
    points = tuple(
        Point(cents, number, number * timedelta(days=1), number, 0) for number, cents in enumerate((9_000, 400_000), 1)
    )
    curve = Curve("buy", "clerk", None, points, NOTHING)
    assert {"€ 100", "€ 1.000", "100%"} <= set(texts(ceiling_curve(curve, "Plafonds")))
    assert ceiling_curve(Curve("buy", "clerk", None, points[:1], NOTHING), "Plafonds") == ""
