"""A survival curve: which part still waits after so many days, with its band."""

from typing import Any

from wijkteam.reckoning.survival import Length, Step, Survival, coarse
from wijkteam.reports.drawn.paper import (
    DATA,
    FEW,
    LEFT,
    QUIET,
    WIDTH,
    Drawn,
    Mark,
    axes,
    cell,
    down,
    line,
    number,
    picture,
    table,
    ticks,
)
from wijkteam.reports.figures import Row
from wijkteam.reports.pictures import layer
from wijkteam.terms.words import Language, Words

MEANING = Words(
    "Welk deel na zo veel dagen nog wacht. Wie nog wacht telt mee zo lang als die al wacht. De band zegt waar het "
    "echte deel waarschijnlijk ligt (95%). Stappen van 1 tot en met 4 huishoudens zijn samengenomen.",
    "Which part still waits after so many days. Who still waits counts for as long as they have waited. The band says "
    "where the true part probably lies (95%). Steps of 1 to 4 households are taken together.",
)
COLUMNS = {
    "waits": Words("Wacht nog (%)", "Still waits (%)"),
    "low": Words("Onderkant (%)", "Low end (%)"),
    "high": Words("Bovenkant (%)", "High end (%)"),
}


def waiting_curve(curve: Survival, title: Words, language: Language = "nl") -> Drawn:
    """The curve of how long things wait; no picture of fewer than two steps that may be told."""
    shown = coarse(curve)
    seen = _seen(shown)
    rows = [
        Row(
            str(step.days),
            f"{step.days} {'days' if language == 'en' else 'dagen'}",
            {"waits": cell(100 * step.share), "low": cell(_percent(step.low)), "high": cell(_percent(step.high))},
        )
        for step in shown.steps
    ]
    made = table("waiting_curve", title, MEANING, COLUMNS, rows, language)
    if len(shown.steps) < 2:
        return Drawn("", made, seen)
    return Drawn(picture(_layers(shown, language), title, seen, "curve", language), made, seen)


def _layers(shown: Survival, language: Language) -> list[dict[str, Any]]:
    marks = ticks(max(1, shown.seen_until))
    longest = marks[-1]

    def across(days: float) -> float:
        return round(LEFT + (WIDTH - LEFT) * days / longest, 1)

    start = Step(0, shown.count, 0, 0, 1.0, None, None)
    steps = [start, *shown.steps]
    bands = [
        {"x": across(step.days), "x2": across(after.days), "y": down(step.high or 0), "y2": down(step.low or 0)}
        for step, after in zip(steps, [*steps[1:], steps[-1]], strict=True)
        if step.low is not None and after.days > step.days
    ]
    places = [{"x": across(step.days), "y": round(down(step.share), 1)} for step in steps]
    band = layer({"type": "rect", "fill": DATA, "fillOpacity": 0.22}, x="x", x2="x2", y="y", y2="y2")
    half = [{"x": LEFT, "x2": WIDTH, "y": down(0.5)}]
    dashed = layer({"type": "rule", "stroke": QUIET, "strokeDash": [4, 4], "strokeWidth": 1.6}, x="x", x2="x2", y="y")
    upward = [Mark(down(part / 4), f"{25 * part}%") for part in range(5)]
    return [
        *axes([Mark(across(days), number(days, language)) for days in marks], upward),
        {"data": {"values": half}, **dashed},
        {"data": {"values": bands}, **band},
        line(places, interpolate="step-after"),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _seen(shown: Survival) -> Words:
    if not shown.steps:
        return Words(f"Hoe lang het duurt: {FEW.nl}.", f"How long it takes: {FEW.en}.")
    median = shown.median
    if median.days is None:
        beyond = shown.seen_until
        return Words(
            f"Na {beyond} dagen wacht nog meer dan de helft van de {shown.count}.",
            f"After {beyond} days more than half of the {shown.count} still wait.",
        )
    reach = _reach(median)
    one = median.days == 1
    return Words(
        f"De helft van de {shown.count} wacht hooguit {median.days} {'dag' if one else 'dagen'}{reach.nl}.",
        f"Half of the {shown.count} wait {median.days} {'day' if one else 'days'} at most{reach.en}.",
    )


def _reach(median: Length) -> Words:
    if median.low is None:
        return Words("", "")
    if median.high is None:
        return Words(f" (waarschijnlijk {median.low} of meer)", f" (probably {median.low} or more)")
    return Words(
        f" (waarschijnlijk tussen {median.low} en {median.high})", f" (probably between {median.low} and {median.high})"
    )
