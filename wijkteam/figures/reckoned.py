"""Summaries reckoned anew from the events alone, in pieces, so that memory does not grow with their number.

Of what was erased on purpose events say no more than that it happened: such a summary is kept as it stands, and one
that is missing takes its codes from the row of its subject, which still has them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from sqlalchemy import Table, select, true
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.escalation.model import Escalation, StructuralEscalation
from wijkteam.events.contents import ToldEvent, stream
from wijkteam.events.queries import erasures
from wijkteam.figures.folding import (
    Told,
    Values,
    case_moved,
    case_opened,
    escalation_asked,
    escalation_moved,
    goal_ended,
    never_was,
)
from wijkteam.figures.journal import change_rows
from wijkteam.measuring.model import Measurement
from wijkteam.plans.model import Goal
from wijkteam.storage.subject import SubjectColumns

BATCH = 500
Batch = list[Values]


def in_batches(rows: Iterable[Values]) -> Iterator[Batch]:
    """Some hundreds at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _lives(session: Session, model: type[SubjectColumns], skip: Collection[str]) -> Iterator[tuple[str, list[Told]]]:
    """Each subject of a kind with what its events tell, oldest first; those in `skip` are passed over."""
    erased = erasures(session, model.workflow)
    for subject_id, events in groupby(stream(session, model.workflow, telling=true()), attrgetter("subject_id")):
        if subject_id not in skip:
            told = [_told(each) for each in events]
            yield subject_id, _from_row(session, model, subject_id, told) if subject_id in erased else told


def _told(event: ToldEvent) -> Told:
    return Told(event.state_to, event.actor_id is None, event.at, event.contents.changes)


def _from_row(session: Session, model: Any, subject_id: str, told: list[Told]) -> list[Told]:
    row = session.get(model, subject_id)
    codes = {} if row is None else row.tracked()
    first, *later = told
    return [Told(first.state_to, first.by_clock, first.at, {**codes, **first.changes}), *later]


def erased_ids(session: Session, model: type[SubjectColumns], stored: Table) -> frozenset[str]:
    """Subjects of which something was erased and a summary stands: it is kept as it is."""
    key = next(iter(stored.primary_key))
    erased = sorted(erasures(session, model.workflow))
    found: set[str] = set()
    for start in range(0, len(erased), BATCH):
        found.update(session.scalars(select(key).where(key.in_(erased[start : start + BATCH]))))
    return frozenset(found)


def escalations(session: Session, skip: Collection[str]) -> Iterator[Batch]:
    """The summaries of escalations, but for `alone` and `structural`, which come of all of them together."""
    for batch in in_batches(_escalations(session, skip)):
        homes = _homes(session, {row["case_id"] for row in batch})
        yield [{**row, **homes[row["case_id"]]} for row in batch if row["case_id"] in homes]


def _escalations(session: Session, skip: Collection[str]) -> Iterator[Values]:
    for subject_id, (first, *later) in _lives(session, Escalation, skip):
        if not {"case_id", "barrier", "rung"} <= first.changes.keys():
            continue
        values = escalation_asked(first)
        for told in later:
            values |= escalation_moved(values, told)
        yield {"escalation_id": subject_id, **values, "alone": True}


def _homes(session: Session, case_ids: Collection[str]) -> dict[str, Values]:
    rows = session.execute(
        select(HouseholdCase.id, HouseholdCase.household_id, Household.buurt_code)
        .join(Household, Household.id == HouseholdCase.household_id)
        .where(HouseholdCase.id.in_(case_ids))
    )
    return {case_id: {"household_id": household, "buurt_code": buurt} for case_id, household, buurt in rows}


def structural_ids(session: Session) -> frozenset[str]:
    """Every escalation that was ever put behind a structural one."""
    found: set[str] = set()
    for event in stream(session, StructuralEscalation.workflow, telling=true()):
        found.update(str(event.contents.fields.get("behind", "")).split())
    return frozenset(found)


def cases(session: Session, skip: Collection[str]) -> Iterator[Batch]:
    """The summaries of cases, but for `alone` and the return, which come of all cases of a household together.

    Nor for `measured`, which comes of measurements.
    """
    for batch in in_batches(_cases(session, skip)):
        ids = {row["household_id"] for row in batch}
        rows = session.execute(select(Household.id, Household.buurt_code).where(Household.id.in_(ids)))
        homes = {number: buurt for number, buurt in rows}
        yield [{**row, "buurt_code": homes.get(row["household_id"])} for row in batch]


def _cases(session: Session, skip: Collection[str]) -> Iterator[Values]:
    for subject_id, (first, *later) in _lives(session, HouseholdCase, skip):
        if "household_id" not in first.changes or never_was([first, *later]):
            continue
        values = case_opened(first)
        for told in later:
            values |= case_moved(told)
        yield {"case_id": subject_id, **values, "alone": True}


def goals(session: Session, skip: Collection[str]) -> Iterator[Batch]:
    """The summaries of goals that have ended."""
    for batch in in_batches(_goals(session, skip)):
        ids = {row["case_id"] for row in batch}
        rows = session.execute(select(HouseholdCase.id, HouseholdCase.household_id).where(HouseholdCase.id.in_(ids)))
        homes = {case_id: household for case_id, household in rows}
        yield [{**row, "household_id": homes.get(row["case_id"])} for row in batch]


def _goals(session: Session, skip: Collection[str]) -> Iterator[Values]:
    for subject_id, told in _lives(session, Goal, skip):
        values, state = _last(told)
        ended = goal_ended(values, state) if "case_id" in values else None
        if ended is not None:
            yield {"goal_id": subject_id, **ended}


def _last(told: list[Told]) -> tuple[Values, str]:
    values: Values = {}
    for each in told:
        values |= each.changes
    return values, told[-1].state_to


def changes(session: Session) -> Iterator[Batch]:
    """The summaries of what was measured more than once and still stands."""
    taken: dict[tuple[str, str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for subject_id, told in _lives(session, Measurement, erasures(session, Measurement.workflow).keys()):
        said, _ = _last(told)
        if said.get("ended_at") is None:
            key = said["case_id"], said["instrument"], said.get("resident_id") or ""
            taken[key].append((said["taken_on"], told[0].at.isoformat(), subject_id, said["scores"]))
    yield from in_batches(row for key, found in taken.items() for row in _changed(key, found))


def _changed(key: tuple[str, str, str], found: list[tuple[str, str, str, str]]) -> list[Values]:
    named: Mapping[str, str] = dict(zip(("case_id", "instrument", "measured"), key, strict=True))
    return change_rows(dict(named), [scores for *_, scores in sorted(found)])
