"""The plan on paper for the family: which facts of the case go on it, and which never do.

It lies on a kitchen table, where everybody in the house can read it. So of the case itself only what the household asks
and what goes well is told; no requests, escalations, notes or decisions; of the worries only what the household or its
own people said; and the safety agreements only where who prints it asks for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.definition import Text
from wijkteam.people import queries as people
from wijkteam.plans.model import Agreement, Goal
from wijkteam.plans.queries import DROPPED, STRENGTH, WORRY, Plan, plan_of_case
from wijkteam.terms import clock
from wijkteam.tracks.queries import tracks_of_case

Language = Literal["nl", "en"]
TEMPLATE = "our_plan.typ"
OF_PROFESSIONALS = "professional"


@dataclass(frozen=True)
class Printed:
    """How the plan is printed, and by whom it is asked: the municipality's name and the words for codes."""

    municipality: str
    title_of: Callable[[str, str], Text | None]
    """The title of a code: `title_of("life_domains", "finance")`, `title_of("goal", "achieved")` for a state."""
    language: Language = "nl"
    with_safety: bool = False
    appointment: tuple[date, str] | None = None
    """When the next appointment is and what it is; None where there is none."""

    def words(self, kind: str, code: str) -> str:
        """What a code is called in the chosen language; the code itself where nothing calls it."""
        found = self.title_of(kind, code)
        return getattr(found, self.language) if found is not None else code


def our_plan(session: Session, case: HouseholdCase, printed: Printed) -> dict[str, Any]:
    """The facts for the template; dates in ISO 8601."""
    plan = plan_of_case(session, case.id)
    goals = [each for each in plan.goals if each.state != DROPPED]
    appointment = printed.appointment
    return {
        "language": printed.language,
        "municipality": printed.municipality,
        "date": clock.today().isoformat(),
        "household": cases.household(session, case.household_id).who_or_where,
        "question": case.question or "",
        "strengths": [*_lines(case.strengths), *(each.line for each in plan.standing(STRENGTH))],
        "worries": [each.line for each in plan.standing(WORRY) if each.said_by != OF_PROFESSIONALS],
        "goals": [_goal(each, plan, printed) for each in goals],
        "safety": [_agreement(each) for each in _open(plan.safety)] if printed.with_safety else [],
        "helpers": _helpers(session, case, goals, printed),
        "appointment": {"on": appointment[0].isoformat(), "what": appointment[1]} if appointment else None,
        "contact": {"name": people.name(session, case.owner_id), "team": people.team_name(session, case.team_id)},
    }


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _open(agreements: list[Agreement]) -> list[Agreement]:
    return [each for each in agreements if each.ended_at is None]


def _goal(goal: Goal, plan: Plan, printed: Printed) -> dict[str, Any]:
    return {
        "domain": printed.words("life_domains", goal.life_domain),
        "words": goal.words,
        "reached_when": goal.reached_when or "",
        "state": "" if goal.ended_at is None else printed.words("goal", goal.state),
        "agreements": [_agreement(each) for each in _open(plan.of_goal(goal.id))],
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "what": agreement.what,
        "who": agreement.who,
        "by_day": agreement.by_day.isoformat() if agreement.by_day else "",
    }


def _helpers(session: Session, case: HouseholdCase, goals: list[Goal], printed: Printed) -> list[dict[str, str]]:
    """Who works on a goal of the plan now, each with the life domain; the owner stands apart, as the one to call."""
    carried = {goal.track_id for goal in goals}
    return [
        {"name": people.name(session, each.worker_id), "about": printed.words("life_domains", each.life_domain)}
        for each in tracks_of_case(session, case.id)
        if each.id in carried and each.ended_at is None
    ]
