"""A backup is whole, of one moment, sealed when asked, and comes back as it was: proven by putting it back."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.plumbing.templates import PostgresTemplates
from tests.retention.dossier import SECRETS, full_case
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.documents.model import Document
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.terms import clock

Run = Callable[..., Result]
PASSPHRASE = "negen gele zwaluwen"


@pytest.fixture
def run(town: Town, database_url: str, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.setenv("WIJKTEAM_SECRET_KEY_FILE", str(tmp_path / "apart" / "secret_key"))
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "passphrase").chmod(0o600)
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a backup can be put back: an empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'back' / 'wijkteam.sqlite'}"
        return
    templates: PostgresTemplates = request.getfixturevalue("postgres_templates")
    assert templates.empty
    name = "restored_" + str(abs(hash(str(tmp_path))))
    templates._copy(name, "template0")
    yield templates._at(name)
    templates.drop(templates._at(name))


def everything(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file())


def test_what_was_copied_comes_back_and_both_logs_are_proven_there(
    run: Run, town: Town, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = full_case(town)
    assert run("audit", "seal").exit_code == 0
    heads = run("audit", "head", "--json").stdout
    folder = tmp_path / "copy"
    made = run("backup", str(folder))
    assert made.exit_code == 0, made.output
    assert not (folder / "keys").exists(), "keys stand apart unless they are asked for"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["documents"] and {each["log"] for each in manifest["heads"]} == {"event", "reading"}
    assert all(each.stat().st_mode & 0o077 == 0 for each in folder.rglob("*"))
    assert run("restore", str(folder), "--check").stdout.startswith("whole: ")

    put = run("restore", str(folder), "--to", empty_url)
    assert put.exit_code == 0, put.output
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", empty_url)
    (tmp_path / "heads").write_text(heads)
    proven = run("audit", "verify", "--head", str(tmp_path / "heads"))
    assert proven.exit_code == 0 and "2 heads kept elsewhere agree" in proven.stdout, proven.output
    back = connect(empty_url)
    with Session(back) as session:
        text = session.scalar(select(Document.content).where(Document.name == "Zwaluwbestand.txt"))
        assert text == b"Zwaluwbestand in het bestand"
        assert session.get_one(HouseholdCase, case.id).state == "closed"
    back.dispose()
    # life goes on there: numbers that the database gives out go on too
    assert run("worker", "--once").exit_code == 0
    again = run("restore", str(folder), "--to", empty_url)
    assert again.exit_code == 2 and ("there already" in again.stderr or "in use" in again.stderr)


def test_a_sealed_backup_shows_nothing_and_opens_with_its_passphrase_only(
    run: Run, town: Town, empty_url: str, tmp_path: Path
) -> None:
    full_case(town)
    folder, key = tmp_path / "copy", str(tmp_path / "passphrase")
    assert run("backup", str(folder), "--keys", "with", "--passphrase-file", key).exit_code == 0
    seen = everything(folder)
    assert not any(word.encode() in seen for word in SECRETS)
    assert (tmp_path / "apart" / "key_ring").read_bytes() not in seen
    assert "give its passphrase" in run("restore", str(folder), "--to", empty_url).stderr
    (tmp_path / "other").write_text("een heel andere zin")
    (tmp_path / "other").chmod(0o600)
    other = run("restore", str(folder), "--to", empty_url, "--passphrase-file", str(tmp_path / "other"))
    assert other.exit_code == 2 and "the passphrase is another one" in other.stderr
    put = run("restore", str(folder), "--to", empty_url, "--passphrase-file", key, "--keys-to", str(tmp_path / "new"))
    assert put.exit_code == 0, put.output
    assert (tmp_path / "new" / "key_ring").read_bytes() == (tmp_path / "apart" / "key_ring").read_bytes()
    assert (tmp_path / "new" / "key_ring").stat().st_mode & 0o077 == 0
    over = run("restore", str(folder), "--passphrase-file", key, "--keys-to", str(tmp_path / "new"))
    assert over.exit_code == 2 and "nothing is written over keys" in over.stderr


def test_a_backup_that_was_changed_or_lacks_a_file_is_not_put_back(run: Run, town: Town, tmp_path: Path) -> None:
    full_case(town)
    folder = tmp_path / "copy"
    assert run("backup", str(folder)).exit_code == 0
    document = next(each for each in (folder / "documents").iterdir() if each.suffix == "")
    whole = document.read_bytes()
    document.write_bytes(whole + b" ")
    found = run("restore", str(folder), "--check")
    assert found.exit_code == 2 and f"documents/{document.name} was changed or is damaged" in found.stderr
    document.unlink()
    assert f"documents/{document.name} is missing" in run("restore", str(folder), "--check").stderr
    assert "is no backup" in run("restore", str(tmp_path / "elsewhere"), "--check").stderr


def test_a_backup_is_never_written_over_another_and_keys_can_have_one_of_their_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    refused = run("backup", str(tmp_path / "copy"))
    assert refused.exit_code == 2 and "nothing is written over a backup" in refused.stderr
    assert run("backup", str(tmp_path / "keys"), "--keys", "only").exit_code == 0
    assert {each.name for each in (tmp_path / "keys").rglob("*")} >= {"key_ring", "manifest.json"}
    assert "holds keys only" in run("restore", str(tmp_path / "keys"), "--to", "sqlite:///x").stderr


def test_people_go_on_while_a_backup_is_made_and_it_is_of_one_moment(
    run: Run, town: Town, empty_url: str, tmp_path: Path
) -> None:
    stop = threading.Event()
    opened: list[str] = []

    def keep_opening() -> None:
        while not stop.is_set():
            opened.append(open_case(town.work("fenna"), NewCase("Made up", "huur", "bel", clock.today())).id)

    person = threading.Thread(target=keep_opening)
    person.start()
    try:
        made = run("backup", str(tmp_path / "copy"))
    finally:
        stop.set()
        person.join(30)
    assert made.exit_code == 0 and opened, made.output
    put = run("restore", str(tmp_path / "copy"), "--to", empty_url)
    assert put.exit_code == 0, "counts, heads and the newest event agree with each other"
    back = connect(empty_url)
    with Session(back) as session:
        assert session.scalar(select(func.count()).select_from(HouseholdCase)) is not None
    back.dispose()


def test_a_damaged_document_is_named_and_keeps_nothing_else_from_being_copied(
    run: Run, town: Town, empty_url: str, tmp_path: Path
) -> None:
    full_case(town)
    with town.clockwork().transaction() as session:
        number = session.scalar(select(Document.id).where(Document.name == "Zwaluwbestand.txt"))
        session.execute(update(Document).where(Document.id == number).values(content=b"kapot"))
    made = run("backup", str(tmp_path / "copy"))
    assert made.exit_code == 1 and f"documents were damaged before it: {number}" in made.stderr
    assert run("restore", str(tmp_path / "copy"), "--to", empty_url).exit_code == 0


def test_a_backup_of_a_newer_release_says_so(run: Run, empty_url: str, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "copy")).exit_code == 0
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    (tmp_path / "copy" / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}))
    refused = run("restore", str(tmp_path / "copy"), "--to", empty_url)
    assert refused.exit_code == 2 and "of a newer release" in refused.stderr


def test_without_tables_there_is_nothing_to_copy(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite'}")
    refused = run("backup", str(tmp_path / "copy"))
    assert refused.exit_code == 2 and "there is nothing in the database" in refused.stderr
    assert not (tmp_path / "copy").exists()
