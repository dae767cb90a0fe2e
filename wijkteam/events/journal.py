"""Writing down each step: its event on the subject's chain, and the notices it sends."""

from sqlalchemy.orm import Session

from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.events.chain import Link, digest, write_payload
from wijkteam.events.model import Event, Notice
from wijkteam.storage.rows import add_row


class EventJournal:
    """Adds one event to the subject's chain for every step."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the event in the caller's transaction and move the head of the chain."""
        subject = step.subject
        payload = write_payload(step.fields, step.changes)
        link = Link(
            subject_kind=subject.workflow_name(),
            subject_id=subject.id,
            sequence=subject.version,
            name=step.name,
            state_from=step.state_from,
            state_to=step.state_to,
            actor_id=step.actor.person_id,
            mandate_id=step.authority.mandate_id if step.authority else None,
            at=step.at,
            payload_digest=digest(payload),
            previous_hash=subject.event_hash or "",
        )
        subject.event_hash = link.hash()
        session: Session = step.situation.work.session
        session.flush()  # the subject's row first: a stale one must lose on its version, not on a second event
        add_row(session, Event, {**vars(link), "payload": payload, "hash": subject.event_hash})


class NoticeJournal:
    """Tells the people whom a transition names; nobody is told of their own step."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the notices in the caller's transaction."""
        told = dict.fromkeys(
            person for name in step.deed.tells for person in vocabulary.recipients[name].find(step.situation)
        )
        session: Session = step.situation.work.session
        for person in told:
            if person != step.actor.person_id:
                add_row(
                    session,
                    Notice,
                    {
                        "person_id": person,
                        "subject_kind": step.subject.workflow_name(),
                        "subject_id": step.subject.id,
                        "about": step.name,
                        "sent_at": step.at,
                    },
                )
