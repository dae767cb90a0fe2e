"""Sending what waits: each message leaves the outbox once, with any number of workers, also when one is killed.

A worker leases a message for a while, hands it to the server without holding the database, and writes down that it
was sent. Killed in between it arrives a second time when the lease is over: SMTP knows no way to make that exactly
once. Both then carry the same Message-ID, by which mail programs and people can tell.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update

from wijkteam.events.model import Notice
from wijkteam.messages.about_signing_in import send_sign_in_mail
from wijkteam.messages.gathering import gather
from wijkteam.messages.model import MailPreference, Message, MessageState
from wijkteam.messages.posting import NeverDelivered, NotDelivered, Postbox, Relay, ServerAway
from wijkteam.messages.writing import Letter, Sender, UnusableAddress, write
from wijkteam.people.model import Person
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.words import Language

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
"""Longer than a server may take over all its answers together."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 24
"""After these, about three days, a message is dead."""
SPREAD = 0.25
"""Waits differ by so much, so that what failed together does not come back together."""


@dataclass(frozen=True)
class Post:
    """All that is needed to send mail."""

    relay: Relay
    sender: Sender
    digest_at: time = time(7, 30)
    lease: timedelta = LEASE


@dataclass
class Sent:
    """What one round of sending did."""

    gathered: int = 0
    sent: int = 0
    later: int = 0
    dead: int = 0
    unneeded: int = 0
    about_signing_in: int = 0
    besides: int = 0
    """To residents."""
    server_away: str | None = None
    """Why the round was broken off; None when it was not."""

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(
            self.gathered
            or self.sent
            or self.later
            or self.dead
            or self.unneeded
            or self.about_signing_in
            or self.besides
        )

    def __str__(self) -> str:
        """In one line."""
        counts = f"{self.sent} sent, {self.later} to be tried again, {self.dead} dead, {self.unneeded} no longer needed"
        if self.about_signing_in:
            counts += f"; {self.about_signing_in} about signing in sent"
        if self.besides:
            counts += f"; {self.besides} to residents sent"
        return f"{counts}; {self.server_away}" if self.server_away else counts


Errand = Callable[[Work, Postbox, Sender, Callable[[], bool]], tuple[int, str | None]]
"""Other mail that a round sends: returns how many went, and why it was broken off, or None."""


def do_post_round(
    work: Work, post: Post, stopped: Callable[[], bool] = lambda: False, besides: Errand | None = None
) -> Sent:
    """Gather what is to be told by mail now, and send what waits; stops at a server that is away."""
    gathered = gather(work, post.sender.mail_from.domain, post.digest_at)
    sent = Sent(gathered)
    with Postbox(post.relay) as box:
        sent.about_signing_in, sent.server_away = send_sign_in_mail(work, box, post.sender, stopped)
        if besides is not None and sent.server_away is None:
            sent.besides, sent.server_away = besides(work, box, post.sender, stopped)
        while not stopped() and sent.server_away is None:
            claimed = _claim(work, post.lease)
            if claimed is None:
                break
            _send(work, post, box, claimed, sent)
    return sent


@dataclass(frozen=True)
class _Claimed:
    number: int
    attempts: int
    letter: Letter
    active: bool


def _claim(work: Work, lease: timedelta) -> _Claimed | None:
    """The next message that waits, leased to this worker, with the attempt counted before it is made."""
    with work.transaction() as session:
        now = clock.now()
        message = session.scalars(
            select(Message)
            .where(Message.state == MessageState.WAITING, Message.send_after <= now)
            .order_by(Message.send_after, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if message is None:
            return None
        message.attempts += 1
        message.send_after = now + lease
        person = session.get_one(Person, message.person_id)
        unread = select(Notice).where(Notice.message_id == message.id, Notice.read_at.is_(None)).order_by(Notice.id)
        notices = tuple(session.scalars(unread))
        wish = session.get(MailPreference, person.id)
        language: Language = "en" if wish is not None and wish.language == "en" else "nl"
        letter = Letter(message.mail_id, person.email, message.created_at, message.digest_day, notices, language)
        return _Claimed(message.id, message.attempts, letter, person.active)


def _send(work: Work, post: Post, box: Postbox, claimed: _Claimed, sent: Sent) -> None:
    if not claimed.active or not claimed.letter.notices:
        why = "read in the system before it was sent" if claimed.active else "this person has left"
        _settle(work, claimed, state=MessageState.UNNEEDED, end_reason=why)
        sent.unneeded += 1
        return
    try:
        mail = write(claimed.letter, post.sender, work.engine)
        box.post(mail, post.sender.mail_from.addr_spec, claimed.letter.to)
    except (NotDelivered, UnusableAddress) as error:
        _put_off(work, claimed, error, sent)
    except Exception as error:  # one mail that cannot be written must not hold up the others, and is tried again
        log.exception("messages.not_written", message=claimed.number)
        _put_off(work, claimed, error, sent)
    else:
        _settle(work, claimed, state=MessageState.SENT, sent_at=clock.now(), last_error=None)
        sent.sent += 1


def _put_off(work: Work, claimed: _Claimed, error: Exception, sent: Sent) -> None:
    said = f"{type(error).__name__}: {error}" if not isinstance(error, NotDelivered) else str(error)
    log.warning("messages.not_delivered", message=claimed.number, attempt=claimed.attempts, why=said)
    if isinstance(error, ServerAway):
        sent.server_away = said
    never = isinstance(error, NeverDelivered | UnusableAddress)
    if never or claimed.attempts >= MOST_ATTEMPTS:
        _settle(work, claimed, state=MessageState.DEAD, last_error=said)
        sent.dead += 1
    else:
        _settle(work, claimed, send_after=clock.now() + wait_after(claimed.attempts), last_error=said)
        sent.later += 1


def wait_after(attempts: int) -> timedelta:
    """How long until the next attempt after so many: twice as long each time, up to four hours, not all alike."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    # chance only spreads the load here; nothing is kept secret with it
    return min(doubled, LONGEST_WAIT) * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311


def _settle(work: Work, claimed: _Claimed, **values: Any) -> None:
    """Write down what came of it; of a failure only when no other worker has taken over since."""
    still_ours = [Message.id == claimed.number, Message.state == MessageState.WAITING]
    if values.get("state") is not MessageState.SENT:
        still_ours.append(Message.attempts == claimed.attempts)
    with work.transaction() as session:
        session.execute(update(Message).where(*still_ours).values(**values))
