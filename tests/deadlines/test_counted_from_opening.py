"""A term that counts from the opening is missed once; its reminder comes again only a whole term later."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.events.model import Event
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term

START = datetime(2026, 3, 2, 9, tzinfo=clock.NETHERLANDS)
SIX_WEEKS = Term("P6W", Clock.STATUTORY)


def due(town: Town, case: HouseholdCase) -> datetime:
    found = select(Deadline.due_at).where(Deadline.subject_id == case.id, Deadline.ended_at.is_(None))
    return town.clockwork().session.scalars(found).one()


def reminders(town: Town) -> int:
    return len(town.clockwork().session.scalars(select(Event).where(Event.name == "remind")).all())


def clarified(town: Town) -> HouseholdCase:
    with clock.standing_at(START):
        case = open_case(town.work("fenna"), NewCase("Voorbeeldstraat 1", "Huur", "Langsgaan", clock.today()))
    with clock.standing_at(START + timedelta(days=1)):
        town.work("fenna").act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja"})
    return case


def test_it_ends_on_the_same_day_whenever_its_state_is_entered(town: Town) -> None:
    assert due(town, clarified(town)) == SIX_WEEKS.end(START)


def test_its_reminder_does_not_come_again_at_once(town: Town) -> None:
    case = clarified(town)
    first = START + timedelta(weeks=7)
    for later, expected in ((0, 1), (1, 1), (30, 1), (50, 2)):
        with clock.standing_at(first + timedelta(days=later)):
            do_due_work(town.clockwork())
            assert due(town, case) > clock.now()
        assert reminders(town) == expected, f"after {later} more days"
