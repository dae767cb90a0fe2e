"""Exactly what leaves of one case: worked out here, sent elsewhere, and shown by `wijkteam zgw publish --dry-run`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.model import Document
from wijkteam.events.queries import states_of
from wijkteam.letters import queries as letters
from wijkteam.letters.model import Letter
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.model import Decision
from wijkteam.objections import queries as objections
from wijkteam.objections.queries import ended_by_objection
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.zgw.mapping import CaseMapping, ZgwMapping

Told = dict[str, Any]
LONGEST_EXPLANATION = 1000
LONGEST_TEAM = 50
LONGEST_NUMBER = 40
WENT_OUT = (letters.SENT, letters.OVER)
"""States of a letter that was sent and stands: not one that came back, or was replaced."""
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
    documents: dict[str, Told]
    """By letter, without what it says: that is read when it is sent. `besluit` holds the number of its decision."""
    undone: dict[int, str]
    """Decisions that an objection undid, and what became of them."""

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
    statuses = statuses_of(session, told, case)
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
    taken = [each for each in mandate.decisions_of_case(session, case.id) if each.power in told.decisions]
    return Leaving(
        zaak=zaak,
        roles=_roles(session, told, case),
        statuses=statuses,
        result={"resultaattype": result, "toelichting": ""} if result is not None else None,
        decisions=_decisions(session, mapping, taken),
        documents=letters_leaving(session, mapping, [each.id for each in taken]),
        undone=objections.undone(session, [each.id for each in taken]),
    )


def statuses_of(session: Session, told: CaseMapping, case: HouseholdCase) -> list[Told]:
    """The statuses that a case has had, in their order."""
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


def _decisions(session: Session, mapping: ZgwMapping, taken: Sequence[Decision]) -> dict[int, Told]:
    assert mapping.case is not None
    ended = ended_by_objection(session, [each.id for each in taken])
    found: dict[int, Told] = {}
    for each in reversed(taken):
        on = clock.local(each.decided_at).date().isoformat()
        sent = letters.made_known_on(session, each.id)
        found[each.id] = {
            "identificatie": f"{mapping.number_prefix}B-{each.id}",
            "verantwoordelijkeOrganisatie": mapping.organisation,
            "besluittype": mapping.case.decisions[each.power],
            "datum": on,
            "ingangsdatum": on,
            "bestuursorgaan": each.body[:50],
            **({"verzenddatum": sent.isoformat()} if sent is not None else {}),
            **_end(each.until, ended.get(each.id)),
        }
    return found


def _end(until: date | None, undone_on: date | None) -> Told:
    """When a decision ends and why: its own last day, or the day on which an objection undid it, if that came first.

    An objection is decided on by the municipality: what it undoes is withdrawn by the authority (Awb 7:11(2)).
    """
    if undone_on is not None:
        last = min(until, undone_on) if until is not None else undone_on
        return {"vervaldatum": last.isoformat(), "vervalreden": "ingetrokken_overheid"}
    return {"vervaldatum": until.isoformat(), "vervalreden": "tijdelijk"} if until is not None else {}


def letters_leaving(session: Session, mapping: ZgwMapping, decisions: Sequence[int]) -> dict[str, Told]:
    """The letters of these decisions that leave: sent ones of which the PDF is there, where the mapping says so."""
    assert mapping.case is not None
    kind = mapping.case.documents.get("decision_letter")
    if kind is None or not decisions:
        return {}
    rows = session.execute(
        select(Letter, Document, Decision.body)
        .join(Document, (Document.subject_kind == Letter.workflow) & (Document.subject_id == Letter.id))
        .join(Decision, Decision.id == Letter.decision_id)
        .where(Letter.decision_id.in_(decisions), Letter.state.in_(WENT_OUT), Letter.sent_on.is_not(None))
        .order_by(Letter.opened_at, Letter.id)
    )
    return {letter.id: _letter(mapping, kind, letter, kept, body) for letter, kept, body in rows}


def _letter(mapping: ZgwMapping, kind: str, letter: Letter, kept: Document, body: str) -> Told:
    made = clock.local(kept.added_at).date().isoformat()
    return {
        "besluit": letter.decision_id,
        "identificatie": f"{mapping.number_prefix}L-{letter.id}"[:LONGEST_NUMBER],
        "bronorganisatie": mapping.organisation,
        "creatiedatum": made,
        "titel": f"Brief bij besluit {mapping.number_prefix}B-{letter.decision_id}",
        "vertrouwelijkheidaanduiding": mapping.confidentiality,
        "auteur": body,
        "status": "definitief",
        "formaat": kept.media_type,
        "taal": "dut",
        "bestandsnaam": kept.name,
        "bestandsomvang": kept.size,
        "verzenddatum": letter.sent_on.isoformat() if letter.sent_on is not None else None,
        "indicatieGebruiksrecht": False,
        "integriteit": {"algoritme": "sha_256", "waarde": kept.digest, "datum": made},
        "informatieobjecttype": kind,
    }


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
