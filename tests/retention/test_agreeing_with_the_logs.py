"""Destroying and proving agree: what a signed list or a correction explains is no break, and all the rest is."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import Town
from tests.logs.test_tampering import off_guard
from tests.residents.conftest import NUMBER
from tests.retention.dossier import DUE, LATER, everything_in, full_case, signed
from tests.signed_in import client
from wijkteam.access.grounds import Ground, log_reading
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.events.model import Erasure, Event
from wijkteam.events.verification import verify
from wijkteam.logs.keys import SealKey, seal_key
from wijkteam.logs.model import ReadingErasure
from wijkteam.logs.proving import Trust, verify_seals
from wijkteam.logs.sealing import seal_now
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import all_residents_of
from wijkteam.residents.service import NewResident, erase_resident, record_resident
from wijkteam.retention.correcting import NewCorrection, ask_correction
from wijkteam.retention.model import Correction, DestructionItem
from wijkteam.retention.proving import signed_erasures, wrong_destructions
from wijkteam.retention.selecting import READING
from wijkteam.retention.service import carry_out
from wijkteam.terms import clock

OVER = LATER + timedelta(days=5 * 365)


@pytest.fixture
def key(tmp_path: Path) -> SealKey:
    return seal_key(tmp_path / "seal_key")


def found(town: Town, key: SealKey) -> list[str]:
    """What 'wijkteam audit verify' would say."""
    session = town.clockwork().session
    trust = Trust({key.public.key_id: key.public}, (), frozenset(signed_erasures(session)))
    breaks = [*verify(session), *verify_seals(session, trust)]
    return [*map(str, breaks), *wrong_destructions(session)]


def read_and_sealed(town: Town, key: SealKey) -> HouseholdCase:
    """A case with readings of which some will be over their term, and some not; all sealed, in two seals."""
    case = full_case(town)
    fenna = town.work("fenna")
    with clock.standing_at(LATER):
        log_reading(fenna, case, Ground.MEMBER, "casus")
        seal_now(town.clockwork(), lambda: key)
    with clock.standing_at(OVER - timedelta(days=1)):
        for _ in range(2):
            log_reading(fenna, case, Ground.MEMBER, "casus")
        seal_now(town.clockwork(), lambda: key)
    return case


def destroyed(town: Town) -> str:
    """The id of a signed list on which the old readings were destroyed."""
    made = signed(town, on=OVER)
    with clock.standing_at(OVER):
        carry_out(town.work("ada"), town.house.retention, made)
    return made


def test_a_reading_destroyed_on_a_signed_list_is_no_break_and_the_rest_is_still_proved(
    town: Town, key: SealKey
) -> None:
    read_and_sealed(town, key)
    before = town.clockwork().session.scalar(select(func.count(Reading.id))) or 0
    destroyed(town)
    left = town.clockwork().session.scalar(select(func.count(Reading.id))) or 0
    assert 0 < left < before
    assert found(town, key) == []
    town.close()  # whoever reads would keep the triggers in place on PostgreSQL
    off_guard(town.house.database)
    with town.clockwork().transaction() as session:
        number = session.scalar(select(func.max(Reading.id)))
        session.execute(delete(Reading).where(Reading.id == number))
    assert any(f"reading {number}" in each and "was removed" in each for each in found(town, key))


def test_the_database_lets_no_reading_go_without_a_signed_list(town: Town, key: SealKey) -> None:
    read_and_sealed(town, key)
    made = signed(town, on=OVER)
    work = town.clockwork()

    def let_go(*before: object) -> None:
        with pytest.raises(DatabaseError, match="never"), work.transaction() as session:
            for statement in before:
                session.execute(statement)  # type: ignore[call-overload]
            session.execute(delete(Reading))

    row = {"list_id": made, "first_id": 0, "last_id": 10**6, "before": LATER - timedelta(days=1), "leaves": b""}
    let_go()
    let_go(insert(ReadingErasure).values(**row, at=OVER))
    let_go(
        update(DestructionItem).values(state="kept"),
        insert(ReadingErasure).values(**{**row, "before": OVER, "at": OVER}),
    )
    destroyed_row = update(ReadingErasure).values(last_id=10**6)
    with clock.standing_at(OVER):
        carry_out(town.work("ada"), town.house.retention, made)
    with pytest.raises(DatabaseError, match="never"), work.transaction() as session:
        session.execute(destroyed_row)


def test_who_makes_up_that_readings_were_destroyed_is_found(town: Town, key: SealKey) -> None:
    read_and_sealed(town, key)
    made = destroyed(town)
    town.close()  # whoever reads would keep the triggers in place on PostgreSQL
    off_guard(town.house.database)
    with town.clockwork().transaction() as session:
        young = session.scalar(select(func.max(Reading.id)))
        session.execute(
            insert(ReadingErasure).values(list_id=made, first_id=0, last_id=young, before=OVER, leaves=b"", at=OVER)
        )
        session.execute(delete(Reading).where(Reading.id == young))
    said = found(town, key)
    assert any(f"reading {young}" in each and "was removed" in each for each in said)
    assert any("but not as list" in each for each in said)


def test_a_struck_event_needs_its_correction(town: Town, key: SealKey) -> None:
    case = open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    other = open_case(town.work("fenna"), NewCase("Straat 2", "Huur", "Bellen", clock.today()))
    asked = ask_correction(town.work("fenna"), NewCorrection(case.id, 1, "Dat is de buurman"))
    town.work("fenna").act_on(Correction, asked.id, "correct", {"is_right": "De buurman", "strike": "ja"})
    town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": "Daarna gaat het verder."})
    assert found(town, key) == [], "a struck text is no false alarm"
    with town.clockwork().transaction() as session:
        session.execute(update(Event).where(Event.subject_id == other.id).values(payload=None))
        session.add(Erasure(subject_kind="household_case", subject_id=other.id, sequence=1, at=clock.now()))
    assert found(town, key) == [f"household_case {other.id} event 1: what was recorded was erased without a correction"]


def with_residents(town: Town) -> HouseholdCase:
    """A case that was closed, of a household in which two people live and one was removed."""
    case = full_case(town, "Zwaluwstraat 12")
    with clock.standing_at(LATER):
        again = NewCase("", "Weer", "Bellen", clock.today(), household_id=case.household_id)
        open_case(town.work("fenna"), again)
        made = [
            record_resident(town.work("fenna"), NewResident(case.household_id, name, "1980-05-01", "oom"))
            for name in ("Zwaluwnaam 0", "Zwaluwnaam 1", "Zwaluwnaam 2")
        ]
        town.work("fenna").act_on(Resident, made[0].id, "remove", {"why": "Zwaluwweg"})
    return case


def test_a_resident_who_was_erased_is_no_break_and_one_whose_events_were_hidden_is(town: Town, key: SealKey) -> None:
    case = with_residents(town)
    residents = all_residents_of(town.clockwork().session, case.household_id)
    erased, hidden = [each for each in residents if each.state != "removed"]
    erase_resident(town.work("pia"), erased.id, "Bewaartermijn voorbij")
    assert found(town, key) == []
    with town.clockwork().transaction() as session:
        session.execute(update(Event).where(Event.subject_id == hidden.id, Event.sequence == 1).values(payload=None))
        session.add(Erasure(subject_kind="resident", subject_id=hidden.id, sequence=1, at=clock.now()))
    assert found(town, key) == [f"resident {hidden.id} event 1: what was recorded was erased without a correction"]


def test_residents_go_with_the_last_case_of_their_household(town: Town, key: SealKey) -> None:
    case = with_residents(town)
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, signed(town))
    assert "Zwaluwnaam" in everything_in(town.house.database), "another case is left"
    with clock.standing_at(LATER):
        mine = HouseholdCase.household_id == case.household_id, HouseholdCase.state != "closed"
        left = town.clockwork().session.scalars(select(HouseholdCase).where(*mine)).one()
        town.work("fenna").act_on(
            HouseholdCase, left.id, "stop_early", {"outcome": "partly", "outcome_reason": "Voorbij"}
        )
    later = DUE + timedelta(days=1)
    made = signed(town, on=later)
    with clock.standing_at(later):
        carry_out(town.work("ada"), town.house.retention, made)
    town.close()
    stored = everything_in(town.house.database)
    assert not [each for each in ("Zwaluwnaam", "Zwaluwweg", "1980-05-01", "1980, 5, 1", "oom'") if each in stored]
    residents = all_residents_of(town.clockwork().session, case.household_id)
    assert len(residents) == 3 and not any(each.name or each.birth_date or each.role for each in residents)
    assert found(town, key) == []


def test_a_destroyed_case_is_not_there_for_anybody(town: Town) -> None:
    case = full_case(town)
    fenna = town.work("fenna")
    with clock.standing_at(LATER):
        asked = ask_correction(fenna, NewCorrection(case.id, 1, "Dat klopt niet"))
        fenna.act_on(Correction, asked.id, "refuse", {"why_not": "Zo was het"})
    under = [
        (kind, each.subject_id)
        for kind in ("track", "escalation", "letter")
        for each in town.clockwork().session.scalars(select(Event).where(Event.subject_kind == kind))
        if each.sequence == 1
    ]
    places = {"track": "sporen", "escalation": "opschalingen", "letter": "brieven"}
    pages = [f"/{places[kind]}/{number}" for kind, number in under] + [f"/correcties/{asked.id}"]
    pages += [f"/casus/{case.id}{each}" for each in ("", "/correcties", "/inzage", "/afscherming", "/gedeeld")]
    with clock.standing_at(LATER):
        fenna_sees = client(town, "fenna")
        assert {fenna_sees.get(page).status_code for page in pages} == {200} and len(pages) > 8
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, signed(town))
        town.close()
        for name in ("fenna", "teun", "petra", "mo", "pia", "ada", "bea", "gijs"):
            browser = client(town, name)
            for page in pages:
                assert browser.get(page).status_code == 404, (name, page)
            unprotect = browser.post(f"/casus/{case.id}/afscherming/stap/unprotect", data={"version": "1"})
            assert unprotect.status_code == 404
            assert browser.get("/").status_code == 200
            town.close()


def test_destroying_handing_out_and_breaking_glass_ask_for_a_fresh_proof(town: Town) -> None:
    case = full_case(town)
    made = signed(town)
    ada, fenna, petra = client(town, "ada"), client(town, "fenna"), client(town, "petra")
    with clock.standing_at(clock.now() + timedelta(minutes=20)):
        for browser, page, said in (
            (ada, f"/vernietiging/{made}/uitvoeren", {"sure": "ja"}),
            (ada, f"/vernietiging/{made}/stap/withdraw", {}),
            (fenna, f"/casus/{case.id}/inzage", {"checked": "ja"}),
            (petra, "/glas-breken", {"who_or_where": case.id, "reason": "Brand", "length": "one_hour"}),
        ):
            answer = browser.post(page, data=said)
            assert answer.status_code == 401 and "Bent u het zelf?" in answer.text, page


def test_a_whole_file_at_the_command_line_is_a_reading_and_leaves_out_short_texts(
    town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = with_residents(town)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    town.close()

    def made(folder: str, *said: str) -> str:
        to = tmp_path / folder
        with clock.standing_at(LATER):
            told = CliRunner().invoke(main, ["retention", "file", str(case.household_id), "--to", str(to), *said])
        assert told.exit_code == 0, told.output
        return (to / "gegevens.json").read_text(encoding="utf-8")

    whole = json.loads(made("first"))
    people = {each["facts"].get("name", {}).get("text"): each["facts"] for each in whole["residents"]}
    assert set(people) == {None, "Zwaluwnaam 1", "Zwaluwnaam 2"}
    assert "bsn_sealed" not in str(whole) and NUMBER not in str(whole)
    number = people["Zwaluwnaam 1"]["name"]["number"]
    facts = whole["cases"][0]["parts"][0]["facts"]
    step = facts["next_step"]["number"]
    after = made("second", "--leave-out", f"{number},{step}")
    assert "Zwaluwnaam 1" not in after and "Zwaluwnaam 2" in after
    assert "Zwaluwbel" in str(facts["next_step"]) and '"Zwaluwbel"' not in after
    rows = town.clockwork().session.scalars(select(Reading).where(Reading.what == "export")).all()
    assert len(rows) == 4 and {each.how for each in rows} == {"command"} and all(each.account for each in rows)
    assert READING not in {each.subject_kind for each in rows}
