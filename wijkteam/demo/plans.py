"""Plans and measurements in the made-up past: some households wrote goals, and were measured at start and end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import Refused
from wijkteam.measuring.instrument import Instruments
from wijkteam.measuring.service import NewMeasurement, take_measurement
from wijkteam.people.acting import ActingPerson
from wijkteam.plans.model import Goal
from wijkteam.plans.service import (
    NewAgreement,
    NewApproach,
    NewConsent,
    NewGoal,
    NewLine,
    add_line,
    agree_on,
    record_consent,
    set_goal,
    try_approach,
)
from wijkteam.storage.subject import ALPHABET, ID_LENGTH
from wijkteam.storage.work import Work
from wijkteam.terms import clock

WITH_GOALS = 0.45
"""The share of households with goals of their own: enough to look at, few enough to keep seeding quick."""
GOALS = {
    "finance": (
        "Wij willen weer rondkomen.",
        "Alle post is open en er komt geen deurwaarder.",
        "Opent de post",
        "Moeder",
    ),
    "housing": (
        "Wij willen hier blijven wonen.",
        "De huur is drie maanden op tijd betaald.",
        "Belt de verhuurder",
        "Vader",
    ),
    "mental_health": (
        "Ik wil weer kunnen slapen.",
        "Ik slaap vijf nachten door.",
        "Maakt een afspraak bij de huisarts",
        "Jo",
    ),
    "social_network": (
        "Ik wil mensen om mij heen.",
        "Er komt elke week iemand langs.",
        "Gaat mee naar het buurthuis",
        "De buurvrouw",
    ),
}
STRENGTHS = ("Zij vragen zelf om hulp.", "Oma past elke woensdag op.", "De kinderen gaan graag naar school.")
WORRIES = (
    ("De post gaat niet open.", "household"),
    ("Er is weinig slaap.", "household"),
    ("De kinderen horen ruzie.", "professional"),
    ("Zij komen weinig buiten.", "network"),
)
APPROACHES = ("home_visits", "money_coach")
INGREDIENTS = ("trust", "at_home")
TRIED = 0.9
"""The share of households with goals of which was written down what was tried."""
HELPED = 0.6
ENDS = (
    ("achieve", {"own_answer": "good", "own_words": "Het lukt ons zelf."}),
    ("achieve_partly", {"because": "Een deel is geregeld.", "own_answer": "fair"}),
    ("not_achieve", {"because": "Er was geen plek.", "own_answer": "bad", "own_words": "Het duurde te lang."}),
)


@dataclass
class PlanMaker:
    """The plan of one case in the past, by a chance of its own: the same case has the same plan."""

    work: Work
    instruments: Instruments
    case: HouseholdCase
    owner: ActingPerson
    goals: list[Goal] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(f"plan-{self.case.id}")
        self.there = self.chance.random() < WITH_GOALS

    def _new_id(self) -> str:
        return "".join(self.chance.choice(ALPHABET) for _ in range(ID_LENGTH))

    def _of_case(self) -> dict[str, Any]:
        return {"case_id": self.case.id, "team_id": self.case.team_id}

    def write(self, moment: datetime) -> None:
        """Goals with an agreement each, what goes well and what does not, who agreed, and the start measurement."""
        if not self.there:
            return
        mine, here = self.work.acting_as(self.owner), self._of_case()
        with clock.standing_at(moment):
            day = clock.today() + timedelta(days=self.chance.randint(3, 20))
            for domain in self.chance.sample(sorted(GOALS), self.chance.randint(1, 2)):
                words, reached_when, what, who = GOALS[domain]
                goal = set_goal(
                    mine, NewGoal(**here, words=words, life_domain=domain, reached_when=reached_when), self._new_id()
                )
                agree_on(mine, NewAgreement(**here, what=what, who=who, by_day=day, goal_id=goal.id), self._new_id())
                self.goals.append(goal)
            strength = self.chance.choice(STRENGTHS)
            add_line(mine, NewLine(**here, kind="strength", line=strength, said_by="household"), self._new_id())
            line, said_by = self.chance.choice(WORRIES)
            add_line(mine, NewLine(**here, kind="worry", line=line, said_by=said_by), self._new_id())
            how = self.chance.choice(("signed", "said"))
            new = NewConsent(**here, covers="plan", who="Moeder", answer="agreed", how=how, on_day=clock.today())
            record_consent(mine, new, self._new_id())
        self.scores = self._measure(moment, {})

    def end(self, moment: datetime) -> None:
        """How each goal ended, and the end measurement."""
        if not self.there:
            return
        for goal in self.goals:
            step, fields = self.chance.choices(ENDS, [6, 3, 2])[0]
            with clock.standing_at(moment):
                try:
                    self.work.acting_as(self.owner).fire(goal, step, dict(fields))
                except Refused:
                    return
        if self.chance.random() < TRIED:
            self._tried(moment)
        self._measure(moment, self.scores)

    def _tried(self, moment: datetime) -> None:
        """What was tried, and whether it helped."""
        mine = self.work.acting_as(self.owner)
        with clock.standing_at(moment):
            approach = try_approach(
                mine, NewApproach(**self._of_case(), kind=self.chance.choice(APPROACHES)), self._new_id()
            )
            helped = self.chance.random() < HELPED
            said = {"result": "helped", "ingredient": self.chance.choice(INGREDIENTS)}
            if not helped:
                said = {"result": "not_helped"}
            mine.fire(approach, "continue" if helped else "stop", said)

    def _measure(self, moment: datetime, before: dict[str, int]) -> dict[str, int]:
        """Scores by chance; a second time most are the same or one better."""
        with clock.standing_at(moment):
            instrument = self.instruments.in_force("zrm")
            if instrument is None:
                return {}
            scores = {
                domain: min(5, before[domain] + self.chance.choices((-1, 0, 1), (1, 6, 5))[0]) or 1
                if domain in before
                else self.chance.randint(2, 5)
                for domain in instrument.domains
            }
            new = NewMeasurement(**self._of_case(), instrument="zrm", taken_on=clock.today(), scores=scores)
            take_measurement(self.work.acting_as(self.owner), self.instruments, new, self._new_id())
            return scores
