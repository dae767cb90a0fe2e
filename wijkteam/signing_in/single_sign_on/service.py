"""Who signs in with an account at the provider, which functions that gives, and signing out there and here."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkteam.engine.running import Stale
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.people.service import NewPerson, WrongPerson, add_person
from wijkteam.signing_in.accounts import ACCOUNT_LINKED, tell_about_account
from wijkteam.signing_in.model import SignInSession
from wijkteam.signing_in.sessions import Begun, Limits, begin_session, end_sessions, session_of
from wijkteam.signing_in.single_sign_on.flow import Answer
from wijkteam.signing_in.single_sign_on.functions import follow_claims
from wijkteam.signing_in.single_sign_on.mapping import given_by
from wijkteam.signing_in.single_sign_on.model import ProviderIdentity, ProviderSignIn, SeenLogoutToken
from wijkteam.signing_in.single_sign_on.refusals import AWAY, NO_FUNCTION, UNKNOWN_PERSON, NotSignedIn
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn
from wijkteam.signing_in.single_sign_on.tokens import SignedOutThere
from wijkteam.storage.work import Work
from wijkteam.terms import clock

LONGEST_SESSION = 255
LONGEST_NAME = 120
TRIES = 3


@dataclass(frozen=True)
class Recognised:
    """The person who signed in, and whether they have yet to be told that the account is theirs."""

    person_id: int
    identity_id: int
    to_be_told: bool


class WrongLink(WrongPerson):
    """An account at the provider cannot be tied to this person."""


def recognise(work: Work, own: SingleSignOn, answer: Answer) -> Recognised:
    """The person of an account at the provider, with the functions that its claims give now.

    By issuer and subject; the first time by a verified e-mail address of somebody active, or as somebody new where the
    mapping says so. Who holds no function any more is refused, and their sessions from the provider end.
    Raises NotSignedIn.
    """
    for _ in range(TRIES):
        try:
            found = _recognise(work, own, answer)
        except (IntegrityError, Stale):
            continue  # the same person signed in for the first time in another window at this very moment
        if isinstance(found, NotSignedIn):
            raise found
        return found
    raise NotSignedIn(AWAY, "others were always first")


def _recognise(work: Work, own: SingleSignOn, answer: Answer) -> Recognised | NotSignedIn:
    """A refusal is handed back, not raised: functions that ended with it have to stay ended."""
    with work.transaction() as session:
        identity = session.scalar(
            select(ProviderIdentity)
            .where(ProviderIdentity.issuer == own.issuer, ProviderIdentity.subject == answer.subject)
            .with_for_update()
        )
        if identity is None:
            identity = _first_time(work, session, own, answer)
        person = session.get(Person, identity.person_id)
        if person is None or not person.active:
            return NotSignedIn(UNKNOWN_PERSON, "not active")
        follow_claims(work, identity, person, answer.claims, own.claims)
        session.flush()
        acting = people.acting_person(session, person.id)
        if acting is None or not any(each.standing_in_for is None for each in acting.holdings):
            end_sessions(work, "no_function", person.id, _sessions_from(session, identity.id))
            return NotSignedIn(NO_FUNCTION)
        return Recognised(person.id, identity.id, identity.told_at is None)


def _first_time(work: Work, session: Session, own: SingleSignOn, answer: Answer) -> ProviderIdentity:
    email, name = answer.claims.get("email"), answer.claims.get("name")
    if answer.claims.get("email_verified") is not True or not isinstance(email, str):
        raise NotSignedIn(UNKNOWN_PERSON, "no verified e-mail address")
    person = people.person_by_email(session, email)
    how = "email"
    if person is None:
        if not own.claims.create or not given_by(answer.claims, own.claims):
            raise NotSignedIn(UNKNOWN_PERSON, "nobody with this address")
        called = name.strip()[:LONGEST_NAME] if isinstance(name, str) and name.strip() else email
        try:
            person = add_person(work, NewPerson(called, email, civil_servant=own.claims.civil_servant))
        except WrongPerson as error:
            raise NotSignedIn(UNKNOWN_PERSON, "unusable address") from error
        how = "made"
    if not person.active:
        raise NotSignedIn(UNKNOWN_PERSON, "not active")
    if _identity_of(session, own.issuer, person.id) is not None:
        raise NotSignedIn(UNKNOWN_PERSON, "this address belongs to another account")
    if how == "email":
        tell_about_account(work, person.id, ACCOUNT_LINKED)
    return _tie(session, own.issuer, answer.subject, person.id, how)


def _identity_of(session: Session, issuer: str, person_id: int) -> ProviderIdentity | None:
    return session.scalar(
        select(ProviderIdentity).where(ProviderIdentity.issuer == issuer, ProviderIdentity.person_id == person_id)
    )


def _tie(session: Session, issuer: str, subject: str, person_id: int, how: str) -> ProviderIdentity:
    made = ProviderIdentity(
        issuer=issuer, subject=subject, person_id=person_id, linked_how=how, linked_at=clock.now(), told_at=None
    )
    session.add(made)
    session.flush()
    return made


def link_by_hand(work: Work, issuer: str, email: str, subject: str) -> None:
    """Tie an account at the provider to a person, for providers that verify no e-mail addresses. Raises WrongLink."""
    try:
        with work.transaction() as session:
            person = people.person_by_email(session, email)
            if person is None or not person.active:
                raise WrongLink(f"there is no active person with the address {email}")
            if not subject or len(subject) > LONGEST_SESSION:
                raise WrongLink("say what the provider calls the account (its sub), at most 255 characters")
            _tie(session, issuer, subject, person.id, "by_hand")
            tell_about_account(work, person.id, ACCOUNT_LINKED)
    except IntegrityError as error:
        raise WrongLink(f"{email} or this account is tied already; first: wijkteam user unlink {email}") from error


def unlink(work: Work, issuer: str, email: str) -> None:
    """Untie a person's account at the provider: its functions end now, and so do its sessions. Raises WrongLink."""
    with work.transaction() as session:
        person = people.person_by_email(session, email)
        identity = _identity_of(session, issuer, person.id) if person else None
        if person is None or identity is None:
            raise WrongLink(f"no account of the provider is tied to {email}")
        end_sessions(work, "unlinked", person.id, _sessions_from(session, identity.id))
        follow_claims(work, identity, person, {}, None)
        session.flush()
        session.execute(delete(ProviderSignIn).where(ProviderSignIn.identity_id == identity.id))
        session.delete(identity)


def was_told(work: Work, person_id: int) -> ProviderIdentity | None:
    """The account that a person is told about on a page, once; None when there is nothing to tell."""
    with work.transaction() as session:
        found = session.scalar(
            select(ProviderIdentity).where(ProviderIdentity.person_id == person_id, ProviderIdentity.told_at.is_(None))
        )
        if found is not None:
            found.told_at = clock.now()
        return found


def begin_from_provider(work: Work, found: Recognised, answer: Answer, begun: Begun, limits: Limits) -> str:
    """Begin a session that ends when the one at the provider does; returns its secret. Raises NotSignedIn."""
    now = clock.now()
    with work.transaction() as session:
        secret = begin_session(work, begun, limits)
        session.flush()
        made = session_of(session, secret, limits)
        if made is None:
            raise NotSignedIn(AWAY, "the session ended as it began")
        session.execute(delete(ProviderSignIn).where(ProviderSignIn.ends_at < now))
        session.add(
            ProviderSignIn(
                session_id=made.id, identity_id=found.identity_id, id_token=answer.id_token, ends_at=made.ends_at
            )
        )
    return secret


def carry_over(work: Work, old_id: int, new_id: int) -> None:
    """Let a session that takes the place of another, after a second factor, end with the provider's as well."""
    with work.transaction() as session:
        old, new, kept = (
            session.get(SignInSession, old_id),
            session.get(SignInSession, new_id),
            session.get(ProviderSignIn, old_id),
        )
        if old is None or new is None or kept is None:
            return
        new.provider_session = old.provider_session
        session.delete(kept)
        session.add(
            ProviderSignIn(session_id=new_id, identity_id=kept.identity_id, id_token=kept.id_token, ends_at=new.ends_at)
        )


def session_name(provider_session: str | None) -> str | None:
    """What a session at the provider is called here: its own name, or a digest of one that is too long."""
    if provider_session is None or len(provider_session) <= LONGEST_SESSION:
        return provider_session
    return hashlib.sha256(provider_session.encode()).hexdigest()


def forget_sign_in(work: Work, session_id: int) -> str | None:
    """The ID token with which a session is signed out at the provider too, given once; None for other sessions."""
    with work.transaction() as session:
        found = session.get(ProviderSignIn, session_id)
        if found is None:
            return None
        session.delete(found)
        return found.id_token


def sign_out_from_there(work: Work, own: SingleSignOn, said: SignedOutThere) -> bool:
    """End the sessions that the provider says have ended; False when its token was used before."""
    digest = hashlib.sha256(f"{own.issuer}\n{said.jti}".encode()).hexdigest()
    try:
        with work.transaction() as session:
            session.execute(delete(SeenLogoutToken).where(SeenLogoutToken.expires_at < clock.now()))
            session.add(SeenLogoutToken(digest=digest, expires_at=said.expires_at))
            session.flush()
            _end_those(work, session, own, said)
    except IntegrityError:
        return False
    return True


def _end_those(work: Work, session: Session, own: SingleSignOn, said: SignedOutThere) -> None:
    asked = (
        select(SignInSession.id, SignInSession.person_id)
        .join(ProviderSignIn, ProviderSignIn.session_id == SignInSession.id)
        .join(ProviderIdentity, ProviderIdentity.id == ProviderSignIn.identity_id)
        .where(ProviderIdentity.issuer == own.issuer, SignInSession.ended_at.is_(None))
    )
    if said.subject is not None:
        asked = asked.where(ProviderIdentity.subject == said.subject)
    if said.provider_session is not None:
        asked = asked.where(SignInSession.provider_session == session_name(said.provider_session))
    ended: dict[int, list[int]] = {}
    for number, person_id in session.execute(asked):
        ended.setdefault(person_id, []).append(number)
    for person_id, numbers in ended.items():
        end_sessions(work, "signed_out_at_provider", person_id, numbers)
        session.execute(delete(ProviderSignIn).where(ProviderSignIn.session_id.in_(numbers)))


def _sessions_from(session: Session, identity_id: int) -> list[int]:
    return list(session.scalars(select(ProviderSignIn.session_id).where(ProviderSignIn.identity_id == identity_id)))
