"""Notes, letters, decisions, plans, helpers and documents are found too, by who reads the case and by nobody else."""

from pathlib import Path

from sqlalchemy import select

from tests.conftest import Town
from tests.retention.dossier import DUE, full_case, signed
from tests.search.test_finding import cases_found, found
from wijkteam.assembly import house_on
from wijkteam.case_files.model import CaseFile
from wijkteam.case_files.service import NewCaseFile, add_case_file, remove_case_file
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.network.model import Helper
from wijkteam.network.service import NewHelper, add_helper
from wijkteam.plans.service import NewAgreement, NewGoal, NewLine, add_line, agree_on, set_goal
from wijkteam.retention.correcting import NewCorrection, ask_correction
from wijkteam.retention.model import Correction
from wijkteam.retention.service import carry_out
from wijkteam.search.keeping import differences, rebuild
from wijkteam.search.model import SearchEntry
from wijkteam.search.notes import KIND, move_notes, notes_by_key
from wijkteam.terms import clock

EVERYWHERE = {
    "note": "zwaluwnoot",
    "goal": "wonen",
    "agreement": "oma",
    "plan_line": "somber",
    "decision": "eten",
    "letter": "eten",
    "helper": "Buurtmoeder",
    "case_file": "huurspecificatie",
}


def rich_case(town: Town) -> HouseholdCase:
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase("Kade 1", "Iets", "Bellen", clock.today()))
    here = {"case_id": case.id, "team_id": case.team_id}
    fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Zwaluwnoot: er is ruzie."})
    goal = set_goal(fenna, NewGoal(**here, words="Hier blijven wonen", life_domain="housing"))
    agree_on(fenna, NewAgreement(**here, what="Bellen met de bank", who="Oma", goal_id=goal.id))
    add_line(fenna, NewLine(**here, kind="worry", line="Moeder is somber", said_by="household"))
    motive = {"power": "mini_budget", "motivation": "Er is geen eten", "amount": "50"}
    fenna.act_on(HouseholdCase, case.id, "decide", motive)
    add_helper(fenna, NewHelper(case.household_id, "Roos Buurtmoeder", "volunteer", "Kookt op zaterdag"))
    add_case_file(fenna, NewCaseFile(case.id, "Huurspecificatie.txt", "text/plain", b"Huur", "De huur"))
    escalate(fenna, NewEscalation(case.id, case.team_id, "Zwaluwvraag aan u", "no_budget"))
    return case


def test_every_text_of_a_case_is_found_where_it_stands_by_who_reads_it_in_full_alone(town: Town) -> None:
    case = rich_case(town)
    for kind, typed in EVERYWHERE.items():
        hits = found(town, "fenna", typed)
        assert [each.case_id for each in hits] == [case.id] and kind in hits[0].kinds, kind
        for name in ("gijs", "ada", "pia", "bea"):
            assert found(town, name, typed) == [], (kind, name)
    assert cases_found(town, "fenna", "zwaluwvraag") == [], "what is asked of others is not searched"
    assert differences(town.clockwork().session) == []
    town.close()
    helper = town.clockwork().session.scalars(select(Helper)).one().id
    town.work("fenna").act_on(Helper, helper, "remove", {"why": "Verhuisd"})
    remove_case_file(town.work("fenna"), _file(town), "Verkeerd huishouden")
    for kind in ("helper", "case_file"):
        assert cases_found(town, "fenna", EVERYWHERE[kind]) == [], kind
    assert differences(town.clockwork().session) == []


def _file(town: Town) -> str:
    with town.house.open_session() as session:
        return session.scalars(select(CaseFile.id)).one()


def noted(town: Town) -> str:
    with town.house.open_session() as session:
        return session.scalar(select(SearchEntry.terms).where(SearchEntry.kind == KIND)) or ""


def test_the_words_of_notes_stand_nowhere_in_the_index_and_move_to_a_new_key(town: Town, tmp_path: Path) -> None:
    case = open_case(town.work("fenna"), NewCase("Kade 1", "Iets", "Bellen", clock.today()))
    town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": "De zwaluwen vliegen weer"})
    assert "zwaluw" not in noted(town) and "vlieg" not in noted(town)
    for typed in ("zwaluwen", "zwaluw", "ZWALUWEN vliegen"):
        assert cases_found(town, "fenna", typed) == [case.id], typed
    assert cases_found(town, "fenna", "zwal") == [], "not by a beginning"
    ring, before = town.house.key_ring, noted(town)
    old = ring.newest(Purpose.INDEX).id
    ring.add(Purpose.INDEX)
    assert cases_found(town, "fenna", "zwaluwen") == [case.id], "also before anything was moved"
    town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": "Nu ook een merel"})
    assert old not in notes_by_key(town.clockwork().session), "one more note moves those of its case"
    ring.add(Purpose.INDEX)
    assert move_notes(town.clockwork()) == 1 and move_notes(town.clockwork()) == 0
    newest = ring.newest(Purpose.INDEX).id
    assert notes_by_key(town.clockwork().session) == {newest: 1} and noted(town) != before
    assert cases_found(town, "fenna", "zwaluwen merel") == [case.id]
    assert differences(town.clockwork().session) == []
    kept = noted(town)
    ring.add(Purpose.INDEX)
    other = KeyRing(tmp_path / "other" / "ring")
    other.begin()
    assert move_notes(house_on(town.house, town.house.database, other).work()) == 0 and noted(town) == kept
    move_notes(town.clockwork())
    kept = noted(town)
    rebuild(town.clockwork())
    assert noted(town) == kept


def test_a_struck_note_is_no_longer_found_and_the_others_are(town: Town) -> None:
    case = open_case(town.work("fenna"), NewCase("Kade 1", "Iets", "Bellen", clock.today()))
    for note in ("Een ooievaar op het dak", "Een merel in de tuin"):
        town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": note})
    asked = ask_correction(town.work("fenna"), NewCorrection(case.id, 2, "Dat was de buurman"))
    said = {"is_right": "Het was de buurman", "strike": True}
    town.work("fenna").act_on(Correction, asked.id, "correct", said)
    assert cases_found(town, "fenna", "ooievaar") == []
    assert cases_found(town, "fenna", "merel") == [case.id]
    assert differences(town.clockwork().session) == []


def test_of_what_is_destroyed_no_text_is_found_any_more(town: Town) -> None:
    full_case(town)
    made = signed(town)
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, made)
    left = select(SearchEntry.kind).where(SearchEntry.person_id.is_(None))
    assert list(town.clockwork().session.scalars(left)) == []
    assert differences(town.clockwork().session) == []
