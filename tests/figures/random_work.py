"""Real work by chance: people open cases, escalate, answer, measure, finish and come back, while days pass."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from tests.conftest import Town
from wijkteam.cases.model import Buurt, HouseholdCase, Wijk
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.escalation.breakthroughs import NewBreakthrough, choose_breakthrough
from wijkteam.escalation.model import Breakthrough, Escalation, StructuralEscalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.measuring.model import Measurement
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.plans.model import Approach, Goal
from wijkteam.plans.service import NewApproach, NewGoal, set_goal, try_approach
from wijkteam.terms import clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WIJKEN = {"WK012301": ("BU01230101", "BU01230102"), "WK012302": ("BU01230201",)}
BARRIERS = ("housing", "debts", "no_budget")
PEOPLE = ("fenna", "sam.1", "teun", "petra", "mo", "bea")
ESCALATION_STEPS = (
    "answer",
    "answer",
    "take_note",
    "ask_back",
    "answer_question",
    "pass_up",
    "safety_now",
    "step_down",
    "ask_again",
    "resolve",
    "withdraw",
)
CASE_STEPS = ("found_safe", "question_is_clear", "plan_is_agreed", "evaluate", "finish", "close", "take_up_again")
ANSWERS = {
    "answer": "Doe maar.",
    "next_step": "Bellen",
    "question_back": "Hoe lang al?",
    "reply": "Lang.",
    "why": "Daarom.",
    "result": "Gelukt.",
    "safety": "Goed.",
    "question": "Wonen",
    "plan": "Huur",
    "how_it_goes": "Goed.",
    "outcome_reason": "Samen.",
    "because": "Samen.",
}


class RandomWork:
    """One municipality in which chance decides who does what; the same for the same chance."""

    def __init__(self, town: Town, chance: Random) -> None:
        self.town, self.chance, self.now = town, chance, START
        self.done = 0
        work = town.clockwork()
        with work.transaction() as session:
            for wijk, buurten in WIJKEN.items():
                session.merge(Wijk(code=wijk, name=wijk, municipality_code="GM0123"))
                session.flush()
                for code in buurten:
                    session.merge(
                        Buurt(code=code, name=code, wijk_code=wijk, geometry={}, longitude=5.0, latitude=52.0)
                    )

    def play(self, turns: int) -> None:
        """So many tries; what is refused is passed over."""
        deeds = (
            *[self.open_case] * 2,
            *[self.escalate] * 4,
            *[self.step_in_escalation] * 8,
            *[self.step_in_case] * 6,
            *[self.let_time_pass] * 3,
            self.stop_case,
            self.measure,
            self.measure,
            self.withdraw_measurement,
            self.set_goal,
            self.end_goal,
            self.see_a_pattern,
            self.promise,
            self.step_in_promise,
            self.try_something,
            self.try_something,
            self.end_approach,
            self.end_approach,
        )
        with clock.standing_at(self.now):
            self.open_case()
        self.town.close()
        for _ in range(turns):
            with clock.standing_at(self.now):
                try:
                    self.chance.choice(deeds)()
                    self.done += 1
                except (Refused, WrongFields):
                    pass
            self.town.close()

    def one(self, model: type[Any], *which: Any) -> Any:
        found = list(
            self.town.clockwork().session.scalars(select(model).where(*which).order_by(model.opened_at, model.id))
        )
        if not found:
            raise WrongFields({})
        return self.chance.choice(found)

    def open_case(self) -> None:
        household = None
        if self.done and self.chance.random() < 0.4:
            household = self.one(HouseholdCase).household_id
        buurt = self.chance.choice([None, *(each for buurten in WIJKEN.values() for each in buurten)])
        new = NewCase("Straat 1", "Huur", "Bellen", clock.today(), buurt_code=buurt, household_id=household)
        open_case(self.town.work("fenna"), new)

    def escalate(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        kind = self.chance.choice(("question", "question", "for_information"))
        barrier, danger = self.chance.choice(BARRIERS), self.chance.random() < 0.2
        new = NewEscalation(case.id, case.team_id, "Woning", barrier, kind, safety_at_stake=danger)
        escalate(self.town.work("fenna"), new)

    def step_in_escalation(self) -> None:
        subject = self.one(Escalation, Escalation.ended_at.is_(None))
        name = self.chance.choice(ESCALATION_STEPS)
        given = {**ANSWERS, "next_step_on": clock.today()}
        self.act(subject, name, given, PEOPLE)

    def act(self, subject: Any, name: str, given: dict[str, Any], people: tuple[str, ...]) -> None:
        """By whichever of these may."""
        workflow = self.town.house.engine.workflow(subject.workflow)
        asks = {ask.field for ask in workflow.transition(name).questions}
        said = {key: value for key, value in given.items() if key in asks}
        for person in self.chance.sample(people, len(people)):
            try:
                self.town.work(person).act_on(type(subject), subject.id, name, said)
                return
            except Refused:
                continue
        raise WrongFields({})

    def step_in_case(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        outcome = self.chance.choice(("achieved", "partly", "not_achieved"))
        given = {**ANSWERS, "next_step_on": clock.today(), "outcome": outcome}
        if outcome != "achieved":
            given["outcome_barrier"] = self.chance.choice(BARRIERS)
        workflow = self.town.house.engine.workflow("household_case", case.workflow_version)
        fitting = [name for name in CASE_STEPS if case.state in workflow.transition(name).from_]
        self.act(case, self.chance.choice(fitting or CASE_STEPS), given, ("fenna",))

    def stop_case(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        self.act(case, "stop_early", {**ANSWERS, "outcome": "not_achieved", "outcome_barrier": "debts"}, ("fenna",))

    def measure(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        scores = {name: self.chance.randint(1, 4) for name in ("at_home", "self", "with_others")}
        scores.pop(self.chance.choice(sorted(scores)))
        stands = [
            each.id
            for each in self.town.clockwork().session.scalars(
                select(Measurement).where(Measurement.case_id == case.id, Measurement.ended_at.is_(None))
            )
        ]
        replaces = self.chance.choice(sorted(stands)) if stands and self.chance.random() < 0.3 else None
        on = clock.today() - timedelta(days=self.chance.randint(0, 3))
        new = NewMeasurement(case.id, case.team_id, "how_is_it_going", on, scores, replaces=replaces)
        take_measurement(self.town.work("fenna"), self.town.house.instruments, new)

    def withdraw_measurement(self) -> None:
        self.act(self.one(Measurement, Measurement.ended_at.is_(None)), "withdraw", ANSWERS, ("fenna",))

    def set_goal(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        set_goal(self.town.work("fenna"), NewGoal(case.id, case.team_id, "Rust", "housing"))

    def end_goal(self) -> None:
        name = self.chance.choice(("achieve", "achieve_partly", "not_achieve", "drop"))
        answers = {**ANSWERS, "own_answer": self.chance.choice(("good", "fair", "bad"))}
        self.act(self.one(Goal, Goal.ended_at.is_(None)), name, answers, ("fenna",))

    def see_a_pattern(self) -> None:
        asked = self.one(Escalation)
        raise_structural(self.town.work("fenna"), NewStructural("Regel dit.", asked.barrier, (asked.id,)))

    def promise(self) -> None:
        work = self.town.work("bea")
        day = clock.today() + timedelta(days=self.chance.randint(1, 30))
        open_ones = StructuralEscalation.ended_at.is_(None), StructuralEscalation.state == "asked"
        found = list(self.town.clockwork().session.scalars(select(StructuralEscalation.id).where(*open_ones)))
        behind = self.chance.choice([None, *sorted(found)])
        choose_breakthrough(work, NewBreakthrough("Woningen", *[work.actor.person_id] * 2, day, behind))

    def step_in_promise(self) -> None:
        day = clock.today() + timedelta(days=self.chance.randint(1, 30))
        name = self.chance.choice(("promise_anew", "promise_anew", "realise", "not_realise"))
        self.act(
            self.one(Breakthrough, Breakthrough.ended_at.is_(None)), name, {**ANSWERS, "promised_on": day}, ("bea",)
        )

    def try_something(self) -> None:
        case = self.one(HouseholdCase, HouseholdCase.state != "closed")
        kind = self.chance.choice(("home_visits", "money_coach"))
        try_approach(self.town.work("fenna"), NewApproach(case.id, case.team_id, kind))

    def end_approach(self) -> None:
        said = {
            "result": self.chance.choice(("helped", "partly", "not_helped")),
            "ingredient": self.chance.choice(("trust", "at_home")),
        }
        name = self.chance.choice(("continue", "stop"))
        self.act(self.one(Approach, Approach.ended_at.is_(None)), name, said, ("fenna",))

    def let_time_pass(self) -> None:
        self.now += timedelta(hours=self.chance.randint(1, 120))
        with clock.standing_at(self.now):
            do_due_work(self.town.clockwork())
