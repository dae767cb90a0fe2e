"""Taking the event log out: who may, that it is logged, and in which form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.access.reading_log import How, log_export
from wijkteam.people.acting import ActingPerson
from wijkteam.reports.event_log.gathering import EventLog
from wijkteam.reports.event_log.ocel_json import write_ocel_json
from wijkteam.reports.event_log.ocel_sqlite import write_ocel_sqlite
from wijkteam.reports.event_log.xes import write_xes
from wijkteam.reports.readers import EVENT_LOG
from wijkteam.storage.work import Work

FORMS: dict[str, tuple[Callable[[EventLog, Path, Callable[[int], None]], None], str]] = {
    "xes": (write_xes, "xes"),
    "ocel-json": (write_ocel_json, "json"),
    "ocel-sqlite": (write_ocel_sqlite, "sqlite"),
}
"""How the log can be written, each with the ending of its file."""


class NotTheirs(LookupError):
    """To whoever may not take the log there is none."""


class TooLarge(Exception):
    """The log is too large to be fetched from a page."""


def may_take(actor: Any) -> bool:
    """Whether somebody may take the event log."""
    return isinstance(actor, ActingPerson) and bool(EVENT_LOG & actor.functions)


def count_events(work: Work) -> int:
    """How many events the log holds. Raises NotTheirs."""
    if not (may_take(work.actor) or work.origin.account is not None):
        raise NotTheirs
    return EventLog(work.session).count()


def write_event_log(
    work: Work,
    form: str,
    path: Path,
    most: int | None = None,
    progress: Callable[[int], Callable[[int], None]] | None = None,
    read_from: Session | None = None,
) -> int:
    """Write the whole log to a file, in one of the `FORMS`; gives how many events.

    That it is taken is logged before anything is written, with who, in which function and in which form. `progress`
    gets the number of events and gives what to call for each; `read_from` is a session on a replica. Raises NotTheirs,
    TooLarge when there are more than `most` events, and KeyError for a form that is not known. Memory does not grow
    with the log.
    """
    events = note_taking(work, form, most)
    write_noted_log(work, form, path, progress(events) if progress else _unheard, read_from)
    return events


def note_taking(work: Work, form: str, most: int | None = None) -> int:
    """Log that the event log is taken, in which form; gives how many events it holds. Raises NotTheirs, TooLarge."""
    events = count_events(work)
    if most is not None and events > most:
        raise TooLarge(events)
    functions: frozenset[str] = getattr(work.actor, "functions", frozenset())
    how = How.EXPORT if work.origin.account is None else How.COMMAND
    log_export(
        work, "gebeurtenissen (export)", f"{form}, {events} events", how, min(EVENT_LOG & functions, default=None)
    )
    return events


def _unheard(_count: int) -> None:
    """Nobody follows how far it is."""


def write_noted_log(
    work: Work,
    form: str,
    path: Path,
    progress: Callable[[int], None] = _unheard,
    read_from: Session | None = None,
) -> None:
    """Write the log, of which `note_taking` logged that it is taken; nothing changes. Raises KeyError."""
    write, _ = FORMS[form]
    write(EventLog(read_from or work.session), path, progress)
