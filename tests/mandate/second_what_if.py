"""A second, independent computation of the what-if figures, straight from the log: no workflow, no database.

It reads the file as plain XML and follows the definitions in docs/what-if.md: a round runs from SUBMITTED to the next
FINAL_APPROVED or REJECTED by anybody but the employee; REJECTED by EMPLOYEE ends a round that still runs as taken back.
A rejection after an approval takes the approval back.
"""

import gzip
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree

ASKED, GRANTED, REFUSED_BY, BACK = (
    "Declaration SUBMITTED by EMPLOYEE",
    "Declaration FINAL_APPROVED by SUPERVISOR",
    "Declaration REJECTED by ",
    "Declaration REJECTED by EMPLOYEE",
)


@dataclass
class Told:
    """One declaration, as the log itself tells it."""

    number: str
    cents: int | None
    waits: list[float] = field(default_factory=list)
    """Seconds, of each round."""
    steps: int = 0
    refused: bool = False
    last: str = ""

    @property
    def asked(self) -> bool:
        return bool(self.waits)

    @property
    def waited(self) -> float:
        return sum(self.waits)


def read(path: Path) -> Iterator[Told]:
    with gzip.open(path) as file:
        for _, element in ElementTree.iterparse(file):
            if element.tag.endswith("}trace"):
                yield told(element)
                element.clear()


def told(trace: Any) -> Told:
    events = [{child.get("key"): child.get("value") for child in each} for each in trace if each.tag.endswith("}event")]
    number = next(each.get("value") for each in trace if each.get("key") == "concept:name")
    amount = Decimal(events[0]["(case)_Amount"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    found = Told(number, int(amount * 100) or None)
    since: datetime | None = None
    for each in events:
        at, what = datetime.fromisoformat(each["time:timestamp"]), each["concept:name"]
        if since is not None and each["org:role"] != "EMPLOYEE":
            found.steps += 1
        if what == ASKED and since is None:
            since = at
        elif what == GRANTED and since is not None:
            since, found.last = ended(found, since, at), "granted"
        elif what == BACK:
            if since is not None:
                since, found.last = ended(found, since, at), "back"
        elif what.startswith(REFUSED_BY):
            found.refused = found.refused or found.asked or since is not None
            found.last = "refused"
            if since is not None:
                since = ended(found, since, at)
    return found


def ended(found: Told, since: datetime, at: datetime) -> None:
    found.waits.append((at - since).total_seconds())


@dataclass(frozen=True)
class Second:
    """The figures for one ceiling."""

    in_front: int
    days: float
    median: float
    p10: float
    p90: float
    steps: int
    refused: int
    refused_euros: float
    refused_for_good: int


def figures(every: list[Told], ceiling: int) -> Second:
    """`ceiling` in cents."""
    inside = [each for each in every if each.asked and each.cents is not None and each.cents <= ceiling]
    waits = sorted(each.waited / 86_400 for each in inside)
    refused = [each for each in inside if each.refused]
    return Second(
        len(inside),
        sum(waits),
        median(waits),
        waits[math.ceil(len(waits) * 0.1) - 1],
        waits[math.ceil(len(waits) * 0.9) - 1],
        sum(each.steps for each in inside),
        len(refused),
        sum(each.cents or 0 for each in refused) / 100,
        sum(each.last == "refused" for each in refused),
    )
