"""Extra protection, broken glass and corrections: what programs read and do of them, by the rules of the pages."""

from functools import partial
from typing import Any

from flask import Response, abort, jsonify

from wijkteam.access import breaking_queries as queries
from wijkteam.access import readers
from wijkteam.access.breaking_vocabulary import BREAKERS, PRIVACY_OFFICER
from wijkteam.assembly import House
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.running import Stale
from wijkteam.web.acting import house, options, over_all, reading, work
from wijkteam.web.api.bodies import read_body
from wijkteam.web.api.doing import once, step_fields, version_seen
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.problems import Problem
from wijkteam.web.api.shapes import MOMENT, OPTION, Schema, moment, option, step_schema, summary
from wijkteam.web.api.shapes import TEXT as WORDS
from wijkteam.web.api.telling import many, optional, thing
from wijkteam.web.corrections import readable_case
from wijkteam.web.language import _
from wijkteam.web.protection import STEPS, find_protection

CASE = BY_NAME["household_case"]
NUMBER: Schema = {"type": "integer"}
PROTECTION = thing(
    caseId=WORDS,
    version=NUMBER,
    protected={"type": "boolean"},
    why=optional(WORDS),
    readers={"type": "array", "items": thing(personId=NUMBER, namedBy=NUMBER, namedAt=MOMENT)},
    options={"type": "array", "items": OPTION},
)
PROTECTED = many(thing(caseId=WORDS, state=WORDS, openedAt=MOMENT))
GLASS = {
    "type": "array",
    "items": thing(id=WORDS, caseId=WORDS, personId=NUMBER, state=WORDS, until=MOMENT, judgement=optional(WORDS)),
}
CORRECTIONS = many({"$ref": "#/components/schemas/CorrectionSummary"})
TRIES = {"type": "array", "items": thing(personId=NUMBER, at=MOMENT, sought=WORDS, outcome=WORDS)}
GLASS_LOG = thing(items=GLASS, tries=TRIES)


def at_a_page() -> Problem:
    """A deed before which a person proves anew who they are: no program can, so it asks a person at a page."""
    line = _("Dit doet een mens zelf op de pagina: daar bewijst die eerst opnieuw wie die is.")
    return Problem(403, line)


def protection(case_id: str) -> Response:
    """Whether a case is extra protected and who reads it then; for who reads all of it, and privacy officers."""
    return _told(find_protection(case_id) or abort(404))


def _told(found: readers.Protection) -> Response:
    case = found.case
    workflow = house().engine.workflow(CASE.name, case.workflow_version)
    made = jsonify(
        {
            "caseId": case.id,
            "version": case.version,
            "protected": case.protected_why is not None,
            "why": case.protected_why if found.reads else None,
            "readers": [
                {"personId": each.person_id, "namedBy": each.named_by, "namedAt": moment(each.named_at)}
                for each in found.named
            ],
            "options": [option(CASE, each, workflow) for each in options(case) if each.transition.name in STEPS],
        }
    )
    made.set_etag(str(case.version))
    return made


def protection_step(name: str, case_id: str) -> Response:
    """Protect a case or not, or name its readers, on the version that the program has seen."""
    found = find_protection(case_id) or abort(404)
    workflow = house().engine.workflow(CASE.name, found.case.workflow_version)
    taken = workflow.transition(name) or abort(404)
    seen, given = version_seen(), read_body(step_fields(CASE, workflow, taken))
    try:
        once(given, lambda: work().act_on(HouseholdCase, case_id, name, dict(given), seen))
    except Stale:
        line = _("Iemand anders heeft dit intussen veranderd. Kijk wat er gebeurd is, en probeer het dan opnieuw.")
        raise Problem(412, line) from None
    after = find_protection(case_id)
    return _told(after) if after is not None else Response(status=204)


def protection_body(name: str, home: House) -> Schema:
    """The schema of what a step of protection asks."""
    workflow = home.engine.workflow(CASE.name)
    taken = workflow.transition(name)
    assert taken is not None
    return step_schema(workflow, taken, home.engine.process(CASE.name).vocabulary.lists)


STEPS_OF_PROTECTION = {name: (partial(protection_step, name), partial(protection_body, name)) for name in STEPS}


def protected_cases() -> dict[str, Any]:
    """For privacy officers: every extra-protected case by its number."""
    if PRIVACY_OFFICER not in work().actor.functions:
        abort(404)
    found = over_all(readers.protected_cases, work().actor)
    return {"items": [{"caseId": each.id, "state": each.state, "openedAt": moment(each.opened_at)} for each in found]}


def corrections(case_id: str) -> dict[str, Any]:
    """All corrections of a case: for who reads all of it, and for the privacy officer when there is one to judge."""
    asked, kind = readable_case(case_id).asked, BY_NAME["correction"]
    due = due_moments(reading(), [each.id for each in asked])
    return {"items": [summary(kind, each, due) for each in asked]}


def break_glass() -> Response:
    """Only a person at a page breaks the glass: there they prove first who they are."""
    if not BREAKERS & work().actor.functions:
        abort(404)
    raise at_a_page()


def glass_log() -> dict[str, Any]:
    """For privacy officers: every broken glass, and the last tries of everybody."""
    if PRIVACY_OFFICER not in work().actor.functions:
        abort(404)
    found, tries = over_all(queries.all_broken, work().actor), over_all(queries.last_tries, work().actor)
    return {
        "items": [
            {
                "id": each.id,
                "caseId": each.case_id,
                "personId": each.person_id,
                "state": each.state,
                "until": moment(each.until),
                "judgement": each.judgement,
            }
            for each in found
        ],
        "tries": [
            {"personId": each.person_id, "at": moment(each.at), "sought": each.sought, "outcome": each.outcome}
            for each in tries
        ],
    }
