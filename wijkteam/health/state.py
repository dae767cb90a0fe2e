"""How the system stands at this moment, in numbers, and whether it can serve."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.queries import open_by_kind
from wijkteam.deadlines.worker import count_due
from wijkteam.events.model import Event
from wijkteam.logs.leaves import LOGS
from wijkteam.logs.sealing import last_seal
from wijkteam.messages import queries as messages
from wijkteam.messages.model import Message, MessageState
from wijkteam.storage.schema import is_known, newest_version
from wijkteam.terms import clock
from wijkteam.webhooks.model import DeliveryState, WebhookDelivery
from wijkteam.zgw.model import Zaak, ZaakIntake, ZaakNotice, ZaakState

BEHIND_AFTER = 600.0
"""Seconds that due work may wait before the worker counts as behind."""
OK = "ok"
AWAY = {"database": "away", "schema": "unknown"}


@dataclass(frozen=True)
class State:
    """The system in numbers. Waits are in seconds, zero where nothing waits."""

    events: int
    """The number of the newest event: how many steps were ever taken."""
    open_deadlines: dict[str, int]
    """How many terms run, by kind of subject."""
    due: int
    due_waits: float
    """How long the oldest due work has waited."""
    mail: dict[str, int]
    """How many messages are in each state."""
    mail_waits: float
    not_gathered: int
    """Notices that are in no mail yet."""
    not_taken: int
    """What webhooks or the case system did not take, and is not tried again by itself."""
    sealed_until: dict[str, date | None]
    """The last day of each log that is sealed."""

    @property
    def worker_behind(self) -> bool:
        """Whether due work waits longer than any worker needs."""
        return self.due_waits > BEHIND_AFTER

    @property
    def mail_behind(self) -> bool:
        """Whether mail waits longer than any server is away."""
        return self.mail_waits > BEHIND_AFTER


def state_of(session: Session) -> State:
    """All of it, each number in one question that an index answers."""
    open_due = Deadline.ended_at.is_(None)
    waiting = (Message.state == MessageState.WAITING) & (Message.attempts > 0)
    return State(
        events=session.scalar(select(func.max(Event.id))) or 0,
        open_deadlines=open_by_kind(session),
        due=count_due(session),
        due_waits=_since(session.scalar(select(func.min(Deadline.due_at)).where(open_due))),
        mail={state.value: count for state, count in messages.counts(session).items()},
        mail_waits=_since(session.scalar(select(func.min(Message.created_at)).where(waiting))),
        not_gathered=messages.not_gathered(session),
        not_taken=_not_taken(session),
        sealed_until={log: seal.day if (seal := last_seal(session, log)) else None for log in LOGS},
    )


def _not_taken(session: Session) -> int:
    dead = (
        (WebhookDelivery, DeliveryState.DEAD),
        (Zaak, ZaakState.DEAD),
        (ZaakIntake, ZaakState.DEAD),
        (ZaakNotice, ZaakState.DEAD),
    )
    counts = (select(func.count()).select_from(model).where(model.state == state) for model, state in dead)
    return sum(session.scalar(each) or 0 for each in counts)


def _since(moment: datetime | None) -> float:
    return max(0.0, (clock.now() - moment).total_seconds()) if moment else 0.0


@cache
def _newest() -> str | None:
    return newest_version()


def readiness(database: Engine) -> dict[str, str]:
    """Whether pages can be served now: `ok` or what is wrong, for database and schema.

    A schema of a newer release is no reason to stop: it still has all that this one uses (docs/operations.md).
    """
    try:
        with database.connect() as connection:
            stands = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return dict(AWAY)
    good = stands is not None and (stands == _newest() or not is_known(stands))
    return {"database": OK, "schema": OK if good else "behind"}
