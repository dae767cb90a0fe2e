"""The driver's cursor tells of columns only to whoever looks, and then what the driver itself tells."""

import pytest
from psycopg import Cursor

from tests.conftest import Town


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_columns_are_described_as_the_driver_does(town: Town, database_url: str) -> None:
    raw = town.house.database.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("SELECT 1 AS number, 'x'::varchar(5) AS word, now() AS moment")
        described, expected = cursor.description, Cursor.description.fget(cursor)  # type: ignore[attr-defined]
        assert len(described) == 3 and [tuple(each) for each in described] == [tuple(each) for each in expected]
        assert [each.name for each in described[1:]] == ["word", "moment"] and described[1].display_size == 5
        cursor.execute("CREATE TEMPORARY TABLE nothing (id integer)")
        assert cursor.description is None
    finally:
        raw.close()
