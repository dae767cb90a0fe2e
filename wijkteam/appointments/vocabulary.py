"""What the workflow of appointments may name: roles, guards, effects and its term."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from wijkteam.appointments.model import Appointment
from wijkteam.appointments.times import NoSuchTime, moment_of
from wijkteam.cases.case_worker import case_worker
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.terms.term import Until

LENGTHS = {"half_hour": 30, "one_hour": 60, "hour_and_half": 90, "two_hours": 120}
"""In minutes, by what is chosen."""
USUAL = 60
"""Minutes that an appointment lasts when nobody says."""
AGAIN = timedelta(days=5)
"""After how long somebody is asked again how it went."""
WHEN = fields("on_day", "at_time")
CaseOf = Callable[[Situation], Any]
"""The case that the appointment is part of."""
WorksOn = Callable[[Situation, int], bool]
"""Whether the person with that number works on the case."""


class AppointmentRules:
    """The rules of an appointment within its case."""

    def __init__(self, case_of: CaseOf, works_on: WorksOn) -> None:
        self.case_of = case_of
        self.works_on = works_on

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="appointment",
            roles={
                "case_worker": case_worker(self._actor_works_on, fields("best_person", "team_lead")),
                "goer": Role(
                    lambda situation: bool(situation.actor.person_id == situation.subject.goer_id),
                    lambda situation: people.name(situation.work.session, situation.subject.goer_id),
                    Text(nl="wie gaat", en="who goes"),
                    fields("best_person", "team_lead"),
                ),
            },
            guards={
                "time_is_there": Guard(_time_is_there, WHEN),
                "goer_works_on_case": Guard(self.goer_works_on_case, fields("goer")),
                "has_begun": Guard(_has_begun),
            },
            effects={
                "plan": Effect(
                    _plan, fields("lasts", "with_whom", "place", "goer"), fields("what_for", "on_day", "at_time")
                ),
                "move": Effect(_move, fields("lasts", "place"), WHEN),
                "end": Effect(_end, fields("how_it_went", "why")),
            },
            terms={"appointment_over": _over},
            recipients={
                "goer": Recipients(lambda situation: [situation.subject.goer_id], role="goer"),
                "owner": Recipients(lambda situation: [self.case_of(situation).owner_id]),
            },
            needed=fields("planned", "kept", "missed", "cancelled", "move", "keep", "miss", "cancel"),
            ends=fields("kept", "missed", "cancelled"),
            parent=self.case_of,
        )

    def _actor_works_on(self, situation: Situation) -> bool:
        number = situation.actor.person_id
        return number is not None and self.works_on(situation, number)

    def goer_works_on_case(self, situation: Situation) -> Reason | None:
        """Whoever goes reads the case, for the appointment is part of it."""
        goer = situation.fields.get("goer")
        if goer is None or self.works_on(situation, goer):
            return None
        return Reason("Deze persoon werkt niet aan de casus.", "This person does not work on the case.")


def _time_is_there(situation: Situation) -> Reason | None:
    if not situation.fields.keys() >= WHEN:
        return None
    try:
        moment = moment_of(situation.fields["on_day"], situation.fields["at_time"])
    except NoSuchTime as wrong:
        return wrong.reason
    if moment < clock.now() - timedelta(hours=12):
        return Reason("Dit moment is al voorbij.", "This moment has passed already.")
    return None


def _has_begun(situation: Situation) -> Reason | None:
    if situation.subject.starts_at <= situation.at:
        return None
    return Reason("De afspraak is nog niet geweest.", "The appointment has not been yet.")


def _plan(situation: Situation) -> None:
    appointment: Appointment = situation.subject
    appointment.goer_id = situation.fields.get("goer", situation.actor.person_id)
    appointment.what_for = situation.fields["what_for"]
    appointment.with_whom = situation.fields.get("with_whom")
    appointment.place = situation.fields.get("place")
    appointment.minutes = LENGTHS.get(situation.fields.get("lasts", ""), USUAL)
    appointment.starts_at = moment_of(situation.fields["on_day"], situation.fields["at_time"])


def _move(situation: Situation) -> None:
    appointment: Appointment = situation.subject
    appointment.starts_at = moment_of(situation.fields["on_day"], situation.fields["at_time"])
    appointment.minutes = LENGTHS.get(situation.fields.get("lasts", ""), appointment.minutes)
    appointment.place = situation.fields.get("place", appointment.place)


def _end(situation: Situation) -> None:
    appointment: Appointment = situation.subject
    appointment.result = situation.fields.get("how_it_went") or situation.fields.get("why")
    appointment.ended_at = situation.at


def _over(appointment: Appointment, at: datetime) -> Until:
    """When somebody is asked how it went: as it ends, and some days after each time that this was asked in vain."""
    ends = appointment.starts_at + timedelta(minutes=appointment.minutes)
    return Until(ends if ends > at else at + AGAIN)
