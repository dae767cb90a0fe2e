"""How a workflow runs is counted from its events: the same on both databases, and by hand."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.definition import Workflow
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.reports.figures import Cell, Row
from wijkteam.reports.passing import Passing, key_of, passing, running
from wijkteam.reports.periods import last_ended_day
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WITHHELD, NOTHING = Cell(None, True), Cell(None)
LEAD = re.compile(r'<p class="lead">[^<]*')
SAFE = {"safety": "Iedereen is veilig."}


def after(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def open_cases(town: Town, number: int) -> list[str]:
    with clock.standing_at(MONDAY):
        fenna = town.work("fenna")
        return [
            open_case(fenna, NewCase(f"Voorbeeldstraat {each}", "Huur.", "Langsgaan", clock.today())).id
            for each in range(number)
        ]


def step(town: Town, case: str, days: float, name: str, **given: str) -> None:
    with clock.standing_at(after(days)):
        town.work("fenna").act_on(HouseholdCase, case, name, given)
        town.close()


def versions(town: Town, name: str = "household_case") -> list[Workflow]:
    return [each for each in town.house.engine.workflows() if each.workflow == name]


def session(town: Town) -> Session:
    return town.clockwork().session


def figures(town: Town, first: date, last: date, days: float = 20, name: str = "household_case") -> Passing:
    with clock.standing_at(after(days)):
        return passing(session(town), versions(town, name), first, last)


def row(rows: tuple[Row, ...], key: str) -> dict[str, Cell]:
    return next(each.cells for each in rows if each.key == key)


MARCH = date(2026, 3, 1), date(2026, 3, 31)


def test_a_page_tells_of_a_whole_year_and_no_other_period_can_be_asked_that_could_be_subtracted(town: Town) -> None:
    bea, place = client(town, "bea"), "/werkwijzen/household_case"
    lead = LEAD.search(bea.get(place).text)
    for asked in ("?van=2026-05-01&tot=2026-05-02", "?jaar=ooit", f"?jaar={last_ended_day(clock.today()).year}"):
        told = LEAD.search(bea.get(place + asked).text)
        assert lead and told and told[0] == lead[0]
    earlier = LEAD.search(bea.get(f"{place}?jaar=2024").text)
    assert earlier and "1 januari 2024 tot en met 31 december 2024" in earlier[0]


def test_how_many_came_how_long_they_stayed_and_what_stands_there_now(town: Town) -> None:
    for number, case in enumerate(open_cases(town, 10), 1):
        step(town, case, number, "found_safe", **SAFE)
    found = figures(town, *MARCH)
    assert row(found.states.rows, "signalled") == {
        "came": Cell(10),
        "median": Cell(5.5),
        "long": Cell(9.0),
        "missed": Cell(0),
        "now": Cell(0),
        "waits": NOTHING,
    }
    clarifying = row(found.states.rows, "clarifying")
    assert (clarifying["came"], clarifying["now"], clarifying["median"]) == (Cell(10), Cell(10), NOTHING)
    assert clarifying["waits"] == Cell(14.5), "since day 1 to 10, seen on day 20"
    assert [each.key for each in found.states.rows][:2] == ["clarifying", "signalled"], "the slowest first"
    assert row(found.steps.rows, key_of("open", "signalled")) == {"times": Cell(10)}
    assert row(found.steps.rows, key_of("found_safe", "clarifying")) == {"times": Cell(10)}
    assert (found.running, found.withheld) == (Cell(10), 0)


def test_nine_in_ten_is_not_told_of_fewer_than_ten_stays(town: Town) -> None:
    for number, case in enumerate(open_cases(town, 9), 1):
        step(town, case, number, "found_safe", **SAFE)
    signalled = row(figures(town, *MARCH).states.rows, "signalled")
    assert (signalled["median"], signalled["long"]) == (Cell(5.0), WITHHELD)


def test_only_what_happened_in_the_period_counts(town: Town) -> None:
    cases = open_cases(town, 6)
    for case in cases:
        step(town, case, 10, "found_safe", **SAFE)
    before = figures(town, date(2026, 3, 1), date(2026, 3, 11))
    assert row(before.states.rows, "signalled")["came"] == Cell(6)
    assert row(before.states.rows, "signalled")["median"] == NOTHING, "they left on the 12th"
    on_the_day = figures(town, date(2026, 3, 12), date(2026, 3, 12))
    assert row(on_the_day.states.rows, "signalled")["came"] == Cell(0)
    assert row(on_the_day.states.rows, "signalled")["median"] == Cell(10.0)


def test_small_groups_and_what_gives_them_away_are_withheld(town: Town) -> None:
    for number, case in enumerate(open_cases(town, 10)):
        step(town, case, 1, "found_safe", **SAFE)
        if number < 3:
            step(town, case, 2, "question_is_clear", question="Rust in huis.")
    found = figures(town, *MARCH)
    planning, clarifying = row(found.states.rows, "planning"), row(found.states.rows, "clarifying")
    assert (planning["came"], planning["now"]) == (WITHHELD, WITHHELD)
    assert row(found.steps.rows, key_of("question_is_clear", "planning")) == {"times": WITHHELD}
    assert clarifying["median"] == WITHHELD, "three households left it"
    assert clarifying["now"] == WITHHELD, "10 running less 7 here would tell of the 3 elsewhere"
    assert clarifying["came"] == Cell(10) and found.running == Cell(10)
    assert found.withheld == sum(
        cell.withheld for table in (found.states, found.steps) for each in table.rows for cell in each.cells.values()
    )


def test_a_state_that_two_steps_lead_to_does_not_give_away_the_smaller_one(town: Town) -> None:
    for number, case in enumerate(open_cases(town, 10)):
        step(town, case, 1, "found_safe", **SAFE)
        if number < 7:
            step(town, case, 2, "stop_early", outcome="partly", outcome_reason="Verhuisd.")
        else:
            step(
                town, case, 2, "lose_contact", contact_tried="Gebeld.", next_step="Langsgaan", next_step_on="2026-03-20"
            )
            step(town, case, 3, "stop_early", outcome="partly", outcome_reason="Verhuisd.")
    found = figures(town, *MARCH)
    assert row(found.states.rows, "closed")["came"] == Cell(10)
    assert row(found.steps.rows, key_of("stop_early", "closed")) == {"times": Cell(10)}
    assert row(found.steps.rows, key_of("lose_contact", "avoiding")) == {"times": WITHHELD}
    assert row(found.states.rows, "avoiding")["came"] == WITHHELD


@pytest.mark.parametrize(("number", "told"), [(5, Cell(5)), (4, WITHHELD)])
def test_a_missed_term_counts_with_its_state(town: Town, number: int, told: Cell) -> None:
    open_cases(town, number)
    with clock.standing_at(after(3)):
        do_due_work(town.clockwork())
    found = figures(town, *MARCH)
    assert row(found.states.rows, "signalled")["missed"] == told
    assert not [each for each in found.steps.rows if each.key.startswith("remind")], "told with the state alone"


def test_households_count_once_also_behind_what_lives_under_their_case(town: Town) -> None:
    (case,) = open_cases(town, 1)
    with clock.standing_at(MONDAY):
        fenna = town.work("fenna")
        team = fenna.session.get(HouseholdCase, case).team_id
        for each in range(6):
            escalate(fenna, NewEscalation(case, team, f"Vraag {each}", "housing"))
    found = figures(town, *MARCH, name="escalation")
    assert row(found.states.rows, "asked")["came"] == WITHHELD, "six questions of one household"
    assert found.running == WITHHELD


def test_each_signal_counts_as_a_household_of_its_own(town: Town) -> None:
    with clock.standing_at(MONDAY):
        for each in range(5):
            record_signal(town.work("fenna"), NewSignal("complaint", f"Klacht {each}", None, None, None, None))
    assert row(figures(town, *MARCH, name="resident_signal").states.rows, "received")["came"] == Cell(5)


def test_what_runs_adds_up_over_versions_without_giving_a_small_one_away(town: Town) -> None:
    cases = open_cases(town, 10)
    now = versions(town)[-1].version
    newer = versions(town)[-1].model_copy(update={"version": now + 1})
    work = town.clockwork()
    for case in cases[:3]:
        work.session.get(HouseholdCase, case).workflow_version = now + 1
    work.session.flush()
    counted = running(work.session, [*versions(town), newer])
    assert counted.all == Cell(10)
    assert counted.by_version == {now: WITHHELD, now + 1: WITHHELD}
    work.session.rollback()
