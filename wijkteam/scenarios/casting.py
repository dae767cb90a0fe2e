"""The cast of a scenario file: its people in their functions, and its mandate register."""

from datetime import date

from wijkteam.mandate.keeping import fill_register
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.people import service as people
from wijkteam.people.model import Team
from wijkteam.people.service import NewPerson
from wijkteam.scenarios.format import EARLIEST, Scenario, Scenarios
from wijkteam.storage.work import Work
from wijkteam.terms import clock

SINCE = date(EARLIEST.year - 1, 1, 1)


def address(name: str) -> str:
    """The e-mail address of somebody in the cast."""
    return f"{name}@scenario.example"


def cast(work: Work, said: Scenarios, scenario: Scenario, register: RegisterFile | None) -> dict[str, int]:
    """Bring in everybody who is there in this scenario, and the register; returns numbers of people by name."""
    found: dict[str, int] = {}
    with clock.standing_at(EARLIEST.replace(year=SINCE.year)), work.transaction():
        for name, player in said.cast.items():
            team: Team | None = people.add_team(work, player.team) if player.team else None
            if name in scenario.absent:
                continue
            shown = player.name or name.replace("_", " ").title()
            person = people.add_person(work, NewPerson(shown, address(name), civil_servant=player.civil_servant))
            for function in player.function:
                people.give_function(work, person, function, team, SINCE, consented_on=SINCE)
            found[name] = person.id
        fill_register(work, register.mandates if register else ())
    return found
