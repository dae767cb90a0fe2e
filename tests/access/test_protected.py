"""An extra-protected case is read by its named readers, and by nobody else on whatever ground."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.access.test_break_glass import ground, opened
from tests.conftest import Town
from tests.signed_in import client
from wijkteam.access.grounds import Ground
from wijkteam.access.lasting import named_ids
from wijkteam.access.model import NamedReader, Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.outcomes import Blocked, NotOpen, Refused
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.model import Notice
from wijkteam.events.verification import verify
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track


def number(town: Town, name: str) -> int:
    found = people.person_by_email(town.clockwork().session, f"{name}@voorbeeldstad.example")
    assert found is not None
    return found.id


def protected(town: Town, by: str = "fenna") -> HouseholdCase:
    case = opened(town, "Stille laan 2")
    town.work(by).act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})
    return case


def test_only_named_readers_read_it_and_team_and_ladder_do_not(town: Town) -> None:
    case = opened(town, "Stille laan 2")
    asked = escalate(
        town.work("fenna"), NewEscalation(case.id, case.team_id, "Hulp nu", "safety", safety_at_stake=True)
    )
    assert ground(town, "sam.1", case) is Ground.TEAM and ground(town, "petra", case) is Ground.ESCALATION
    town.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})
    assert ground(town, "fenna", case) is Ground.NAMED
    for name in ("sam.1", "teun", "petra", "mo", "pia"):
        town.close()
        assert ground(town, name, case) is None, name
        assert client(town, name).get(f"/casus/{case.id}").status_code == 404
    page = client(town, "petra").get(f"/opschalingen/{asked.id}")
    assert page.status_code == 200 and "Afgeschermde casus" in page.text
    assert "Stille laan" not in page.text and f"/casus/{case.id}" not in page.text
    answer = {"answer": "Ja", "next_step": "Bellen", "next_step_on": clock.today()}
    assert town.work("petra").act_on(Escalation, asked.id, "answer", answer).state == "answered"


def test_a_request_about_it_can_be_answered_without_the_household(town: Town) -> None:
    case = protected(town)
    new = AskedDecision("tailored_budget", 200_000, "Nodig", case.id, case.household_id, case.team_id)
    request = request_mandate(town.work("fenna"), new)
    page = client(town, "teun").get(f"/mandaatverzoeken/{request.id}")
    assert page.status_code == 200 and "Afgeschermde casus" in page.text and "Stille laan" not in page.text


def test_whoever_may_no_longer_read_it_is_told_nothing_of_it(town: Town) -> None:
    case = protected(town)
    town.work("fenna").act_on(
        HouseholdCase, case.id, "lose_contact", {"contact_tried": "x", "next_step": "x", "next_step_on": clock.today()}
    )
    told = select(Notice.person_id).where(Notice.subject_id == case.id)
    assert town.clockwork().session.scalars(told).all() == [], "the team lead is not named"


def test_a_privacy_officer_protects_by_number_and_sees_no_household_until_named(town: Town) -> None:
    case = opened(town, "Stille laan 2")
    pia = client(town, "pia")
    assert pia.get(f"/afscherming?casus={case.id.upper()}").location.endswith(f"/casus/{case.id}/afscherming")
    page = pia.get(f"/casus/{case.id}/afscherming")
    assert page.status_code == 200 and "Stille laan" not in page.text
    form = {"protected_why": "Een bekend persoon.", "version": "1"}
    assert pia.post(f"/casus/{case.id}/afscherming/stap/protect", data=form).status_code == 302
    assert sorted(named_ids(town.clockwork().session, case.id)) == sorted([number(town, "fenna"), number(town, "pia")])
    assert case.id in pia.get("/afscherming").text
    assert client(town, "sam.1").get("/afscherming").status_code == 404
    assert client(town, "sam.1").get(f"/casus/{case.id}/afscherming").status_code == 404
    assert pia.post(f"/casus/{case.id}/afscherming/stap/close", data={}).status_code == 404


def test_readers_are_named_and_removed_on_its_page_and_its_owner_always_stays(town: Town) -> None:
    case = protected(town)
    browser, path = client(town, "fenna"), f"/casus/{case.id}/afscherming"
    assert browser.post(f"{path}/stap/name_reader", data={"reader": str(number(town, "sam.1"))}).status_code == 302
    assert ground(town, "sam.1", case) is Ground.NAMED and "Sam Steun" in browser.get(path).text
    assert client(town, "sam.1").get(f"/casus/{case.id}").status_code == 200
    refused = browser.post(f"{path}/stap/remove_reader", data={"reader": str(number(town, "fenna"))})
    assert refused.status_code == 422 and "werkt aan de casus" in refused.text
    assert browser.post(f"{path}/stap/remove_reader", data={"reader": str(number(town, "sam.1"))}).status_code == 302
    assert ground(town, "sam.1", case) is None


def test_who_takes_it_over_is_named_and_who_declines_is_not_any_more(town: Town) -> None:
    case = protected(town)
    town.work("fenna").act_on(
        HouseholdCase, case.id, "hand_over", {"new_owner": number(town, "sam.1"), "handover": "Rustig."}
    )
    assert ground(town, "sam.1", case) is Ground.NAMED
    town.work("sam.1").act_on(HouseholdCase, case.id, "decline_transfer", {"why_not": "Te druk."})
    assert ground(town, "sam.1", case) is None


def test_after_protection_ends_the_usual_grounds_hold_and_nobody_is_named_any_more(town: Town) -> None:
    case = protected(town)
    town.work("pia").act_on(HouseholdCase, case.id, "unprotect", {"why_open": "Niet meer nodig."})
    assert ground(town, "sam.1", case) is Ground.TEAM
    assert named_ids(town.clockwork().session, case.id) == []


def test_of_two_who_name_a_reader_at_once_nobody_is_named_twice(town: Town) -> None:
    case = protected(town)
    ready, outcomes, sam = threading.Barrier(2), [], number(town, "sam.1")
    works = [town.work("fenna"), town.work("pia")]

    def act(which: int) -> None:
        ready.wait()
        try:
            works[which].act_on(HouseholdCase, case.id, "name_reader", {"reader": sam})
            outcomes.append("named")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=act, args=(which,)) for which in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["named", "refused"]
    rows = select(NamedReader).where(NamedReader.case_id == case.id, NamedReader.person_id == sam)
    assert len(town.clockwork().session.scalars(rows).all()) == 1


def test_a_bestuurder_reads_what_is_put_to_them_and_never_the_household(town: Town) -> None:
    case = opened(town, "Geheimstraat 7")
    asked = escalate(town.work("fenna"), NewEscalation(case.id, case.team_id, "Een woning", "housing"))
    for name in ("teun", "petra", "mo"):
        town.work(name).act_on(Escalation, asked.id, "pass_up", {"why": "Te groot."})
    bea = client(town, "bea")
    page = bea.get(f"/opschalingen/{asked.id}")
    assert page.status_code == 200 and "Een woning" in page.text and "Een huishouden" in page.text
    assert "Geheimstraat" not in page.text and f"/casus/{case.id}" not in page.text
    assert bea.get(f"/casus/{case.id}").status_code == 404 and ground(town, "bea", case) is None
    assert ground(town, "mo", case) is Ground.ESCALATION, "who answered below still reads it"
    back = {"deviation": "Voorrang.", "valid_until": clock.today().isoformat()}
    assert bea.post(f"/opschalingen/{asked.id}/rugdekking", data=back).status_code == 302


def test_a_closed_case_is_protected_and_opened_again_by_who_may_do_so_today(town: Town) -> None:
    case = opened(town, "Stille laan 2")
    town.work("fenna").act_on(HouseholdCase, case.id, "stop_early", {"outcome": "partly", "outcome_reason": "Klaar"})
    assert ground(town, "sam.1", case) is Ground.TEAM
    path = f"/casus/{case.id}/afscherming"
    pia, sam = client(town, "pia"), client(town, "sam.1")
    wrong = sam.post(f"{path}/stap/protect", data={"protected_why": "Zomaar"})
    assert wrong.status_code == 422 and ground(town, "sam.1", case) is Ground.TEAM
    assert pia.post(f"{path}/stap/protect", data={"protected_why": "Een bekend persoon."}).status_code == 302
    town.close()
    assert ground(town, "sam.1", case) is None and ground(town, "fenna", case) is Ground.NAMED
    assert sam.get(f"/casus/{case.id}").status_code == 404
    assert "Gesloten" in client(town, "fenna").get(f"/casus/{case.id}").text
    reader = {"reader": str(number(town, "sam.1"))}
    assert pia.post(f"{path}/stap/name_reader", data=reader).status_code == 302
    town.close()
    assert ground(town, "sam.1", case) is Ground.NAMED
    assert pia.post(f"{path}/stap/unprotect", data={"why_open": "Niet meer nodig"}).status_code == 302
    town.close()
    session = town.clockwork().session
    again = session.get_one(HouseholdCase, case.id)
    assert again.state == "closed" and again.protected_why is None and verify(session) == []
    with pytest.raises(NotOpen):
        town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": "Toch nog"})


def test_who_works_on_a_track_of_it_is_a_named_reader_first(town: Town) -> None:
    case = protected(town)
    sam = number(town, "sam.1")
    new = NewTrack(case.id, case.team_id, "housing", "Rust", "Bellen", clock.today(), sam)
    with pytest.raises(Blocked, match="Let Fenna Fictief add a reader first"):
        begin_track(town.work("fenna"), new)
    track = begin_track(town.work("fenna"), replace(new, worker=None))
    hand = {"worker": sam, "next_step": "Bellen", "next_step_on": clock.today()}
    refused = client(town, "fenna").post(f"/sporen/{track.id}/stap/hand_to", data=hand)
    assert refused.status_code == 422 and "leest deze afgeschermde casus niet" in refused.text
    with pytest.raises(Blocked):
        begin_track(town.work("noa.1"), replace(new, worker=None))
    town.work("fenna").act_on(HouseholdCase, case.id, "name_reader", {"reader": sam})
    assert client(town, "fenna").post(f"/sporen/{track.id}/stap/hand_to", data=hand).status_code == 302
    town.close()
    rows = town.clockwork().session.scalars(select(Reading).where(Reading.case_id == case.id)).all()
    assert rows == [], "what was refused was not read"
    client(town, "sam.1").get(f"/sporen/{track.id}")
    town.close()
    read = town.clockwork().session.scalars(select(Reading).where(Reading.case_id == case.id)).one()
    assert (read.subject_kind, read.subject_id) == ("track", track.id), "the log says which part was read"
