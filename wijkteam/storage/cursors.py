"""The driver's cursor, which describes the columns of an answer only to whoever looks.

SQLAlchemy asks at each statement whether an answer has columns, and looks at them only the first time that it meets the
statement. The driver makes an object for each of them every time: three hundred for a page of a case.
"""

from collections.abc import Sequence
from typing import Any, overload

from psycopg import Column, Cursor


class Columns(Sequence[Column]):
    """The columns of an answer, made when the first of them is looked at."""

    def __init__(self, cursor: Cursor[Any], count: int) -> None:
        self._cursor, self._count = cursor, count
        self._made: list[Column] | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, which: int) -> Column: ...
    @overload
    def __getitem__(self, which: slice) -> list[Column]: ...
    def __getitem__(self, which: int | slice) -> Column | list[Column]:
        if self._made is None:
            self._made = [Column(self._cursor, number) for number in range(self._count)]
        return self._made[which]


class QuietCursor(Cursor[Any]):
    """A cursor as any other of the driver."""

    @property
    def description(self) -> Any:
        """The columns of the answer; to be looked at before this cursor is asked something else."""
        answer = self.pgresult
        return Columns(self, answer.nfields) if answer is not None and answer.nfields else super().description
