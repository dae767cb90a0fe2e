"""Residents of a case: who may record and read what, and where a number never comes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from tests.conftest import Town
from tests.residents.conftest import NUMBER, OTHER, case_of
from tests.signed_in import client
from wijkteam.access.by_bsn import AskedLookUp, BsnGates, cases_by_bsn
from wijkteam.access.model import NamedReader, Reading
from wijkteam.assembly import House
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, NotYours
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.contents import contents_of
from wijkteam.events.queries import events_of
from wijkteam.events.verification import verify
from wijkteam.residents.model import BsnLookUp, Resident
from wijkteam.residents.queries import residents_of
from wijkteam.residents.service import GivenBsn, NewResident, erase_resident, opened_bsn, record_resident, set_bsn
from wijkteam.terms import clock

ON_A_GROUND = {"bsn_ground": "wgs", "bsn_purpose": "Aanvraag schuldhulp"}


def given(number: str = NUMBER) -> GivenBsn:
    return GivenBsn(number, "wgs", "Aanvraag schuldhulp")


def with_bsn(town: Town, case: HouseholdCase, number: str = NUMBER, by: str = "fenna") -> Resident:
    resident = record_resident(town.work(by), NewResident(case.household_id, "Jo Voorbeeld", "1980-05-01", "moeder"))
    return set_bsn(town.work(by), town.house.key_ring, resident.id, given(number))


def gates(house: House) -> BsnGates:
    return BsnGates(house.grounds, house.bsn_grounds, house.key_ring)


def asked(number: str = NUMBER) -> AskedLookUp:
    return AskedLookUp(number, "wgs", "Aanvraag schuldhulp")


def everything_stored(town: Town) -> str:
    """All that stands in the database, as text."""
    session = town.clockwork().session
    tables = Resident.metadata.sorted_tables
    return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


def test_a_number_is_kept_sealed_and_stands_nowhere_else(two_teams: Town) -> None:
    resident = with_bsn(two_teams, case_of(two_teams, "fenna"))
    stored = everything_stored(two_teams)
    assert NUMBER not in stored and NUMBER[3:] not in stored
    kept = two_teams.clockwork().session.get(Resident, resident.id)
    assert kept is not None and opened_bsn(two_teams.house.key_ring, kept) == NUMBER
    assert verify(two_teams.clockwork().session) == []


def test_events_tell_that_it_was_set_changed_and_removed_and_never_which(two_teams: Town) -> None:
    resident = with_bsn(two_teams, case_of(two_teams, "fenna"))
    fenna, ring = two_teams.work("fenna"), two_teams.house.key_ring
    set_bsn(fenna, ring, resident.id, given(OTHER))
    fenna.act_on(Resident, resident.id, "remove_bsn", {"why": "Niet nodig"})
    session = two_teams.clockwork().session
    events = events_of(session, "resident", resident.id)
    assert [each.name for each in events] == ["open", "set_bsn", "set_bsn", "remove_bsn"]
    told = [repr(contents_of(each)) for each in events]
    assert "wgs" in told[1]
    kept = session.get(Resident, resident.id)
    assert kept is not None and (kept.bsn_sealed, kept.bsn_index, kept.bsn_ground) == (None, None, None)
    for each in told:
        assert "bsn_sealed" not in each and "bsn_index" not in each
        assert NUMBER not in each and OTHER not in each
    assert verify(session) == []


def test_a_number_needs_a_ground_in_force_and_somebody_who_works_on_the_case(two_teams: Town) -> None:
    case, ring = case_of(two_teams, "fenna"), two_teams.house.key_ring
    resident = record_resident(two_teams.work("sam.1"), NewResident(case.household_id, "Jo"))
    fenna = two_teams.work("fenna")
    for wrong in (GivenBsn(NUMBER, "", "Iets"), GivenBsn(NUMBER, "wgs", " "), GivenBsn(NUMBER, "zomaar", "Iets")):
        with pytest.raises(WrongFields):
            set_bsn(fenna, ring, resident.id, wrong)
    with clock.standing_at(datetime(2020, 6, 1, tzinfo=UTC)), pytest.raises(Blocked):
        set_bsn(fenna, ring, resident.id, given())
    for wrong_number in ("000000000", "123456789", "", "12"):
        with pytest.raises(WrongFields) as refused:
            set_bsn(fenna, ring, resident.id, given(wrong_number))
        assert not wrong_number or wrong_number not in str(refused.value)
    with pytest.raises(Blocked):
        set_bsn(fenna, ring, resident.id, GivenBsn(NUMBER, "wgs", f"Schuldhulp voor {NUMBER}"))
    with pytest.raises(Blocked):
        record_resident(fenna, NewResident(case.household_id, f"Jo ({NUMBER})"))
    for outsider in ("sam.2", "petra", "bea", "gijs", "pia"):
        with pytest.raises(NotYours):
            set_bsn(two_teams.work(outsider), ring, resident.id, given())
    kept = two_teams.clockwork().session.get(Resident, resident.id)
    assert kept is not None and kept.bsn_sealed is None


def test_the_number_of_one_resident_put_in_the_row_of_another_does_not_open(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    one, other = with_bsn(two_teams, case), with_bsn(two_teams, case, OTHER)
    with two_teams.clockwork().transaction() as session:
        move = text(
            "UPDATE resident SET bsn_sealed = (SELECT bsn_sealed FROM resident WHERE id = :one) WHERE id = :other"
        )
        session.execute(move, {"one": one.id, "other": other.id})
    page = client(two_teams, "fenna").post(f"/casus/{case.id}/bewoners/{other.id}/bsn-tonen")
    assert page.status_code == 422 and NUMBER not in page.text and OTHER not in page.text
    assert "kan nu niet gelezen worden" in client(two_teams, "fenna").get(f"/casus/{case.id}").text


def add(browser: FlaskClient, case: HouseholdCase, **fields: str) -> Any:
    return browser.post(f"/casus/{case.id}/bewoners", data=fields)


def test_adding_correcting_and_removing_by_the_pages(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    fenna = client(two_teams, "fenna")
    assert add(fenna, case, name="", role="zoon").status_code == 422
    assert 'value="zoon"' in add(fenna, case, name="", role="zoon").text, "what was typed is kept"
    assert add(fenna, case, name="Jo", birth_date="2999-01-01").status_code == 422
    assert add(fenna, case, name="Jo Voorbeeld", role="zoon").status_code == 302
    [resident] = residents_of(two_teams.clockwork().session, case.household_id)
    page = f"/casus/{case.id}/bewoners/{resident.id}"
    assert "Jo Voorbeeld" in fenna.get(f"/casus/{case.id}").text
    wrong = fenna.post(f"{page}/bsn", data={"bsn": "123456789", "version": "1", **ON_A_GROUND})
    assert wrong.status_code == 422 and "Dit is geen BSN" in wrong.text
    assert fenna.post(f"{page}/bsn", data={"bsn": "1234.56.782", "version": "1", **ON_A_GROUND}).status_code == 302
    stale = fenna.post(f"{page}/bsn", data={"bsn": OTHER, "version": "1", **ON_A_GROUND})
    assert stale.status_code == 409
    for seen in (fenna.get(page).text, fenna.get(f"/casus/{case.id}").text):
        assert "•••••• 782" in seen and NUMBER not in seen
    assert fenna.post(f"{page}/stap/change", data={"name": "Jo van Dam", "version": "2"}).status_code == 302
    assert fenna.post(f"{page}/stap/set_bsn", data={**ON_A_GROUND}).status_code == 404, "a number has its own way"
    assert fenna.post(f"{page}/stap/erase", data={"why": "x"}).status_code == 404
    assert fenna.post(f"{page}/stap/remove", data={"why": "Vergissing"}).status_code == 302
    assert "Jo van Dam" not in fenna.get(f"/casus/{case.id}").text
    assert fenna.get(page).status_code == 200


def test_the_number_is_shown_in_full_only_on_request_and_that_is_logged_as_a_reading(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    resident = with_bsn(two_teams, case)
    page = f"/casus/{case.id}/bewoners/{resident.id}/bsn-tonen"
    assert client(two_teams, "teun").get(page).status_code == 405
    shown = client(two_teams, "teun").post(page)
    assert NUMBER in shown.text and shown.headers["Cache-Control"] == "no-store"
    [reading] = two_teams.clockwork().session.scalars(select(Reading).where(Reading.what == "bsn"))
    assert (reading.case_id, reading.ground) == (case.id, "team")


def test_who_reads_a_case_on_another_ground_than_working_on_it_sees_no_part_of_a_number(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    resident = with_bsn(two_teams, case)
    danger = NewEscalation(case.id, case.team_id, "Hulp nu", "safety", safety_at_stake=True)
    escalate(two_teams.work("fenna"), danger)
    petra = client(two_teams, "petra")
    page = petra.get(f"/casus/{case.id}")
    assert page.status_code == 200 and "Jo Voorbeeld" in page.text
    assert "BSN" not in page.text and "782" not in re.sub(r'name="(?:csrf_token|sending)" value="[^"]*"', "", page.text)
    at = f"/casus/{case.id}/bewoners/{resident.id}"
    assert petra.get(at).status_code == petra.post(f"{at}/bsn-tonen").status_code == 404
    assert petra.post(f"{at}/bsn", data={"bsn": OTHER, **ON_A_GROUND}).status_code == 404
    assert add(petra, case, name="Nog een").status_code == 404


def test_a_resident_is_found_under_no_other_case_and_by_nobody_else(two_teams: Town) -> None:
    case, elsewhere = case_of(two_teams, "fenna"), case_of(two_teams, "fenna")
    resident = with_bsn(two_teams, case)
    fenna = client(two_teams, "fenna")
    assert fenna.get(f"/casus/{elsewhere.id}/bewoners/{resident.id}").status_code == 404
    assert fenna.post(f"/casus/{elsewhere.id}/bewoners/{resident.id}/bsn-tonen").status_code == 404
    for name in ("sam.2", "bea", "gijs", None):
        two_teams.close()
        browser = client(two_teams, name)
        for way in ("", "/bsn", "/bsn-tonen", "/stap/remove"):
            at = f"/casus/{case.id}/bewoners/{resident.id}{way}"
            answer = browser.post(at) if way else browser.get(at)
            assert answer.status_code == (404 if name else 401 if way else 302)


def test_looking_up_finds_a_case_for_who_works_on_it_and_the_same_nothing_for_all_others(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    with_bsn(two_teams, case)
    form = {"bsn": "123 456 782", **ON_A_GROUND}
    assert case.id in client(two_teams, "sam.1").post("/zoeken-op-bsn", data=form).text
    hidden = client(two_teams, "sam.2").post("/zoeken-op-bsn", data=form)
    nobody = client(two_teams, "sam.2").post("/zoeken-op-bsn", data={**form, "bsn": OTHER})
    plain = [re.sub(r'name="(?:csrf_token|sending)" value="[^"]*"', "", each.text) for each in (hidden, nobody)]
    assert plain[0] == plain[1] and hidden.status_code == nobody.status_code == 200
    assert "Niet gevonden" in plain[0] and NUMBER not in plain[0]
    for name in ("bea", "petra", "gijs", "ada", "pia"):
        assert client(two_teams, name).post("/zoeken-op-bsn", data=form).status_code == 404
    logged = two_teams.clockwork().session.scalars(select(BsnLookUp).order_by(BsnLookUp.id)).all()
    assert [(each.ground, each.found) for each in logged] == [("wgs", True), ("wgs", False), ("wgs", False)]


def test_a_hidden_case_and_no_case_ask_the_database_the_same(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    with_bsn(two_teams, case)
    with two_teams.clockwork().transaction() as session:
        protected = session.get(HouseholdCase, case.id)
        assert protected is not None
        protected.protected_why = "Huishouden van een collega"

    def statements(name: str, number: str) -> tuple[list[str], int]:
        said: list[str] = []
        work = two_teams.work(name)
        listen = (two_teams.house.database, "before_cursor_execute")

        def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said.append(re.sub(r"IN \((?:[^()]|\([^)]*\))*\)", "IN (…)", statement))

        event.listen(*listen, hear)
        found = cases_by_bsn(work, gates(two_teams.house), asked(number))
        event.remove(*listen, hear)
        return said, len(found)

    for name in ("sam.1", "sam.2"):  # of the team but not named, and of another team
        assert statements(name, NUMBER) == statements(name, OTHER)
    with two_teams.clockwork().transaction() as session:
        fenna = two_teams.work("fenna").actor.person_id
        session.add(NamedReader(case_id=case.id, person_id=fenna, named_by=fenna, named_at=clock.now()))
    assert statements("fenna", NUMBER)[1] == 1, "who is named and works on it finds it"


def test_looking_up_needs_a_ground_and_a_purpose_and_stops_after_thirty_an_hour(two_teams: Town) -> None:
    case_of(two_teams, "fenna")
    fenna = two_teams.work("fenna")
    for wrong in (
        AskedLookUp("1", "wgs", "x"),
        AskedLookUp(NUMBER, "", "x"),
        AskedLookUp(NUMBER, "wgs", " "),
        AskedLookUp(OTHER, "wgs", OTHER),
    ):
        with pytest.raises(WrongFields):
            cases_by_bsn(fenna, gates(two_teams.house), wrong)
    for _ in range(30):
        assert cases_by_bsn(fenna, gates(two_teams.house), asked()) == []
    with pytest.raises(WrongFields):
        cases_by_bsn(fenna, gates(two_teams.house), asked())
    assert cases_by_bsn(two_teams.work("teun"), gates(two_teams.house), asked()) == []
    with clock.standing_at(clock.now() + timedelta(hours=2)):
        assert cases_by_bsn(fenna, gates(two_teams.house), asked()) == []


def test_erasing_leaves_nothing_of_who_it_was_and_keeps_the_chain_whole(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    stays, goes = with_bsn(two_teams, case, OTHER), with_bsn(two_teams, case)
    two_teams.work("fenna").act_on(Resident, goes.id, "change", {"name": "Jo Anders", "role": "huurder"})
    removed = record_resident(two_teams.work("fenna"), NewResident(case.household_id, "Wim Weg"))
    two_teams.work("fenna").act_on(Resident, removed.id, "remove", {"why": "Vergissing"})
    for each in (goes, removed):
        erase_resident(two_teams.work("ada"), each.id, "Bewaartermijn voorbij")
    stored = everything_stored(two_teams)
    for word in ("Jo Anders", "huurder", "Wim Weg"):
        assert word not in stored
    session = two_teams.clockwork().session
    assert [each.id for each in residents_of(session, case.household_id)] == [stays.id]
    assert verify(session) == []
    with pytest.raises(LookupError):
        erase_resident(two_teams.work("ada"), "zzzzzzzzzzzz", "Weg")


def test_without_a_key_ring_a_case_works_on_and_a_number_gives_one_clear_line(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    resident = with_bsn(two_teams, case)
    path = two_teams.house.key_ring.path
    assert path is not None
    path.unlink()
    fenna = client(two_teams, "fenna")
    at = f"/casus/{case.id}/bewoners/{resident.id}"
    assert "kan nu niet gelezen worden" in fenna.get(f"/casus/{case.id}").text
    assert fenna.get(at).status_code == 200
    assert fenna.post(f"{at}/bsn-tonen").status_code == 422
    kept = fenna.post(f"{at}/bsn", data={"bsn": OTHER, "version": "2", **ON_A_GROUND})
    assert kept.status_code == 422 and "Vraag de beheerder" in kept.text
    assert fenna.post("/zoeken-op-bsn", data={"bsn": OTHER, **ON_A_GROUND}).status_code == 422
    assert fenna.post(f"{at}/stap/remove_bsn", data={"why": "Weg"}).status_code == 302


def test_a_number_in_a_free_text_gives_a_warning_and_blocks_nothing(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    fenna = client(two_teams, "fenna")
    assert "Staat hier een BSN?" not in fenna.get(f"/casus/{case.id}").text
    note = {"note": f"Moeder heeft {NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}", "version": "1"}
    assert fenna.post(f"/casus/{case.id}/stap/add_note", data=note).status_code == 302
    assert "Staat hier een BSN? Kijk bij: Wat er gebeurde" in fenna.get(f"/casus/{case.id}").text
    plan = {"next_step": f"Bel over {NUMBER}", "next_step_on": str(clock.today()), "version": "2"}
    assert fenna.post(f"/casus/{case.id}/stap/change_next_step", data=plan).status_code == 302
    assert "Kijk bij: Volgende stap" in fenna.get(f"/casus/{case.id}").text
