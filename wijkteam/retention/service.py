"""What can be done with retention: drawing up a list, carrying it out, keeping a case longer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.outcomes import ROLE
from wijkteam.engine.running import Blocked
from wijkteam.engine.vocabulary import Reason
from wijkteam.retention import queries
from wijkteam.retention.erasing import erase
from wijkteam.retention.model import (
    DESTROYED,
    KEPT,
    LISTED,
    DestructionItem,
    DestructionList,
    RetentionHold,
)
from wijkteam.retention.selecting import CASE, Candidate, cases, may_be_destroyed
from wijkteam.retention.table import RetentionTable
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MOST_ON_A_LIST = 5_000
NOT_DUE = "not_due"
"""Why a line was left when the list was carried out: it may no longer be destroyed."""


@dataclass(frozen=True)
class Progress:
    """How far a list is: what was destroyed and left just now, and how much is still to do."""

    destroyed: int
    kept: int
    left: int


def draw_up_list(work: Work, table: RetentionTable, list_id: str | None = None) -> DestructionList:
    """Draw up a list of everything that may be destroyed today; who acts never signs it.

    Raises Blocked when there is nothing, NotYours for who may not draw one up.
    """
    with work.transaction() as session:
        found = may_be_destroyed(session, work.engine, table, clock.today())[:MOST_ON_A_LIST]
        made = DestructionList(
            id=list_id or new_id(),
            reckoned_on=clock.today(),
            listed=len(found),
            items_digest=queries.digest_of(queries.lines_of(found)),
        )
        with session.no_autoflush:
            work.open(made, {})
            session.add(made)
        session.flush()
        session.add_all(_item(made.id, each) for each in found)
        return made


def _item(list_id: str, candidate: Candidate) -> DestructionItem:
    rule, day = candidate.reckoned.rule, candidate.reckoned.destroy_from
    assert rule is not None and day is not None
    return DestructionItem(
        list_id=list_id,
        subject_kind=candidate.kind,
        subject_id=candidate.subject_id,
        rule=rule.code,
        law=rule.law[:200],
        destroy_from=day,
    )


def carry_out(
    work: Work,
    table: RetentionTable,
    list_id: str,
    most: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Progress:
    """Destroy what stands on a signed list, each record in a transaction of its own, and complete the list at the end.

    It can be stopped at any moment and be run again, also by two at the same time: what was done stays done. `most`
    is after how many records it stops by itself. What may no longer be destroyed, because an objection came in or
    somebody holds it, is left and marked as kept. Raises LookupError, and Blocked for a list that is not signed.
    """
    destroyed = kept = done = after = 0
    while most is None or done < most:
        with work.transaction() as session:
            made = queries.find_list(session, list_id)
            if made is None:
                raise LookupError(list_id)
            work.lock(made)
            if made.state == queries.CARRIED_OUT:
                break
            _check_may_carry_out(work, made)
            item = queries.next_item(session, list_id, after)
            if item is None:
                break
            after = item.id
            state = _carry_out_one(work, table, item)
        done += 1
        destroyed += state == DESTROYED
        kept += state == KEPT
        progress(1)
    left = queries.counts_of(work.session, list_id).get(LISTED, 0)
    if not left:
        _complete(work, list_id)
    return Progress(destroyed, kept, left)


def _check_may_carry_out(work: Work, made: DestructionList) -> None:
    option = next((each for each in work.options(made) if each.transition.name == "complete"), None)
    if made.state != queries.SIGNED:
        raise Blocked(Reason("Alleen een ondertekende lijst wordt uitgevoerd.", "Only a signed list is carried out."))
    if option is not None and not option.open and option.stopped_by == ROLE:
        raise Blocked(option.reason or Reason("Dit kunt u niet doen.", "You cannot do this."))


def _carry_out_one(work: Work, table: RetentionTable, item: DestructionItem) -> str:
    """Destroy one record, when it still may be; returns the state of its line."""
    session = work.session
    work.lock(item)
    if item.state != LISTED:
        return ""
    if item.subject_kind == CASE:
        work.lock(session.get_one(HouseholdCase, item.subject_id))
        found = cases(session, work.engine, table, clock.today(), item.subject_id)
        day = found[0].reckoned.destroy_from if found else None
        if day is None or day > clock.today():
            item.state, item.reason, item.done_at = KEPT, NOT_DUE, clock.now()
            return KEPT
    erased = erase(session, item.subject_kind, item.subject_id, item.list_id, clock.now())
    session.refresh(item)
    item.state, item.done_at = DESTROYED, clock.now()
    item.payloads, item.proof = erased.payloads, erased.proof
    return DESTROYED


def _complete(work: Work, list_id: str) -> None:
    with work.transaction() as session:
        made = queries.find_list(session, list_id)
        if made is not None:
            work.lock(made)
            if made.state == queries.SIGNED:
                work.fire(made, "complete")


def hold_case(work: Work, case_id: str, reason: str, last_day: date | None = None) -> None:
    """Keep a case longer than the law asks, up to a last day or until further notice (Wmo 2015 art. 5.3.4)."""
    with work.transaction() as session:
        session.add(
            RetentionHold(
                subject_kind=CASE,
                subject_id=case_id,
                reason=reason,
                last_day=last_day,
                set_by=work.actor.person_id,
                set_at=clock.now(),
            )
        )


def lift_hold(work: Work, hold_id: int) -> None:
    """Let the law decide again. Raises LookupError."""
    with work.transaction() as session:
        found = session.get(RetentionHold, hold_id)
        if found is None:
            raise LookupError(str(hold_id))
        found.lifted_at = found.lifted_at or clock.now()
