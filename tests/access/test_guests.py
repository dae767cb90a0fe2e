"""A guest reads the one case that is shared, for its days, on a legal ground that is written down; and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.access.test_break_glass import ground, opened
from tests.conftest import Town
from tests.signed_in import client
from wijkteam.access.grounds import Ground
from wijkteam.access.model import GuestAccess, Reading
from wijkteam.access.sharing import NewShare, share_case
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.outcomes import Blocked
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.people import service as people_service
from wijkteam.rulebook import read_sharing, workflow_folders
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track


@pytest.fixture
def case(town: Town) -> Iterator[HouseholdCase]:
    yield opened(town, "Geheimstraat 7")


def guest_id(town: Town) -> int:
    found = people.person_by_email(town.clockwork().session, "gijs@voorbeeldstad.example")
    assert found is not None
    return found.id


def share(town: Town, case: HouseholdCase, first: int = 0, last: int = 10, **other: object) -> GuestAccess:
    today = clock.today()
    new = NewShare(
        case.id,
        guest_id(town),
        "Samen een plan maken.",
        "debt_help",
        "Plan en schulden.",
        "Hij regelt de schulden.",
        today + timedelta(days=first),
        today + timedelta(days=last),
        today,
    )
    return share_case(town.work("fenna"), replace(new, **other))


def test_a_guest_reads_the_case_from_its_first_to_its_last_day_also_when_no_worker_runs(
    town: Town, case: HouseholdCase
) -> None:
    now = clock.now()
    with clock.standing_at(now):
        share(town, case, 2, 5)
    for days, reads in ((0, False), (2, True), (5, True), (6, False)):
        with clock.standing_at(now + timedelta(days=days)):
            assert (ground(town, "gijs", case) is Ground.GUEST) == reads, days
    with clock.standing_at(now + timedelta(days=6)):
        do_due_work(town.clockwork())
    assert town.clockwork().session.scalars(select(GuestAccess.state)).one() == "ended"


def test_a_guest_sees_the_heart_of_the_case_and_no_notes_requests_or_decisions(town: Town, case: HouseholdCase) -> None:
    fenna = town.work("fenna")
    fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "BSN 123456782"})
    begin_track(fenna, NewTrack(case.id, case.team_id, "housing", "Hier blijven wonen.", "Bellen", clock.today()))
    asked = AskedDecision("tailored_budget", 900_000, "Verzoekje", case.id, case.household_id, case.team_id)
    request = request_mandate(fenna, asked)
    shared = share(town, case)
    browser = client(town, "gijs")
    page = browser.get(f"/casus/{case.id}").text
    assert "Geheimstraat 7" in page and "Bellen" in page and "Hier blijven wonen." in page
    for hidden in ("123456782", "Verzoekje", "9.000", "/stap/", "/mandaatverzoeken", "/opschalingen"):
        assert hidden not in page, hidden
    assert "Geheimstraat 7" in browser.get("/").text
    assert "debt" not in page and "Samen een plan maken." in browser.get(f"/gedeeld/{shared.id}").text
    readings = town.clockwork().session.scalars(select(Reading.ground)).all()
    assert set(readings) == {"guest"}
    assert browser.get(f"/mandaatverzoeken/{request.id}").status_code == 404


PATHS = (
    "/casussen",
    "/mandaatverzoeken",
    "/opschalingen",
    "/signalen",
    "/verslag",
    "/register",
    "/doorbraken",
    "/glas-breken",
)


def test_a_guest_opens_no_list_and_takes_no_step(town: Town, case: HouseholdCase) -> None:
    shared = share(town, case)
    browser = client(town, "gijs")
    for path in (*PATHS, f"/casus/{case.id}/gedeeld", f"/casus/{case.id}/afscherming", f"/casus/{case.id}/opschalen"):
        assert browser.get(path).status_code == 404, path
    for path in (f"/casus/{case.id}/stap/add_note", f"/gedeeld/{shared.id}/stap/stop", f"/casus/{case.id}/mandaat"):
        assert browser.post(path, data={"note": "x", "why": "x"}).status_code == 404, path
    other = opened(town, "Andere straat 1")
    assert browser.get(f"/casus/{other.id}").status_code == 404


def test_who_is_a_guest_and_works_here_too_keeps_what_that_gives(town: Town, case: HouseholdCase) -> None:
    work = town.clockwork()
    with work.transaction():
        sam = people.person_by_email(work.session, "sam.1@voorbeeldstad.example")
        people_service.give_function(work, sam, "guest", None, date(2020, 1, 1))
    assert client(town, "sam.1").get("/casussen").status_code == 200
    assert ground(town, "sam.1", case) is Ground.TEAM


def test_the_owner_shares_on_the_page_and_sees_all_shares_also_those_that_ended(
    town: Town, case: HouseholdCase
) -> None:
    browser = client(town, "fenna")
    page = browser.get(f"/casus/{case.id}/gedeeld").text
    assert "art. 8" in page and "wams_coordinated" not in page and "oestemming" not in page
    today = clock.today()
    form = {
        "guest": str(guest_id(town)),
        "purpose": "Samen een plan.",
        "ground": "debt_help",
        "categories": "Plan.",
        "necessity": "Hij regelt de schulden.",
        "first_day": today.isoformat(),
        "last_day": today.isoformat(),
    }
    wrong = browser.post(f"/casus/{case.id}/gedeeld", data=form)
    assert wrong.status_code == 422 and "Een van de twee." in wrong.text and "Samen een plan." in wrong.text
    form["not_informed_why"] = "Dan wordt het thuis onveilig."
    assert browser.post(f"/casus/{case.id}/gedeeld", data=form).status_code == 302
    shared = town.clockwork().session.scalars(select(GuestAccess)).one()
    assert browser.post(f"/gedeeld/{shared.id}/stap/stop", data={"why": "Klaar.", "version": "1"}).status_code == 302
    listed = browser.get(f"/casus/{case.id}/gedeeld").text
    assert "Gijs Gast" in listed and "Niet meer gedeeld" in listed and "schuldhulpverlening" in listed
    assert ground(town, "gijs", case) is None
    assert "Geheimstraat" not in client(town, "gijs").get(f"/gedeeld/{shared.id}").text, "he reads that it ended"


def test_a_law_can_be_chosen_on_the_days_on_which_it_is_in_force(town: Town, case: HouseholdCase) -> None:
    table = read_sharing(workflow_folders())
    wams = table.ground("wams_coordinated")
    assert wams is not None and not wams.holds_on(clock.today())
    on = replace_ground = wams.model_copy(update={"valid_from": clock.today()})
    assert on.holds_on(clock.today()) and not replace_ground.holds_on(clock.today() - timedelta(days=1))
    with pytest.raises(Blocked):
        share(town, case, ground="wams_coordinated")
    assert not any("consent" in each.title.en.lower() for each in table.grounds)


def test_a_shared_case_that_is_protected_is_read_by_no_guest(town: Town, case: HouseholdCase) -> None:
    shared = share(town, case)
    town.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})
    browser = client(town, "gijs")
    assert browser.get(f"/casus/{case.id}").status_code == 404
    assert "Geheimstraat" not in browser.get("/").text + browser.get(f"/gedeeld/{shared.id}").text
