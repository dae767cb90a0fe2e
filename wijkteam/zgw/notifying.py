"""Being a source of notifications: that a case was opened or went on, on the municipality's own channel.

The case itself is the outbox, as with its zaak: what is kept is how far its versions were told. Steps that come close
together are one notification; that something changed is all that it says, and who may read it asks for the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from wijkteam.cases.model import HouseholdCase
from wijkteam.messages.sending import wait_after
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.mapping import ChannelMapping, NotificationsMapping, ZgwMapping
from wijkteam.zgw.model import ZaakNotice, ZaakState
from wijkteam.zgw.talking import CaseSystem, NotNow, Refused

log = structlog.get_logger()
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 24
AT_ONCE = 100
RESOURCE = "casus"


@dataclass
class Notified:
    """What one round did."""

    sent: int = 0
    later: int = 0
    dead: int = 0

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.sent or self.later or self.dead)

    def __str__(self) -> str:
        """In one line."""
        return f"{self.sent} notified, {self.later} to be tried again, {self.dead} dead"


@dataclass(frozen=True)
class _Claimed:
    case_id: str
    attempts: int
    version: int
    is_new: bool


def notify_round(
    work: Work, mapping: ZgwMapping, system: CaseSystem, stopped: Callable[[], bool] = lambda: False
) -> Notified:
    """Tell the notification system of every case that went on; one that cannot now is left until the next round."""
    done = Notified()
    told = mapping.notifications
    if told is None or told.channel is None:
        return done
    _begin(work, told.channel)
    while not stopped() and not done.later:
        claimed = _claim(work)
        if claimed is None:
            break
        _notify(work, mapping, told, told.channel, system, claimed, done)
    return done


def notification_of(mapping: ZgwMapping, channel: ChannelMapping, case_id: str, is_new: bool) -> dict[str, Any]:
    """What is told of a case: that it is there or went on, by its address in the API; nothing of what it holds."""
    address = f"{channel.source}{case_id}"
    return {
        "kanaal": channel.name,
        "hoofdObject": address,
        "resource": RESOURCE,
        "resourceUrl": address,
        "actie": "create" if is_new else "update",
        "aanmaakdatum": clock.local(clock.now()).isoformat(timespec="milliseconds"),
        "kenmerken": {"bronorganisatie": mapping.organisation},
    }


def _may_leave(channel: ChannelMapping) -> ColumnElement[bool]:
    allowed: ColumnElement[bool] = HouseholdCase.protected_why.is_(None)
    if channel.opened_from is not None:
        allowed &= HouseholdCase.opened_at >= datetime.combine(channel.opened_from, time(0), clock.NETHERLANDS)
    return allowed


def _begin(work: Work, channel: ChannelMapping) -> None:
    """Make a row for each case of which nothing was told before."""
    untold = _may_leave(channel) & ~exists().where(ZaakNotice.case_id == HouseholdCase.id)
    found = work.session.scalars(select(HouseholdCase.id).where(untold).limit(AT_ONCE)).all()
    work.session.rollback()
    if not found:
        return
    new = {"version": 0, "state": ZaakState.WAITING, "send_after": clock.now(), "attempts": 0}
    with work.transaction() as session:
        add = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        rows = [{"case_id": each, **new} for each in found]
        session.execute(add(ZaakNotice).on_conflict_do_nothing(), rows)


def _claim(work: Work) -> _Claimed | None:
    """The next case that went on, leased to this worker, with the attempt counted before it is made."""
    now = clock.now()
    with work.transaction() as session:
        found = session.execute(
            select(ZaakNotice, HouseholdCase.version)
            .join(HouseholdCase, HouseholdCase.id == ZaakNotice.case_id)
            .where(
                ZaakNotice.state != ZaakState.DEAD,
                ZaakNotice.send_after <= now,
                HouseholdCase.protected_why.is_(None),
                HouseholdCase.version > ZaakNotice.version,
            )
            .order_by(ZaakNotice.send_after, ZaakNotice.case_id)
            .limit(1)
            .with_for_update(of=ZaakNotice, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if found is None:
            return None
        notice, version = found
        notice.state, notice.attempts, notice.send_after = ZaakState.WAITING, notice.attempts + 1, now + LEASE
        return _Claimed(notice.case_id, notice.attempts, version, notice.version == 0)


def _notify(
    work: Work,
    mapping: ZgwMapping,
    told: NotificationsMapping,
    channel: ChannelMapping,
    system: CaseSystem,
    claimed: _Claimed,
    done: Notified,
) -> None:
    try:
        system.notify(told.api, notification_of(mapping, channel, claimed.case_id, claimed.is_new))
    except Refused as error:
        _settle(work, claimed, state=ZaakState.DEAD, last_error=str(error)[:200])
        done.dead += 1
    except NotNow as error:
        dead = claimed.attempts >= MOST_ATTEMPTS
        after = {"state": ZaakState.DEAD} if dead else {"send_after": clock.now() + wait_after(claimed.attempts)}
        _settle(work, claimed, last_error=str(error)[:200], **after)
        done.dead, done.later = done.dead + dead, done.later + (not dead)
    else:
        sent = {"version": claimed.version, "attempts": 0, "last_error": None, "sent_at": clock.now()}
        _settle(work, claimed, state=ZaakState.DONE, send_after=clock.now(), **sent)
        done.sent += 1


def _settle(work: Work, claimed: _Claimed, **values: Any) -> None:
    """Write down what came of it, unless another worker has taken over since."""
    mine = (ZaakNotice.case_id == claimed.case_id) & (ZaakNotice.attempts == claimed.attempts)
    with work.transaction() as session:
        session.execute(update(ZaakNotice).where(mine).values(**values))
