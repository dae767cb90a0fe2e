"""Keys are renewed while people work: nothing is lost, and a key that is used is never retired."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from tests.conftest import Town
from tests.residents.conftest import NUMBER, OTHER, case_of
from wijkteam.cli import main
from wijkteam.engine.outcomes import Stale
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.keys.sealing import blind_index
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import households_by_index
from wijkteam.residents.sealed import SEALED_COLUMNS
from wijkteam.residents.service import GivenBsn, NewResident, opened_bsn, record_resident, set_bsn
from wijkteam.storage.sealed import reseal, rows_by_key

NUMBERS = (NUMBER, OTHER)
ROWS, ROUNDS = 12, 8


def given(number: str) -> GivenBsn:
    return GivenBsn(number, "wgs", "Aanvraag schuldhulp")


def filled(town: Town, count: int) -> list[str]:
    case, ids = case_of(town, "fenna"), []
    for number in range(count):
        fenna = town.work("fenna")
        resident = record_resident(fenna, NewResident(case.household_id, f"Bewoner {number}"))
        set_bsn(fenna, town.house.key_ring, resident.id, given(NUMBERS[number % 2]))
        ids.append(resident.id)
        town.close()
    return ids


def numbers(town: Town) -> dict[str, str | None]:
    ring = town.house.key_ring
    return {each.id: opened_bsn(ring, each) for each in town.clockwork().session.scalars(select(Resident))}


def test_re_encryption_moves_every_row_and_its_index_while_people_go_on_writing(town: Town) -> None:
    ids, ring = filled(town, ROWS), town.house.key_ring
    written: dict[str, str | None] = dict(numbers(town))
    broken: list[BaseException] = []

    def guarded(act: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            except BaseException as error:
                broken.append(error)

        return run

    def write(work: Any, mine: list[str]) -> None:
        for round_ in range(ROUNDS):
            for resident_id in mine:
                try:
                    if round_ == ROUNDS - 1 and resident_id == mine[0]:
                        work.act_on(Resident, resident_id, "remove_bsn", {"why": "Niet nodig"})
                        written[resident_id] = None
                    else:
                        set_bsn(work, KeyRing(ring.path), resident_id, given(NUMBERS[round_ % 2]))
                        written[resident_id] = NUMBERS[round_ % 2]
                except Stale:
                    continue

    def rotate() -> None:
        for purpose in (Purpose.DATA, Purpose.INDEX, Purpose.DATA):
            KeyRing(ring.path).add(purpose)
            assert reseal(town.clockwork(), ring, SEALED_COLUMNS).unopened == []

    workers = [town.work("fenna"), town.work("sam.1")]
    jobs = [guarded(lambda work=work, part=part: write(work, ids[part::2])) for part, work in enumerate(workers)]
    threads = [threading.Thread(target=each) for each in [*jobs, guarded(rotate)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    reseal(town.clockwork(), ring, SEALED_COLUMNS)
    assert numbers(town) == written, "each row holds what was written last"
    session = town.clockwork().session
    newest = {ring.newest(purpose).id for purpose in Purpose}
    assert set(rows_by_key(session, SEALED_COLUMNS)) == newest
    for each in session.scalars(select(Resident).where(Resident.bsn_sealed.is_not(None))):
        assert each.bsn_index == blind_index(ring, written[each.id] or "")
        assert each.household_id in households_by_index(session, [each.bsn_index])


def test_a_row_that_cannot_be_opened_is_told_and_keeps_nothing_else_waiting(town: Town) -> None:
    ids, ring = filled(town, 3), town.house.key_ring
    with town.clockwork().transaction() as session:
        junk = text("UPDATE resident SET bsn_sealed = :junk WHERE id = :id")
        session.execute(junk, {"junk": b"\x01" + b"x" * 50, "id": ids[1]})
    ring.add(Purpose.DATA)
    done = reseal(town.clockwork(), ring, SEALED_COLUMNS)
    assert (done.moved, done.unopened) == (2, [f"resident {ids[1]}"])


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_the_commands_rotate_count_and_retire_and_never_show_a_secret(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ring = town.house.key_ring
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(ring.path))
    old = ring.newest(Purpose.DATA)
    filled(town, 2)
    assert run("keys", "retire", old.id).exit_code == 2, "it writes"
    assert "writes data from now on" in run("keys", "new").output
    in_use = run("keys", "retire", old.id)
    assert in_use.exit_code == 2 and "re-encrypt" in in_use.output
    moved = run("keys", "re-encrypt")
    assert moved.exit_code == 0 and "5 rows moved" in moved.output, "numbers, and the keys of a case and two residents"
    assert f"{ring.newest(Purpose.DATA).id}  5 rows" in moved.output and f"{old.id}  " not in moved.output
    assert "0 rows moved" in run("keys", "re-encrypt").output
    assert run("keys", "retire", old.id).exit_code == 0
    assert run("keys", "retire", "nothere1").exit_code == 2
    listed = run("keys", "list").output
    assert f"{old.id}  data" in listed and "retired" in listed and listed.count("writes") == 2
    assert ring.path is not None
    for line in ring.path.read_text().splitlines():
        assert line.split('"secret": "')[1][:12] not in listed + moved.output
    assert set(numbers(town).values()) == set(NUMBERS)
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(tmp_path / "elsewhere" / "key_ring"))
    missing = run("keys", "list")
    assert missing.exit_code == 2 and len(missing.output.splitlines()) == 1
    assert run("keys", "new").exit_code == 0
    lost = run("keys", "re-encrypt")
    assert lost.exit_code == 1 and "cannot be opened" in lost.output, "with another ring nothing opens"
