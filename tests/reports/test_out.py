"""The report goes out as workbooks, CSV and paper: the same figures, each with its definition, and no formula."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from odfdo import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.conftest import Town
from tests.retention.dossier import full_case
from tests.signed_in import client
from wijkteam.reports.exports import FORMULA_SIGNS, as_csv
from wijkteam.reports.figures import Cell, Definition, EscalationReport, Row, Table
from wijkteam.reports.on_paper import Shown, report_pdf
from wijkteam.reports.pictures import bars
from wijkteam.reports.sheets import as_ods, as_xlsx

HOSTILE = '=HYPERLINK("http://x";"y")'
TABLES = (
    Table(
        Definition("one", "Per knelpunt [a/b]: met een heel erg lange titel", "Opschalingen, geteld."),
        {"answered": "Beantwoord", "waiting": "+Wachttijd"},
        (
            Row("a", HOSTILE, {"answered": Cell(12), "waiting": Cell(3.5)}),
            Row("-b", "@b", {"answered": Cell(None, True), "waiting": Cell(None)}),
        ),
    ),
    Table(Definition("two", "Per knelpunt (a b) met een heel erg lange titel", "@Ook geteld."), {"n": "Aantal"}, ()),
)
REPORT = EscalationReport(
    "Voorbeeldstad",
    date(2026, 1, 1),
    date(2026, 12, 31),
    datetime(2026, 11, 28, 12, tzinfo=UTC),
    {},
    TABLES,
    ("Dit verslag telt knelpunten, nooit mensen.",),
)
Sheets = dict[str, list[list[object]]]


def of_xlsx(content: bytes) -> Sheets:
    book = load_workbook(io.BytesIO(content))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return {sheet.title: [[cell for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}


def of_ods(content: bytes) -> Sheets:
    document = Document(io.BytesIO(content))
    found: Sheets = {}
    for table in document.body.tables:
        assert not [cell for row in table.rows for cell in row.cells if cell.formula]
        found[table.name] = [[_plain(cell.value) for cell in row.cells] for row in table.rows]
    return found


def _plain(value: object) -> object:
    return float(str(value)) if hasattr(value, "as_tuple") else value


@pytest.mark.parametrize(
    "read", [lambda: of_xlsx(as_xlsx(REPORT)), lambda: of_ods(as_ods(REPORT))], ids=["xlsx", "ods"]
)
def test_a_workbook_holds_every_figure_with_its_definition_and_no_formula(read: object) -> None:
    sheets = read()  # type: ignore[operator]
    about, first, _second = sheets.values()
    assert len({name.casefold() for name in sheets}) == 3 and all(len(name) <= 31 for name in sheets)
    assert ["Gemeente", "Voorbeeldstad"] in [line[:2] for line in about]
    assert ["Let op", REPORT.notes[0]] in [line[:2] for line in about]
    texts = [cell for lines in sheets.values() for line in lines for cell in line if isinstance(cell, str)]
    assert not [text for text in texts if text.startswith(FORMULA_SIGNS)]
    assert {"Opschalingen, geteld.", "'@Ook geteld."} <= set(texts)
    rows = [line for line in first if line and line[0] in (f"'{HOSTILE}", "'@b")]
    assert [float(str(value)) for value in rows[0][2:4]] == [12, 3.5], "figures are numbers, to reckon with"
    assert rows[1][1:3] == ["'-b", "·"]


def test_a_csv_says_what_each_figure_counts_and_holds_no_formula() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(REPORT))))
    assert [line["value"] for line in lines] == ["12", "3.5", "", ""]
    assert {line["definition"] for line in lines} == {"Opschalingen, geteld."}
    assert not [cell for line in lines for cell in line.values() if cell.startswith(FORMULA_SIGNS)]


def test_on_paper_each_picture_has_its_words_and_its_table() -> None:
    table = replace(TABLES[0], columns={"answered": "Beantwoord"})
    part = Shown("Wat zit in de weg", bars(table, "Knelpunten", "answered"), "Het vaakst: wonen, 12 keer.", table)
    content = report_pdf(REPORT, [("Gevraagd", Cell(None, True))], [part])
    reader = PdfReader(io.BytesIO(content))
    assert reader.xmp_metadata is not None and "pdfuaid" in str(reader.trailer["/Root"]["/Metadata"].get_data())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Wat zit in de weg" in text and "HYPERLINK" in text and "Ook geteld" in text
    assert "Het vaakst: wonen, 12 keer." in text


def test_readers_of_the_report_take_it_out_and_others_do_not(town: Town) -> None:
    bea, fenna = client(town, "bea"), client(town, "fenna")
    page = bea.get("/verslag/uitvoer").text
    for ending, start in (("xlsx", b"PK"), ("ods", b"PK"), ("pdf", b"%PDF")):
        assert f"/verslag.{ending}" in page
        assert bea.get(f"/verslag.{ending}?van=2026-01-01&tot=onzin").data.startswith(start)
        assert fenna.get(f"/verslag.{ending}").status_code == 404
    assert fenna.get("/verslag/uitvoer").status_code == 404
    assert "Alle gebeurtenissen" not in client(town, "teun").get("/verslag/uitvoer").text


def test_the_event_log_is_taken_on_purpose_or_not_at_all(town: Town) -> None:
    full_case(town)
    ada = client(town, "ada")
    assert "Neem de gebeurtenissen mee" in ada.get("/werkwijzen").text
    page = ada.get("/verslag/uitvoer").text
    assert "niet anoniem" in page and "PDF" not in page, "the administrator does not read the report"
    asked = {"form": "xes", "sure": "ja"}
    assert "vinkje" in ada.post("/verslag/gebeurtenissen", data={"form": "xes"}).text
    assert ada.post("/verslag/gebeurtenissen", data={"sure": "ja"}).status_code == 422
    answer = ada.post("/verslag/gebeurtenissen", data=asked)
    assert answer.status_code == 200 and answer.data.startswith(b"<?xml") and answer.data.endswith(b"</log>")
    for who in ("teun", "mo", "pia"):
        assert client(town, who).post("/verslag/gebeurtenissen", data=asked).status_code == 404
