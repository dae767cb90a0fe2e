"""Coming from elsewhere: what came in stands as if people had typed it, once, and can be taken back."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import Town
from tests.importing import files
from tests.importing.files import BSN, EVI, bring, tools, whole
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.contents import contents_of
from wijkteam.events.queries import events_of
from wijkteam.events.verification import verify
from wijkteam.figures.keeping import any_missing
from wijkteam.figures.keeping import differences as figure_differences
from wijkteam.figures.keeping import rebuild as rebuild_figures
from wijkteam.figures.model import CaseFact
from wijkteam.importing import queries, service
from wijkteam.importing.findings import WrongFile
from wijkteam.importing.model import ImportedRow
from wijkteam.importing.reading import read_file
from wijkteam.importing.service import NotTheirs, begin, go_on, look_at
from wijkteam.importing.undoing import begin_undoing, go_on_undoing
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.people.model import HeldFunction, Person, Team
from wijkteam.residents.model import Resident
from wijkteam.residents.service import opened_bsn
from wijkteam.retention.research import closed_cases
from wijkteam.search.keeping import differences as search_differences
from wijkteam.search.keeping import rebuild as rebuild_search
from wijkteam.search.queries import find
from wijkteam.terms import clock


class Killed(BaseException):
    """The process ends in the middle."""


def count(town: Town, model: type[Any]) -> int:
    return town.clockwork().session.scalar(select(func.count()).select_from(model)) or 0


def cases_of_evi(town: Town) -> dict[str, HouseholdCase]:
    session = town.clockwork().session
    evi = people.person_by_email(session, EVI)
    rows = select(HouseholdCase).where(HouseholdCase.owner_id == (evi.id if evi else 0))
    return {case.what_is_going_on: case for case in session.scalars(rows)}


def test_a_workbook_comes_in_as_if_people_had_typed_it(town: Town, key_ring: KeyRing) -> None:
    content = files.book(whole())
    import_id, progress = bring(town, content)
    assert (progress.done, progress.failed, progress.left) == (11, 0, 0)
    found = cases_of_evi(town)
    session = town.clockwork().session
    assert {what: case.state for what, case in found.items()} == {
        "Huurschuld 0": "signalled",
        "Huurschuld 1": "carrying_out",
        "Huurschuld 2": "waiting",
    }
    for case in found.values():
        assert (case.next_step, case.next_step_by, case.next_step_on.isoformat()) == (
            "Bellen",
            case.owner_id,
            files.SOON,
        )
    assert found["Huurschuld 2"].previous_state == "clarifying" and found["Huurschuld 2"].waiting_for == "De verhuurder"
    note = next(
        each for each in events_of(session, "household_case", found["Huurschuld 1"].id) if each.name == "add_note"
    )
    said = contents_of(note).fields["note"]
    assert read_file(content, "workbook").digest in said and "rij 3" in said and "Ada" in said and "Z-1" in said
    vera = session.scalars(select(Resident)).one()
    assert opened_bsn(key_ring, vera) == BSN and vera.bsn_ground == "wmo"
    assert verify(session) == []
    ada = town.work("ada")
    assert not [each for each in found.values() if town.house.grounds.ground(ada.session, ada.actor, each)]
    with pytest.raises(WrongFile, match="came in already"):
        bring(town, content)
    assert len(queries.imports(ada.session)) == 1 and import_id


def test_only_the_administrator_brings_files_in(town: Town) -> None:
    for name in ("fenna", "teun", "pia", "gijs"):
        with pytest.raises(NotTheirs):
            look_at(town.work(name), tools(town), files.book(whole()), "workbook")


def test_every_mistake_is_told_at_once_and_nothing_of_residents_stands_in_it(town: Town) -> None:
    sheets = whole(1)
    sheets["people"] += [{"name": "", "email": "geen adres"}, {"name": "Evi Twee", "email": EVI}]
    sheets["functions"] += [{"email": EVI, "function": "tovenaar", "team": "Team Nergens", "valid_from": "31-02-2026"}]
    sheets["households"] += [
        {"household": "H-0", "who_or_where": "Geheim 1"},
        {"household": "H-9", "who_or_where": BSN},
    ]
    sheets["cases"] += [
        files.case(77),
        files.case(0, owner="fia@voorbeeldstad.example"),
        files.case(0, state="Uitvoeren"),
        files.case(0, state="Toveren", next_step=""),
    ]
    sheets["residents"] += [
        {"household": "H-0", "name": "Geheime Naam", "bsn": "123456789", "birth_date": "1-1-1700"},
        {"household": "H-0", "name": "Geheime Naam", "bsn": BSN},
    ]
    before = count(town, Person), count(town, Household), count(town, HouseholdCase)
    checked = look_at(town.work("ada"), tools(town), files.book(sheets), "workbook")
    told = {(each.kind, each.row, each.column) for each in checked.mistakes}
    assert told == {
        ("mensen", 4, "naam"),
        ("mensen", 4, "e-mail"),
        ("mensen", 5, "e-mail"),
        ("functies", 3, "functie"),
        ("functies", 3, "team"),
        ("functies", 3, "vanaf"),
        ("huishoudens", 3, "huishouden"),
        ("huishoudens", 4, "wie of waar"),
        ("casussen", 3, "huishouden"),
        ("casussen", 4, "eigenaar"),
        ("casussen", 5, "veiligheid"),
        ("casussen", 5, "vraag"),
        ("casussen", 5, "plan"),
        ("casussen", 6, "stand"),
        ("casussen", 6, "volgende stap"),
        ("bewoners", 3, "bsn"),
        ("bewoners", 3, "geboortedatum"),
        ("bewoners", 4, "grondslag bsn"),
        ("bewoners", 4, "doel bsn"),
    }
    for language in ("nl", "en"):
        lines = "\n".join(each.line(language) for each in checked.findings)  # type: ignore[arg-type]
        assert not [secret for secret in (BSN, "123456789", "Geheim", "1700") if secret in lines]
    with pytest.raises(WrongFile):
        begin(town.work("ada"), checked, "fout.xlsx")
    assert (count(town, Person), count(town, Household), count(town, HouseholdCase)) == before


def test_killed_in_the_middle_and_run_again_nothing_doubles(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    content, plain, left = files.book(whole(4)), service.bring_in, [7]

    def dying(*given: Any) -> Any:
        found = plain(*given)
        left[0] -= 1
        if not left[0]:
            raise Killed  # after the deed, before it was written down that it was done
        return found

    monkeypatch.setattr(service, "bring_in", dying)
    with pytest.raises(Killed):
        bring(town, content)
    monkeypatch.setattr(service, "bring_in", plain)
    town.close()
    assert count(town, ImportedRow) == 6
    ada = town.work("ada")
    checked = look_at(ada, tools(town), content, "workbook")
    assert checked.mistakes == []
    with pytest.raises(WrongFile, match="by half"):
        begin(ada, checked, "weer.xlsx")
    begun = begin(ada, checked, "weer.xlsx", go_on=True)
    first = go_on(ada, tools(town), begun.id, checked, seconds=0)
    assert first.left and first.done == 6, "no time, nothing more"
    other = town.work("ada")
    assert go_on(ada, tools(town), begun.id, checked).done == 13
    assert go_on(other, tools(town), begun.id, checked).done == 13, "another who goes on adds nothing"
    assert count(town, ImportedRow) == 13 and len(cases_of_evi(town)) == 4 and count(town, Household) == 4
    assert verify(town.clockwork().session) == []


def test_what_nobody_touched_is_taken_back_and_what_was_worked_on_is_kept_and_listed(town: Town) -> None:
    content = files.book(whole(3))
    import_id, _ = bring(town, content)
    session = town.clockwork().session
    evi = people.person_by_email(session, EVI)
    assert evi is not None
    as_evi = town.clockwork()
    as_evi.actor = people.acting_person(as_evi.session, evi.id)
    touched = cases_of_evi(town)["Huurschuld 1"]
    as_evi.act_on(HouseholdCase, touched.id, "add_note", {"note": "Gebeld"})
    ada = town.work("ada")
    begin_undoing(ada, import_id, "Verkeerd bestand")
    assert go_on_undoing(ada, import_id, most=2) > 0, "it can be done in parts"
    assert go_on_undoing(ada, import_id) == 0
    shown = queries.shown_import(town.clockwork().session, import_id)
    assert shown is not None and shown.of.state == "undone" and shown.undone_by == "Ada Beheer"
    kept = {(each.sheet, each.row) for each in shown.kept if each.outcome == "kept"}
    assert kept == {("casussen", 3), ("functies", 2), ("mensen", 2), ("huishoudens", 3), ("teams", 2)}
    assert shown.became["bewoners"] == {"taken_back": 1} and shown.became["casussen"] == {"kept": 1, "taken_back": 2}
    now = cases_of_evi(town)
    assert now["Huurschuld 1"].state == "carrying_out"
    ended = now["Huurschuld 0"]
    assert ended.state == "closed" and ended.outcome_reason == "Invoer teruggedraaid: Verkeerd bestand"
    fresh = town.clockwork().session
    bo = people.person_by_email(fresh, "bo@elders.example")
    assert bo is not None and not bo.active and fresh.get_one(Person, evi.id).active
    assert fresh.scalars(select(Resident.state)).all() == ["removed"] and verify(fresh) == []
    with pytest.raises(LookupError):
        begin_undoing(ada, import_id, "Nog eens")


def test_a_case_that_was_taken_back_is_as_if_it_never_was_in_figures_and_search(town: Town) -> None:
    street = "Zonnebloemstraat"
    fenna = town.work("fenna")
    earlier = open_case(fenna, NewCase(f"Familie Zeldzaam, {street} 12", "Huur", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, earlier.id, "stop_early", {"outcome": "achieved", "outcome_reason": "Verhuisd."})
    row = {"household": "H-0", "who_or_where": "Zeldzaam 12", "same_as": earlier.household_id}
    sheets = {**whole(2), "households": [row, *whole(2)["households"][1:]]}
    import_id, _ = bring(town, files.book(sheets))
    session = town.clockwork().session
    facts = {each.case_id: each for each in session.scalars(select(CaseFact))}
    assert len(facts) == 3 and not facts[earlier.id].alone and facts[earlier.id].returned_at is not None
    begin_undoing(town.work("ada"), import_id, "Verkeerd bestand")
    go_on_undoing(town.work("ada"), import_id)

    fresh = town.clockwork().session
    fact = fresh.scalars(select(CaseFact)).one()
    assert fact.case_id == earlier.id and fact.alone and fact.returned_at is None, "the household never came back"
    assert figure_differences(town.clockwork().session) == [] and search_differences(town.clockwork().session) == []
    assert not any_missing(fresh) and [each.outcome for each in closed_cases(fresh)] == ["achieved"]
    evi = people.person_by_email(fresh, EVI)
    assert evi is not None and not find(fresh, "Huurschuld"), "neither by what was going on nor by what was noted"
    assert {each.case_id for each in find(fresh, street)} == {earlier.id}
    rebuild_figures(town.clockwork())
    rebuild_search(town.clockwork())
    assert [each.case_id for each in town.clockwork().session.scalars(select(CaseFact))] == [earlier.id]
    assert not find(town.clockwork().session, "Huurschuld") and verify(town.clockwork().session) == []


def test_an_undone_file_can_come_in_again(town: Town) -> None:
    sheets = {"people": whole()["people"], "households": whole()["households"]}
    content = files.book(sheets)
    homes = count(town, Household)
    import_id, _ = bring(town, content)
    ada = town.work("ada")
    begin_undoing(ada, import_id, "Te vroeg")
    go_on_undoing(ada, import_id)
    assert count(town, Household) == homes, "a household without a case has no log, and goes"
    _again, progress = bring(town, content)
    assert progress.done == 5 and count(town, Household) == homes + 3
    evi = people.person_by_email(town.clockwork().session, EVI)
    assert evi is not None and evi.active, "who worked here before comes back"


def test_a_household_that_is_here_already_is_pointed_out_and_can_be_chosen(town: Town) -> None:
    fenna = town.work("fenna")
    where = "Familie Zeldzaam, Zonnebloemstraat 12"
    here = open_case(fenna, NewCase(where, "Huur", "Bellen", clock.today())).household_id
    row = {"household": "H-1", "who_or_where": "Zeldzaam, Zonnebloemstraat 12"}
    found = look_at(town.work("ada"), tools(town), files.csv_file("households", row), "households")
    assert [each.column for each in found.warnings] == ["wie of waar"] and str(here) in found.warnings[0].text.nl
    assert "Zonnebloem" not in found.warnings[0].line()
    chosen = files.csv_file("households", {**row, "same_as": here})
    assert look_at(town.work("ada"), tools(town), chosen, "households").warnings == []
    homes = count(town, Household)
    bring(town, chosen, "households")
    bring(town, files.csv_file("cases", files.case(1, owner="fenna@voorbeeldstad.example")), "cases")
    assert count(town, Household) == homes
    session = town.clockwork().session
    assert session.scalar(select(func.count()).where(HouseholdCase.household_id == here)) == 2


def test_a_protected_household_is_never_pointed_out(town: Town) -> None:
    fenna = town.work("fenna")
    where = "Familie Zeldzaam, Zonnebloemstraat 12"
    case = open_case(fenna, NewCase(where, "Huur", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, case.id, "protect", {"protected_why": "Collega"})
    row = {"household": "H-1", "who_or_where": where}
    found = look_at(town.work("ada"), tools(town), files.csv_file("households", row), "households")
    assert found.findings == []


def test_functions_keep_their_period_and_the_consents_of_another_employer(town: Town) -> None:
    bring(town, files.csv_file("teams", {"name": "Team Elders"}), "teams")
    bring(
        town,
        files.csv_file("people", {"name": "Wil", "email": EVI, "civil_servant": "nee", "employer": "Stichting"}),
        "people",
    )
    row = {"email": EVI, "function": "Teamleider", "team": "Team Elders", "valid_from": "1/2/2026"}
    days = {"valid_until": "2030-01-31", "consented_on": "15-01-2026", "employer_consented_on": "16-01-2026"}
    import_id, _ = bring(town, files.csv_file("functions", {**row, **days}), "functions")
    session = town.clockwork().session
    held = session.scalars(select(HeldFunction).join(Team).where(Team.name == "Team Elders")).one()
    assert held.function == "team_lead" and held.valid_until and held.valid_until.year == 2030
    assert (held.consented_on, held.employer_consented_on) != (None, None) and held.consented_on != held.valid_from
    begin_undoing(town.work("ada"), import_id, "Toch niet")
    go_on_undoing(town.work("ada"), import_id)
    evi = people.person_by_email(town.clockwork().session, EVI)
    assert evi is not None and people.held_today(town.clockwork().session, evi.id) == []


def test_a_step_that_should_have_been_done_becomes_of_today(town: Town) -> None:
    fenna = "fenna@voorbeeldstad.example"
    bring(town, files.csv_file("households", {"household": "H-5", "who_or_where": "Nergensweg 5"}), "households")
    content = files.csv_file("cases", files.case(5, owner=fenna, next_step_on="2020-01-31"))
    assert len(look_at(town.work("ada"), tools(town), content, "cases").warnings) == 1
    bring(town, content, "cases")
    case = (
        town.clockwork()
        .session.scalars(select(HouseholdCase).where(HouseholdCase.what_is_going_on == "Huurschuld 5"))
        .one()
    )
    assert case.next_step_on == clock.today()
