"""While the glass is whole, or its time is over, there is no ground; breaking it is seen by all who must know."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from tests.conftest import Town
from tests.plumbing.templates import HOUSE, SQLiteTemplates
from tests.signed_in import client
from wijkteam.access.breaking import Sought, break_glass
from wijkteam.access.grounds import Ground
from wijkteam.access.model import BreakGlass, GlassTry, Reading
from wijkteam.assembly import House, house_on
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, keep_areas, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.demo.town import found_town
from wijkteam.engine.outcomes import Blocked, NotYours
from wijkteam.events.model import Mail, Notice
from wijkteam.events.verification import verify
from wijkteam.people.model import Person
from wijkteam.storage.database import connect
from wijkteam.terms import clock

NOT_SO = "Deze casus is niet te openen zo. Neem contact op met de privacyfunctionaris."


@pytest.fixture
def two_teams(town: Town) -> Iterator[Town]:
    work = town.clockwork()
    keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
    found_town(town.house, work)
    yield town


def opened(town: Town, called: str = "Éénstraat 1", by: str = "fenna") -> HouseholdCase:
    return open_case(town.work(by), NewCase(called, "Huur", "Bellen", clock.today()))


def broken(town: Town, sought: str = "Éénstraat 1", by: str = "sam.2", length: str = "one_hour") -> BreakGlass:
    return break_glass(town.work(by), Sought(sought, "Er is brand.", length))


def ground(town: Town, name: str, case: HouseholdCase) -> Ground | None:
    work = town.work(name)
    return town.house.grounds.ground(work.session, work.actor, work.session.get(HouseholdCase, case.id))


def told(town: Town, glass: BreakGlass, about: str) -> dict[str, Mail | None]:
    rows = select(Person.email, Notice.mail).join(Notice, Notice.person_id == Person.id)
    found = town.clockwork().session.execute(rows.where(Notice.subject_id == glass.id, Notice.about == about))
    return {email.partition("@")[0]: mail for email, mail in found}


def tries(town: Town) -> list[tuple[str, str]]:
    rows = town.clockwork().session.scalars(select(GlassTry).order_by(GlassTry.id))
    return [(each.sought, each.outcome) for each in rows]


def answer(town: Town, name: str, sought: str) -> tuple[int, str]:
    form = {"who_or_where": sought, "reason": "Er is brand.", "length": "one_hour"}
    page = client(town, name).post("/glas-breken", data=form)
    shown = re.sub(r'value="[^"]*"', "", page.text)
    return page.status_code, shown


def test_breaking_gives_reading_at_once_and_tells_owner_and_privacy_officer_by_mail_at_once(two_teams: Town) -> None:
    case = opened(two_teams)
    assert ground(two_teams, "sam.2", case) is None
    glass = broken(two_teams, "  éénstraat   1 ")
    assert ground(two_teams, "sam.2", case) is Ground.BREAK_GLASS
    assert ground(two_teams, "rik.2", case) is None, "it is broken for who broke it, and for nobody else"
    assert told(two_teams, glass, "open") == {"fenna": Mail.NOW, "pia": Mail.NOW}
    assert verify(two_teams.clockwork().session) == []


def test_what_is_read_through_broken_glass_is_logged_so_and_shows_until_when(two_teams: Town) -> None:
    case = opened(two_teams)
    broken(two_teams)
    browser = client(two_teams, "sam.2")
    page = browser.get(f"/casus/{case.id}")
    assert page.status_code == 200 and "omdat u het glas brak" in page.text
    readings = two_teams.clockwork().session.scalars(select(Reading.ground)).all()
    assert readings == ["break_glass"]
    for path in ("stap/add_note", "mandaat", "spoor", "termijn", "opschalen", "gedeeld", "afscherming/stap/protect"):
        form = {"note": "x", "protected_why": "x"}
        assert browser.post(f"/casus/{case.id}/{path}", data=form).status_code in (404, 422), path
    assert two_teams.clockwork().session.get(HouseholdCase, case.id).version == case.version, "it only gives reading"


def test_nobody_learns_by_trying_whether_there_is_a_case_and_every_try_is_kept(two_teams: Town) -> None:
    protected = opened(two_teams, "Stille laan 2")
    two_teams.work("fenna").act_on(HouseholdCase, protected.id, "protect", {"protected_why": "Een collega."})
    opened(two_teams, "Fam. Jansen"), opened(two_teams, "fam. jansen")
    asked = ["Nergens 9", "stille laan 2", protected.id, "Fam. Jansen"]
    answers = [answer(two_teams, "sam.2", sought) for sought in asked]
    assert {status for status, _ in answers} == {422} and NOT_SO in answers[0][1]
    assert len({shown for _, shown in answers}) == 1, "not known, protected, and known twice look the same"
    assert tries(two_teams) == [(sought, "can_be_read_so") for sought in asked]
    page = client(two_teams, "pia").get("/glas-gebroken").text
    assert all(sought in page for sought in asked)
    assert client(two_teams, "sam.2").get("/glas-gebroken").status_code == 404


def test_after_the_tries_of_a_day_a_person_has_to_wait_for_the_next(two_teams: Town) -> None:
    opened(two_teams)
    most = two_teams.house.glass.rule().tries_per_day
    for number in range(most):
        with pytest.raises(Blocked):
            broken(two_teams, f"Nergens {number}")
    with pytest.raises(Blocked, match=f"{most} times today"):
        broken(two_teams)
    assert len(tries(two_teams)) == most + 1
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert broken(two_teams).state == "in_force"


@pytest.mark.parametrize("name", ["bea", "gijs", "pia", "fia", "ada"])
def test_who_has_no_need_of_it_in_their_work_breaks_no_glass(two_teams: Town, name: str) -> None:
    case = opened(two_teams)
    with pytest.raises(NotYours):
        broken(two_teams, case.id, name)
    assert client(two_teams, name).get("/glas-breken").status_code == 404
    assert answer(two_teams, name, case.id)[0] == 404
    assert ground(two_teams, name, case) is None


def test_a_reason_and_a_length_are_needed_and_what_was_typed_is_kept(two_teams: Town) -> None:
    opened(two_teams)
    page = client(two_teams, "sam.2").post("/glas-breken", data={"who_or_where": "Éénstraat 1", "length": "a_year"})
    assert page.status_code == 422 and "Éénstraat 1" in page.text
    assert "Vul dit in." in page.text and "Kies iets uit de lijst." in page.text
    assert client(two_teams, "sam.2").post("/glas-breken", data={}).status_code == 422


def test_after_its_time_there_is_no_ground_also_when_no_worker_runs(two_teams: Town) -> None:
    start = clock.now()
    with clock.standing_at(start):
        case = opened(two_teams)
        glass = broken(two_teams, case.id)
    with clock.standing_at(start + timedelta(minutes=59)):
        assert ground(two_teams, "sam.2", case) is Ground.BREAK_GLASS
    with clock.standing_at(start + timedelta(hours=1)):
        assert ground(two_teams, "sam.2", case) is None
        do_due_work(two_teams.clockwork())
    ended = two_teams.clockwork().session.get(BreakGlass, glass.id)
    assert (ended.state, told(two_teams, glass, "run_out")) == ("ended", {"sam.2": Mail.DAILY, "pia": Mail.NOW})


def test_a_case_that_is_protected_meanwhile_is_no_longer_read_through_broken_glass(two_teams: Town) -> None:
    case = opened(two_teams)
    glass = broken(two_teams)
    two_teams.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})
    assert ground(two_teams, "sam.2", case) is None
    browser = client(two_teams, "sam.2")
    assert browser.get(f"/casus/{case.id}").status_code == 404
    assert "Éénstraat" not in browser.get(f"/glas-gebroken/{glass.id}").text


def test_it_is_judged_by_a_privacy_officer_and_both_are_told(two_teams: Town) -> None:
    case = opened(two_teams)
    glass = broken(two_teams)
    pia, sam = client(two_teams, "pia"), client(two_teams, "sam.2")
    assert sam.post(f"/glas-gebroken/{glass.id}/stap/stop", data={"version": "1"}).status_code == 302
    assert ground(two_teams, "sam.2", case) is None
    assert "Er is brand." in pia.get("/").text, "it stands in the work of the privacy officer"
    form = {"judgement": "not_justified", "review": "Bellen was genoeg."}
    assert sam.post(f"/glas-gebroken/{glass.id}/stap/review", data=form).status_code == 422
    assert pia.post(f"/glas-gebroken/{glass.id}/stap/review", data=form).status_code == 302
    assert set(told(two_teams, glass, "review")) == {"sam.2", "fenna"}
    for name in ("sam.2", "fenna", "pia"):
        assert "Bellen was genoeg." in client(two_teams, name).get(f"/glas-gebroken/{glass.id}").text
    for name in ("rik.2", "teun", "bea"):
        assert client(two_teams, name).get(f"/glas-gebroken/{glass.id}").status_code == 404


def test_of_two_at_once_by_one_person_one_breaks_the_glass(two_teams: Town) -> None:
    case = opened(two_teams)
    ready, refused = threading.Barrier(2), []
    works = [two_teams.work("sam.2"), two_teams.work("sam.2")]

    def act(number: int) -> None:
        ready.wait()
        try:
            break_glass(works[number], Sought(case.id, "Brand.", "one_hour"))
        except Blocked as blocked:
            refused.append(blocked.stopped_by)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["not_readable_yet"]
    assert len(two_teams.clockwork().session.scalars(select(BreakGlass)).all()) == 1
    assert [outcome for _, outcome in tries(two_teams)] == ["opened", "not_readable_yet"]


class AnybodyBreaksGlass(RuleBasedStateMachine):
    """People break glass, stop, protect and wait, with and without a worker: a ground lasts as long as was chosen."""

    new_house: Callable[[], House]

    @initialize()
    def found(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.town = Town(self.new_house())
        self.until: dict[str, datetime] = {}
        self.protected = False
        with clock.standing_at(self.now):
            work = self.town.clockwork()
            keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
            found_town(self.town.house, work)
            self.case = opened(self.town)

    @rule(name=st.sampled_from(["sam.2", "mo", "petra"]), length=st.sampled_from([1, 4, 8]))
    def somebody_breaks_it(self, name: str, length: int) -> None:
        code = {1: "one_hour", 4: "four_hours", 8: "eight_hours"}[length]
        with clock.standing_at(self.now):
            try:
                broken(self.town, self.case.id, name, code)
            except Blocked as blocked:
                reads = self.until.get(name, self.now) > self.now
                assert self.protected or reads or blocked.stopped_by == "tries_left"
            else:
                assert not self.protected
                self.until[name] = self.now + timedelta(hours=length)

    @rule(name=st.sampled_from(["sam.2", "mo", "petra"]))
    def somebody_stops(self, name: str) -> None:
        with clock.standing_at(self.now):
            work = self.town.work(name)
            rows = select(BreakGlass.id).where(
                BreakGlass.person_id == work.actor.person_id, BreakGlass.state == "in_force"
            )
            for glass_id in work.session.scalars(rows).all():
                work.act_on(BreakGlass, glass_id, "stop", {})
        self.until.pop(name, None)

    @rule()
    def it_is_protected_or_no_longer(self) -> None:
        step, why = ("unprotect", "why_open") if self.protected else ("protect", "protected_why")
        with clock.standing_at(self.now):
            self.town.work("pia" if self.protected else "fenna").act_on(
                HouseholdCase, self.case.id, step, {why: "Een collega."}
            )
        self.protected = not self.protected

    @rule(minutes=st.integers(1, 300), works=st.booleans())
    def time_passes(self, minutes: int, works: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if works:
            with clock.standing_at(self.now):
                do_due_work(self.town.clockwork())

    @invariant()
    def while_the_glass_is_whole_or_its_time_is_over_there_is_no_ground(self) -> None:
        with clock.standing_at(self.now):
            for name in ("sam.2", "mo", "petra"):
                reads = not self.protected and self.until.get(name, self.now) > self.now
                assert ground(self.town, name, self.case) is (Ground.BREAK_GLASS if reads else None)
        self.town.close()

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.close()
            self.town.house.database.dispose()


TestAnybodyBreaksGlass = AnybodyBreaksGlass.TestCase


@pytest.fixture(scope="module", autouse=True)
def houses(sqlite_templates: SQLiteTemplates, first_house: House, law_in_force: Callable[[], None]) -> None:
    law_in_force()
    AnybodyBreaksGlass.new_house = staticmethod(lambda: house_on(first_house, connect(sqlite_templates.copy(HOUSE))))


TestAnybodyBreaksGlass.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
