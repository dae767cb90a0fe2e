"""Colleagues who agree with a request: who, when, and whether that still counts."""

from dataclasses import dataclass
from datetime import datetime

from wijkteam.engine.vocabulary import Situation
from wijkteam.mandate import queries
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.verdict import agreed_in_time
from wijkteam.terms.term import read_duration


@dataclass(frozen=True)
class Agreement:
    """One colleague's agreement, at a moment (UTC)."""

    person_id: int
    at: datetime


def agreements(request: MandateRequest) -> list[Agreement]:
    """Who agreed with a request, in order; whoever agreed twice stands there with the last time only."""
    found: dict[int, Agreement] = {}
    for written in filter(None, request.agreed_by.split(",")):
        person, _, moment = written.partition("@")
        found.pop(int(person), None)
        found[int(person)] = Agreement(int(person), datetime.fromisoformat(moment))
    return list(found.values())


def moments_for(request: MandateRequest, person_id: int | None) -> tuple[datetime, ...]:
    """When others than this person agreed: nobody is their own second pair of eyes."""
    return tuple(each.at for each in agreements(request) if each.person_id != person_id)


def may_agree(situation: Situation) -> bool:
    """A colleague in the team, never the requester, who did not agree yet or so long ago that it no longer counts."""
    request, person = situation.subject, situation.actor
    if asked_it(request, person.person_id) or request.team_id not in person.team_ids:
        return False
    before = next((each for each in agreements(request) if each.person_id == person.person_id), None)
    return before is None or not agreed_in_time([before.at], _shortest_term(situation), situation.at)


def asked_it(request: MandateRequest, person_id: int | None) -> bool:
    """Whether somebody asked this, now or before it was handed over: then it is never theirs to decide."""
    return person_id == request.requester_id or person_id in former_requesters(request)


def former_requesters(request: MandateRequest) -> frozenset[int]:
    """The numbers of who asked this before it was handed over."""
    return frozenset(int(each) for each in (request.former_requesters or "").split(",") if each)


def count_agreement(situation: Situation) -> None:
    """Write down that the acting person agrees now; an agreement of before makes place."""
    request, person = situation.subject, situation.actor.person_id
    kept = [each for each in agreements(request) if each.person_id != person]
    request.agreed_by = ",".join(
        f"{each.person_id}@{each.at.isoformat()}" for each in [*kept, Agreement(person, situation.at)]
    )


def _shortest_term(situation: Situation) -> str | None:
    """The shortest time within which colleagues have to agree, of all rows for this power; None where none says so."""
    terms = [row.quorum_within for row in queries.register(situation.work.session, situation.subject.power)]
    known = [each for each in terms if each is not None]
    return min(known, key=lambda each: tuple(vars(read_duration(each)).values()), default=None)
