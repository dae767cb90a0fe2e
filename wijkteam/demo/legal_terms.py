"""Legal terms in the fictional past: some cases have one, most are met in time, some are suspended, a few run late."""

import random
from datetime import date, datetime
from typing import Protocol

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.running import Refused
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.subject import ALPHABET, ID_LENGTH
from wijkteam.storage.work import Work
from wijkteam.terms import clock

SHARE = 0.4
SUSPENDED = 0.25
CONCERNS = ("Huishoudelijke hulp", "Scootmobiel", "Bijzondere bijstand", "Begeleiding thuis", "Woonvoorziening")


class Teller(Protocol):
    """Whoever tells the story: at which moment, and which subjects time passes for."""

    work: Work
    moment: datetime
    subjects: list[str]


def begin_some(teller: Teller, case: HouseholdCase, owner: ActingPerson) -> list[LegalTerm]:
    """Perhaps a term to decide on an application that came in at this moment; drawn by the case alone."""
    chance = random.Random(f"legal-{case.id}")
    if chance.random() >= SHARE:
        return []
    number = "".join(chance.choice(ALPHABET) for _ in range(ID_LENGTH))
    teller.subjects.append(number)
    today = clock.local(teller.moment).date()
    with clock.standing_at(teller.moment):
        new = NewLegalTerm(case.id, case.team_id, "awb_decision", today, concerns=chance.choice(CONCERNS))
        term = start_legal_term(teller.work.acting_as(owner), new, number)
        if chance.random() < SUSPENDED:
            until = date.fromordinal(today.toordinal() + 14)
            asked = {"suspension_reason": "completion_asked", "suspended_on": today, "suspended_until": until}
            teller.work.acting_as(owner).fire(term, "suspend", asked)
    return [term]


def end_all(teller: Teller, terms: list[LegalTerm], owner: ActingPerson) -> None:
    """Decide on what is still open: in time, or late and said so."""
    today = clock.local(teller.moment).date()
    with clock.standing_at(teller.moment):
        for term in terms:
            step = "meet" if today <= term.ends_on else "meet_late"
            try:
                teller.work.acting_as(owner).fire(term, step, {"met_on": today, "result": "Besluit verzonden."})
            except Refused:
                continue
