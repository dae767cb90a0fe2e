"""Documents of a case: looked at before they are kept, only to save, and gone for good when they do not belong."""

import io

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.escalation.test_attachments import BOMB, GOOD, HOSTILE, PDF, TEXT
from tests.signed_in import client, sign_in_quietly
from wijkteam.access.model import Reading
from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.documents.model import Document
from wijkteam.events.verification import verify
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
PAGE = b"<!doctype html><script>alert(1)</script>"


def case_of(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Laan 1", "Huur", "Bellen", clock.today()))


def sent(name: str, content: bytes, declared: str = "", why: str = "Brief") -> dict[str, object]:
    return {"file": (io.BytesIO(content), name, declared or "application/octet-stream"), "why": why}


def test_what_is_no_document_is_refused_with_one_clear_line_and_nothing_is_kept(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    hostile = {**HOSTILE, "a drawing": ("tekening.svg", SVG, "image/svg+xml"), "a page": ("brief.pdf", PAGE, "")}
    hostile["a page behind a PDF"] = ("brief.pdf", PAGE + PDF, "application/pdf")
    for about, (name, content, declared) in hostile.items():
        answer = fenna.post(f"/casus/{case.id}/documenten", data=sent(name, content, declared, "Mijn brief"))
        assert answer.status_code == 422 and "has-wrong" in answer.text, about
        assert 'value="Mijn brief"' in answer.text, about
    unsaid = fenna.post(f"/casus/{case.id}/documenten", data=sent("brief.pdf", PDF, why=" "))
    assert unsaid.status_code == 422 and "Vul dit in" in unsaid.text
    session = town.clockwork().session
    assert session.scalars(select(Document)).all() == [] and session.scalars(select(CaseFile)).all() == []


def test_a_document_is_listed_with_who_added_it_and_why_and_is_only_to_save(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    for name, (content, declared) in GOOD.items():
        assert fenna.post(f"/casus/{case.id}/documenten", data=sent(name, content, declared)).status_code == 302, name
    strange = "../../etc/<script>\u202efdp.txt"
    assert fenna.post(f"/casus/{case.id}/documenten", data=sent(strange, TEXT, "text/plain")).status_code == 302
    page = fenna.get(f"/casus/{case.id}").text
    assert f"Documenten ({len(GOOD) + 1})" in page and "<script>" not in page and "Fenna Fictief" in page
    for each in town.clockwork().session.scalars(select(CaseFile)):
        answer = fenna.get(f"/documenten/{each.id}")
        assert answer.status_code == 200 and "/" not in each.name and "\u202e" not in each.name
        assert answer.headers["Content-Disposition"].startswith("attachment"), each.name
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype not in ("text/html", "image/svg+xml")
    assert len(BOMB) < 10_000_000, "what is packed is kept as it is and never opened"
    reads = town.clockwork().session.scalars(select(Reading).where(Reading.what == "document")).all()
    assert len(reads) == len(GOOD) + 1
    sign_in_quietly(fenna, town, "gijs")
    assert fenna.get(f"/documenten/{each.id}").status_code == 404


def test_what_does_not_belong_goes_for_good_and_that_it_was_there_stays(town: Town) -> None:
    case = case_of(town)
    fenna = client(town, "fenna")
    fenna.post(f"/casus/{case.id}/documenten", data=sent("verkeerd.txt", b"Van een ander huishouden.", "text/plain"))
    [kept] = town.clockwork().session.scalars(select(CaseFile))
    at = f"/documenten/{kept.id}"
    assert fenna.post(f"{at}/verwijderen", data={"why_not": "", "version": "1"}).status_code == 422
    assert fenna.post(f"{at}/verwijderen", data={"why_not": "Van de buren", "version": "0"}).status_code == 409
    assert fenna.post(f"{at}/verwijderen", data={"why_not": "Van de buren", "version": "1"}).status_code == 302
    assert fenna.get(at).status_code == fenna.post(f"{at}/verwijderen").status_code == 404
    session = town.clockwork().session
    assert session.scalars(select(Document)).all() == [] and verify(session) == []
    assert "Fenna Fictief haalde een document weg: Van de buren." in fenna.get(f"/casus/{case.id}").text


@pytest.mark.parametrize("megabytes", [1, 2])
def test_how_large_a_document_may_be_is_a_setting(town: Town, megabytes: int) -> None:
    case = case_of(town)
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=Safety(largest_file=megabytes * 1_000_000))
    app.config["WTF_CSRF_ENABLED"] = False
    fenna = app.test_client()
    sign_in_quietly(fenna, town, "fenna")
    most = b"a" * (megabytes * 1_000_000)
    assert f"Hooguit {megabytes} MB" in fenna.get(f"/casus/{case.id}").text
    over = fenna.post(f"/casus/{case.id}/documenten", data=sent("brief.txt", most + b"a", "text/plain"))
    assert over.status_code == 422 and f"groter dan {megabytes} MB" in over.text
    far_over = fenna.post(f"/casus/{case.id}/documenten", data=sent("brief.txt", most * 3, "text/plain"))
    assert far_over.status_code == 413
    assert fenna.post(f"/casus/{case.id}/documenten", data=sent("brief.txt", most, "text/plain")).status_code == 302
