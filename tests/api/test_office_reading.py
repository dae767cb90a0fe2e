"""Files, logs and figures by program: the rules of the pages, through the same services."""

import io
import zipfile

import pytest

from tests.api.programs import program
from tests.api.test_api import is_problem, opened
from tests.api.test_office import day, proved
from tests.conftest import Town
from tests.escalation.town import asked, case_of
from wijkteam.area_figures.reading import Found
from wijkteam.area_figures.service import keep_figures

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""What services do is tried on both databases where they are; here it is what programs meet, with all walls up."""
HANDED_OUT = ("export", "export")
"""What the log says of a whole file that was made, and how it was read."""


def test_the_whole_file_of_a_resident_is_handed_out_after_a_proof_and_logged(town: Town) -> None:
    case = case_of(town).id
    fenna, path = proved(town, "fenna"), f"/cases/{case}/whole-file"
    is_problem(program(town, "fenna").post(path), 401)
    is_problem(program(town, "teun").post(path), 404)
    is_problem(fenna.post(path, {"leaveOut": ["alles"]}), 422)
    made = fenna.post(path, {"checked": True})
    assert made.mimetype == "application/zip" and zipfile.ZipFile(io.BytesIO(made.data)).namelist()
    looked = program(town, "pia").get("/logs/readings", caseId=case).json["items"]
    assert HANDED_OUT in {(each["what"], each["how"]) for each in looked if each["person"].startswith("Fenna")}


def test_the_privacy_officer_searches_both_logs_and_says_who_looked(town: Town) -> None:
    fenna, pia = program(town, "fenna"), program(town, "pia")
    case = opened(fenna)["id"]
    fenna.get(f"/cases/{case}")
    readings = pia.get("/logs/readings", caseId=case).json
    assert {each["caseId"] for each in readings["items"]} == {case} and readings["nextCursor"] is None
    events = pia.get("/logs/events", caseId=case, kind="household_case").json["items"]
    assert [each["name"] for each in events] == ["open"] and "Huur" not in str(events)
    household = readings["items"][0]["household"]
    told = pia.get(f"/logs/households/{household}").json
    assert told["cases"] == [case] and told["items"]
    assert pia.get(f"/logs/households/{household}/pdf").data.startswith(b"%PDF")
    for log, line in (("readings", "Fenna"), ("events", "household_case")):
        file = pia.get(f"/logs/{log}/csv", caseId=case)
        assert file.mimetype == "text/csv" and case in file.text and line in file.text
        is_problem(pia.get(f"/logs/{log}/csv", until="gisteren"), 422)
    logged = pia.get("/logs/readings", caseId=case).json["items"]
    assert "export" in {each["how"] for each in logged}, "that a file was made is in the log too"
    wrong = is_problem(pia.get("/logs/readings", **{"from": day(1), "until": day()}), 422)
    assert [each["field"] for each in wrong["errors"]] == ["until"]
    for bad in ({"from": "gisteren"}, {"household": "x"}, {"unusual": "raar"}, {"elsewhere": "y"}):
        is_problem(pia.get("/logs/readings", **bad), 422)
    for stranger in (fenna, program(town, "ada"), program(town, "bea")):
        for reading in ("/readings", "/events", "/readings/csv", "/events/csv", f"/households/{household}/pdf"):
            is_problem(stranger.get(f"/logs{reading}"), 404)
        is_problem(stranger.get(f"/logs/households/{household}"), 404)
    is_problem(program(town, "pia", "read").get("/logs/readings"), 403)


def test_figures_come_as_data_and_as_files_for_their_readers(town: Town) -> None:
    asked(town, case_of(town))
    bea, fenna = proved(town, "bea"), program(town, "fenna")
    for form, start in (("csv", b""), ("xlsx", b"PK"), ("ods", b"PK"), ("pdf", b"%PDF")):
        answer = bea.get("/reports/escalations/file", form=form)
        assert answer.status_code == 200 and answer.data.startswith(start), form
    is_problem(bea.get("/reports/escalations/file", form="docx"), 404)
    is_problem(bea.get("/reports/escalations/file"), 422)
    assert isinstance(bea.get("/reports/escalations/behind").json["items"], list)
    found = bea.get("/reports/what-if", ceilings="250.00")
    assert found.status_code == 200 and found.json["source"] == "own" and found.json["gain"], found.json
    wrong = is_problem(bea.get("/reports/what-if", **{"ceilings": "veel", "from": "x"}), 422)
    assert {"ceilings", "from"} == {each["field"] for each in wrong["errors"]}
    behind = bea.get("/reports/what-if/requests", ceilings="250", figure=found.json["gain"][0]["cases"] or "everything")
    assert behind.status_code in (200, 404), behind.json
    names = {each["name"] for each in bea.get("/reports/workflows").json["items"]}
    assert "household_case" in names and bea.get("/reports/workflows/household_case").json["states"]
    is_problem(bea.get("/reports/workflows/nothing"), 404)
    log = bea.post("/reports/event-log", {"form": "xes", "sure": True})
    assert log.status_code == 200 and b"<log" in log.data[:2000]
    is_problem(bea.post("/reports/event-log", {"form": "xes", "sure": False}), 422)
    for year, residents in ((2023, 11_000.0), (2024, 12_000.0)):
        found_figures = [Found("GM9999", "residents", residents)]
        keep_figures(town.clockwork(), found_figures, ["residents"], year, ["GM9999"], False)
    published = bea.get("/area-figures", year=2024, area="GM9999").json
    [figure] = published["items"]
    assert figure == {"area": "GM9999", "year": 2024, "measure": "residents", "value": 12_000}
    assert [each["name"] for each in published["measures"]] == ["residents"] and 2024 in published["years"]
    assert {each["year"] for each in bea.get("/area-figures").json["items"]} == {max(published["years"])}, "the newest"
    assert bea.get("/area-figures", year=1900).json["items"] == []
    is_problem(bea.get("/area-figures", year="vorig"), 422)
    is_problem(fenna.get("/area-figures"), 404)
    for path in ("/escalations/file", "/escalations/behind", "/what-if", "/workflows"):
        is_problem(fenna.get(f"/reports{path}"), 404)
    is_problem(fenna.post("/reports/event-log", {}), 404)
