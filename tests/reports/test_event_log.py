"""The event log goes out in three forms that others can read, under pseudonyms, and without a word of anybody."""

import gc
import json
import sqlite3
import tracemalloc
import warnings
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from sqlalchemy import insert, select

from tests.conftest import Town
from tests.retention.dossier import full_case
from wijkteam.access.model import Reading
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cli import main
from wijkteam.events.model import Erasure, Event
from wijkteam.mandate.model import MandateRequest
from wijkteam.people import queries as people
from wijkteam.reports.event_log import gathering, ocel_sqlite
from wijkteam.reports.event_log.gathering import EventLog
from wijkteam.reports.event_log.kinds import KINDS
from wijkteam.reports.event_log.pseudonyms import Pseudonyms
from wijkteam.reports.event_log.service import FORMS, NotTheirs, TooLarge, write_event_log
from wijkteam.terms import clock


@dataclass(frozen=True)
class Read:
    """What a file tells: how many events of each step, and how many objects of each kind."""

    steps: Counter[str]
    objects: Counter[str]


def written(town: Town, form: str, folder: Path, who: str = "ada") -> Path:
    path = folder / f"log.{FORMS[form][1]}"
    write_event_log(town.work(who), form, path)
    return path


def as_stored(town: Town) -> Read:
    """What the file has to tell, counted plainly."""
    session = town.clockwork().session
    events = session.execute(select(Event.subject_kind, Event.name).where(Event.subject_kind.in_(KINDS)))
    objects = Counter({name: len(session.scalars(select(kind.model)).all()) for name, kind in KINDS.items()})
    objects["household"] = len(set(session.scalars(select(HouseholdCase.household_id))))
    return Read(Counter(f"{kind}.{name}" for kind, name in events), +objects)


def of_miner(path: Path) -> Read:
    """The same file as pm4py reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pm4py

        if path.suffix == ".xes":
            log = pm4py.read_xes(str(path), return_legacy_log_object=True, show_progress_bar=False)
            events = [event for trace in log for event in trace]
            return Read(Counter(each["concept:name"] for each in events), Counter({"household_case": _cases(log)}))
        found = pm4py.read_ocel2(str(path))
        return Read(Counter(found.events["ocel:activity"]), Counter(found.objects["ocel:type"]))


def _cases(log: Any) -> int:
    return sum(1 for trace in log if trace.attributes["kind"] == "household_case")


@pytest.fixture
def told(town: Town) -> Town:
    """A town with one case in which everything happened."""
    full_case(town)
    return town


@pytest.mark.parametrize("form", FORMS)
def test_a_process_miner_counts_what_is_stored(told: Town, tmp_path: Path, form: str) -> None:
    stored, found = as_stored(told), of_miner(written(told, form, tmp_path))
    assert found.steps == stored.steps and found.steps.total() > 10
    if form == "xes":
        assert found.objects["household_case"] == stored.objects["household_case"]
    else:
        assert found.objects == stored.objects


def test_the_relational_form_meets_every_rule_of_its_standard(told: Town, tmp_path: Path) -> None:
    from pm4py.objects.ocel.validation import ocel20_rel_validation

    path = written(told, "ocel-sqlite", tmp_path)
    _, unmet = ocel20_rel_validation.apply(str(path))
    assert unmet == []
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_both_forms_of_objects_tell_the_same_relations(told: Town, tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(b"same")
    paths = {}
    for form in ("ocel-json", "ocel-sqlite"):
        paths[form] = tmp_path / form
        FORMS[form][0](EventLog(told.clockwork().session, pseudonyms), paths[form], lambda _count: None)
    document = json.loads(paths["ocel-json"].read_text())
    with closing(sqlite3.connect(paths["ocel-sqlite"])) as file:
        stored = set(file.execute("SELECT * FROM object_object"))
        events = set(file.execute("SELECT * FROM event_object"))
    told_of = [
        (each["id"], to["objectId"], to["qualifier"]) for each in document["objects"] for to in each["relationships"]
    ]
    touched = [
        (each["id"], to["objectId"], to["qualifier"]) for each in document["events"] for to in each["relationships"]
    ]
    assert set(told_of) == stored and len(told_of) == len(stored) > 3
    assert set(touched) == events and len(touched) == len(events)
    names = {each["id"] for each in document["objects"]}
    assert {each[1] for each in (*told_of, *touched)} <= names, "nothing is named that is not there"


@pytest.mark.parametrize("form", FORMS)
def test_no_word_no_name_and_no_number_of_anybody_goes_out(told: Town, tmp_path: Path, form: str) -> None:
    content = written(told, form, tmp_path).read_bytes().decode("utf-8", "replace")
    session = told.clockwork().session
    names = [each.name for each in people.everyone(session)] + [each.email for each in people.everyone(session)]
    ids = [each for kind in KINDS.values() for each in session.scalars(select(kind.model.id))]
    words = [*session.scalars(select(Household.who_or_where)), *session.scalars(select(MandateRequest.reason))]
    words += [each.what_is_going_on for each in session.scalars(select(HouseholdCase))]
    for each in (*names, *ids, *(word for word in words if word)):
        assert each not in content


def test_two_exports_share_no_pseudonym(told: Town, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    first, second = (
        {
            each.get("value")
            for each in etree.parse(path).iter("{*}string")
            if each.get("key") in ("org:resource", "object")
        }
        for path in (written(told, "xes", tmp_path), written(told, "xes", tmp_path / "one"))
    )
    assert first & second <= {"clock"}


def test_what_only_named_readers_read_and_what_was_destroyed_stays_out(told: Town, tmp_path: Path) -> None:
    work = told.clockwork()
    case = work.session.scalars(select(HouseholdCase)).one()
    with work.transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = "Een collega"
    assert not [each for each in EventLog(told.clockwork().session).events() if each.case]
    with work.transaction() as session:
        session.get_one(HouseholdCase, case.id).protected_why = None
    assert [each for each in EventLog(told.clockwork().session).events() if each.case]
    with work.transaction() as session:
        session.add(Erasure(subject_kind="household_case", subject_id=case.id, at=clock.now()))
    log = EventLog(told.clockwork().session)
    assert not [each for each in log.events() if each.case]
    assert not [each for each in log.objects() if each.kind in ("household_case", "household", "escalation", "goal")]


def test_only_few_may_take_it_and_that_they_did_is_logged_first(told: Town, tmp_path: Path) -> None:
    for who in ("fenna", "teun", "petra", "mo", "pia", "gijs"):
        with pytest.raises(NotTheirs):
            written(told, "xes", tmp_path, who)
    assert not list(tmp_path.glob("log*"))
    with pytest.raises(TooLarge):
        write_event_log(told.work("bea"), "xes", tmp_path / "log", most=3)
    written(told, "xes", tmp_path, "bea")
    logged = told.clockwork().session.scalars(select(Reading).order_by(Reading.id.desc())).first()
    assert logged is not None
    assert (logged.ground, logged.function, logged.how) == ("reporting", "bestuurder", "export")
    assert logged.asked and logged.asked.startswith("xes, ")


def test_memory_does_not_grow_with_the_log(told: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 50)
    monkeypatch.setattr(ocel_sqlite, "AT_ONCE", 50)
    work = told.clockwork()
    case = work.session.scalars(select(HouseholdCase)).one()

    def add_events(first: int, last: int) -> None:
        row = {
            "subject_kind": "household_case", "subject_id": case.id, "name": "remind", "state_to": case.state,
            "at": clock.now(), "payload_digest": "", "previous_hash": "", "hash": "",
        }  # fmt: skip
        with work.transaction() as session:
            session.execute(insert(Event), [{**row, "sequence": number} for number in range(first, last)])

    def peak(form: str) -> int:
        """The least of three: what others leave behind is collected at moments of its own."""
        return min(once(form) for _ in range(3))

    def once(form: str) -> int:
        told.close()
        log = EventLog(told.clockwork().session)
        gc.collect()
        tracemalloc.start()
        FORMS[form][0](log, tmp_path / f"{form}.log", lambda _count: None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak("xes"), peak("ocel-sqlite")  # what is remembered once, such as compiled queries
    add_events(1_000, 1_100)
    few = {form: peak(form) for form in ("xes", "ocel-sqlite")}
    add_events(2_000, 4_000)
    for form, before in few.items():
        assert peak(form) < before + 500_000, f"{form}: 2,000 events more take less than 250 bytes each"


def test_the_command_writes_it_and_says_what_it_is(
    told: Town, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.close()
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    path = tmp_path / "new" / "log.xes"
    answer = CliRunner().invoke(main, ["export", "log", "--form", "xes", str(path)])
    assert answer.exit_code == 0, answer.output
    assert "events written" in answer.output and "not anonymous" in answer.output
    again = CliRunner().invoke(main, ["export", "log", "--form", "xes", str(path)])
    assert again.exit_code == 2 and "is there already" in again.output
