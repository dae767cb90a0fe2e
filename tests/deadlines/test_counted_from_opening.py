"""A term that counts from the opening is missed once; its reminder comes again only a whole term later."""

from datetime import timedelta

from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.events.model import Event
from wijkteam.terms import clock


def reminders(town: Town) -> int:
    return len(town.clockwork().session.scalars(select(Event).where(Event.name == "remind")).all())


def test_a_reminder_of_a_term_from_the_opening_does_not_come_again_at_once(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja."})
    first = clock.now() + timedelta(weeks=7)
    for later, expected in ((0, 1), (1, 1), (30, 1), (50, 2)):
        with clock.standing_at(first + timedelta(days=later)):
            do_due_work(town.clockwork())
        assert reminders(town) == expected, f"after {later} more days"
    is_open = Deadline.ended_at.is_(None)
    due = town.clockwork().session.scalars(select(Deadline.due_at).where(is_open)).one()
    assert due > first + timedelta(days=50)
