"""The second wall: what the reading session tells PostgreSQL, and by which role it reads there.

The policies stand in the migrations, in words of their own. Services, the worker and the commands connect as the
owner of the tables, and are not under them: rules, ceilings, terms and figures need every row. The policies keep what
a page forgot to ask; they are no defence against who can run SQL of their own as the owner, or who sets the reader.
"""

from datetime import date, datetime
from typing import Any

from wijkteam.wall.reader import Reader

ROLE = "wijkteam_reader"


def begin_reading(names: list[str]) -> str:
    """What begins a transaction of a reader: nothing can be changed, and each value holds until its end."""
    told = ", ".join(f"set_config('wijkteam.{name}', :{name}, true)" for name in names)
    return f"SELECT set_config('role', '{ROLE}', true), set_config('transaction_read_only', 'on', true), {told}"


def as_settings(reader: Reader) -> dict[str, str]:
    """The values of a reader as settings of PostgreSQL are written."""
    return {name: _written(given) for name, given in reader.values.items() if name != "kept"}


def _written(given: Any) -> str:
    if isinstance(given, list):
        return "{" + ",".join(str(each) for each in given) + "}"
    if isinstance(given, bool):
        return "true" if given else "false"
    return given.isoformat() if isinstance(given, date | datetime) else str(given)
