"""What can be asked of webhooks; for administrators only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.webhooks.model import DeliveryState, WebhookDelivery, WebhookSubscription


@dataclass(frozen=True)
class Dead:
    """What one receiver did not take."""

    delivery: WebhookDelivery
    receiver: str


def subscriptions(session: Session) -> Sequence[WebhookSubscription]:
    """Every webhook, also those that were ended, the newest first."""
    newest = WebhookSubscription.made_at.desc(), WebhookSubscription.id
    return session.scalars(select(WebhookSubscription).order_by(*newest)).all()


def delivery_counts(session: Session) -> dict[str, dict[str, int]]:
    """How many deliveries of each webhook are in each state."""
    of = WebhookDelivery.subscription_id, WebhookDelivery.state
    found: dict[str, dict[str, int]] = {}
    for subscription_id, state, count in session.execute(select(*of, func.count()).group_by(*of)):
        found.setdefault(subscription_id, {})[state] = count
    return found


def dead_deliveries(session: Session, limit: int = 50) -> list[Dead]:
    """What was not taken, the newest first."""
    rows = session.execute(
        select(WebhookDelivery, WebhookSubscription.name)
        .join(WebhookSubscription, WebhookSubscription.id == WebhookDelivery.subscription_id)
        .where(WebhookDelivery.state == DeliveryState.DEAD)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )
    return [Dead(delivery, name) for delivery, name in rows]
