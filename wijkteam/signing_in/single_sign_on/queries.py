"""What can be asked about accounts at the provider."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.signing_in.single_sign_on.model import ProviderIdentity
from wijkteam.storage.asking import written_once
from wijkteam.terms import clock

LATELY = timedelta(days=7)


def tied_lately(session: Session, person_id: int) -> ProviderIdentity | None:
    """The account that was tied to a person in the last week.

    It is shown whatever way they came in: an account of somebody else on their name does not stay unseen.
    """
    return session.scalars(*_tied_since(person_id, clock.now() - LATELY)).first()


@written_once
def _tied_since(person_id: int, moment: datetime) -> Select[ProviderIdentity]:
    return select(ProviderIdentity).where(ProviderIdentity.person_id == person_id, ProviderIdentity.linked_at >= moment)
