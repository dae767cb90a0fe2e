"""What can be done about exports of everything: asking for one, and making it. The rest is steps of its workflow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from wijkteam.access.reading_log import How, log_export
from wijkteam.engine.running import NotOpen
from wijkteam.engine.vocabulary import Reason
from wijkteam.exporting.making import Made, write_everything
from wijkteam.exporting.model import FullExport
from wijkteam.exporting.vocabulary import MAKE, OFFICER
from wijkteam.keys.ring import KeyRing
from wijkteam.people.acting import ActingPerson
from wijkteam.people.staff import ADMINISTRATOR
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

log = structlog.get_logger()


def may_see(actor: Any) -> bool:
    """Whether somebody has to do with exports of everything."""
    return isinstance(actor, ActingPerson) and bool({ADMINISTRATOR, OFFICER} & actor.functions)


def ask_export(work: Work, why: str, with_bsn: bool = False) -> FullExport:
    """Ask for an export of everything: the privacy officers are told at once. Raises WrongFields or Refused."""
    with work.transaction() as session:
        asked = FullExport(id=new_id(), asked_by=work.actor.person_id)
        with session.no_autoflush:
            work.open(asked, {"why": why, "with_bsn": with_bsn})
            session.add(asked)
        return asked


def make_export(
    work: Work, ring: KeyRing, export_id: str, to: Path, advance: Callable[[int], object] = lambda _tables: None
) -> Made:
    """Write an export that was asked for to a new folder or zip file, and record its digest.

    That it is taken stands in the log of readings before anything is written. Raises LookupError, Refused, WrongPlace.
    """
    asked = _ready(work, export_id)
    with_bsn = asked.with_bsn
    what = "alles, met BSN" if with_bsn else "alles, zonder BSN"
    log_export(work, "alles (export)", f"{what}, {export_id}", How.COMMAND, ADMINISTRATOR)
    log.info("export.everything", id=export_id, by=work.actor.person_id, with_bsn=with_bsn)
    about = {"export": export_id, "by": work.actor.name, "numbers": "with consent" if with_bsn else "none"}
    made = write_everything(work, to, ring if with_bsn else None, about, advance)
    with work.transaction():
        work.act_on(FullExport, export_id, MAKE, {"records": str(made.rows), "digest": made.digest})
    return made


def _ready(work: Work, export_id: str) -> FullExport:
    """An export that this person may make now. Raises LookupError, Refused."""
    asked = work.session.get(FullExport, export_id, populate_existing=True)
    if asked is None or asked.asked_by != work.actor.person_id:
        raise LookupError(export_id)
    make = next((each for each in work.options(asked) if each.transition.name == MAKE), None)
    if make is None or not make.open:
        reason = make.reason if make is not None and make.reason else None
        raise NotOpen(reason or Reason("Deze uitvoer is al afgerond.", "This export has ended already."))
    return asked
