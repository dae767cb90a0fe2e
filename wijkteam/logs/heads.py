"""Heads of the logs, to keep elsewhere: with one of them nothing before it can be rewritten unseen, by nobody."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.events.chain import canonical
from wijkteam.logs.keys import PublicKey, WrongKey, public_key
from wijkteam.logs.leaves import LOGS
from wijkteam.logs.model import LogSeal
from wijkteam.logs.sealing import last_seal


class WrongHead(Exception):
    """A file with heads cannot be used as it stands."""


@dataclass(frozen=True)
class KeptHead:
    """The signed head of one seal, as it is kept elsewhere. `day` is ISO 8601, hashes and signature hexadecimal."""

    log: str
    number: int
    day: str
    last_id: int
    total: int
    head: str
    key_id: str
    signature: str

    @staticmethod
    def of(seal: LogSeal) -> "KeptHead":
        """The head of this seal."""
        return KeptHead(
            seal.log,
            seal.number,
            seal.day.isoformat(),
            seal.last_id,
            seal.total,
            seal.head,
            seal.key_id,
            seal.signature,
        )


@dataclass(frozen=True)
class KeptElsewhere:
    """What a file kept elsewhere says: heads, and the public keys that came with them."""

    heads: tuple[KeptHead, ...]
    keys: tuple[PublicKey, ...]


def newest_heads(session: Session) -> list[KeptHead]:
    """The head of the newest seal of each log; empty as long as nothing was sealed."""
    found = (last_seal(session, log) for log in LOGS)
    return [KeptHead.of(seal) for seal in found if seal is not None]


def all_heads(session: Session) -> list[KeptHead]:
    """The head of every seal, by log and number."""
    return [KeptHead.of(seal) for seal in session.scalars(select(LogSeal).order_by(LogSeal.log, LogSeal.number))]


def as_lines(heads: Iterable[KeptHead], keys: Iterable[PublicKey]) -> str:
    """One JSON object a line, each head with its public key where that is known: lines of later days can follow."""
    pems = {each.key_id: each.pem for each in keys}
    return "".join(canonical({**asdict(each), "public_key": pems.get(each.key_id)}) + "\n" for each in heads)


def read_lines(text: str) -> KeptElsewhere:
    """Heads from such lines. Raises WrongHead, with the number of the line."""
    heads, keys = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            told: dict[str, Any] = json.loads(line)
            pem = told.pop("public_key", None)
            head = KeptHead(**told)
            good = all(type(getattr(head, name)) is kind for name, kind in KeptHead.__annotations__.items())
            if not good or head.log not in LOGS:
                raise ValueError(line)
            heads.append(head)
            if pem is not None:
                key = public_key(pem)
                keys[key.key_id] = key
        except (ValueError, TypeError, AttributeError, WrongKey) as error:
            raise WrongHead(f"line {number} is no head of a log as 'wijkteam audit head' writes them") from error
    return KeptElsewhere(tuple(heads), tuple(keys.values()))
