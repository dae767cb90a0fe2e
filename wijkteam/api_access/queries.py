"""What can be asked about access for programs."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from wijkteam.api_access.model import AccessToken, ApiClient
from wijkteam.people.model import Person
from wijkteam.signing_in.model import Passkey, SignInSession
from wijkteam.signing_in.single_sign_on.model import ProviderIdentity


def tokens_of(session: Session, person_id: int) -> Sequence[AccessToken]:
    """The tokens that a person made, the newest first."""
    mine = AccessToken.person_id == person_id, AccessToken.client_id.is_(None)
    return session.scalars(select(AccessToken).where(*mine).order_by(AccessToken.id.desc())).all()


def clients(session: Session) -> Sequence[ApiClient]:
    """Every system, also those that were ended."""
    return session.scalars(select(ApiClient).order_by(ApiClient.id)).all()


def system_people(session: Session) -> list[Person]:
    """Active people who cannot sign in themselves: no password, no account elsewhere, and no way to get one open."""
    own = (
        exists().where(ProviderIdentity.person_id == Person.id),
        exists().where(Passkey.person_id == Person.id),
        exists().where(SignInSession.person_id == Person.id),
    )
    rows = select(Person).where(Person.active, Person.password_hash.is_(None), *(~each for each in own))
    return list(session.scalars(rows.order_by(Person.name, Person.id)))


def living_client(session: Session, client_id: str) -> ApiClient | None:
    """The system of that public id, when it was not ended."""
    return session.scalar(select(ApiClient).where(ApiClient.client_id == client_id, ApiClient.ended_at.is_(None)))
