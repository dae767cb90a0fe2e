"""Proving that what is gone was destroyed on a list that somebody signed, and nothing else."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from wijkteam.cases.model import HouseholdCase
from wijkteam.events.chain import digest
from wijkteam.events.model import Erasure, Event
from wijkteam.logs.leaves import root_of
from wijkteam.logs.model import ReadingErasure
from wijkteam.residents.model import Resident
from wijkteam.retention import queries
from wijkteam.retention.erasing import before_midnight_after
from wijkteam.retention.model import DESTROYED, Correction, DestructionItem, DestructionList
from wijkteam.retention.selecting import CASE, READING, kinds_of_a_household, kinds_within_a_case
from wijkteam.storage.subject import SubjectColumns


def wrong_destructions(session: Session) -> list[str]:
    """One line for everything about erasures and lists that does not agree.

    An erasure of a whole subject needs a line, marked as destroyed, on a list that was signed; one of a single event
    needs the correction that struck it, or that the resident it tells of was erased. The lines of a list must
    be those of which its events hold the digest, and the proof of each line must follow from the chains that stay.
    """
    found: list[str] = []
    erased: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    rows = select(Erasure.list_id, Erasure.subject_kind, Erasure.subject_id).where(Erasure.sequence == 0)
    for list_id, kind, number in session.execute(rows):
        erased[list_id].add((kind, number))
    known = {each.id: each for each in queries.lists(session)}
    for list_id, subjects in erased.items():
        made = known.get(list_id or "")
        if made is None or made.signed_by is None:
            found += [f"{kind} {number}: destroyed without a signed list" for kind, number in sorted(subjects)]
            continue
        found += _not_listed(session, made, subjects)
    for made in known.values():
        found += _check_list(session, made, erased.get(made.id, set()))
    return [*found, *_struck_without_reason(session), *_readings_without_list(session)]


def _struck_without_reason(session: Session) -> list[str]:
    """Erasures of one event that nobody asked for: somebody who writes rows could hide one so."""
    struck = select(Correction.case_id, Correction.about_event).where(
        Correction.state == "corrected", Correction.struck
    )
    asked = {(CASE, number, sequence) for number, sequence in session.execute(struck)}
    of = select(Event.subject_id, Event.sequence).where(
        Event.subject_kind == Resident.workflow, Event.name == "erase", Event.state_to == "removed"
    )
    erased = {number: sequence for number, sequence in session.execute(of)}
    rows = select(Erasure.subject_kind, Erasure.subject_id, Erasure.sequence).where(Erasure.sequence != 0)
    return [
        f"{kind} {number} event {sequence}: what was recorded was erased without a correction"
        for kind, number, sequence in session.execute(rows.order_by(Erasure.id))
        if (kind, number, sequence) not in asked
        and not (kind == Resident.workflow and sequence < erased.get(number, 0))
    ]


def signed_erasures(session: Session) -> dict[int, DestructionItem]:
    """The destructions of readings behind which a signed list stands, by number, each with its line on that list.

    The line proves which readings went: its proof goes into that of the list, which stands in the events of the list.
    """
    lines: dict[tuple[str, str], DestructionItem] = {}
    signed = select(DestructionItem).join(DestructionList, DestructionList.id == DestructionItem.list_id)
    signed = signed.where(DestructionItem.subject_kind == READING, DestructionItem.state == DESTROYED)
    for item in session.scalars(signed.where(DestructionList.signed_by.is_not(None))):
        if item.proof is not None:
            lines[item.list_id, item.proof] = item
    found: dict[int, DestructionItem] = {}
    for each in session.scalars(select(ReadingErasure).options(undefer(ReadingErasure.leaves))):
        line = lines.get((each.list_id, root_of(each.leaves)))
        if line is not None and each.before == before_midnight_after(date.fromisoformat(line.subject_id)):
            found[each.id] = line
    return found


def _readings_without_list(session: Session) -> list[str]:
    signed = signed_erasures(session)
    rows = session.execute(select(ReadingErasure.id, ReadingErasure.list_id).order_by(ReadingErasure.id))
    return [
        f"readings: destroyed, but not as list {list_id} says (reading_erasure {number})"
        for number, list_id in rows
        if number not in signed
    ]


def _not_listed(session: Session, made: DestructionList, subjects: set[tuple[str, str]]) -> list[str]:
    listed = {(each.subject_kind, each.subject_id) for each in _destroyed(session, made)}
    lived = {
        (kind, number)
        for kind, model in kinds_of_a_household().items()
        for number, case_id in session.execute(
            select(model.id, HouseholdCase.id).join(HouseholdCase, HouseholdCase.household_id == model.household_id)
        )
        if (CASE, case_id) in listed
    }
    within = kinds_within_a_case()
    return [
        f"{kind} {number}: destroyed, but not on list {made.id}"
        for kind, number in sorted(subjects)
        if (kind, number) not in listed
        and (kind, number) not in lived
        and (CASE, _case_of(session, within, kind, number)) not in listed
    ]


def _case_of(session: Session, within: dict[str, type[Any]], kind: str, number: str) -> str | None:
    model = within.get(kind)
    found = session.get(model, number) if model is not None else None
    return getattr(found, "case_id", None)


def _check_list(session: Session, made: DestructionList, subjects: set[tuple[str, str]]) -> list[str]:
    items = queries.items_of(session, made.id)
    said = queries.digest_of([(each.subject_kind, each.subject_id, each.rule, each.destroy_from) for each in items])
    gone = {line.id for line in signed_erasures(session).values()}
    found = [] if said == made.items_digest else [f"list {made.id}: its lines were changed after it was drawn up"]
    for each in items:
        if each.state != DESTROYED:
            continue
        if each.subject_kind == READING:
            if each.payloads and each.id not in gone:
                found.append(f"list {made.id}: which readings it destroyed is not kept as it proves")
            continue
        if (each.subject_kind, each.subject_id) not in subjects:
            found.append(f"list {made.id}: {each.subject_kind} {each.subject_id} is called destroyed and is not")
        elif each.proof != proof_of(session, each.subject_kind, each.subject_id):
            found.append(f"list {made.id}: the chains of {each.subject_kind} {each.subject_id} are not those it proves")
    return found


def _destroyed(session: Session, made: DestructionList) -> list[DestructionItem]:
    return [each for each in queries.items_of(session, made.id) if each.state == DESTROYED]


def proof_of(session: Session, kind: str, subject_id: str) -> str:
    """The digest over the heads of the chains of a record: its own, then those of all that lives within it."""
    own = SubjectColumns.kinds[kind]
    heads = [session.scalar(select(own.event_hash).where(own.id == subject_id)) or ""]
    if kind == CASE:
        for model in kinds_within_a_case().values():
            rows = select(model.event_hash).where(model.case_id == subject_id)
            heads += list(session.scalars(rows.order_by(model.id)))
    return digest("\n".join(heads))
