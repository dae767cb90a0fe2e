"""My work in three groups, what each of my team has in hand, and people by what they want to help with."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from tests.access.matrix.dossiers import two_teams
from tests.conftest import Town
from tests.escalation.town import away, number
from tests.search.test_finding import opened, statements
from tests.signed_in import client
from wijkteam.caseload.queries import loads
from wijkteam.caseload.rules import CaseloadRule
from wijkteam.cases.model import HouseholdCase
from wijkteam.cli import main
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.wall.reader import reader_of


def group(page: str, heading: str) -> str:
    found = re.search(rf'id="{heading}".*?</section>', page, re.DOTALL)
    assert found is not None
    return found.group()


def test_what_others_have_to_do_says_who_has_it_and_by_when_and_what_is_nearly_late_stands_apart(town: Town) -> None:
    case = opened(town, "Kade 3")
    new = NewTrack(case.id, case.team_id, "finance", "Rust", "Post ordenen", clock.today(), number(town, "kim.1"))
    begin_track(town.work("fenna"), new)
    escalate(town.work("fenna"), NewEscalation(case.id, case.team_id, "Is er een woning?", "housing"))
    asked = AskedDecision("tailored_budget", 180_000, "Bedden", case.id, case.household_id, case.team_id)
    request_mandate(town.work("fenna"), asked)
    page = client(town, "fenna").get("/").get_data(as_text=True)
    waiting = group(page, "asked")
    assert "Ligt bij: Kim Keuken-1. Post ordenen" in waiting
    assert waiting.count("Teun Teamleider") == 2 and "Is er een woning?" in waiting
    assert "Kade 3" in group(page, "now") and "Kade 3" in group(page, "late"), "two working days to see who is safe"
    with clock.standing_at(clock.now() - timedelta(days=60)):
        early = client(town, "fenna").get("/").get_data(as_text=True)
        assert "De komende 7 dagen loopt er geen termijn van u af." in group(early, "late")
    assert "U wacht op niemand." in group(client(town, "kim.1").get("/").get_data(as_text=True), "asked")


def test_my_work_asks_the_database_no_more_for_much_work_than_for_some(town: Town) -> None:
    fenna = client(town, "fenna")

    def asked() -> int:
        fenna.get("/")
        with statements(town) as seen:
            fenna.get("/")
        return len(seen)

    opened(town, "Kade 0")
    few = asked()
    for nr in range(1, 9):
        opened(town, f"Kade {nr}")
        town.close()
    assert asked() == few


def test_a_load_is_weighed_by_the_rule_and_shown_by_name_and_of_what_one_may_not_read_nothing_counts(
    town: Town,
) -> None:
    two_teams(town)
    rule = CaseloadRule(states={"unsafe": 3.0}, case=1.0, open_track_in_case=0.25, open_escalation=0.5, own_track=0.5)
    first = opened(town, "Kade 3")
    day = clock.today().isoformat()
    unsafe = {"safety": "Dreiging", "next_step": "Bellen", "next_step_on": day}
    town.work("fenna").act_on(HouseholdCase, first.id, "found_unsafe", unsafe)
    new = NewTrack(first.id, first.team_id, "finance", "Rust", "Post", clock.today(), number(town, "kim.1"))
    begin_track(town.work("fenna"), new)
    escalate(town.work("fenna"), NewEscalation(first.id, first.team_id, "Een woning", "housing"))
    hidden = opened(town, "Plein 4")
    town.work("fenna").act_on(HouseholdCase, hidden.id, "protect", {"protected_why": "Een collega."})
    away(town, "noa.1", clock.today())
    teun = town.work("teun")
    with town.house.reading(reader_of(teun.session, town.house.grounds, teun.actor)) as reading:
        (mine,) = loads(reading, rule, teun.actor.team_ids).values()
    by_name = {each.person.name: each for each in mine}
    assert list(by_name) == sorted(by_name), "by name, never by load"
    assert by_name["Fenna Fictief"].weight == 3.75 and by_name["Fenna Fictief"].cases == 1
    assert by_name["Kim Keuken-1"].weight == 0.5 and by_name["Kim Keuken-1"].tracks == 1
    page = client(town, "teun").get("/team").get_data(as_text=True)
    assert "Afwezig" in page and f"/overdragen/{number(town, 'fenna')}" in page
    town.close()
    kims = client(town, "kim.1").get("/team").get_data(as_text=True)
    assert "Fenna Fictief" in kims and f'/overdragen/{number(town, "fenna")}"' not in kims
    assert "Fenna" not in client(town, "rik.2").get("/team").get_data(as_text=True).split("<main")[1]


def test_everybody_keeps_their_own_offer_and_finds_that_of_others_with_who_is_away(town: Town) -> None:
    sam = client(town, "sam.1")
    offer = {
        "words": "Praten met deurwaarders",
        "life_domains": "finance",
        "languages": "Turks",
        "reach": "Bel na tien",
    }
    assert sam.post("/mijn-aanbod", data=offer).status_code == 302
    wrong = sam.post("/mijn-aanbod", data={**offer, "languages": "x" * 301})
    assert wrong.status_code == 422 and "Maak dit korter." in wrong.get_data(as_text=True)
    assert "Praten met deurwaarders" in wrong.get_data(as_text=True), "what was typed is kept"
    assert sam.post("/mijn-aanbod", data={"life_domains": "nergens"}).status_code == 422
    away(town, "sam.1", clock.today())
    bea = client(town, "bea")
    for query in ("q=deurwaarder", "q=turks", "leefgebied=finance", "q=sam"):
        page = bea.get(f"/mensen-vinden?{query}").get_data(as_text=True)
        assert "Sam Steun-1" in page and "Afwezig" in page and "Bel na tien" in page, query
    assert "Niemand gevonden" in bea.get("/mensen-vinden?q=deurwaarder&leefgebied=housing").get_data(as_text=True)
    assert client(town, "gijs").get("/mensen-vinden").status_code == 404, "a guest finds nobody"


def test_the_search_page_shows_where_it_was_found_and_leads_there(town: Town) -> None:
    case = opened(town, "Familie Zeldzaam", "Geen verwarming")
    fenna = client(town, "fenna")
    page = fenna.get("/zoeken?q=zeldsaam").get_data(as_text=True)
    assert f"/casus/{case.id}" in page and "Gevonden in: naam of adres" in page and "1 gevonden." in page
    assert "Niets gevonden" in fenna.get("/zoeken?q=123456782").get_data(as_text=True)
    assert client(town, "bea").get("/zoeken?q=zeldzaam").get_data(as_text=True).count(case.id) == 0


def test_commands_prove_what_can_be_found_and_make_it_anew(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(town, "Kade 3")
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    assert CliRunner().invoke(main, ["search", "check"]).exit_code == 0
    with town.house.database.begin() as connection:
        connection.execute(text("DELETE FROM search_entry WHERE kind = 'household'"))
    wrong = CliRunner().invoke(main, ["search", "check"])
    assert wrong.exit_code == 1 and "Kade" not in wrong.output, "it names rows and no words of theirs"
    assert CliRunner().invoke(main, ["search", "rebuild"]).exit_code == 0
    assert CliRunner().invoke(main, ["search", "check"]).exit_code == 0
