"""Keeping what can be found in step with what it stands in: in the same transaction, by whatever changed it.

Every session of the house listens. A change that goes past the session (destruction, a correction) says so itself with
`renew` or `forget`; `differences` proves that nothing was missed, and `rebuild` makes everything anew.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import delete, event, insert, inspect, select, update
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.cases.model import HouseholdCase
from wijkteam.search.model import CaseToCompare, PossibleDouble, SearchEntry
from wijkteam.search.notes import note_entries, renew_notes
from wijkteam.search.sources import BY_MODEL, SOURCES, Source
from wijkteam.storage.work import Work

BATCH = 500


def keep_in_step(open_session: sessionmaker[Session]) -> None:
    """Let every session that is opened here keep what can be found in step with what it writes."""
    event.listen(open_session, "after_flush", _after_flush)


def _after_flush(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty):
        source = BY_MODEL.get(type(row))
        if source is not None and (row in session.new or _changed(row, source)):
            _keep(session, source, row, row in session.new)
        if type(row) is HouseholdCase and row in session.new:
            session.connection().execute(insert(CaseToCompare).values(case_id=row.id))
    for row in session.deleted:
        source = BY_MODEL.get(type(row))
        if source is not None:
            _forget(session, source.kind, [source.ref(row)])


def _changed(row: Any, source: Source) -> bool:
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in source.watched)


def _keep(session: Session, source: Source, row: Any, is_new: bool) -> None:
    entry, table = source.entry(row), SearchEntry.__table__
    if entry is None:
        if not is_new:
            _forget(session, source.kind, [source.ref(row)])
        return
    connection = session.connection()
    if not is_new:
        same = (table.c.kind == entry["kind"]) & (table.c.ref == entry["ref"])
        if connection.execute(update(SearchEntry).where(same).values(entry)).rowcount:
            return
    connection.execute(insert(SearchEntry).values(entry))


def _forget(session: Session, kind: str, refs: Collection[str]) -> None:
    session.connection().execute(delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.ref.in_(refs)))


def forget_subjects(session: Session, kind: str, ids: Collection[str]) -> None:
    """Let nothing be found by these any more, because they are destroyed now; of a case nothing at all."""
    _forget(session, kind, ids)
    if kind == HouseholdCase.workflow:
        for model in (CaseToCompare, PossibleDouble, SearchEntry):
            session.connection().execute(delete(model).where(model.case_id.in_(ids)))


def renew(session: Session, model: type[Any], row_id: Any) -> None:
    """Look at one row anew, because it was changed past the session in this transaction."""
    source, table = BY_MODEL[model], model.__table__
    row = session.execute(select(table).where(next(iter(table.primary_key)) == row_id)).one_or_none()
    if row is not None:
        _keep(session, source, row, False)
    if model is HouseholdCase:
        renew_notes(session, row_id)


def rebuild(work: Work, done: Callable[[int], None] = lambda _rows: None) -> int:
    """Make everything that can be found anew, in one transaction; returns how many rows can be found."""
    with work.transaction() as session:
        session.execute(delete(SearchEntry), execution_options={"synchronize_session": False})
        made = 0
        for entries in _all_entries(session):
            if entries:
                session.connection().execute(insert(SearchEntry), entries)
            made += len(entries)
            done(len(entries))
        return made


def differences(session: Session) -> list[str]:
    """Where what can be found is not what the rows say: which row, and not by which words."""
    kept = {
        (each.kind, each.ref): {name: getattr(each, name) for name in _OF}
        for each in session.execute(select(SearchEntry.kind, SearchEntry.ref, *(getattr(SearchEntry, n) for n in _OF)))
    }
    found = []
    for entries in _all_entries(session):
        for entry in entries:
            key = (entry["kind"], entry["ref"])
            if kept.pop(key, None) != {name: entry[name] for name in _OF}:
                found.append(f"{key[0]} {key[1]}: cannot be found by what it says")
    return found + [f"{kind} {ref}: can be found, and is not there (any more)" for kind, ref in sorted(kept)]


_OF = ("case_id", "household_id", "signal_id", "person_id", "names", "terms")


def _all_entries(session: Session) -> Iterator[list[dict[str, Any]]]:
    """The entries of all rows, some hundreds at a time."""
    for source in SOURCES:
        table = source.model.__table__
        rows = session.execute(select(table), execution_options={"yield_per": BATCH})
        for part in rows.partitions(BATCH):
            yield [entry for entry in map(source.entry, part) if entry is not None]
    notes = note_entries(session)
    while some := list(islice(notes, BATCH)):
        yield some
