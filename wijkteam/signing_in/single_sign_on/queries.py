"""What can be asked about accounts at the provider."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.signing_in.single_sign_on.model import ProviderIdentity
from wijkteam.terms import clock

LATELY = timedelta(days=7)


def tied_lately(session: Session, person_id: int) -> ProviderIdentity | None:
    """The account that was tied to a person in the last week.

    It is shown whatever way they came in: an account of somebody else on their name does not stay unseen.
    """
    since = clock.now() - LATELY
    return session.scalar(
        select(ProviderIdentity).where(ProviderIdentity.person_id == person_id, ProviderIdentity.linked_at >= since)
    )
