"""Tries to sign in, written down before they are looked at, so that guesses at the same moment count as well.

Misses are counted by account, each in one of three lanes: a browser with which somebody signed in to this account
before, an address from which that happened, and everywhere else. Whoever guesses elsewhere makes only others who
come from elsewhere wait: the owner, with a browser or at an address of their own, is not kept out by it.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from wijkteam.signing_in.delays import RULES, Rules, address_open_again, open_again
from wijkteam.signing_in.model import SignInAttempt
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MISSED, HALF, WELL = "missed", "half", "well"
ELSEWHERE = "elsewhere"


QUESTIONS = replace(RULES, free=60)
"""Of questions for any passkey: so many that nobody answered cost one address nothing yet, for an office has one."""


class TooManyAttempts(Exception):
    """There were too many misses: the next try is let in only after a while."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"too many misses; wait {wait.total_seconds():.0f} s")
        self.seconds = max(1, -int(-wait.total_seconds() // 1))


@dataclass(frozen=True)
class Try:
    """Somebody who tries: on which account (a digest), from which network, with which browser (a digest or none)."""

    account: str
    address: str
    device: str = ""


def account_digest(name: str, key: str) -> str:
    """What stands for an account among the tries, whether it exists or not; nobody without the key can make it."""
    secret = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    text = name.strip().lower().encode("utf-8", "replace")
    return hashlib.blake2b(text, key=secret, digest_size=32).hexdigest()


def device_digest(mark: str) -> str:
    """What stands for a browser's mark."""
    return hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest() if mark else ""


def network(address: str) -> str:
    """What counts as one address: all of IPv4, and of IPv6 the half that one subscriber has to themselves."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def begin_attempt(work: Work, tried: Try, rules: Rules = RULES) -> int:
    """Let a try in and write it down as a miss until it turns out otherwise; returns its number.

    Raises TooManyAttempts, and then nothing is written: who has to wait does not make the wait longer.
    """
    with work.transaction() as session:
        _one_at_a_time(session, tried.account, f"address {tried.address}")
        now = clock.now()
        lane = _lane(session, tried, now, rules)
        again = open_again(_misses_of(session, tried.account, lane, now, rules), rules)
        waits = [again] if again is not None else []
        if not lane.startswith("device"):
            closed = address_open_again(_misses_from(session, tried.address, now, rules), now, rules)
            waits += [closed] if closed is not None else []
        if waits and max(waits) > now:
            raise TooManyAttempts(max(waits) - now)
        attempt = SignInAttempt(
            account_digest=tried.account,
            lane=lane,
            address=tried.address,
            device=tried.device,
            at=now,
            outcome=MISSED,
        )
        session.add(attempt)
        session.flush()
        return attempt.id


def was_right(work: Work, attempt_id: int) -> None:
    """Write down that a try was no miss. Only being let in wholly makes a browser or an address known."""
    with work.transaction() as session:
        session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(outcome=HALF))


def came_in(work: Work, tried: Try, known_as: str = "", rules: Rules = RULES) -> None:
    """Write down that somebody was let in wholly, by whatever road; with this browser the account is known from now on.

    `known_as` is the digest of the mark that the browser has from now on, when it is another than it came with.
    """
    with work.transaction() as session:
        now = clock.now()
        session.add(
            SignInAttempt(
                account_digest=tried.account,
                lane=_lane(session, tried, now, rules),
                address=tried.address,
                device=known_as or tried.device,
                at=now,
                outcome=WELL,
            )
        )


def knows_device(session: Session, tried: Try, rules: Rules = RULES) -> bool:
    """Whether somebody signed in wholly to this account with this browser lately."""
    return bool(tried.device) and _was_well(session, tried, clock.now(), rules, SignInAttempt.device == tried.device)


def forget_attempts(work: Work, rules: Rules = RULES) -> int:
    """Throw away tries that no rule looks at any more; returns how many."""
    with work.transaction() as session:
        old = delete(SignInAttempt).where(SignInAttempt.at < clock.now() - rules.kept_for)
        return len(session.execute(old.returning(SignInAttempt.id)).all())


def _lane(session: Session, tried: Try, now: datetime, rules: Rules) -> str:
    if tried.device and _was_well(session, tried, now, rules, SignInAttempt.device == tried.device):
        return f"device {tried.device}"
    if _was_well(session, tried, now, rules, SignInAttempt.address == tried.address):
        return f"address {tried.address}"
    return ELSEWHERE


def _was_well(session: Session, tried: Try, now: datetime, rules: Rules, alike: ColumnElement[bool]) -> bool:
    found = select(SignInAttempt.id).where(
        SignInAttempt.account_digest == tried.account,
        SignInAttempt.outcome == WELL,
        SignInAttempt.at > now - rules.known_for,
        alike,
    )
    return session.scalar(found.limit(1)) is not None


def _misses_of(session: Session, account: str, lane: str, now: datetime, rules: Rules) -> Sequence[datetime]:
    """Misses in one lane; with a known browser or address only those since it last went well.

    Elsewhere a success takes nothing away: what the owner does there must not give a guesser new turns.
    """
    since = now - rules.looked_back
    if lane != ELSEWHERE:
        went_well = select(func.max(SignInAttempt.at)).where(
            SignInAttempt.account_digest == account, SignInAttempt.lane == lane, SignInAttempt.outcome == WELL
        )
        since = max(since, session.scalar(went_well) or since)
    misses = select(SignInAttempt.at).where(
        SignInAttempt.account_digest == account,
        SignInAttempt.lane == lane,
        SignInAttempt.outcome == MISSED,
        SignInAttempt.at > since,
    )
    return session.scalars(misses).all()


def _misses_from(session: Session, address: str, now: datetime, rules: Rules) -> Sequence[datetime]:
    misses = select(SignInAttempt.at).where(
        SignInAttempt.address == address,
        SignInAttempt.outcome == MISSED,
        SignInAttempt.at > now - rules.per_address_window,
    )
    return session.scalars(misses.order_by(SignInAttempt.at.desc()).limit(rules.per_address)).all()


def _one_at_a_time(session: Session, *names: str) -> None:
    """Whoever tries the same account, or from the same address, waits for this transaction; SQLite lets one write."""
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = {int.from_bytes(hashlib.sha256(each.encode()).digest()[:8], "big", signed=True) for each in names}
    for key in sorted(keys):
        session.execute(select(func.pg_advisory_xact_lock(key)))
