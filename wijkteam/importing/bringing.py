"""Bringing in one row, by the services that people use: each in the caller's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.cases.service import NewCase, add_household, open_case
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.events.chain import digest
from wijkteam.importing.known import key_digest, known_keys
from wijkteam.importing.model import ADDED, KNOWN, REOPENED, DataImport
from wijkteam.importing.road import road_to
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.people import service as people_service
from wijkteam.people.acting import ActingPerson
from wijkteam.people.model import HeldFunction, Person, Team
from wijkteam.people.service import NewPerson
from wijkteam.people.staff import change_employment
from wijkteam.residents.service import GivenBsn, NewResident, record_resident, set_bsn
from wijkteam.signing_in.accounts import reopen_account
from wijkteam.storage.work import Work
from wijkteam.terms import clock

NO_HOUSEHOLD = Reason("Dit huishouden kwam niet binnen.", "This household did not come in.")
NO_PERSON = Reason("Deze persoon kennen we niet.", "This person is unknown.")
NO_OPEN_CASE = Reason("Dit huishouden heeft geen open casus.", "This household has no open case.")


@dataclass(frozen=True)
class Became:
    """What a row became."""

    outcome: str
    subject_id: str
    version: int | None = None
    mark: str | None = None
    key_digest: str | None = None


@dataclass(frozen=True)
class Source:
    """Where a row comes from: which import, and which row."""

    of: DataImport
    row: int


def person_mark(person: Person) -> str:
    """What a person was, so that it can be seen whether somebody changed it."""
    return digest("\x1f".join(map(str, (person.name, person.email, person.civil_servant, person.employer))))


def held_mark(held: HeldFunction) -> str:
    """What a held function was."""
    days = held.valid_from, held.valid_until, held.consented_on, held.employer_consented_on
    return digest("\x1f".join(map(str, (held.person_id, held.function, held.team_id, *days))))


def bring_in(work: Work, ring: KeyRing, kind: str, values: Mapping[str, Any], source: Source) -> Became:
    """Bring one row in. Raises what the service of its kind raises: WrongPerson, WrongFields, Refused."""
    if kind == "residents":
        return _resident(work, values, ring)
    return BRINGERS[kind](work, values, source)


def _person(work: Work, values: Mapping[str, Any], _source: Source) -> Became:
    found = people.person_by_email(work.session, values["email"])
    if found is not None and found.active:
        return Became(KNOWN, str(found.id))
    servant, employer = values.get("civil_servant", True), values.get("employer")
    if found is not None:
        reopen_account(work, found.id)
        change_employment(work, found.id, servant, employer)
        return Became(REOPENED, str(found.id), mark=person_mark(found))
    new = NewPerson(values["name"], values["email"], civil_servant=servant, employer=employer)
    added = people_service.add_person(work, new)
    return Became(ADDED, str(added.id), mark=person_mark(added))


def _team(work: Work, values: Mapping[str, Any], _source: Source) -> Became:
    is_known = _team_called(work.session, values["name"]) is not None
    team = people_service.add_team(work, values["name"], values.get("wijken", ()))
    return Became(KNOWN if is_known else ADDED, str(team.id))


def _team_called(session: Session, name: str | None) -> Team | None:
    return next((each for each in people.teams(session) if each.name == name), None) if name else None


def _someone(session: Session, column: str, email: str) -> Person:
    found = people.person_by_email(session, email)
    if found is None or not found.active:
        raise WrongFields({column: NO_PERSON})
    return found


def _function(work: Work, values: Mapping[str, Any], _source: Source) -> Became:
    person = _someone(work.session, "email", values["email"])
    team = _team_called(work.session, values.get("team"))
    first: date = values.get("valid_from") or clock.today()
    for held in people.held_by(work.session, person.id):
        same = (held.function, held.team_id) == (values["function"], team.id if team else None)
        if same and held.valid_from <= first and (held.valid_until is None or held.valid_until >= first):
            return Became(KNOWN, str(held.id))
    held = people_service.give_function(work, person, values["function"], team, first, values.get("valid_until"))
    consents = values.get("consented_on"), values.get("employer_consented_on")
    if any(consents) and (held.valid_until is None or held.valid_until >= clock.today()):
        people_service.record_consent(work, person.id, held.function, *consents)
    return Became(ADDED, str(held.id), mark=held_mark(held))


def _household(work: Work, values: Mapping[str, Any], _source: Source) -> Became:
    key = key_digest("households", values["household"])
    known = known_keys(work.session, [key]).get(key)
    same = str(values.get("same_as", ""))
    if known is not None or same.isdecimal():
        number = cases.household(work.session, int(known or same)).id
        return Became(KNOWN, str(number), key_digest=key)
    added = add_household(work, values["who_or_where"], values.get("buurt"))
    return Became(ADDED, str(added.id), key_digest=key)


def _household_called(session: Session, key: str) -> int:
    digested = key_digest("households", key)
    found = known_keys(session, [digested]).get(digested)
    if found is None:
        raise WrongFields({"household": NO_HOUSEHOLD})
    return int(found)


def acting(session: Session, person_id: int) -> ActingPerson:
    """Somebody in whose name a row comes in, with the functions of this moment. Raises WrongFields."""
    found = people.acting_person(session, person_id)
    if found is None:
        raise WrongFields({"owner": NO_PERSON})
    return found


def _case(work: Work, values: Mapping[str, Any], source: Source) -> Became:
    """Open a case as its owner, with a next step, and take the steps by which it gets to its state."""
    reference = values.get("reference")
    key = key_digest("cases", reference) if reference else None
    known = known_keys(work.session, [key]).get(key) if key else None
    if known is not None:
        return Became(KNOWN, known, key_digest=key)
    session = work.session
    owner = acting(session, _someone(session, "owner", values["owner"]).id)
    team = _team_called(session, values.get("team"))
    theirs = work.acting_as(owner)
    due = max(values["next_step_on"], clock.today())
    case = open_case(
        theirs,
        NewCase(
            who_or_where="",
            what_is_going_on=values["what_is_going_on"],
            next_step=values["next_step"],
            next_step_on=due,
            team_id=team.id if team else None,
            household_id=_household_called(session, values["household"]),
        ),
    )
    theirs.fire(case, "add_note", {"note": note_of(work, values, source)})
    for step in road_to(values.get("state", "signalled"), values.get("before")):
        theirs.fire(case, step.transition, step.fields({**values, "next_step_on": due}))
    return Became(ADDED, case.id, version=case.version, key_digest=key)


def note_of(work: Work, values: Mapping[str, Any], source: Source) -> str:
    """What the log of a case says about where it comes from."""
    of = source.of
    lines = [
        f"Ingevoerd uit een bestand (invoer {of.id}, SHA-256 {of.digest}), rij {source.row}, "
        f"door {people.name(work.session, work.actor.person_id)}."
    ]
    if values.get("reference"):
        lines.append(f"Kenmerk in het vorige systeem: {values['reference']}.")
    if values.get("began_on"):
        lines.append(f"Begonnen op {values['began_on']:%d-%m-%Y}.")
    if values["next_step_on"] < clock.today():
        lines.append(f"De volgende stap stond op {values['next_step_on']:%d-%m-%Y}.")
    return " ".join(lines)


def _resident(work: Work, values: Mapping[str, Any], ring: KeyRing) -> Became:
    household_id = _household_called(work.session, values["household"])
    owner_id = owner_of_open_case(work.session, household_id)
    if owner_id is None:
        raise WrongFields({"household": NO_OPEN_CASE})
    theirs = work.acting_as(acting(work.session, owner_id))
    new = NewResident(
        household_id,
        values["name"],
        values.get("birth_date"),
        values.get("role"),
        values.get("lived_since"),
        values.get("part_of_time"),
    )
    resident = record_resident(theirs, new)
    if values.get("bsn"):
        work.session.flush()
        given = GivenBsn(values["bsn"], values["bsn_ground"], values["bsn_purpose"])
        resident = set_bsn(theirs, ring, resident.id, given)
    return Became(ADDED, resident.id, version=resident.version)


def owner_of_open_case(session: Session, household_id: int) -> int | None:
    """Who owns the newest open case of a household."""
    rows = select(HouseholdCase.owner_id).where(
        HouseholdCase.household_id == household_id, HouseholdCase.state != CLOSED
    )
    return session.scalar(rows.order_by(HouseholdCase.opened_at.desc()).limit(1))


BRINGERS: Mapping[str, Callable[[Work, Mapping[str, Any], Source], Became]] = {
    "people": _person,
    "teams": _team,
    "functions": _function,
    "households": _household,
    "cases": _case,
}
