"""A municipality's own colours: read from its design tokens, for light and dark screens, and weak where unreadable."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.access.matrix.test_matrix import methods
from tests.conftest import Town
from wijkteam.cli import main
from wijkteam.looks import SHIPPED, contrast, read_look, too_little_contrast
from wijkteam.shipped import folder
from wijkteam.storage.settings import WrongSettings, read_settings
from wijkteam.web import styles
from wijkteam.web.app import create_app
from wijkteam.web.styles import USED, sheet_of

VENDOR = styles.STATIC / "vendor" / "theme.css"
OWN_FILES = [styles.STATIC / name for name in ("wijkteam.css", "pictures.css")]
GREEN = """
.groenstad-theme { --groen: #00632d; --utrecht-link-color: var(--groen);
  --utrecht-page-header-background-color: var(--groen); --utrecht-page-header-color: rgb(255, 255, 255);
  --utrecht-button-primary-action-background-color: hsl(147 100% 19%); }
"""


def written(folder: Path, css: str) -> Path:
    path = folder / "groenstad.css"
    path.write_text(css, encoding="utf-8")
    return path


def test_the_look_that_comes_along_can_be_read_on_light_and_on_dark_screens() -> None:
    assert [str(each) for each in too_little_contrast(read_look(None))] == []


@pytest.mark.parametrize("theme", ["groenstad", "the example theme of NL Design System"])
def test_another_theme_is_a_swap_of_one_file_and_can_be_read_too(tmp_path: Path, theme: str) -> None:
    look = read_look(written(tmp_path, GREEN) if theme == "groenstad" else VENDOR)
    assert [str(each) for each in too_little_contrast(look)] == []
    assert look.light["accent"] != read_look(None).light["accent"]
    text = sheet_of(look).text
    assert f"--accent: {look.light['accent']};" in text and f"--accent: {look.dark['accent']};" in text


def test_a_colour_for_light_screens_only_is_made_lighter_for_dark_ones_and_grounds_stay_dark(tmp_path: Path) -> None:
    look = read_look(written(tmp_path, GREEN + ":root { --wijkteam-card: #fffff0; }"))
    assert look.light["accent"] == "#00632d" and look.light["card"] == "#fffff0"
    assert look.dark["card"] == read_look(None).dark["card"]
    assert contrast(look.dark["accent"], look.dark["card"]) >= 4.5 > contrast("#00632d", look.dark["card"])


def test_what_is_said_for_dark_screens_is_done_there(tmp_path: Path) -> None:
    css = GREEN + "@media (prefers-color-scheme: dark) { .groenstad-theme { --wijkteam-accent: #9be7b4; } }"
    look = read_look(written(tmp_path, css))
    assert (look.light["accent"], look.dark["accent"]) == ("#00632d", "#9be7b4")


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("body { color: red }", "holds no custom property"),
        (":root { --wijkteam-accent: blauw }", "no full colour"),
        (":root { --wijkteam-accent: rgb(0 0 0 / 50%) }", "no full colour"),
        (":root { --wijkteam-accent: var(--a); --a: var(--b); --b: var(--a) }", "no full colour"),
        (":root { --wijkteam-acent: #000 }", "there is no such colour"),
        (":root { --wijkteam-font: url(https://elsewhere.example/f) }", "no list of typefaces"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_one_line(tmp_path: Path, css: str, said: str) -> None:
    with pytest.raises(WrongSettings, match=said):
        read_look(written(tmp_path, css))
    with pytest.raises(WrongSettings, match="there is no file"):
        read_settings({"WIJKTEAM_THEME": str(tmp_path / "nergens.css")})


def test_nothing_of_a_file_but_tokens_comes_into_the_style_sheet_and_it_fetches_nothing(tmp_path: Path) -> None:
    css = """@import url(https://elsewhere.example/x.css); body { display: none }
    :root { --wijkteam-ink: #111111; --utrecht-textbox-color: url(https://elsewhere.example/y);
      --utrecht-textbox-font-size: 1rem } body { display: none; }"""
    text = sheet_of(read_look(written(tmp_path, css))).text
    assert "elsewhere" not in text and "url(" not in text and "body { display" not in text
    assert "--ink: #111111" in text


def test_the_doctor_says_which_two_colours_differ_too_little(
    town: Town, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = written(tmp_path, ":root { --wijkteam-button: #ffd400; --wijkteam-on-button: #ffffff; }")
    names = {"WIJKTEAM_DATABASE_URL": database_url, "WIJKTEAM_SECRET_KEY_FILE": str(tmp_path / "key")}
    found = CliRunner().invoke(main, ["doctor"], env={**names, "WIJKTEAM_THEME": str(theme)}).output
    [line] = [each for each in found.splitlines() if "contrast: " in each and "button-over" not in each]
    assert line.startswith("WEAK") and "on light screens --wijkteam-on-button on --wijkteam-button" in line
    assert "contrast" not in CliRunner().invoke(main, ["doctor"], env=names).output


def test_colours_are_named_everywhere_so_that_a_theme_reaches_all(tmp_path: Path) -> None:
    names = set(read_look(None).light)
    for path in OWN_FILES:
        css = re.sub(r"\[(fill|stroke)=[^\]]*\]|@media print \{.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(", css, re.IGNORECASE), path
        assert {each for each in re.findall(r"var\(--([\w-]+)", css)} <= names, path
    assert set(read_look(None).dark) == names, f"{SHIPPED} names a colour for one kind of screen only"


def test_pages_use_no_component_that_is_not_in_the_style_sheet() -> None:
    used = set()
    for template in folder("templates").rglob("*.html"):
        used |= set(re.findall(r"utrecht-[a-z-]+", template.read_text(encoding="utf-8")))
    assert used <= USED, "name them in wijkteam/web/styles.py, and fetch them in hatch_build.py"


def test_a_browser_keeps_what_has_a_mark_for_ever_and_asks_after_what_has_none(town: Town) -> None:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    browser = app.test_client()
    page = browser.get("/inloggen").text
    [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    kept = browser.get(sheet)
    assert kept.mimetype == "text/css" and "immutable" in kept.headers["Cache-Control"]
    older = browser.get("/static/look/0123456789abcdef.css")
    assert older.data == kept.data and older.headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/look/anders.css").status_code == 404
    with app.test_request_context():
        script = app.url_for("static", filename="passkeys.js")
    assert "immutable" in browser.get(script).headers["Cache-Control"]
    assert browser.get("/static/passkeys.js").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/passkeys.js?v=anders").headers["Cache-Control"] == "no-cache"
    assert all("GET" in methods(rule) for rule in app.url_map.iter_rules() if rule.endpoint == "styles.one")
