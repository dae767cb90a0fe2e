"""The table of definitions as they are in use."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class StoredDefinition(Table):
    """One version of one workflow, kept so that its subjects can go on when its file is gone."""

    __tablename__ = "workflow_definition"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it says; two texts that say the same have the same."""
    content: Mapped[str] = mapped_column(Text)
    """All that it says, as canonical JSON."""
    stored_at: Mapped[datetime]
