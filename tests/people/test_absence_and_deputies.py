"""Who can be reached: absence, deputies, functions for a period, and consent."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests.mandate.office import NOW, Office
from wijkteam.assembly import House
from wijkteam.mandate.service import may_decide
from wijkteam.people import queries as people
from wijkteam.people import service as staff
from wijkteam.people.acting import Holding
from wijkteam.people.model import HeldFunction, Person
from wijkteam.people.service import WrongPerson
from wijkteam.terms import clock

TODAY = NOW.date()
DAY = timedelta(days=1)


class Desk(Office):
    """An office with two team leads, of whom one goes away."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.teun, self.ingrid = self.hire("Teun", "team_lead"), self.hire("Ingrid", "team_lead")
        self.fenna = self.hire("Fenna", "best_person")

    def leads(self) -> list[str]:
        session = self.admin.session
        found = people.holders(session, "team_lead", self.team.id)
        assert [each.id for each in found] == people.holder_ids(session, "team_lead", self.team.id)
        assert [each.id for each in found] == [
            each.person_id for each in people.reachable(session, "team_lead", self.team.id)
        ]
        return [each.name for each in found]

    def held(self, person: Person) -> tuple[Holding, ...]:
        acting = people.acting_person(self.admin.session, person.id)
        assert acting is not None
        return acting.holdings


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with clock.standing_at(NOW):
        desk = Desk(house)
        yield desk
        desk.close()


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [
        (TODAY, TODAY, True),
        (TODAY - DAY, None, True),
        (TODAY + DAY, None, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_who_is_away_today_is_not_reached(desk: Desk, first: date, last: date | None, away: bool) -> None:
    staff.record_absence(desk.admin, desk.teun.id, first, last)
    assert desk.leads() == (["Ingrid"] if away else ["Teun", "Ingrid"])
    assert people.absent_ids(desk.admin.session) == (frozenset({desk.teun.id}) if away else frozenset())


def test_who_is_away_still_holds_what_they_hold(desk: Desk) -> None:
    staff.record_absence(desk.admin, desk.teun.id, TODAY)
    assert desk.held(desk.teun) == (Holding("team_lead", desk.team.id),)


def test_a_deputy_acts_only_while_the_person_is_away_and_the_appointment_lasts(desk: Desk) -> None:
    staff.appoint_deputy(desk.admin, desk.teun.id, desk.fenna.id, "team_lead", TODAY, TODAY + DAY)
    own = Holding("best_person", desk.team.id)
    assert desk.leads() == ["Teun", "Ingrid"] and desk.held(desk.fenna) == (own,)
    staff.record_absence(desk.admin, desk.teun.id, TODAY)
    assert desk.leads() == ["Ingrid", "Fenna"]
    assert desk.held(desk.fenna) == (own, Holding("team_lead", desk.team.id, desk.teun.id))
    with clock.standing_at(NOW + 2 * DAY):
        assert desk.leads() == ["Ingrid"] and desk.held(desk.fenna) == (own,)


def test_a_deputy_who_is_away_too_is_not_reached(desk: Desk) -> None:
    staff.appoint_deputy(desk.admin, desk.teun.id, desk.fenna.id, "team_lead")
    for person in (desk.teun, desk.fenna):
        staff.record_absence(desk.admin, person.id, TODAY)
    assert desk.leads() == ["Ingrid"]


def test_who_stands_in_for_a_colleague_with_the_same_function_is_reached_once(desk: Desk) -> None:
    staff.appoint_deputy(desk.admin, desk.teun.id, desk.ingrid.id, "team_lead")
    staff.record_absence(desk.admin, desk.teun.id, TODAY)
    assert desk.leads() == ["Ingrid"]


def test_nobody_stands_in_where_the_function_ended_or_in_another_team(desk: Desk) -> None:
    staff.appoint_deputy(desk.admin, desk.teun.id, desk.fenna.id, "team_lead")
    staff.record_absence(desk.admin, desk.teun.id, TODAY)
    other = staff.add_team(desk.admin, "Wijkteam Twee")
    assert people.holder_ids(desk.admin.session, "team_lead", other.id) == []
    (held,) = people.held_by(desk.admin.session, desk.teun.id)
    staff.end_function(desk.admin, held.id, TODAY - DAY)
    assert desk.leads() == ["Ingrid"] and desk.held(desk.fenna) == (Holding("best_person", desk.team.id),)


def test_awb_10_4_a_deputy_from_elsewhere_decides_only_in_a_function_to_which_they_consented(desk: Desk) -> None:
    desk.row("M-1", "team_lead")
    noa = desk.hire("Noa", "best_person", civil_servant=False, employer="Stichting Buurt")
    staff.record_absence(desk.admin, desk.teun.id, TODAY)
    case = desk.case(desk.work(desk.fenna))
    for deputy, allowed in ((desk.fenna, True), (noa, False)):
        staff.appoint_deputy(desk.admin, desk.teun.id, deputy.id, "team_lead")
        work = desk.work(deputy)
        assert may_decide(work, work.actor, desk.asked(case, 100)).allowed is allowed


def test_when_nobody_is_away_who_can_be_reached_is_one_question_to_the_database(desk: Desk) -> None:
    asked: list[str] = []
    desk.admin.session.commit()

    def count(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(desk.house.database, "before_cursor_execute", count)
    try:
        people.holder_ids(desk.admin.session, "team_lead", desk.team.id)
    finally:
        event.remove(desk.house.database, "before_cursor_execute", count)
    assert len([each for each in asked if each.startswith("SELECT")]) == 1


def test_an_absence_ends_earlier_or_did_not_happen(desk: Desk) -> None:
    absence = staff.record_absence(desk.admin, desk.teun.id, TODAY - DAY)
    assert staff.end_absence(desk.admin, absence.id, TODAY) is not None
    assert [each.last_day for each in people.absences(desk.admin.session, desk.teun.id)] == [TODAY]
    with pytest.raises(WrongPerson, match="ended on"):
        staff.end_absence(desk.admin, absence.id, TODAY + DAY)
    assert staff.end_absence(desk.admin, absence.id, TODAY - 2 * DAY) is None
    assert people.absences(desk.admin.session) == []


def test_an_appointment_ends_earlier_or_did_not_happen(desk: Desk) -> None:
    deputy = staff.appoint_deputy(desk.admin, desk.teun.id, desk.fenna.id, "team_lead")
    assert staff.end_deputy(desk.admin, deputy.id, TODAY + DAY) is not None
    assert [each.valid_until for each in people.deputies(desk.admin.session)] == [TODAY + DAY]
    assert staff.end_deputy(desk.admin, deputy.id, TODAY - DAY) is None
    assert people.deputies(desk.admin.session, desk.teun.id) == []


def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_kept(desk: Desk) -> None:
    work, teun, fenna = desk.admin, desk.teun.id, desk.fenna.id
    staff.record_absence(work, teun, TODAY, TODAY + 5 * DAY)
    staff.appoint_deputy(work, teun, fenna, "team_lead", TODAY)
    (held,) = people.held_by(work.session, teun)
    wrong = [
        (lambda: staff.record_absence(work, 9999, TODAY), "Deze persoon kennen we niet."),
        (lambda: staff.record_absence(work, fenna, TODAY, TODAY - DAY), "De laatste dag ligt vóór de eerste."),
        (lambda: staff.record_absence(work, teun, TODAY + 5 * DAY), "Deze persoon is al afwezig vanaf 2026-03-02."),
        (lambda: staff.end_absence(work, 9999, TODAY), "Deze afwezigheid kennen we niet."),
        (lambda: staff.appoint_deputy(work, teun, teun, "team_lead"), "Niemand vervangt zichzelf."),
        (lambda: staff.appoint_deputy(work, teun, fenna, "manager"), "Deze persoon heeft die functie niet."),
        (lambda: staff.appoint_deputy(work, teun, fenna, "team_lead"), "Deze vervanger is al aangewezen."),
        (lambda: staff.end_deputy(work, 9999, TODAY), "Deze vervanging kennen we niet."),
        (lambda: staff.record_consent(work, fenna, "manager", TODAY, TODAY), "Deze persoon heeft die functie niet."),
        (lambda: staff.end_function(work, 9999, TODAY), "Deze functie van deze persoon kennen we niet."),
        (lambda: staff.end_function(work, held.id, date(2025, 12, 31)), "De laatste dag ligt vóór de eerste."),
    ]
    for attempt, line in wrong:
        with pytest.raises(WrongPerson) as refused:
            attempt()
        assert refused.value.nl == line and "\n" not in str(refused.value)
    assert len(people.absences(work.session)) == len(people.deputies(work.session)) == 1
    assert work.session.query(HeldFunction).filter(HeldFunction.valid_until.is_not(None)).count() == 0
