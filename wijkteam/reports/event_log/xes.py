"""The event log as XES (IEEE 1849-2016/2023): a trace for each case, and for each subject that belongs to no case."""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from lxml import etree

from wijkteam.reports.event_log.gathering import EventLog, LoggedEvent
from wijkteam.reports.event_log.warning import WHAT_IT_IS

EXTENSIONS = {
    "Concept": ("concept", "http://www.xes-standard.org/concept.xesext"),
    "Time": ("time", "http://www.xes-standard.org/time.xesext"),
    "Organizational": ("org", "http://www.xes-standard.org/org.xesext"),
    "Lifecycle": ("lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
}


def write_xes(log: EventLog, path: Path, advance: Callable[[int], None]) -> None:
    """Write the log event by event; `advance` hears of each event written."""
    with etree.xmlfile(str(path), encoding="utf-8") as file:
        file.write_declaration()
        # typed as if there were no such method: lxml's own stubs miss the context manager's `element`
        document: Any = file
        with document.element("log", {"xes.version": "1849.2016", "xes.features": ""}):
            for each in _head():
                document.write(each)
            for _, events in groupby(log.events(by_trace=True), key=lambda event: event.trace):
                with document.element("trace"):
                    _write_trace(document, events, advance)


def _write_trace(document: Any, events: Iterator[LoggedEvent], advance: Callable[[int], None]) -> None:
    for number, event in enumerate(events):
        if number == 0:
            document.write(_value("string", "concept:name", event.trace))
            document.write(_value("string", "kind", event.trace_kind))
        document.write(_event(event))
        advance(1)


def _head() -> Iterator[etree._Element]:
    for name, (prefix, address) in EXTENSIONS.items():
        yield etree.Element("extension", {"name": name, "prefix": prefix, "uri": address})
    of_traces = etree.Element("global", {"scope": "trace"})
    of_traces.append(_value("string", "concept:name", "unknown"))
    yield of_traces
    of_events = etree.Element("global", {"scope": "event"})
    of_events.append(_value("string", "concept:name", "unknown"))
    of_events.append(_value("date", "time:timestamp", "1970-01-01T00:00:00+00:00"))
    of_events.append(_value("string", "lifecycle:transition", "complete"))
    yield of_events
    yield etree.Element("classifier", {"name": "Step", "keys": "concept:name"})
    yield _value("string", "concept:name", "wijkteam")
    yield _value("string", "lifecycle:model", "standard")
    yield _value("string", "description", WHAT_IT_IS.en)


def _event(event: LoggedEvent) -> etree._Element:
    found = etree.Element("event")
    values = [
        ("string", "concept:name", f"{event.kind}.{event.name}"),
        ("date", "time:timestamp", event.at.isoformat()),
        ("string", "lifecycle:transition", "complete"),
        ("string", "org:resource", event.resource),
        ("string", "org:role", event.role),
        ("string", "kind", event.kind),
        ("string", "object", event.subject),
        ("string", "state_from", event.state_from or ""),
        ("string", "state_to", event.state_to),
        ("boolean", "under_mandate", "true" if event.under_mandate else "false"),
    ]
    for sort, key, value in values:
        if value:
            found.append(_value(sort, key, value))
    return found


def _value(sort: str, key: str, value: str) -> etree._Element:
    return etree.Element(sort, {"key": key, "value": value})
