"""A synthetic but plausible past: cases in all states over two years, the same for the same seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import let_time_pass
from wijkteam.demo import legal_terms, letters, stories
from wijkteam.demo.breakthroughs import tell_the_top
from wijkteam.demo.from_residents import tell_residents
from wijkteam.demo.plans import PlanMaker
from wijkteam.engine.running import Refused
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.queries import put_away_older
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.storage.subject import ALPHABET, ID_LENGTH
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track

DAYS_BACK = 730
SIGNALS_PER_CASE = 0.15
HOT_BUURTEN = 4
HOT_SHARE = 0.99
NEWS_DAYS = 10
UNANSWERED = 0.75
"""The share of questions of the last months that nobody answers."""
UNANSWERED_DAYS = 110
FRESH, FRESH_DAYS = 0.95, 30
"""The share of questions of the running month that waits: enough of them that the report can tell how many."""
AT_ONCE = 0.65
"""The share of questions that is answered before the first term runs out."""
LATELY = 0.3
"""The share of cases that began in the last twelve months."""
LATELY_DAYS = 365
TRACKED = 0.5
REACHED = 0.7
AMENDED = 0.12
URGENT = 0.15


@dataclass(frozen=True)
class Place:
    """A buurt by code and name, with its wijk."""

    code: str
    name: str
    wijk_code: str


class PastMaker:
    """Tells one case after the other, with every step at its own moment in the past."""

    def __init__(self, house: House, work: Work, seed: int) -> None:
        self.house = house
        self.work = work
        self.chance = random.Random(f"past-{seed}")
        self.until = datetime.combine(clock.today(), datetime.min.time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
        found = sorted(cases.buurten(work.session), key=lambda each: each.code)
        self.buurten = [Place(each.code, each.name, each.wijk_code) for each in found]
        hot = set(self.chance.sample(range(len(self.buurten)), min(HOT_BUURTEN, len(self.buurten))))
        cold = max(1, len(self.buurten) - len(hot))
        self.weights = [
            HOT_SHARE / len(hot) if nr in hot else (1 - HOT_SHARE) / cold for nr in range(len(self.buurten))
        ]
        self.case: HouseholdCase | None = None
        self.owner: ActingPerson | None = None
        self.subjects: list[str] = []
        self.tracks: list[tuple[Track, ActingPerson]] = []
        self.moment = self.until

    def tell_case(self) -> None:
        """One household's story, in one transaction."""
        with self.work.transaction():
            buurt = self.chance.choices(self.buurten, self.weights)[0]
            owner, team_id = self._owner(buurt)
            self.subjects, self.tracks, self.case = [], [], None
            back = LATELY_DAYS if self.chance.random() < LATELY else DAYS_BACK
            start = self.until - timedelta(days=self.chance.uniform(0.2, back))
            self.moment = start.replace(hour=self.chance.randint(7, 15), microsecond=0)
            self.moment = min(self.moment, self.until - timedelta(hours=1))
            self._story(buurt, owner, team_id)
            if self.case is not None:
                letters.live_on(self.work, self.case.id, self.case.household_id, self.until, self.case.id)

    def _owner(self, buurt: Place) -> tuple[ActingPerson, int]:
        team = people.team_of_wijk(self.work.session, buurt.wijk_code) or people.teams(self.work.session)[0]
        members = people.holders(self.work.session, "best_person", team.id)
        owner = people.acting_person(self.work.session, self.chance.choice(members).id)
        assert owner is not None
        return owner, team.id

    def new_id(self) -> str:
        """A subject id drawn from the seed."""
        found = "".join(self.chance.choice(ALPHABET) for _ in range(ID_LENGTH))
        self.subjects.append(found)
        return found

    def wait(self, least: float, most: float) -> bool:
        """Let some days pass; False when that would reach the present."""
        later = self.moment + timedelta(days=self.chance.uniform(least, most))
        if later >= self.until:
            let_time_pass(self.work, self.subjects, self.until)
            self._look_ahead()
            return False
        let_time_pass(self.work, self.subjects, later)
        self.moment = later
        return True

    def _look_ahead(self) -> None:
        """Most people keep their next step up to date."""
        if self.case is None or self.owner is None or self.chance.random() < 0.1:
            return
        self.moment = max(self.moment, self.until - timedelta(days=self.chance.uniform(0.1, 4)))
        self.do(self.case, "change_next_step", self.owner, **self._next_step(16))
        for track, worker in self.tracks:
            self.do(track, "change_next_step", worker, **self._next_step(16))

    def do(self, subject: Any, name: str, actor: ActingPerson, **fields: Any) -> bool:
        """Take a step at the story's moment, when the rules allow it."""
        with clock.standing_at(self.moment):
            try:
                self.work.acting_as(actor).fire(subject, name, fields)
            except Refused:
                return False
        return True

    def _next_step(self, days: int = 10) -> dict[str, Any]:
        day = clock.local(self.moment).date() + timedelta(days=self.chance.randint(1, days))
        return {"next_step": self.chance.choice(stories.NEXT_STEPS), "next_step_on": day}

    def _story(self, buurt: Place, owner: ActingPerson, team_id: int) -> None:
        pick = self.chance.choice
        number = self.chance.randint(1, 240)
        step = self._next_step()
        with clock.standing_at(self.moment):
            new = NewCase(
                f"Voorbeeldstraat {number}, {buurt.name}",
                pick(stories.GOING_ON),
                step["next_step"],
                step["next_step_on"],
                buurt.code,
                team_id,
            )
            case = open_case(self.work.acting_as(owner), new, self.new_id())
        self.case, self.owner = case, owner
        if not self.wait(0.1, 2.5):
            return
        self.do(case, "found_safe", owner, safety=pick(stories.SAFETY), **self._next_step())
        if not self.wait(3, 40):
            return
        self.do(
            case,
            "question_is_clear",
            owner,
            question=pick(stories.QUESTIONS),
            strengths=pick(stories.STRENGTHS),
            **self._next_step(),
        )
        self._decide(case, owner)
        terms = legal_terms.begin_some(self, case, owner)
        if not self.wait(2, 14):
            return
        self.do(case, "plan_is_agreed", owner, plan=pick(stories.PLANS), **self._next_step(30))
        plan = PlanMaker(self.work, self.house.instruments, case, owner)
        plan.write(self.moment)
        if self.chance.random() < TRACKED:
            self._begin_tracks(case, owner)
        if self.chance.random() < 0.45 and not self._request(case, owner):
            return
        if self.chance.random() < 0.55 and not self._escalate(case, owner):
            return
        if self.chance.random() < 0.2:
            self.do(case, "wait_for_other", owner, waiting_for="Woningcorporatie", **self._next_step())
            if not self.wait(5, 30):
                return
            self.do(case, "other_delivered", owner, came_in="Antwoord is er.", **self._next_step())
        legal_terms.end_all(self, terms, owner)
        if not self.wait(30, 200):
            return
        for track, worker in self.tracks:
            if self.chance.random() < REACHED:
                self.do(track, "reach", worker, result="Het loopt nu vanzelf.")
            else:
                self.do(track, "stop", worker, why="Dit bleek niet haalbaar.")
        plan.end(self.moment)
        self._finish(case, owner)

    def _begin_tracks(self, case: HouseholdCase, owner: ActingPerson) -> None:
        for domain in self.chance.sample(list(stories.TRACKS), self.chance.randint(1, 3)):
            members = people.holders(self.work.session, "best_person", case.team_id)
            worker = people.acting_person(self.work.session, self.chance.choice(members).id)
            assert worker is not None
            step = self._next_step(30)
            new = NewTrack(
                case.id,
                case.team_id,
                domain,
                stories.TRACKS[domain],
                step["next_step"],
                step["next_step_on"],
                worker.person_id,
            )
            with clock.standing_at(self.moment):
                self.tracks.append((begin_track(self.work.acting_as(owner), new, self.new_id()), worker))

    def _decide(self, case: HouseholdCase, owner: ActingPerson) -> None:
        if self.chance.random() < 0.4:
            cents = self.chance.randrange(2_000, 45_000, 500)
            self.do(
                case,
                "decide",
                owner,
                power="mini_budget",
                amount=cents,
                motivation="Eerste nood: eten en warmte.",
            )
        elif self.chance.random() < URGENT:
            cents = self.chance.randrange(20_000, 90_000, 2_500)
            why = "U kunt nu even niet zelf koken en wassen. Daarom krijgt u vier weken hulp thuis."
            self.do(case, "decide", owner, power="urgent_wmo_provision", amount=cents, motivation=why)

    def _request(self, case: HouseholdCase, owner: ActingPerson) -> bool:
        cents = round(self.chance.lognormvariate(11.6, 0.9))
        asked = AskedDecision(
            "tailored_budget", cents, "Om erger te voorkomen.", case.id, case.household_id, case.team_id
        )
        with clock.standing_at(self.moment):
            request = request_mandate(self.work.acting_as(owner), asked, self.new_id())
        if not self.wait(0.2, 6):
            return False
        decider = self._holder(self.house.mandate_ladder.rung(request.rung).function, case.team_id)
        if self.chance.random() < 0.12:
            self.do(request, "refuse", decider, answer="Dit kan uit een andere regeling.")
            return True
        step, given = "approve", {"answer": "Akkoord."}
        if self.chance.random() < AMENDED:
            less = f"{cents * 3 // 4 / 100:.2f}"
            step, given = "amend", {"decided_amount": less, "conditions": "Begin met het nodigste."}
        while not self.do(request, step, decider, **given):
            if not self.do(request, "pass_up", decider) or not self.wait(0.2, 5):
                return bool(self.moment < self.until)
            decider = self._holder(self.house.mandate_ladder.rung(request.rung).function, case.team_id)
        return self.wait(0.1, 4) and self.do(request, "carry_out", owner)

    def _escalate(self, case: HouseholdCase, owner: ActingPerson) -> bool:
        barrier = self.chance.choices(list(stories.ESCALATIONS), [40, 32, 22, 18, 18, 1, 0, 0, 0, 0])[0]
        new = NewEscalation(
            case.id,
            case.team_id,
            stories.ESCALATIONS[barrier],
            barrier,
            remedy=stories.REMEDY_OF[barrier],
            safety_at_stake=self.chance.random() < 0.08,
        )
        with clock.standing_at(self.moment):
            raised = escalate(self.work.acting_as(owner), new, escalation_id=self.new_id())
        age = self.until - self.moment
        waits = (
            FRESH if age < timedelta(days=FRESH_DAYS) else UNANSWERED if age < timedelta(days=UNANSWERED_DAYS) else 0
        )
        if self.chance.random() < waits:
            return self.wait(DAYS_BACK, DAYS_BACK)
        if not (self.wait(0.1, 0.9) if self.chance.random() < AT_ONCE else self.wait(1, 14)):
            return False
        if self.chance.random() < 0.15:
            self.do(raised, "pass_up", owner, why="Dit loopt vast.")
            if not self.wait(0.5, 10):
                return False
        if not self._answer(raised, case) or not self.wait(1, 12):
            return False
        if self.chance.random() < 0.15:
            self.do(raised, "ask_again", owner, why="Het helpt nog niet.")
            return self.wait(1, 8) and self._answer(raised, case) and self.wait(1, 6) and self._resolve(raised, owner)
        return self._resolve(raised, owner)

    def _answer(self, raised: Escalation, case: HouseholdCase) -> bool:
        holder = self._holder(self.house.ladder.rung(raised.rung).function, case.team_id)
        day = clock.local(self.moment).date() + timedelta(days=7)
        return self.do(
            raised,
            "answer",
            holder,
            answer=self.chance.choice(stories.ANSWERS),
            next_step="Uitvoeren wat is afgesproken",
            next_step_on=day,
        )

    def _resolve(self, raised: Escalation, owner: ActingPerson) -> bool:
        return self.do(raised, "resolve", owner, result="We konden verder.")

    def _holder(self, function: str, team_id: int) -> ActingPerson:
        found = people.holders(self.work.session, function, team_id)
        person = people.acting_person(self.work.session, self.chance.choice(found).id)
        assert person is not None
        return person

    def _finish(self, case: HouseholdCase, owner: ActingPerson) -> None:
        self.do(case, "evaluate", owner, how_it_goes="Het gaat de goede kant op.")
        if not self.wait(0.5, 8):
            return
        outcome, reason, words = self.chance.choices(stories.OUTCOMES, [10, 6, 3, 2])[0]
        extra = {"outcome_barrier": self.chance.choice(list(stories.ESCALATIONS))} if outcome != "achieved" else {}
        self.do(
            case,
            "finish",
            owner,
            outcome=outcome,
            outcome_reason=reason,
            outcome_words=words,
            **extra,
            **self._next_step(60),
        )
        if self.wait(60, 100):
            self.do(case, "close", owner, how_it_goes="Nog steeds goed.")

    def tell_signal(self) -> None:
        """One resident's signal, in one transaction."""
        with self.work.transaction():
            buurt = self.chance.choices(self.buurten, self.weights)[0]
            person, team_id = self._owner(buurt)
            self.subjects, self.tracks, self.case = [], [], None
            self.moment = self.until - timedelta(days=self.chance.uniform(0.2, DAYS_BACK))
            kind, words = self.chance.choice(stories.SIGNALS)
            with clock.standing_at(self.moment):
                new = NewSignal(kind, words, None, "via de balie", buurt.code, team_id)
                signal = record_signal(self.work.acting_as(person), new, self.new_id())
            if not self.wait(0.5, 6) or not self.do(signal, "take_up", person) or not self.wait(1, 30):
                return
            self.do(signal, "done", person, what_was_done="Besproken in het team en aangepast.")
            if self.wait(0.2, 2):
                day = clock.local(self.moment).date()
                self.do(
                    signal,
                    "tell_back",
                    person,
                    answer="Dit hebben we gedaan.",
                    told_how="phoned",
                    told_on=day,
                )


def seed_past(house: House, work: Work, count: int, seed: int, progress: Callable[[int], None]) -> None:
    """So many cases with all that belongs to them; `progress` hears of each one told."""
    maker = PastMaker(house, work, seed)
    for number in range(count):
        maker.tell_case()
        if maker.chance.random() < SIGNALS_PER_CASE:
            maker.tell_signal()
        work.session.expunge_all()
        progress(number + 1)
    tell_the_top(house, work, seed)
    tell_residents(house, work, seed)
    with work.transaction() as session:
        put_away_older(session, maker.until - timedelta(days=NEWS_DAYS))
