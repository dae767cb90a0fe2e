"""The outbox of webhooks: each step writes, in its own transaction, what receivers are to be told of it."""

from typing import Any

from sqlalchemy import Integer, String, bindparam, exists, insert, literal, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.events.payload_keys import WITHIN, record_of
from wijkteam.storage.columns import Moment
from wijkteam.webhooks.model import DeliveryState, WebhookDelivery, WebhookSubscription
from wijkteam.webhooks.telling import KINDS, NEVER

_COLUMNS = (
    "subscription_id",
    "subject_kind",
    "subject_id",
    "case_id",
    "sequence",
    "name",
    "at",
    "state",
    "send_after",
    "attempts",
)


def _outbox(kind: str) -> Any:
    """One statement for a kind: a row for each receiver of it, unless what it is about is extra protected."""
    protected = exists().where(
        HouseholdCase.id == bindparam("case", type_=String), HouseholdCase.protected_why.is_not(None)
    )
    rows = select(
        WebhookSubscription.id,
        literal(kind, String),
        bindparam("subject", type_=String),
        bindparam("case", type_=String),
        bindparam("number", type_=Integer),
        bindparam("step", type_=String),
        bindparam("moment", type_=Moment),
        literal(DeliveryState.WAITING.value, String),
        bindparam("moment", type_=Moment),
        literal(0, Integer),
    ).where(
        WebhookSubscription.ended_at.is_(None),
        WebhookSubscription.kinds.contains(f" {kind} ", autoescape=True),
        ~protected,
    )
    return insert(WebhookDelivery).from_select(_COLUMNS, rows, include_defaults=False)


_STATEMENTS = {kind: _outbox(kind) for kind in KINDS}


class WebhookJournal:
    """Puts each step of a kind that can be told of into the outbox, for whoever subscribed; without any, nothing."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Add the deliveries in the caller's transaction."""
        subject = step.subject
        kind = subject.workflow_name()
        if kind not in _STATEMENTS or step.name in NEVER:
            return
        session: Session = step.situation.work.session
        record = record_of(subject)
        given = {
            "subject": subject.id,
            "case": record.number if record.kind == WITHIN else None,
            "number": subject.version,
            "step": step.name,
            "moment": step.at,
        }
        session.connection().execute(_STATEMENTS[kind], given)
