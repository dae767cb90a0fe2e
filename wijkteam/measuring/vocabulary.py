"""What the workflow of a measurement may name: roles, guards and effects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wijkteam.cases.case_worker import case_worker
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Situation, Vocabulary, fields
from wijkteam.measuring.model import Measurement
from wijkteam.terms import clock

NEW_ONE = "new_measurement"
"""Under this name and the id of a measurement a unit of work remembers which one takes its place."""


@dataclass(frozen=True)
class MeasuringTies:
    """What a measurement needs to know of the case that it is part of."""

    case_of: Callable[[Situation], Any]
    works_on: Callable[[Situation], bool]
    is_of_household: Callable[[Situation], bool]
    """Whether the resident who was measured lives in the household of the case."""


def vocabulary(ties: MeasuringTies) -> Vocabulary:
    """All names for the workflow."""
    return Vocabulary(
        subject="measurement",
        roles={"case_worker": case_worker(ties.works_on)},
        guards={
            "day_has_come": Guard(_day_has_come, fields("taken_on")),
            "is_of_household": Guard(lambda situation: _is_of_household(situation, ties)),
            "new_one_is_there": Guard(_new_one_is_there),
        },
        effects={
            "keep_measurement": Effect(_keep_measurement, fields("note"), fields("taken_on")),
            "end_measurement": Effect(_end_measurement),
        },
        recipients={"owner": Recipients(lambda situation: [ties.case_of(situation).owner_id])},
        needed=fields("stands", "replaced", "withdrawn", "replace"),
        parent=ties.case_of,
    )


def _day_has_come(situation: Situation) -> Reason | None:
    day = situation.fields.get("taken_on")
    if day is None or day <= clock.today():
        return None
    return Reason("Deze dag moet nog komen.", "This day has yet to come.")


def _is_of_household(situation: Situation, ties: MeasuringTies) -> Reason | None:
    if situation.subject.resident_id is None or ties.is_of_household(situation):
        return None
    return Reason("Deze bewoner hoort niet bij het huishouden.", "This resident is not of the household.")


def _new_one_is_there(situation: Situation) -> Reason | None:
    if (NEW_ONE, situation.subject.id) in situation.work.remembered:
        return None
    return Reason("Vul eerst de nieuwe meting in.", "Fill in the new measurement first.")


def _keep_measurement(situation: Situation) -> None:
    measurement: Measurement = situation.subject
    measurement.taken_on = situation.fields["taken_on"]
    measurement.note = situation.fields.get("note")
    measurement.measured_by = situation.actor.person_id


def _end_measurement(situation: Situation) -> None:
    situation.subject.ended_at = situation.at
