"""The event log as OCEL 2.0 in JSON (ocel-standard.org), written piece by piece."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from wijkteam.reports.event_log.gathering import EventLog, LoggedEvent, LoggedObject
from wijkteam.reports.event_log.kinds import HOUSEHOLD, KINDS, WHOLE_NUMBERS

EVENT_ATTRIBUTES = {
    "resource": "string",
    "role": "string",
    "state_from": "string",
    "state_to": "string",
    "under_mandate": "boolean",
}
SINCE_EVER = "1970-01-01T00:00:00Z"
"""The moment that the standard gives to a value that an object has from its beginning."""


def write_ocel_json(log: EventLog, path: Path, advance: Callable[[int], None]) -> None:
    """Write the log object by object and event by event; `advance` hears of each event written."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"objectTypes":')
        file.write(json.dumps(object_types()))
        file.write(',"eventTypes":')
        file.write(json.dumps(event_types(log)))
        file.write(',"objects":[')
        links = _Links(log)
        _write_all(file, (_object(each, links) for each in log.objects()))
        file.write('],"events":[')
        _write_all(file, (_event(number, each, advance) for number, each in enumerate(log.events(), 1)))
        file.write("]}\n")


def object_types() -> list[dict[str, Any]]:
    """Every kind of object with its attributes and their types."""
    named = {HOUSEHOLD: (), **{name: tuple(kind.attributes) for name, kind in KINDS.items()}}
    return [
        {"name": name, "attributes": [{"name": each, "type": type_of(each)} for each in attributes]}
        for name, attributes in named.items()
    ]


def type_of(attribute: str) -> str:
    """The type of an attribute of an object, in the words of the standard."""
    return "integer" if attribute in WHOLE_NUMBERS else "string"


def event_types(log: EventLog) -> list[dict[str, Any]]:
    """Every step that occurs, with what each event of it says."""
    said = [{"name": name, "type": sort} for name, sort in EVENT_ATTRIBUTES.items()]
    return [{"name": f"{kind}.{name}", "attributes": said} for kind, name in log.event_types()]


def moment(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def said_by(event: LoggedEvent) -> dict[str, str]:
    """What an event says of itself, by the names of `EVENT_ATTRIBUTES`."""
    return {
        "resource": event.resource,
        "role": event.role,
        "state_from": event.state_from or "",
        "state_to": event.state_to,
        "under_mandate": "true" if event.under_mandate else "false",
    }


def touches(event: LoggedEvent) -> list[tuple[str, str]]:
    """Which objects an event is about: its own subject, the case it belongs to, and of a case the household."""
    found = [(event.subject, "subject")]
    if event.case and event.case != event.subject:
        found.append((event.case, "case"))
    if event.household:
        found.append((event.household, "household"))
    return found


class _Links:
    """Relations that stand in a table of their own, by the object they lead from; few, so they are held whole."""

    def __init__(self, log: EventLog) -> None:
        self.found: dict[str, list[tuple[str, str]]] = {}
        for one, other, qualifier in log.links():
            self.found.setdefault(one, []).append((other, qualifier))

    def of(self, each: LoggedObject) -> list[tuple[str, str]]:
        """All relations of an object."""
        return [*each.related, *self.found.get(each.name, [])]


def _related(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": qualifier} for name, qualifier in pairs]


def _object(each: LoggedObject, links: _Links) -> dict[str, Any]:
    said = [{"name": name, "time": SINCE_EVER, "value": value} for name, value in each.attributes.items()]
    return {"id": each.name, "type": each.kind, "attributes": said, "relationships": _related(links.of(each))}


def _event(number: int, event: LoggedEvent, advance: Callable[[int], None]) -> dict[str, Any]:
    advance(1)
    return {
        "id": f"event-{number}",
        "type": f"{event.kind}.{event.name}",
        "time": moment(event.at),
        "attributes": [{"name": name, "value": value} for name, value in said_by(event).items()],
        "relationships": _related(touches(event)),
    }


def _write_all(file: TextIO, found: Iterable[dict[str, Any]]) -> None:
    for number, each in enumerate(found):
        file.write((",\n" if number else "\n") + json.dumps(each, ensure_ascii=False, separators=(",", ":")))
