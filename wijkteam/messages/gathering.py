"""From notices to messages: what goes at once, and the one daily mail. Each notice goes into one message at most."""

import secrets
from collections.abc import Iterable
from datetime import datetime, time

import structlog
from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkteam.events.model import TO_MAIL, Mail, Notice
from wijkteam.messages.model import MailChoice, MailPreference, Message, MessageState
from wijkteam.people.model import Person
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.calendar import is_working_day

log = structlog.get_logger()
AT_ONCE = 500
"""How many notices are looked at in one go; more follow in the next."""


def gather(work: Work, domain: str, digest_at: time) -> int:
    """Make the messages that are to go now, with any number of workers; returns how many.

    `domain` stands in their Message-IDs; `digest_at` is when the daily mail goes, on Dutch clocks on working days.
    """
    return gather_urgent(work, domain) + gather_daily(work, domain, digest_at)


def gather_urgent(work: Work, domain: str) -> int:
    """One message to each person about all that asks something of them now and that they have not seen."""
    made = 0
    while True:
        with work.transaction() as session:
            found: dict[int, list[int]] = {}
            for number, person in session.execute(_locked(_wants(MailChoice.AT_ONCE), Notice.mail == Mail.NOW)):
                found.setdefault(person, []).append(number)
            if not found:
                return made
            messages = {person: _new_message(person, domain) for person in found}
            session.add_all(messages.values())
            session.flush()
            for person, numbers in found.items():
                _put_into(session, messages[person], numbers)
        made += len(messages)


def gather_daily(work: Work, domain: str, digest_at: time) -> int:
    """The daily mail of everybody who has news from before its moment; nobody gets a second one on a day."""
    today = clock.today()
    moment = datetime.combine(today, digest_at, clock.NETHERLANDS)
    if clock.now() < moment or not is_working_day(today):
        return 0
    had_it = exists().where(Message.person_id == Notice.person_id, Message.digest_day == today)
    waiting = (
        select(Notice.person_id)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(MailPreference, MailPreference.person_id == Notice.person_id)
        .where(TO_MAIL, Person.active, _wants(MailChoice.AT_ONCE, MailChoice.DAILY), Notice.sent_at <= moment, ~had_it)
        .distinct()
    )
    people = list(work.session.scalars(waiting))
    return sum(_make_daily(work, person, domain, moment) for person in people)


def _make_daily(work: Work, person: int, domain: str, moment: datetime) -> bool:
    try:
        with work.transaction() as session:
            message = _new_message(person, domain)
            message.digest_day = clock.local(moment).date()
            session.add(message)
            session.flush()
            wanted = _locked(Notice.person_id == person, Notice.sent_at <= moment).limit(None)
            numbers = [number for number, _ in session.execute(wanted)]
            if not numbers:
                session.rollback()
                return False
            _put_into(session, message, numbers)
    except IntegrityError:
        log.debug("messages.daily_made_elsewhere", person=person)
        return False
    return True


def _wants(*choices: MailChoice) -> ColumnElement[bool]:
    chosen = MailPreference.choice.in_(choices)
    return or_(MailPreference.choice.is_(None), chosen) if MailChoice.AT_ONCE in choices else chosen


def _locked(*conditions: ColumnElement[bool]) -> Select[int, int]:
    """Notices in no message yet, with their person, kept from other workers until this transaction ends."""
    return (
        select(Notice.id, Notice.person_id)
        .join(Person, Person.id == Notice.person_id)
        .outerjoin(MailPreference, MailPreference.person_id == Notice.person_id)
        .where(TO_MAIL, Person.active, *conditions)
        .order_by(Notice.id)
        .limit(AT_ONCE)
        .with_for_update(of=Notice, skip_locked=True)
    )


def _new_message(person: int, domain: str) -> Message:
    now = clock.now()
    return Message(
        person_id=person,
        mail_id=f"<{secrets.token_hex(16)}@{domain}>",
        created_at=now,
        state=MessageState.WAITING,
        send_after=now,
    )


def _put_into(session: Session, message: Message, numbers: Iterable[int]) -> None:
    session.execute(update(Notice).where(Notice.id.in_(list(numbers))).values(message_id=message.id))
