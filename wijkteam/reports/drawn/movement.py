"""A control chart: counts per period within their limits, with what is a change."""

from typing import Any

from wijkteam.reckoning.control import Chart, Point, Signal
from wijkteam.reports.drawn.paper import (
    ALERT,
    DATA,
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
    "Aantal per periode. Tussen de grenzen is het gewone schommeling, ook als het op een stijging lijkt. Anders dan "
    "gewoon is een aantal buiten de grenzen, of het achtste op rij aan dezelfde kant van de middelste lijn.",
    "Count per period. Between the limits it moves as it always does, also when it looks like a rise. Different is a "
    "count outside the limits, or the eighth in a row on one side of the middle line.",
)
COLUMNS = {
    "count": Words("Aantal", "Count"),
    "low": Words("Ondergrens", "Lower limit"),
    "high": Words("Bovengrens", "Upper limit"),
}
HIGHER = Words("hoger dan gewoon", "higher than usual")
LOWER = Words("lager dan gewoon", "lower than usual")
PERIODS_MARKED = 5


def control_chart(chart: Chart, title: Words, language: Language = "nl") -> Drawn:
    """The row of counts with its limits; changes are orange diamonds with their period in words beside the picture."""
    seen = _seen(chart)
    rows = [Row(point.period, _label(point, language), _cells(chart, point)) for point in chart.points]
    made = table("control_chart", title, MEANING, COLUMNS, rows, language)
    if sum(point.count is not None for point in chart.points) < 2:
        return Drawn("", made, seen)
    return Drawn(picture(_layers(chart, language), title, seen, "curve", language), made, seen)


def _cells(chart: Chart, point: Point) -> dict[str, Any]:
    low, high = (chart.limits.low, chart.limits.high) if chart.limits else (None, None)
    return {"count": cell(point.count, point.count is None), "low": cell(low), "high": cell(high)}


def _layers(chart: Chart, language: Language) -> list[dict[str, Any]]:
    counts = [point.count for point in chart.points if point.count is not None]
    marks = ticks(max([*counts, chart.limits.high if chart.limits else 0]))
    last = max(1, len(chart.points) - 1)

    def across(place: int) -> float:
        return round(LEFT + 14 + (WIDTH - LEFT - 46) * place / last, 1)

    def height(count: float) -> float:
        return round(down(count / marks[-1]), 1)

    placed = [
        ({"x": across(place), "y": height(point.count)}, bool(point.signals))
        for place, point in enumerate(chart.points)
        if point.count is not None
    ]
    step = max(1, -(-len(chart.points) // PERIODS_MARKED))
    periods = [
        Mark(across(place), point.period) for place, point in enumerate(chart.points) if (last - place) % step == 0
    ]
    usual = {"type": "point", "filled": True, "size": 34, "fill": DATA, "opacity": 1}
    changed = {"type": "point", "filled": True, "shape": "diamond", "size": 130, "fill": ALERT, "opacity": 1}
    return [
        *axes(periods, [Mark(height(each), number(each, language)) for each in marks]),
        *_limits(chart, height),
        line([place for place, _ in placed], strokeWidth=1.6),
        {"data": {"values": [place for place, change in placed if not change]}, **layer(usual, x="x", y="y")},
        {"data": {"values": [place for place, change in placed if change]}, **layer(changed, x="x", y="y")},
    ]


def _limits(chart: Chart, height: Any) -> list[dict[str, Any]]:
    if chart.limits is None:
        return []
    edges = [{"x": LEFT, "x2": WIDTH, "y": height(each)} for each in (chart.limits.low, chart.limits.high)]
    middle = [{"x": LEFT, "x2": WIDTH, "y": height(chart.limits.median)}]
    dashed = layer({"type": "rule", "stroke": QUIET, "strokeDash": [5, 4], "strokeWidth": 1.6}, x="x", x2="x2", y="y")
    whole = layer({"type": "rule", "stroke": QUIET, "strokeWidth": 1.6}, x="x", x2="x2", y="y")
    return [{"data": {"values": edges}, **dashed}, {"data": {"values": middle}, **whole}]


def _way(point: Point) -> Words:
    return HIGHER if {Signal.ABOVE, Signal.RUN_ABOVE} & set(point.signals) else LOWER


def _label(point: Point, language: Language) -> str:
    if not point.signals:
        return point.period
    way = _way(point)
    return f"{point.period} ({way.en if language == 'en' else way.nl})"


def _seen(chart: Chart) -> Words:
    if chart.limits is None:
        return Words(
            "Te weinig perioden om te zeggen of er iets veranderde.", "Too few periods to say whether anything changed."
        )
    changes = chart.changes
    if not changes:
        return Words(
            "Er is niets veranderd: dit is gewone schommeling.", "Nothing changed: it moves as it always does."
        )
    last = changes[-1]
    return Words(
        f"In {len(changes)} van de {len(chart.points)} perioden is het anders dan gewoon, het laatst in "
        f"{last.period} ({_way(last).nl}).",
        f"In {len(changes)} of the {len(chart.points)} periods it is different, most recently in {last.period} "
        f"({_way(last).en}).",
    )
