"""What can be done with access for programs: making and ending tokens, and letting one in."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, delete, update

from wijkteam.api_access.model import AccessToken, ApiClient
from wijkteam.api_access.queries import system_people
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.service import WrongPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.words import Words

READ, WRITE, REPORT, MANAGE = "read", "write", "report", "manage"
SCOPES = {
    READ: Words("Lezen wat u mag lezen", "Read what you may read"),
    WRITE: Words("Stappen zetten en dingen toevoegen", "Take steps and add things"),
    REPORT: Words("De cijfers van het verslag lezen", "Read the figures of the report"),
    MANAGE: Words("Beheren: mensen, toegang, invoer en logboeken", "Manage: people, access, imports and logs"),
}
"""What a token may be used for; it never gives more than its person may do."""
PREFIX = "wt_"
"""Begins every token, so that scanners find one that was left lying in code."""
LONGEST_DAYS = 366
LONGEST_NAME = 60
MOST_TOKENS = 20
CLIENT_LASTS = timedelta(hours=1)
"""How long a token lasts that a system asked for itself."""


class WrongToken(ValueError):
    """A token cannot be made so; says why, in both languages, and about which field."""

    def __init__(self, field: str, nl: str, en: str) -> None:
        super().__init__(en)
        self.field, self.nl, self.en = field, nl, en


@dataclass(frozen=True)
class LetIn:
    """Who a token acts for, as what, and how often it was used in this minute."""

    token_id: int
    name: str
    person: ActingPerson
    scopes: frozenset[str]
    uses: int
    proved_at: datetime | None
    """When its person last proved anew who they are, for great deeds."""


def digest(secret: str) -> str:
    """How a secret stands in the database: random and 256 bits long, so that one round is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_token(work: Work, name: str, scopes: Iterable[str], last_day: date) -> str:
    """Make a token for the acting person; it is returned here and shown nowhere again. Raises WrongToken."""
    called, asked = name.strip(), [each for each in SCOPES if each in set(scopes)]
    today = clock.today()
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise WrongToken("name", "Geef een naam van hooguit 60 tekens.", "Give a name of at most 60 characters.")
    if not asked:
        raise WrongToken("scopes", "Kies wat het token mag.", "Choose what the token may do.")
    if not today < last_day <= today + timedelta(days=LONGEST_DAYS):
        raise WrongToken("last_day", "Kies een dag binnen een jaar.", "Choose a day within a year.")
    with work.transaction() as session:
        mine = update(AccessToken).where(AccessToken.person_id == work.actor.person_id, AccessToken.client_id.is_(None))
        living = mine.where(AccessToken.revoked_at.is_(None), AccessToken.ends_at > clock.now())
        touched = session.execute(living.values(uses=AccessToken.uses).returning(AccessToken.id)).all()
        if len(touched) >= MOST_TOKENS:
            raise WrongToken(
                "name", "U hebt al 20 tokens. Trek er eerst een in.", "You have 20 tokens. Revoke one first."
            )
        ends = datetime.combine(last_day + timedelta(days=1), time(0), clock.NETHERLANDS)
        return _add(work, work.actor.person_id, called, asked, ends)


def _add(
    work: Work, person_id: int, name: str, scopes: Iterable[str], ends_at: datetime, client_id: int | None = None
) -> str:
    secret = PREFIX + secrets.token_urlsafe(32)
    row = AccessToken(
        secret_digest=digest(secret),
        person_id=person_id,
        client_id=client_id,
        name=name,
        scopes=" ".join(scopes),
        made_at=clock.now(),
        ends_at=ends_at,
        minute=0,
        uses=0,
    )
    work.session.add(row)
    work.session.flush()
    return secret


def revoke_token(work: Work, token_id: int) -> bool:
    """End one of the acting person's own tokens at once; False when there is no such one."""
    with work.transaction() as session:
        mine = (AccessToken.id == token_id) & (AccessToken.person_id == work.actor.person_id)
        living = update(AccessToken).where(mine, AccessToken.revoked_at.is_(None))
        return bool(session.execute(living.values(revoked_at=clock.now()).returning(AccessToken.id)).all())


def prove_token(work: Work, token_id: int) -> bool:
    """Its person proved just now who they are: for a while this token may do great deeds. False for no living token.

    Only for tokens that people made: a system has nobody who can prove anything.
    """
    with work.transaction() as session:
        now = clock.now()
        mine = (AccessToken.id == token_id) & (AccessToken.person_id == work.actor.person_id)
        own = mine & AccessToken.client_id.is_(None) & AccessToken.revoked_at.is_(None) & (AccessToken.ends_at > now)
        proving = update(AccessToken).where(own).values(proved_at=now)
        return bool(session.execute(proving.returning(AccessToken.id)).all())


def let_in(work: Work, secret: str) -> LetIn | None:
    """Who shows this token, counting this use.

    None when it is unknown, over or revoked, its person no longer works here, or the system that asked was ended.
    """
    now = clock.now()
    minute = int(now.timestamp()) // 60
    with work.transaction() as session:
        lives = (AccessToken.revoked_at.is_(None)) & (AccessToken.ends_at > now)
        counted = case((AccessToken.minute == minute, AccessToken.uses + 1), else_=1)
        using = update(AccessToken).where(AccessToken.secret_digest == digest(secret), lives)
        using = using.values(used_at=now, minute=minute, uses=counted)
        shown = AccessToken.id, AccessToken.name, AccessToken.person_id, AccessToken.scopes, AccessToken.uses
        more = AccessToken.client_id, AccessToken.proved_at
        found = session.execute(using.returning(*shown, *more)).one_or_none()
    if found is None:
        return None
    scopes = frozenset(found.scopes.split())
    if found.client_id is not None:
        client = work.session.get(ApiClient, found.client_id, populate_existing=True)
        if client is None or client.ended_at is not None:
            return None
        scopes &= frozenset(client.scopes.split())
    person = people.acting_person(work.session, found.person_id)
    return LetIn(found.id, found.name, person, scopes, found.uses, found.proved_at) if person is not None else None


def add_client(work: Work, name: str, email: str, scopes: Iterable[str]) -> tuple[str, str]:
    """Let a system act for a named system person; returns its id and its secret, shown once.

    Raises WrongPerson when nobody has that address, or a scope or the name cannot be.
    """
    asked = [each for each in SCOPES if each in set(scopes)]
    with work.transaction() as session:
        person = people.person_by_email(session, email)
        if person is None:
            raise WrongPerson(f"there is nobody with the address {email}")
        if not asked or not name.strip() or len(name.strip()) > LONGEST_NAME:
            raise WrongPerson(f"a system needs a name of at most {LONGEST_NAME} signs, and scopes: {', '.join(SCOPES)}")
        secret, public = secrets.token_urlsafe(32), f"wijkteam-{secrets.token_hex(8)}"
        session.add(
            ApiClient(
                client_id=public,
                secret_digest=digest(secret),
                name=name.strip(),
                person_id=person.id,
                scopes=" ".join(asked),
                made_at=clock.now(),
            )
        )
        return public, secret


def add_client_for(work: Work, name: str, person_id: int, scopes: Iterable[str]) -> tuple[str, str]:
    """The same for an administrator on a page, who may let a system act for nobody who signs in themselves.

    Otherwise an administrator could read with it what they may not read. Raises WrongToken.
    """
    if not [each for each in SCOPES if each in set(scopes)]:
        raise WrongToken("scopes", "Kies wat het systeem mag.", "Choose what the system may do.")
    called = name.strip()
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise WrongToken("name", "Geef een naam van hooguit 60 tekens.", "Give a name of at most 60 characters.")
    person = next((each for each in system_people(work.session) if each.id == person_id), None)
    if person is None:
        raise WrongToken("person", "Kies een systeempersoon.", "Choose a system person.")
    return add_client(work, called, person.email, scopes)


def end_client(work: Work, client_id: str) -> bool:
    """End a system's access, with every token that it has; False when it is unknown or ended already."""
    with work.transaction() as session:
        living = update(ApiClient).where(ApiClient.client_id == client_id, ApiClient.ended_at.is_(None))
        return bool(session.execute(living.values(ended_at=clock.now()).returning(ApiClient.id)).all())


def token_for_client(work: Work, client: ApiClient, scopes: Iterable[str]) -> str:
    """A token for a system that proved who it is; within what the system may."""
    asked = [each for each in client.scopes.split() if each in set(scopes)]
    with work.transaction():
        return _add(work, client.person_id, client.name, asked, clock.now() + CLIENT_LASTS, client.id)


def forget_ended(work: Work) -> int:
    """Throw away tokens of systems that ended a day ago or longer; returns how many. Those of people stay."""
    with work.transaction() as session:
        old = AccessToken.client_id.is_not(None) & (AccessToken.ends_at < clock.now() - timedelta(days=1))
        return len(session.execute(delete(AccessToken).where(old).returning(AccessToken.id)).all())


def proves(client: ApiClient, secret: str) -> bool:
    """Whether this is the system's secret."""
    return secrets.compare_digest(client.secret_digest, digest(secret))
