"""What the track workflow may name: roles, guards and effects."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.people import queries as people
from wijkteam.people.words import team_lead_words
from wijkteam.tracks.model import Track

BEST_PERSON, TEAM_LEAD = fields("best_person"), fields("team_lead")
CaseOf = Callable[[Situation], Any]
"""The case that a track is part of."""
Named = Callable[[Session, str], list[int]]
"""Who is named as a reader of an extra-protected case; where that is kept is another room."""


class TrackRules:
    """The rules of a track within its case."""

    def __init__(self, case_of: CaseOf, named: Named) -> None:
        self.case_of = case_of
        self.named = named

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="track",
            roles={
                "case_worker": Role(
                    self.is_case_worker,
                    lambda situation: Reason(
                        "de eigenaar van de casus of een teamgenoot", "the owner of the case or a team member"
                    ),
                    Text(nl="eigenaar of teamgenoot", en="owner or team member"),
                    BEST_PERSON,
                ),
                "worker": Role(_is_worker, _worker_name, Text(nl="uitvoerder", en="worker"), BEST_PERSON),
                "owner": Role(
                    self.is_owner, self.owner_name, Text(nl="eigenaar van de casus", en="owner"), BEST_PERSON
                ),
                "team_lead": Role(_is_team_lead, _team_lead_names, Text(nl="teamleider", en="team lead"), TEAM_LEAD),
            },
            guards={"worker_can_work_cases": Guard(self.worker_can_work_cases, fields("worker"))},
            effects={
                "begin_track": Effect(_begin_track, fields("worker"), fields("life_domain", "goal")),
                "set_next_step": Effect(_set_next_step, needs=fields("next_step", "next_step_on")),
                "keep_waiting_for": Effect(_keep_waiting_for, needs=fields("waiting_for")),
                "clear_waiting_for": Effect(_clear_waiting_for),
                "change_worker": Effect(_change_worker, needs=fields("worker")),
                "end_track": Effect(_end_track, fields("result", "why")),
            },
            recipients={
                "worker": Recipients(lambda situation: [situation.subject.worker_id], role="worker"),
                "owner": Recipients(lambda situation: [self.owner_of_case(situation)], role="owner"),
                "former_worker": Recipients(_former_worker),
            },
            lists=lists,
            needed=fields("reached", "stopped"),
            ends=fields("reached", "stopped"),
            parent=self.case_of,
        )

    def owner_of_case(self, situation: Situation) -> int:
        """Who owns the case now."""
        owner: int = self.case_of(situation).owner_id
        return owner

    def is_owner(self, situation: Situation) -> bool:
        """Owns the case that the track is part of."""
        return bool(situation.actor.person_id == self.owner_of_case(situation))

    def owner_name(self, situation: Situation) -> str:
        """Name of who owns the case."""
        return people.name(situation.work.session, self.owner_of_case(situation))

    def is_case_worker(self, situation: Situation) -> bool:
        """Owner of the case, or a front-line professional of its team."""
        return self.is_owner(situation) or situation.actor.holds("best_person", situation.subject.team_id)

    def worker_can_work_cases(self, situation: Situation) -> Reason | None:
        """A front-line professional, who is a named reader where the case is extra protected."""
        track: Track = situation.subject
        number = situation.fields.get("worker")
        if number is not None:
            worker = people.acting_person(situation.work.session, number)
            if worker is None or "best_person" not in worker.functions:
                return Reason("Deze persoon kan geen spoor doen.", "This person cannot work on a track.")
        elif track.worker_id is None:
            number = situation.actor.person_id
        case = self.case_of(situation)
        if number is None or case is None or case.protected_why is None:
            return None
        if number in self.named(situation.work.session, case.id):
            return None
        who, owner = (people.name(situation.work.session, each) for each in (number, case.owner_id))
        return Reason(
            f"{who} leest deze afgeschermde casus niet. Laat {owner} eerst een lezer toevoegen.",
            f"{who} does not read this extra-protected case. Let {owner} add a reader first.",
        )


def _is_worker(situation: Situation) -> bool:
    return bool(situation.actor.person_id == situation.subject.worker_id)


def _worker_name(situation: Situation) -> str:
    return people.name(situation.work.session, situation.subject.worker_id)


def _is_team_lead(situation: Situation) -> bool:
    return bool(situation.actor.holds("team_lead", situation.subject.team_id))


def _team_lead_names(situation: Situation) -> str | Reason:
    return team_lead_words(situation.work.session, situation.subject.team_id)


def _begin_track(situation: Situation) -> None:
    track: Track = situation.subject
    track.life_domain = situation.fields["life_domain"]
    track.goal = situation.fields["goal"]
    track.worker_id = situation.fields.get("worker", situation.actor.person_id)


def _set_next_step(situation: Situation) -> None:
    track: Track = situation.subject
    track.next_step = situation.fields["next_step"]
    track.next_step_on = situation.fields["next_step_on"]


def _keep_waiting_for(situation: Situation) -> None:
    situation.subject.waiting_for = situation.fields["waiting_for"]


def _clear_waiting_for(situation: Situation) -> None:
    situation.subject.waiting_for = None


def _change_worker(situation: Situation) -> None:
    track: Track = situation.subject
    situation.work.remembered["former_worker", track.id] = track.worker_id
    track.worker_id = situation.fields["worker"]


def _former_worker(situation: Situation) -> list[int]:
    """Who handed the track on or lost it, when in its team: others may no longer read it."""
    former: int | None = situation.work.remembered.get(("former_worker", situation.subject.id))
    person = people.acting_person(situation.work.session, former) if former is not None else None
    return [person.person_id] if person is not None and situation.subject.team_id in person.team_ids else []


def _end_track(situation: Situation) -> None:
    track: Track = situation.subject
    track.result = situation.fields.get("result") or situation.fields.get("why")
    track.ended_at = situation.at
