"""What always holds, whatever people and time do in whatever order: cases, requests and escalations together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.plumbing.templates import HOUSE, SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import ENDED as ANSWERED
from wijkteam.data_requests.service import NewDataRequest, record_data_request
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import count_due, do_due_work
from wijkteam.demo.town import found_town
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.escalation.backing import NewBacking, give_backing
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.model import Backing, Breakthrough, Escalation, StructuralEscalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.escalation.standing import Standing
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.events.verification import verify
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.letters import queries as letters
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.plans.service import (
    NewAgreement,
    NewConsent,
    NewGoal,
    NewLine,
    add_line,
    agree_on,
    record_consent,
    set_goal,
)
from wijkteam.residents.model import Resident
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.storage.database import connect
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track

NAMES = ("fenna", "teun", "petra", "mo", "bea", "fia", "sam.1", "pia")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATTERNS = (StructuralEscalation, Breakthrough, Backing)
FROM_OUTSIDE = (ResidentSignal, DataRequest)
PLAN = (Goal, PlanLine, Agreement, PlanConsent, Approach)
MODELS = (
    HouseholdCase,
    Resident,
    Escalation,
    MandateRequest,
    *FROM_OUTSIDE,
    Track,
    LegalTerm,
    Letter,
    *PATTERNS,
    *PLAN,
)


class AnyoneDoesAnything(RuleBasedStateMachine):
    """People try every transition there is, with fitting fields, while time passes and the worker works."""

    new_house: Callable[[], House]
    """A house of its own for each week that is made up."""

    @initialize()
    def found(self) -> None:
        self.now = START
        self.town = Town(self.new_house())
        work = self.town.clockwork()
        with clock.standing_at(self.now):
            found_town(self.town.house, work)
            fenna = self.town.work("fenna")
            case = open_case(fenna, NewCase("Voorbeeldstraat 1", "Huur", "Langsgaan", clock.today()))
            record_resident(fenna, NewResident(case.household_id, "Jo Voorbeeld"))
            goal = set_goal(fenna, NewGoal(case.id, case.team_id, "Hier blijven wonen.", "housing"))
            agree_on(fenna, NewAgreement(case.id, case.team_id, "Belt de verhuurder", "Moeder", goal_id=goal.id))
            add_line(fenna, NewLine(case.id, case.team_id, "strength", "Zus helpt", "household"))
            record_consent(fenna, NewConsent(case.id, case.team_id, "plan", "Moeder", "agreed", "said", clock.today()))

    def session(self) -> Session:
        self.town.close()
        return self.town.clockwork().session

    def subjects(self) -> list[object]:
        session = self.session()
        return [row for model in MODELS for row in session.scalars(select(model).order_by(model.id))]

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def someone_tries_something(self, data: st.DataObject, name: str) -> None:
        subject = data.draw(st.sampled_from(self.subjects()))
        workflow = self.town.house.engine.workflow(subject.workflow)
        transition = data.draw(st.sampled_from([each for each in workflow.transitions if each.is_for_people]))
        with clock.standing_at(self.now):
            work = self.town.work(name)
            given = {ask.field: self.fitting(data, workflow.fields[ask.field], work) for ask in transition.questions}
            before = (subject.state, subject.version)
            live = work.session.get(type(subject), subject.id)
            told = {option.transition.name: option for option in work.options(live)}
            try:
                after = work.act_on(type(subject), subject.id, transition.name, given)
            except (Refused, WrongFields):
                fresh = self.session().get(type(subject), subject.id)
                assert (fresh.state, fresh.version) == before, "what is refused changes nothing"
            else:
                assert after.version == before[1] + 1
                option = told[transition.name]
                assert option.open or transition.decision, "what was blocked cannot be done"

    def fitting(self, data: st.DataObject, field: object, work: object) -> object:
        match field.type:
            case FieldType.MONEY:
                return data.draw(st.integers(1, 3_000_000))
            case FieldType.DATE | FieldType.FUTURE_DATE:
                return clock.today() + timedelta(days=data.draw(st.integers(-1, 9)))
            case FieldType.YES_NO:
                return data.draw(st.booleans())
            case FieldType.PERSON:
                return people.person_by_email(
                    work.session, f"{data.draw(st.sampled_from(NAMES))}@voorbeeldstad.example"
                ).id
            case FieldType.CHOICE if field.choices is not None:
                return data.draw(st.sampled_from(sorted(field.choices)))
            case FieldType.CHOICE:
                return data.draw(st.sampled_from(sorted(self.town.house.lists[field.list].items)))
            case _:
                return data.draw(st.sampled_from(["Goed.", "Huur € 5; 'ja'", "é\nregel"]))

    @rule(data=st.data(), cents=st.integers(1, 2_000_000))
    def someone_asks_for_more(self, data: st.DataObject, cents: int) -> None:
        case = next(each for each in self.subjects() if isinstance(each, HouseholdCase))
        with clock.standing_at(self.now):
            asked = AskedDecision("tailored_budget", cents, "Nodig", case.id, case.household_id, case.team_id)
            self.unless_closed(case, lambda: request_mandate(self.town.work("fenna"), asked))

    def unless_closed(self, case: HouseholdCase, act: Callable[[], object]) -> None:
        """In a case that has ended nothing new begins."""
        if case.state != "closed":
            act()
            return
        with pytest.raises(Refused):
            act()

    @rule(barrier=st.sampled_from(["housing", "debts"]), danger=st.booleans())
    def someone_escalates(self, barrier: str, danger: bool) -> None:
        case = next(each for each in self.subjects() if isinstance(each, HouseholdCase))
        with clock.standing_at(self.now):
            new = NewEscalation(case.id, case.team_id, "Woning", barrier, safety_at_stake=danger)
            self.unless_closed(case, lambda: escalate(self.town.work("fenna"), new))

    @rule(name=st.sampled_from(["fenna", "bea", "mo"]), backed=st.booleans(), days=st.integers(0, 20))
    def someone_asks_promises_or_backs(self, name: str, backed: bool, days: int) -> None:
        asked = [each for each in self.subjects() if isinstance(each, Escalation)]
        with clock.standing_at(self.now):
            work = self.town.work(name)
            day = clock.today() + timedelta(days=days)
            try:
                if name == "fenna" and asked:
                    raise_structural(work, NewStructural("Regel dit.", asked[-1].barrier, (asked[-1].id,)))
                elif backed and asked:
                    backing = NewBacking("Doe maar.", day, "tailored_budget", 900_000, asked[-1].case_id)
                    give_backing(work, backing)
                else:
                    choose_breakthrough(work, NewBreakthrough("Woningen", *[work.actor.person_id] * 2, day))
            except Refused:
                pass

    @rule(domain=st.sampled_from(["housing", "finance"]), worker=st.sampled_from(["fenna", "sam.1"]))
    def someone_begins_a_track(self, domain: str, worker: str) -> None:
        case = next(each for each in self.subjects() if isinstance(each, HouseholdCase))
        with clock.standing_at(self.now):
            fenna = self.town.work("fenna")
            person = people.person_by_email(fenna.session, f"{worker}@voorbeeldstad.example")
            new = NewTrack(case.id, case.team_id, domain, "Rust", "Bellen", clock.today(), person.id)
            if case.state == "closed":
                with pytest.raises(Refused):
                    begin_track(fenna, new)
            else:
                begin_track(fenna, new)

    @rule(matter=st.sampled_from(["awb_decision", "wmo_personal_plan", "objection_decision"]), days=st.integers(0, 60))
    def someone_starts_a_legal_term(self, matter: str, days: int) -> None:
        case = next(each for each in self.subjects() if isinstance(each, HouseholdCase))
        with clock.standing_at(self.now):
            new = NewLegalTerm(case.id, case.team_id, matter, clock.today() - timedelta(days=days))
            if case.state == "closed":
                with pytest.raises(Refused):
                    start_legal_term(self.town.work("fenna"), new)
            else:
                start_legal_term(self.town.work("fenna"), new)

    @rule()
    def a_resident_says_something(self) -> None:
        with clock.standing_at(self.now):
            record_signal(self.town.work("fenna"), NewSignal("complaint", "Niemand belt terug."))

    @rule(kind=st.sampled_from(["access", "erasure"]), days=st.integers(0, 30))
    def a_resident_asks_about_their_data(self, kind: str, days: int) -> None:
        with clock.standing_at(self.now):
            new = NewDataRequest(kind, "Wat weten jullie van mij?", clock.today() - timedelta(days=days))
            record_data_request(self.town.work("sam.1"), new)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.standing_at(self.now):
            do_due_work(self.town.clockwork())
            assert count_due(self.town.clockwork().session) == 0

    @invariant()
    def an_open_case_has_an_owner_and_a_next_step(self) -> None:
        for case in self.subjects():
            if isinstance(case, HouseholdCase) and case.state != "closed":
                assert case.owner_id and case.next_step and case.next_step_by and case.next_step_on

    @invariant()
    def an_open_track_has_a_worker_and_a_next_step_in_a_case_that_is_open(self) -> None:
        session = self.session()
        for track in session.scalars(select(Track).where(Track.ended_at.is_(None))):
            assert track.worker_id and track.next_step and track.next_step_on
            assert session.get(HouseholdCase, track.case_id).state != "closed"

    @invariant()
    def a_finished_case_has_no_open_track_from_before(self) -> None:
        session = self.session()
        for case in session.scalars(select(HouseholdCase).where(HouseholdCase.outcome.is_not(None))):
            found = session.scalars(select(Track).where(Track.case_id == case.id, Track.ended_at.is_(None))).all()
            assert all(track.opened_at >= case.state_since for track in found)

    @invariant()
    def an_open_legal_term_has_one_deadline_and_an_end_with_its_reasons_in_a_case_that_is_open(self) -> None:
        session = self.session()
        for term in session.scalars(select(LegalTerm).where(LegalTerm.ended_at.is_(None))):
            deadlines = session.scalars(
                select(Deadline).where(Deadline.subject_id == term.id, Deadline.ended_at.is_(None))
            ).all()
            assert len(deadlines) == 1 and term.why_nl and term.why_en
            assert term.state != "ending" or deadlines[0].due_at == term.ends_at
            assert session.get(HouseholdCase, term.case_id).state != "closed"

    @invariant()
    def state_equals_the_fold_of_hash_chained_events(self) -> None:
        assert verify(self.session()) == []

    @invariant()
    def a_decision_stands_on_a_mandate_that_covers_it(self) -> None:
        session = self.session()
        for decision in session.scalars(select(Decision)):
            mandate = session.get(Mandate, decision.mandate_id)
            assert mandate.case_id in (None, decision.case_id) and mandate.person_id in (None, decision.decided_by)
            assert mandate.power == decision.power and mandate.number in decision.mandate_text
            assert mandate.ceiling_per_decision is None or (decision.amount or 0) <= mandate.ceiling_per_decision
            held = people.acting_person(session, decision.decided_by)
            assert mandate.function in held.functions

    @invariant()
    def a_decision_in_a_case_has_one_letter_in_force_and_each_letter_its_pdf(self) -> None:
        session = self.session()
        for decision in session.scalars(select(Decision)):
            found = letters.letters_of(session, decision.id)
            assert [each.state != letters.REPLACED for each in found].count(True) == 1
            assert letters.with_pdf(session, {each.id for each in found}) == {each.id for each in found}

    @invariant()
    def nobody_decides_on_their_own_request(self) -> None:
        for request in self.subjects():
            if isinstance(request, MandateRequest):
                assert request.decided_by != request.requester_id

    @invariant()
    def an_asked_escalation_has_a_rung_an_answerer_and_a_respond_by(self) -> None:
        session = self.session()
        ladder = self.town.house.ladder
        for each in session.scalars(select(Escalation)):
            if each.state == "asked":
                assert Standing(session, ladder, each.team_id).answerers(each.rung)
                deadline = session.scalars(
                    select(Deadline).where(Deadline.subject_id == each.id, Deadline.ended_at.is_(None))
                ).one()
                assert deadline.due_at == each.respond_by

    @invariant()
    def a_bestuurder_promises_few_things_at_a_time(self) -> None:
        chosen = [each for each in self.subjects() if isinstance(each, Breakthrough) and each.ended_at is None]
        assert len(chosen) <= 5

    @invariant()
    def backing_never_outlasts_its_day_and_gives_no_more_than_the_giver_held(self) -> None:
        session = self.session()
        for each in session.scalars(select(Backing).where(Backing.mandate_id.is_not(None))):
            row = session.get(Mandate, each.mandate_id)
            giver = session.get(Mandate, row.given_under)
            assert row.valid_until <= each.valid_until and row.case_id == each.case_id
            assert giver.ceiling_per_decision is None or row.ceiling_per_decision <= giver.ceiling_per_decision
            assert each.state != "withdrawn" or row.revoked_at == each.ended_at

    @invariant()
    def a_signal_ends_only_told_or_with_why_not(self) -> None:
        for each in self.subjects():
            if isinstance(each, ResidentSignal):
                assert each.state != "told" or (each.answer and each.told_on)
                assert each.state != "cannot_be_told" or each.why_not_told

    @invariant()
    def a_request_about_data_ends_only_told_or_with_why_not_and_refuses_on_a_ground(self) -> None:
        for each in self.subjects():
            if isinstance(each, DataRequest) and each.state in ANSWERED:
                assert each.ended_at and ((each.answer and each.told_on) or each.why_not_told)
                assert each.outcome not in ("partly", "refused") or each.refusal_ground

    def teardown(self) -> None:
        if hasattr(self, "town"):
            self.town.close()
            self.town.house.database.dispose()


TestAnyoneDoesAnything = AnyoneDoesAnything.TestCase


@pytest.fixture(scope="module", autouse=True)
def houses(sqlite_templates: SQLiteTemplates, first_house: House, law_in_force: Callable[[], None]) -> None:
    law_in_force()
    AnyoneDoesAnything.new_house = staticmethod(lambda: house_on(first_house, connect(sqlite_templates.copy(HOUSE))))


TestAnyoneDoesAnything.settings = settings(max_examples=12, stateful_step_count=18, deadline=None)
