"""A resident's whole file: everything, in plain words and for a machine, read by a person before it is handed over."""

import io
import json
import zipfile

from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Town
from tests.retention.dossier import DUE, OPENED, SECRETS, full_case, signed
from tests.signed_in import client
from wijkteam.access.model import Reading
from wijkteam.retention.service import carry_out
from wijkteam.retention.whole_file import LEFT_OUT
from wijkteam.terms import clock


def test_it_holds_everything_and_says_that_nobody_checked_it(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(OPENED):
        answer = client(town, "fenna").post(f"/casus/{case.id}/inzage")
        packed = zipfile.ZipFile(io.BytesIO(answer.data))
    said = json.loads(packed.read("gegevens.json"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(packed.read("gegevens.pdf"))).pages)
    files = [packed.read(name) for name in packed.namelist() if name.startswith("bestanden/")]
    assert any(b"Zwaluwbestand in het bestand" in each for each in files)
    assert any(each.startswith(b"%PDF") for each in files), "the letter of the decision"
    assert all(each in json.dumps(said, ensure_ascii=False) for each in SECRETS)
    assert "nog niet nagelezen" in text and "Zwaluwnoot: er is ruzie." in text
    assert "Frontlijnprofessional" in text and "Fenna" not in text
    (told,) = said["cases"]
    assert told["kept_until"] == "2041-09-02" and told["read_by"] and told["shared_with"] == []
    rows = town.clockwork().session.scalars(select(Reading).where(Reading.what == "export")).all()
    assert [each.case_id for each in rows] == [case.id]


def test_a_text_about_another_is_left_out_by_who_checked_it(town: Town) -> None:
    case = full_case(town)
    fenna = client(town, "fenna")

    def made(**said: str) -> dict[str, bytes]:
        packed = zipfile.ZipFile(io.BytesIO(fenna.post(f"/casus/{case.id}/inzage", data=said).data))
        return {name: packed.read(name) for name in packed.namelist()}

    steps = json.loads(made()["gegevens.json"])["cases"][0]["parts"][0]["steps"]
    (number,) = [said["number"] for step in steps for said in step["said"].values() if "ruzie" in str(said)]
    after = made(leave_out=number, checked="ja")
    assert b"ruzie" not in after["gegevens.json"] and LEFT_OUT.encode() in after["gegevens.json"]
    assert json.loads(after["gegevens.json"])["checked_by"] == "Fenna Fictief"
    assert fenna.post(f"/casus/{case.id}/inzage", data={"leave_out": "alles"}).status_code == 422


def test_only_the_owner_of_all_cases_and_the_privacy_officer_make_it(town: Town) -> None:
    case = full_case(town)
    assert client(town, "pia").get(f"/casus/{case.id}/inzage").status_code == 200
    for name in ("teun", "bea", "ada", "gijs"):
        assert client(town, name).get(f"/casus/{case.id}/inzage").status_code == 404
        assert client(town, name).post(f"/casus/{case.id}/inzage").status_code == 404


def test_of_what_was_destroyed_nothing_is_handed_out(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, signed(town))
        assert client(town, "pia").post(f"/casus/{case.id}/inzage").status_code == 404
