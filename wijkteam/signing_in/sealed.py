"""Which columns of signing in hold sealed values: what re-encryption and retiring a key have to look at."""

from collections.abc import Callable
from typing import cast

from sqlalchemy import Table

from wijkteam.keys.ring import KeyRing
from wijkteam.keys.sealing import CannotOpen, Place
from wijkteam.signing_in.model import TotpSecret
from wijkteam.signing_in.sealing import SECRET, Box, Unsealable
from wijkteam.storage.sealed import SealedColumn

_TABLE = cast(Table, TotpSecret.__table__)


def app_secrets(key: str) -> tuple[SealedColumn, ...]:
    """The secrets of apps; `key` is the one that signs sessions, for those from before there was a key ring."""
    opened = opened_by_box(key)
    return tuple(SealedColumn(_TABLE, each, None, "person_id", SECRET, opened) for each in ("sealed", "pending"))


def opened_by_box(key: str) -> Callable[[KeyRing, Place, bytes], bytes]:
    """What opens a value that a box sealed, with the ring or from before there was one. Raises CannotOpen."""

    def opened(ring: KeyRing, place: Place, sealed: bytes) -> bytes:
        try:
            return Box(ring, key).unseal(sealed, place).encode()
        except Unsealable as error:
            raise CannotOpen(str(error)) from None

    return opened
