"""Files as other systems write them: what is read from them, and what is refused in one clear line."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.importing.files import book, csv_file, whole
from wijkteam.importing.columns import KINDS
from wijkteam.importing.findings import WrongFile
from wijkteam.importing.reading import read_file
from wijkteam.importing.template import template, workbook
from wijkteam.importing.values import Unreadable, read_day

PERSON = {"name": "Zoë Ünlü", "email": "zoe@elders.example"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_is_read_whatever_a_spreadsheet_made_of_it(delimiter: str, encoding: str) -> None:
    found = read_file(csv_file("people", PERSON, delimiter=delimiter, encoding=encoding), "people")
    assert [row.cells for row in found.rows["people"]] == [PERSON]
    assert ["Windows-1252" in each.text.nl for each in found.findings] == [True] * (encoding == "cp1252")


def test_a_file_of_another_shape_says_which_columns_are_missing_and_which_are_unknown() -> None:
    found = read_file(b"naam;leeftijd\nZoe;40\n", "people")
    assert [each.text.en for each in found.findings if each.is_mistake] == ["Columns are missing: e-mail."]
    assert [each.column for each in found.findings if not each.is_mistake] == ["leeftijd"]


@pytest.mark.parametrize("text", ["31-12-2026", "31/12/2026", "31.12.2026", "2026-12-31", "2026-12-31 00:00:00"])
def test_days_are_read_as_they_are_written_here(text: str) -> None:
    assert read_day(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["12/31/2026", "31-02-2026", "31-12-26", "morgen", "46022"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_day(text)


def with_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "people"),
        (b"naam;e-mail\n", "people"),
        (b"naam;e-mail\n\x00;\n", "people"),
        (b"geen werkboek", "workbook"),
        (b"PK\x03\x04 kapot", "workbook"),
        (with_part("xl/workbook.xml", b'<!doctype lolz [<!ENTITY lol "lol">]><workbook/>'), "workbook"),
        (with_part("bomb", b"\x00" * 250_000_000), "workbook"),
        (with_part("leeg.txt", b"niets"), "people"),
        (b"x" * 10_000_001, "people"),
    ],
)
def test_what_is_no_file_of_rows_is_refused_in_one_line(content: bytes, what: str) -> None:
    try:
        found = read_file(content, what)
    except WrongFile as error:
        assert error.nl and error.en and "\n" not in error.en
    else:
        assert [each for each in found.findings if each.is_mistake]


def test_the_template_is_read_as_a_file_without_rows_and_explains_every_column() -> None:
    made = load_workbook(io.BytesIO(template()))
    assert made.sheetnames == [*(each.sheet for each in KINDS.values()), "uitleg"]
    explained = {(row[0], row[1]) for row in made["uitleg"].iter_rows(min_row=2, values_only=True)}
    assert explained == {(kind.sheet, column.name) for kind in KINDS.values() for column in kind.columns}
    with pytest.raises(WrongFile, match="no rows"):
        read_file(template("en"), "workbook")


def test_what_is_written_is_read_back_and_is_never_a_formula() -> None:
    nasty = {"household": "H-1", "who_or_where": '=HYPERLINK("http://x")', "buurt": "BU99990101", "same_as": "+1"}
    content = workbook({"households": [nasty]})
    assert [each.cells for each in read_file(content, "workbook").rows["households"]] == [nasty]
    cell = load_workbook(io.BytesIO(content))["huishoudens"]["B2"]
    assert cell.data_type == "s"


def test_a_workbook_may_hold_numbers_and_days_as_such() -> None:
    sheets = whole(1)
    sheets["residents"][0] |= {"birth_date": date(1988, 6, 5), "bsn": 123456782}
    sheets["people"][0] |= {"civil_servant": True}
    found = read_file(book(sheets), "workbook")
    assert found.rows["residents"][0].cells["birth_date"] == "1988-06-05"
    assert found.rows["residents"][0].cells["bsn"] == "123456782"
    assert found.rows["people"][0].cells["civil_servant"] == "ja"
