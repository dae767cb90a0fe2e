"""What if, read from the event log of the municipality's own requests: the same on both databases, and withheld."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Town
from wijkteam.cases.service import NewCase, open_case
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, draft_request, request_mandate
from wijkteam.mandate.what_if.past import Answer
from wijkteam.reports.figures import Cell
from wijkteam.reports.what_if_service import NoSuchPast, WhatIf, Wish, read_past, what_if
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WITHHELD = Cell(None, True)
REFUSED = {"answer": "Kan uit een andere regeling."}


def after(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def ask(town: Town, amount: int, days: float = 0, draft: bool = False) -> str:
    with clock.standing_at(after(days)):
        fenna = town.work("fenna")
        case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Huur.", "Bellen", clock.today()))
        wanted = AskedDecision("tailored_budget", amount, "Fiets.", case.id, case.household_id, case.team_id)
        return (draft_request if draft else request_mandate)(fenna, wanted).id


def step(town: Town, request: str, days: float, name: str, who: str = "teun", **given: object) -> None:
    with clock.standing_at(after(days)):
        town.work(who).act_on(MandateRequest, request, name, given)
        town.close()


def figures(town: Town, *ceilings: int, days: float = 100, power: str | None = None) -> WhatIf:
    with clock.standing_at(after(days)):
        wish = Wish(ceilings=ceilings, power=power)
        return what_if(town.clockwork().session, wish, town.house.approving)


def value(found: WhatIf, code: str, number: int = 0) -> Cell:
    return found.line(code).cells[number]


def test_rounds_amounts_and_steps_are_read_from_the_event_log(town: Town) -> None:
    request = ask(town, 40_000)
    step(town, request, 4, "refuse", **REFUSED)
    step(town, request, 5, "take_back", "fenna")
    step(town, request, 7, "ask", "fenna", amount=35_000)
    step(town, request, 9, "amend", decided_amount=30_000, conditions="Tweedehands.")
    draft = ask(town, 40_000, draft=True)
    with clock.standing_at(after(20)):
        past = read_past(town.clockwork().session, Wish())
    (found,) = past.requests
    assert past.never_asked == (draft,) and past.seen_until == after(20)
    first, second = found.rounds
    assert (first.amount, first.answer, first.waited(after(20))) == (40_000, Answer.REFUSED, timedelta(days=4))
    assert (second.amount, second.answer, second.lowered_by) == (35_000, Answer.CHANGED, 5_000)
    assert (first.steps, second.steps, second.waited(after(20))) == (1, 1, timedelta(days=2))


def test_only_what_was_first_asked_in_the_period_is_in_it_and_is_followed_beyond(town: Town) -> None:
    request = ask(town, 40_000, days=5)
    step(town, request, 30, "approve")
    session = town.clockwork().session
    day = after(5).date()
    with clock.standing_at(after(60)):
        (found,) = read_past(session, Wish(first=day, last=day)).requests
        assert found.rounds[0].waited(after(60)) == timedelta(days=25)
        assert not read_past(session, Wish(first=day + timedelta(days=1))).requests
        assert not read_past(session, Wish(last=day - timedelta(days=1))).requests


def test_gain_and_price_of_enough_households_are_told(town: Town) -> None:
    for number in range(12):
        step(town, ask(town, 30_000), 4, "refuse", **REFUSED) if number < 6 else step(
            town, ask(town, 30_000), 2, "approve"
        )
    found = figures(town, 30_000, power="tailored_budget")
    assert value(found, "front_line") == Cell(12)
    assert value(found, "spared") == Cell(36.0) and value(found, "spared_median") == Cell(3.0)
    assert value(found, "refused_for_good") == Cell(6) and value(found, "refused_for_good_share") == Cell(50.0)
    assert value(found, "refused_ever_amount") == Cell(180_000)
    assert value(found, "steps") == Cell(12) and value(found, "steps_worth") == Cell(22_500), "12 × 15 min × € 75"
    (curve,) = found.curves
    assert curve.today == 25_000 and [each.ceiling for each in curve.points] == [30_000]


def test_a_few_households_are_withheld_and_cannot_be_computed_from_the_rest(town: Town) -> None:
    for number in range(10):
        step(town, ask(town, 30_000), 4, "refuse", **REFUSED) if number < 2 else step(
            town, ask(town, 30_000), 2, "approve"
        )
    found = figures(town, 30_000)
    assert value(found, "front_line") == Cell(10), "all of them together are enough"
    for code in ("refused_for_good", "refused_ever", "refused_ever_share", "refused_ever_amount", "refused_of_all"):
        assert value(found, code) == WITHHELD, code
    assert value(found, "as_asked") == WITHHELD, "10 less 8 would tell of the 2"
    assert value(found, "spared_granted") == WITHHELD
    assert found.curves[0].points == ()


def test_ceilings_that_differ_by_a_few_households_are_the_same_step(town: Town) -> None:
    for amount in [30_000] * 6 + [40_000] * 2 + [50_000] * 6:
        step(town, ask(town, amount), 2, "approve")
    found = figures(town, 30_000, 40_000)
    assert found.wish.ceilings == (30_000,) and value(found, "front_line") == Cell(6)
    assert value(figures(town, 49_999), "front_line") == Cell(6), "no page tells of the two"
    assert value(figures(town, 50_000), "front_line") == Cell(14)
    assert value(figures(town, 25_000), "front_line") == Cell(0)


def test_own_requests_are_told_of_calendar_years_that_no_other_period_can_be_subtracted_from(town: Town) -> None:
    for number in range(7):
        step(town, ask(town, 30_000, days=number), 10, "approve")
    with clock.standing_at(after(100)):
        for first, last in ((after(0), None), (after(1), after(50)), (None, after(3))):
            days = [None if each is None else each.date() for each in (first, last)]
            wish = Wish(first=days[0], last=days[1], ceilings=(30_000,))
            found = what_if(town.clockwork().session, wish, town.house.approving)
            assert (str(found.history.first), str(found.history.last)) == ("2026-01-01", "2026-05-31")
            assert value(found, "front_line") == Cell(7)


def test_no_curve_point_adds_a_few_households(town: Town) -> None:
    for amount in [30_000] * 6 + [40_000] * 2 + [50_000] * 6:
        step(town, ask(town, amount), 2, "approve")
    (curve,) = figures(town, 60_000).curves
    counts = [each.requests for each in curve.points]
    assert counts == [6, 14]


def test_a_source_power_or_function_that_there_is_not_is_answered_with_the_nearest(town: Town) -> None:
    session = town.clockwork().session
    with pytest.raises(NoSuchPast, match="no power 'tailored_budgt'; did you mean 'tailored_budget'"):
        read_past(session, Wish(power="tailored_budgt"))
    with pytest.raises(NoSuchPast, match="no source 'elsewhere'"):
        read_past(session, Wish(source="elsewhere"))
    with pytest.raises(NoSuchPast, match="no function 'best_persn'"):
        read_past(session, Wish(function="best_persn"))


def test_nothing_asked_is_told_as_nothing(town: Town) -> None:
    found = figures(town, 30_000)
    assert value(found, "front_line") == Cell(0) and value(found, "front_line_share") == Cell(None)
    assert found.curves == ()
