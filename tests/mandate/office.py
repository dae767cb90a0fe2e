"""A small office on a database: a few people without passwords, one power, and rows put in the register one by one."""

from datetime import UTC, date, datetime
from typing import Any

from wijkteam.assembly import House, keep_code_lists
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.mandate.service import AskedDecision, NewMandate, add_mandate
from wijkteam.people import queries as people
from wijkteam.people import service as staff
from wijkteam.people.model import Person, Team
from wijkteam.people.service import NewPerson
from wijkteam.storage.work import Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
POWER = "tailored_budget"


class Office:
    """Everybody works in one team, unless said otherwise."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.admin = house.work()
        keep_code_lists(house, self.admin)
        self.team: Team = staff.add_team(self.admin, "Wijkteam Een")
        self.sessions = [self.admin]

    def hire(self, name: str, function: str, team: Team | None = None, **more: Any) -> Person:
        """Somebody who holds a function in the team from the beginning of the year."""
        person = staff.add_person(self.admin, NewPerson(name, f"{name.lower()}@voorbeeldstad.example", **more))
        staff.give_function(self.admin, person, function, team or self.team, SINCE)
        return person

    def work(self, person: Person) -> Work:
        """A unit of work as this person, with a session of its own and the functions of today."""
        work = self.house.work()
        self.sessions.append(work)
        work.actor = people.acting_person(work.session, person.id)
        return work

    def row(self, number: str, function: str = "best_person", **limits: Any) -> Mandate:
        """A row of the register; amounts in cents."""
        return add_mandate(self.admin, NewMandate(number, POWER, function, valid_from=SINCE, **limits))

    def case(self, work: Work, household_id: int | None = None) -> HouseholdCase:
        """A case of this person, about a new household or a known one."""
        return open_case(work, NewCase("Straat 1", "Geen bed", "Bellen", NOW.date(), household_id=household_id))

    def asked(self, case: HouseholdCase, amount: int | None, **more: Any) -> AskedDecision:
        """The same question that the step `decide` of the case puts."""
        return AskedDecision(POWER, amount, "Nodig", case.id, case.household_id, case.team_id, **more)

    def decide(self, work: Work, case: HouseholdCase, amount: int) -> None:
        """Take a decision as the case workflow lets its owner; amount in cents. Raises Refused."""
        work.act_on(HouseholdCase, case.id, "decide", {"power": POWER, "motivation": "Nodig", "amount": amount})

    def decisions(self) -> list[Decision]:
        """All that were taken, the oldest first."""
        self.admin.session.expire_all()
        return list(self.admin.session.query(Decision).order_by(Decision.id))

    def close(self) -> None:
        """Close all sessions."""
        while self.sessions:
            self.sessions.pop().session.close()
