"""Proving that what is gone was destroyed on a list that somebody signed, and nothing else."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.events.chain import digest
from wijkteam.events.model import Erasure
from wijkteam.retention import queries
from wijkteam.retention.model import DESTROYED, DestructionItem, DestructionList
from wijkteam.retention.selecting import CASE, READING, kinds_within_a_case
from wijkteam.storage.subject import SubjectColumns


def wrong_destructions(session: Session) -> list[str]:
    """One line for everything about erasures and lists that does not agree.

    An erasure of a whole subject needs a line, marked as destroyed, on a list that was signed. The lines of a list must
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
    return found


def _not_listed(session: Session, made: DestructionList, subjects: set[tuple[str, str]]) -> list[str]:
    listed = {(each.subject_kind, each.subject_id) for each in _destroyed(session, made)}
    within = kinds_within_a_case()
    return [
        f"{kind} {number}: destroyed, but not on list {made.id}"
        for kind, number in sorted(subjects)
        if (kind, number) not in listed and (CASE, _case_of(session, within, kind, number)) not in listed
    ]


def _case_of(session: Session, within: dict[str, type[Any]], kind: str, number: str) -> str | None:
    model = within.get(kind)
    found = session.get(model, number) if model is not None else None
    return getattr(found, "case_id", None)


def _check_list(session: Session, made: DestructionList, subjects: set[tuple[str, str]]) -> list[str]:
    items = queries.items_of(session, made.id)
    said = queries.digest_of([(each.subject_kind, each.subject_id, each.rule, each.destroy_from) for each in items])
    found = [] if said == made.items_digest else [f"list {made.id}: its lines were changed after it was drawn up"]
    for each in items:
        if each.state != DESTROYED or each.subject_kind == READING:
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
