"""Sending what waits: each event goes to each receiver, with any number of workers, also when one is killed.

Leased, sent without holding the database, and written down, as mail is. An event that comes twice (a worker killed
between sending and writing down) carries the same id, as CloudEvents has it.
"""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
import urllib3
from sqlalchemy import delete, select, update

from wijkteam.cases.model import HouseholdCase
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen
from wijkteam.messages.sending import wait_after
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.webhooks.addresses import SECONDS, Allowed, NotThere, look_up, read_address
from wijkteam.webhooks.model import DeliveryState, WebhookDelivery, WebhookSubscription
from wijkteam.webhooks.sealed import open_secret
from wijkteam.webhooks.service import end_for
from wijkteam.webhooks.settings import Outlet
from wijkteam.webhooks.signing import headers
from wijkteam.webhooks.telling import MEDIA_TYPE, as_event

log = structlog.get_logger()
LEASE = timedelta(minutes=2)
"""Longer than a receiver may take over its answer."""
MOST_ATTEMPTS = 24
"""After these, about three days, a delivery is dead."""
KEPT = timedelta(days=30)
"""How long what was sent stays in the outbox."""
GONE = 410


class NotTaken(Exception):
    """The receiver did not take the event; it may later."""


class ReceiverGone(Exception):
    """The receiver says that it is not there any more (410): it is told nothing from now on."""


@dataclass
class Told:
    """What one round did."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    unneeded: int = 0

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.sent or self.later or self.dead or self.unneeded)

    def __str__(self) -> str:
        """In one line."""
        return f"{self.sent} sent, {self.later} to be tried again, {self.dead} dead, {self.unneeded} no longer needed"


@dataclass(frozen=True)
class _Claimed:
    delivery: WebhookDelivery
    attempts: int
    url: str
    sealed: bytes
    may_leave: bool


def do_webhook_round(work: Work, ring: KeyRing, outlet: Outlet, stopped: Callable[[], bool] = lambda: False) -> Told:
    """Send what waits, and throw away what was sent long ago.

    A receiver that does not take one is left alone until the next round: one that is slow keeps no other waiting.
    """
    told = Told()
    away: set[str] = set()
    while not stopped():
        claimed = _claim(work, away)
        if claimed is None:
            break
        before = told.sent + told.unneeded
        _send(work, ring, outlet, claimed, told)
        if told.sent + told.unneeded == before:
            away.add(claimed.delivery.subscription_id)
    _forget_old(work)
    return told


def _claim(work: Work, away: set[str]) -> _Claimed | None:
    """The next that waits, leased to this worker, with the attempt counted before it is made."""
    with work.transaction() as session:
        now = clock.now()
        delivery = session.scalars(
            select(WebhookDelivery)
            .where(
                WebhookDelivery.state == DeliveryState.WAITING,
                WebhookDelivery.send_after <= now,
                WebhookDelivery.subscription_id.not_in(away),
            )
            .order_by(WebhookDelivery.send_after, WebhookDelivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.send_after = now + LEASE
        to = session.get_one(WebhookSubscription, delivery.subscription_id, populate_existing=True)
        shut = select(HouseholdCase.id).where(
            HouseholdCase.id == delivery.case_id, HouseholdCase.protected_why.is_not(None)
        )
        may_leave = to.ended_at is None and (delivery.case_id is None or session.scalar(shut) is None)
        return _Claimed(delivery, delivery.attempts, to.url, to.secret, may_leave)


def _send(work: Work, ring: KeyRing, outlet: Outlet, claimed: _Claimed, told: Told) -> None:
    if not claimed.may_leave:
        _settle(work, claimed, state=DeliveryState.UNNEEDED)
        told.unneeded += 1
        return
    try:
        event = as_event(claimed.delivery, outlet.sender)
        body = json.dumps(event, ensure_ascii=False).encode()
        secret = open_secret(ring, claimed.delivery.subscription_id, claimed.sealed)
        signed = headers(secret, event["id"], int(clock.now().timestamp()), body)
        post(claimed.url, body, {"content-type": MEDIA_TYPE, "user-agent": "wijkteam", **signed}, outlet.allowed)
    except ReceiverGone:
        _settle(work, claimed, state=DeliveryState.DEAD, last_error=f"{GONE}: gone, so this webhook was ended")
        end_for(work, claimed.delivery.subscription_id, None)
        told.dead += 1
    except (NotTaken, NotThere, CannotOpen, WrongKeyRing) as error:
        _put_off(work, claimed, error, told)
    except Exception as error:  # one that cannot be sent must not hold up the others, and is tried again
        log.exception("webhooks.not_sent", delivery=claimed.delivery.id)
        _put_off(work, claimed, error, told)
    else:
        _settle(work, claimed, state=DeliveryState.SENT, sent_at=clock.now(), last_error=None)
        told.sent += 1


def post(url: str, body: bytes, sent: dict[str, str], allowed: Allowed) -> None:
    """Hand over one event to just the machine that was looked at. Raises NotThere, NotTaken or ReceiverGone."""
    parts = read_address(url, allowed)
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    where = look_up(parts.hostname, port, allowed)
    timeout = urllib3.Timeout(connect=SECONDS, read=SECONDS)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        secure = ssl.create_default_context()
        pool = urllib3.HTTPSConnectionPool(
            where,
            port,
            timeout=timeout,
            ssl_context=secure,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )
    else:
        pool = urllib3.HTTPConnectionPool(where, port, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        answer = pool.urlopen(
            "POST",
            path,
            body=body,
            headers={**sent, "host": parts.netloc},
            retries=False,
            redirect=False,
            preload_content=False,
        )
        status = answer.status
        answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotTaken(f"cannot be reached: {type(error).__name__}") from error
    finally:
        pool.close()
    if status == GONE:
        raise ReceiverGone
    if not 200 <= status < 300:
        raise NotTaken(f"answered {status}")


def _put_off(work: Work, claimed: _Claimed, error: Exception, told: Told) -> None:
    said = str(error)[:200] or type(error).__name__
    log.warning("webhooks.not_taken", delivery=claimed.delivery.id, attempt=claimed.attempts, why=said)
    if claimed.attempts >= MOST_ATTEMPTS:
        _settle(work, claimed, state=DeliveryState.DEAD, last_error=said)
        told.dead += 1
    else:
        _settle(work, claimed, send_after=clock.now() + wait_after(claimed.attempts), last_error=said)
        told.later += 1


def _settle(work: Work, claimed: _Claimed, **values: Any) -> None:
    """Write down what came of it; of a failure only when no other worker has taken over since."""
    mine = [WebhookDelivery.id == claimed.delivery.id, WebhookDelivery.state == DeliveryState.WAITING]
    if values.get("state") is not DeliveryState.SENT:
        mine.append(WebhookDelivery.attempts == claimed.attempts)
    with work.transaction() as session:
        session.execute(update(WebhookDelivery).where(*mine).values(**values))


def _forget_old(work: Work) -> None:
    done = WebhookDelivery.state.in_((DeliveryState.SENT, DeliveryState.UNNEEDED))
    old = select(WebhookDelivery.id).where(done, WebhookDelivery.at < clock.now() - KEPT).limit(1)
    found = work.session.scalar(old)
    work.session.rollback()
    if found is None:
        return
    with work.transaction() as session:
        session.execute(delete(WebhookDelivery).where(done, WebhookDelivery.at < clock.now() - KEPT))
