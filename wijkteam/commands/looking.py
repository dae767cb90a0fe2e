"""Looking at definitions, and at a database if there is one, without making or changing anything."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Workflow
from wijkteam.engine.nearest import one_of
from wijkteam.storage.database import WrongDatabase, connect
from wijkteam.storage.schema import versions
from wijkteam.storage.settings import read_settings

Key = tuple[str, int]


@contextmanager
def looked_into() -> Iterator[Session | None]:
    """A session on the database of the settings; None where there is no database yet.

    Raises WrongDatabase when it cannot be reached or is not up to date.
    """
    url = read_settings().database_url
    if _is_missing(url):
        yield None
        return
    database = connect(url)
    try:
        stands, newest = versions(database)
        if stands is None:
            yield None
        elif stands != newest:
            raise WrongDatabase("the database is not up to date; first run: wijkteam db upgrade")
        else:
            with Session(database) as session:
                yield session
    finally:
        database.dispose()


def _is_missing(url: str) -> bool:
    """Whether it is a SQLite file that is not there, which connecting would make."""
    try:
        address = make_url(url)
    except ArgumentError:
        return False
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file()


def by_key(workflows: Iterable[Workflow]) -> dict[Key, Workflow]:
    """Workflows by name and version; of two with the same the last."""
    return {(each.workflow, each.version): each for each in workflows}


def chosen(name: str, version: int | None, known: dict[Key, Workflow]) -> Workflow:
    """A workflow by name, the newest version unless told. Raises click.UsageError with what there is."""
    found = {key[1]: each for key, each in known.items() if key[0] == name}
    if not found:
        raise click.UsageError(f"there is no workflow '{name}'; {one_of(name, {each for each, _ in known})}")
    if version is not None and version not in found:
        there = ", ".join(map(str, sorted(found)))
        raise click.UsageError(f"there is no workflow '{name}' in version {version}; there are: {there}")
    return found[max(found) if version is None else version]
