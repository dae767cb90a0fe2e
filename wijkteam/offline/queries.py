"""What can be asked about devices that work without a connection, and about what they sent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.offline.model import OfflineKey, SentOnce
from wijkteam.tracks import queries as tracks

MOST_CASES = 100
"""How many cases go along at most: those of which the next step comes first."""


def key_id_of(session: Session, person_id: int, device_digest: str) -> str | None:
    """The number of a person's key on a device; None where they did not switch working without a connection on."""
    mine = (OfflineKey.person_id == person_id) & (OfflineKey.device_digest == device_digest)
    return session.scalar(select(OfflineKey.id).where(mine))


def keys_on(session: Session, device_digest: str) -> int:
    """How many people take cases along on this device."""
    return session.scalar(select(func.count(OfflineKey.id)).where(OfflineKey.device_digest == device_digest)) or 0


def sent_before(session: Session, person_id: int, sending: str) -> SentOnce | None:
    """What came of something that a person sent before; None when it never came in."""
    return session.get(SentOnce, (person_id, sending), populate_existing=True)


def cases_to_take_along(session: Session, person_id: int) -> list[HouseholdCase]:
    """The open cases that a person owns, has the next step of, or works on a track of; never a protected one.

    Protected cases stay behind: few people may know of them at all, and a device can be lost.
    """
    besides = {track.case_id for track in tracks.open_tracks_of(session, person_id)}
    return cases.open_cases_worked_by(session, person_id, besides, MOST_CASES)
