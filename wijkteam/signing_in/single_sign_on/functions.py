"""Functions that follow the provider's claims: given when a claim comes, ended when it goes."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.people import queries as people
from wijkteam.people.model import HeldFunction, Person, Team
from wijkteam.people.service import WrongPerson, give_function, withdraw_function
from wijkteam.signing_in.single_sign_on.mapping import ClaimsFile, Mapped, given_by, only_from_there
from wijkteam.signing_in.single_sign_on.model import ProviderGrant, ProviderIdentity
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn
from wijkteam.storage.settings import WrongSettings
from wijkteam.storage.work import Work
from wijkteam.terms import clock

log = structlog.get_logger()


def check_mapping(work: Work, own: SingleSignOn | None) -> None:
    """Every function and team that the mapping names is there. Raises WrongSettings for the first that is not."""
    functions = people.functions(work.session)
    teams = {team.name for team in people.teams(work.session)}
    for row in own.claims.mappings if own else []:
        if row.function not in functions:
            raise WrongSettings(f"WIJKTEAM_OIDC_CLAIMS: '{row.value}' gives a function that is not: '{row.function}'")
        if row.team is not None and row.team not in teams:
            raise WrongSettings(f"WIJKTEAM_OIDC_CLAIMS: '{row.value}' gives a function in no team: '{row.team}'")


def follow_claims(
    work: Work, identity: ProviderIdentity, person: Person, claims: Mapping[str, Any], file: ClaimsFile | None
) -> None:
    """Let a person hold exactly those functions by the provider that the claims give now; with no file none at all.

    What was given by hand stays, unless the file says that the function comes from the provider only. What goes, goes
    at once, not at the end of the day.
    """
    with work.transaction() as session:
        teams = {team.name: team for team in people.teams(session)}
        wanted = given_by(claims, file) if file else frozenset()
        _end_what_went(work, session, identity, wanted, {team.id: name for name, team in teams.items()})
        _end_what_nobody_gives(work, session, person, only_from_there(file) - wanted if file else frozenset(), teams)
        for each in sorted(wanted, key=lambda one: (one.function, one.team or "")):
            _give(work, session, identity, person, each, teams)


def _end_what_went(
    work: Work, session: Session, identity: ProviderIdentity, wanted: frozenset[Mapped], names: Mapping[int, str]
) -> None:
    held = select(ProviderGrant).where(ProviderGrant.identity_id == identity.id, ProviderGrant.ended_at.is_(None))
    for grant in session.scalars(held).all():
        team = names.get(grant.team_id) if grant.team_id is not None else None
        still = grant.held_function_id is not None and _in_force(session.get(HeldFunction, grant.held_function_id))
        if still and Mapped(grant.function, team) in wanted:
            continue
        held_id, grant.held_function_id, grant.ended_at = grant.held_function_id, None, clock.now()
        session.flush()
        if held_id is not None and still and withdraw_function(work, held_id) is not None:
            grant.held_function_id = held_id


def _end_what_nobody_gives(
    work: Work, session: Session, person: Person, gone: frozenset[Mapped], teams: Mapping[str, Team]
) -> None:
    for held in people.held_by(session, person.id):
        if _in_force(held) and any(_is(held, each, teams) for each in gone):
            withdraw_function(work, held.id)


def _give(
    work: Work,
    session: Session,
    identity: ProviderIdentity,
    person: Person,
    mapped: Mapped,
    teams: Mapping[str, Team],
) -> None:
    if mapped.team is not None and mapped.team not in teams:
        log.warning("single_sign_on.unknown_team", team=mapped.team)
        return
    session.flush()
    if any(_in_force(held) and _is(held, mapped, teams) for held in people.held_by(session, person.id)):
        return
    team = teams[mapped.team] if mapped.team is not None else None
    try:
        held = give_function(work, person, mapped.function, team)
    except WrongPerson:
        log.warning("single_sign_on.unknown_function", function=mapped.function)
        return
    session.add(
        ProviderGrant(
            identity_id=identity.id,
            held_function_id=held.id,
            function=mapped.function,
            team_id=held.team_id,
            given_at=clock.now(),
            ended_at=None,
        )
    )
    session.flush()


def _is(held: HeldFunction, mapped: Mapped, teams: Mapping[str, Team]) -> bool:
    team = teams.get(mapped.team) if mapped.team is not None else None
    if mapped.team is not None and team is None:
        return False
    return held.function == mapped.function and held.team_id == (team.id if team else None)


def _in_force(held: HeldFunction | None) -> bool:
    today = clock.today()
    return held is not None and held.valid_from <= today and (held.valid_until is None or held.valid_until >= today)
