"""The unit of work: one person doing one thing, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wijkteam.engine.running import Engine, Option, Stale, Step
from wijkteam.engine.vocabulary import Actor, Reason
from wijkteam.storage.database import WRITES
from wijkteam.storage.races import is_lost_race
from wijkteam.storage.subject import SubjectColumns

Subject = TypeVar("Subject", bound=SubjectColumns)


@dataclass(frozen=True)
class Clockwork:
    """The passing of time, as an actor."""

    person_id: None = None
    is_clock: bool = True


CLOCKWORK = Clockwork()


@cache
def _by_id(model: type[Any]) -> Select[Any]:
    """The query for one subject as it stands in the database, built once a table."""
    return select(model).where(model.id == bindparam("id")).execution_options(populate_existing=True)


class NotThere(LookupError):
    """There is no such subject, for this person."""


class NotSure(OperationalError):
    """The database went away when it was asked to keep everything: it did, or it did not, and cannot be asked now."""


def close_read(session: Session) -> None:
    """Close a session with which nothing but reading remained to be done.

    It ends with a commit: at a rollback the driver of PostgreSQL throws away every statement that it has prepared on
    the connection, and the next request would have all of them planned again.
    """
    try:
        if session.in_transaction() and not (session.new or session.dirty or session.deleted):
            session.commit()
    except DBAPIError:
        with suppress(InvalidRequestError):  # the connection broke at the end: nothing is left to roll back
            session.rollback()
    finally:
        session.close()


def stale() -> Stale:
    """The answer to a write on a version that is no longer the last."""
    return Stale(Reason("Iemand anders heeft dit intussen veranderd.", "Someone else has changed this meanwhile."))


@dataclass(frozen=True)
class Origin:
    """From where a person acts: a sign-in session with its network address, or a system account at the command line."""

    session_id: int | None = None
    address: str | None = None
    account: str | None = None
    token: str | None = None
    """The token of a program that acts for this person, as the log of readings names it."""


@dataclass
class Work:
    """A session, the engine and the acting person: what every service function works with."""

    session: Session
    engine: Engine
    actor: Any = CLOCKWORK
    remembered: dict[Any, Any] = field(default_factory=dict)
    """What was looked up during this transaction and cannot change within it."""
    origin: Origin = field(default_factory=Origin)
    grounds: Any = None
    """What decides who reads what, for the log of readings; None where no house stands around this work."""
    _depth: int = 0

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing: commit at the end of the outermost one, roll back on any exception.

        A subject that someone else changed in the meantime raises Stale, and so does a database that lets somebody
        else go first (a deadlock, a lock that was waited for too long). A database that goes away before it answers
        whether it is done raises NotSure.
        """
        self._depth += 1
        try:
            if self._depth == 1:
                self._begin_writing()
            yield self.session
            if self._depth == 1:
                self._commit()
        except StaleDataError as error:
            raise stale() from error
        except DBAPIError as error:
            if is_lost_race(error):
                raise stale() from error
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._roll_back()
                self.remembered.clear()

    def _commit(self) -> None:
        """Make it so. Raises NotSure when the database is gone before it could answer."""
        self.session.flush()
        try:
            self.session.commit()
        except DBAPIError as error:
            if error.connection_invalidated and error.orig is not None:
                raise NotSure(None, None, error.orig, hide_parameters=True, connection_invalidated=True) from error
            raise

    def _roll_back(self) -> None:
        try:
            self.session.rollback()
        except InvalidRequestError:  # the connection broke at the end of a transaction: nothing is left to roll back
            self.session.close()

    def _begin_writing(self) -> None:
        """What was read before is read anew, in a transaction that may write.

        PostgreSQL goes on in the transaction that only read until now: each statement sees what is committed then.
        """
        goes_on = self.session.in_transaction() and self.session.get_bind().dialect.name == "postgresql"
        if not goes_on:
            self.session.commit()
        self.session.expire_all()
        if not goes_on:
            self.session.connection(execution_options={WRITES: True})

    def let_go(self) -> None:
        """Close the session, when nothing went wrong; see `close_read`."""
        close_read(self.session)

    def fire(
        self,
        subject: Any,
        name: str,
        fields: dict[str, Any] | None = None,
        expected_version: int | None = None,
    ) -> Step:
        """Take one transition as this work's person; see `Engine.fire`."""
        return self.engine.fire(subject, name, self.actor, fields, self, expected_version)

    def open(self, subject: Any, fields: dict[str, Any]) -> Step:
        """Begin a subject's life as this work's person; see `Engine.open`."""
        return self.engine.open(subject, self.actor, fields, self)

    def act_on(
        self,
        model: type[Subject],
        subject_id: str,
        transition: str,
        fields: dict[str, Any],
        expected_version: int | None = None,
        is_there: Callable[[Subject], bool] = lambda _subject: True,
    ) -> Subject:
        """Take one transition of a subject by its id, in one transaction.

        Raises NotThere when there is no such subject, or when it `is_there` not for this person; else what
        `Engine.fire` raises.
        """
        with self.transaction() as session:
            query = _by_id(cast(Any, model))
            subject: Subject | None = session.scalars(query, {"id": subject_id}).one_or_none()
            if subject is None or not is_there(subject):
                raise NotThere(subject_id)
            self.fire(subject, transition, fields, expected_version)
            return subject

    def lock(self, subject: Any) -> None:
        """Read a stored subject anew and keep others from changing it until this transaction ends."""
        self.session.flush()
        if subject in self.session:
            self.session.refresh(subject, with_for_update=True)

    def options(self, subject: Any) -> list[Option]:
        """What this work's person can do with the subject now, and why not the rest."""
        return self.engine.options(subject, self.actor, self)

    def acting_as(self, actor: Actor) -> "Work":
        """The same session and transaction, with another person acting."""
        return Work(self.session, self.engine, actor, self.remembered, self.origin, self.grounds, self._depth)
