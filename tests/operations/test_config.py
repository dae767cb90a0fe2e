"""Settings come from variables and from one file, are explained with where they come from, and are checked whole."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wijkteam.cli import main
from wijkteam.shipped import PACKAGE
from wijkteam.storage.known_settings import BY_NAME, SETTINGS
from wijkteam.storage.settings import WrongSettings, read_settings

TOML = """
municipality = "Testgemeente"
production = true
proxies = 1
database_url = "postgresql://wijk:ge%40heim@db.example/wijkteam"
digest_at = 08:15:00
[oidc]
acr = ["high", "substantial"]
"""
SMTP = "smtps://wijk:tweede-geheim@mail.example"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "wijkteam.toml"
    path.write_text(TOML)
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in BY_NAME:
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments, **env: CliRunner().invoke(main, arguments, env=env, catch_exceptions=False)


def test_every_setting_that_the_code_reads_is_known_and_explained() -> None:
    read = {
        name for path in PACKAGE.rglob("*.py") for name in re.findall(r'"(WIJKTEAM_[A-Z_]*[A-Z])"', path.read_text())
    }
    assert read <= BY_NAME.keys(), "add it to wijkteam/storage/known_settings.py"
    assert all(each.meaning and each.left_out for each in SETTINGS)


def test_a_file_of_toml_and_variables_win_from_it(config: Path) -> None:
    found = read_settings({"WIJKTEAM_CONFIG": str(config), "WIJKTEAM_PROXIES": "2"})
    assert (found.municipality, found.production, found.proxies) == ("Testgemeente", True, 2)
    assert read_settings({"WIJKTEAM_SETTINGS": str(config)}).proxies == 1, "the older name works too"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("municipalty = 'X'", "WIJKTEAM_MUNICIPALTY: there is no such setting; did you mean WIJKTEAM_MUNICIPALITY?"),
        ("proxies = 1.5", "proxies: write a text, a number, true or false"),
        ("proxies 1", "this is no TOML"),
        ("config = 'other.toml'", "a file cannot name a file"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(config: Path, text: str, said: str) -> None:
    config.write_text(text)
    with pytest.raises(WrongSettings, match=re.escape(said)):
        read_settings({"WIJKTEAM_CONFIG": str(config)})


def test_explain_tells_what_holds_and_where_it_comes_from_and_shows_no_secret(
    run: Callable[..., Result], config: Path
) -> None:
    told = run(
        "--config", str(config), "config", "explain", WIJKTEAM_SMTP_URL=SMTP, WIJKTEAM_OIDC_CLIENT_SECRET="derde"
    )
    assert told.exit_code == 0
    assert f"Testgemeente   (file {config})" in told.stdout and "(variable WIJKTEAM_SMTP_URL)" in told.stdout
    assert "30   (left out)" in told.stdout and "postgresql://wijk:•••@db.example/wijkteam" in told.stdout
    assert not [secret for secret in ("ge%40heim", "tweede-geheim", "derde") if secret in told.output]
    assert all(name in told.stdout for name in BY_NAME)
    one = run("config", "explain", "proxies")
    assert one.stdout.splitlines()[0] == "WIJKTEAM_PROXIES" and len(one.stdout.splitlines()) == 3
    assert run("config", "explain", "proxys").exit_code == 2


def test_check_says_everything_that_is_wrong_at_once(run: Callable[..., Result], config: Path) -> None:
    assert run("config", "check").exit_code == 0
    wrong = {
        "WIJKTEAM_PROXIES": "veel",
        "WIJKTEAM_SMTP_URL": "post",
        "WIJKTEAM_LISTEN": "overal",
        "WIJKTEAM_PASSWORDS": "soms",
        "WIJKTEAM_PRODUCTOIN": "yes",
    }
    found = run("config", "check", **wrong)
    assert found.exit_code == 2
    lines = found.stderr.splitlines()
    assert len(lines) == len(wrong) and {line.split(":")[0] for line in lines} == wrong.keys()


def test_the_file_that_explain_writes_to_begin_with_can_be_used(run: Callable[..., Result], tmp_path: Path) -> None:
    begin = tmp_path / "begin.toml"
    begin.write_text(run("config", "explain", "--toml").stdout)
    assert run("--config", str(begin), "config", "check").exit_code == 0
    begin.write_text(begin.read_text().replace('# municipality = ""', 'municipality = "Elders"'))
    assert "Elders" in run("--config", str(begin), "config", "explain", "municipality").stdout
