"""What can be asked about escalations."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.cases.queries import own_or_offered_ids
from wijkteam.engine.ladder import Ladder
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.standing import Standing
from wijkteam.people.acting import ActingPerson
from wijkteam.people.queries import Reach
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

ENDED = ("resolved", "withdrawn")


def find_escalation(session: Session, escalation_id: str) -> Escalation | None:
    """The escalation with that id, as it stands in the database now."""
    return session.get(Escalation, escalation_id, populate_existing=True)


def escalations_of_case(session: Session, case_id: str) -> list[Escalation]:
    """All escalations of a case, newest first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Escalation]:
    return select(Escalation).where(Escalation.case_id == case_id).order_by(Escalation.opened_at.desc())


def open_escalations_of_case(session: Session, case_id: str) -> list[Escalation]:
    """The escalations of a case that have not ended, oldest first."""
    rows = select(Escalation).where(Escalation.case_id == case_id, Escalation.state.not_in(ENDED))
    return list(session.scalars(rows.order_by(Escalation.opened_at, Escalation.id)))


def waiting_for(session: Session, person: ActingPerson, ladder: Ladder) -> list[Escalation]:
    """The escalations that this person can answer now, by the moment they must be answered.

    Also those on rungs where nobody can be reached today, where this person stands nearest.
    """
    places = session.execute(select(Escalation.rung, Escalation.team_id).where(Escalation.state == "asked").distinct())
    reach = Reach(session, {rung.function for rung in ladder.rungs})
    standings: dict[int, Standing] = {}
    mine = {
        (rung, team_id)
        for rung, team_id in places
        if standings.setdefault(team_id, Standing(session, ladder, team_id, reach)).may_answer(person, rung)
    }
    rows = select(Escalation).where(
        Escalation.state == "asked",
        among(Escalation.rung, {rung for rung, _ in mine}),
        among(Escalation.team_id, {team_id for _, team_id in mine}),
    )
    found = session.scalars(rows.order_by(Escalation.respond_by, Escalation.id))
    return [each for each in found if (each.rung, each.team_id) in mine]


def may_answer(session: Session, person: ActingPerson, escalation: Escalation, ladder: Ladder) -> bool:
    """Whether an open escalation lies before this person, or lay before on an earlier rung."""
    return bool(answers_as(session, person, escalation, ladder))


def answers_as(session: Session, person: ActingPerson, escalation: Escalation, ladder: Ladder) -> frozenset[str]:
    """The functions in which this person can answer an open escalation, or could on an earlier rung; empty for none."""
    if escalation.state in ENDED:
        return frozenset()
    reached = (ladder.rung(number).function for number in range(1, escalation.highest_rung + 1))
    held = frozenset(function for function in reached if person.holds(function, escalation.team_id))
    if held:
        return held
    standing = Standing(session, ladder, escalation.team_id)
    function = ladder.rung(standing.answering_rung(escalation.rung)).function
    return frozenset({function} if person.person_id in standing.who(function) else ())


def asked_back_of(session: Session, person_id: int) -> list[Escalation]:
    """The escalations in which something is asked back of who asked them, or of who has the open case."""
    return list(session.scalars(rows_asked_back(person_id).order_by(Escalation.state_since, Escalation.id)))


def asked_by(session: Session, person_id: int) -> list[Escalation]:
    """The open escalations that a person asked, oldest first."""
    return list(session.scalars(rows_asked_by(person_id).order_by(Escalation.opened_at)))


def rows_asked() -> Select[Any]:
    """The question for the escalations that wait for an answer."""
    return select(Escalation).where(Escalation.state == "asked")


def rows_asked_back(person_id: int) -> Select[Any]:
    """The question for the escalations in which this person is asked something back."""
    asked = (Escalation.asked_by == person_id) | Escalation.case_id.in_(own_or_offered_ids(person_id))
    return select(Escalation).where(Escalation.state == "asked_back", asked)


def rows_asked_by(person_id: int) -> Select[Any]:
    """The question for the open escalations that a person asked."""
    return select(Escalation).where(Escalation.asked_by == person_id, ~among(Escalation.state, ENDED))


def phase_of(escalations: Collection[Escalation], ladder: Ladder) -> int:
    """The phase of a case (AVE, 1 to 4): that of its highest open question, or 1 when nothing is open."""
    phases = [
        ladder.rung(each.rung).phase or 1 for each in escalations if each.state not in ENDED and each.kind == "question"
    ]
    return max(phases, default=1)
