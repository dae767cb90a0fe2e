"""The register at the command line: out, in by way of a second person, and on paper."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from tests.conftest import Town
from wijkteam.cli import main

ADA, BEA = "ada@voorbeeldstad.example", "bea@voorbeeldstad.example"


@pytest.fixture
def founded(town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["mandate", *arguments])


def exported(path: Path, form: str) -> str:
    text = run("export", "--format", form).output
    path.write_text(text, encoding="utf-8", newline="")
    return text


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_a_file_that_was_changed_comes_in_by_way_of_a_second_person(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"register.{form}"
    text = exported(path, form)
    assert run("import", str(path), "--dry-run").output == "no differences: the register says the same as the file\n"
    path.write_text(text.replace("250.00", "251.50"), encoding="utf-8", newline="")
    looked = run("import", str(path), "--dry-run")
    assert "replace row M-02 from the day of approval" in looked.output
    assert "per_decision: € 250 → € 251,50" in looked.output.replace("\u00a0", " ")
    assert run("changes").output == "no changes wait\n"
    done = run("import", str(path), "--by", ADA, "--why", "Besluit 7")
    identity = done.output.split("proposed as ")[1][:12]
    assert identity in run("changes").output
    refused = run("approve", identity, "--by", ADA)
    assert (refused.exit_code, "Bea Bestuurder" in refused.output) == (2, True)
    assert run("approve", identity, "--by", BEA).output == f"{identity} is in force\n"
    assert run("import", str(path), "--dry-run").output.startswith("no differences")
    assert "250.00" in run("export", "--on", "2026-01-05").output
    assert "Vervangen" in run("export", "--history").output


@pytest.mark.usefixtures("founded")
def test_the_register_is_printed_as_an_accessible_document_for_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "register.pdf"
    assert run("print", "--output", str(path)).exit_code == 0
    read = PdfReader(path)
    root = read.trailer["/Root"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert bool(root["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "nl"
    assert read.metadata is not None and read.metadata.title == "Mandaatregister gemeente Voorbeeldstad"
    for said in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert said in about
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert "M-14.1" in text
    assert "Een teamleider mag besluiten over: bijzondere bijstand" in text


WRONG = (
    (("import", "nowhere.yaml", "--dry-run"), "there is no such file"),
    (("import", "nowhere.yaml"), "say who proposes it with --by"),
    (("approve", "nothing", "--by", BEA), "there is no proposed change 'nothing'"),
    (("approve", "nothing", "--by", "who@x.example"), "nobody who is active has the address who@x.example"),
    (("print", "--output", "/nowhere/at/all.pdf"), "cannot be written"),
    (("export", "--history", "--on", "2026-01-01"), "leave out --on"),
)


@pytest.mark.usefixtures("founded")
def test_what_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "nowhere.csv").write_text("number\n")
    for arguments, told in WRONG:
        done = run(*arguments)
        assert (done.exit_code in (1, 2), told in done.output) == (True, True), (arguments, done.output)
        assert isinstance(done.exception, SystemExit)


@pytest.mark.usefixtures("founded")
def test_a_dry_run_tells_every_mistake_and_proposes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "register.yaml"
    text = exported(path, "yaml").replace('body: "college van', 'body: "koning van').replace("best_person", "nobody")
    path.write_text(text, encoding="utf-8")
    done = run("import", str(path), "--dry-run")
    assert (done.exit_code, "M-01: there is no function 'nobody'" in done.output) == (2, True)
    assert run("changes").output == "no changes wait\n"
