"""Residents who ask about their data in the fictional municipality: one answered, one asked about, one to take up."""

from datetime import timedelta

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.service import NewDataRequest, record_data_request
from wijkteam.demo.town import DOMAIN
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock


def tell_requests(work: Work) -> None:
    """Tell them, each step at its own moment in the past."""
    with work.transaction() as session:
        fenna, pia = (_somebody(work, name) for name in ("fenna", "pia"))
        mine = cases.open_cases_of(session, fenna.person_id)
        theirs = (each for each in mine if each.protected_why is None and each.owner_id == fenna.person_id)
        home = next(theirs, None)
        _answered(work, fenna, pia)
        if home is not None:
            _asked_about(work, fenna, pia, home)
        with clock.standing_at(clock.now() - timedelta(hours=3)):
            _record(work, fenna, "access", "Wie heeft er in mijn dossier gekeken?", None)


def _answered(work: Work, by: ActingPerson, officer: ActingPerson) -> None:
    with clock.standing_at(clock.now() - timedelta(days=40)):
        request = _record(work, by, "erasure", "Haal alles over mij weg.", None)
    with clock.standing_at(clock.now() - timedelta(days=38)):
        handler = work.acting_as(officer)
        handler.fire(request, "take_up")
        asked = {"identity_what": "Kom langs met uw paspoort.", "identity_by": clock.today() + timedelta(days=14)}
        handler.fire(request, "ask_proof", asked)
    with clock.standing_at(clock.now() - timedelta(days=33)):
        handler.fire(request, "proved", {"identity_how": "Paspoort gezien aan de balie."})
        refused = {
            "outcome": "refused",
            "refusal_ground": "legal_duty_to_keep",
            "answer": "Wij wissen uw dossier nu niet. De wet zegt hoe lang wij het bewaren.",
        }
        handler.fire(request, "decide", refused)
        handler.fire(request, "tell", {"told_how": "written", "told_on": clock.today()})


def _asked_about(work: Work, by: ActingPerson, officer: ActingPerson, case: HouseholdCase) -> None:
    with clock.standing_at(clock.now() - timedelta(days=9)):
        words = "Er staat dat ik niet wil werken. Dat klopt niet."
        request = _record(work, by, "rectification", words, case.household_id)
    with clock.standing_at(clock.now() - timedelta(days=8)):
        handler = work.acting_as(officer)
        handler.fire(request, "take_up")
        handler.fire(request, "is_sure", {"identity_how": "Gebeld op het bekende nummer."})
        question = {
            "asked": by.person_id,
            "question": "Waar in de casus staat dit, en wat klopt er wel?",
            "answer_by": clock.today() + timedelta(days=14),
        }
        handler.fire(request, "ask_input", question)


def _record(work: Work, by: ActingPerson, kind: str, words: str, household_id: int | None) -> DataRequest:
    new = NewDataRequest(kind, words, clock.today(), "Jo Voorbeeld", None, household_id)
    return record_data_request(work.acting_as(by), new)


def _somebody(work: Work, name: str) -> ActingPerson:
    found = people.person_by_email(work.session, f"{name}@{DOMAIN}")
    acting = people.acting_person(work.session, found.id) if found is not None else None
    if acting is None:
        raise LookupError(f"no {name} in the town")
    return acting
