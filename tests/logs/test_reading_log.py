"""The log of readings says who, on whose behalf, what, why and when; and it is told to nobody but who oversees it."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.conftest import Town
from tests.logs.conftest import a_day
from tests.signed_in import client
from wijkteam.access.grounds import Ground, log_reading
from wijkteam.access.model import Reading
from wijkteam.access.reading_log import How
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.logs.queries import Asked
from wijkteam.logs.service import who_looked
from wijkteam.logs.unusual import unusual_ids, words_of
from wijkteam.people import queries as people
from wijkteam.terms import clock

PAGES = ("/logboek", "/logboek.csv", "/logboek/gebeurtenissen", "/logboek/gebeurtenissen.csv", "/logboek/huishouden/1")


def last(town: Town) -> Reading:
    found = town.clockwork().session.scalars(select(Reading).order_by(Reading.id.desc())).first()
    assert found is not None
    return found


def test_a_page_is_logged_with_function_session_and_address(town: Town) -> None:
    case = a_day(town, "Straat 1")
    assert client(town, "teun").get(f"/casus/{case.id}").status_code == 200
    line = last(town)
    assert (line.ground, line.what, line.how, line.function) == ("team", "casus", "page", "team_lead")
    assert line.session_id is not None and line.address == "127.0.0.1" and line.on_behalf_of is None


def test_who_reads_in_the_place_of_somebody_who_is_away_is_logged_so(town: Town) -> None:
    """Sam stands in for Wil, who works in the same team: one's own function goes first."""
    case = a_day(town, "Straat 1")
    sam = town.work("sam.1")
    log_reading(sam, case, Ground.TEAM, "casus")
    assert last(town).on_behalf_of is None, "in one's own function, where that gives the ground as well"
    wil = people.person_by_email(sam.session, "wil.1@voorbeeldstad.example")
    assert wil is not None
    borrowed = tuple(each for each in sam.actor.holdings if each.standing_in_for is not None)
    sam.actor = type(sam.actor)(sam.actor.person_id, sam.actor.name, True, borrowed)
    log_reading(sam, case, Ground.TEAM, "casus")
    assert (last(town).on_behalf_of, last(town).function) == (wil.id, "best_person")


def test_a_ground_names_the_escalation_on_which_it_rests(town: Town) -> None:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    raised = escalate(fenna, NewEscalation(case.id, case.team_id, "Hulp nu", "safety", safety_at_stake=True))
    assert client(town, "petra").get(f"/opschalingen/{raised.id}").status_code == 200
    line = last(town)
    assert (line.ground, line.ground_kind, line.ground_id) == ("escalation", "escalation", raised.id)
    assert line.function == "process_director"
    town.work("fenna").act_on(Escalation, raised.id, "withdraw", {"why": "Niet meer nodig"})


def test_what_cannot_be_logged_is_not_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_day(town, "Straat 1")
    browser = client(town, "fenna")
    with town.house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE reading RENAME TO reading_gone")
    browser.application.testing = False
    answer = browser.get(f"/casus/{case.id}")
    assert answer.status_code in (500, 503) and "Straat 1" not in answer.text


@pytest.mark.parametrize("name", ["fenna", "teun", "petra", "mo", "bea", "fia", "olga", "gijs", "ada"])
def test_to_all_but_the_privacy_officer_there_are_no_logs(town: Town, name: str) -> None:
    a_day(town, "Straat 1", notes=0)
    browser = client(town, name)
    assert [browser.get(page).status_code for page in PAGES] == [404] * len(PAGES)
    assert "/logboek" not in browser.get("/").text
    assert town.clockwork().session.scalars(select(Reading).where(Reading.what.startswith("logboek"))).all() == []


def test_the_privacy_officer_finds_readings_and_events_and_each_search_is_logged(town: Town) -> None:
    case = a_day(town, "Geheime straat 1")
    browser = client(town, "pia")
    page = browser.get(f"/logboek?wie=fenna&casus={case.id}&van={clock.today()}&tot={clock.today()}&grond=member")
    assert page.status_code == 200 and "Fenna Fictief" in page.text and "Teun" not in page.text
    assert (last(town).ground, last(town).case_id, last(town).how) == ("oversight", case.id, "page")
    assert "person=fenna" in (last(town).asked or "")
    found = browser.get(f"/logboek/gebeurtenissen?casus={case.id}").text
    assert "Fenna Fictief" in found and "escalation" in found
    assert "Notitie 0" not in found and "Geheime straat" not in found, "never what was written down"
    assert "Niets gevonden" in browser.get("/logboek?wie=petra").text
    assert browser.get("/logboek?na=geen_plek&casus=zzz").status_code == 200
    wrong = browser.get("/logboek?huishouden=99999999999&van=gisteren")
    assert wrong.status_code == 422 and "zoals 12" in wrong.text and "gisteren" in wrong.text
    assert browser.get(f"/casus/{case.id}").status_code == 404, "overseeing is no ground to read the case"


def test_an_export_holds_the_same_search_page_by_page_nothing_is_lost_and_it_is_logged(town: Town) -> None:
    case = a_day(town, "Straat 1", notes=0)
    fenna = town.work("fenna")
    for number in range(60):
        with clock.standing_at(clock.now() - timedelta(minutes=number // 2)):
            log_reading(fenna, case, Ground.MEMBER, f"=stap {number}")
    browser = client(town, "pia")
    first = browser.get("/logboek?wie=fenna").text
    older = re.search(r'href="(/logboek\?[^"]*)">Ouder', first)
    assert older is not None
    second = browser.get(older[1].replace("&amp;", "&")).text
    assert sum(f"=stap {number}<" in first for number in range(60)) == 50
    assert all((f"=stap {number}<" in first) != (f"=stap {number}<" in second) for number in range(60))
    export = browser.get("/logboek.csv?wie=fenna")
    rows = list(csv.DictReader(io.StringIO(export.text)))
    assert len(rows) == 60 and rows[0]["what"].startswith("'="), "no spreadsheet takes it for a formula"
    assert last(town).how == "export"


def test_a_resident_is_told_who_looked_by_one_page_and_one_command(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = a_day(town, "Familie Voorbeeld")
    household = case.household_id
    browser = client(town, "pia")
    page = browser.get(f"/logboek/huishouden/{household}").text
    assert "Fenna Fictief, Frontlijnprofessional" in page and "Werkt aan uw dossier" in page
    assert "3 keer die dag" in page
    printed = browser.get(f"/logboek/huishouden/{household}.pdf")
    told = " ".join(PdfReader(io.BytesIO(printed.data)).pages[0].extract_text().split())
    assert "Wie keek in uw dossier?" in told and "Teun Teamleider" in told and "Familie Voorbeeld" in told
    assert last(town).how == "print" and last(town).case_id == case.id
    assert browser.get("/logboek/huishouden/99999").status_code == 404
    town.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    for asked in (case.id, str(household)):
        answer = CliRunner().invoke(main, ["audit", "readers", asked, "--format", "json"], catch_exceptions=False)
        looks = json.loads(answer.output)
        assert {"Fenna Fictief", "Teun Teamleider", "Pia Privacy"} <= {each["who"] for each in looks}
    assert last(town).ground == "command_line" and last(town).account and last(town).case_id == case.id
    answer = CliRunner().invoke(main, ["audit", "readers", "zzz"])
    assert answer.exit_code == 2 and "no household or case" in answer.stderr
    found = CliRunner().invoke(main, ["audit", "search", "events", "--case", case.id, "--format", "csv"])
    assert "escalation" in found.output and "Notitie 0" not in found.output


def test_where_the_municipality_chose_functions_no_name_is_told(town: Town) -> None:
    case = a_day(town, "Straat 1")
    rules = town.house.reading_rules.model_copy(update={"names": "function"})
    told = who_looked(town.work("pia"), case.household_id, rules, {}, {}, How.PAGE)
    assert not any(each.who for each in told.looks) and {each.function for each in told.looks} >= {"best_person"}


def test_unusual_is_a_broken_glass_an_own_name_or_many_households_in_an_hour(town: Town) -> None:
    session = town.clockwork().session
    many = [a_day(town, f"Straat {number}", notes=0) for number in range(4)]
    fenna = town.work("fenna")
    with clock.standing_at(clock.now() - timedelta(days=2)):
        for number, case in enumerate(many):
            with clock.standing_at(clock.now() + timedelta(minutes=10 * number)):
                log_reading(fenna, case, Ground.MEMBER, "snel")
    own = a_day(town, "mevrouw Fictief-Jansen", notes=1)
    log_reading(fenna, own, Ground.BREAK_GLASS, "glas")

    def what(sort: str, households: int = 3) -> list[str]:
        until = clock.today() - timedelta(days=1) if sort == "many_households" else None
        ids = unusual_ids(session, Asked(unusual=sort, last=until), households)
        return sorted(session.scalars(select(Reading.what).where(Reading.id.in_(ids))))

    assert what("many_households") == ["snel"] * 4 and what("many_households", 4) == []
    assert what("own_name") == ["casus", "glas"] and what("break_glass") == ["glas"]
    assert words_of("Van der Vélde") == {"velde"}
    assert "glas" in client(town, "pia").get("/logboek?bijzonder=break_glass").text


def test_the_database_itself_refuses_to_alter_or_delete_readings(town: Town) -> None:
    case = a_day(town, "Straat 1")
    assert isinstance(case, HouseholdCase)
    for statement in ("UPDATE reading SET what = 'x'", "DELETE FROM reading"):
        with pytest.raises(DBAPIError), town.house.database.begin() as connection:
            connection.exec_driver_sql(statement)
