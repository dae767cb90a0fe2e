"""Destroying: only what is on a signed list, wholly, so that nothing can be read back and every chain still holds."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, update

from tests.conftest import Town
from tests.retention.dossier import DUE, LATER, SECRETS, bytes_of, drawn_up, everything_in, full_case, signed
from wijkteam.access.model import Reading
from wijkteam.assembly import build_house
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import found_town
from wijkteam.engine.running import Blocked, NotYours, Refused
from wijkteam.events.contents import contents_of
from wijkteam.events.model import Erasure, Event
from wijkteam.events.queries import all_events
from wijkteam.events.verification import verify
from wijkteam.keys.ring import KeyRing
from wijkteam.retention import queries, service
from wijkteam.retention.contents import EMPTIED, emptied
from wijkteam.retention.model import DestructionItem, DestructionList
from wijkteam.retention.proving import wrong_destructions
from wijkteam.retention.scrubbing import scrub
from wijkteam.retention.selecting import kinds_within_a_case, may_be_destroyed
from wijkteam.retention.service import Progress, carry_out
from wijkteam.storage.schema import all_tables
from wijkteam.terms import clock


def carried_out(town: Town, list_id: str, by: str = "ada", most: int | None = None) -> Progress:
    with clock.standing_at(DUE):
        return carry_out(town.work(by), town.house.retention, list_id, most)


def test_nothing_readable_stays_and_every_chain_still_holds(town: Town) -> None:
    case = full_case(town)
    told = "".join(repr(contents_of(each)) for each in all_events(town.clockwork().session))
    before = everything_in(town.house.database)
    assert all(each in before + told for each in SECRETS) and "Zwaluwnoot" not in before, "what was noted is sealed"
    heads = town.clockwork().session.scalars(select(Event.hash).order_by(Event.id)).all()
    made = signed(town)
    assert carried_out(town, made) == Progress(destroyed=2, kept=0, left=0), "the case, and the lines of its log"
    town.close()
    scrub(town.house.database)
    left = everything_in(town.house.database)
    assert not [each for each in SECRETS if each in left]
    if town.house.database.dialect.name == "sqlite":
        town.house.database.dispose()
        assert not [each for each in SECRETS if each.encode() in bytes_of(town.house.database)]
    session = town.clockwork().session
    assert verify(session) == [] and wrong_destructions(session) == []
    assert session.scalars(select(Event.hash).order_by(Event.id)).all()[: len(heads)] == heads
    proof = queries.find_list(session, made)
    assert proof is not None and (proof.state, proof.destroyed, proof.kept) == ("carried_out", 2, 0)
    assert session.get_one(HouseholdCase, case.id).outcome == "partly", "codes and dates stay, for the figures"


@pytest.mark.parametrize("write", ["sealed", "unsealed"])
def test_a_digest_that_stays_cannot_be_found_back_by_trying_short_texts(
    database: Engine, key_ring: KeyRing, write: str
) -> None:
    town = Town(build_house(database, key_ring=key_ring if write == "sealed" else None))
    found_town(town.house, town.clockwork())
    with clock.standing_at(LATER):
        for _ in range(2):
            open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    rows = town.clockwork().session.execute(select(Event.payload, Event.payload_digest).order_by(Event.id)).all()
    assert len({digest for _, digest in rows}) == len(rows), "also where the same was filled in"
    if write == "unsealed":
        salts = {json.loads(payload)["salt"] for payload, _ in rows}
        assert len(salts) == len(rows) and all(len(each) == 32 for each in salts)
    town.close()


def test_a_payload_that_is_gone_without_a_destruction_is_found(town: Town) -> None:
    case = full_case(town)
    work = town.clockwork()
    mine = (Event.subject_id == case.id) & (Event.sequence == 2)
    with work.transaction() as session:
        session.execute(update(Event).where(mine).values(payload=None))
    assert [each.wrong for each in verify(town.clockwork().session)] == [
        "what was recorded is gone without a destruction"
    ]
    with work.transaction() as session:
        session.add(Erasure(subject_kind="household_case", subject_id=case.id, sequence=0, at=LATER))
        session.execute(update(Event).where(Event.subject_id == case.id).values(payload=None))
    assert [each.wrong for each in verify(town.clockwork().session)] == [
        "what was recorded was destroyed, and its key is still there"
    ]
    said = wrong_destructions(town.clockwork().session)
    assert said == [f"household_case {case.id}: destroyed without a signed list"], "also with an erasure made up"


def test_a_list_whose_lines_were_changed_is_found(town: Town) -> None:
    full_case(town)
    made = signed(town)
    carried_out(town, made)
    with town.clockwork().transaction() as session:
        session.execute(update(DestructionItem).values(rule="another"))
    assert wrong_destructions(town.clockwork().session) == [
        f"list {made}: its lines were changed after it was drawn up"
    ]
    with town.clockwork().transaction() as session:
        session.execute(delete(DestructionItem))
    assert any("not on list" in each for each in wrong_destructions(town.clockwork().session))


def test_nobody_signs_a_list_of_their_own_and_nothing_goes_before_it_is_signed(town: Town) -> None:
    full_case(town)
    made = drawn_up(town, by="pia")
    with pytest.raises(NotYours):
        town.work("pia").act_on(DestructionList, made.id, "sign", {})
    with pytest.raises(Blocked, match="Only a signed list"):
        carried_out(town, made.id)
    town.work("mo").act_on(DestructionList, made.id, "sign", {})
    with pytest.raises(Refused):
        carried_out(town, made.id, by="fenna")
    assert "Zwaluwzorg" in everything_in(town.house.database)


def test_it_can_be_stopped_and_run_again_and_two_at_the_same_time_do_everything_once(town: Town) -> None:
    for number in range(4):
        full_case(town, f"Zwaluwstraat {number}")
    made = signed(town)
    assert carried_out(town, made, most=2) == Progress(2, 0, 3)
    assert queries.find_list(town.clockwork().session, made).state == "signed"  # type: ignore[union-attr]
    done: list[Progress] = []
    works = [town.work("ada"), town.work("ada")]

    def run(number: int) -> None:
        with clock.standing_at(DUE):
            done.append(carry_out(works[number], town.house.retention, made))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    town.close()
    session = town.clockwork().session
    assert sum(each.destroyed for each in done) == 3
    assert queries.counts_of(session, made) == {"destroyed": 5}
    assert session.scalar(select(func.count(Erasure.id)).where(Erasure.subject_kind == "household_case")) == 4
    assert verify(session) == [] and wrong_destructions(session) == []


def test_an_open_objection_or_a_hold_keeps_a_case_also_after_the_signature(town: Town) -> None:
    case, other = full_case(town), full_case(town, "Zwaluwstraat 2")
    made = signed(town)
    with clock.standing_at(DUE):
        service.hold_case(town.work("pia"), case.id, "proceedings", DUE.date() + timedelta(days=30))
        service.hold_case(town.work("pia"), other.id, "careful_work")
    assert carried_out(town, made) == Progress(destroyed=1, kept=2, left=0)
    assert "Zwaluwzorg" in everything_in(town.house.database)
    hold = queries.holds_of(town.clockwork().session, other.id)[0]
    service.lift_hold(town.work("pia"), hold.id)
    for days, there in ((30, {other.id}), (31, {case.id, other.id})):
        on = DUE.date() + timedelta(days=days)
        found = may_be_destroyed(town.clockwork().session, town.house.engine, town.house.retention, on)
        assert {each.subject_id for each in found if each.kind == "household_case"} == there


def test_who_or_where_stays_as_long_as_another_case_of_the_household_does(town: Town) -> None:
    case = full_case(town)
    with clock.standing_at(DUE):
        again = NewCase("", "Weer", "Bellen", clock.today(), household_id=case.household_id)
        open_case(town.work("fenna"), again)
    carried_out(town, signed(town))
    home = town.clockwork().session.get_one(Household, case.household_id)
    assert "Zwaluwstraat" in home.who_or_where


def test_lines_of_the_reading_log_go_at_their_own_term_and_not_before(town: Town) -> None:
    full_case(town)
    work = town.clockwork()
    for days, there in ((5 * 365, False), (5 * 365 + 3, True)):
        on = (clock.local(LATER) - timedelta(days=183)).date() + timedelta(days=days)
        found = may_be_destroyed(work.session, town.house.engine, town.house.retention, on)
        assert [each.kind for each in found] == (["reading"] if there else [])
    on = LATER + timedelta(days=5 * 365)
    made = signed(town, on=on)
    with clock.standing_at(on):
        carry_out(town.work("ada"), town.house.retention, made)
    assert town.clockwork().session.scalar(select(func.count(Reading.id))) == 0


def test_every_text_column_of_what_hangs_under_a_case_is_emptied_or_named_as_one_that_stays() -> None:
    """Whoever adds a table with a case or a household in it has to say here how it is destroyed."""
    models = {"household_case", *(each.__tablename__ for each in (*kinds_within_a_case().values(), *EMPTIED))}
    deleted = {"named_reader", "reading", "document", "notice", "deadline", "mandate_request"}
    deleted |= {"search_entry", "case_to_compare", "possible_double", "sent_once", "zaak", "zaak_news", "zaak_notice"}
    by_itself = {"data_request"}
    bound = {
        table.name
        for table in all_tables().sorted_tables
        if any(key.column.table.name in ("household_case", "household") for key in table.foreign_keys)
    }
    assert bound <= models | deleted | by_itself, bound - models - deleted
    assert set(emptied(Household)) == {"who_or_where"}


def test_the_command_line_draws_up_carries_out_and_proves(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from wijkteam.cli import main

    full_case(town)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    town.close()

    def run(*said: str) -> str:
        with clock.standing_at(DUE):
            return CliRunner().invoke(main, ["retention", *said]).output

    assert "Wmo 2015 art. 5.3.4" in run("list")
    assert "waits to be signed" in run("propose")
    number = queries.lists(town.clockwork().session)[0].id
    assert "Only a signed list" in run("carry-out", number)
    town.work("pia").act_on(DestructionList, number, "sign", {})
    town.close()
    monkeypatch.setattr("wijkteam.storage.database.BUSY_MILLISECONDS", 50)
    with town.house.database.connect() as somebody:
        if town.house.database.dialect.name == "postgresql":
            somebody.execution_options(isolation_level="REPEATABLE READ")
        somebody.execute(select(Event.id)).all()
        told = run("carry-out", number)
    assert "2 destroyed, 0 kept, 0 left" in told
    assert "what was destroyed is still in its files" in told
    assert "signed list" in run("verify")
    assert "there is no list" in run("carry-out", "nothing")
