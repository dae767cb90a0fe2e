"""Leaving: everything that is kept goes out, in a form that others read, and comes in again elsewhere."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import Engine, func, select

from tests.conftest import Town
from tests.importing.files import BSN, tools
from wijkteam.assembly import House, house_on, keep_code_lists
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.events.model import Notice
from wijkteam.events.verification import verify
from wijkteam.exporting import making
from wijkteam.exporting.manual import tables_in_words
from wijkteam.exporting.model import FullExport
from wijkteam.exporting.places import WrongPlace
from wijkteam.exporting.service import ask_export, make_export
from wijkteam.exporting.tables import GOES_OUT, LEFT_OUT, LEFT_OUT_COLUMNS
from wijkteam.importing.service import begin, go_on, look_at
from wijkteam.importing.template import manual_tables
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.people.model import HeldFunction, Person, Team
from wijkteam.people.service import NewPerson, add_person, give_function
from wijkteam.residents.model import Resident
from wijkteam.residents.service import GivenBsn, NewResident, record_resident, set_bsn
from wijkteam.shipped import folder
from wijkteam.storage.database import connect
from wijkteam.storage.schema import all_tables
from wijkteam.storage.work import Work
from wijkteam.terms import clock

DOCS = folder("workflows").parent / "docs"
WHERE = "Familie Vertrek, Nergensweg 9"


def lived_in(town: Town, ring: KeyRing) -> HouseholdCase:
    """A case on its way, with a resident whose number is known."""
    fenna = town.work("fenna")
    case = open_case(fenna, NewCase(WHERE, "Huurschuld", "Bellen", clock.today()))
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Veilig"})
    vera = record_resident(fenna, NewResident(case.household_id, "Vera Vertrek", "1988-06-05"))
    set_bsn(fenna, ring, vera.id, GivenBsn(BSN, "wmo", "Aanvraag"))
    fenna.act_on(
        HouseholdCase,
        case.id,
        "wait_for_other",
        {"waiting_for": "De verhuurder", "next_step": "Navragen", "next_step_on": clock.today()},
    )
    other = open_case(town.work("fenna"), NewCase("Straat 2", "Rust", "Langsgaan", clock.today()))
    town.work("fenna").act_on(HouseholdCase, other.id, "protect", {"protected_why": "Collega"})
    return case


def exported(town: Town, to: Path, with_bsn: bool = False) -> Path:
    """What Ada took, with consent where that is needed."""
    ada = town.work("ada")
    asked = ask_export(ada, "Ander systeem", with_bsn)
    if with_bsn:
        town.work("pia").act_on(FullExport, asked.id, "consent", {})
    make_export(ada, town.house.key_ring, asked.id, to)
    return to


def rows(path: Path, table: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (path / "tables" / f"{table}.jsonl").read_text().splitlines()]


def test_every_table_goes_out_or_is_left_out_with_a_reason() -> None:
    there = set(all_tables().tables)
    assert there == GOES_OUT | set(LEFT_OUT) and not GOES_OUT & set(LEFT_OUT)
    columns = {(table.name, column.name) for table in all_tables().tables.values() for column in table.columns}
    assert set(LEFT_OUT_COLUMNS) <= columns and all(LEFT_OUT.values())
    secret = {each for each in columns if "secret" in each[1] or "password" in each[1] or each[1] == "bsn_sealed"}
    assert not [each for each in secret if each[0] in GOES_OUT and each not in LEFT_OUT_COLUMNS]


def test_the_manuals_say_what_the_descriptions_say() -> None:
    assert tables_in_words() in (DOCS / "export.md").read_text(), "write it anew from exporting.manual.readme()"
    assert manual_tables() in (DOCS / "import.md").read_text()


def test_everything_goes_out_as_its_schemas_say_and_no_number_or_secret_with_it(
    town: Town, key_ring: KeyRing, tmp_path: Path
) -> None:
    case = lived_in(town, key_ring)
    out = exported(town, tmp_path / "out")
    manifest = json.loads((out / "manifest.json").read_text())
    for each in manifest["files"]:
        content = (out / each["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (each["size"], each["sha256"])
        assert (BSN.encode() not in content and b"password_hash" not in content) or each["name"].endswith(".md")
    session = town.clockwork().session
    for name in GOES_OUT:
        found, schema = rows(out, name), json.loads((out / "schemas" / f"{name}.json").read_text())
        stands = session.scalar(select(func.count()).select_from(all_tables().tables[name]))
        later = {"event": 1, "notice": 1, "deadline": 0, "full_export": 0}.get(name, 0)
        assert len(found) == manifest["tables"][name] and stands is not None and stands - later <= len(found) <= stands
        validator = jsonschema.Draft202012Validator(schema)
        for row in found[:20]:
            validator.validate(row)
        assert schema["description"], name
    told = next(each for each in rows(out, "event") if each["subject_id"] == case.id and each["name"] == "found_safe")
    assert told["contents"]["fields"] == {"safety": "Veilig"}  # type: ignore[index]
    made = session.scalars(select(FullExport)).one()
    assert made.state == "made" and made.digest == hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    pia = people.person_by_email(session, "pia@voorbeeldstad.example")
    about = session.scalars(select(Notice.about).where(Notice.person_id == pia.id, Notice.subject_id == made.id))
    assert len(list(about)) == 2, "told when it was asked, and when it was made"
    logged = all_tables().tables["reading"]
    assert "alles (export)" in session.scalars(select(logged.c.what)).all()
    assert out.stat().st_mode & 0o077 == 0


def test_numbers_go_along_only_when_the_privacy_officer_consented(
    town: Town, key_ring: KeyRing, tmp_path: Path
) -> None:
    lived_in(town, key_ring)
    ada = town.work("ada")
    asked = ask_export(ada, "Ander systeem", with_bsn=True)
    with pytest.raises(Refused):
        make_export(ada, key_ring, asked.id, tmp_path / "early")
    assert not list(tmp_path.glob("early*"))
    town.work("pia").act_on(FullExport, asked.id, "consent", {})
    with pytest.raises(LookupError):
        make_export(town.work("pia"), key_ring, asked.id, tmp_path / "hers")
    make_export(town.work("ada"), key_ring, asked.id, tmp_path / "out")
    assert [each["bsn"] for each in rows(tmp_path / "out", "resident")] == [BSN]
    with pytest.raises(Refused):
        make_export(town.work("ada"), key_ring, asked.id, tmp_path / "again")
    with pytest.raises(Refused):
        ask_export(town.work("fenna"), "Nieuwsgierig")
    with pytest.raises(WrongFields):
        ask_export(town.work("ada"), "")


def test_nothing_is_written_over_and_nothing_is_left_of_what_went_wrong(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.zip").write_bytes(b"mine")
    ada = town.work("ada")
    asked = ask_export(ada, "Ander systeem")
    with pytest.raises(WrongPlace):
        make_export(ada, town.house.key_ring, asked.id, tmp_path / "there.zip")

    def failing(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "importable", failing)
    with pytest.raises(WrongPlace, match="No space"):
        make_export(ada, town.house.key_ring, asked.id, tmp_path / "full.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["apart", "there.zip"]


@pytest.fixture
def empty_house(database: Engine, request: pytest.FixtureRequest, first_house: House, tmp_path: Path) -> Iterator[Work]:
    """Another municipality on another database of the same kind, in which only an administrator works yet."""
    kind = "sqlite" if database.dialect.name == "sqlite" else "postgres"
    templates = request.getfixturevalue(f"{kind}_templates")
    url = templates.copy("house")
    there = connect(url)
    ring = KeyRing(tmp_path / "other_ring")
    ring.begin()
    house = house_on(first_house, there, ring)
    work = house.work()
    keep_code_lists(house, work)
    person = add_person(work, NewPerson("Bo Beheer", "bo@elders.example"))
    give_function(work, person, "functional_administrator")
    work.actor = people.acting_person(work.session, person.id)
    yield work
    work.session.close()
    there.dispose()
    templates.drop(url)


def test_what_goes_out_comes_in_elsewhere_as_it_was(
    town: Town, key_ring: KeyRing, tmp_path: Path, empty_house: Work
) -> None:
    lived_in(town, key_ring)
    archive = exported(town, tmp_path / "out.zip", with_bsn=True)
    with zipfile.ZipFile(archive) as package:
        content = package.read("import.xlsx")
    there = tools(town)
    ring = KeyRing(tmp_path / "other_ring")
    there = type(there)(ring, there.grounds)
    checked = look_at(empty_house, there, content, "workbook")
    assert checked.mistakes == []
    begun = begin(empty_house, checked, "import.xlsx")
    done = go_on(empty_house, there, begun.id, checked)
    assert (done.failed, done.left) == (0, 0)
    here, elsewhere = told(town.clockwork()), told(empty_house)
    elsewhere["people"].discard(("Bo Beheer", "bo@elders.example", True, None))
    elsewhere["functions"] = {each for each in elsewhere["functions"] if each[0] != "bo@elders.example"}
    assert here == elsewhere
    assert verify(empty_house.session) == []


def told(work: Work) -> dict[str, set[tuple[object, ...]]]:
    """People, teams, functions, households with open cases that are not protected, those cases, and who lives there."""
    session, case = work.session, HouseholdCase
    session.rollback()
    open_ones = (case.state != "closed") & case.protected_why.is_(None)
    held = select(Person.email, HeldFunction.function, Team.name, HeldFunction.valid_from, HeldFunction.valid_until)
    held = (
        held.select_from(HeldFunction)
        .join(Person, Person.id == HeldFunction.person_id)
        .outerjoin(Team, Team.id == HeldFunction.team_id)
    )
    cases = select(
        Household.who_or_where,
        Person.email,
        Team.name,
        case.state,
        case.previous_state,
        case.what_is_going_on,
        case.next_step,
        case.next_step_on,
        case.safety,
        case.waiting_for,
    )
    cases = (
        cases.select_from(case)
        .join(Household, Household.id == case.household_id)
        .join(Person, Person.id == case.owner_id)
    )
    residents = select(Household.who_or_where, Resident.name, Resident.birth_date, Resident.bsn_ground)
    asked = {
        "people": select(Person.name, Person.email, Person.civil_servant, Person.employer),
        "teams": select(Team.name),
        "functions": held,
        "cases": cases.join(Team, Team.id == case.team_id).where(open_ones),
        "residents": residents.select_from(Resident).join(Household, Household.id == Resident.household_id),
    }
    return {name: {tuple(row) for row in session.execute(query)} for name, query in asked.items()}
