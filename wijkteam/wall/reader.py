"""Who reads, as values: everything about a person and today that does not depend on the rows that are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.access.grounds import Grounds, teams_by
from wijkteam.data_requests.queries import handles
from wijkteam.engine.ladder import Ladder
from wijkteam.escalation.standing import Standing
from wijkteam.objections.queries import OFFICER
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.signals.queries import OFFICER as COMPLAINT_OFFICER
from wijkteam.terms import clock
from wijkteam.wall.other_grounds import LOOKED_UP, other_grounds

NEVER = 9_999
"""A rung that no ladder has: climbing to it never happens."""
PAYER = "payer"


@dataclass(frozen=True)
class Reader:
    """A person with the values that the criteria and the policies ask for, by name.

    Lists of places on a ladder are written team/rung. What depends on how a ladder is staffed today cannot be said
    sanely in SQL, and so it is computed once, from people and functions only.
    """

    person_id: int
    values: dict[str, Any]


def _nobody() -> Reader:
    """Who is not signed in: reads what is open, and nothing else."""
    lists = ("teams", "all_teams", "answers", "case_answers", "pay_teams", "handle_teams", *LOOKED_UP)
    places = ("climb_places", "case_climb_places", "mandate_places", "case_mandate_places")
    rungs = ("climb_from", "case_climb_from", "mandate_from", "case_mandate_from")
    values: dict[str, Any] = {"me": 0, "kept": "%", "today": date.min, "now": datetime.min.replace(tzinfo=UTC)}
    values |= {name: [] for name in (*lists, *places)} | dict.fromkeys(rungs, NEVER)
    answers = dict.fromkeys(("on_ladder", "pays_all", "handles_all", "judges", "oversees", "complaints"), False)
    return Reader(0, values | answers)


NOBODY = _nobody()


def reader_of(session: Session, grounds: Grounds, person: ActingPerson) -> Reader:
    """The acting person as a reader, now. `session` is one that sees everything."""
    without = grounds.rules.answers_without_case
    climbs, decides = grounds.escalation_ladder, grounds.mandate_ladder
    answers = _answers(session, climbs, person)
    officer, payer = _held(person, OFFICER), _held(person, PAYER)
    values: dict[str, Any] = {
        "me": person.person_id,
        "kept": f"%,{person.person_id},%",
        "today": clock.today(),
        "now": clock.now(),
        "teams": sorted(teams_by(person, grounds.rules.reads_by_team)),
        "all_teams": sorted(person.team_ids),
        "on_ladder": bool({rung.function for rung in climbs.rungs} & person.functions),
        "answers": sorted(place for place, _function in answers),
        "case_answers": sorted(place for place, function in answers if function not in without),
        "pays_all": None in payer,
        "pay_teams": _teams(payer),
        "handles_all": None in officer,
        "handle_teams": _teams(officer),
        "oversees": handles(person),
        "complaints": COMPLAINT_OFFICER in person.functions,
        "judges": grounds.decides_on_objections(session, person),
    }
    for name, ladder in (("climb", climbs), ("mandate", decides)):
        for case, but in (("", frozenset[str]()), ("case_", without)):
            lowest, places = _reached(ladder, person, but)
            values |= {f"{case}{name}_from": lowest, f"{case}{name}_places": places}
    values |= other_grounds(session, values, NEVER)
    return Reader(person.person_id, values)


def _held(person: ActingPerson, function: str) -> set[int | None]:
    return {each.team_id for each in person.holdings if each.function == function}


def _teams(held: Iterable[int | None]) -> list[int]:
    return sorted(each for each in held if each is not None)


def _reached(ladder: Ladder, person: ActingPerson, but: Collection[str]) -> tuple[int, list[str]]:
    """From which rung on everything lies or lay before this person; and so for single teams, as places."""
    lowest, places = NEVER, set[str]()
    for rung in ladder.rungs:
        held = _held(person, rung.function) if rung.function not in but else set()
        if None in held:
            lowest = min(lowest, rung.number)
        places |= {f"{team}/{each.number}" for team in _teams(held) for each in ladder.rungs[rung.number - 1 :]}
    return lowest, sorted(places)


def _answers(session: Session, ladder: Ladder, person: ActingPerson) -> list[tuple[str, str]]:
    """The places whose questions this person answers today, with the function in which they do.

    Nearly always the function of the rung itself; of another one where nobody can be reached on that rung.
    """
    functions = {rung.function for rung in ladder.rungs}
    held = {each.team_id for each in person.holdings if each.function in functions}
    if not held:
        return []
    teams = [team.id for team in people.teams(session)] if None in held else _teams(held)
    reach = people.Reach(session, functions)
    found = []
    for team in teams:
        standing = Standing(session, ladder, team, reach)
        for rung in ladder.rungs:
            answering = ladder.rung(standing.answering_rung(rung.number)).function
            if person.person_id in standing.who(answering):
                found.append((f"{team}/{rung.number}", answering))
    return found
