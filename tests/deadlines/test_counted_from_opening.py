"""A term that counts from the opening ends on the same day whatever happens; missed, it begins anew."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term

START = datetime(2026, 3, 2, 9, tzinfo=clock.NETHERLANDS)
SIX_WEEKS = Term("P6W", Clock.STATUTORY)


def due(town: Town, case: HouseholdCase) -> datetime:
    found = select(Deadline.due_at).where(Deadline.subject_id == case.id, Deadline.ended_at.is_(None))
    return town.clockwork().session.scalars(found).one()


def test_a_missed_term_from_the_opening_begins_anew_with_its_reminder(town: Town) -> None:
    with clock.standing_at(START):
        case = open_case(town.work("fenna"), NewCase("Voorbeeldstraat 1", "Huur", "Langsgaan", clock.today()))
    with clock.standing_at(START + timedelta(days=1)):
        town.work("fenna").act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja"})
    assert due(town, case) == SIX_WEEKS.end(START)
    later = START + timedelta(weeks=7)
    with clock.standing_at(later):
        town.clockwork().act_on(HouseholdCase, case.id, "remind", {})
        assert due(town, case) == SIX_WEEKS.end(later) > clock.now()
