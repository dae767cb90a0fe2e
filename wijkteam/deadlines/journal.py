"""Keeping deadlines in step with the states of subjects."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.engine.outcomes import Step, due_at
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.storage.rows import add_row

DEADLINES = cast(Table, Deadline.__table__)
END_OPEN = update(DEADLINES).where(DEADLINES.c.subject_id == bindparam("subject"), DEADLINES.c.ended_at.is_(None))


class DeadlineJournal:
    """Ends the deadline of the state that was left, sets that of the state that was entered."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Do so in the caller's transaction; a step that stays and restarts no term changes nothing."""
        if not step.restarts_term:
            return
        session: Session = step.situation.work.session
        started = _running_since(session, step) if step.migrated else step.at
        if step.migrated or (step.state_from is not None and step.workflow.states[step.state_from].term is not None):
            _end(session, step)
        due = due_at(step, vocabulary, started)
        if due is not None:
            add_row(
                session,
                Deadline,
                {
                    "subject_kind": step.subject.workflow_name(),
                    "subject_id": step.subject.id,
                    "state": step.state_to,
                    "due_at": due,
                    "set_at": started,
                },
            )


def _running_since(session: Session, step: Step) -> datetime:
    """When the term began that still runs: a move to another version does not give it time again."""
    since = session.scalar(
        select(Deadline.set_at).where(Deadline.subject_id == step.subject.id, Deadline.ended_at.is_(None))
    )
    moment: datetime = since or step.subject.state_since
    return moment


def _end(session: Session, step: Step) -> None:
    session.connection().execute(END_OPEN, {"subject": step.subject.id, "ended_at": step.at})
