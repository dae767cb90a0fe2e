"""What a backup says about itself: of what it is, from when, and what must be found in it."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
HEX = r"^[0-9a-f]{64}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sealing(_Strict):
    """How the key follows from the passphrase (scrypt); all files are AES-256-GCM."""

    salt: str = Field(pattern=r"^[0-9a-f]{32}$")
    n: int = Field(default=1 << 17, le=1 << 20)
    r: int = Field(default=8, le=16)
    p: int = Field(default=1, le=4)


class StoredFile(_Strict):
    """One file as it stands in the folder. A name never leaves the folder: it holds no '..' and is not absolute."""

    name: str = Field(pattern=r"^[a-z_]+(/[0-9a-z_]+)*(\.[a-z_]+)*$", max_length=200)
    size: int
    sha256: str = Field(pattern=HEX)


class TableCopy(_Strict):
    """One table: how many rows, and in which columns they were written."""

    name: str = Field(pattern=r"^[a-z_][a-z0-9_]*$")
    rows: int
    columns: tuple[str, ...] = ()


class Tip(_Strict):
    """The newest event: what came before it cannot have changed when its hash still fits."""

    id: int
    hash: str


class Manifest(_Strict):
    """The whole of it. Holds no personal data: versions, counts, digests, heads of the chains."""

    format: Literal[1] = 1
    made_at: str
    """ISO 8601, in UTC."""
    release: str
    kind: Literal["sqlite", "postgresql", "keys"]
    server: str
    """Version of the database, or of SQLite."""
    revision: str | None
    """The version of the schema."""
    tables: tuple[TableCopy, ...] = ()
    """In an order in which rows find what they refer to."""
    documents: int = 0
    damaged: tuple[int, ...] = ()
    """Documents of which the content did not fit their digest, already before the backup."""
    tip: Tip | None = None
    heads: tuple[dict[str, Any], ...] = ()
    """The newest signed head of each log, as `wijkteam audit head --json` writes them."""
    holds_keys: bool = False
    sealing: Sealing | None = None
    files: tuple[StoredFile, ...] = ()
    signature: str | None = None
    """HMAC over all the rest, where there is a passphrase."""

    def signed_text(self) -> str:
        """What the signature is over."""
        return json.dumps(self.model_dump(mode="json", exclude={"signature"}), sort_keys=True)
