"""The page of imports, and the commands: for the administrator alone, with nothing lost and nothing shown."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from tests.conftest import Town
from tests.importing.files import BSN, book, csv_file, whole
from tests.signed_in import client
from wijkteam.cli import main
from wijkteam.exporting.service import ask_export
from wijkteam.importing.model import DataImport
from wijkteam.importing.service import forget_waiting
from wijkteam.terms import clock

ADA = "ada@voorbeeldstad.example"


def sent(content: bytes, what: str = "workbook") -> dict[str, object]:
    return {"what": what, "file": (io.BytesIO(content), "invoer.xlsx")}


def state_of(town: Town) -> tuple[str, bytes | None]:
    session = town.clockwork().session
    found = session.execute(select(DataImport.state, DataImport.content_sealed)).one()
    return found[0], found[1]


def test_a_file_is_looked_at_comes_in_and_is_undone_on_the_page(town: Town) -> None:
    ada = client(town, "ada")
    assert "Nog niets" in ada.get("/beheer/invoer").text
    assert ada.get("/beheer/invoer/sjabloon.xlsx").data[:2] == b"PK"
    wrong = whole()
    wrong["residents"][0]["bsn"] = "123456789"
    refused = ada.post("/beheer/invoer", data=sent(book(wrong)))
    assert refused.status_code == 422 and "bewoners, rij 2, kolom bsn" in refused.text
    assert "123456789" not in refused.text and town.clockwork().session.scalars(select(DataImport)).all() == []
    assert ada.post("/beheer/invoer", data={"what": "workbook"}).status_code == 422
    assert ada.post("/beheer/invoer", data=sent(b"niets", "toverij")).status_code == 422
    page = ada.post("/beheer/invoer", data=sent(book(whole()))).location
    state, sealed = state_of(town)
    assert state == "checked" and sealed and b"Vera" not in sealed and BSN.encode() not in sealed
    assert "Laat binnenkomen" in ada.get(page).text
    assert ada.post(f"{page}/binnen").status_code == 302
    assert state_of(town) == ("done", None)
    after = ada.get(page).text
    assert "3 toegevoegd" in after and "Vera" not in after
    assert ada.post(f"{page}/terug").status_code == 422, "a reason is asked"
    assert ada.post(f"{page}/terug", data={"why": "Proef"}).status_code == 302
    assert "Teruggedraaid" in ada.get(page).text and state_of(town)[0] == "undone"
    ada.get("/taal/en")
    assert ada.post(f"{page}/terug", data={"why": "Nog eens"}).status_code == 422
    assert ada.post(f"{page}/toveren").status_code == 404
    for name in ("fenna", "teun", "pia", "gijs"):
        browser = client(town, name)
        for path in ("/beheer/invoer", page, "/beheer/invoer/sjabloon.xlsx"):
            assert browser.get(path).status_code == 404
        assert browser.post("/beheer/invoer", data=sent(book(whole()))).status_code == 404
        assert browser.post(f"{page}/terug", data={"why": "Ik"}).status_code == 404


def test_a_file_that_waits_is_put_away_by_hand_or_after_a_day(town: Town) -> None:
    ada = client(town, "ada")
    page = ada.post("/beheer/invoer", data=sent(csv_file("people", *whole()["people"]), "people")).location
    assert forget_waiting(town.clockwork()) == 0
    with clock.standing_at(clock.now() + timedelta(days=1, minutes=1)):
        assert forget_waiting(town.clockwork()) == 1
    assert state_of(town) == ("dropped", None)
    assert ada.post(f"{page}/binnen").status_code == 422
    again = ada.post("/beheer/invoer", data=sent(csv_file("people", *whole()["people"]), "people")).location
    assert ada.post(f"{again}/weg").status_code == 302
    assert "invoer.xlsx" not in ada.get("/beheer/invoer").text


def test_the_privacy_officer_sees_and_consents_on_the_page(town: Town) -> None:
    asked = ask_export(town.work("ada"), "Ander systeem", with_bsn=True)
    page = f"/beheer/uitvoer/{asked.id}"
    pia = client(town, "pia")
    assert "Instemmen" in pia.get("/").text and "Ander systeem" in pia.get(page).text
    assert asked.id in pia.get("/beheer/uitvoer").text
    ada = client(town, "ada")
    assert ada.post(f"{page}/stap/consent").status_code == 422
    assert ada.post(f"{page}/stap/make", data={"records": "1", "digest": "x"}).status_code == 404
    assert pia.post(f"{page}/stap/consent").status_code == 302
    assert "Ingestemd" in ada.get(page).text
    for name in ("fenna", "bea", "gijs"):
        assert client(town, name).get("/beheer/uitvoer").status_code == 404
        assert client(town, name).get(page).status_code == 404
        assert client(town, name).post(f"{page}/stap/refuse", data={"answer": "Nee"}).status_code == 404


@pytest.fixture
def run(town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    return command


def test_the_commands_look_bring_in_list_and_undo(run: object, tmp_path: Path) -> None:
    good, wrong = tmp_path / "goed.xlsx", tmp_path / "fout.csv"
    good.write_bytes(book(whole(1)))
    wrong.write_bytes(csv_file("people", {"name": "Zonder adres", "email": "niets"}))
    assert run("import", "people", "fout.csv", "--by", ADA, "--dry-run").exit_code == 1
    assert run("import", "people", "weg.csv", "--by", ADA).exit_code == 2
    assert run("import", "workbook", "goed.xlsx", "--by", "fenna@voorbeeldstad.example").exit_code == 2
    dry = run("import", "workbook", "goed.xlsx", "--by", ADA, "--dry-run")
    assert dry.exit_code == 0 and "nothing changed" in dry.output and "no file" in run("import", "list").output
    came = run("import", "workbook", "goed.xlsx", "--by", ADA)
    assert came.exit_code == 0 and "7 of 7 rows came in" in came.output
    assert run("import", "workbook", "goed.xlsx", "--by", ADA).exit_code == 2
    number = run("import", "list").output.split()[0]
    undone = run("import", "undo", number, "--by", ADA, "--why", "Proef")
    assert undone.exit_code == 0 and "rows taken back" in undone.output
    assert run("import", "undo", number, "--by", ADA, "--why", "Proef").exit_code == 2
    assert run("import", "template", "leeg.xlsx").exit_code == 0 and (tmp_path / "leeg.xlsx").is_file()
    assert run("audit", "verify").exit_code == 0


def test_the_command_takes_everything_out_and_asks_before_numbers_go(run: object, tmp_path: Path) -> None:
    taken = run("export", "everything", "alles", "--by", ADA, "--why", "Ander systeem")
    assert taken.exit_code == 0 and (tmp_path / "alles" / "manifest.json").is_file()
    assert run("export", "everything", "alles", "--by", ADA, "--why", "Nog eens").exit_code == 2
    asked = run("export", "everything", "met.zip", "--by", ADA, "--why", "Ander systeem", "--with-bsn")
    assert asked.exit_code == 0 and "--request" in asked.output
    number = asked.output.split("--request ")[1].strip()
    assert run("export", "everything", "met.zip", "--by", ADA, "--request", number).exit_code == 2
    assert run("export", "everything", "x.zip", "--by", ADA).exit_code == 2
    assert not (tmp_path / "met.zip").exists()
