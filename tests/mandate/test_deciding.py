"""Deciding for real: chains, consent, cases of their own, and what is kept with a decision."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.mandate.office import NOW, POWER, Office
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Authority, Reason, Situation, in_words
from wijkteam.mandate.granting import CaseMandate, grant_for_case
from wijkteam.mandate.model import Mandate
from wijkteam.mandate.service import NewMandate, WrongMandate, add_mandate, may_decide, may_decide_anything
from wijkteam.people import service as staff
from wijkteam.people.model import Person
from wijkteam.storage.work import Work
from wijkteam.terms import clock

UNTIL = date(2026, 6, 30)


def test_awb_10_2_and_10_10_a_decision_keeps_its_mandate_with_the_chain_and_the_first_body(office: Office) -> None:
    above = office.row("M-1", "team_lead", may_pass_on=True, ceiling_per_decision=50_000, body="burgemeester")
    office.row("M-1.1", given_under=above.id, ceiling_per_decision=20_000, body="burgemeester")
    work = office.work(office.hire("Fenna", "best_person"))
    office.decide(work, office.case(work), 20_000)
    (taken,) = office.decisions()
    assert taken.body == "burgemeester" and taken.team_id == office.team.id
    assert taken.mandate_text == (
        "M-1.1 · mandaat · tailored_budget · Awb 10:1 · burgemeester · best_person · per besluit € 200,00"
        " · gegeven onder M-1 (team_lead)"
    )


def test_awb_10_8_after_revoking_nothing_under_it_decides_and_what_was_decided_stays(office: Office) -> None:
    above = office.row("M-1", "team_lead", may_pass_on=True)
    office.row("M-1.1", given_under=above.id)
    work = office.work(office.hire("Fenna", "best_person"))
    case = office.case(work)
    office.decide(work, case, 100)
    with office.admin.transaction() as session:
        session.get_one(Mandate, above.id).revoked_at = NOW + timedelta(hours=1)
    with clock.standing_at(NOW + timedelta(minutes=59)):
        office.decide(work, case, 100)
    with clock.standing_at(NOW + timedelta(hours=1)), pytest.raises(NoMandate):
        office.decide(work, case, 100)
    assert len(office.decisions()) == 2


def test_awb_10_3_2_no_row_can_be_made_for_what_is_never_mandated(office: Office) -> None:
    with pytest.raises(WrongMandate, match="10:3"):
        add_mandate(office.admin, NewMandate("M-1", "annul_or_withhold", "best_person"))


def test_awb_10_4_who_works_elsewhere_decides_once_both_consents_are_on_record(office: Office) -> None:
    office.row("M-1")
    person = office.hire("Ingrid", "best_person", civil_servant=False, employer="Stichting Buurt")
    case = office.case(office.work(person))

    def allowed() -> bool:
        work = office.work(person)
        return may_decide(work, work.actor, office.asked(case, 100)).allowed

    assert not allowed()
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)
    for mine, employers, then in ((today, None, False), (today, tomorrow, False), (today, today, True)):
        staff.record_consent(office.admin, person.id, "best_person", mine, employers)
        assert allowed() is then


def test_the_nearest_is_in_words_with_names_or_else_the_body(office: Office) -> None:
    office.row("M-1", ceiling_per_decision=100)
    office.row("M-2", "team_lead", ceiling_per_decision=50_000)
    fenna, teun = office.hire("Fenna", "best_person"), office.hire("Teun", "team_lead")
    work = office.work(fenna)
    asked = office.asked(office.case(work), 20_000)
    answer = may_decide(work, work.actor, asked)
    assert answer.nearest == Reason("Teamleider (Teun)", "Team lead (Teun)") and answer.eyes_needed == 0
    staff.record_absence(office.admin, teun.id, NOW.date())
    work = office.work(fenna)
    assert may_decide(work, work.actor, asked).nearest == in_words("college van burgemeester en wethouders")


def test_more_eyes_is_an_answer_of_its_own_and_each_row_counts_within_its_own_term(office: Office) -> None:
    office.row("M-1", colleagues_needed=3, quorum_within="PT24H")
    work = office.work(office.hire("Fenna", "best_person"))
    asked = office.asked(office.case(work), 100)
    agreed = (NOW - timedelta(hours=25), NOW - timedelta(hours=23))
    answer = may_decide(work, work.actor, replace(asked, agreed_at=agreed))
    assert (answer.allowed, answer.eyes_needed) == (False, 2)
    assert answer.reason is not None and answer.reason.nl == "Er moeten nog 2 collega's instemmen."
    assert may_decide(work, work.actor, replace(asked, agreed_at=agreed), 2).allowed
    assert may_decide_anything(work, work.actor, office.team.id).allowed


def test_a_row_for_one_wijk_covers_only_households_there(office: Office) -> None:
    office.row("M-1", wijk_code="WK000001")
    work = office.work(office.hire("Fenna", "best_person"))
    asked = office.asked(office.case(work), 100)
    for wijk, allowed in (("WK000001", True), ("WK000002", False), (None, False)):
        assert may_decide(work, work.actor, replace(asked, wijk_code=wijk)).allowed is allowed


@pytest.mark.parametrize(
    ("moment", "left"),
    [(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), False), (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), True)],
)
def test_a_new_year_begins_at_midnight_in_the_netherlands(office: Office, moment: datetime, left: bool) -> None:
    office.row("M-1", ceiling_per_household=100)
    work = office.work(office.hire("Fenna", "best_person"))
    case = office.case(work)
    office.decide(work, case, 100)
    with clock.standing_at(moment):
        assert may_decide(work, work.actor, office.asked(case, 1)).allowed is left


def test_the_ceiling_of_a_team_is_not_used_up_by_another_team(office: Office) -> None:
    office.row("M-1", ceiling_per_year=100)
    work = office.work(office.hire("Fenna", "best_person"))
    case = office.case(work)
    office.decide(work, case, 100)
    other = staff.add_team(office.admin, "Wijkteam Twee")
    elsewhere = office.work(office.hire("Rik", "best_person", other))
    office.decide(elsewhere, office.case(elsewhere), 100)
    with pytest.raises(NoMandate, match="left this year"):
        office.decide(work, case, 1)


class Granting:
    """A team lead who gives mandate for one case to a professional."""

    def __init__(self, office: Office, **limits: object) -> None:
        self.office = office
        self.above = office.row("M-1", "team_lead", **{"may_pass_on": True, "ceiling_per_decision": 50_000, **limits})
        self.fenna, self.teun = office.hire("Fenna", "best_person"), office.hire("Teun", "team_lead")
        self.work = office.work(self.fenna)
        self.case = office.case(self.work)

    def grant(self, amount: int | None, until: date = UNTIL, to: Person | None = None) -> Mandate:
        giver = self.office.work(self.teun)
        new = CaseMandate(
            POWER, self.case.id, (to or self.fenna).id, "best_person", amount, until, "Voor het bed en de kast"
        )
        with giver.transaction():
            authority = may_decide(giver, giver.actor, self.office.asked(self.case, amount))
            return grant_for_case(self.situation(giver, authority), new)

    def situation(self, work: Work, authority: Authority) -> Situation:
        return Situation(self.case, work.actor, {}, clock.now(), work, authority)

    def decide(self, amount: int, case: HouseholdCase | None = None) -> None:
        self.office.decide(self.work, case or self.case, amount)


def test_awb_10_5_mandate_for_one_case_is_bounded_by_amount_case_and_day(office: Office) -> None:
    granting = Granting(office)
    row = granting.grant(30_000)
    assert (row.given_under, row.valid_until, row.number) == (granting.above.id, UNTIL, f"M-1/{granting.case.id}/1")
    granting.decide(20_000)
    with pytest.raises(NoMandate, match=r"€100\.00 is left"):
        granting.decide(10_001)
    granting.decide(10_000)
    with pytest.raises(NoMandate):
        granting.decide(1, office.case(granting.work))
    with clock.standing_at(NOW + timedelta(days=121)), pytest.raises(NoMandate):
        granting.decide(1)


def test_awb_10_5_what_was_decided_under_it_counts_for_the_ceilings_of_the_giver(office: Office) -> None:
    granting = Granting(office, ceiling_per_year=40_000)
    granting.grant(30_000)
    granting.decide(30_000)
    teun = office.work(granting.teun)
    other = office.case(office.work(office.hire("Noa", "best_person")))
    answer = may_decide(teun, teun.actor, office.asked(other, 10_001))
    assert answer.reason is not None and answer.reason.nl == "Voor uw team is dit jaar nog € 100,00 over."


@pytest.mark.parametrize(
    ("limits", "amount", "until", "line"),
    [
        ({"may_pass_on": False}, 100, UNTIL, "mag niet worden doorgegeven aan: "),
        ({"pass_on_to": "manager"}, 100, UNTIL, "mag niet worden doorgegeven aan: "),
        ({}, 100, date(2026, 3, 1), "De einddatum ligt in het verleden."),
        ({"valid_until": date(2026, 3, 1)}, 100, UNTIL, "Hiervoor is geen mandaat getoond."),
        ({}, 50_001, UNTIL, "Hiervoor is geen mandaat getoond."),
    ],
)
def test_awb_10_9_nobody_gives_what_they_may_not_pass_on(
    office: Office, limits: dict[str, object], amount: int, until: date, line: str
) -> None:
    with pytest.raises(NoMandate) as refused:
        Granting(office, **limits).grant(amount, until)
    assert line in refused.value.reason.nl


def test_nobody_gives_mandate_to_themselves_nor_to_who_does_not_hold_the_function(office: Office) -> None:
    granting = Granting(office)
    for person in (granting.teun, office.hire("Mo", "manager")):
        with pytest.raises(NoMandate):
            granting.grant(100, to=person)


def test_awb_10_8_revoking_the_mandate_of_the_giver_ends_what_was_given_for_a_case(office: Office) -> None:
    granting = Granting(office)
    granting.grant(30_000)
    granting.decide(100)
    with office.admin.transaction() as session:
        session.get_one(Mandate, granting.above.id).revoked_at = NOW
    with pytest.raises(NoMandate):
        granting.decide(100)
