"""The finished databases from which each test has its copy."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.plumbing.templates import SQLiteTemplates
from wijkteam.keys.ring import KeyRing
from wijkteam.people.model import Absence
from wijkteam.storage.database import connect
from wijkteam.terms import clock


def test_the_town_is_founded_today_also_when_a_test_with_another_clock_is_the_first_to_ask(
    tmp_path: Path, first_ring: KeyRing
) -> None:
    templates, today = SQLiteTemplates(tmp_path, first_ring), clock.today()
    with clock.standing_at(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)):
        url = templates.copy("town")
    with Session(connect(url)) as session:
        first_days = session.scalars(select(Absence.first_day)).all()
    assert first_days and set(first_days) <= {today, clock.today()}
