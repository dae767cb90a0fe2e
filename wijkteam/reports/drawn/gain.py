"""Cost and benefit in ranges: what breaking through gains or costs each party, from low to high."""

from collections.abc import Mapping
from typing import Any

from wijkteam.reckoning.benefit import Benefit, Kind, Range
from wijkteam.reports.drawn.paper import DATA, QUIET, TEXT, Drawn, cell, euros, picture, said, table
from wijkteam.reports.figures import Cell, Row
from wijkteam.reports.pictures import layer
from wijkteam.terms.words import Language, Words

MEANING = Words(
    "Wat doorbreken oplevert tegenover doormodderen, in euro: van laag naar hoog, met een punt in het midden. Onder "
    "nul betaalt deze partij voor wat anderen wint.",
    "What breaking through gains against muddling on, in euros: from low to high, with a point in the middle. Below "
    "nothing this party pays for what others gain.",
)
COLUMNS = {
    "muddling": Words("Doormodderen (midden)", "Muddling on (middle)"),
    "breaking": Words("Doorbreken (midden)", "Breaking through (middle)"),
    "low": Words("Levert op (laag)", "Gains (low)"),
    "middle": Words("Levert op (midden)", "Gains (middle)"),
    "high": Words("Levert op (hoog)", "Gains (high)"),
}
ALL = Words("Samen", "Together")
CARRIED = Words(
    "Let op: deze uitkomst rust op aannamen.",
    "Mind: this result rests on assumptions.",
)
WIDE, STEP, EDGE = 420, 50, 10


def gain_ranges(found: Benefit, parties: Mapping[str, Words], title: Words, language: Language = "nl") -> Drawn:
    """A line to each party that pays or gains anything, and one to all together."""
    amounts = [
        (parties.get(each.party, Words(each.party, each.party)), each)
        for each in found.parties
        if (each.muddling, each.breaking) != (Range(), Range())
    ]
    rows = [
        Row(each.party, said(name, language), _cells(each.muddling, each.breaking, each.gain)) for name, each in amounts
    ]
    rows.append(Row("all", said(ALL, language), _cells(found.muddling, found.breaking, found.gain)))
    seen = _seen(found)
    made = table("gain", title, MEANING, COLUMNS, rows, language)
    lines = [(said(name, language), each.gain) for name, each in amounts] + [(said(ALL, language), found.gain)]
    drawn = picture(_layers(lines, language), title, seen, "ranges", language, width=WIDE, height=STEP * len(lines))
    return Drawn(drawn, made, seen)


def _cells(muddling: Range, breaking: Range, gain: Range) -> dict[str, Cell]:
    cents = (muddling.middle, breaking.middle, gain.low, gain.middle, gain.high)
    return {name: cell(round(each / 100)) for name, each in zip(COLUMNS, cents, strict=True)}


def _layers(lines: list[tuple[str, Range]], language: Language) -> list[dict[str, Any]]:
    least = min([0, *(gain.low for _, gain in lines)])
    most = max([1, *(gain.high for _, gain in lines)])

    def across(cents: int) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * (cents - least) / (most - least), 1)

    values = [
        {
            "x": across(gain.low),
            "x2": across(gain.high),
            "middle": across(gain.middle),
            "y": place * STEP + 36,
            "label": 0,
            "named": place * STEP + 14,
            "told": f"{name}: " + " … ".join(euros(each, language) for each in (gain.low, gain.middle, gain.high)),
        }
        for place, (name, gain) in enumerate(lines)
    ]
    zero = [{"x": across(0), "y": 22, "y2": STEP * len(lines)}]
    rule = layer({"type": "rule", "stroke": QUIET, "strokeDash": [4, 4], "strokeWidth": 1.6}, x="x", y="y", y2="y2")
    reach = layer({"type": "rule", "stroke": DATA, "strokeWidth": 8, "strokeOpacity": 0.55}, x="x", x2="x2", y="y")
    point = layer({"type": "point", "filled": True, "size": 110, "fill": DATA, "opacity": 1}, x="middle", y="y")
    words = layer({"type": "text", "fontSize": 14, "fill": TEXT, "limit": WIDE}, "told", x="label", y="named")
    return [
        {"data": {"values": zero}, **rule},
        {"data": {"values": values}, **reach},
        {"data": {"values": values}, **point},
        {"data": {"values": values}, **words},
    ]


def _seen(found: Benefit) -> Words:
    gain = found.gain
    amounts = [(euros(gain.low, each), euros(gain.middle, each), euros(gain.high, each)) for each in ("nl", "en")]
    (low, middle, high), (low_en, middle_en, high_en) = amounts
    nl = f"Doorbreken levert naar schatting {middle} op, tussen {low} en {high}."
    en = f"Breaking through gains {middle_en} by estimate, between {low_en} and {high_en}."
    kinds = {each.kind for each in found.warnings}
    if Kind.SIGN in kinds:
        nl, en = f"{nl} Het is niet zeker dat het iets oplevert.", f"{en} It is not sure that it gains anything."
    if kinds & {Kind.WITHOUT, Kind.TURNING}:
        nl, en = f"{nl} {CARRIED.nl}", f"{en} {CARRIED.en}"
    return Words(nl, en)
