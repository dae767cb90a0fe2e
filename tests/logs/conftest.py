"""A municipality in which something happened and was read, sealed; and a key of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Town
from wijkteam.access.grounds import Ground, log_reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.logs.keys import SealKey, seal_key
from wijkteam.logs.sealing import seal_now
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> SealKey:
    return seal_key(tmp_path / "keys" / "seal_key")


def a_day(town: Town, street: str, notes: int = 3) -> HouseholdCase:
    """A case is opened, written in, read and escalated."""
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase(street, "Huur", "Bellen", clock.today()))
    for number in range(notes):
        fenna.act_on(HouseholdCase, case.id, "add_note", {"note": f"Notitie {number}"})
        log_reading(fenna, case, Ground.MEMBER, "casus")
    escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing"))
    log_reading(town.work("teun"), case, Ground.TEAM, "casus")
    return case


@pytest.fixture
def sealed(town: Town, key: SealKey) -> Iterator[Town]:
    """Two days of which each was sealed, and a third that was not yet."""
    for number in range(3):
        with clock.standing_at(MONDAY + timedelta(days=number)):
            a_day(town, f"Straat {number}")
            if number < 2:
                seal_now(town.clockwork(), lambda: key)
    yield town
