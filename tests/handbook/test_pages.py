"""The handbook is whole: the same pages in both languages, names as on screens, pictures and links that are there."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

from tests.handbook.reading import HANDBOOK, LANGUAGES, PICTURE, ROOT, bold, pages
from tests.web.handbook_pictures import PICTURES, file_name
from wijkteam.web.language import parts, read_part

LARGEST_PICTURE = 60_000
ON_SCREENS = ("wijkteam/**/*.py", "templates/**/*.html", "workflows/**/*.yaml")
NO_NAMES = {"vet", "bold"}
"""The word that says what bold means."""
CONFIGS = {"nl": ROOT / "docs" / "mkdocs.yml", "en": ROOT / "docs" / "mkdocs.en.yml"}


def on_screens() -> str:
    """Everything that pages, definitions and translations say, as one text."""
    written = [path.read_text() for pattern in ON_SCREENS for path in ROOT.glob(pattern) if path.is_file()]
    for part in parts("en"):
        for message in read_part(part):
            said = message.string if isinstance(message.string, list | tuple) else [message.string]
            written += [str(each) for each in said]
    return "\n".join(written).replace("''", "'").replace("&eacute;", "é")


def test_both_languages_have_the_same_pages_with_the_same_headings_and_pictures() -> None:
    dutch, english = (pages(language) for language in LANGUAGES)
    assert dutch.keys() == english.keys()
    for name, page in dutch.items():
        for pattern in (r"^#+ ", r"\]\(([^)]+\.webp)\)", r"^\d+\. ", r"^- "):
            ours, theirs = (re.findall(pattern, each, re.MULTILINE) for each in (page, english[name]))
            assert ours == theirs, (name, pattern)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_bold_stands_on_a_screen(language: str) -> None:
    known = on_screens()
    unknown = {
        f"{name}: {each}"
        for name, page in pages(language).items()
        for each in bold(page)
        if each not in NO_NAMES and each not in known
    }
    assert unknown == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_is_small_says_what_it_shows_and_is_made_by_a_test(language: str) -> None:
    shown = {found[2]: found[1] for page in pages(language).values() for found in PICTURE.finditer(page)}
    made = {file_name(each) for each in PICTURES}
    there = {path.name: path.stat().st_size for path in (HANDBOOK / language / "pictures").iterdir()}
    assert set(shown) == made == set(there)
    assert all(len(says) > 8 for says in shown.values())
    assert {name for name, size in there.items() if size > LARGEST_PICTURE} == set()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole handbook as it is built, in both languages; a warning is a mistake."""
    folder = tmp_path_factory.mktemp("handbook")
    for language, path in CONFIGS.items():
        config = load_config(str(path), strict=True, site_dir=str(folder if language == "nl" else folder / language))
        build(config)
    return folder


def test_every_link_leads_to_something_and_nothing_comes_from_elsewhere(site: Path) -> None:
    built = {
        path.resolve(): html.fromstring(path.read_bytes()) for path in site.rglob("*.html") if path.name != "404.html"
    }
    marks = {path: set(tree.xpath("//@id | //a/@name")) for path, tree in built.items()}
    wrong = []
    for path, tree in built.items():
        for link in tree.xpath("//a/@href | //img/@src | //script/@src | //link/@href"):
            parts_of = urlsplit(link)
            if parts_of.scheme or parts_of.netloc:
                continue
            target = (path.parent / unquote(parts_of.path)).resolve() if parts_of.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (
                parts_of.fragment and parts_of.fragment not in marks.get(target, {parts_of.fragment})
            ):
                wrong.append(f"{path.relative_to(site.resolve())}: {link}")
        elsewhere = tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href | //iframe/@src")
        wrong += [f"{path.name}: {each}" for each in elsewhere if urlsplit(each).netloc]
        addresses = [urlsplit(each) for each in tree.xpath("//main//a/@href") if "//" in each]
        wrong += [f"{path.name}: {each.geturl()}" for each in addresses if each.scheme != "https" or not each.hostname]
    assert wrong == []


def test_each_page_leads_to_the_same_page_in_the_other_language(site: Path) -> None:
    for name in pages("nl"):
        path = Path(name).with_suffix(".html")
        for at, other in ((site / path, site / "en" / path), (site / "en" / path, site / path)):
            links = html.fromstring(at.read_bytes()).xpath("//a[@hreflang]/@href")
            assert other.resolve() in {(at.parent / link).resolve() for link in links}, (at, links)


def test_what_is_made_from_the_program_and_every_document_is_in_the_handbook(site: Path) -> None:
    for name in ("reference/settings.html", "reference/commands.html", "reference/operations.html"):
        assert len((site / name).read_bytes()) > 20_000
    assert "WIJKTEAM_DATABASE_URL" in (site / "reference/settings.html").read_text()
    assert "wijkteam mandate what-if" in (site / "reference/commands.html").read_text()
    assert "/cases/{caseId}/escalations" in (site / "reference/operations.html").read_text()
    for document in (ROOT / "docs").glob("*.md"):
        assert (site / "documents" / document.with_suffix(".html").name).is_file()
