"""Pictures of what was reckoned: with a table and a sentence, on light and on dark, and of no small group."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from tests.reports.test_pictures import COUNTS, FOUR, SVG, texts
from wijkteam import rulebook
from wijkteam.reckoning.benefit import reckon
from wijkteam.reckoning.control import chart
from wijkteam.reckoning.snowball import Named, snowball
from wijkteam.reckoning.survival import Waits, survival
from wijkteam.reports.drawn.gain import gain_ranges
from wijkteam.reports.drawn.movement import control_chart
from wijkteam.reports.drawn.paper import ALERT, DATA, QUIET, Drawn, euros, number, ticks
from wijkteam.reports.drawn.places import place_map
from wijkteam.reports.drawn.ranked import ranked, together
from wijkteam.reports.drawn.waiting import waiting_curve
from wijkteam.reports.figures import Cell, Definition, Row, Table
from wijkteam.reports.pictures import SHADES
from wijkteam.shipped import folder
from wijkteam.terms.words import Language, Words

TITLE = Words("Hoe lang & hoe vaak", "How long & how often")
DAY = date(2026, 6, 1)
WAITS = [Waits(days, 6, days % 3) for days in range(3, 40, 4)]
MONTHS: list[tuple[str, int | None]] = [(f"2025-{month:02}", 20 + month % 3) for month in range(1, 13)]
BENEFIT = rulebook.read_benefit([folder("workflows")])
PARTIES = {code: Words(title.nl, title.en) for code, title in BENEFIT.parties.items()}
NAMES = {"debts": Words("Schulden", "Debts"), "housing": Words("Wonen", "Housing")}
TOGETHER = [
    Named(number, barrier, DAY + timedelta(days=place))
    for number in range(12)
    for place, barrier in enumerate(("housing", "debts"))
]
BARS = Table(
    Definition("blocks", "Knelpunten", "Huishoudens."),
    {"waiting": "Wacht"},
    tuple(Row(each, each, {"waiting": cell}) for each, cell in (("Wonen", Cell(12)), ("Zorg", Cell(None, True)))),
)


def every(language: Language) -> list[Drawn]:
    return [
        waiting_curve(survival(WAITS), TITLE, language),
        control_chart(chart([*MONTHS, ("2026-01", 61)]), TITLE, language),
        ranked(BARS, "waiting", TITLE, language),
        together(snowball(TOGETHER), NAMES, TITLE, language),
        place_map(FOUR, COUNTS, TITLE, {"BU9999AB01"}, language),
        gain_ranges(reckon(BENEFIT, BENEFIT.comparisons[0], DAY), PARTIES, TITLE, language),
    ]


KINDS = ("waiting", "movement", "ranked", "together", "places", "gain")
DRAWN = dict(zip(KINDS, every("nl"), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_has_a_title_a_sentence_and_a_table_with_its_meaning(kind: str) -> None:
    drawn = DRAWN[kind]
    root = ElementTree.fromstring(drawn.svg)
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == TITLE.nl
    assert told is not None and told.text
    assert drawn.seen.nl.endswith(".") and drawn.seen.en.endswith(".") and drawn.seen.nl != drawn.seen.en
    assert drawn.table.rows and drawn.table.definition.meaning
    assert all(set(row.cells) == set(drawn.table.columns) for row in drawn.table.rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_runs_and_fetches_nothing_and_brings_no_font(kind: str) -> None:
    svg = DRAWN[kind].svg
    assert not re.search(r"<(?:script|style|image|foreignObject)\b|\bhref=|\bstyle=|@font-face", svg)
    assert set(re.findall(r'font-family="([^"]*)"', svg)) <= {"sans-serif"}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [DATA, ALERT, QUIET])
def test_colours_stand_out_on_light_and_on_dark(colour: str) -> None:
    light, dark, own = 1.05, luminance("#121a24") + 0.05, luminance(colour) + 0.05
    assert light / own >= 3
    assert own / dark >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_words_in_a_picture_take_the_colour_of_the_page(kind: str) -> None:
    found = re.findall(r"<text[^>]*>", DRAWN[kind].svg)
    assert found and all('fill="currentColor"' in each for each in found)
    known = {DATA, ALERT, QUIET, "currentColor", "transparent", "none", "#ffffff", "#fff", "#8a8f94", "#555555"}
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+|[a-zA-Z]+)"', DRAWN[kind].svg))
    assert used <= known | set(SHADES) | {"#666"}


def test_the_same_picture_speaks_english() -> None:
    waiting, months, blocks, pairs, places, gain = every("en")
    assert "too few to show" in texts(blocks.svg)
    assert "Housing, then Debts" in texts(pairs.svg)
    assert {"asks for a look", "none"} <= set(texts(places.svg))
    assert waiting.table.columns["waits"] == "Still waits (%)"
    assert months.table.rows[-1].label == "2026-01 (higher than usual)"
    assert gain.table.rows[-1].label == "Together"


def test_a_curve_says_its_median_with_its_range_and_who_still_waits_is_in_it() -> None:
    assert re.fullmatch(
        r"De helft van de \d+ wacht hooguit \d+ dagen \(waarschijnlijk tussen \d+ en \d+\)\.", DRAWN["waiting"].seen.nl
    )


def test_of_too_few_there_is_no_curve_and_it_says_so() -> None:
    drawn = waiting_curve(survival([Waits(3, 2), Waits(9, 1, 1)]), TITLE)
    assert drawn.svg == ""
    assert drawn.table.rows == ()
    assert drawn.seen.nl == "Hoe lang het duurt: te weinig om te tonen."


def test_a_change_is_a_mark_of_another_shape_and_a_word_and_noise_is_neither() -> None:
    quiet = control_chart(chart(MONTHS), TITLE)
    assert ALERT not in quiet.svg
    assert quiet.seen.nl == "Er is niets veranderd: dit is gewone schommeling."
    assert DRAWN["movement"].svg.count(ALERT) == 1
    assert DRAWN["movement"].seen.nl.endswith("het laatst in 2026-01 (hoger dan gewoon).")


def test_of_two_barriers_the_one_that_clearly_comes_first_is_named_first() -> None:
    (row,) = DRAWN["together"].table.rows
    assert row.label == "Wonen, daarna Schulden"
    assert [row.cells[name].value for name in ("households", "one_first", "other_first")] == [12, 12, 0]


def test_a_result_that_rests_on_assumptions_says_so_under_its_picture() -> None:
    assert DRAWN["gain"].seen.nl.endswith("Let op: deze uitkomst rust op aannamen.")


def test_numbers_are_written_as_they_are_read() -> None:
    assert (number(1234.5), number(1234.5, "en"), number(12000)) == ("1.234,5", "1,234.5", "12.000")
    assert (euros(-1_234_567), euros(40), euros(-40)) == ("− € 12.346", "€ 0", "€ 0")


@pytest.mark.parametrize("highest", [0, 1, 3, 7, 45, 99, 100, 101, 12345])
def test_marks_on_an_axis_are_round_few_and_hold_the_highest(highest: int) -> None:
    found = ticks(highest)
    assert found[0] == 0 and found[-1] >= highest
    assert 2 <= len(found) <= 6
