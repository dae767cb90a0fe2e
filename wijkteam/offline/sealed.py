"""Where keys of devices stand sealed: what re-encryption and retiring a key of the ring have to look at."""

from typing import cast

from sqlalchemy import Table

from wijkteam.keys.sealing import Place
from wijkteam.offline.model import OfflineKey
from wijkteam.signing_in.sealed import opened_by_box
from wijkteam.storage.sealed import SealedColumn

_TABLE = cast(Table, OfflineKey.__table__)
_COLUMN = "sealed"


def place_of(key_id: str) -> Place:
    """Where the key of one person on one device is kept."""
    return Place(_TABLE.name, _COLUMN, key_id)


def device_keys(key: str) -> tuple[SealedColumn, ...]:
    """The keys of devices; `key` is the one that signs sessions, for those from before there was a key ring."""
    return (SealedColumn(_TABLE, _COLUMN, opened=opened_by_box(key)),)
