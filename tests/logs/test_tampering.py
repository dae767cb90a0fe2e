"""Whatever is changed, removed, moved or put in behind the back of the system is found, and named."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from tests.conftest import Town
from wijkteam.access.model import Reading
from wijkteam.events.chain import Link, digest
from wijkteam.events.chain_checks import COLUMNS, ChainRow, link_text, own_hash
from wijkteam.events.findings import Break, Change
from wijkteam.events.model import Event
from wijkteam.events.payloads import write_payload
from wijkteam.events.verification import verify
from wijkteam.logs.heads import newest_heads
from wijkteam.logs.keys import SealKey, seal_key
from wijkteam.logs.leaves import root_of
from wijkteam.logs.model import LogSeal
from wijkteam.logs.proving import Trust, verify_seals
from wijkteam.logs.sealing import head_of, seal_now
from wijkteam.people.model import Person
from wijkteam.storage.subject import SubjectColumns

EVENT_COLUMNS = [each.name for each in Event.__table__.columns if each.name not in ("id", "sequence", "mandate_id")]
READING_COLUMNS = [each.name for each in Reading.__table__.columns if each.name not in ("id", "case_id")]
SEAL_COLUMNS = [each.name for each in LogSeal.__table__.columns if each.name not in ("id", "log")]


def off_guard(database: Engine) -> None:
    """Whoever owns the database can take its triggers away."""
    with database.begin() as connection:
        for table in ("event", "reading", "log_seal"):
            names = (f"{table}_never_deleted", f"{table}_never_altered")
            if database.dialect.name == "sqlite":
                for name in names:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text(f"DROP TRIGGER {table}_kept ON {table}"))


def values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in type(row).__table__.columns}


def another(session: Session, value: Any, name: str) -> Any:
    """Something else that the column can hold."""
    if name in ("actor_id", "person_id", "on_behalf_of"):
        return session.scalar(select(Person.id).where(Person.id != (value or 0)).order_by(Person.id.desc()).limit(1))
    match value:
        case None:
            return 7 if name == "session_id" else "x"
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return ("0" if value[:1] != "0" else "1") + value[1:]
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case _:
            return value + timedelta(days=1)


def rechained(session: Session, kind: str, subject_id: str) -> None:
    """What somebody does who knows how the chains are made: all hashes of one subject anew, and its own row too."""
    head = ""
    rows = session.scalars(
        select(Event)
        .where(Event.subject_kind == kind, Event.subject_id == subject_id)
        .order_by(Event.sequence)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        told = {**values(row), "previous_hash": head, "payload_digest": digest(row.payload)}
        head = Link(**{name: told[name] for name in Link.__dataclass_fields__}).hash()
        told["hash"] = head
        session.execute(update(Event).where(Event.id == row.id).values(**told))
    model = SubjectColumns.kinds[kind]
    table: Any = model.__table__
    session.execute(update(table).where(table.c.id == subject_id).values(event_hash=head, version=rows[-1].sequence))


@dataclass
class Hand:
    """Somebody who writes in the database itself, in a transaction that is rolled back afterwards."""

    session: Session
    trust: Trust

    def found(self) -> list[Break]:
        self.session.expire_all()
        return verify(self.session) + verify_seals(self.session, self.trust)

    def events(self) -> list[Event]:
        return list(self.session.scalars(select(Event).order_by(Event.id)))

    def shift(self, event: Event, by: int) -> None:
        """Give all later events of the subject another number; far away first, so that none gets in the way."""
        mine = (Event.subject_kind == event.subject_kind) & (Event.subject_id == event.subject_id)
        for step in (10_000, by - 10_000):
            low = event.sequence if step > 0 else 10_000
            later = update(Event).where(mine, Event.sequence > low).values(sequence=Event.sequence + step)
            self.session.execute(later)


def named(breaks: Iterable[Break], changes: set[Change], row: int) -> bool:
    return any(each.row_id == row and each.change in changes for each in breaks)


def change(hand: Hand, data: Any, again: bool) -> None:
    event = data.draw(st.sampled_from(hand.events()))
    name = data.draw(st.sampled_from(["name", "state_to", "at", "actor_id"] if again else EVENT_COLUMNS))
    number, kind, subject_id, sequence = event.id, event.subject_kind, event.subject_id, event.sequence
    new = another(hand.session, getattr(event, name), name)
    hand.session.execute(update(Event).where(Event.id == number).values({name: new}))
    if again:
        rechained(hand.session, kind, subject_id)
    breaks = hand.found()
    if name in ("subject_kind", "subject_id"):
        taken_away = any(
            (each.subject_kind, each.subject_id, each.sequence) == (kind, subject_id, sequence) for each in breaks
        )
        last = any((each.subject_kind, each.subject_id) == (kind, subject_id) for each in breaks)
        assert taken_away or last, name
    elif not again or is_sealed(hand, number):
        assert named(breaks, {Change.CHANGED}, number), name


def remove(hand: Hand, data: Any, again: bool) -> None:
    event = data.draw(st.sampled_from([each for each in hand.events() if each.sequence > 1 or not again]))
    number, kind, subject_id, sequence = event.id, event.subject_kind, event.subject_id, event.sequence
    sealed = is_sealed(hand, number)
    hand.session.execute(delete(Event).where(Event.id == number))
    if again:
        hand.shift(event, -1)
        rechained(hand.session, kind, subject_id)
    breaks = hand.found()
    if sealed:
        gone = [each for each in breaks if each.change is Change.REMOVED and each.row_id == number]
        assert gone and "was removed" in str(gone[0])
    if not again:
        of_it = [each for each in breaks if (each.subject_kind, each.subject_id) == (kind, subject_id)]
        assert any(each.change is Change.REMOVED and str(sequence) in str(each) for each in of_it) or any(
            "no events" in str(each) for each in of_it
        )


def put_in(hand: Hand, data: Any, again: bool) -> None:
    event = data.draw(st.sampled_from(hand.events()))
    new = values(event) | {"sequence": event.sequence + 1}
    kind, subject_id = event.subject_kind, event.subject_id
    in_between = hand.session.scalar(
        select(Event.id).where(Event.subject_id == subject_id, Event.sequence == event.sequence + 1)
    )
    hand.shift(event, 1)
    del new["id"]
    number = hand.session.scalar(insert(Event).values(**new).returning(Event.id))
    assert number is not None
    if again:
        rechained(hand.session, kind, subject_id)
    breaks = hand.found()
    if in_between is not None:
        assert named(breaks, {Change.REORDERED}, number)
    elif not again:
        assert any(each.change is Change.INSERTED and each.subject_id == subject_id for each in breaks)


def swap(hand: Hand, data: Any, again: bool) -> None:
    """Two neighbours change places, with everything but their own numbers in the table, or the numbers with them."""
    later = [each for each in hand.events() if each.sequence > 1]
    second = data.draw(st.sampled_from(later))
    first = next(
        each for each in hand.events() if each.subject_id == second.subject_id and each.sequence == second.sequence - 1
    )
    kind, subject_id, numbers = first.subject_kind, first.subject_id, (first.id, second.id)
    places = {first.id: second.sequence, second.id: first.sequence}
    for number in places:
        hand.session.execute(update(Event).where(Event.id == number).values(sequence=-number))
    for number, place in places.items():
        hand.session.execute(update(Event).where(Event.id == number).values(sequence=place))
    if again:
        rechained(hand.session, kind, subject_id)
    breaks = hand.found()
    assert any(named(breaks, {Change.REORDERED}, number) for number in numbers)


def is_sealed(hand: Hand, number: int) -> bool:
    return (
        hand.session.scalar(
            select(LogSeal.id).where(LogSeal.log == "event", LogSeal.after_id < number, LogSeal.last_id >= number)
        )
        is not None
    )


def in_readings(hand: Hand, data: Any, _again: bool) -> None:
    last = max(hand.session.scalars(select(LogSeal.last_id).where(LogSeal.log == "reading")))
    rows = hand.session.scalars(select(Reading).where(Reading.id <= last).order_by(Reading.id)).all()
    row = data.draw(st.sampled_from(rows))
    number = row.id
    if data.draw(st.booleans()):
        hand.session.execute(delete(Reading).where(Reading.id == number))
        assert named(hand.found(), {Change.REMOVED}, number)
        return
    name = data.draw(st.sampled_from(READING_COLUMNS))
    new = another(hand.session, getattr(row, name), name)
    hand.session.execute(update(Reading).where(Reading.id == number).values({name: new}))
    assert named(hand.found(), {Change.CHANGED}, number), name


def in_seals(hand: Hand, data: Any, again: bool) -> None:
    """`again`: the head is made anew as well, but without the key."""
    seals = hand.session.scalars(select(LogSeal).order_by(LogSeal.log, LogSeal.number)).all()
    seal = data.draw(st.sampled_from(seals))
    number, log = seal.number, seal.log
    if data.draw(st.booleans()):
        hand.session.execute(delete(LogSeal).where(LogSeal.id == seal.id))
        assert any(each.change is Change.REMOVED and each.subject_id == str(number) for each in hand.found())
        return
    name = data.draw(st.sampled_from([each for each in SEAL_COLUMNS if each != "number"]))
    new = another(hand.session, getattr(seal, name), name)
    hand.session.execute(update(LogSeal).where(LogSeal.id == seal.id).values({name: new}))
    if again and name not in ("head", "signature"):
        hand.session.expire_all()
        root = root_of(seal.leaves) if name == "leaves" else seal.root
        seal.root = root
        hand.session.execute(update(LogSeal).where(LogSeal.id == seal.id).values(root=root, head=head_of(seal)))
    breaks = hand.found()
    place = [each for each in breaks if each.subject_kind == f"seal of {log}s" and each.subject_id == str(number)]
    assert any(each.change in (Change.SEAL, Change.SIGNATURE) for each in place), name


@pytest.fixture
def unguarded(sealed: Town) -> Engine:
    off_guard(sealed.house.database)
    return sealed.house.database


@pytest.mark.parametrize("deed", [change, remove, put_in, swap, in_readings, in_seals])
@settings(max_examples=10)
@given(data=st.data())
def test_every_tampering_is_found_and_named(deed: Any, unguarded: Engine, key: SealKey, data: Any) -> None:
    with Session(unguarded) as session:
        hand = Hand(session, Trust({key.public.key_id: key.public}, tuple(newest_heads(session))))
        deed(hand, data, data.draw(st.booleans(), label="hashes made anew"))
        session.rollback()


def test_who_rewrites_everything_seals_and_all_with_the_right_key_is_found_by_a_head_kept_elsewhere(
    sealed: Town, key: SealKey
) -> None:
    trust = Trust({key.public.key_id: key.public})
    with sealed.house.open_session() as session:
        kept = tuple(newest_heads(session))
        assert verify(session) + verify_seals(session, replace(trust, heads=kept)) == [], "no false alarm"
    off_guard(sealed.house.database)
    work = sealed.clockwork()
    with work.transaction() as session:
        event = session.scalars(select(Event).where(Event.name == "add_note").order_by(Event.id)).first()
        assert event is not None
        kind, subject_id = event.subject_kind, event.subject_id
        session.execute(update(Event).where(Event.id == event.id).values(name="set_aside"))
        rechained(session, kind, subject_id)
        session.execute(delete(LogSeal))
    for _ in range(2):
        seal_now(work, lambda: key)
    with sealed.house.open_session() as session:
        assert verify(session) + verify_seals(session, trust) == [], "from the inside nothing can be seen"
        breaks = verify_seals(session, replace(trust, heads=kept))
        assert any("kept elsewhere" in str(each) and each.change is not Change.SIGNATURE for each in breaks)


def test_another_key_is_seen_when_the_right_one_is_known(sealed: Town, key: SealKey, tmp_path: Any) -> None:
    other = seal_key(tmp_path / "other").public
    with sealed.house.open_session() as session:
        breaks = verify_seals(session, Trust({other.key_id: other}))
    assert {each.change for each in breaks} == {Change.SIGNATURE} and len(breaks) == 4


@given(
    st.builds(
        ChainRow,
        st.text("abc123", min_size=12, max_size=12),
        st.integers(1),
        st.integers(1),
        st.text(),
        st.none() | st.text(),
        st.text(),
        st.none() | st.integers(1),
        st.none() | st.integers(1),
        st.datetimes(timezones=st.just(UTC)),
        st.just(write_payload({}, {})),
        st.text("0123456789abcdef"),
        st.text("0123456789abcdef"),
        st.just(""),
    )
)
def test_the_quick_way_to_write_a_link_says_exactly_what_a_link_says(row: ChainRow) -> None:
    parts = {name: getattr(row, name) for name in Link.__dataclass_fields__ if name != "subject_kind"}
    link = Link(subject_kind="household_case", **parts)
    assert own_hash("household_case", row) == link.hash()
    as_text = f"{row.at:%Y-%m-%d %H:%M:%S.%f}" if row.at.year > 999 else row.at
    assert link_text("household_case", row._replace(at=as_text)) == link_text("household_case", row)
    assert set(COLUMNS) == set(ChainRow._fields)
