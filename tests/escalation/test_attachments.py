"""Attachments: looked at before they are kept, proven by the chain, and read on the grounds of the case alone."""

import hashlib
import io
import threading
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from tests.escalation.town import asked, case_of, client
from wijkteam.access.model import Reading
from wijkteam.documents.checking import LARGEST, LONGEST_NAME, checked_file, clean_name
from wijkteam.documents.model import Document
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, NotYours
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import SentFile, attach
from wijkteam.escalation.vocabulary import MOST_ATTACHMENTS
from wijkteam.events.queries import events_of, recorded
from wijkteam.events.verification import verify

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 40 + b"\xff\xd9"
TEXT = b"Geachte mevrouw, hierbij de brief.\r\n"


def zipped(*parts: tuple[str, bytes], stored: bool = False) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return held.getvalue()


DOCX = zipped(("[Content_Types].xml", b"<x/>"), ("_rels/.rels", b"<x/>"), ("word/document.xml", b"<x/>"))
ODT = zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>"), stored=True)
BOMB = zipped(("[Content_Types].xml", b"<x/>"), ("_rels/.rels", b"<x/>"), ("word/document.xml", b"\x00" * 200_000_000))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

GOOD = {
    "brief.pdf": (PDF, "application/pdf"),
    "foto.PNG": (PNG, "image/png"),
    "foto.jpg": (JPEG, "image/jpeg"),
    "foto.jpeg": (JPEG, "image/jpeg"),
    "brief.txt": (TEXT, "text/plain"),
    "brief.docx": (DOCX, WORD),
    "brief.odt": (ODT, "application/vnd.oasis.opendocument.text"),
    "bom.docx": (BOMB, WORD),
}
HOSTILE = {
    "nothing in it": ("leeg.txt", b"", ""),
    "too large": ("groot.txt", b"a" * (LARGEST + 1), ""),
    "a program": ("virus.exe", b"MZ" + b"\x00" * 100, ""),
    "a program called a PDF": ("brief.pdf", b"MZ" + b"\x00" * 100, "application/pdf"),
    "a page called text by its name only": ("brief.html", b"<script>alert(1)</script>", "text/html"),
    "a page called a picture": ("foto.png", b"<html><script>alert(1)</script>", "image/png"),
    "a drawing with script": ("foto.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
    "two ends": ("brief.pdf.exe", PDF, "application/pdf"),
    "an end hidden by a null": ("brief.exe\x00.pdf", b"MZ" + b"\x00" * 100, "application/pdf"),
    "no end": ("brief", PDF, "application/pdf"),
    "only an end": (".pdf", b"MZ", "application/pdf"),
    "another type is told": ("brief.pdf", PDF, "text/html"),
    "a PDF with an archive behind it": ("brief.pdf", PDF + zipped(("a", b"b")), "application/pdf"),
    "something before the PDF": ("brief.pdf", b"<script>" + PDF, "application/pdf"),
    "a picture with a page behind it": ("foto.png", PNG + b"<script>alert(1)</script>", "image/png"),
    "a photo with a page behind it": ("foto.jpg", JPEG + b"<script>alert(1)</script>", "image/jpeg"),
    "half a PDF": ("brief.pdf", PDF[:20], "application/pdf"),
    "text with a null": ("brief.txt", b"abc\x00def", "text/plain"),
    "text that is no UTF-8": ("brief.txt", b"\xff\xfe\xfa", "text/plain"),
    "text with control signs": ("brief.txt", b"abc\x1b[31m", "text/plain"),
    "a PDF called text": ("brief.txt", PDF, "text/plain"),
    "an archive called Word": ("brief.docx", zipped(("a.txt", b"a")), WORD),
    "Word with macros": (
        "brief.docx",
        zipped(("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"x")),
        WORD,
    ),
}


@pytest.mark.parametrize(("name", "file"), GOOD.items(), ids=GOOD)
def test_a_file_whose_name_type_and_content_agree_may_be_kept(name: str, file: tuple[bytes, str]) -> None:
    content, declared = file
    for told in (declared, "", "application/octet-stream"):
        assert checked_file(name, told, content).media_type == declared


@pytest.mark.parametrize(("name", "content", "declared"), HOSTILE.values(), ids=HOSTILE)
def test_any_other_file_is_refused_with_one_clear_line(name: str, content: bytes, declared: str) -> None:
    with pytest.raises(WrongFields) as wrong:
        checked_file(name, declared, content)
    (line,) = [reason.nl for reason in wrong.value.mistakes.values()]
    assert set(wrong.value.mistakes) == {"file"} and line.endswith(".") and "\n" not in line


@pytest.mark.parametrize(
    ("name", "kept"),
    {
        "../../etc/passwd.txt": "passwd.txt",
        "C:\\Users\\x\\brief.pdf": "brief.pdf",
        "brief\u202efdp.txt": "brieffdp.txt",
        "a\r\nSet-Cookie: x.txt": "aSet-Cookie_ x.txt",
        "  brief  van   mij .pdf": "brief van mij.pdf",
        "..txt": "txt",
        '<img src=x onerror="alert(1)">.png': "_img src=x onerror=_alert(1)__.png",
        "é" * 300 + ".pdf": "é" * 96 + ".pdf",
    }.items(),
)
def test_a_name_is_made_safe_to_show_and_to_save(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@given(st.text(max_size=300))
def test_no_name_leads_out_of_a_folder_or_out_of_a_line(name: str) -> None:
    kept = clean_name(name)
    assert len(kept) <= LONGEST_NAME and not set(kept) & set('/\\\r\n\x00<>:"|?*')
    assert kept not in (".", "..") and kept == clean_name(kept)


def test_name_and_digest_stand_on_the_chain_of_the_escalation(town: Town) -> None:
    escalation = asked(town, case_of(town))
    document = attach(town.work("fenna"), escalation.id, SentFile("brief.pdf", "application/pdf", PDF))
    session = town.clockwork().session
    last = events_of(session, "escalation", escalation.id)[-1]
    assert recorded(last) == {"attachment": "brief.pdf", "attachment_digest": hashlib.sha256(PDF).hexdigest()}
    assert document.digest == hashlib.sha256(PDF).hexdigest() and verify(session) == []


def test_what_was_not_sent_cannot_be_said_to_be_attached(town: Town) -> None:
    escalation = asked(town, case_of(town))
    document = attach(town.work("fenna"), escalation.id, SentFile("brief.pdf", "", PDF))
    for digest in (document.digest, "0" * 64):
        with pytest.raises(Blocked):
            town.work("fenna").act_on(
                Escalation, escalation.id, "attach", {"attachment": "brief.pdf", "attachment_digest": digest}
            )


def test_who_may_not_act_in_it_leaves_no_file_behind(town: Town) -> None:
    escalation = asked(town, case_of(town))
    with pytest.raises(NotYours):
        attach(town.work("fia"), escalation.id, SentFile("brief.pdf", "", PDF))
    assert town.clockwork().session.scalars(select(Document)).all() == []


def test_ten_files_and_no_more(town: Town) -> None:
    escalation = asked(town, case_of(town))
    for _ in range(MOST_ATTACHMENTS):
        attach(town.work("teun"), escalation.id, SentFile("brief.txt", "", TEXT))
    with pytest.raises(Blocked):
        attach(town.work("teun"), escalation.id, SentFile("brief.txt", "", TEXT))
    assert len(town.clockwork().session.scalars(select(Document.id)).all()) == MOST_ATTACHMENTS


def test_two_who_attach_at_once_both_succeed(town: Town) -> None:
    escalation = asked(town, case_of(town))
    ready, failures = threading.Barrier(2), []

    def send(name: str) -> None:
        work = town.work(name)
        ready.wait()
        try:
            attach(work, escalation.id, SentFile("brief.txt", "", name.encode()))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(name,)) for name in ("fenna", "teun")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verify(town.clockwork().session) == []


def test_a_file_is_only_for_who_may_read_the_case_to_save_and_each_reading_is_logged(town: Town) -> None:
    escalation = asked(town, case_of(town))
    path = f"/opschalingen/{escalation.id}/bijlage"
    fenna = client(town, "fenna")
    sent = fenna.post(path, data={"file": (io.BytesIO(PDF), "../brief.pdf", "application/pdf")})
    assert sent.status_code == 302
    number = town.clockwork().session.scalars(select(Document.id)).one()
    answer = fenna.get(f"{path}/{number}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=brief.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    whats = town.clockwork().session.scalars(select(Reading.what)).all()
    assert "bijlage" in whats
    for name in ("bea", "fia"):
        assert client(town, name).get(f"{path}/{number}").status_code == 404
        assert client(town, name).post(path, data={"file": (io.BytesIO(PDF), "b.pdf")}).status_code == 404
    other = asked(town, case_of(town))
    assert fenna.get(f"/opschalingen/{other.id}/bijlage/{number}").status_code == 404, "a file of another subject"


def test_the_page_says_what_is_wrong_with_a_file_and_how_large_it_may_be(town: Town) -> None:
    escalation = asked(town, case_of(town))
    fenna, path = client(town, "fenna"), f"/opschalingen/{escalation.id}/bijlage"
    wrong = fenna.post(path, data={"file": (io.BytesIO(b"MZ"), "virus.exe")})
    assert wrong.status_code == 422 and "Dit kan alleen met PDF" in wrong.text
    assert fenna.post(path, data={}).status_code == 422
    large = fenna.post(path, data={"file": (io.BytesIO(b"a" * (LARGEST + 1)), "groot.txt")})
    assert large.status_code == 422 and "groter dan 10 MB" in large.text
    huge = fenna.post(path, data={"file": (io.BytesIO(b"a" * (LARGEST + 300_000)), "groot.txt")})
    assert huge.status_code == 413 and "hooguit 10 MB" in huge.text
    elsewhere = fenna.post(
        f"/opschalingen/{escalation.id}/stap/withdraw", data={"why": (io.BytesIO(b"a" * 2_000_000), "a.txt")}
    )
    assert elsewhere.status_code == 413, "only there a request may be as large as a file"
