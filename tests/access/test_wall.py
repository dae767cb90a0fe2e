"""What a person may read is said three times, and all three say the same: in Python, as criteria, as policies."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import case, delete, exists, func, inspect, literal, literal_column, select, text, union, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, aliased, undefer

from tests.access.made_up_rows import fill
from tests.conftest import Town
from wijkteam.access.grounds import Grounds
from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.appointments.model import Appointment
from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.data_requests import queries as data_requests
from wijkteam.data_requests.model import DataRequest
from wijkteam.deadlines.model import Deadline
from wijkteam.documents.model import Document
from wijkteam.escalation.model import Backing, Behind, Breakthrough, Escalation, StructuralEscalation
from wijkteam.events.model import Event, Notice
from wijkteam.exporting.model import FullExport
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision, Mandate, MandateRequest, RegisterChange
from wijkteam.measuring.model import Measurement
from wijkteam.messages.model import MailPreference
from wijkteam.network.model import Helper, Relation
from wijkteam.objections.model import Objection
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.model import Person
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.quotes.model import Quote
from wijkteam.residents.model import Resident, SamePerson
from wijkteam.retention.model import Correction, DestructionList
from wijkteam.search.model import PossibleDouble, SearchEntry
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.signals.queries import may_read as may_read_signal
from wijkteam.signals.queries import may_read_complaint
from wijkteam.storage.asking import of_kinds
from wijkteam.storage.columns import Table
from wijkteam.storage.schema import all_tables
from wijkteam.storage.subject import SubjectColumns
from wijkteam.tracks.model import Track
from wijkteam.wall.postgres import ROLE, as_settings, begin_reading
from wijkteam.wall.reader import NOBODY, Reader, reader_of
from wijkteam.wall.session import NotThroughTheWall, ReadingSession
from wijkteam.wall.tables import CLOSED, CLOSED_COLUMNS, HANGING, OPEN, RULES
from wijkteam.zgw.model import Zaak, ZaakNews

Allows = Callable[[Any], bool]


class InPython:
    """What the grounds say of each row, without a single query that is filtered."""

    def __init__(self, session: Session, grounds: Grounds, person: ActingPerson) -> None:
        self.session, self.grounds, self.person = session, grounds, person
        self.cases: dict[str | None, bool] = {None: False}
        self.full: dict[str | None, bool] = {None: False}
        self.by_kind = {model.workflow: self.rule(model) for model in SubjectColumns.kinds.values()}

    def reads_case(self, case_id: str | None) -> bool:
        if case_id not in self.cases:
            found = self.session.get(HouseholdCase, case_id)
            self.cases[case_id] = found is not None and self.ask("ground", found) is not None
        return self.cases[case_id]

    def reads_in_full(self, case_id: str | None) -> bool:
        if case_id not in self.full:
            found = self.session.get(HouseholdCase, case_id)
            self.full[case_id] = found is not None and self.ask("full_ground", found) is not None
        return self.full[case_id]

    def ask(self, name: str, row: Any) -> Any:
        return getattr(self.grounds, name)(self.session, self.person, row)

    def hears(self, column: Any, number: int) -> bool:
        return any(self.ask("may_read_objection", each) for each in self._those(Objection, column == number))

    def _those(self, model: type[Any], which: Any) -> list[Any]:
        return list(self.session.scalars(select(model).where(which)))

    def _at_home(self, household_id: int) -> list[HouseholdCase]:
        return self._those(HouseholdCase, HouseholdCase.household_id == household_id)

    def _of(self, kind: str, subject_id: str) -> Any:
        return self.session.get(SubjectColumns.kinds[kind], subject_id)

    def _event(self, row: Any) -> bool:
        subject = self._of(row.subject_kind, row.subject_id)
        if isinstance(subject, Objection):
            return bool(self.ask("may_read_objection", subject))
        if isinstance(subject, DataRequest):
            return data_requests.handles(self.person)
        return self.by_kind[row.subject_kind](subject)

    def _document(self, row: Any) -> bool:
        subject = self._of(row.subject_kind, row.subject_id)
        if isinstance(subject, DataRequest):
            return data_requests.may_read(subject, self.person)
        return row.subject_kind in ("escalation", "letter", "case_file") and self.reads_in_full(subject.case_id)

    def _signal(self, row: Any) -> bool:
        return may_read_signal(self.session, self.grounds.escalation_ladder, row, self.person)

    def _found(self, row: Any) -> bool:
        if row.household_id is not None:
            return any(self.reads_in_full(each.id) for each in self._at_home(row.household_id))
        if row.signal_id is not None:
            return self._signal(self.session.get_one(ResidentSignal, row.signal_id))
        return row.person_id is not None or self.reads_in_full(row.case_id)

    def rule(self, model: type[Any]) -> Allows:
        me = self.person.person_id
        own: dict[type[Any], Allows] = {
            HouseholdCase: lambda row: self.reads_case(row.id),
            Household: lambda row: (
                any(self.reads_case(each.id) for each in self._at_home(row.id))
                or self.hears(Objection.household_id, row.id)
            ),
            Escalation: lambda row: self.ask("may_read_escalation", row),
            Behind: lambda row: self.ask("may_read_escalation", self.session.get(Escalation, row.escalation_id)),
            StructuralEscalation: lambda row: self.ask("may_read_structural", row),
            Backing: lambda row: self.ask("may_read_backing", row),
            MandateRequest: lambda row: self.ask("may_read_request", row),
            Objection: lambda row: self.ask("may_read_objection", row) or self.ask("may_see_objection", row),
            Decision: lambda row: self.reads_in_full(row.case_id) or self.hears(Objection.decision_id, row.id),
            Mandate: lambda row: row.case_id is None or row.person_id == me or self.reads_in_full(row.case_id),
            ResidentSignal: self._signal,
            ConductComplaint: lambda row: may_read_complaint(row, self.person),
            DataRequest: lambda row: data_requests.may_read(row, self.person),
            Event: self._event,
            Deadline: lambda row: self.by_kind[row.subject_kind](self._of(row.subject_kind, row.subject_id)),
            Document: self._document,
        }
        if model in own:
            return own[model]
        if model in (Breakthrough, RegisterChange):
            return lambda row: True
        if model in (NamedReader, GuestAccess, Quote):
            return lambda row: row.person_id == me or self.reads_in_full(row.case_id)
        if model in (Notice, MailPreference, BreakGlass):
            return lambda row: row.person_id == me
        if model is SamePerson:
            return lambda row: all(
                self.by_kind["resident"](self.session.get(Resident, each)) for each in (row.resident_id, row.other_id)
            )
        if model in (Resident, Helper, Relation):
            return lambda row: any(self.reads_in_full(each.id) for each in self._at_home(row.household_id))
        if model in (DestructionList, FullExport):
            return lambda row: False
        if model is Track:
            return lambda row: self.reads_case(row.case_id)
        if model is SearchEntry:
            return self._found
        of_plan = (Goal, PlanLine, Agreement, PlanConsent, Approach, Measurement)
        in_full = (LegalTerm, Letter, Correction, Appointment, CaseFile, PossibleDouble, Zaak, ZaakNews, *of_plan)
        assert model in in_full, f"say here when somebody reads a {model.__name__}"
        return lambda row: self.reads_in_full(row.case_id)


def keys(model: type[Any]) -> list[Any]:
    return [getattr(model, inspect(model).get_property_by_column(each).key) for each in inspect(model).primary_key]


def behind_the_second_wall(town: Town, reader: Reader, model: type[Any]) -> set[Any]:
    """What the role finds with SQL of its own, past the reading session."""
    names = ", ".join(each.name for each in inspect(model).primary_key)
    settings = as_settings(reader)
    with town.house.database.connect() as connection:
        connection.execute(begin_reading(tuple(settings)), settings)
        return {tuple(row) for row in connection.execute(text(f"SELECT {names} FROM {model.__tablename__}"))}


def by_kind(reading: ReadingSession, model: Any) -> set[Any]:
    """What is found under subjects where each kind is asked alone, in a statement of that kind."""
    return {
        tuple(row)
        for kind in SubjectColumns.kinds
        for row in reading.execute(of_kinds(select(*keys(model), model.subject_kind), {kind}))
    }


@pytest.mark.parametrize("seed", [1])
def test_grounds_criteria_and_policies_agree_for_everybody_on_every_row(town: Town, seed: int) -> None:
    fill(town, seed)
    work = town.clockwork()
    seen: dict[str, set[bool]] = {model.__name__: set() for model in RULES}
    for number in work.session.scalars(select(Person.id).order_by(Person.id)).all():
        person = people.acting_person(work.session, number)
        assert person is not None
        reader = reader_of(work.session, town.house.grounds, person)
        python = InPython(work.session, town.house.grounds, person)
        with town.house.reading(reader) as reading:
            for model in RULES:
                rows = work.session.scalars(select(model)).all()
                allows = python.rule(model)
                judged = {inspect(row).identity: bool(allows(row)) for row in rows}
                expected = {key for key, may in judged.items() if may}
                seen[model.__name__] |= set(judged.values())
                about = f"{person.name} and {model.__name__}"
                assert {tuple(row) for row in reading.execute(select(*keys(model)))} == expected, about
                if town.house.database.dialect.name == "postgresql":
                    assert behind_the_second_wall(town, reader, model) == expected, about
            for model in HANGING:
                of_all_kinds = reading.execute(select(*keys(model), model.subject_kind))
                assert by_kind(reading, model) == {tuple(row) for row in of_all_kinds}, person.name
    never = {name for name, both in seen.items() if len(both) < 2} - {"MailPreference"}
    assert not never, f"in this town nobody (or everybody) reads each row of {never}: it shows nothing"


@pytest.fixture
def without_ground(town: Town) -> Iterator[ReadingSession]:
    """The reading session of somebody who may read no case, in a town full of them."""
    fill(town, 3, cases=6)
    with town.house.reading(NOBODY) as reading:
        yield reading


def test_however_it_is_asked_nothing_of_a_case_comes_through(without_ground: ReadingSession) -> None:
    of, alias = HouseholdCase, aliased(HouseholdCase)
    count = select(func.count()).select_from(of)
    counted = select(func.count(of.id)).where(of.owner_id == Person.id).scalar_subquery()
    nothing = {
        "entity": select(of),
        "columns": select(of.id, of.next_step),
        "alias": select(alias),
        "alias and column": select(alias.id).where(alias.state != "x"),
        "subquery": select(select(of.id).subquery().c.id),
        "cte": select(select(of.id).cte("c").c.id),
        "union": union(select(of.id), select(alias.id)),
        "union in from": select(union(select(of.id), select(alias.id)).subquery().c[0]),
        "in": select(Person.name).where(Person.id.in_(select(of.owner_id))),
        "exists": select(Person.name).where(exists().where(of.owner_id == Person.id)),
        "join": select(Person.name).join(of, of.owner_id == Person.id),
        "join of alias": select(Person.name).join(alias, alias.owner_id == Person.id),
        "join in from": select(Track.id, of.id)
        .join_from(Person, of, of.owner_id == Person.id)
        .join(Track, Track.case_id == of.id),
        "where only": select(Person.name).where(Person.id == of.owner_id),
        "group": select(of.team_id, func.count()).group_by(of.team_id),
        "distinct": select(of.state).distinct(),
        "entity of subquery": select(aliased(of, select(of).subquery())),
        "outer join": select(of.next_step)
        .select_from(Person)
        .outerjoin(of, of.owner_id == Person.id)
        .where(of.id.is_not(None)),
        "with a limit": select(select(of).limit(1).subquery().c.id),
        "order": select(of.id).order_by(of.next_step_on).limit(1),
    }
    for name, statement in nothing.items():
        assert without_ground.execute(statement).all() == [], name
    zero = {
        "count": count,
        "count of rows": select(func.count()).select_from(select(of).subquery()),
        "scalar": select(count.scalar_subquery()),
        "per person": select(func.max(counted)).select_from(Person),
        "case": select(case((select(of.id).exists(), 1), else_=0)),
        "sum": select(func.coalesce(func.sum(Decision.amount), 0)),
    }
    for name, statement in zero.items():
        assert without_ground.scalar(statement) == 0, name
    assert without_ground.query(of).count() == 0


def test_what_cannot_be_judged_or_is_closed_or_would_change_a_thing_is_refused(
    without_ground: ReadingSession,
) -> None:
    table = HouseholdCase.__table__
    refused: list[Any] = [
        text("SELECT 1"),
        select(table),
        select(table.c.id),
        select(func.count()).select_from(table.alias()),
        select(Person.id).where(Person.id == table.c.owner_id),
        select(Person.id).where(text("1 = 1")),
        select(literal_column("(SELECT count(*) FROM household_case)")),
        select(HouseholdCase).from_statement(text("SELECT * FROM household_case")),
        select(Person.password_hash),
        select(Person).options(undefer(Person.password_hash)),
        update(HouseholdCase).values(next_step="x"),
        *(select(each) for each in CLOSED),
        *(select(literal(1)).where(select(each).exists()) for each in CLOSED),
    ]
    for statement in refused:
        with pytest.raises(NotThroughTheWall):
            without_ground.execute(statement)
    with pytest.raises(NotThroughTheWall):
        without_ground.connection()
    person = without_ground.scalars(select(Person).limit(1)).one()
    with pytest.raises(NotThroughTheWall):
        _ = person.password_hash
    with pytest.raises(NotThroughTheWall):
        without_ground.refresh(person)
    person.name = "x"
    with pytest.raises(NotThroughTheWall):
        without_ground.commit()


def test_what_was_read_before_is_not_served_again_once_the_ground_is_gone(town: Town) -> None:
    fill(town, 4, cases=4)
    work = town.work("fenna")
    with work.transaction() as session:
        found = session.scalars(select(HouseholdCase).where(HouseholdCase.protected_why.is_(None))).all()[0]
        found.owner_id = work.actor.person_id
        session.execute(delete(NamedReader).where(NamedReader.case_id == found.id))
    with town.house.reading(reader_of(work.session, town.house.grounds, work.actor)) as reading:
        assert reading.get(HouseholdCase, found.id) is not None
        with work.transaction() as session:
            session.get(HouseholdCase, found.id).protected_why = "Eigen huishouden"  # type: ignore[union-attr]
        reading.begin_anew()
        assert reading.get(HouseholdCase, found.id) is None


def test_every_table_stands_in_the_list_of_what_may_be_read() -> None:
    all_tables()
    mapped = {each.class_ for each in Table.registry.mappers}
    assert mapped == OPEN | CLOSED | RULES.keys()
    assert not (OPEN & CLOSED or (OPEN | CLOSED) & RULES.keys())


def test_on_postgresql_the_role_may_ask_every_column_that_is_not_closed(town: Town) -> None:
    if town.house.database.dialect.name != "postgresql":
        return
    open_columns = [
        (model.__tablename__, column.name)
        for model in OPEN | RULES.keys()
        for column in inspect(model).columns
        if (model, column.name) not in CLOSED_COLUMNS
    ]
    may = text("SELECT has_column_privilege(:role, :of, :named, 'SELECT')")
    with town.house.database.connect() as connection:
        kept = [each for each in open_columns if not connection.scalar(may, _asking(*each))]
    assert kept == []


def _asking(of: str, named: str) -> dict[str, str]:
    return {"role": ROLE, "of": of, "named": named}


def test_on_postgresql_the_role_reads_no_closed_table_writes_nothing_and_without_a_person_finds_nothing(
    town: Town,
) -> None:
    if town.house.database.dialect.name != "postgresql":
        return
    fill(town, 5, cases=4)
    denied = [f"SELECT * FROM {each.__tablename__}" for each in CLOSED]
    denied += ["SELECT password_hash FROM person", "UPDATE household_case SET next_step = 'x'", "DELETE FROM event"]
    with town.house.database.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {ROLE}")
        for model in RULES.keys() - {Mandate}:
            assert connection.scalar(text(f"SELECT count(*) FROM {model.__tablename__}")) == 0, model
        for statement in denied:
            nested = connection.begin_nested()
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(statement))
            nested.rollback()
        connection.exec_driver_sql("RESET ROLE")
