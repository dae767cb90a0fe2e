"""What events record is sealed for its own place, proved without any secret, and gone for good with its key."""

import ast
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

import wijkteam
from tests.conftest import Town
from tests.logs.test_tampering import off_guard, rechained
from tests.retention.dossier import DUE, full_case, signed
from tests.signed_in import client
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.demo.town import found_town
from wijkteam.engine.running import Stale
from wijkteam.events.contents import Opened, contents_of, count_unsealed
from wijkteam.events.findings import Change
from wijkteam.events.model import Event, PayloadKey
from wijkteam.events.payload_keys import SEALED_COLUMNS, CannotSeal, PayloadKeys, Record, destroy_keys
from wijkteam.events.payloads import (
    CannotOpenPayload,
    Contents,
    Place,
    Why,
    key_of,
    open_payload,
    read_payload,
    seal_payload,
    write_payload,
    write_unsealed_payload,
)
from wijkteam.events.queries import events_of, recorded
from wijkteam.events.verification import verify
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.logs.keys import seal_key
from wijkteam.logs.proving import Trust, verify_seals
from wijkteam.logs.sealing import seal_now
from wijkteam.retention.proving import signed_erasures, wrong_destructions
from wijkteam.retention.service import carry_out
from wijkteam.storage.sealed import reseal, rows_by_key
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.wall.reader import NOBODY
from wijkteam.wall.session import NotThroughTheWall

KIND = HouseholdCase.workflow
WORDS = st.dictionaries(
    st.text(max_size=10), st.text(max_size=40) | st.integers() | st.none() | st.booleans(), max_size=4
)
PLACES = st.builds(
    Place, st.sampled_from([KIND, "escalation"]), st.text("abc23", min_size=1, max_size=3), st.integers(1, 99)
)


def a_case(town: Town, who: str = "Straat 1") -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase(who, "Huur en zwaluwen", "Bellen", clock.today()))


def note(work: Work, case_id: str, said: str) -> None:
    work.act_on(HouseholdCase, case_id, "add_note", {"note": said})


@given(
    fields=WORDS,
    changes=WORDS,
    place=PLACES,
    other=PLACES,
    key_id=st.text("abc23", min_size=12, max_size=12),
    at=st.integers(0),
)
def test_what_is_sealed_opens_at_its_own_event_under_its_own_key_and_nowhere_else(
    fields: dict[str, Any], changes: dict[str, Any], place: Place, other: Place, key_id: str, at: int
) -> None:
    cipher = AESGCM(AESGCM.generate_key(256))
    sealed = seal_payload(cipher, key_id, place, write_payload(fields, changes))
    assert key_of(sealed) == key_id
    assert read_payload(open_payload(cipher, place, sealed)) == Contents(fields, changes)
    assert seal_payload(cipher, key_id, place, write_payload(fields, changes)) != sealed, "twice the same shows nothing"
    start = len(sealed) - len(sealed.rpartition(":")[2])
    position = start + at % (len(sealed.rstrip("=")) - 1 - start)  # the last sign holds bits that say nothing
    flipped = sealed[:position] + ("A" if sealed[position] != "A" else "B") + sealed[position + 1 :]
    for wrong, where, with_ in (
        (flipped, place, cipher),
        (sealed, place, AESGCM(AESGCM.generate_key(256))),
        (sealed.replace(key_id, key_id[1:] + "d"), place, cipher),
        (sealed[: start + 8], place, cipher),
        *([(sealed, other, cipher)] if other != place else []),
    ):
        with pytest.raises(CannotOpenPayload):
            open_payload(with_, where, wrong)
    plain = write_unsealed_payload(fields, changes)
    assert key_of(plain) is None and read_payload(Opened(None, [plain]).text(place, plain)) == Contents(fields, changes)


def test_a_case_and_all_within_it_have_one_key_and_any_other_subject_its_own(town: Town) -> None:
    case = full_case(town)
    session = town.clockwork().session
    kinds = {kind: key_of(payload) for kind, payload in session.execute(select(Event.subject_kind, Event.payload))}
    assert len(kinds) > 3 and len(set(kinds.values())) == 1 and None not in kinds.values()
    key = session.scalars(select(PayloadKey)).one()
    assert (key.id, key.subject_kind, key.subject_id) == (kinds[KIND], KIND, case.id)
    signed(town)
    session = town.clockwork().session
    assert set(session.scalars(select(PayloadKey.subject_kind))) == {KIND, "destruction_list"}


def copies(database: Engine, table: str) -> list[dict[str, Any]]:
    with database.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]


def test_after_destruction_a_copy_from_before_opens_with_no_key_that_is_left(town: Town, tmp_path: Path) -> None:
    case, work, key = full_case(town), town.clockwork(), seal_key(tmp_path / "seal_key")
    open_case(town.work("fenna"), NewCase("Straat 9", "Blijft", "Bellen", clock.today()))
    seal_now(work, lambda: key)
    backup, keys_then = copies(town.house.database, "event"), copies(town.house.database, "payload_key")
    made = signed(town)
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, made)
    seal_now(work, lambda: key)
    town.close()
    session = town.clockwork().session
    destroyed = session.scalars(select(PayloadKey).where(PayloadKey.subject_id == case.id)).one()
    assert destroyed.wrapped is None and destroyed.destroyed_at is not None, "that it was destroyed stays as proof"
    session.info["payload_keys"] = PayloadKeys(town.house.key_ring)  # another process, with nothing at hand
    for row in backup:
        place, theirs = Place(row["subject_kind"], row["subject_id"], row["sequence"]), row["payload"]
        opened = Opened(session, [theirs])
        if key_of(theirs) == destroyed.id:
            with pytest.raises(CannotOpenPayload) as closed:
                opened.text(place, theirs)
            assert closed.value.why is Why.DESTROYED
        else:
            assert "fields" in opened.text(place, theirs)
    assert any(key_of(row["payload"]) == destroyed.id for row in backup)
    assert any(each["id"] == destroyed.id and each["wrapped"] for each in keys_then), (
        "a copy of the keys still opens it"
    )
    trust = Trust({key.public.key_id: key.public}, (), frozenset(signed_erasures(session)))
    assert verify(session) == [] and verify_seals(session, trust) == [] and wrong_destructions(session) == []
    with pytest.raises(DBAPIError), town.clockwork().transaction() as writing:
        wrapped = next(each["wrapped"] for each in keys_then if each["id"] == destroyed.id)
        writing.execute(update(PayloadKey).values(wrapped=wrapped, destroyed_at=None))


def test_a_process_that_has_a_destroyed_key_at_hand_writes_nothing_under_it(town: Town) -> None:
    case, other = a_case(town), build_house(town.house.database, key_ring=town.house.key_ring)
    elsewhere = Town(other)
    note(elsewhere.work("fenna"), case.id, "Het ligt nu klaar.")
    with town.clockwork().transaction() as session:
        assert destroy_keys(session, [Record(KIND, case.id)]) == 1
    with pytest.raises(Stale):
        note(elsewhere.work("fenna"), case.id, "Te laat")
    note(elsewhere.work("fenna"), case.id, "Onder een nieuwe sleutel")
    elsewhere.close()
    session = town.clockwork().session
    assert session.scalar(select(func.count()).select_from(PayloadKey)) == 2
    assert recorded(events_of(session, KIND, case.id)[-1]) == {"note": "Onder een nieuwe sleutel"}
    told = [each for each in verify(session) if each.change is Change.KEY]
    assert [each.sequence for each in told] == [1, 2] and "was destroyed" in str(told[0]), "nobody erased those"


def test_proving_tells_a_lost_key_a_wrong_ring_and_tampering_apart_and_the_chain_needs_no_key(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    first, second = a_case(town), a_case(town, "Straat 2")
    for case in (first, second):
        note(town.work("fenna"), case.id, "Gebeld")
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["audit", "verify", *words])

    assert "every subject equal to its events" in run().output
    town.close()
    other = KeyRing(tmp_path / "other" / "key_ring")
    other.begin()
    with build_house(town.house.database, key_ring=other).open_session() as session:
        assert {(each.change, each.wrong) for each in verify(session)} == {
            (Change.KEY, "the key of what was recorded does not open with this key ring")
        }
        assert verify(session, opening=False) == [], "an auditor has no key at all"
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(tmp_path / "nowhere"))
    assert run().exit_code == 2 and "--without-keys" in run().output
    proved = run("--without-keys")
    assert proved.exit_code == 0 and "every chain whole, what is sealed was not opened" in proved.output
    off_guard(town.house.database)
    with town.clockwork().transaction() as session:
        said = {each.sequence: each.payload for each in events_of(session, KIND, first.id)}
        for sequence, taken in ((1, said[2]), (2, said[1])):  # two payloads change places, with all hashes made anew
            mine = (Event.subject_id == first.id) & (Event.sequence == sequence)
            session.execute(update(Event).where(mine).values(payload=taken))
        rechained(session, KIND, first.id)
    found = verify(town.clockwork().session)
    assert {(each.subject_id, each.sequence, each.change) for each in found} == {
        (first.id, 1, Change.CHANGED),
        (first.id, 2, Change.CHANGED),
    }
    town.close()  # a transaction that has only read would keep the trigger from being dropped
    with town.house.database.begin() as connection:
        trigger = (
            "payload_key_never_deleted" if connection.dialect.name == "sqlite" else "payload_key_kept ON payload_key"
        )
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("DELETE FROM payload_key WHERE subject_id = :id"), {"id": second.id})
    fresh = build_house(town.house.database, key_ring=town.house.key_ring)
    with fresh.open_session() as session:
        lost = [each for each in verify(session, opening=False) if each.subject_id == second.id]
        assert {each.wrong for each in lost} == {"the key of what was recorded is lost: nobody erased it on purpose"}


def test_events_from_before_there_was_a_ring_stay_as_they_were_and_prove_beside_sealed_ones(
    database: Engine, key_ring: KeyRing
) -> None:
    before = Town(build_house(database))
    found_town(before.house, before.clockwork())
    case = a_case(before)
    before.close()
    after = Town(build_house(database, key_ring=key_ring))
    note(after.work("fenna"), case.id, "Nu verzegeld")
    session = after.clockwork().session
    plain, sealed = events_of(session, KIND, case.id)
    assert key_of(plain.payload) is None and contents_of(plain).changes["what_is_going_on"] == "Huur en zwaluwen"
    assert key_of(sealed.payload) is not None and recorded(sealed) == {"note": "Nu verzegeld"}
    assert verify(session) == [] and count_unsealed(session) >= 1
    with pytest.raises(CannotSeal):
        note(before.work("fenna"), case.id, "Zonder ring zou dit open staan")
    before.close()
    after.close()


def test_when_the_ring_is_gone_nothing_is_lost_and_nothing_stands_open(town: Town) -> None:
    case = a_case(town)
    town.close()
    ring = town.house.key_ring
    assert ring.path is not None
    ring.path.unlink()
    without = Town(build_house(town.house.database, key_ring=KeyRing(ring.path)))
    fenna = client(without, "fenna")
    page = fenna.get(f"/casus/{case.id}")
    assert page.status_code == 200 and "kan nu niet gelezen worden" in page.text
    kept = fenna.post(f"/casus/{case.id}/stap/add_note", data={"note": "Dit typte ik", "version": "1"})
    assert kept.status_code == 422 and "niet veilig bewaard" in kept.text and "Dit typte ik" in kept.text
    session = without.clockwork().session
    assert session.scalar(select(func.count()).select_from(Event).where(Event.subject_id == case.id)) == 1
    without.close()


def test_data_keys_are_wrapped_anew_while_people_write_and_the_old_key_of_the_ring_can_go(town: Town) -> None:
    cases, ring = [a_case(town, f"Straat {number}").id for number in range(4)], town.house.key_ring
    broken: list[BaseException] = []
    written: list[str] = []

    def guarded(act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except BaseException as error:
                broken.append(error)

        return threading.Thread(target=run)

    def write(work: Work, mine: list[str]) -> None:
        for number in range(6):
            for case_id in mine:
                note(work, case_id, f"{case_id} {number}")
                written.append(f"{case_id} {number}")
            opened = open_case(work, NewCase(f"Nieuw {number}", "Huur", "Bellen", clock.today()))
            note(work, opened.id, f"{opened.id} nieuw")
            written.append(f"{opened.id} nieuw")

    def rotate() -> None:
        for _ in range(2):
            KeyRing(ring.path).add(Purpose.DATA)
            assert reseal(town.clockwork(), ring, SEALED_COLUMNS).unopened == []

    old = ring.newest(Purpose.DATA).id
    houses = [Town(build_house(town.house.database, key_ring=KeyRing(ring.path))) for _ in range(2)]
    writers = [(each.work("fenna"), cases[part::2]) for part, each in enumerate(houses)]
    threads = [guarded(lambda one=one: write(*one)) for one in writers] + [guarded(rotate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    reseal(town.clockwork(), ring, SEALED_COLUMNS)
    session = town.clockwork().session
    assert set(rows_by_key(session, SEALED_COLUMNS)) == {ring.newest(Purpose.DATA).id}
    for key in ring.usable(Purpose.DATA)[:-1]:
        ring.mark(key.id, clock.now())
    assert old not in {key.id for key in ring.usable(Purpose.DATA)}
    with build_house(town.house.database, key_ring=KeyRing(ring.path)).open_session() as session:
        notes = [recorded(each)["note"] for each in session.scalars(select(Event).where(Event.name == "add_note"))]
        assert sorted(notes) == sorted(written) and verify(session) == []
    for each in houses:
        each.close()


def test_two_who_make_the_first_key_of_a_record_at_once_write_under_one(database: Engine, key_ring: KeyRing) -> None:
    before = Town(build_house(database))
    found_town(before.house, before.clockwork())
    case = a_case(before)
    before.close()
    towns = [Town(build_house(database, key_ring=key_ring)) for _ in range(2)]
    works, begin, lost = [each.work("fenna") for each in towns], threading.Barrier(2), []

    def write(work: Work) -> None:
        begin.wait()
        try:
            note(work, case.id, "Gebeld")
        except Stale as stale:
            lost.append(stale)

    threads = [threading.Thread(target=write, args=(each,)) for each in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session = towns[0].clockwork().session
    assert session.scalar(select(func.count()).select_from(PayloadKey)) == 1
    assert len(events_of(session, KIND, case.id)) == 3 - len(lost) and verify(session) == []
    for each in towns:
        each.close()


def test_no_page_and_no_reader_of_the_database_sees_a_key(town: Town) -> None:
    a_case(town)
    with town.house.reading(NOBODY) as reading, pytest.raises(NotThroughTheWall, match="closed"):
        reading.scalars(select(PayloadKey))
    if town.house.database.dialect.name == "sqlite":
        return  # it has no second wall
    with town.house.database.connect() as connection:
        connection.execute(text("SET ROLE wijkteam_reader"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SELECT wrapped FROM payload_key"))


def test_nothing_outside_the_room_of_events_touches_a_payload() -> None:
    root = Path(wijkteam.__file__).parent
    outside = [each for each in root.rglob("*.py") if each.relative_to(root).parts[0] != "events"]
    found = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in outside
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "payload")
        or (isinstance(node, ast.keyword) and node.arg == "payload")
    ]
    assert found == [], "payloads are read by wijkteam.events.contents and erased by wijkteam.events.erasing only"
    in_templates = [
        each.name for each in Path(root.parent, "templates").rglob("*.html") if ".payload" in each.read_text()
    ]
    assert in_templates == []
