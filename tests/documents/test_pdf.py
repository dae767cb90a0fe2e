"""Documents are accessible (PDF/UA-1), fit for the archive (PDF/A-2a), and made from own templates where there are."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from wijkteam.documents.pdf import WrongTemplate, make_pdf
from wijkteam.letters import content
from wijkteam.storage.settings import WrongSettings, read_settings

LETTER = content.example("decision")


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader(pdf).pages).split())


def fonts_of(pdf: bytes) -> list[DictionaryObject]:
    found = []
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            found += [each.get_object() for each in font.get_object()["/DescendantFonts"]]
    return found


@pytest.mark.parametrize("template", content.TEMPLATES)
def test_every_letter_is_accessible_pdf_ua_1_and_archivable_pdf_a_2a(template: str) -> None:
    pdf = reader(make_pdf(f"{template}.typ", content.example(template)))
    root: Any = pdf.trailer["/Root"]
    told = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in told
    assert "<pdfaid:part>2<" in told and "<pdfaid:conformance>A<" in told
    assert root["/MarkInfo"]["/Marked"], "it is tagged"
    assert root["/StructTreeRoot"]
    assert root["/Lang"].startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] and pdf.metadata is not None and pdf.metadata.title


def test_every_typeface_is_embedded() -> None:
    fonts = fonts_of(make_pdf("decision.typ", LETTER))
    assert fonts and all(
        "/FontFile2" in each["/FontDescriptor"] or "/FontFile3" in each["/FontDescriptor"] for each in fonts
    )


def test_it_reads_aloud_in_the_order_of_the_letter() -> None:
    told = text_of(make_pdf("decision.typ", LETTER))
    parts = ["Familie Voorbeeld", "2 maart 2026", "Besluit: voorbeeld", "Beste bewoner", "€ 250,00", "31 december 2026"]
    parts += [
        "niet zelf koken",
        "artikel 2.3.5 van de Wmo 2015",
        "Namens het college",
        "Fenna",
        "Bent u het er niet mee eens",
    ]
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


def test_the_same_data_gives_the_same_bytes() -> None:
    assert make_pdf("decision.typ", LETTER) == make_pdf("decision.typ", dict(reversed(LETTER.items())))


def test_what_people_wrote_is_never_read_as_markup() -> None:
    wrote = '#panic("x") *vet* _schuin_ $x^2$ = Kop <label> @ref \\ [haak] `code` // weg'
    assert wrote.replace("\\ ", "\\ ") in text_of(make_pdf("decision.typ", {**LETTER, "reasons": wrote}))


@settings(max_examples=15)
@given(words=st.text(max_size=30))
@example(words="مرحبا 😀 中文 \ue000 \x07")
def test_any_words_at_all_give_a_letter(words: str) -> None:
    assert make_pdf("decision.typ", {**LETTER, "reasons": words, "addressee": words}).startswith(b"%PDF")


def test_a_sign_that_no_typeface_has_is_shown_as_missing_and_the_rest_is_told() -> None:
    assert "Hallo \ufffd Jan" in text_of(make_pdf("decision.typ", {**LETTER, "reasons": "Hallo 😀 Jan"}))


def test_the_municipalitys_own_template_goes_first(tmp_path: Path) -> None:
    own = '#import "letterhead.typ": letter\n#let data = json(bytes(sys.inputs.data))\n'
    own += "#show: body => letter(data, body)\nOnze eigen brief."
    (tmp_path / "decision.typ").write_text(own)
    told = text_of(make_pdf("decision.typ", LETTER, tmp_path))
    assert "Onze eigen brief." in told and "Gemeente Voorbeeldstad" in told
    assert "Onze eigen brief." not in text_of(make_pdf("private_act.typ", LETTER, tmp_path))


def test_the_own_letterhead_is_used_by_the_shipped_letters(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "templates" / "documents" / "letterhead.typ").read_text()
    (tmp_path / "letterhead.typ").write_text(shipped.replace("Gemeente #data.municipality]", "Stadhuis aan de Gracht]"))
    assert "Stadhuis aan de Gracht" in text_of(make_pdf("decision.typ", LETTER, tmp_path))


@pytest.mark.parametrize(
    ("own", "line"),
    [
        ("= Kop\n\n#verkeerd", "decision.typ:3:1: unknown variable: verkeerd"),
        ("#set document(title: [x])\n#json(bytes(sys.inputs.data)).bestaat_niet", "decision.typ:2:"),
        ('#import "weg.typ": x', "decision.typ:1:"),
        ("= Zonder titel", "title"),
        ('#image("/etc/hostname")', "decision.typ:1:"),
    ],
)
def test_a_wrong_template_is_told_in_one_line_with_its_place(own: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "decision.typ").write_text(own)
    with pytest.raises(WrongTemplate) as wrong:
        make_pdf("decision.typ", LETTER, tmp_path)
    assert line in str(wrong.value) and "\n" not in str(wrong.value)


def test_a_template_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongTemplate, match=r"there is no template other\.typ in"):
        make_pdf("other.typ", LETTER, tmp_path)


def test_a_folder_of_templates_that_is_not_there_is_told_in_one_line() -> None:
    with pytest.raises(WrongSettings, match="WIJKTEAM_TEMPLATES: there is no folder /nergens"):
        read_settings({"WIJKTEAM_TEMPLATES": "/nergens"})


@pytest.mark.parametrize("template", content.TEMPLATES)
def test_sentences_are_short_enough_for_level_b1(template: str) -> None:
    told = text_of(make_pdf(f"{template}.typ", {**content.example(template), "replaces": None}))
    told = re.sub(r"\S+ · bladzijde \d van \d", "", told[told.index("Beste bewoner") :])
    told = re.sub(r"Met vriendelijke groet.*Frontlijnprofessional", "", told)
    lengths = [len(sentence.split()) for sentence in re.split(r"[.:?•;] ", told) if sentence.strip()]
    assert max(lengths) <= 20 and sum(lengths) / len(lengths) <= 10
