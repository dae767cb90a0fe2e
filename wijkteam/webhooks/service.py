"""What can be done with webhooks: making and ending one, and letting what was not taken go once more."""

from dataclasses import dataclass

from sqlalchemy import update

from wijkteam.keys.ring import KeyRing
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.webhooks.addresses import Allowed, NotThere, read_address
from wijkteam.webhooks.model import DeliveryState, WebhookDelivery, WebhookSubscription
from wijkteam.webhooks.sealed import seal_secret
from wijkteam.webhooks.signing import new_secret
from wijkteam.webhooks.telling import KINDS

LONGEST_NAME = 60


class WrongWebhook(ValueError):
    """A webhook cannot be made so; says why, in both languages, and about which field."""

    def __init__(self, field: str, nl: str, en: str) -> None:
        super().__init__(en)
        self.field, self.nl, self.en = field, nl, en


@dataclass(frozen=True)
class NewWebhook:
    """Who is to be told, where, and of which kinds of subjects."""

    name: str
    url: str
    kinds: tuple[str, ...]


def add_webhook(work: Work, ring: KeyRing, allowed: Allowed, new: NewWebhook) -> str:
    """Tell a receiver from now on; returns the secret that events are signed with, which is shown nowhere again.

    Raises WrongWebhook, or WrongKeyRing where the secret cannot be kept safely.
    """
    name, kinds = new.name.strip(), [each for each in KINDS if each in new.kinds]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise WrongWebhook("name", "Geef een naam van hooguit 60 tekens.", "Give a name of at most 60 characters.")
    if not kinds:
        raise WrongWebhook("kinds", "Kies waarover u bericht stuurt.", "Choose what is told of.")
    try:
        read_address(new.url.strip(), allowed)
    except NotThere as wrong:
        raise WrongWebhook("url", wrong.nl, wrong.en) from None
    secret, number = new_secret(), new_id()
    with work.transaction() as session:
        session.add(
            WebhookSubscription(
                id=number,
                name=name,
                url=new.url.strip(),
                kinds=f" {'  '.join(kinds)} ",
                secret=seal_secret(ring, number, secret),
                made_by=work.actor.person_id,
                made_at=clock.now(),
            )
        )
    return secret


def end_webhook(work: Work, subscription_id: str) -> bool:
    """Tell this receiver nothing any more, also not what waits; False when it is unknown or ended already."""
    return end_for(work, subscription_id, work.actor.person_id)


def end_for(work: Work, subscription_id: str, person_id: int | None) -> bool:
    """End a webhook by a person's choice, or because its receiver is gone."""
    with work.transaction() as session:
        mine = (WebhookSubscription.id == subscription_id) & WebhookSubscription.ended_at.is_(None)
        ended = update(WebhookSubscription).where(mine).values(ended_at=clock.now(), ended_by=person_id)
        if not session.execute(ended.returning(WebhookSubscription.id)).all():
            return False
        waits = (WebhookDelivery.subscription_id == subscription_id) & (WebhookDelivery.state == DeliveryState.WAITING)
        session.execute(update(WebhookDelivery).where(waits).values(state=DeliveryState.UNNEEDED))
        return True


def try_deliveries_again(work: Work, subscription_id: str) -> int:
    """Let everything that this receiver did not take go once more, with all attempts before it; returns how many."""
    with work.transaction() as session:
        dead = (WebhookDelivery.subscription_id == subscription_id) & (WebhookDelivery.state == DeliveryState.DEAD)
        again = update(WebhookDelivery).where(dead)
        again = again.values(state=DeliveryState.WAITING, attempts=0, send_after=clock.now())
        return len(session.execute(again.returning(WebhookDelivery.id)).all())
