"""A household changes: people come, go and live in two; each household is read and destroyed by itself."""

import re
from datetime import date, timedelta

import pytest

from tests.conftest import Town
from tests.retention.dossier import LATER, OPENED, everything_in, signed
from tests.retention.test_destroying import carried_out
from tests.signed_in import client
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, keep_areas, open_case
from wijkteam.demo.town import found_town
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, NotYours
from wijkteam.events.verification import verify
from wijkteam.network.model import Helper, Relation
from wijkteam.network.service import OUTSIDE, NewHelper, NewRelation, add_helper, relate
from wijkteam.people import queries as people
from wijkteam.residents.model import Resident, SamePerson
from wijkteam.residents.queries import same_as
from wijkteam.residents.service import NewResident, OtherHome, record_in_other_home, record_resident
from wijkteam.retention.proving import wrong_destructions
from wijkteam.retention.scrubbing import scrub
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.wall.reader import reader_of
from wijkteam.web.kin_picture import Figure, Tie, draw


@pytest.fixture
def two_teams(town: Town) -> Town:
    work = town.clockwork()
    keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
    found_town(town.house, work)
    return town


def case_of(town: Town, name: str, where: str) -> HouseholdCase:
    return open_case(town.work(name), NewCase(where, "Huur", "Bellen", clock.today()))


def in_two_homes(town: Town) -> tuple[HouseholdCase, HouseholdCase, Resident, Resident]:
    """Sem lives with his mother (team 1) and every other week with his father (team 2); Rik works on both cases."""
    hers, his = case_of(town, "fenna", "Laan 1, moeder"), case_of(town, "rik.2", "Plein 2, vader")
    rik = people.person_by_email(town.clockwork().session, "rik.2@voorbeeldstad.example")
    assert rik is not None
    begin_track(town.work("fenna"), NewTrack(hers.id, hers.team_id, "housing", "Rust", "Praten", clock.today(), rik.id))
    sem = record_resident(town.work("fenna"), NewResident(hers.household_id, "Sem", date(2014, 2, 3), "zoon"))
    with pytest.raises(NotYours):
        record_in_other_home(town.work("fenna"), sem.id, OtherHome(his.household_id, clock.today()))
    there = record_in_other_home(town.work("rik.2"), sem.id, OtherHome(his.household_id, clock.today(), "Om de week"))
    return hers, his, sem, there


def test_of_somebody_in_two_households_each_team_reads_its_own_and_who_reads_both_sees_that(two_teams: Town) -> None:
    hers, his, sem, there = in_two_homes(two_teams)
    work = two_teams.clockwork()
    for name, own, seen in (("kim.1", [sem.id], 0), ("sam.2", [there.id], 0), ("rik.2", sorted([sem.id, there.id]), 1)):
        person = two_teams.work(name).actor
        with two_teams.house.reading(reader_of(work.session, two_teams.house.grounds, person)) as reading:
            rows = [each for each in (sem.id, there.id) if reading.get(Resident, each) is not None]
            assert sorted(rows) == own, name
            assert sum(len(each) for each in same_as(reading, own).values()) == 2 * seen, name
    page = client(two_teams, "kim.1").get(f"/casus/{hers.id}").text
    assert "Sem" in page and "Plein 2" not in page and "Ook bekend" not in page
    assert "Plein 2, vader" in client(two_teams, "rik.2").get(f"/casus/{hers.id}").text
    assert "deel van de tijd: Om de week" in client(two_teams, "sam.2").get(f"/casus/{his.id}").text


def test_moving_is_one_step_with_a_day_and_the_number_does_not_go_along(two_teams: Town) -> None:
    hers = case_of(two_teams, "fenna", "Laan 1")
    his = case_of(two_teams, "fenna", "Plein 2")
    sem = record_resident(two_teams.work("fenna"), NewResident(hers.household_id, "Sem"))
    fenna = client(two_teams, "fenna")
    at = f"/casus/{hers.id}/bewoners/{sem.id}/ook-elders"
    wrong = fenna.post(at, data={"other_case": "x", "since": "2020-01-01"})
    assert wrong.status_code == 422 and "Kies een huishouden" in wrong.text
    late = fenna.post(at, data={"other_case": his.id, "since": str(clock.today() + timedelta(days=1)), "moved": "ja"})
    assert late.status_code == 422 and 'value="ja" checked' in late.text, "nothing is lost"
    assert fenna.post(at, data={"other_case": his.id, "since": "2020-01-01", "moved": "ja"}).status_code == 302
    page = fenna.get(f"/casus/{hers.id}").text
    assert "Woont hier niet meer sinds 1 januari 2020" in page and "Plein 2" in page
    session = two_teams.clockwork().session
    [there] = session.query(Resident).filter_by(household_id=his.household_id)
    assert (there.name, there.lived_since, there.bsn_sealed) == ("Sem", date(2020, 1, 1), None)
    with pytest.raises(WrongFields):
        record_in_other_home(two_teams.work("fenna"), there.id, OtherHome(his.household_id, clock.today()))
    assert verify(session) == []


def test_destroying_one_household_leaves_nothing_of_it_and_all_of_the_other(two_teams: Town) -> None:
    with clock.standing_at(OPENED):
        fenna = two_teams.work("fenna")
        gone, stays = case_of(two_teams, "fenna", "Zwaluwlaan 1"), case_of(two_teams, "fenna", "Mereldreef 2")
        at_home = gone.household_id
        sem = record_resident(fenna, NewResident(at_home, "Sem Zwaluw", None, "zwaluwzoon", None, "zwaluwweek"))
        oma = add_helper(
            fenna, NewHelper(at_home, "Oma Zwaluw", "family", "zwaluwpost", "Zwaluwzorg", None, "zwaluwbel")
        )
        relate(fenna, NewRelation(at_home, sem.id, "grandchild", f"{OUTSIDE}{oma.id}"))
        there = record_in_other_home(fenna, sem.id, OtherHome(stays.household_id, clock.today()))
        fenna.act_on(Resident, there.id, "change", {"name": "Sem Merel"})
        removed = add_helper(fenna, NewHelper(at_home, "Wim Zwaluw", "friend", "zwaluwkookt"))
        fenna.act_on(Helper, removed.id, "remove", {"why": "zwaluwfout"})
    with clock.standing_at(LATER):
        two_teams.work("fenna").act_on(
            HouseholdCase, gone.id, "stop_early", {"outcome": "partly", "outcome_reason": "Voorbij"}
        )
    list_id, there_id = signed(two_teams), there.id
    carried_out(two_teams, list_id)
    two_teams.close()
    scrub(two_teams.house.database)
    session = two_teams.clockwork().session
    kept = session.get(Resident, there_id)
    assert kept is not None and kept.name == "Sem Merel"
    assert session.query(SamePerson).count() == 0
    told = everything_in(two_teams.house.database)
    leftover = {word for word in re.findall(r"\w*zwaluw\w*", told.lower())}
    assert leftover <= {"zwaluw"}, leftover
    assert "Oma" not in told and "zwaluwpost" not in told
    assert verify(session) == [] and wrong_destructions(session) == []


def test_a_divorce_has_a_day_and_what_was_stays(town: Town) -> None:
    case = case_of(town, "fenna", "Laan 1")
    fenna = town.work("fenna")
    mia, jan = (record_resident(fenna, NewResident(case.household_id, name)) for name in ("Mia", "Jan"))
    browser = client(town, "fenna")
    form = {"resident": mia.id, "relation_kind": "partner", "other": jan.id, "since": "2012-06-01"}
    same = browser.post(f"/casus/{case.id}/relaties", data={**form, "other": mia.id})
    assert same.status_code == 422 and "Kies twee mensen" in same.text
    assert browser.post(f"/casus/{case.id}/relaties", data={**form, "other": ""}).status_code == 422
    assert browser.post(f"/casus/{case.id}/relaties", data=form).status_code == 302
    assert "Mia is partner van Jan, sinds 1 juni 2012" in browser.get(f"/casus/{case.id}").text
    [relation] = town.clockwork().session.query(Relation)
    at = f"/casus/{case.id}/relaties/{relation.id}/stap/end"
    assert browser.post(at, data={"ended_on": "2011-01-01", "version": "1"}).status_code == 422
    done = browser.post(at, data={"ended_on": "2020-03-03", "how_ended": "divorced", "version": "1"})
    assert done.status_code == 302
    page = browser.get(f"/casus/{case.id}").text
    assert "Mia is ex-partner van Jan, sinds 1 juni 2012, voorbij sinds 3 maart 2020" in page
    assert "Dit is voorbij sinds 3 maart 2020: Mia is partner van Jan. Uit elkaar of gescheiden." in page
    assert browser.post(at, data={"ended_on": "2020-03-03", "version": "1"}).status_code == 409
    other = case_of(town, "fenna", "Elders 1")
    assert browser.post(at.replace(case.id, other.id), data={"ended_on": "2020-03-03"}).status_code == 404


def test_a_helper_is_added_corrected_and_stopped_and_counted(town: Town) -> None:
    case = case_of(town, "fenna", "Laan 1")
    fenna = client(town, "fenna")
    form = {"name": "Bo", "kind": "volunteer", "does_what": "Ordent de post", "may_be_called": "ja", "reach": "Dinsdag"}
    empty = fenna.post(f"/casus/{case.id}/hulp", data={**form, "does_what": ""})
    assert empty.status_code == 422 and 'value="Bo"' in empty.text
    assert "Zet hier geen BSN" in fenna.post(f"/casus/{case.id}/hulp", data={**form, "reach": "123456782"}).text
    assert fenna.post(f"/casus/{case.id}/hulp", data=form).status_code == 302
    page = fenna.get(f"/casus/{case.id}").text
    assert "2 helpers rond dit huishouden" in page and "het huishouden mag zelf bellen" in page
    [helper] = town.clockwork().session.query(Helper)
    at = f"/casus/{case.id}/hulp/{helper.id}"
    assert "Ordent de post" in fenna.get(at).text
    changed = {**form, "does_what": "Ordent de post en belt", "version": "1"}
    assert fenna.post(f"{at}/stap/change", data=changed).status_code == 302
    assert fenna.post(f"{at}/stap/stop", data={"until": "2999-01-01", "version": "2"}).status_code == 422
    assert fenna.post(f"{at}/stap/stop", data={"until": str(clock.today()), "version": "2"}).status_code == 302
    page = fenna.get(f"/casus/{case.id}").text
    assert "1 helper rond dit huishouden" in page and "Wie hielp (1)" in page
    with pytest.raises(Blocked):
        relate(
            town.work("fenna"),
            NewRelation(case.household_id, "zzzzzzzzzzzz", "partner", f"{OUTSIDE}{helper.id}"),
        )


def test_in_the_picture_parents_stand_above_children_and_no_name_becomes_markup() -> None:
    hostile = '"><script>alert(1)</script>'
    figures = [
        Figure("kind", "Sem", "zoon", True),
        Figure("ouder", hostile, hostile, True),
        Figure("oma", "Oma", "", False),
        Figure("los", "Los & vast", "", False),
    ]
    ties = [
        Tie("ouder", "kind", "parent", "ouder", True),
        Tie("ouder", "oma", "child", "kind", True),
        Tie("kind", "los", "partner", hostile, False),
    ]
    drawn = str(draw(figures, ties))
    assert "<script" not in drawn and "&lt;script" in drawn and "style=" not in drawn
    rows = {
        name: int(y) for y, name in re.findall(r'y="(\d+)" text-anchor="middle" font-size="14"[^>]*>([^<]*)<', drawn)
    }
    top, bottom = rows["Oma"], rows["Sem"]
    middle = next(y for name, y in rows.items() if "script" in name)
    assert top < middle < bottom and abs(rows["Los &amp; vast"] - bottom) < 20
