"""Nothing is served in production with weak settings, and the doctor says which they are."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from tests.conftest import Town
from wijkteam.assembly import build_house
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.demo.town import found_town
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.terms import clock


def run(url: str, folder: Path, *arguments: str, **settings: str) -> Result:
    names = {"WIJKTEAM_DATABASE_URL": url, "WIJKTEAM_SECRET_KEY_FILE": str(folder / "key"), **settings}
    return CliRunner().invoke(main, arguments, env=names, catch_exceptions=False)


def checks(answer: Result) -> set[str]:
    return {line.split(":")[0].removeprefix("WEAK  ") for line in answer.output.splitlines() if line.startswith("WEAK")}


def test_a_demonstration_is_weak_and_the_doctor_says_in_what(town: Town, database_url: str, tmp_path: Path) -> None:
    found = run(database_url, tmp_path, "doctor")
    assert found.exit_code == 1
    assert {"production", "municipality", "address", "demo-people"} <= checks(found)
    assert ("database" in checks(found)) == database_url.startswith("sqlite")


def test_a_key_that_others_can_read_or_that_is_no_key_is_weak(town: Town, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a" * 64)
    (tmp_path / "key").chmod(0o644)
    assert "secret-key" in checks(run(database_url, tmp_path, "doctor"))
    (tmp_path / "key").chmod(0o600)
    assert "secret-key" not in checks(run(database_url, tmp_path, "doctor"))
    (tmp_path / "key").write_text("kort")
    assert "secret-key" in checks(run(database_url, tmp_path, "doctor"))


@pytest.mark.parametrize("check", ["key-ring", "seal-key"])
def test_the_keys_of_numbers_and_of_seals_are_looked_at_too(
    town: Town, database_url: str, tmp_path: Path, check: str
) -> None:
    (tmp_path / "other").write_text("a" * 64)
    (tmp_path / "other").chmod(0o644)
    named = {f"WIJKTEAM_{check.upper().replace('-', '_')}_FILE": str(tmp_path / "other")}
    assert check in checks(run(database_url, tmp_path, "doctor", **named))


def test_an_address_counts_without_mail_too_and_no_proxy_in_production_is_only_said(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    said = {"WIJKTEAM_PRODUCTION": "yes", "WIJKTEAM_ADDRESS": "https://wijkteam.testgemeente.example"}
    found = run(database_url, tmp_path, "doctor", **said)
    assert "address" not in checks(found) and "note  proxies" in found.output
    assert "proxies" not in run(database_url, tmp_path, "doctor", WIJKTEAM_PROXIES="1", **said).output


def test_production_is_not_served_with_weak_settings(town: Town, database_url: str, tmp_path: Path) -> None:
    refused = run(database_url, tmp_path, "serve", WIJKTEAM_PRODUCTION="yes")
    assert refused.exit_code == 2
    assert {"municipality", "demo-people"} <= checks(refused)
    assert "nothing is served in production" in refused.output


def test_a_setting_that_is_mended_is_no_longer_named(house: object, database_url: str, tmp_path: Path) -> None:
    mended = {
        "WIJKTEAM_PRODUCTION": "yes",
        "WIJKTEAM_MUNICIPALITY": "Testgemeente",
        "WIJKTEAM_ADDRESS": "https://wijkteam.testgemeente.example",
        "WIJKTEAM_SMTP_URL": "smtps://mail.testgemeente.example",
        "WIJKTEAM_MAIL_FROM": "wijkteam@testgemeente.example",
    }
    found = run(database_url, tmp_path, "doctor", **mended)
    assert checks(found) <= {"database", "database-role", "reader-role"}, (
        "a test's own database is SQLite, or has a superuser"
    )


@pytest.mark.parametrize("name", ["FLASK_DEBUG"])
def test_debugging_is_weak(house: object, database_url: str, tmp_path: Path, name: str) -> None:
    assert "debugging" in checks(run(database_url, tmp_path, "doctor", **{name: "1"}))
    assert os.environ.get(name) is None


def test_a_database_of_an_older_version_is_said_first(tmp_path: Path) -> None:
    found = run(f"sqlite:///{tmp_path}/empty.sqlite", tmp_path, "doctor")
    assert found.exit_code == 1 and checks(found) == {"schema"}


def test_a_key_ring_that_is_missing_or_another_one_is_weak_and_what_stands_unsealed_is_said(
    database: Engine, database_url: str, tmp_path: Path, key_ring: KeyRing
) -> None:
    before = Town(build_house(database))
    found_town(before.house, before.clockwork())
    open_case(before.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    before.close()
    seen = run(database_url, tmp_path, "doctor")
    assert "note  unsealed" in seen.output and not {"sealing", "lost-keys"} & checks(seen)
    after = Town(build_house(database, key_ring=key_ring))
    open_case(after.work("fenna"), NewCase("Straat 2", "Huur", "Bellen", clock.today()))
    after.close()
    key_ring.add(Purpose.DATA)
    assert "note  older-keys" in run(database_url, tmp_path, "doctor").output
    other = KeyRing(tmp_path / "other" / "key_ring")
    other.begin()
    seen = run(database_url, tmp_path, "doctor", WIJKTEAM_KEY_RING_FILE=str(other.path))
    assert "lost-keys" in checks(seen)
    seen = run(database_url, tmp_path, "doctor", WIJKTEAM_KEY_RING_FILE=str(tmp_path / "nowhere"))
    assert "sealing" in checks(seen)
