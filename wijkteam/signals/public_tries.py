"""What one address may send to the pages without account; nothing is kept of who it was.

An address is kept as a digest with a key of that one day, and for a day: longer than the rules look back, and too
short to follow anybody. What came from there is not kept beside it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from wijkteam.signals.model import PublicTry
from wijkteam.signals.table import AddressLimits
from wijkteam.signing_in.attempts import network
from wijkteam.signing_in.delays import Rules, open_again
from wijkteam.storage.work import Work
from wijkteam.terms import clock

GIVE, FOLLOW = "give", "follow"
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


class TooMany(Exception):
    """Too much came from this address: the next is let in only after a while."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"too much from one address; wait {wait.total_seconds():.0f} s")
        self.minutes = max(1, -int(-wait.total_seconds() // 60))


@dataclass(frozen=True)
class Sender:
    """From where something is sent, and the app's own key that makes digests of it."""

    address: str
    key: str

    def place(self, on: date) -> str:
        """What stands for the address on a day; another day it is something else."""
        of_the_day = hmac.digest(self.key.encode(), f"public tries {on.isoformat()}".encode(), "sha256")
        return hashlib.blake2b(network(self.address).encode(), key=of_the_day, digest_size=32).hexdigest()


def let_give(work: Work, sender: Sender, limits: AddressLimits) -> None:
    """Count one signal. Raises TooMany when this address gave the most there are within the hour."""
    with work.transaction() as session:
        place = _only_one(session, sender)
        given = _moments(session, place, GIVE, HOUR)
        if len(given) >= limits.signals_per_hour:
            raise TooMany(given[-limits.signals_per_hour] + HOUR - clock.now())
        _keep(session, place, GIVE)


def let_follow(work: Work, sender: Sender, limits: AddressLimits) -> int:
    """Count a code as a miss before it is looked at, so that guesses at once count too; returns its number.

    Raises TooMany after misses, longer each time. `was_right` takes it back.
    """
    with work.transaction() as session:
        place = _only_one(session, sender)
        rules = Rules(
            free=limits.free_misses,
            first_wait=timedelta(seconds=limits.first_wait_seconds),
            longest_wait=timedelta(minutes=limits.longest_wait_minutes),
        )
        again = open_again(_moments(session, place, FOLLOW, KEPT), rules)
        if again is not None and again > clock.now():
            raise TooMany(again - clock.now())
        return _keep(session, place, FOLLOW)


def was_right(work: Work, number: int) -> None:
    """A code was right after all."""
    with work.transaction() as session:
        session.execute(delete(PublicTry).where(PublicTry.id == number))


def _only_one(session: Session, sender: Sender) -> str:
    """Whoever comes from the same address waits for this transaction; what is over is thrown away on the way."""
    now = clock.now()
    place = sender.place(clock.local(now).date())
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(place[:15], 16))))
    old = delete(PublicTry).where(PublicTry.at < now - KEPT)
    session.execute(old.execution_options(synchronize_session=False))
    return place


def _moments(session: Session, place: str, purpose: str, within: timedelta) -> list[datetime]:
    rows = select(PublicTry.at).where(
        PublicTry.place == place, PublicTry.purpose == purpose, PublicTry.at > clock.now() - within
    )
    return list(session.scalars(rows.order_by(PublicTry.at)))


def _keep(session: Session, place: str, purpose: str) -> int:
    kept = PublicTry(place=place, purpose=purpose, at=clock.now())
    session.add(kept)
    session.flush()
    return kept.id
