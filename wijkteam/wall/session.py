"""The reading session: it judges every statement, and adds to each table what its reader may read of it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Engine,
    FrozenResult,
    Result,
    Select,
    TextClause,
    bindparam,
    event,
    inspect,
    select,
)
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause

from wijkteam.storage.asking import kinds_of, number_of, numbered
from wijkteam.storage.columns import Table
from wijkteam.storage.database import STATEMENTS
from wijkteam.storage.lookups import BESIDES, FILTERED
from wijkteam.wall.criteria import PREFIX, Criterion
from wijkteam.wall.nothing import OF_CASE, Hanging, Hung, of_which_there_is_none, rows_under
from wijkteam.wall.other_grounds import BESIDES as BY_OTHER_GROUND
from wijkteam.wall.other_grounds import NAMED as BY_NAME
from wijkteam.wall.postgres import as_settings, begin_reading
from wijkteam.wall.reader import Reader
from wijkteam.wall.tables import CLOSED_COLUMNS, OPEN, RULES, rule_of

HARMLESS = frozenset({"*", "1"})
"""Literal columns that SQLAlchemy itself writes, as in count(*)."""


class NotThroughTheWall(Exception):
    """A statement cannot be judged, is about a table that no page may ask for itself, or would change something."""


class ReadingSession(Session):
    """A session in which only that is there what its reader may read.

    Whatever it is asked (entities, columns, counts, joins, subqueries, one row by its key), each case-bound table in
    the statement gets its criterion. What it cannot judge is refused: raw SQL, tables that are not mapped or not
    classified, and every change. On PostgreSQL the database holds to the same in its own words (row level security).

    The same question gets the same answer until it is begun anew: parts of a page need not know what others asked.
    """

    def __init__(self, database: Engine, reader: Reader) -> None:
        super().__init__(database, expire_on_commit=False, autoflush=False)
        self.info |= {FILTERED: True, BESIDES: self._besides}
        self.asked: dict[Any, FrozenResult[Any]] = {}
        self.nothing_of: set[Hanging] = set()
        self._again: Callable[[], Reader] | None = None
        self._read_as(reader)

    def _read_as(self, reader: Reader) -> None:
        self.reader = reader
        self.values = {PREFIX + name: given for name, given in reader.values.items()}

    def _besides(self) -> list[str]:
        self.renew()
        return [*self.reader.values[BY_OTHER_GROUND], *self.reader.values[BY_NAME]]

    def begin_anew(self, again: Callable[[], Reader] | None = None) -> None:
        """Let go of all that was read, so that what is asked next is what the database says now.

        `again` looks up anew what its reader may read, for what was changed may have given or taken a ground.
        """
        self.expunge_all()
        self.asked.clear()
        self.nothing_of.clear()
        if self.in_transaction():
            self.commit()
        self._again = again

    def look_what_hangs_under(self, case_id: str, household_id: int, seeing: Session) -> None:
        """Ask at once of which kinds of things there are none in a case and its household, to ask no more of those.

        `seeing` is a session that sees everything: what is not there for anybody is not there for this reader either.
        """
        self.nothing_of |= of_which_there_is_none(seeing, case_id, household_id)

    def knows_of_none(self, case_id: str, *models: type[Table]) -> bool:
        """Whether it was looked that nothing of these kinds hangs under a case."""
        return all((model, OF_CASE, case_id) in self.nothing_of for model in models)

    def renew(self) -> None:
        """Look up what its reader may read, where it was begun anew since."""
        if self._again is not None:
            again, self._again = self._again, None
            self._read_as(again())

    def decides_on_objections(self) -> bool:
        """Whether its reader decides on some objections today, as was looked up with what they may read."""
        self.renew()
        return bool(self.reader.values["judges"])

    def connection(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refused: a connection sees everything."""
        raise NotThroughTheWall("a reading session hands out no connection")

    def flush(self, objects: Any = None) -> None:
        """Refused where there is anything to write."""
        if self.new or self.dirty or self.deleted:
            raise NotThroughTheWall("a reading session changes nothing")

    def bulk_save_objects(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refused."""
        raise NotThroughTheWall("a reading session changes nothing")

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """One row by its key, asked as any other question; an open one that was read before is not read again."""
        mapper = inspect(entity)
        key = ident if isinstance(ident, tuple) else (ident,)
        if mapper.class_ in OPEN and not options.get("populate_existing"):
            known = self.identity_map.get(mapper.identity_key_from_primary_key(key))
            if known is not None:
                return known
        return self.scalars(_by_key(mapper.class_), {f"key_{n}": part for n, part in enumerate(key)}).one_or_none()

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects


@event.listens_for(ReadingSession, "do_orm_execute")
def _judge(state: ORMExecuteState) -> Result[Any] | None:
    session = state.session
    assert isinstance(session, ReadingSession)
    session.renew()
    given = state.parameters or {}
    if not isinstance(given, dict):
        raise NotThroughTheWall("one question at a time")
    statement, number = state.statement, number_of(state.statement)
    written = _written(number, statement) if number is not None else None
    if session.nothing_of:
        about = written.about if written is not None else rows_under(statement)
        if about is not None and about.is_nothing(given, session.nothing_of):
            return about.none()
    question = _question(statement, given) if written is None else (number, repr(sorted(given.items())))
    walled = written.walled if written is not None else _walled(statement, question)
    before = session.asked.get(question) if question is not None else None
    if before is not None:
        return before()
    if walled is not statement:
        state.statement, state.parameters = walled, {**given, **session.values}
    if question is None or state.execution_options.get("yield_per"):
        return None
    answer = session.asked[question] = state.invoke_statement().freeze()
    return answer()


@event.listens_for(ReadingSession, "after_begin")
def _begin(session: Session, _transaction: Any, connection: Any) -> None:
    if connection.dialect.name == "postgresql":
        assert isinstance(session, ReadingSession)
        settings = as_settings(session.reader)
        connection.execute(begin_reading(tuple(settings)), settings)


def _question(statement: Any, given: dict[str, Any]) -> Any:
    """By what a question is known again: what it asks, and with which values; None where it cannot be."""
    found = statement._generate_cache_key()
    if found is None:
        return None
    try:
        values = tuple(each.effective_value for each in found.bindparams)
        question = (found.key, kinds_of(statement), repr(values), repr(sorted(given.items())))
        hash(question)
    except TypeError:
        return None
    return question


class _Written(NamedTuple):
    """What is known of a statement that was written once."""

    walled: Any
    """The statement with what its tables ask of their reader."""
    about: Hung | None


_WRITTEN: dict[int, _Written] = {}


def _written(number: int, statement: Any) -> _Written:
    if number not in _WRITTEN:
        if len(_WRITTEN) >= STATEMENTS:
            _WRITTEN.clear()
        _WRITTEN[number] = _Written(_walled(statement, None), rows_under(statement))
    return _WRITTEN[number]


def _walled(statement: Any, question: Any) -> Any:
    """A statement with what each of its tables asks of its reader. Raises NotThroughTheWall."""
    kinds = kinds_of(statement)
    options = [_option(model, kinds) for model in _judged(statement, question) if model in RULES]
    return statement.options(*options) if options else statement


class _Criterion(LoaderCriteriaOption):
    """What rows of one table ask of their reader, written anew for each alias under which they are asked.

    It follows from the table and the kinds alone, and so a compiled statement is known again by those: the values of
    the reader are parameters by name.
    """

    __slots__ = ("kinds",)
    kinds: tuple[str, ...] | None
    inherit_cache = False
    _cache_key_traversal = [
        ("entity", visitors.ExtendedInternalTraversal.dp_has_cache_key),
        ("kinds", visitors.ExtendedInternalTraversal.dp_plain_obj),
    ]

    @classmethod
    def of(cls, model: type[Table], rows: Any, kinds: tuple[str, ...] | None) -> "_Criterion":
        """What these rows of a table ask."""
        written = cls(model, rule_of(model, kinds)(rows), include_aliases=True)
        written.kinds = kinds
        return written

    def _resolve_where_criteria(self, ext_info: Any) -> Criterion:
        if self.entity is None or ext_info.entity is self.entity.class_:
            return super()._resolve_where_criteria(ext_info)
        written = _Criterion.of(self.entity.class_, ext_info.entity, self.kinds)
        return super(_Criterion, written)._resolve_where_criteria(ext_info)


@cache
def _option(model: type[Table], kinds: tuple[str, ...] | None) -> _Criterion:
    return _Criterion.of(model, model, kinds)


@cache
def _by_key(model: type[Any]) -> Select[Any]:
    """The question for one row of a table by its key, built once."""
    mapper = inspect(model)
    columns = (mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key)
    same = (column == bindparam(f"key_{number}", type_=column.type) for number, column in enumerate(columns))
    return numbered(select(model).where(*same).execution_options(populate_existing=True))


_JUDGED: dict[Any, frozenset[type[Table]]] = {}
"""The tables that statements ask, by what those statements are made of: each is judged once."""


def _judged(statement: Any, question: Any) -> frozenset[type[Table]]:
    if question is None:
        return frozenset(_asked(statement))
    if question[0] not in _JUDGED:
        if len(_JUDGED) >= STATEMENTS:
            _JUDGED.clear()
        _JUDGED[question[0]] = frozenset(_asked(statement))
    return _JUDGED[question[0]]


def _asked(statement: Any) -> set[type[Table]]:
    """The tables that a statement asks. Raises NotThroughTheWall for what cannot be judged."""
    if not isinstance(statement, Select | CompoundSelect):
        raise NotThroughTheWall(f"a reading session only selects, and cannot judge a {type(statement).__name__}")
    if statement._with_options:
        raise NotThroughTheWall("a reading session takes no options that load more than was asked")
    found: set[type[Table]] = set()
    for each in _parts(statement):
        model = _entity(each)
        if model is not None:
            found.add(model)
            if (model, getattr(each, "name", "")) in CLOSED_COLUMNS:
                raise NotThroughTheWall(f"closed: {model.__name__}.{each.name}")  # type: ignore[attr-defined]
        elif isinstance(each, TextClause | CoreTable) or (isinstance(each, ColumnClause) and _is_raw(each)):
            raise NotThroughTheWall(f"a reading session cannot judge a {type(each).__name__}: '{each}'")
    unknown = found - OPEN - RULES.keys()
    if unknown:
        raise NotThroughTheWall(f"closed: {', '.join(sorted(each.__name__ for each in unknown))}")
    return found


def _is_raw(column: ColumnClause[Any]) -> bool:
    return column.is_literal and column.name not in HARMLESS


def _parts(statement: ClauseElement) -> Iterator[ClauseElement]:
    """Every part of a statement once; below an entity there is nothing more to see."""
    waiting: list[Any] = [statement]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if _entity(part) is not None and not isinstance(part, BindParameter):
            continue
        if isinstance(part, ColumnClause):
            if part.table is not None:
                waiting.append(part.table)
            continue
        waiting.extend(visitors.HasTraverseInternals.get_children(part))


def _entity(part: Any) -> type[Table] | None:
    """The mapped class that a part is of, where the mapping wrote that down; None for Core's own parts."""
    found = getattr(part, "_annotations", {}).get("parententity")
    return None if found is None else found.mapper.class_
