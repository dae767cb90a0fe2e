"""The columns that every subject shares: anything that a workflow runs."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import FromClause, String, inspect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 12
UNTRACKED = frozenset({"id", "version", "event_hash"})


def new_id() -> str:
    """A random subject id: it tells neither how many there are nor which came first."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


class SubjectColumns:
    """What the engine needs of a subject's row, guarded by its version.

    `version` counts the subject's events; a write on another version than was read finds no row and is stale.
    `event_hash` is the head of the subject's own chain of events.
    """

    kinds: ClassVar[dict[str, type[Any]]] = {}
    workflow: ClassVar[str]

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    workflow_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(40), index=True)
    previous_state: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int]
    event_hash: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime]
    state_since: Mapped[datetime]

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Remember which table keeps the subjects of which workflow."""
        super().__init_subclass__(**arguments)
        if "workflow" in cls.__dict__:
            SubjectColumns.kinds[cls.workflow] = cls

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> Mapping[str, Any]:
        table: FromClause = cls.__dict__["__table__"]
        return {"version_id_col": table.c.version, "version_id_generator": False}

    @classmethod
    def workflow_name(cls) -> str:
        """Which workflow this subject follows."""
        return cls.workflow

    @classmethod
    def tracked_columns(cls) -> tuple[str, ...]:
        """The columns whose values events record, and whose fold gives the row back."""
        found = cls.__dict__.get("_tracked_columns")
        if found is None:
            found = tuple(sorted(set(inspect(cls).column_attrs.keys()) - UNTRACKED))
            cls._tracked_columns = found
        return found

    _tracked_columns: ClassVar[tuple[str, ...]]

    def tracked(self) -> dict[str, Any]:
        """The values that events record."""
        loaded = vars(self)  # a lookup each instead of an instrumented read, of which every step does two dozen twice
        return {name: loaded[name] if name in loaded else getattr(self, name) for name in self.tracked_columns()}
