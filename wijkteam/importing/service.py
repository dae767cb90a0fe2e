"""What can be done with files from elsewhere: looking at one, bringing it in, going on with it, and putting it away.

Each row is a transaction of its own and comes in once: killed in the middle and run again, nothing doubles. Only the
functional administrator does this. What a row says is in no log and no message; only which row of which file.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused, Stale
from wijkteam.importing.bringing import Became, Source, bring_in
from wijkteam.importing.checking import Checked, ReadyRow, Surrounding, check
from wijkteam.importing.columns import KINDS
from wijkteam.importing.findings import WrongFile
from wijkteam.importing.known import done_rows, find_import
from wijkteam.importing.model import CHECKED, DONE, DROPPED, FAILED, RUNNING, DataImport, ImportedRow
from wijkteam.importing.reading import read_file
from wijkteam.keys.ring import KeyRing, WrongKeyRing, problem_with
from wijkteam.keys.sealing import CannotOpen, open_bytes, seal_bytes
from wijkteam.people.acting import ActingPerson
from wijkteam.people.service import WrongPerson
from wijkteam.people.staff import ADMINISTRATOR
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()
CASE = "household_case"
TRIES = 3
"""How often a row is tried that somebody else's step stood in the way of."""
KEPT_WAITING = timedelta(days=1)
"""A file that waits on a page is put away after so long."""


@dataclass(frozen=True)
class Tools:
    """What bringing in needs of the house besides the unit of work."""

    ring: KeyRing
    grounds: BsnGrounds


@dataclass
class Progress:
    """How far an import is."""

    done: int = 0
    failed: int = 0
    left: int = 0
    failures: list[tuple[str, int, str, str]] = field(default_factory=list)
    """Kind, row, and why in Dutch and in English."""


class NotTheirs(LookupError):
    """To whoever may not bring in files there are none."""


def may_import(actor: Any) -> bool:
    """Whether somebody brings in files."""
    return isinstance(actor, ActingPerson) and ADMINISTRATOR in actor.functions


def _refuse_others(work: Work) -> None:
    if not may_import(work.actor):
        raise NotTheirs


def look_at(work: Work, tools: Tools, content: bytes, what: str) -> Checked:
    """Read a file and find every mistake in it; nothing changes. Raises WrongFile, NotTheirs."""
    _refuse_others(work)
    file = read_file(content, what)
    begun = living(work.session, file.digest, what)
    done = done_rows(work.session, begun.id) if begun is not None else set()
    checked = check(work.session, file, _around(work, tools), done)
    log.info("import.looked_at", what=what, digest=file.digest, rows=file.count, by=work.actor.person_id)
    return checked


def _around(work: Work, tools: Tools) -> Surrounding:
    return Surrounding(work.engine.workflow(CASE), tools.grounds, problem_with(tools.ring) is None)


def living(session: Session, digest: str, what: str) -> DataImport | None:
    """The import of this file that came in or is coming in, and was not undone."""
    same = (DataImport.digest == digest) & (DataImport.what == what)
    lives = DataImport.state.not_in((CHECKED, "undone", DROPPED))
    return session.scalar(select(DataImport).where(same, lives).execution_options(populate_existing=True))


def keep_for_later(
    work: Work, tools: Tools, checked: Checked, name: str, content: bytes, import_id: str | None = None
) -> DataImport:
    """Keep a file without mistakes, sealed, until somebody confirms that it comes in. Raises WrongFile, NotTheirs."""
    _refuse_others(work)
    refuse_mistakes(checked)
    if living(work.session, checked.file.digest, checked.file.what) is not None:
        raise _came_in_already()
    with work.transaction() as session:
        made = _new(work, checked, name, CHECKED, import_id)
        try:
            made.content_sealed = seal_bytes(tools.ring, made.place, content)
        except WrongKeyRing:
            raise WrongFile(
                "Het bestand kan nu niet veilig bewaard worden. Vraag de beheerder van de server.",
                "The file cannot be kept safely now: there is no usable key ring.",
            ) from None
        session.add(made)
        session.flush()
        return made


def refuse_mistakes(checked: Checked) -> None:
    """Nothing of a file with mistakes comes in. Raises WrongFile."""
    if checked.mistakes:
        count = len(checked.mistakes)
        raise WrongFile(f"Het bestand heeft {count} fouten.", f"The file has {count} mistakes.")


def _came_in_already() -> WrongFile:
    return WrongFile(
        "Dit bestand kwam al binnen. Draai dat eerst terug.", "This file came in already; undo that first."
    )


def _new(work: Work, checked: Checked, name: str, state: str, import_id: str | None = None) -> DataImport:
    return DataImport(
        id=import_id or new_id(),
        name="".join(sign for sign in name if sign.isprintable())[:200] or "?",
        digest=checked.file.digest,
        what=checked.file.what,
        state=state,
        rows=checked.file.count,
        begun_by=work.actor.person_id,
        begun_at=clock.now(),
    )


def kept_content(session: Session, tools: Tools, found: DataImport) -> bytes:
    """The file that waits to come in. Raises WrongFile when it was put away."""
    sealed = session.scalar(select(DataImport.content_sealed).where(DataImport.id == found.id))
    if sealed is None:
        raise WrongFile("Dit bestand is weg. Kies het opnieuw.", "This file was put away; choose it again.")
    try:
        return open_bytes(tools.ring, found.place, sealed)
    except (CannotOpen, WrongKeyRing):
        raise WrongFile("Dit bestand kan nu niet gelezen worden.", "This file cannot be read now.") from None


def begin(work: Work, checked: Checked, name: str, go_on: bool = False) -> DataImport:
    """Begin to bring in a file without mistakes, or with `go_on` go on where it was broken off.

    Raises WrongFile when it has mistakes, came in already, or was broken off and `go_on` is not said.
    """
    _refuse_others(work)
    refuse_mistakes(checked)
    found = living(work.session, checked.file.digest, checked.file.what)
    if found is not None:
        if found.state not in (RUNNING, DONE):
            raise WrongFile("Deze invoer wordt teruggedraaid.", "This import is being undone.")
        if go_on:
            return found
        if found.state == DONE:
            raise _came_in_already()
        raise WrongFile(
            "Dit bestand kwam half binnen. Ga ermee verder.", "This file came in by half; go on with it: --go-on"
        )
    try:
        with work.transaction() as session:
            made = _new(work, checked, name, RUNNING)
            session.add(made)
    except IntegrityError:
        raise _came_in_already() from None
    log.info("import.begun", id=made.id, digest=made.digest, rows=made.rows, by=work.actor.person_id)
    return made


def confirm(work: Work, import_id: str) -> None:
    """Let a file that waits come in; does nothing when it is coming in already. Raises LookupError, WrongFile."""
    _refuse_others(work)
    try:
        with work.transaction() as session:
            found = locked(session, import_id)
            if found.state == CHECKED:
                found.state, found.begun_by, found.begun_at = RUNNING, work.actor.person_id, clock.now()
                log.info("import.begun", id=found.id, digest=found.digest, rows=found.rows, by=work.actor.person_id)
    except IntegrityError:
        raise _came_in_already() from None


def drop(work: Work, import_id: str) -> None:
    """Put away a file that waits. Raises LookupError."""
    _refuse_others(work)
    with work.transaction() as session:
        found = locked(session, import_id)
        if found.state == CHECKED:
            found.state, found.content_sealed = DROPPED, None


def forget_waiting(work: Work) -> int:
    """Put away the files that waited too long; returns how many. What came in by half stays, without its file."""
    with work.transaction() as session:
        old = (DataImport.begun_at < clock.now() - KEPT_WAITING) & DataImport.content_sealed.is_not(None)
        found = session.scalars(select(DataImport).where(old).with_for_update()).all()
        for each in found:
            each.content_sealed = None
            each.state = DROPPED if each.state == CHECKED else each.state
        return len(found)


def locked(session: Session, import_id: str) -> DataImport:
    """The import, kept from others until this transaction ends. Raises LookupError."""
    rows = select(DataImport).where(DataImport.id == import_id).with_for_update()
    found = session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise LookupError(import_id)
    return found


def go_on(
    work: Work,
    tools: Tools,
    import_id: str,
    checked: Checked,
    seconds: float | None = None,
    advance: Callable[[int], object] = lambda _rows: None,
) -> Progress:
    """Bring in every row that did not come in yet, for so many seconds at most, each in a transaction of its own.

    A row that is refused is written down and passed over; it is tried again when the import goes on once more.
    Raises LookupError.
    """
    _refuse_others(work)
    found = find_import(work.session, import_id)
    if found is None or found.digest != checked.file.digest or found.state not in (RUNNING, DONE):
        raise LookupError(import_id)
    progress, until = Progress(), None if seconds is None else time.monotonic() + seconds
    done = done_rows(work.session, import_id)
    for kind, row in _rows(checked):
        if (kind, row.number) in done:
            progress.done += 1
        elif until is not None and time.monotonic() > until:
            progress.left += 1
            continue
        else:
            failure = _bring_once(work, tools, import_id, kind, row)
            progress.done += failure is None
            if failure is not None:
                progress.failed += 1
                progress.failures.append((KINDS[kind].sheet, row.number, *failure))
        advance(1)
    if not progress.left:
        _finish(work, import_id)
    return progress


def _rows(checked: Checked) -> Iterator[tuple[str, ReadyRow]]:
    for kind in KINDS:
        for row in checked.ready.get(kind, ()):
            yield kind, row


def _bring_once(work: Work, tools: Tools, import_id: str, kind: str, row: ReadyRow) -> tuple[str, str] | None:
    """Bring one row in; why not, in both languages, when it was refused."""
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            _bring(work, tools, import_id, kind, row)
            return None
        except Stale:
            if last:
                raise
        except (WrongFields, Refused, WrongPerson) as error:
            why = _why(error)
            _note_failure(work, import_id, kind, row.number, why)
            return why
    return None


def _bring(work: Work, tools: Tools, import_id: str, kind: str, row: ReadyRow) -> None:
    with work.transaction() as session:
        of = locked(session, import_id)
        earlier = _row_of(session, import_id, kind, row.number)
        if of.state not in (RUNNING, DONE) or (earlier is not None and earlier.outcome != FAILED):
            return
        became = bring_in(work, tools.ring, kind, row.values, Source(of, row.number))
        if earlier is None:
            earlier = ImportedRow(import_id=import_id, kind=kind, row=row.number)
            session.add(earlier)
        _write(earlier, became)


def _row_of(session: Session, import_id: str, kind: str, number: int) -> ImportedRow | None:
    same = ImportedRow.import_id == import_id, ImportedRow.kind == kind, ImportedRow.row == number
    return session.scalar(select(ImportedRow).where(*same))


def _write(row: ImportedRow, became: Became) -> None:
    row.outcome, row.subject_id, row.version = became.outcome, became.subject_id, became.version
    row.mark, row.key_digest = became.mark, became.key_digest
    row.why_nl = row.why_en = None


def _note_failure(work: Work, import_id: str, kind: str, number: int, why: tuple[str, str]) -> None:
    with work.transaction() as session:
        locked(session, import_id)
        row = _row_of(session, import_id, kind, number)
        if row is None:
            row = ImportedRow(import_id=import_id, kind=kind, row=number, outcome=FAILED)
            session.add(row)
        row.why_nl, row.why_en = why


def _why(error: WrongFields | Refused | WrongPerson) -> tuple[str, str]:
    """What a service said, without anything of what stood in the row."""
    if isinstance(error, WrongFields):
        found = list(error.mistakes.values())
        return " ".join(each.nl for each in found)[:300], " ".join(each.en for each in found)[:300]
    if isinstance(error, Refused):
        return error.reason.nl[:300], error.reason.en[:300]
    return error.nl[:300] if error.nl != str(error) else "Dit wordt niet aangenomen.", "This is not accepted."


def _finish(work: Work, import_id: str) -> None:
    with work.transaction() as session:
        found = locked(session, import_id)
        if found.state == RUNNING:
            found.state, found.ended_at = DONE, clock.now()
            log.info("import.done", id=found.id, counts=dict(counts(session, import_id)), by=work.actor.person_id)
        found.content_sealed = None


def counts(session: Session, import_id: str) -> Mapping[tuple[str, str], int]:
    """How many rows of each kind had which outcome."""
    rows = select(ImportedRow.kind, ImportedRow.outcome, func.count()).where(ImportedRow.import_id == import_id)
    found = session.execute(rows.group_by(ImportedRow.kind, ImportedRow.outcome))
    return {(kind, outcome): count for kind, outcome, count in found}
