"""What a letter says: facts of the decision as they stand at the moment of deciding, for the template to tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.mandate.verdict import euros
from wijkteam.people import queries as people
from wijkteam.storage.settings import municipality_name
from wijkteam.terms import clock
from wijkteam.terms.contesting import last_day_to_contest

PRIVATE_KINDS = ("volmacht", "machtiging")
DECISION, PRIVATE_ACT, OBJECTION_DECISION = "decision", "private_act", "objection_decision"
TEMPLATES = (DECISION, PRIVATE_ACT, OBJECTION_DECISION)
LAWS = {
    "Awb": "Algemene wet bestuursrecht",
    "Wmo 2015": "Wet maatschappelijke ondersteuning 2015",
}
"""Laws that people know by letters only, in words."""
ARTICLE = re.compile(r"(?P<law>.+?),? art(?:ikel|\.) ?(?P<article>.+)")


@dataclass(frozen=True)
class Occasion:
    """Of which step a decision came: what it asked, and on an objection what was found there."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    objection: Any = None
    """The objection that it decides on; None for any other decision."""


def template_of(kind: str, occasion: Occasion) -> str:
    """The letter that fits what was done.

    A mandate is used to take decisions under public law: against those an objection is open (Awb 1:3, 7:1, 8:1).
    What is done by volmacht is an act under private law (Gemeentewet art. 160), what is done by machtiging is a
    factual act (Awb 10:12): neither is a decision in the sense of Awb 1:3, so a clause on objections would promise
    something that the law does not give. Their letter names the complaint instead (Awb 9:1).
    """
    if occasion.objection is not None:
        return OBJECTION_DECISION
    return PRIVATE_ACT if kind in PRIVATE_KINDS else DECISION


def content_of(
    session: Session, decision: Decision, case: HouseholdCase, occasion: Occasion, reference: str
) -> dict[str, Any]:
    """The facts for the template; amounts in words, dates in ISO 8601. Awb 3:46 and 3:47: it tells its reasons."""
    row = session.get(Mandate, decision.mandate_id)
    assert row is not None
    municipality = municipality_name()
    day = clock.local(decision.decided_at).date()
    power = mandate.powers(session).get(decision.power, decision.power)
    template = template_of(row.kind, occasion)
    body = f"{_article(row.body)} {row.body} van {municipality}"
    about = {DECISION: "Besluit", PRIVATE_ACT: "Bevestiging", OBJECTION_DECISION: "Besluit op uw bezwaar"}[template]
    return {
        "municipality": municipality,
        "date": day.isoformat(),
        "reference": reference,
        "addressee": cases.household(session, case.household_id).who_or_where,
        "subject": about if occasion.objection is not None else f"{about}: {power}",
        "what": _first_power(session, occasion) or power,
        "amount": None if decision.amount is None else euros(decision.amount),
        "until": decision.until.isoformat() if decision.until else None,
        "reasons": decision.what,
        "conditions": occasion.fields.get("conditions") if occasion.objection is None else None,
        "ground": ground_in_words(row.legal_ground),
        "signature": signature(session, row, decision, municipality),
        "replaces": None,
        "objection": _contesting(occasion, body, day.isoformat(), last_day_to_contest(day).isoformat(), session),
    }


def _first_power(session: Session, occasion: Occasion) -> str | None:
    if occasion.objection is None:
        return None
    first = session.get(Decision, occasion.objection.decision_id)
    return mandate.powers(session).get(first.power, first.power) if first else None


def _contesting(occasion: Occasion, to: str, day: str, last_day: str, session: Session) -> dict[str, Any]:
    found: dict[str, Any] = {"to": to, "counted_from": day, "last_day": last_day}
    objection = occasion.objection
    if objection is not None:
        first = session.get(Decision, objection.decision_id)
        assert first is not None
        found |= {
            "received_on": objection.received_on.isoformat(),
            "against_date": clock.local(first.decided_at).date().isoformat(),
            "outcome": objection.outcome,
            "first_decision": objection.first_decision,
            "advice": objection.advice if objection.committee else None,
            "heard_on": objection.hearing_on.isoformat() if objection.hearing_on else None,
            "not_heard": objection.hearing_waived,
        }
    return found


def signature(session: Session, row: Mandate, decision: Decision, municipality: str) -> dict[str, list[str]]:
    """How the letter is signed: in whose name, by whom, in which function.

    Awb 10:10 asks for the body on whose behalf is decided: with sub-mandate that is the body that gave the first
    mandate, not who passed it on. Awb 10:11: who may only sign shows that the body itself decided. What is done by
    volmacht is done for the municipality as a legal person.
    """
    body = _first_giver(session, row).body
    named = f"{_article(body)} {body} van {municipality}"
    who = [people.name(session, decision.decided_by), people.function_title(session, row.function)]
    greeting = "Met vriendelijke groet,"
    match row.kind:
        case "ondertekening":
            decided = f"{named[0].upper()}{named[1:]} heeft dit besloten."
            return {"opening": [decided, greeting, "Namens deze ondertekend door:"], "signer": who}
        case "volmacht":
            return {"opening": [greeting, f"Namens de gemeente {municipality},"], "signer": who}
        case _:
            return {"opening": [greeting, f"Namens {named},"], "signer": who}


def _first_giver(session: Session, row: Mandate) -> Mandate:
    seen = {row.id}
    while row.given_under is not None and row.given_under not in seen:
        seen.add(row.given_under)
        giver = session.get(Mandate, row.given_under)
        if giver is None:
            break
        row = giver
    return row


def _article(body: str) -> str:
    return "het" if body.lower().startswith(("college", "dagelijks bestuur", "bestuur")) else "de"


def ground_in_words(legal_ground: str) -> str:
    """A legal ground as plain words tell it: 'Awb art. 7:11' is artikel 7:11 van de Algemene wet …."""
    found = ARTICLE.fullmatch(legal_ground.strip())
    if found is None:
        return f"de regels: {legal_ground}" if ":" in legal_ground else legal_ground
    return f"artikel {found['article']} van de {LAWS.get(found['law'], found['law'])}"


def example(template: str) -> dict[str, Any]:
    """Made-up content with everything that the template may tell, to try it with."""
    return {
        "municipality": "Voorbeeldstad",
        "date": "2026-03-02",
        "reference": "b4k7mmmqqq22",
        "addressee": "Familie Voorbeeld\nVoorbeeldstraat 1",
        "subject": "Besluit: voorbeeld",
        "what": "Maatwerkvoorziening Wmo",
        "amount": "€ 250,00",
        "until": "2026-12-31",
        "reasons": "U kunt nu niet zelf koken.\n\nDaarom krijgt u hulp.",
        "conditions": "U laat ons weten wanneer het niet meer nodig is.",
        "ground": "artikel 2.3.5 van de Wmo 2015",
        "signature": {
            "opening": [
                "Met vriendelijke groet,",
                "Namens het college van burgemeester en wethouders van Voorbeeldstad,",
            ],
            "signer": ["Fenna Fictief", "Frontlijnprofessional"],
        },
        "replaces": {"date": "2026-02-27", "reference": "c4k7mmmqqq22"},
        "objection": {
            "to": "het college van burgemeester en wethouders van Voorbeeldstad",
            "counted_from": "2026-03-02",
            "last_day": "2026-04-13",
            "received_on": "2026-02-02",
            "against_date": "2026-01-05",
            "outcome": "founded",
            "first_decision": "withdrawn",
            "advice": "Verklaar het bezwaar gegrond." if template == OBJECTION_DECISION else None,
            "heard_on": "2026-02-16",
            "not_heard": None,
        },
    }
