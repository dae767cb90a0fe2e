"""Writing down each step: its event on the subject's chain, and the notices it sends."""

from typing import cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Recipients, Vocabulary
from wijkteam.events.chain import Link, digest
from wijkteam.events.model import Event, Mail, Notice
from wijkteam.events.payload_keys import is_there, keys_of, record_of
from wijkteam.events.payloads import Place, seal_payload, write_payload, write_unsealed_payload
from wijkteam.storage.rows import add_row, add_rows

KEY = "under_key"
_RECORDED = [column for column in cast(Table, Event.__table__).c if column.key != "id"]
_UNDER_ITS_KEY = (
    insert(Event)
    .from_select(
        [column.key for column in _RECORDED],
        select(*(bindparam(column.key, type_=column.type) for column in _RECORDED)).where(is_there(bindparam(KEY))),
    )
    .execution_options(preserve_rowcount=True)
)
"""An event whose key is still there when it is written: so a key that is at hand needs not be looked up each time."""


class EventJournal:
    """Adds one event to the subject's chain for every step; what it recorded is sealed under the key of its record."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the event in the caller's transaction and move the head of the chain. Raises CannotSeal."""
        subject = step.subject
        session: Session = step.situation.work.session
        keys = keys_of(session)
        record = record_of(subject)
        key = keys.to_write(session, record, first=subject.version == 1 and record.number == subject.id)
        if key is None:
            payload = write_unsealed_payload(step.fields, step.changes)
        else:
            place = Place(subject.workflow_name(), subject.id, subject.version)
            payload = seal_payload(key.cipher, key.id, place, write_payload(step.fields, step.changes))
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
        session.flush()  # the subject's row first: a stale one must lose on its version, not on a second event
        values = {**vars(link), "payload": payload, "hash": subject.event_hash}
        if key is None:
            add_row(session, Event, values)
        elif session.connection().execute(_UNDER_ITS_KEY, {**values, KEY: key.id}).rowcount != 1:
            keys.forget([record], [key.id])
            raise StaleDataError("the key of this record was destroyed meanwhile")


class NoticeJournal:
    """Tells the people whom a transition names; nobody is told of their own step."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the notices in the caller's transaction."""
        told: dict[int, Mail] = {}
        for name in step.deed.tells:
            recipients = vocabulary.recipients[name]
            mail = when_to_mail(step, recipients)
            for person in recipients.find(step.situation):
                if person != step.actor.person_id and told.get(person) is not Mail.NOW:
                    told[person] = mail
        session: Session = step.situation.work.session
        add_rows(
            session,
            Notice,
            [
                {
                    "person_id": person,
                    "subject_kind": step.subject.workflow_name(),
                    "subject_id": step.subject.id,
                    "about": step.name,
                    "sent_at": step.at,
                    "mail": mail,
                }
                for person, mail in told.items()
            ],
        )


def when_to_mail(step: Step, recipients: Recipients) -> Mail:
    """At once to whom the step passes the ball (also when it comes to them once more), or to all when it is urgent.

    The ball is passed when the term of the state entered starts anew; who has it is that state's holder.
    """
    theirs = recipients.role is not None and recipients.role == step.state.holder
    return Mail.NOW if step.deed.urgent or (theirs and step.restarts_term) else Mail.DAILY
