"""The log of readings: who read what, on whose behalf, on which ground, when. Written before anything is shown."""

from enum import StrEnum
from typing import Any

from wijkteam.access.basis import NOTHING, Basis, basis_of
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.rows import add_row
from wijkteam.storage.work import Work
from wijkteam.terms import clock

OVERSIGHT = "oversight"
"""The ground on which the logs themselves are searched: overseeing who reads what."""
REPORTING = "reporting"
"""The ground on which data of all cases go out under pseudonyms, to study how the work goes."""
COMMAND_LINE = "command_line"
"""The ground of whoever keeps the system, who reads by a command on the machine itself."""


class How(StrEnum):
    """In which way something was read."""

    PAGE = "page"
    DOCUMENT = "document"
    EXPORT = "export"
    PRINT = "print"
    COMMAND = "command"
    API = "api"
    """By a program, with the token that `account` names."""


DOCUMENTS = frozenset({"bijlage", "brief (pdf)"})
"""What is read as a document without saying so."""


def log_reading(
    work: Work,
    case: HouseholdCase,
    ground: str,
    what: str,
    *,
    subject: Any = None,
    how: How | None = None,
    basis: Basis | None = None,
) -> None:
    """Write down that the acting person read this case now, on this ground.

    `subject` is what was read under the case, `how` in which way (else a page, or a document where `what` is one), and
    `basis` on what the ground rests; left out, that is looked up. To be called before anything is shown: what cannot
    be logged is not read.
    """
    person = work.actor
    if basis is None and work.grounds is not None and isinstance(person, ActingPerson):
        basis = basis_of(work.session, work.grounds, person, case, ground)
    _write(
        work,
        case_id=case.id,
        ground=str(ground),
        what=what,
        how=how or (How.API if work.origin.token else How.DOCUMENT if what in DOCUMENTS else How.PAGE),
        basis=basis or NOTHING,
        subject_kind=subject.workflow_name() if subject is not None else None,
        subject_id=subject.id if subject is not None else None,
    )


def log_command(work: Work, case_id: str, what: str, how: How = How.COMMAND) -> None:
    """Write down that something of one case was read at the command line, by whose account."""
    _write(work, case_id=case_id, ground=COMMAND_LINE, what=what, how=how)


def log_search(work: Work, what: str, asked: str, how: How, case_ids: list[str] | None = None) -> None:
    """Write down that the logs were searched and by what; with cases, one line for each, so that it is in their log."""
    commanded = work.origin.account is not None
    basis = NOTHING if commanded else Basis(function="privacy_officer")
    ground = COMMAND_LINE if commanded else OVERSIGHT
    with work.transaction():
        for case_id in case_ids or list[str | None]((None,)):
            _write(work, case_id=case_id, ground=ground, what=what, how=how, basis=basis, asked=asked[:300])


def log_export(work: Work, what: str, asked: str, how: How, function: str | None) -> None:
    """Write down that data of all cases went out under pseudonyms, by whom, in which function, and which."""
    ground = COMMAND_LINE if work.origin.account is not None else REPORTING
    with work.transaction():
        _write(work, case_id=None, ground=ground, what=what, how=how, basis=Basis(function=function), asked=asked[:300])


def _write(
    work: Work,
    *,
    case_id: str | None,
    ground: str,
    what: str,
    how: How,
    basis: Basis = NOTHING,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    asked: str | None = None,
) -> None:
    origin = work.origin
    values = {
        "person_id": work.actor.person_id,
        "case_id": case_id,
        "ground": ground,
        "what": what[:60],
        "at": clock.now(),
        "function": basis.function,
        "on_behalf_of": basis.on_behalf_of,
        "ground_kind": basis.kind,
        "ground_id": basis.subject_id,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "how": str(how),
        "session_id": origin.session_id,
        "address": origin.address[:45] if origin.address else None,
        "account": origin.account or (origin.token[:60] if origin.token else None),
        "asked": asked,
    }
    with work.transaction() as session:
        add_row(session, Reading, values)
