"""The register of requests as CSV: what came in, by when it had to be answered and what came of it."""

import csv
import io
from collections.abc import Iterable

from wijkteam.data_requests.checks import GRANTED
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import ENDED
from wijkteam.data_requests.terms import answer_by
from wijkteam.terms import clock

COLUMNS = (
    "number",
    "kind",
    "received_on",
    "answer_by",
    "extended",
    "suspended_days",
    "state",
    "outcome",
    "refusal_ground",
    "told_on",
    "in_time",
)


def as_csv(found: Iterable[DataRequest]) -> str:
    """One line for each request, days in ISO 8601; no names and no words, for a register needs none."""
    told = io.StringIO()
    written = csv.DictWriter(told, COLUMNS, lineterminator="\n")
    written.writeheader()
    for each in found:
        last = answer_by(each)
        written.writerow(
            {
                "number": each.id,
                "kind": each.kind,
                "received_on": each.received_on.isoformat(),
                "answer_by": last.isoformat(),
                "extended": "yes" if each.extended else "no",
                "suspended_days": each.suspended_days,
                "state": each.state,
                "outcome": each.outcome or "",
                "refusal_ground": "" if each.outcome == GRANTED else each.refusal_ground or "",
                "told_on": each.told_on.isoformat() if each.told_on else "",
                "in_time": _in_time(each),
            }
        )
    return told.getvalue()


def _in_time(request: DataRequest) -> str:
    last = answer_by(request)
    if request.told_on is not None:
        return "yes" if request.told_on <= last else "no"
    if request.state in ENDED:
        return ""
    return "no" if clock.today() > last else "running"
