"""Kinds that are read another way than through the wall alone: closed tables, and what only some readers see whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import ENDED, handles, is_asked
from wijkteam.events.model import Event
from wijkteam.exporting import queries as exports
from wijkteam.retention import queries as destruction
from wijkteam.web.acting import house, over_all, work
from wijkteam.web.data_requests import log_request
from wijkteam.web.leaving import readable_export
from wijkteam.web.retention import readable_list

SEEN_BY_ALL = frozenset(
    {"kind", "words", "received_on", "received_by", "requester", "contact", "handler_id", "outcome", "refusal_ground"}
    | {"extended", "why_not_told", "ended_at"}
)
SEEN_BY_ASKED = frozenset({"asked_id", "question", "answer_by", "contribution", "contributed_on"})
SEEN_AT_THE_END = frozenset({"answer", "told_how", "told_on", "decided_at"})


@dataclass(frozen=True)
class Closed:
    """A closed table, whose questions themselves keep to who may ask."""

    find: Callable[[str], Any]
    """The row; to who has nothing to do with it there is none (404)."""
    every: Callable[[], list[Any]]
    """All that this person has to do with, the newest first."""
    due: Callable[[str], datetime | None]
    events: Callable[[str], list[Event]]
    """The oldest first."""


def _lists() -> list[Any]:
    return [made for made, _due in over_all(destruction.shown_lists, house().retention, work().actor)]


def _exports() -> list[Any]:
    return over_all(exports.shown_exports, work().actor)


CLOSED: dict[str, Closed] = {
    "destruction-lists": Closed(
        lambda number: readable_list(number).made,
        _lists,
        lambda number: readable_list(number).due,
        lambda number: readable_list(number).events[::-1],
    ),
    "full-exports": Closed(
        lambda number: readable_export(number).export,
        _exports,
        lambda number: readable_export(number).due,
        lambda number: readable_export(number).events[::-1],
    ),
}
"""By the name of their collection."""


def note_reading(row: Any) -> None:
    """A request about a household that we know is a reading of its newest case."""
    if isinstance(row, DataRequest):
        log_request(row, "AVG-verzoek")


def in_full(row: Any) -> bool:
    """Whether this person sees the story of a row and what cannot be done with it: of a request its officers alone."""
    return not isinstance(row, DataRequest) or handles(work().actor)


def hidden(row: Any, names: tuple[str, ...]) -> frozenset[str]:
    """Which columns of a row this person is not told, as on its page."""
    if in_full(row):
        return frozenset()
    seen = SEEN_BY_ALL
    if is_asked(row, work().actor):
        seen |= SEEN_BY_ASKED
    if row.state in ENDED:
        seen |= SEEN_AT_THE_END
    return frozenset(names) - seen
