"""What always holds of mandate requests, whoever does what in whatever order, on both databases."""

import contextlib
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Town
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.events.queries import events_of
from wijkteam.events.verification import verify
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.service import AskedDecision, NewMandate, add_mandate, request_mandate
from wijkteam.mandate.together import Ticked, answer_together
from wijkteam.people import queries as people
from wijkteam.storage.work import Work
from wijkteam.terms import clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = ("fenna", "sam.1", "noa.1", "kim.1", "teun", "mo", "bea", "fia")
ASKERS = ("fenna", "sam.1", "teun", "mo")
POWERS = ("tailored_budget", "team_budget", "special_assistance", "stop_collection")
GIVING = ("approve", "amend")
FORWARD = {
    "draft": [("requester", "ask")],
    "asked": [("teun", "approve"), ("teun", "amend"), ("mo", "approve"), ("sam.1", "agree"), ("mo", "ask_back")],
    "asked_back": [("requester", "reply")],
    "approved": [
        ("requester", "carry_out"),
        ("requester", "order_payment"),
        ("requester", "ask_again"),
        ("teun", "revoke"),
    ],
    "decided": [("requester", "finish"), ("requester", "pass_to_payer")],
    "payment_ordered": [("fia", "pay")],
    "refused": [("requester", "take_back")],
}
"""What people mostly do in each state."""


class AnyoneAnswers(RuleBasedStateMachine):
    """Two cases; people ask, and try every step of every request, one by one and together, while time passes."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town
        self.now = START
        self.ids: list[str] = []

    @initialize()
    def open_two_cases(self) -> None:
        with clock.standing_at(self.now):
            fenna = self.town.work("fenna")
            opened = [
                open_case(fenna, NewCase(f"Voorbeeldstraat {number}", "Huur", "Bellen", clock.today()))
                for number in (1, 2)
            ]
            self.places = [(each.id, each.household_id, each.team_id) for each in opened]
            request = request_mandate(fenna, AskedDecision("tailored_budget", 200_000, "Nodig", *self.places[0]))
            self.town.work("teun").act_on(MandateRequest, request.id, "approve", {})
            self.ids.append(request.id)

    def session(self) -> Session:
        self.town.close()
        return self.town.clockwork().session

    def requests(self, session: Session) -> list[MandateRequest]:
        return [session.get(MandateRequest, each) for each in self.ids]

    @rule(
        name=st.sampled_from(ASKERS),
        power=st.sampled_from(POWERS),
        euros=st.sampled_from([80, 400, 2_000, 2_900, 6_000, 12_000]),
        reserved=st.sampled_from([frozenset(), frozenset({"precedent"}), frozenset({"politically_sensitive"})]),
        which=st.integers(0, 1),
    )
    def someone_asks(self, name: str, power: str, euros: int, reserved: frozenset[str], which: int) -> None:
        amount = None if power == "stop_collection" else euros * 100
        asked = AskedDecision(power, amount, "Nodig", *self.places[which], reserved=reserved)
        with clock.standing_at(self.now):
            self.ids.append(request_mandate(self.town.work(name), asked).id)

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def someone_tries_something(self, data: st.DataObject, name: str) -> None:
        if not self.ids:
            return
        with clock.standing_at(self.now):
            work = self.town.work(name)
            request = work.session.get(MandateRequest, data.draw(st.sampled_from(self.ids)))
            known = [each.transition.name for each in work.options(request)]
            if known:
                self.takes(data, work, request.id, data.draw(st.sampled_from(known)))

    @rule(data=st.data())
    def a_request_goes_on(self, data: st.DataObject) -> None:
        found = [each for each in self.requests(self.session()) if each.state in FORWARD]
        if not found:
            return
        with clock.standing_at(self.now):
            request = data.draw(st.sampled_from(found))
            name, step = data.draw(st.sampled_from(FORWARD[request.state]))
            work = self.town.work("fenna" if name == "requester" else name)
            if name == "requester":
                work.actor = people.acting_person(work.session, request.requester_id)
            self.takes(data, work, request.id, step)

    def takes(self, data: st.DataObject, work: Work, request_id: str, step: str) -> None:
        workflow = self.town.house.engine.workflow("mandate_request")
        given = {
            ask.field: self.fitting(data, workflow.fields[ask.field].type)
            for ask in workflow.transition(step).questions
            if ask.required or data.draw(st.booleans())
        }
        with contextlib.suppress(Refused, WrongFields):
            work.act_on(MandateRequest, request_id, step, given)

    @rule(step=st.sampled_from(["approve", "decide", "refuse"]), name=st.sampled_from(["teun", "mo", "bea", "fenna"]))
    def someone_answers_all_of_one_power(self, step: str, name: str) -> None:
        with clock.standing_at(self.now):
            found = [each for each in self.requests(self.session()) if each.power == "tailored_budget"]
            if found:
                ticked = [Ticked(each.id, each.version) for each in found]
                answer_together(self.town.work(name), ticked, step, {"answer": "Zo doen we het."})

    @rule(days=st.sampled_from([1, 1, 3, 15, 100]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        with clock.standing_at(self.now):
            do_due_work(self.town.clockwork())

    def fitting(self, data: st.DataObject, kind: FieldType) -> object:
        match kind:
            case FieldType.MONEY:
                return data.draw(st.sampled_from([5_000, 150_000, 400_000, 2_000_000]))
            case FieldType.FUTURE_DATE:
                return clock.local(self.now).date() + timedelta(days=data.draw(st.integers(0, 120)))
            case FieldType.YES_NO:
                return data.draw(st.booleans())
            case FieldType.PERSON:
                name = data.draw(st.sampled_from(NAMES))
                return people.person_by_email(self.town.clockwork().session, f"{name}@voorbeeldstad.example").id
            case _:
                return "Goed."

    @invariant()
    def nobody_answers_their_own_request(self) -> None:
        session = self.session()
        for request in self.requests(session):
            assert request.decided_by != request.requester_id and request.handed_to != request.requester_id
            agreed = [each.partition("@")[0] for each in request.agreed_by.split(",") if each]
            assert str(request.requester_id) not in agreed and len(agreed) == len(set(agreed))
            for event in events_of(session, "mandate_request", request.id):
                if event.name in (*GIVING, "decide", "refuse", "revoke", "agree"):
                    assert event.actor_id != request.requester_id

    @invariant()
    def nobody_grants_more_than_they_hold(self) -> None:
        session = self.session()
        for row in session.scalars(select(Mandate).where(Mandate.case_id.in_([place[0] for place in self.places]))):
            giver = session.get(Mandate, row.given_under)
            assert giver.may_pass_on and giver.case_id is None and giver.power == row.power
            assert giver.ceiling_per_decision is None or row.ceiling_per_decision <= giver.ceiling_per_decision
            assert giver.valid_until is None or row.valid_until <= giver.valid_until
            assert row.valid_from >= giver.valid_from and row.valid_until is not None

    @invariant()
    def every_decision_stands_on_a_mandate_in_force_at_that_moment_and_says_which(self) -> None:
        session = self.session()
        for decision in session.scalars(select(Decision).where(Decision.request_id.in_(self.ids))):
            row = session.get(Mandate, decision.mandate_id)
            day = clock.local(decision.decided_at).date()
            assert row.power == decision.power and row.number in decision.mandate_text
            assert row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)
            assert row.revoked_at is None or row.revoked_at > decision.decided_at
            assert row.ceiling_per_decision is None or (decision.amount or 0) <= row.ceiling_per_decision
            assert row.case_id in (None, decision.case_id) and row.person_id in (None, decision.decided_by)
            assert row.function in people.acting_person(session, decision.decided_by).functions
            events = events_of(session, "mandate_request", decision.request_id)
            assert decision.mandate_id in [each.mandate_id for each in events if each.at == decision.decided_at]

    @invariant()
    def what_is_decided_under_mandate_for_a_case_stays_within_its_amount(self) -> None:
        session = self.session()
        spent = (
            select(Mandate.ceiling_per_decision, func.sum(Decision.amount))
            .join(Decision, Decision.mandate_id == Mandate.id)
            .where(Mandate.case_id.is_not(None))
            .group_by(Mandate.id, Mandate.ceiling_per_decision)
        )
        for ceiling, cents in session.execute(spent):
            assert ceiling is None or cents <= ceiling

    @invariant()
    def a_request_is_decided_once_at_most(self) -> None:
        session = self.session()
        for request in self.requests(session):
            count = session.scalar(select(func.count()).where(Decision.request_id == request.id))
            assert count == (request.state in ("decided", "payment_ordered", "paid", "carried_out"))

    @invariant()
    def state_equals_the_fold_of_events(self) -> None:
        assert verify(self.session()) == []

    def teardown(self) -> None:
        self.town.close()


def test_requests_hold_whatever_people_and_time_do(town: Town) -> None:
    ends = (START + timedelta(days=30)).date()
    soon = {"ceiling_per_decision": 300_000, "may_pass_on": True, "valid_from": START.date(), "valid_until": ends}
    add_mandate(town.clockwork(), NewMandate("M-90", "tailored_budget", "team_lead", **soon))
    run_state_machine_as_test(
        lambda: AnyoneAnswers(town), settings=settings(max_examples=8, stateful_step_count=16, deadline=None)
    )
