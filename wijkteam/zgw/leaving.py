"""Exactly what leaves of one case: worked out here, sent elsewhere, and shown by `wijkteam zgw publish --dry-run`."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import states_of
from wijkteam.mandate import queries as mandate
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.zgw.mapping import CaseMapping, ZgwMapping

Told = dict[str, Any]
LONGEST_EXPLANATION = 1000
LONGEST_TEAM = 50
LONGEST_NAME = 200


@dataclass(frozen=True)
class Leaving:
    """A case as the case system is to have it. What refers to the zaak gets its address when it is sent."""

    zaak: Told
    roles: list[Told]
    statuses: list[Told]
    """In the order in which they were; a final one comes after the result."""
    result: Told | None
    decisions: dict[int, Told]

    def digest(self) -> str:
        """What two of them have in common when nothing has to be sent."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def number_of(mapping: ZgwMapping, case_id: str) -> str:
    """The number of a case in the case system: always the same, so that it is found back."""
    return f"{mapping.number_prefix}{case_id}"


def may_leave(mapping: ZgwMapping, case: HouseholdCase) -> bool:
    """Whether anything of this case may leave: never of one that is extra protected, or was destroyed."""
    if mapping.case is None or case.protected_why is not None:
        return False
    opened = clock.local(case.opened_at).date()
    return mapping.case.opened_from is None or opened >= mapping.case.opened_from


def leaving(session: Session, mapping: ZgwMapping, case: HouseholdCase) -> Leaving | None:
    """All that leaves of a case; None when nothing may, or nothing has to yet."""
    told = mapping.case
    if told is None or not may_leave(mapping, case):
        return None
    statuses = _statuses(session, told, case)
    if not statuses:
        return None
    begun = clock.local(case.opened_at).date().isoformat()
    zaak = {
        "identificatie": number_of(mapping, case.id),
        "bronorganisatie": mapping.organisation,
        "verantwoordelijkeOrganisatie": mapping.organisation,
        "zaaktype": told.type,
        "omschrijving": told.title,
        "toelichting": _explanation(session, told, case),
        "registratiedatum": begun,
        "startdatum": begun,
        "vertrouwelijkheidaanduiding": mapping.confidentiality,
    }
    result = told.results.get(case.outcome or "") if case.state == cases.CLOSED else None
    return Leaving(
        zaak=zaak,
        roles=_roles(session, told, case),
        statuses=statuses,
        result={"resultaattype": result, "toelichting": ""} if result is not None else None,
        decisions=_decisions(session, mapping, case),
    )


def _statuses(session: Session, told: CaseMapping, case: HouseholdCase) -> list[Told]:
    found: list[Told] = []
    for state, at in states_of(session, case.workflow_name(), case.id):
        kind = told.statuses.get(state)
        if kind is not None and (not found or found[-1]["statustype"] != kind):
            found.append({"statustype": kind, "datumStatusGezet": _moment(at)})
    return found


def _moment(at: datetime) -> str:
    """With the hour as it is here: the day of a status is the day that it is here, never one before the case began."""
    return clock.local(at).isoformat(timespec="milliseconds")


def _roles(session: Session, told: CaseMapping, case: HouseholdCase) -> list[Told]:
    found: list[Told] = []
    if told.roles.owner is not None:
        who = {"identificatie": str(case.owner_id), "achternaam": people.name(session, case.owner_id)[:LONGEST_NAME]}
        found.append(_role(told.roles.owner, "medewerker", who))
    if told.roles.team is not None:
        name = people.team_name(session, case.team_id)[:LONGEST_TEAM]
        team = {"identificatie": str(case.team_id), "naam": name}
        found.append(_role(told.roles.team, "organisatorische_eenheid", team))
    return found


def _role(kind: str, sort: str, who: Told) -> Told:
    return {"roltype": kind, "roltoelichting": "", "betrokkeneType": sort, "betrokkeneIdentificatie": who}


def _decisions(session: Session, mapping: ZgwMapping, case: HouseholdCase) -> dict[int, Told]:
    assert mapping.case is not None
    found: dict[int, Told] = {}
    for each in reversed(mandate.decisions_of_case(session, case.id)):
        kind = mapping.case.decisions.get(each.power)
        if kind is None:
            continue
        on = clock.local(each.decided_at).date().isoformat()
        found[each.id] = {
            "identificatie": f"{mapping.number_prefix}B-{each.id}",
            "verantwoordelijkeOrganisatie": mapping.organisation,
            "besluittype": kind,
            "datum": on,
            "ingangsdatum": on,
            "bestuursorgaan": each.body[:50],
            **({"vervaldatum": each.until.isoformat()} if each.until is not None else {}),
        }
    return found


def _explanation(session: Session, told: CaseMapping, case: HouseholdCase) -> str:
    said = [_field(session, name, case) for name in told.explanation]
    return "\n".join(each for each in said if each)[:LONGEST_EXPLANATION]


def _field(session: Session, name: str, case: HouseholdCase) -> str:
    """What one named field says of a case."""
    if name == "team":
        return people.team_name(session, case.team_id)
    if name == "wijk":
        code = cases.wijk_of(session, case.household_id)
        wijk = cases.wijk(session, code) if code is not None else None
        return wijk.name if wijk is not None else ""
    if name == "who_or_where":
        return cases.household(session, case.household_id).who_or_where
    return str(getattr(case, name) or "")
