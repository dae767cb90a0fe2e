"""Sealing: every day once, with any number of sealers, also while others write; and proofs that stand by themselves."""

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from tests.logs.conftest import MONDAY, a_day
from wijkteam.cases.model import HouseholdCase
from wijkteam.cli import main
from wijkteam.engine.running import Stale
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.logs import merkle, sealing
from wijkteam.logs.heads import WrongHead, read_lines
from wijkteam.logs.keys import SealKey, WrongKey, public_key, seal_key
from wijkteam.logs.model import LogSeal
from wijkteam.logs.proving import NotSealed, Trust, prove, verify_seals
from wijkteam.logs.sealing import seal_finished_day, seal_now
from wijkteam.terms import clock

LONGEST_WAIT = 30.0


def reference_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 (2.1), word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + reference_root(leaves[:half]) + reference_root(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40), st.data())
def test_trees_are_those_of_rfc_6962_and_a_path_proves_its_own_leaf_only(
    leaves: list[bytes], data: st.DataObject
) -> None:
    hashes = [merkle.leaf_hash(each) for each in leaves]
    assert merkle.root(hashes) == reference_root(leaves)
    if leaves:
        index = data.draw(st.integers(0, len(leaves) - 1))
        path = merkle.path(hashes, index)
        assert merkle.root_from(hashes[index], index, len(leaves), path) == merkle.root(hashes)
        assert merkle.root_from(merkle.leaf_hash(b"another leaf"), index, len(leaves), path) != merkle.root(hashes)
        assert merkle.root_from(hashes[index], index, len(leaves), [*path, b""]) is None


def test_every_finished_day_gets_one_seal_a_log_also_when_nothing_happened(town: Town, key: SealKey) -> None:
    work = town.clockwork()
    for number in range(3):
        with clock.standing_at(MONDAY + timedelta(days=number)):
            if number == 0:
                a_day(town, "Straat 1")
            for _ in range(3):
                seal_finished_day(work, lambda: key)
    seals = work.session.scalars(select(LogSeal).order_by(LogSeal.log, LogSeal.number)).all()
    assert [(each.log, each.number) for each in seals] == [(log, n) for log in ("event", "reading") for n in (1, 2, 3)]
    assert [each.day.day for each in seals[:3]] == [1, 2, 3] and [each.rows for each in seals[1:3]] == [0, 0]
    assert verify_seals(work.session, Trust({key.public.key_id: key.public})) == []


def test_many_rows_are_sealed_in_parts(town: Town, key: SealKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_ROWS", 3)
    a_day(town, "Straat 1", notes=5)
    work = town.clockwork()
    made = seal_now(work, lambda: key)
    assert made.seals > 3 and verify_seals(work.session, Trust({key.public.key_id: key.public})) == []


def test_nothing_that_is_written_while_others_seal_falls_between_two_seals(town: Town, key: SealKey) -> None:
    """Four write, two seal, at the same time: no false alarm, and in the end everything is sealed."""
    cases = [a_day(town, f"Straat {number}", notes=0) for number in range(4)]
    ready, broken = threading.Barrier(6), []
    done, sealed = threading.Event(), threading.Event()

    def go(task: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            ready.wait()
            try:
                task()
            except Exception as error:  # whatever a thread meets is looked at when all have ended
                broken.append(error)

        return run

    def write(number: int) -> Callable[[], None]:
        work = town.work("fenna")

        def task() -> None:
            for each in range(8):
                work.act_on(HouseholdCase, cases[number].id, "add_note", {"note": str(each)})
            sealed.wait(LONGEST_WAIT)
            work.act_on(HouseholdCase, cases[number].id, "add_note", {"note": "na een zegel"})

        return task

    def seal() -> None:
        work = town.clockwork()
        while not done.is_set():
            try:
                seal_now(work, lambda: key)
            except Stale:
                continue
            sealed.set()
            done.wait(0.02)

    threads = [threading.Thread(target=go(task)) for task in (*(write(number) for number in range(4)), seal, seal)]
    for thread in threads:
        thread.start()
    for thread in threads[:4]:
        thread.join()
    done.set()
    for thread in threads[4:]:
        thread.join()
    work = town.clockwork()
    seal_now(work, lambda: key)
    assert broken == []
    assert verify(work.session) + verify_seals(work.session, Trust({key.public.key_id: key.public})) == []
    newest = sealing.last_seal(work.session, "event")
    assert newest is not None and newest.number > 1
    assert newest.total == len(work.session.scalars(select(Event.id)).all())


def test_a_proof_of_one_event_can_be_checked_with_the_public_key_alone(sealed: Town, key: SealKey) -> None:
    session = sealed.clockwork().session
    event = session.scalars(select(Event).order_by(Event.id)).all()[4]
    proof = json.loads(json.dumps(prove(session, "event", event.id, [key.public])))
    leaf = bytes.fromhex(proof["leaf"])
    assert leaf[8:].hex() == event.hash and int.from_bytes(leaf[:8]) == event.id
    hashes = [bytes.fromhex(each) for each in proof["path"]]
    root = merkle.root_from(merkle.leaf_hash(leaf), proof["index"], proof["count"], hashes)
    assert root is not None and root.hex() == proof["seal"]["root"]
    told = json.dumps(proof["seal"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(told.encode()).hexdigest() == proof["head"]
    assert public_key(proof["public_key"]).signed(proof["head"], proof["signature"])
    newest = session.scalars(select(Event.id).order_by(Event.id.desc())).first()
    assert newest is not None
    with pytest.raises(NotSealed):
        prove(session, "event", newest, [])
    with pytest.raises(LookupError):
        prove(session, "event", 999_999, [])


def test_the_key_is_made_once_for_its_owner_alone_and_anything_else_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "seal_key"
    made = [seal_key(path).public.key_id for _ in range(2)]
    assert len(set(made)) == 1 and path.stat().st_mode & 0o777 == 0o600
    path.write_text("geen sleutel", encoding="utf-8")
    with pytest.raises(WrongKey, match="seal_key"):
        seal_key(path)
    with pytest.raises(WrongKey):
        public_key("geen sleutel")


@pytest.mark.parametrize("text", ["[]", "{}", "x", '{"log": "event"}', "\ud800"])
def test_a_file_that_holds_no_heads_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(WrongHead, match="line 2"):
        read_lines("\n" + text)


def test_the_commands_seal_keep_heads_elsewhere_and_find_what_was_rewritten(
    sealed: Town, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sealed.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.setenv("WIJKTEAM_SEAL_KEY_FILE", str(tmp_path / "keys" / "seal_key"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    assert "rows sealed in 2 seals" in run("audit", "seal").output
    assert "seal 3" in run("audit", "head").output
    heads, pem = tmp_path / "heads.jsonl", tmp_path / "seals.pem"
    heads.write_text(run("audit", "head", "--json", "--all").output, encoding="utf-8")
    pem.write_text(run("audit", "public-key").output, encoding="utf-8")
    good = run("audit", "verify", "--head", str(heads), "--public-key", str(pem))
    assert good.exit_code == 0 and "6 heads kept elsewhere agree" in good.output and "every chain whole" in good.output
    assert json.loads(run("audit", "prove", "2").output)["seal"]["number"] == 1
    assert run("audit", "prove", "9999").exit_code == 2
    lines = [json.loads(line) for line in heads.read_text(encoding="utf-8").splitlines()]
    lines[1]["head"] = "0" * 64
    heads.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    bad = run("audit", "verify", "--head", str(heads), "--public-key", str(pem))
    assert bad.exit_code == 1 and "2026-03-03" in bad.stderr and "kept elsewhere" in bad.stderr
    (tmp_path / "wrong.jsonl").write_text("x", encoding="utf-8")
    wrong = run("audit", "verify", "--head", "wrong.jsonl")
    assert wrong.exit_code == 2 and "line 1" in wrong.stderr
