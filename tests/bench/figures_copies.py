"""A town of some size made many times as large, within the database: copies of its work under other numbers.

Every copy is of other households: their numbers, and those of all that is theirs, have the number of the copy in them,
in the events too. So summaries are copied with the events that they are made from, and are what those say.
"""

from typing import cast

from sqlalchemy import Engine, Table

from tests.bench.figures_town import FIRST_HOME
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.events.model import Event
from wijkteam.figures.model import FACTS
from wijkteam.storage.columns import Table as Model
from wijkteam.storage.database import WRITES

A_COPY = 100_000
"""By how much the numbers of households differ from one copy to the next: more than there are in the town."""
MOST = 99
IDS = ("case_id", "escalation_id", "goal_id", "subject_id")


def multiply(database: Engine, times: int) -> None:
    """Make the town of the figures so many times as large. Raises ValueError beyond `MOST`."""
    if not 1 <= times <= MOST:
        raise ValueError(f"a town can be made 1 to {MOST} times as large")
    models: tuple[type[Model], ...] = (Household, HouseholdCase, Event, *FACTS)
    with database.connect() as connection:
        for model in models:
            for copy in range(1, times):
                with connection.execution_options(**{WRITES: True}).begin():
                    if database.dialect.name == "postgresql":
                        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                    connection.exec_driver_sql(_copied(model, copy))


def _copied(model: type[Model], copy: int) -> str:
    table = cast(Table, model.__table__)
    names = [column.name for column in table.columns if (table.name, column.name) != ("event", "id")]
    values = ", ".join(_value(table.name, name, copy) for name in names)
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name} WHERE {_own(table.name)}"


def _own(table: str) -> str:
    """Which rows are the town's own: no demo town and no copy."""
    if table == "household":
        return f"id BETWEEN {FIRST_HOME} AND {FIRST_HOME + A_COPY - 1}"
    key = {
        "household_case": "id",
        "event": "subject_id",
        "figure_escalation": "escalation_id",
        "figure_goal": "goal_id",
    }
    return f"substr({key.get(table, 'case_id')}, 2, 5) = '00000'"


def _value(table: str, name: str, copy: int) -> str:
    number = f"{copy:02}"
    if name in IDS or (table, name) == ("household_case", "id"):
        return f"substr({name}, 1, 1) || '{number}' || substr({name}, 4)"
    if name == "household_id" or (table, name) == ("household", "id"):
        return f"{name} + {copy * A_COPY}"
    if name == "payload":
        home = f"replace(payload, '\"household_id\":100', '\"household_id\":1{number}')"
        return f'replace({home}, \'"case_id":"c00\', \'"case_id":"c{number}\')'
    return name
