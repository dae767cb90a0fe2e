"""What the letter of an answer says: facts as they stand when it is decided, for the template to tell."""

from typing import Any

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.data_requests.grounds import RefusalGrounds
from wijkteam.data_requests.model import DataRequest
from wijkteam.people import queries as people
from wijkteam.storage.settings import municipality_name
from wijkteam.terms import clock
from wijkteam.terms.contesting import last_day_to_contest

KINDS = {
    "access": ("inzage", "uw gegevens te zien"),
    "rectification": ("verbeteren", "uw gegevens te verbeteren"),
    "erasure": ("wissen", "uw gegevens te wissen"),
    "restriction": ("minder gebruiken", "uw gegevens een tijd niet te gebruiken"),
    "portability": ("meenemen", "uw gegevens mee te nemen"),
    "objection": ("bezwaar tegen gebruik", "te stoppen met het gebruik van uw gegevens"),
    "automated": ("besluit door een mens", "een mens te laten besluiten en niet een computer"),
}
"""Each kind of request as a letter calls it: what it is about, and what the resident asked us."""


def content_of(session: Session, request: DataRequest, grounds: RefusalGrounds) -> dict[str, Any]:
    """The facts for the template, with dates in ISO 8601.

    AVG 12(3) and (4): what was done, or why not, and that a complaint and the court are open. UAVG art. 34 (from
    memory): a written decision of a municipality on such a request is a decision in the sense of the Awb, so that an
    objection is open too.
    """
    assert request.decided_at is not None and request.outcome is not None
    municipality, day = municipality_name(), clock.local(request.decided_at).date()
    about, asked = KINDS.get(request.kind, (request.kind, request.words))
    ground = grounds.ground(request.refusal_ground)
    return {
        "municipality": municipality,
        "date": day.isoformat(),
        "reference": request.id,
        "addressee": _addressee(session, request),
        "subject": f"Antwoord op uw verzoek: {about}",
        "asked": asked,
        "received_on": request.received_on.isoformat(),
        "outcome": request.outcome,
        "answer": request.answer,
        "ground": ground.letter if ground else None,
        "article": f"{ground.law} {ground.article}" if ground else None,
        "receivers": request.receivers_told,
        "extended": request.extended,
        "last_day": last_day_to_contest(day).isoformat(),
        "to": f"het college van burgemeester en wethouders van {municipality}",
        "signature": {
            "opening": [
                "Met vriendelijke groet,",
                f"Namens het college van burgemeester en wethouders van {municipality},",
            ],
            "signer": [people.name(session, request.decided_by), people.function_title(session, "privacy_officer")],
        },
    }


def _addressee(session: Session, request: DataRequest) -> str:
    if request.requester:
        return request.requester
    if request.household_id is not None:
        return cases.household(session, request.household_id).who_or_where
    return "De bewoner"


def example() -> dict[str, Any]:
    """Made-up content with everything that the template may tell, to try it with."""
    return {
        "municipality": "Voorbeeldstad",
        "date": "2026-03-02",
        "reference": "b4k7mmmqqq22",
        "addressee": "Jo Voorbeeld\nVoorbeeldstraat 1",
        "subject": "Antwoord op uw verzoek: inzage",
        "asked": "uw gegevens te zien",
        "received_on": "2026-02-10",
        "outcome": "partly",
        "answer": "U krijgt een kopie van uw dossier.\n\nEén bladzijde gaat over een ander.",
        "ground": "Daarmee zouden we iets vertellen over een ander. Dat mag niet.",
        "article": "AVG artikel 15 lid 4",
        "receivers": "De zorgaanbieder weet het ook.",
        "extended": True,
        "last_day": "2026-04-13",
        "to": "het college van burgemeester en wethouders van Voorbeeldstad",
        "signature": {"opening": ["Met vriendelijke groet,"], "signer": ["Pia Privacy", "Privacyfunctionaris"]},
    }
