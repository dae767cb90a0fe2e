"""The report of a simulation, as text for people and as JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel

from wijkteam.simulating.comparing import MANY_MORE, Compared, Fit, Verdict
from wijkteam.simulating.hours import local_of
from wijkteam.simulating.measuring import Measured, Spread, Waits
from wijkteam.simulating.service import HELD_BACK_RUNS, WEEKS_AFTER, Report
from wijkteam.simulating.world import ENOUGH_SUBJECTS

NOTHING = "-"
DIGITS = 4


def as_json(report: Report) -> str:
    """All of it, with the sentences of the text among it."""
    told = _plain(asdict(report))
    told["verdict"] = verdict(report)
    told["not_known"] = unknown(report)
    return json.dumps(told, indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, BaseModel):
        return _plain(value.model_dump())
    if isinstance(value, date):
        return value.isoformat()
    return round(value, DIGITS) if isinstance(value, float) else value


def as_text(report: Report) -> str:
    """All of it, for a terminal."""
    parts = [
        _head(report),
        _table("Load per function, while subjects came in", _functions(report.measured)),
        _table("Load per rung", _rungs(report.measured)),
        _table("Stays per state and rung, in days", _states(report.measured)),
        _ends(report.measured),
        _basis(report),
        *([_table(f"Held-back part of the past ({_span(report.fit)})", _fit(report.fit))] if report.fit else []),
        *([_outcomes(report.fit)] if report.fit else []),
        "How far to believe this\n" + "\n".join(f"  {line}" for line in verdict(report)),
        "What this does not know\n" + "\n".join(f"  {line}" for line in unknown(report)),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(report: Report) -> str:
    wish = report.wish
    runs = f"{wish.runs} run{'s' if wish.runs != 1 else ''}"
    return (
        f"{report.workflow} version {report.version}: {wish.cases} cases from {report.start}, "
        f"{runs}, seed {wish.seed}\n"
        f"{report.arrivals_per_week:.1f} a week ({report.arrivals_source}), so that they came in during "
        f"{report.weeks:.0f} weeks; followed for {WEEKS_AFTER} weeks more\n"
        f"figures are of the middle run, with [lowest-highest] run; people work {report.hours}"
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}".removesuffix(".0")


def _told(spread: Spread | None, percent: bool = False) -> str:
    if spread is None:
        return NOTHING
    scale = 100 if percent else 1
    middle, low, high = (_number(each * scale) for each in (spread.middle, spread.low, spread.high))
    sign = "%" if percent else ""
    return f"{middle}{sign}" if low == high else f"{middle}{sign} [{low}-{high}]"


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value * 100:.0f}%"


def _days(value: float | None) -> str:
    return NOTHING if value is None else _number(value)


def _where(state: str, rung: int | None) -> str:
    return state if rung is None else f"{state}, rung {rung}"


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    if len(rows) < 2:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _functions(measured: Measured) -> list[list[str]]:
    rows = [
        [
            "function",
            "people",
            "time used",
            "hours a week",
            "queue on average",
            "longest",
            "waits (hours)",
            "known from",
        ]
    ]
    for each in measured.functions:
        people = "enough" if each.people is None else str(each.people)
        rows.append([each.function, people, _told(each.used, True), _told(each.hours_per_week)])
        rows[-1] += [_told(each.mean_queue), _told(each.longest_queue), _told(each.waited_hours), each.source]
    return rows


def _rungs(measured: Measured) -> list[list[str]]:
    rows = [["rung", "function", "came", "there at once", "hours a week", "time used", "climbed by silence"]]
    for each in measured.rungs:
        rows.append([str(each.rung), each.function, _told(each.came), _told(each.at_once)])
        rows[-1] += [_told(each.hours_per_week), _told(each.used, True), _told(each.climbed)]
    return rows


def _waits(waits: Waits) -> list[str]:
    return [_told(waits.count), _told(waits.p10), _told(waits.median), _told(waits.p90)]


def _states(measured: Measured) -> list[list[str]]:
    rows = [["state", "ended", "p10", "median", "p90", "missed terms", "of all", "not ended"]]
    for each in measured.states:
        told = [_told(each.missed), _told(each.missed_share, True), _told(each.still_there)]
        rows.append([_where(each.state, each.rung), *_waits(each.waits), *told])
    rows.append(["the whole way", *_waits(measured.lengths), NOTHING, NOTHING, _told(measured.open)])
    return rows


def _ends(measured: Measured) -> str:
    ends = ", ".join(f"{name} {_told(count)}" for name, count in measured.outcomes.items())
    return (
        f"Ended in: {ends}; not ended at the horizon: {_told(measured.open)} of {_told(measured.arrived)}\n"
        f"Climbed by silence: {_told(measured.climbs)}; reminders: {_told(measured.reminders)}"
    )


def _basis(report: Report) -> str:
    rows = [["state", "from", "ended by people", "by the clock, or not yet"]]
    for each in report.basis:
        rows.append([_where(each.state, each.rung), each.source, str(each.ended), str(each.broken_off)])
    return _table("Where delays and choices come from", rows)


def _span(fit: Fit | None) -> str:
    if fit is None:
        return ""
    first, last = local_of(fit.from_moment).date(), local_of(fit.until_moment).date()
    return f"{first} to {last}, {fit.held_back_subjects} subjects; fitted to {fit.fitted_subjects} before"


def _fit(fit: Fit | None) -> list[list[str]]:
    rows = [["state", "ended", "sim", "median", "sim", "p90", "sim", "missed", "sim", "distance", ""]]
    for each in fit.rows if fit else []:
        past, ours = each.past, each.simulated
        if not past.count and not ours.count:
            continue
        row = [_name(each)]
        for name in ("count", "median", "p90"):
            row += [_days(getattr(past, name)), _days(getattr(ours, name))]
        row += [_share(past.missed), _share(ours.missed)]
        rows.append([*row, NOTHING if each.distance is None else f"{each.distance:.2f}", each.verdict.value])
    return rows


def _outcomes(fit: Fit | None) -> str:
    told = [
        f"{name} {_share(past)}, sim {_share(ours)}" for name, (past, ours) in (fit.outcomes if fit else {}).items()
    ]
    return f"Ended within it: {'; '.join(told)}"


def _name(row: Compared) -> str:
    return "the whole way" if row.state is None else _where(row.state, row.rung)


def _off(row: Compared) -> str:
    """How far apart they lie, in the words of the largest difference."""
    past, ours = row.past, row.simulated
    if past.median is None or ours.median is None or row.distance is None:
        return f"{_name(row)} ({_days(past.count)} stays in the past, {_days(ours.count)} simulated)"
    if past.missed is not None and ours.missed is not None and abs(past.missed - ours.missed) > MANY_MORE:
        return f"{_name(row)} ({_share(past.missed)} missed its term in the past, {_share(ours.missed)} simulated)"
    name, theirs, mine = max(
        (("median", past.median, ours.median), ("p90", past.p90 or 0.0, ours.p90 or 0.0)),
        key=lambda each: abs(each[2] - each[1]) / max(each[1], 1e-9),
    )
    by = f"differs {abs(mine - theirs) / theirs * 100:.0f}%" if theirs else "differs"
    apart = f"distance {row.distance:.2f}"
    return f"{_name(row)} ({name} {by}: {_days(theirs)} days in the past, {_days(mine)} simulated; {apart})"


def verdict(report: Report) -> list[str]:
    """Plain sentences about what the comparison with held-back history says."""
    if not report.fitted:
        return [
            f"Too little history: {report.past_ended} of {report.past_subjects} subjects have ended, and at least "
            f"{ENOUGH_SUBJECTS} are needed.",
            f"All delays, choices and arrivals are given figures ({report.figures.source}). Use this to compare "
            "scenarios with each other, never to predict.",
        ]
    if report.fit is None:
        why = "none was asked for" if not report.wish.hold_back else "too little was left to fit and to compare"
        return [f"Nothing was compared with held-back history: {why}. Do not believe the figures before it is."]
    found = {each: [row for row in report.fit.rows if row.verdict is each] for each in Verdict}
    seen = [row for row in found[Verdict.TOO_FEW] if row.past.count or row.simulated.count]
    lines = []
    if found[Verdict.DIFFERS]:
        lines.append(f"Do not use this for: {'; '.join(_off(row) for row in found[Verdict.DIFFERS])}.")
    if found[Verdict.FITS]:
        lines.append(f"It agrees with the held-back past for: {_names(found[Verdict.FITS])}.")
    if seen:
        lines.append(f"Too few in the held-back past to judge: {_names(seen)}.")
    if not report.fit.terms_ran:
        lines.append("In this past missed terms did nothing, so they did nothing in this comparison either.")
    lines.append(f"Simulated figures of the comparison are of {HELD_BACK_RUNS} runs together; n is of one run.")
    return lines


def _names(rows: Iterable[Compared]) -> str:
    return "; ".join(_name(row) for row in rows)


def unknown(report: Report) -> list[str]:
    """What the model leaves out, as far as it matters for this workflow."""
    figures = report.figures
    minutes = "" if not figures.efforts else " unless given by step"
    lines = [
        f"How long somebody works at a step: taken as {figures.effort_minutes:g} minutes{minutes}, with "
        f"{figures.hours_per_day * figures.available:g} hours a day for this work ({figures.source}).",
        "Delays of the past hold the waiting of the past; waiting for busy people comes on top of it.",
        "Teams: all people of a function are taken together, as they are today. Leave and illness are left out.",
        "One subject's next step depends on its state and rung only, not on what happened before or to others.",
        "Guards that look at more than the rung are taken as open.",
        "Desks are empty when the first subject comes in, so that early waits are short.",
    ]
    if report.nested:
        lines.append("Subjects that live within others: waiting for them, or being taken along, is not played.")
    if report.fitted and not report.terms_ran:
        lines.append("In the past missed terms did nothing; here they do what the definition says, for the first time.")
    for post in report.enough:
        lines.append(
            f"How many do the work of {post.function} ({post.source}): nothing waits for them; "
            f"give --staff {post.function}=N to see queues."
        )
    return lines
