"""What can be asked about plans."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.storage.asking import written_once

Kept = TypeVar("Kept", Goal, PlanLine, Agreement, PlanConsent, Approach)
STRENGTH, WORRY = "strength", "worry"
ACHIEVED, PARTLY, NOT_ACHIEVED, DROPPED = "achieved", "partly", "not_achieved", "dropped"


@dataclass(frozen=True)
class Plan:
    """Everything in the plan of one case, also what has ended."""

    goals: list[Goal] = field(default_factory=list)
    lines: list[PlanLine] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    consents: list[PlanConsent] = field(default_factory=list)
    approaches: list[Approach] = field(default_factory=list)

    def of_goal(self, goal_id: str) -> list[Agreement]:
        """What was agreed on for one goal."""
        return [each for each in self.agreements if each.goal_id == goal_id]

    @property
    def safety(self) -> list[Agreement]:
        """What was agreed on to keep somebody safe."""
        return [each for each in self.agreements if each.goal_id is None]

    def standing(self, kind: str) -> list[PlanLine]:
        """The strengths or the worries that still hold."""
        return [each for each in self.lines if each.kind == kind and each.ended_at is None]


def find_goal(session: Session, goal_id: str) -> Goal | None:
    """The goal with that id, as it stands in the database now."""
    return session.get(Goal, goal_id, populate_existing=True)


def plan_of_case(session: Session, case_id: str) -> Plan:
    """The whole plan of a case; what still runs comes first."""
    return Plan(
        _rows(session, Goal, case_id),
        _rows(session, PlanLine, case_id),
        _rows(session, Agreement, case_id),
        _rows(session, PlanConsent, case_id),
        _rows(session, Approach, case_id),
    )


def _rows(session: Session, model: type[Kept], case_id: str) -> list[Kept]:
    return list(session.scalars(*_of_case(case_id, model=model)))


@written_once
def _of_case(case_id: str, *, model: type[Any]) -> Select[Any]:
    rows = select(model).where(model.case_id == case_id)
    return rows.order_by(model.ended_at.is_not(None), model.opened_at, model.id)


def of_case(session: Session, model: type[Kept], case_id: str, subject_id: str) -> Kept | None:
    """One line, agreement or consent of that case; None when it belongs to another one or to none."""
    found = session.get(model, subject_id, populate_existing=True)
    return found if found is not None and found.case_id == case_id else None


@dataclass(frozen=True)
class Outcome:
    """What the goals of a case suggest for its outcome; a person says what it was."""

    code: str
    counted: dict[str, int]
    """How many goals ended in each way, those that were dropped left out; `open` for those that still run."""
    because: str


def suggested_outcome(goals: Sequence[Goal]) -> Outcome | None:
    """All reached is achieved, none is not achieved, everything between is partly; None without goals that count.

    A goal that nobody judged counts as not reached, and what was dropped does not count.
    """
    counting = [each for each in goals if each.state != DROPPED]
    if not counting:
        return None
    counted = {code: sum(each.state == code for each in counting) for code in (ACHIEVED, PARTLY, NOT_ACHIEVED, "open")}
    if counted[ACHIEVED] == len(counting):
        code = ACHIEVED
    elif counted[ACHIEVED] + counted[PARTLY] == 0:
        code = NOT_ACHIEVED
    else:
        code = PARTLY
    reasons = dict.fromkeys(each.because for each in counting if each.because)
    return Outcome(code, {name: number for name, number in counted.items() if number}, "\n".join(reasons))
