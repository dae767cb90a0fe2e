"""The load of each person of a team, counted from what the reader may read and weighed by the rule."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from wijkteam.caseload.rules import CaseloadRule
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.queries import ENDED as ANSWERED
from wijkteam.people import queries as people
from wijkteam.people.model import Absence, Person
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.queries import ENDED as TOLD
from wijkteam.storage.among import among
from wijkteam.terms import clock
from wijkteam.tracks.model import Track


@dataclass
class Load:
    """What one person has in hand: cases by state, tracks in cases of others, signals, and what all that weighs."""

    person: Person
    away_until: date | None = None
    is_away: bool = False
    states: Counter[str] = field(default_factory=Counter)
    tracks: int = 0
    signals: int = 0
    late: int = 0
    """Cases and tracks whose next step should have been taken before today."""
    weight: float = 0.0

    @property
    def cases(self) -> int:
        """How many open cases."""
        return self.states.total()


def loads(session: Session, rule: CaseloadRule, team_ids: Collection[int]) -> dict[int, list[Load]]:
    """The loads of everybody in each of these teams, by name; a handful of questions however many there are."""
    members = {team: people.team_members(session, team) for team in sorted(team_ids)}
    today = clock.today()
    away = {
        each.person_id: each
        for each in session.scalars(select(Absence).where(Absence.first_day <= today))
        if each.last_day is None or each.last_day >= today
    }
    found = {each.id: Load(each) for those in members.values() for each in those}
    for number, load in found.items():
        load.is_away = number in away
        load.away_until = away[number].last_day if number in away else None
    _count_cases(session, rule, found, today)
    _count_tracks(session, rule, found, today)
    _count_signals(session, rule, found)
    return {team: [found[each.id] for each in those] for team, those in members.items()}


def _count_cases(session: Session, rule: CaseloadRule, found: dict[int, Load], today: date) -> None:
    case = HouseholdCase
    mine = among(case.owner_id, found), case.state != CLOSED
    rows = session.execute(select(case.id, case.owner_id, case.state, case.next_step_on).where(*mine)).all()
    tracks = _per_case(session, select(Track.case_id, func.count()).where(Track.ended_at.is_(None)), Track.case_id)
    open_ones = select(Escalation.case_id, func.count()).where(Escalation.state.not_in(ANSWERED))
    asked = _per_case(session, open_ones, Escalation.case_id)
    danger = _per_case(session, open_ones.where(Escalation.safety_at_stake), Escalation.case_id)
    for case_id, owner, state, next_step_on in rows:
        load = found[owner]
        load.states[state] += 1
        load.late += next_step_on < today
        load.weight += rule.of_state(state)
        load.weight += rule.open_track_in_case * tracks.get(case_id, 0) + rule.open_escalation * asked.get(case_id, 0)
        load.weight += rule.safety_at_stake * bool(danger.get(case_id, 0))


def _per_case(session: Session, rows: Select[str, int], case_id: InstrumentedAttribute[str]) -> dict[str, int]:
    return {case: count for case, count in session.execute(rows.group_by(case_id))}


def _count_tracks(session: Session, rule: CaseloadRule, found: dict[int, Load], today: date) -> None:
    """Tracks in the cases of others; in one's own they are part of the case."""
    rows = (
        select(Track.worker_id, Track.next_step_on)
        .join(HouseholdCase, HouseholdCase.id == Track.case_id)
        .where(Track.ended_at.is_(None), among(Track.worker_id, found), HouseholdCase.owner_id != Track.worker_id)
    )
    for worker, next_step_on in session.execute(rows):
        found[worker].tracks += 1
        found[worker].late += next_step_on < today
        found[worker].weight += rule.own_track


def _count_signals(session: Session, rule: CaseloadRule, found: dict[int, Load]) -> None:
    of = ResidentSignal.handler_id
    rows = select(of, func.count()).where(among(of, found), ResidentSignal.state.not_in(TOLD)).group_by(of)
    for handler, count in session.execute(rows):
        if handler is not None:
            found[handler].signals = count
            found[handler].weight += rule.signal * count
