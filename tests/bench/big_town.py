"""A town with as many cases as asked on PostgreSQL, copied by the database itself: one case that the engine opened.

What is copied has a name, a household, a deadline and an opening event of its own. Their chains are not those of the
engine, so nothing here can be verified; what people do in the bench itself is done by the engine, sealed and all.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from tests.bench.served import Ground
from wijkteam.assembly import build_house
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.events.model import Event
from wijkteam.people import queries as people
from wijkteam.terms import clock

FIRST_HOME = 10_000_000
"""Beyond the numbers that the database itself gives."""
ENDED = 0.6
"""Of the copies; the others are open."""
TEXTS = "'Straat ' || g || ', ' || (g % 997)"


@dataclass(frozen=True)
class Copied:
    """The case that is copied, by whom it was opened."""

    case_id: str
    household_id: int


def one_case(town: Ground, name: str = "fenna") -> Copied:
    """A case opened by the engine of a house without keys, so that its payload can be copied."""
    plain = build_house(town.database)
    work = plain.work()
    person = people.acting_person(work.session, town.person(name))
    assert person is not None
    work.actor = person
    case = open_case(work, NewCase("Straat 0", "Huur niet betaald", "Bellen", clock.today()))
    work.session.close()
    return Copied(case.id, case.household_id)


def copy_cases(
    town: Ground, copied: Copied, cases: int, owners: list[int], *, start: int = 0, ended: float = ENDED
) -> None:
    """So many cases more, spread over these people; returns when the database knows how its tables are filled."""
    with town.database.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        given = {"first": start + 1, "last": start + cases, "case": copied.case_id, "home": copied.household_id}
        given |= {"owners": owners, "ended": ended}
        numbers = "generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS g"
        _copy(
            connection,
            Household.__table__,
            {"id": f"{FIRST_HOME} + g", "who_or_where": TEXTS},
            numbers,
            "it.id = :home",
            given,
        )
        owner = "(CAST(:owners AS integer[]))[1 + g % cardinality(CAST(:owners AS integer[]))]"
        open_ones = "(g / 7 % 100) >= 100 * CAST(:ended AS double precision)"
        told = {
            "id": "'c' || lpad(CAST(g AS text), 11, '0')",
            "household_id": f"{FIRST_HOME} + g",
            "owner_id": owner,
            "next_step_by": owner,
            "next_step_on": "CURRENT_DATE + (g % 200) - 20",
            "state": f"CASE WHEN {open_ones} THEN 'signalled' ELSE 'closed' END",
        }
        _copy(connection, HouseholdCase.__table__, told, numbers, "it.id = :case", given)
        of_copy = {"id": None, "subject_id": told["id"]}
        _copy(connection, Event.__table__, of_copy, numbers, "it.subject_id = :case", given)
        late = {**of_copy, "due_at": "now() + (g % 200) * interval '1 day'"}
        _copy(connection, Deadline.__table__, late, numbers, f"it.subject_id = :case AND {open_ones}", given)
    with town.database.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name in ("household", "household_case", "event", "deadline"):
            connection.execute(text(f"VACUUM ANALYZE {name}"))


def _copy(
    connection: Connection,
    table: object,
    changed: dict[str, str | None],
    numbers: str,
    which: str,
    given: dict[str, object],
) -> None:
    """Copies of one row of a table with some columns said anew; those that are None the database numbers itself."""
    columns = [column.name for column in table.c if changed.get(column.name, "") is not None]  # type: ignore[attr-defined]
    said = ", ".join(changed.get(name) or f"it.{name}" for name in columns)
    copying = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {said} FROM {table} AS it, {numbers} WHERE {which}"
    used = {name: value for name, value in given.items() if f":{name}" in copying}
    connection.execute(text(copying), used)
