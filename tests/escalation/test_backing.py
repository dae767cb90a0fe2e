"""Backing: who stands behind what until when; with a power it lifts the limit for one case, one person, until a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.escalation.town import asked, case_of, client, number, passed_up
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import NoMandate, NotYours
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.model import Backing, Escalation
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.events.model import Notice
from wijkteam.events.verification import verify
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.terms import clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 3, 20)
ENOUGH = {"power": "tailored_budget", "amount": 350_000, "motivation": "De hele huurschuld."}


def before(town: Town, rungs: int = 3) -> HouseholdCase:
    case = case_of(town)
    passed_up(town, asked(town, case, "no_mandate"), rungs)
    return case


def backing(town: Town, case: HouseholdCase, name: str = "bea", **more: object) -> Backing:
    new = NewBacking(**{"deviation": "De hele huurschuld.", "valid_until": LAST_DAY, "case_id": case.id, **more})
    return give_backing(town.work(name), new)


def decide(town: Town, case: HouseholdCase, cents: int = 350_000) -> None:
    town.work("fenna").act_on(HouseholdCase, case.id, "decide", {**ENOUGH, "amount": cents})


def test_it_lifts_the_limit_until_its_date_and_no_longer(town: Town) -> None:
    with clock.standing_at(START):
        case = before(town)
        with pytest.raises(NoMandate):
            decide(town, case)
        given = backing(town, case, power="tailored_budget", amount=400_000)
    with clock.standing_at(datetime(2026, 3, 20, 22, 0, tzinfo=UTC)):  # the last day, 23:00 on Dutch clocks
        decide(town, case)
    session = town.clockwork().session
    decision = session.scalars(select(Decision)).one()
    row = session.get(Mandate, decision.mandate_id)
    assert (row.id, row.case_id, row.person_id) == (given.mandate_id, case.id, number(town, "fenna"))
    assert (row.ceiling_per_decision, row.valid_until) == (400_000, LAST_DAY)
    with clock.standing_at(datetime(2026, 3, 20, 23, 30, tzinfo=UTC)):  # the next day on Dutch clocks
        with pytest.raises(NoMandate):
            decide(town, case, 30_000)
        do_due_work(town.clockwork())
    after = town.clockwork().session.get(Backing, given.id)
    assert after.state == "ended" and verify(town.clockwork().session) == []


def test_withdrawing_revokes_the_mandate_from_that_moment_and_leaves_what_was_decided(town: Town) -> None:
    with clock.standing_at(START):
        case = before(town)
        given = backing(town, case, power="tailored_budget", amount=400_000)
        decide(town, case, 100_000)
    with clock.standing_at(START + timedelta(days=1)):
        town.work("bea").act_on(Backing, given.id, "withdraw", {"why": "Niet meer nodig."})
        with pytest.raises(NoMandate):
            decide(town, case, 100_000)
    session = town.clockwork().session
    row = session.get(Mandate, given.mandate_id)
    assert (row.revoked_at, row.revoked_why) == (START + timedelta(days=1), "Niet meer nodig.")
    assert len(session.scalars(select(Decision)).all()) == 1


@pytest.mark.parametrize(("cents", "power"), [(1_500_001, "tailored_budget"), (None, "tailored_budget")])
def test_nobody_grants_more_than_they_hold(town: Town, cents: int | None, power: str) -> None:
    with clock.standing_at(START):
        case = before(town, 2)
        with pytest.raises(NoMandate):
            backing(town, case, "mo", power=power, amount=cents)
        assert backing(town, case, "mo", power=power, amount=1_000_000).mandate_id is not None
    rows = town.clockwork().session.scalars(select(Mandate).where(Mandate.case_id == case.id)).all()
    assert [row.ceiling_per_decision for row in rows] == [1_000_000]


def test_without_a_power_it_is_a_record_and_gives_no_mandate(town: Town) -> None:
    with clock.standing_at(START):
        case = before(town)
        assert backing(town, case).mandate_id is None
        with pytest.raises(NoMandate):
            decide(town, case)


@pytest.mark.parametrize("name", ["fenna", "teun", "petra", "mo", "fia"])
def test_only_who_may_back_and_has_the_question_before_them_gives_it(town: Town, name: str) -> None:
    with clock.standing_at(START):
        case = before(town, 1)  # it lies with the process director, who gives no backing
        with pytest.raises(NotYours):
            backing(town, case, name)
        with pytest.raises(WrongFields):
            passed_up(town, town.clockwork().session.scalars(select(Escalation)).one(), 2)
            backing(town, case, valid_until="")


def test_once_the_question_has_ended_no_more_backing_is_given_on_it(town: Town) -> None:
    with clock.standing_at(START):
        case = before(town)
        escalation = town.clockwork().session.scalars(select(Escalation)).one()
        town.work("fenna").act_on(Escalation, escalation.id, "withdraw", {"why": "Opgelost."})
        with pytest.raises(NotYours):
            backing(town, case)


def test_the_professional_is_told_and_the_case_shows_it_until_its_date(town: Town) -> None:
    case = before(town)
    escalation = town.clockwork().session.scalars(select(Escalation)).one()
    until = clock.today() + timedelta(days=5)
    form = {"deviation": "Zonder adres toch hulp.", "valid_until": str(until)}
    bea = client(town, "bea")
    wrong = bea.post(f"/opschalingen/{escalation.id}/rugdekking", data={**form, "valid_until": ""})
    assert wrong.status_code == 422 and "Zonder adres toch hulp." in wrong.text
    assert bea.post(f"/opschalingen/{escalation.id}/rugdekking", data=form).status_code == 302
    given = town.clockwork().session.scalars(select(Backing)).one()
    told = select(Notice.person_id).where(Notice.subject_id == given.id)
    assert town.clockwork().session.scalars(told).all() == [number(town, "fenna")]
    fenna = client(town, "fenna")
    page = fenna.get(f"/casus/{case.id}").text
    assert "Rugdekking van Bea Bestuurder" in page and "Zonder adres toch hulp." in page
    assert fenna.get(f"/rugdekking/{given.id}").status_code == 200
    assert client(town, "fia").get(f"/rugdekking/{given.id}").status_code == 404
    assert bea.post(f"/rugdekking/{given.id}/stap/withdraw", data={"why": "Geregeld."}).status_code == 302
    assert "gold tot" in fenna.get(f"/casus/{case.id}").text


def test_backing_of_a_structural_question_is_shown_on_every_case_behind_it(town: Town) -> None:
    case = case_of(town)
    escalation = asked(town, case, "no_mandate")
    new = NewStructural("Laat dit toe.", "no_mandate", (escalation.id,))
    structural = raise_structural(town.work("fenna"), new)
    until = clock.today() + timedelta(days=5)
    give_backing(town.work("bea"), NewBacking("Iedereen mag dit.", until, structural_id=structural.id))
    assert "Iedereen mag dit." in client(town, "fenna").get(f"/casus/{case.id}").text
    with pytest.raises(NotYours):
        give_backing(town.work("teun"), NewBacking("Iedereen mag dit.", until, structural_id=structural.id))
