"""Undoing an import: what nobody touched since goes the way such things go here; what was worked on is kept.

Nothing is taken out of a log: a case is stopped (and left out of figures and of what can be found), a resident removed,
an account closed, a function ended. Only a household or a team that nothing refers to disappears, for it has no log.
"""

from collections.abc import Callable, Mapping

import structlog
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from wijkteam.access.leaving import close_account, stands_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.cases.service import InUse, remove_household
from wijkteam.cases.vocabulary import UNDOING as UNDOING_CASE
from wijkteam.engine.definition import Text
from wijkteam.engine.fields import LONGEST_TEXT, WrongFields
from wijkteam.engine.running import Refused
from wijkteam.importing.bringing import acting, held_mark, owner_of_open_case, person_mark
from wijkteam.importing.columns import KINDS
from wijkteam.importing.model import (
    ADDED,
    DONE,
    KEPT,
    REOPENED,
    RUNNING,
    STAYS,
    TAKEN_BACK,
    UNDOING,
    UNDONE,
    DataImport,
    ImportedRow,
)
from wijkteam.importing.service import NotTheirs, locked, may_import
from wijkteam.people import service as people_service
from wijkteam.people.model import HeldFunction, Person
from wijkteam.people.service import WrongPerson
from wijkteam.residents.model import Resident
from wijkteam.search.keeping import forget_subjects
from wijkteam.signing_in.model import SignInSession
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()
NOTE = "Invoer teruggedraaid: "
WORKED_ON = Text(nl="Er is intussen aan gewerkt.", en="It was worked on since.")
OWNER_GONE = Text(nl="De eigenaar werkt hier niet meer.", en="Its owner no longer works here.")
CHANGED = Text(nl="Dit is intussen veranderd.", en="This was changed since.")
SIGNED_IN = Text(nl="Deze persoon heeft al een wachtwoord of logde in.", en="This person has a password or signed in.")
OPEN_THINGS = Text(nl="Er staan nog zaken op deze persoon open.", en="Open things stand in the name of this person.")
REFERRED_TO = Text(nl="Iets anders verwijst hiernaar.", en="Something else refers to it.")
LOG_STAYS = Text(nl="Blijft staan bij een gesloten casus.", en="Stays with a case that was closed.")
Undone = tuple[str, Text | None]
"""What became of a row, and why it is kept."""


def begin_undoing(work: Work, import_id: str, why: str) -> None:
    """Say that an import is undone, and why; `go_on_undoing` does it. Raises LookupError, WrongFields, NotTheirs."""
    if not may_import(work.actor):
        raise NotTheirs
    reason = why.strip()
    if not reason:
        raise WrongFields.of("why", "Vul dit in.", "Please fill this in.")
    if len(reason) > LONGEST_TEXT // 2:
        raise WrongFields.of("why", "Maak dit korter.", "Please shorten this.")
    with work.transaction() as session:
        found = locked(session, import_id)
        if found.state == UNDOING:
            return
        if found.state not in (RUNNING, DONE):
            raise LookupError(import_id)
        found.state, found.content_sealed = UNDOING, None
        found.undone_by, found.undone_at, found.undone_why = work.actor.person_id, clock.now(), reason
        log.info("import.undoing", id=found.id, by=work.actor.person_id)


def go_on_undoing(
    work: Work, import_id: str, most: int | None = None, advance: Callable[[int], object] = lambda _rows: None
) -> int:
    """Undo the rows that still stand, the last first, each in a transaction of its own; returns how many are left."""
    if not may_import(work.actor):
        raise NotTheirs
    left = _standing(work.session, import_id)
    chosen = left if most is None else left[:most]
    for number in chosen:
        _undo_row(work, number)
        advance(1)
    if len(chosen) == len(left):
        with work.transaction() as session:
            found = locked(session, import_id)
            if found.state == UNDOING:
                found.state = UNDONE
                log.info("import.undone", id=import_id, by=work.actor.person_id)
    return len(left) - len(chosen)


def _standing(session: Session, import_id: str) -> list[int]:
    """Rows that were added and not looked at yet, in the order in which they go."""
    rows = session.execute(
        select(ImportedRow.id, ImportedRow.kind)
        .join(DataImport, DataImport.id == ImportedRow.import_id)
        .where(
            ImportedRow.import_id == import_id,
            ImportedRow.outcome.in_((ADDED, REOPENED)),
            DataImport.state == UNDOING,
        )
        .order_by(ImportedRow.id.desc())
    ).all()
    order = list(KINDS)[::-1]
    return [number for number, kind in sorted(rows, key=lambda row: order.index(row[1]))]


def _undo_row(work: Work, number: int) -> None:
    with work.transaction() as session:
        row = session.get_one(ImportedRow, number, populate_existing=True)
        of = locked(session, row.import_id)
        if row.outcome not in (ADDED, REOPENED):
            return
        outcome, why = _try_undo(work, row, of)
        row.outcome = outcome
        row.why_nl, row.why_en = (why.nl, why.en) if why is not None else (None, None)


def _try_undo(work: Work, row: ImportedRow, of: DataImport) -> Undone:
    """Undo in a savepoint, so that what is refused leaves nothing behind."""
    try:
        with work.session.begin_nested():
            found = UNDOERS[row.kind](work, row, f"{NOTE}{of.undone_why}")
            work.session.flush()
            return found
    except InUse:
        return _referred_to(work.session, row)
    except Refused as error:
        return KEPT, Text(nl=error.reason.nl[:300], en=error.reason.en[:300])
    except WrongFields:
        return KEPT, OWNER_GONE
    except WrongPerson:
        return KEPT, OPEN_THINGS


def _case(work: Work, row: ImportedRow, why: str) -> Undone:
    """Stopped by the steps that there are for it, in the name of its owner, with the reason."""
    session = work.session
    case = session.get_one(HouseholdCase, row.subject_id, populate_existing=True)
    if case.version != row.version or _something_within(session, case.id):
        return KEPT, WORKED_ON
    theirs = work.acting_as(acting(session, case.owner_id))
    work.remembered[UNDOING_CASE, case.id] = True
    ended = {"outcome": "not_achieved", "outcome_reason": why}
    next_step = {"next_step": case.next_step, "next_step_on": max(case.next_step_on, clock.today())}
    if case.state == "unsafe":
        theirs.fire(case, "made_safe", {"safety": why, **next_step})
    if case.state == "aftercare":
        theirs.fire(case, "close", {"how_it_goes": why})
    else:
        theirs.fire(case, "stop_early", ended)
    session.flush()
    forget_subjects(session, HouseholdCase.workflow, [case.id])
    return TAKEN_BACK, None


def _something_within(session: Session, case_id: str) -> bool:
    """Whether anything lives within a case: then somebody worked on it."""
    return any(
        session.scalar(select(exists().where(model.case_id == case_id)))
        for model in SubjectColumns.kinds.values()
        if hasattr(model, "case_id")
    )


def _resident(work: Work, row: ImportedRow, why: str) -> Undone:
    session = work.session
    resident = session.get_one(Resident, row.subject_id, populate_existing=True)
    if resident.version != row.version:
        return KEPT, WORKED_ON
    owner_id = owner_of_open_case(session, resident.household_id)
    if owner_id is None:
        return KEPT, WORKED_ON
    work.acting_as(acting(session, owner_id)).fire(resident, "remove", {"why": why[:300]})
    return TAKEN_BACK, None


def _household(work: Work, row: ImportedRow, _why: str) -> Undone:
    assert row.subject_id is not None
    forget_subjects(work.session, "household", [row.subject_id])
    remove_household(work, int(row.subject_id))
    return TAKEN_BACK, None


def _referred_to(session: Session, row: ImportedRow) -> Undone:
    """Why a household or a team cannot go: something open stands on it, or only what was closed."""
    column = HouseholdCase.household_id if row.kind == "households" else HouseholdCase.team_id
    still_open = select(func.count()).select_from(HouseholdCase)
    found = session.scalar(still_open.where(column == int(row.subject_id or 0), HouseholdCase.state != CLOSED))
    return (KEPT, REFERRED_TO) if found else (STAYS, LOG_STAYS)


def _function(work: Work, row: ImportedRow, _why: str) -> Undone:
    session = work.session
    held = session.get(HeldFunction, int(row.subject_id or 0), populate_existing=True)
    if held is None or held_mark(held) != row.mark:
        return KEPT, CHANGED
    if stands_on(session, work.engine, held.person_id):
        return KEPT, OPEN_THINGS
    people_service.withdraw_function(work, held.id)
    return TAKEN_BACK, None


def _person(work: Work, row: ImportedRow, _why: str) -> Undone:
    session = work.session
    person = session.get_one(Person, int(row.subject_id or 0), populate_existing=True)
    if person_mark(person) != row.mark or not person.active:
        return KEPT, CHANGED
    has_password = session.scalar(select(Person.password_hash).where(Person.id == person.id)) is not None
    if has_password or session.scalar(select(exists().where(SignInSession.person_id == person.id))):
        return KEPT, SIGNED_IN
    close_account(work, person.id)
    return TAKEN_BACK, None


def _team(work: Work, row: ImportedRow, _why: str) -> Undone:
    if not people_service.remove_team(work, int(row.subject_id or 0)):
        raise InUse
    return TAKEN_BACK, None


UNDOERS: Mapping[str, Callable[[Work, ImportedRow, str], Undone]] = {
    "people": _person,
    "teams": _team,
    "functions": _function,
    "households": _household,
    "cases": _case,
    "residents": _resident,
}
