"""An appointment: planned once, the next step when ticked, in a calendar that tells no more than it must."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from tests.conftest import Town
from tests.signed_in import client, sign_in_quietly
from wijkteam.access.model import Reading
from wijkteam.appointments.calendar import Shown, as_calendar
from wijkteam.appointments.model import Appointment, CalendarFeed
from wijkteam.appointments.service import NewAppointment, begin_feed, plan_appointment
from wijkteam.appointments.times import NoSuchTime, moment_of
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.verification import verify
from wijkteam.people.model import Person
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

TOMORROW = timedelta(days=1)


def case_of(town: Town, where: str = "Zwaluwlaan 1") -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase(where, "Huur", "Bellen", clock.today()))


def planned(town: Town, case: HouseholdCase, **also: object) -> Appointment:
    day = clock.today() + TOMORROW
    new = {"what_for": "Post openen", "on_day": day, "at_time": "14:00", "with_whom": "Mia", "place": "Zwaluwlaan 1"}
    return plan_appointment(town.work("fenna"), NewAppointment(case.id, **{**new, **also}))


def anew(town: Town, case: HouseholdCase) -> HouseholdCase:
    found = town.clockwork().session.get(HouseholdCase, case.id)
    assert found is not None
    return found


def test_dutch_clocks_say_the_moment_also_around_summer_time() -> None:
    assert moment_of(date(2026, 3, 28), "14:00") == datetime(2026, 3, 28, 13, tzinfo=UTC)
    assert moment_of(date(2026, 3, 29), "14.00") == datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert moment_of(date(2026, 10, 25), "2:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
    for day, text in ((date(2026, 3, 29), "02:30"), (date(2026, 3, 28), "24:00"), (date(2026, 3, 28), "straks")):
        with pytest.raises(NoSuchTime):
            moment_of(day, text)


def test_a_calendar_shows_dutch_time_before_and_after_the_clock_changes() -> None:
    made = [
        Appointment(id=f"a{nr}", starts_at=at, minutes=60, state="planned", version=nr, state_since=at)
        for nr, at in enumerate((datetime(2026, 3, 28, 13, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)), 1)
    ]
    read = Calendar.from_ical(as_calendar([Shown(each) for each in made], "Afspraken"))
    starts = [event["dtstart"].dt for event in read.walk("VEVENT")]
    assert [each.strftime("%H:%M") for each in starts] == ["14:00", "14:00"]
    assert [each.astimezone(UTC) for each in starts] == [each.starts_at for each in made]
    assert read.walk("VTIMEZONE"), "a calendar need not know the time zone itself"


def test_an_appointment_that_is_the_next_step_is_typed_once_and_moves_along(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    day = clock.today() + TOMORROW
    form = {"what_for": "Post openen", "on_day": str(day), "at_time": "14:00", "with_whom": "Mia", "is_next_step": "ja"}
    wrong = fenna.post(f"/casus/{case.id}/afspraken", data={**form, "at_time": "25:00"})
    assert (
        wrong.status_code == 422 and "Schrijf de tijd als 14:30" in wrong.text and 'value="Post openen"' in wrong.text
    )
    assert fenna.post(f"/casus/{case.id}/afspraken", data=form).status_code == 302
    assert anew(town, case).next_step == "Afspraak om 14:00 met Mia: Post openen"
    assert anew(town, case).next_step_on == day
    [made] = town.clockwork().session.scalars(select(Appointment))
    at = f"/afspraken/{made.id}"
    later = day + timedelta(days=2)
    moved = {"on_day": str(later), "at_time": "9:30", "version": str(made.version)}
    assert fenna.post(f"{at}/stap/move", data=moved).status_code == 302
    assert (anew(town, case).next_step_on, anew(town, case).next_step[:18]) == (later, "Afspraak om 09:30 ")
    assert fenna.post(f"{at}/stap/move", data=moved).status_code == 409
    assert "Post openen" in fenna.get("/").text or later > clock.today() + TOMORROW
    with clock.standing_at(datetime.combine(later, datetime.min.time(), UTC) + timedelta(hours=12)):
        fenna = client(town, "fenna")
        page = fenna.get(at).text
        assert "Wat komt hierna?" in page
        done = {"how_it_went": "Goed", "next_step": "Bellen", "next_step_on": str(later), "version": "2"}
        assert fenna.post(f"{at}/stap/keep", data={**done, "how_it_went": ""}).status_code == 422
        assert fenna.post(f"{at}/stap/keep", data=done).status_code == 302
    assert anew(town, case).next_step == "Bellen"
    assert verify(town.clockwork().session) == []


def test_when_the_next_step_cannot_be_set_nothing_is_planned(town: Town) -> None:
    case = case_of(town)
    kim = client(town, "teun")
    form = {"what_for": "Praten", "on_day": str(clock.today() + TOMORROW), "at_time": "14:00", "is_next_step": "ja"}
    refused = kim.post(f"/casus/{case.id}/afspraken", data=form)
    assert refused.status_code == 422 and "Fenna" in refused.text
    assert town.clockwork().session.scalars(select(Appointment)).all() == []


def test_my_work_shows_today_and_tomorrow_and_what_nobody_said_how_it_went(town: Town) -> None:
    case = case_of(town)
    planned(town, case)
    planned(town, case, what_for="Over een week", on_day=clock.today() + timedelta(days=7))
    page = client(town, "fenna").get("/").text
    assert "Vandaag en morgen" in page and "Post openen" in page and "Over een week" not in page
    assert "Contact noteren" in page
    with clock.standing_at(clock.now() + timedelta(days=3)):
        assert "Ging dit door?" in client(town, "fenna").get("/").text
    assert "Post openen" not in client(town, "teun").get("/").text


def browser(town: Town, safety: Safety) -> FlaskClient:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=safety)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_a_calendar_address_tells_when_and_nothing_more_unless_the_house_and_the_person_want_it(town: Town) -> None:
    case = case_of(town)
    planned(town, case)
    secret = begin_feed(town.work("fenna"), with_names=True)
    bare = browser(town, Safety()).get(f"/agenda/{secret}.ics")
    assert bare.status_code == 200 and bare.mimetype == "text/calendar" and bare.headers["Cache-Control"] == "no-store"
    assert "SUMMARY:Afspraak" in bare.text
    for word in ("Zwaluw", "Mia", "Post", case.id):
        assert word not in bare.text
    assert read_as(town, "agenda") == 0, "nothing of the case was told"
    named = browser(town, Safety(calendar_names=True))
    for _ in range(3):
        assert "Zwaluwlaan 1: Post openen" in named.get(f"/agenda/{secret}.ics").text.replace("\r\n ", "")
    assert read_as(town, "agenda") == 1, "a calendar asks every hour: a day is one reading"
    with town.clockwork().transaction() as session:
        [feed] = session.scalars(select(CalendarFeed))
        assert secret not in repr(vars(feed)), "only a digest is kept"


def read_as(town: Town, what: str) -> int:
    return len(town.clockwork().session.scalars(select(Reading).where(Reading.what == what)).all())


def test_a_calendar_address_ends_when_a_new_one_is_made_and_with_the_person_and_with_the_ground(town: Town) -> None:
    case = case_of(town)
    planned(town, case)
    anyone = browser(town, Safety())
    assert anyone.get("/agenda/zomaar.ics").status_code == 404
    fenna = client(town, "fenna")
    shown = fenna.post("/mijn-agenda").text
    first = shown.split("/agenda/")[1].split(".ics")[0]
    assert anyone.get(f"/agenda/{first}.ics").text.count("BEGIN:VEVENT") == 1
    assert first not in fenna.get("/mijn-agenda").text, "it is shown once"
    second = fenna.post("/mijn-agenda").text.split("/agenda/")[1].split(".ics")[0]
    assert anyone.get(f"/agenda/{first}.ics").status_code == 404
    with town.clockwork().transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = "Collega"
    assert "BEGIN:VEVENT" not in anyone.get(f"/agenda/{second}.ics").text, "what one may not read is not there"
    assert fenna.post("/mijn-agenda", data={"stop": "ja"}).status_code == 302
    assert anyone.get(f"/agenda/{second}.ics").status_code == 404
    third = begin_feed(town.work("fenna"), with_names=False)
    with town.clockwork().transaction() as session:
        session.scalars(select(Person).where(Person.email.like("fenna@%"))).one().active = False
    assert anyone.get(f"/agenda/{third}.ics").status_code == 404


def test_one_appointment_for_ones_own_calendar_names_no_household(town: Town) -> None:
    made = planned(town, case_of(town, "Zwaluwlaan 99"))
    fenna = client(town, "fenna")
    answer = fenna.get(f"/afspraken/{made.id}/afspraak.ics")
    assert answer.headers["Content-Disposition"] == "attachment; filename=afspraak.ics"
    assert "Zwaluwlaan 99" not in answer.text and "Post openen" in answer.text
    sign_in_quietly(fenna, town, "bea")
    assert fenna.get(f"/afspraken/{made.id}/afspraak.ics").status_code == 404
