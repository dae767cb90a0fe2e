"""Where the secrets of webhooks stand, for re-encryption and for retiring a key of the ring."""

from typing import cast

from sqlalchemy import Table

from wijkteam.keys.ring import KeyRing
from wijkteam.keys.sealing import Place, open_sealed, seal
from wijkteam.storage.sealed import SealedColumn
from wijkteam.webhooks.model import WebhookSubscription

_TABLE = cast(Table, WebhookSubscription.__table__)
SEALED_COLUMNS = (SealedColumn(_TABLE, "secret"),)


def _place(subscription_id: str) -> Place:
    return Place("webhook_subscription", "secret", subscription_id)


def seal_secret(ring: KeyRing, subscription_id: str, secret: str) -> bytes:
    """A secret as it may stand in the database. Raises WrongKeyRing."""
    return seal(ring, _place(subscription_id), secret)


def open_secret(ring: KeyRing, subscription_id: str, sealed: bytes) -> str:
    """The secret of a webhook. Raises CannotOpen or WrongKeyRing."""
    return open_sealed(ring, _place(subscription_id), sealed)
