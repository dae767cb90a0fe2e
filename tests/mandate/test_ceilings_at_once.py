"""Many people decide at the same moment: no ceiling is gone over, and whoever comes too late is told in one line."""

import threading
from collections.abc import Callable

import pytest

from tests.mandate.office import NOW, SINCE, Office
from wijkteam.engine.running import NoMandate, Refused
from wijkteam.people import service as staff
from wijkteam.terms import clock

PEOPLE = 6
EACH = 10_000


def at_once(tasks: list[Callable[[], None]]) -> list[Refused]:
    """All tasks at the same moment, and what they were refused; anything else that goes wrong is an error."""
    ready = threading.Barrier(len(tasks))
    refused: list[Refused] = []
    broken: list[BaseException] = []

    def go(task: Callable[[], None]) -> None:
        ready.wait()
        try:
            with clock.standing_at(NOW):
                task()
        except Refused as error:
            refused.append(error)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=go, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return refused


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        ({"ceiling_per_household": 35_000}, "Voor dit huishouden is dit jaar nog € 50,00 over."),
        ({"ceiling_per_year": 35_000}, "Voor uw team is dit jaar nog € 50,00 over."),
    ],
)
def test_people_who_decide_at_once_never_go_over_a_ceiling_together(
    office: Office, limits: dict[str, int], line: str
) -> None:
    office.row("M-1", **limits)
    tasks: list[Callable[[], None]] = []
    household: int | None = None
    for number in range(PEOPLE):
        work = office.work(office.hire(f"Vrager{number}", "best_person"))
        case = office.case(work, household if "ceiling_per_household" in limits else None)
        household = case.household_id
        tasks.append(lambda work=work, case=case: office.decide(work, case, EACH))  # type: ignore[misc]
    refused = at_once(tasks)
    assert sum(each.amount or 0 for each in office.decisions()) == 3 * EACH
    assert len(refused) == PEOPLE - 3
    assert {type(each) for each in refused} == {NoMandate}
    assert {each.reason.nl for each in refused} == {line}


def test_under_sub_mandates_of_one_row_the_ceiling_of_that_row_holds_for_all_together(office: Office) -> None:
    above = office.row("M-1", "team_lead", may_pass_on=True, ceiling_per_year=35_000)
    office.row("M-1.1", "best_person", given_under=above.id, ceiling_per_decision=EACH)
    office.row("M-1.2", "process_director", given_under=above.id)
    tasks: list[Callable[[], None]] = []
    for number in range(PEOPLE):
        person = office.hire(f"Vrager{number}", "best_person")
        if number % 2:
            staff.give_function(office.admin, person, "process_director", office.team, SINCE)
        work = office.work(person)
        case = office.case(work)
        tasks.append(lambda work=work, case=case: office.decide(work, case, EACH))  # type: ignore[misc]
    at_once(tasks)
    assert sum(each.amount or 0 for each in office.decisions()) == 3 * EACH
