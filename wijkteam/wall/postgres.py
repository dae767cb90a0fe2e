"""The second wall: what the reading session tells PostgreSQL, and by which role it reads there.

The policies stand in the migrations, in words of their own. Services, the worker and the commands connect as the
owner of the tables, and are not under them: rules, ceilings, terms and figures need every row. The policies keep what
a page forgot to ask; they are no defence against who can run SQL of their own as the owner, or who sets the reader.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text

from wijkteam.wall.other_grounds import LOOKED_UP
from wijkteam.wall.reader import Reader

ROLE = "wijkteam_reader"
PLANS = "set_config('plan_cache_mode', 'force_generic_plan', true)"
"""With the policies in it a page's statement takes longer to plan than to execute; it is planned once a connection."""


@cache
def begin_reading(names: tuple[str, ...]) -> TextClause:
    """What begins a transaction of a reader: nothing can be changed, and each value holds until its end.

    The answer is one text that nobody reads: two dozen columns would cost more than setting them.
    """
    told = ", ".join(f"set_config('wijkteam.{name}', :{name}, true)" for name in names)
    first = f"set_config('role', '{ROLE}', true), set_config('transaction_read_only', 'on', true), {PLANS}"
    return text(f"SELECT concat({first}, {told})")


def as_settings(reader: Reader) -> dict[str, str]:
    """The values of a reader as settings of PostgreSQL are written.

    The policies find for themselves by which other grounds somebody reads a case: what a page asks and what they let
    through do not lean on the same answer.
    """
    return {name: _written(given) for name, given in reader.values.items() if name not in ("kept", *LOOKED_UP)}


def _written(given: Any) -> str:
    if isinstance(given, list):
        return "{" + ",".join(str(each) for each in given) + "}"
    if isinstance(given, bool):
        return "true" if given else "false"
    return given.isoformat() if isinstance(given, date | datetime) else str(given)
