"""What goes at once and what in the daily mail: no noise, nothing twice, nothing forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import Town
from tests.messages.conftest import MONDAY, Office, Postal
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events import queries as events
from wijkteam.events.model import Notice
from wijkteam.messages.model import MailChoice, Message, MessageState
from wijkteam.messages.service import choose_mail
from wijkteam.people import queries as people
from wijkteam.terms import clock

NEXT_MORNING = datetime(2026, 3, 3, 6, 30, tzinfo=UTC)
"""Half past seven on Dutch clocks."""


def ask(postal: Postal, number: int = 1) -> list[Escalation]:
    fenna = postal.town.work("fenna")
    case = postal.case()
    return [escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing")) for _ in range(number)]


def note(postal: Postal, case: HouseholdCase, by: str = "teun") -> None:
    postal.town.work(by).act_on(HouseholdCase, case.id, "add_note", {"note": "Geheim."})


def put_away(town: Town, name: str) -> None:
    work = town.work(name)
    with work.transaction() as session:
        events.put_away_notices(session, work.actor.person_id)


def test_what_asks_something_goes_at_once_and_several_things_in_one_mail(postal: Postal, office: Office) -> None:
    with clock.standing_at(MONDAY):
        ask(postal, 3)
        assert postal.round().sent == 1
        assert postal.round().sent == 0
    (mail,) = office.arrived
    assert str(mail["To"]) == "teun@voorbeeldstad.example" and str(mail["Subject"]) == "3 dingen vragen iets van u"


def test_the_rest_waits_for_one_daily_mail_that_comes_once(postal: Postal, office: Office) -> None:
    with clock.standing_at(MONDAY):
        case = postal.case()
        for _ in range(4):
            note(postal, case)
        assert postal.round().sent == 0
    with clock.standing_at(NEXT_MORNING - timedelta(minutes=1)):
        assert postal.round().sent == 0
    with clock.standing_at(NEXT_MORNING):
        assert postal.round().sent == 1
    with clock.standing_at(NEXT_MORNING + timedelta(hours=1)):
        note(postal, case)
        assert postal.round().sent == 0, "what happens later today is for tomorrow"
    (mail,) = office.to("fenna")
    assert str(mail["Subject"]) == "Uw nieuws van 3 maart: 4 berichten"
    with clock.standing_at(NEXT_MORNING + timedelta(days=1)):
        postal.round()
    assert str(office.to("fenna")[1]["Subject"]) == "Uw nieuws van 4 maart: 1 bericht"


def test_a_worker_that_begins_late_still_makes_the_daily_mail_of_today(postal: Postal, office: Office) -> None:
    with clock.standing_at(MONDAY):
        note(postal, postal.case())
    with clock.standing_at(NEXT_MORNING + timedelta(hours=6)):
        postal.round()
    assert len(office.to("fenna")) == 1


def test_there_is_no_daily_mail_at_weekends_and_on_holidays(postal: Postal, office: Office) -> None:
    friday, monday = datetime(2026, 4, 3, 15, tzinfo=UTC), datetime(2026, 4, 6, 15, tzinfo=UTC)
    with clock.standing_at(friday - timedelta(days=1)):
        note(postal, postal.case())
    for moment in (friday, friday + timedelta(days=1), monday):
        with clock.standing_at(moment):
            assert postal.round().sent == 0, "Good Friday, Saturday, Easter Monday"
    with clock.standing_at(monday + timedelta(days=1)):
        assert postal.round().sent == 1


@pytest.mark.parametrize("moment", [MONDAY, NEXT_MORNING])
def test_what_was_read_in_the_system_is_not_mailed_and_nothing_left_is_no_mail(
    postal: Postal, moment: datetime
) -> None:
    with clock.standing_at(MONDAY):
        ask(postal)
        note(postal, postal.case())
        put_away(postal.town, "teun")
        put_away(postal.town, "fenna")
    with clock.standing_at(moment):
        assert postal.round().gathered == 0
    assert postal.town.clockwork().session.scalar(select(func.count(Message.id))) == 0


def test_what_is_read_while_its_mail_waits_is_left_out_or_ends_the_mail(postal: Postal, office: Office) -> None:
    office.refuses["teun"] = "451 later"
    with clock.standing_at(MONDAY):
        ask(postal)
        assert postal.round().later == 1
        put_away(postal.town, "teun")
    office.refuses.clear()
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        assert postal.round().unneeded == 1
    (message,) = postal.town.clockwork().session.scalars(select(Message))
    assert message.state == MessageState.UNNEEDED and office.arrived == []


def test_a_person_chooses_all_once_a_day_or_no_mail(postal: Postal, office: Office) -> None:
    choose_mail(postal.town.work("teun"), MailChoice.DAILY)
    choose_mail(postal.town.work("fenna"), MailChoice.NONE)
    with clock.standing_at(MONDAY):
        (question,) = ask(postal)
        assert postal.round().gathered == 0
        answer = {"answer": "Ja", "next_step": "Bellen", "next_step_on": clock.today()}
        postal.town.work("teun").act_on(Escalation, question.id, "answer", answer)
        assert postal.round().gathered == 0
    with clock.standing_at(NEXT_MORNING):
        assert postal.round().sent == 1
    assert len(office.to("teun")) == 1 and office.to("fenna") == []
    assert len(events.unread_notices(postal.town.work("fenna").session, postal.town.work("fenna").actor.person_id)) == 1
    choose_mail(postal.town.work("fenna"), MailChoice.AT_ONCE)
    with clock.standing_at(NEXT_MORNING + timedelta(minutes=5)):
        assert postal.round().sent == 1, "what she has not read comes when she wants mail again"


def test_who_has_left_gets_no_mail(postal: Postal, office: Office) -> None:
    with clock.standing_at(MONDAY):
        ask(postal)
        work = postal.town.clockwork()
        with work.transaction() as session:
            teun = people.person_by_email(session, "teun@voorbeeldstad.example")
            assert teun is not None
            teun.active = False
        assert postal.round().gathered == 0
    assert office.arrived == []


def test_what_was_told_before_there_was_mail_is_not_mailed(postal: Postal, office: Office) -> None:
    with clock.standing_at(MONDAY):
        ask(postal)
        work = postal.town.clockwork()
        with work.transaction() as session:
            for notice in session.scalars(select(Notice)):
                notice.mail = None
        assert postal.round().gathered == 0
    with clock.standing_at(NEXT_MORNING):
        assert postal.round().gathered == 0


@pytest.mark.parametrize("moment", [MONDAY, NEXT_MORNING])
def test_any_number_of_workers_puts_each_notice_in_one_message_and_makes_one_daily_mail(
    postal: Postal, office: Office, moment: datetime
) -> None:
    with clock.standing_at(MONDAY):
        ask(postal, 6)
        case = postal.case()
        for _ in range(6):
            note(postal, case)
    ready, broken = threading.Barrier(4), []

    def worker() -> None:
        with clock.standing_at(moment):
            ready.wait()
            try:
                postal.round()
            except Exception as error:
                broken.append(error)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    session = postal.town.clockwork().session
    messages = session.scalars(select(Message)).all()
    assert len({each.mail_id for each in messages}) == len(messages) == len(office.arrived)
    assert {str(each["Message-ID"]) for each in office.arrived} == {each.mail_id for each in messages}
    assert session.scalar(select(func.count(Notice.id)).where(Notice.mail == "now", Notice.message_id.is_(None))) == 0
    assert sum(each.digest_day is not None for each in messages) == (moment == NEXT_MORNING)
