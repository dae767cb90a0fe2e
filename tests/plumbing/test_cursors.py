"""The driver's cursor tells of columns only to whoever looks, and then what the driver itself tells."""

from typing import Any

import pytest
from psycopg import Cursor

from tests.conftest import Town


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_columns_are_described_as_the_driver_does(town: Town, database_url: str) -> None:
    asked = "SELECT 1 AS number, 'x'::varchar(5) AS word, now() AS moment"
    raw = town.house.database.raw_connection()
    try:
        ours, drivers = raw.cursor(), Cursor[Any](raw.driver_connection)
        ours.execute(asked)
        drivers.execute(asked)
        described, expected = ours.description, drivers.description
        assert described is not None and expected is not None and len(described) == 3
        assert [tuple(each) for each in described] == [tuple(each) for each in expected]
        ours.execute("CREATE TEMPORARY TABLE nothing (id integer)")
        assert ours.description is None
    finally:
        raw.close()
