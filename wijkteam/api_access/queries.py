"""What can be asked about access for programs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.api_access.model import AccessToken, ApiClient


def tokens_of(session: Session, person_id: int) -> Sequence[AccessToken]:
    """The tokens that a person made, the newest first."""
    mine = AccessToken.person_id == person_id, AccessToken.client_id.is_(None)
    return session.scalars(select(AccessToken).where(*mine).order_by(AccessToken.id.desc())).all()


def clients(session: Session) -> Sequence[ApiClient]:
    """Every system, also those that were ended."""
    return session.scalars(select(ApiClient).order_by(ApiClient.id)).all()


def living_client(session: Session, client_id: str) -> ApiClient | None:
    """The system of that public id, when it was not ended."""
    return session.scalar(select(ApiClient).where(ApiClient.client_id == client_id, ApiClient.ended_at.is_(None)))
