"""A what-if as text for the terminal, as JSON and as CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from wijkteam.mandate.verdict import euros
from wijkteam.mandate.what_if.curve import Choice, Curve, Point
from wijkteam.mandate.what_if.spread import days
from wijkteam.reports.exports import WITHHELD, safe
from wijkteam.reports.figures import Cell
from wijkteam.reports.what_if import Line, Opened, Unit
from wijkteam.reports.what_if_service import WhatIf

TENTHS = 10
NOTHING_TO_TELL = "–"


def told(cell: Cell, unit: Unit) -> str:
    """A figure as Dutch people read it: a dot when withheld, a dash when there is nothing to tell."""
    if cell.withheld:
        return WITHHELD
    if cell.value is None:
        return NOTHING_TO_TELL
    match unit:
        case Unit.CENTS:
            return euros(int(cell.value))
        case Unit.PERCENT:
            return f"{_dutch(f'{cell.value:,.1f}')}%"
        case Unit.DAYS | Unit.HOURS:
            return _dutch(f"{cell.value:,.1f}")
        case _:
            return _dutch(f"{cell.value:,}")


def in_english(text: str) -> str:
    """A Dutch figure with the points and commas of English."""
    return text.translate(str.maketrans(".,", ",."))


def _dutch(number: str) -> str:
    return number.replace(",", "_").replace(".", ",").replace("_", ".")


def percent(share: Fraction | float) -> float:
    """A share in percents, to one tenth."""
    return round(float(share * 100), 1)


def outline(curve: Curve) -> list[Point]:
    """At most ten points of a curve: those at which each next tenth of the waiting is spared."""
    found: dict[int, Point] = {}
    for part in range(1, TENTHS + 1):
        point = next((each for each in curve.points if curve.spares(each) >= Fraction(part, TENTHS)), None)
        if point is not None:
            found[point.ceiling] = point
    return list(found.values())


def as_json(found: WhatIf) -> str:
    """Everything, the whole curves too. Amounts in cents, waits in days; a withheld figure is null and says so."""
    groups = {"gain": found.gain, "price": found.price, "rest": found.rest}
    document: dict[str, Any] = {
        "source": found.wish.source,
        "from": found.history.first.isoformat(),
        "until": found.history.last.isoformat(),
        "seen_until": found.history.seen_until.isoformat(),
        "requests": None if found.withholds and not _tells_all(found) else len(found.history.requests),
        "never_asked": None if found.withholds else len(found.history.never_asked),
        "deviating": len(found.history.deviating),
        "scenarios": [each.title for each in found.scenarios],
        "approving": found.cost.model_dump(mode="json"),
        **{name: [_line(each) for each in lines] for name, lines in groups.items()},
        "refused_by": [dict(pairs) for _, pairs in found.refusers],
        "curves": [_curve(*pair) for pair in zip(found.curves, found.choices, strict=True)],
        "rows_not_in_force": list(found.asleep),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _tells_all(found: WhatIf) -> bool:
    return all(each.shown("everything") for each in found.scenarios)


def _line(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title.en,
        "unit": line.unit.value,
        "values": [{"value": each.value, "withheld": each.withheld} for each in line.cells],
        "cases": line.opens or None,
    }


def _curve(curve: Curve, choice: Choice) -> dict[str, Any]:
    return {
        "power": curve.power,
        "function": curve.function,
        "ceiling_today": curve.today,
        "points": [_point(curve, each) for each in curve.points],
        "wish": {"spare": percent(choice.spare), "let_through": percent(choice.let_through)},
        "smallest": _point(curve, choice.smallest) if choice.smallest else None,
        "fits": choice.fits,
        "most_within": _point(curve, choice.most) if choice.most else None,
    }


def _point(curve: Curve, point: Point) -> dict[str, Any]:
    return {
        "ceiling": point.ceiling,
        "requests": point.requests,
        "spared_days": float(days(point.spared)),
        "spared_percent": percent(curve.spares(point)),
        "refused": point.refused,
        "refused_percent": percent(curve.lets_through(point)),
        "refused_for_good": point.refused_for_good,
    }


def as_csv(found: WhatIf) -> str:
    """One tidy list: a line per figure and scenario, then the points of the curves."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "figure", "scenario", "unit", "value", "withheld"])
    for table, lines in (("gain", found.gain), ("price", found.price), ("rest", found.rest)):
        for line in lines:
            for scenario, cell in zip(found.scenarios, line.cells, strict=True):
                value = "" if cell.value is None else cell.value
                writer.writerow([table, line.code, safe(scenario.title), line.unit.value, value, int(cell.withheld)])
    for curve in found.curves:
        name = f"curve {curve.power} {curve.function}"
        for point in curve.points:
            for code, value in _point(curve, point).items():
                if code != "ceiling":
                    writer.writerow([name, code, point.ceiling, "", value, 0])
    return out.getvalue()


def as_text(found: WhatIf) -> str:
    """Tables for the terminal."""
    history = found.history
    lines = [
        f"What if, {found.wish.source}: first asked {history.first} to {history.last}, seen until "
        f"{history.seen_until:%Y-%m-%d %H:%M} UTC",
    ]
    if not found.withholds:
        lines.append(
            f"{len(history.requests)} requests; {len(history.never_asked)} more were written and never asked; of "
            f"{len(history.deviating)} the log holds steps that the workflow does not allow, which are left out"
        )
    if found.asleep:
        lines.append(
            f"held on no day of this period: {', '.join(found.asleep)}; to replay them as if they had: --as-if-in-force"
        )
    names = [in_english(each.title) if found.wish.ceilings else each.title for each in found.scenarios]
    tables = (("Gain", found.gain), ("Price", found.price), ("No part of either", found.rest))
    for title, rows in tables if found.scenarios else ():
        lines += ["", *_table(title, rows, names)]
    for title, (_, pairs) in zip(names, found.refusers, strict=False):
        lines += ["", f"{title}: refused by " + ("; ".join(f"{who} {count}" for who, count in pairs) or "nobody")]
    cost = found.cost
    lines += [
        "",
        f"A step of an approver: {cost.minutes_per_step} minutes at {cost.euros_per_hour} euros an hour, {cost.as_of} "
        f"({cost.source}).",
        "Days are calendar days from asking to the answer, over every time that was asked; see docs/what-if.md.",
    ]
    if found.withholds:
        lines.append(f"{WITHHELD} = not shown: too few households, or another figure could be computed from it.")
    for pair in zip(found.curves, found.choices, strict=True):
        lines += ["", *_curve_text(*pair)]
    return "\n".join(lines)


def _table(title: str, rows: Iterable[Line], names: Sequence[str]) -> list[str]:
    shown = [
        (f"{'  ' * each.below}{each.title.en}", [in_english(told(cell, each.unit)) for cell in each.cells])
        for each in rows
    ]
    width = max(len(label) for label, _ in shown)
    column = max([len(each) for _, cells in shown for each in cells] + [len(each) for each in names]) + 2
    head = f"{title:<{width}}" + "".join(f"{each:>{column}}" for each in names)
    return [head, *(f"{label:<{width}}" + "".join(f"{each:>{column}}" for each in cells) for label, cells in shown)]


def _curve_text(curve: Curve, choice: Choice) -> list[str]:
    lines = [
        f"Ceilings of {curve.function} for {curve.power}"
        + (f" (today {_euros(curve.today)})" if curve.today is not None else ""),
        f"{'ceiling':>14}{'requests':>10}{'waiting spared':>16}{'refused at least once':>23}",
    ]
    lines += [
        f"{_euros(each.ceiling):>14}{each.requests:>10}{percent(curve.spares(each)):>15}%{percent(curve.lets_through(each)):>22}%"
        for each in outline(curve)
    ]
    return [*lines, chosen(curve, choice)]


def _euros(cents: int) -> str:
    return in_english(euros(cents))


def chosen(curve: Curve, choice: Choice) -> str:
    """The answer to the wish, in one sentence."""
    wish = f"to spare {percent(choice.spare):g}% of the waiting"
    if choice.smallest is None:
        return f"{wish}: no ceiling that can be told does that"
    first = f"{wish}: a ceiling of {_euros(choice.smallest.ceiling)} lets {_through(curve, choice.smallest)} through"
    if choice.fits:
        return first
    limit = f"more than {percent(choice.let_through):g}%"
    if choice.most is None:
        return f"{first}, {limit}; every ceiling does"
    return (
        f"{first}, {limit}, so no ceiling does both; up to {_euros(choice.most.ceiling)} it stays within, and spares "
        f"{percent(curve.spares(choice.most))}%"
    )


def _through(curve: Curve, point: Point) -> str:
    return f"{percent(curve.lets_through(point))}% of the refusals"


def cases_as_text(cases: Sequence[Opened]) -> str:
    """A line per request: number, amount, when asked, how long waited, how often asked, what became of it."""
    lines = [f"{'request':<22}{'amount':>14}  {'first asked':<17}{'days waited':>12}{'asked':>7}  outcome"]
    lines += [
        f"{name:<22}{_euros(each.amount) if each.amount is not None else NOTHING_TO_TELL:>14}  "
        f"{each.request.asked_at:%Y-%m-%d %H:%M} {days(each.spared.for_answers):>12}{each.rounds:>7}  {each.fate}"
        for each, name in ((each, each.request.number or each.request.id) for each in cases)
    ]
    return "\n".join(lines)


def cases_as_rows(cases: Sequence[Opened]) -> list[dict[str, Any]]:
    """The same for machines; amounts in cents, waits in days."""
    return [
        {
            "request": each.request.number or each.request.id,
            "power": each.request.power,
            "amount": each.amount,
            "first_asked": each.request.asked_at.isoformat(),
            "waited_days": float(days(each.spared.for_answers)),
            "asked": each.rounds,
            "outcome": each.fate.value,
        }
        for each in cases
    ]


def cases_as_csv(cases: Sequence[Opened]) -> str:
    """The same for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["request", "power", "amount", "first_asked", "waited_days", "asked", "outcome"])
    for row in cases_as_rows(cases):
        writer.writerow([safe(each) if isinstance(each, str) else each for each in row.values()])
    return out.getvalue()


WRITERS: dict[str, Callable[[WhatIf], str]] = {"table": as_text, "json": as_json, "csv": as_csv}
