"""How people come to a password, and how somebody's access ends.

Nobody sets a password for somebody else: an administrator invites, and the person chooses. A link is good for a day
and for one time, and only its digest is kept. Where mail is set up the link goes by mail and nobody else sees it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from wijkteam.people.model import Person
from wijkteam.people.queries import person_by_email
from wijkteam.people.service import WrongPerson
from wijkteam.signing_in.model import PasswordLink, SignInMail
from wijkteam.signing_in.passwords import check_password, give_password, is_password_of
from wijkteam.signing_in.sessions import end_other_sessions, end_sessions
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()
LINK_LASTS = timedelta(hours=24)
INVITATION, RESET, PASSWORD_CHANGED = "invitation", "reset", "password_changed"
ACCOUNT_LINKED = "account_linked"
WITH_A_LINK = (INVITATION, RESET)
MOST_ASKED, MOST_ASKED_FROM, ASKED_WITHIN = 3, 20, timedelta(hours=1)
"""So many mails one person is sent at most within an hour, and so many are asked for from one address."""
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A link as it was found: whose it is, and what for."""

    person: Person
    kind: str


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_link(work: Work, person_id: int, kind: str) -> str:
    """A new secret with which this person sets a password, once, within a day.

    Earlier ones stay good until one is used: else whoever asks for a link could spoil that of another.
    Raises WrongPerson when there is no such active person.
    """
    secret, now = secrets.token_urlsafe(32), clock.now()
    with work.transaction() as session:
        _active(session, person_id)
        session.add(
            PasswordLink(
                secret_digest=_digest(secret),
                person_id=person_id,
                kind=kind,
                made_by=work.actor.person_id,
                made_at=now,
                ends_at=now + LINK_LASTS,
            )
        )
    log.info("password.link_made", person=person_id, kind=kind, by=work.actor.person_id)
    return secret


def find_link(session: Session, secret: str) -> Asked | None:
    """Whose password this secret sets; None when it is unknown, used or too old."""
    found = session.scalar(select(PasswordLink).where(*_good(secret)))
    person = session.get(Person, found.person_id) if found is not None else None
    if found is None or person is None or not person.active:
        return None
    return Asked(person, found.kind)


def set_password_by_link(work: Work, secret: str, password: str, municipality: str) -> Person | None:
    """Set the password and end all sessions of this person; None when the link is no good (any more).

    Of two who use a link at the same moment one succeeds. Raises WeakPassword, and then the link stays good.
    """
    asked = find_link(work.session, secret)
    if asked is None:
        return None
    check_password(password, asked.person, municipality)
    with work.transaction() as session:
        using = update(PasswordLink).where(*_good(secret)).values(used_at=clock.now())
        if session.execute(using.returning(PasswordLink.id)).first() is None:
            return None
        person = _active(session, asked.person.id)
        give_password(work, person.id, password)
        _end_links(session, person.id)
        end_sessions(work, "password_changed", person.id)
        _tell(session, person.id, PASSWORD_CHANGED)
    log.info("password.set_by_link", person=person.id, kind=asked.kind)
    return person


def change_password(work: Work, person_id: int, present: str, new: str, municipality: str, keep: int) -> None:
    """Change one's own password, for who knows the present one; all sessions but `keep` end.

    Raises WrongPassword when the present one is another, and WeakPassword.
    """
    if not is_password_of(work.session, person_id, present):
        raise WrongPassword("this is not the present password", "Dit is niet uw huidige wachtwoord.")
    check_password(new, _active(work.session, person_id), municipality)
    with work.transaction() as session:
        give_password(work, person_id, new)
        end_other_sessions(work, "password_changed", person_id, keep)
        _end_links(session, person_id)
        _tell(session, person_id, PASSWORD_CHANGED)
    log.info("password.changed", person=person_id)


class WrongPassword(WrongPerson):
    """The present password that was given is another."""


def ask_for_link(work: Work, email: str, address: str) -> None:
    """Somebody forgot a password: a mail with a link waits, if anyone has this address.

    Whether there is such a person makes no difference to what happens here, so that it cannot be seen or measured;
    too many in an hour, to one person or from one address, are quietly passed over.
    """
    with work.transaction() as session:
        person = person_by_email(session, email)
        found = person.id if person is not None and person.active else None
        since = clock.now() - ASKED_WITHIN
        asked = select(func.count(SignInMail.id)).where(SignInMail.kind == RESET, SignInMail.asked_at > since)
        to_one = session.scalar(asked.where(SignInMail.person_id == found)) or 0
        from_one = session.scalar(asked.where(SignInMail.address == address)) or 0
        if from_one < MOST_ASKED_FROM:
            _tell(session, found if to_one < MOST_ASKED else None, RESET, address)
    log.info("password.link_asked", address=address)


def ask_to_mail_link(work: Work, person_id: int, kind: str) -> None:
    """An administrator has a link mailed to somebody. Raises WrongPerson."""
    with work.transaction() as session:
        _active(session, person_id)
        _tell(session, person_id, kind, asked_by=work.actor.person_id)


def tell_about_account(work: Work, person_id: int, kind: str) -> None:
    """A person is told by mail that something of their access changed, where mail is set up."""
    with work.transaction() as session:
        _tell(session, person_id, kind)


def reset_access(work: Work, person_id: int, why: str = "reset") -> int:
    """Take the password away and end all sessions: until a new one is set this person does not get in by it.

    Returns how many sessions ended. Raises WrongPerson.
    """
    with work.transaction() as session:
        _active(session, person_id).password_hash = None
        _end_links(session, person_id)
        ended = end_sessions(work, why, person_id)
    log.info("access.reset", person=person_id, by=work.actor.person_id, sessions=ended)
    return ended


def close_account(work: Work, person_id: int) -> int:
    """Somebody has left: no longer active, sessions and links end. Returns how many sessions ended.

    Raises WrongPerson when there is no such active person, and for oneself.
    """
    if work.actor.person_id == person_id:
        raise WrongPerson("nobody closes their own account", "U kunt uw eigen toegang niet sluiten.")
    with work.transaction() as session:
        _active(session, person_id).active = False
        _end_links(session, person_id)
        ended = end_sessions(work, "left", person_id)
    log.info("access.closed", person=person_id, by=work.actor.person_id, sessions=ended)
    return ended


def reopen_account(work: Work, person_id: int) -> None:
    """Somebody is back; a new password is needed. Raises WrongPerson when there is no such person."""
    with work.transaction() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise WrongPerson(f"there is no person {person_id}", "Deze persoon kennen we niet.")
        person.active, person.password_hash = True, None
    log.info("access.reopened", person=person_id, by=work.actor.person_id)


def forget_old_requests(work: Work) -> int:
    """Throw away links and mails that have long ended; returns how many."""
    old = clock.now() - KEPT_FOR
    with work.transaction() as session:
        links = session.execute(delete(PasswordLink).where(PasswordLink.ends_at < old).returning(PasswordLink.id))
        mails = session.execute(delete(SignInMail).where(SignInMail.asked_at < old).returning(SignInMail.id))
        return len(links.all()) + len(mails.all())


def _good(secret: str) -> tuple[ColumnElement[bool], ...]:
    return (
        PasswordLink.secret_digest == _digest(secret),
        PasswordLink.used_at.is_(None),
        PasswordLink.ends_at > clock.now(),
    )


def _end_links(session: Session, person_id: int) -> None:
    open_ones = (PasswordLink.person_id == person_id) & PasswordLink.used_at.is_(None)
    session.execute(
        update(PasswordLink).where(open_ones, PasswordLink.ends_at > clock.now()).values(ends_at=clock.now())
    )


def _tell(session: Session, person_id: int | None, kind: str, address: str = "", asked_by: int | None = None) -> None:
    now = clock.now()
    session.add(
        SignInMail(
            person_id=person_id,
            kind=kind,
            asked_at=now,
            asked_by=asked_by,
            address=address,
            send_after=now,
            attempts=0,
        )
    )


def _active(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise WrongPerson(f"there is no active person {person_id}", "Deze persoon kennen we niet.")
    return person
