"""Routes about households that are of no one kind of subject: files, the log of a case, protection, finding."""

from collections.abc import Callable
from typing import Any

from wijkteam.api_access.service import READ, WRITE
from wijkteam.assembly import House
from wijkteam.web.api import files, guarding, household_telling
from wijkteam.web.api.bodies import Asked
from wijkteam.web.api.describing import AT_A_PAGE, DEED, FILE, OCTETS, TOLD, Route
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.making import own_schema
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import TEXT, Schema
from wijkteam.web.api.telling import many
from wijkteam.web.appointments import CALENDAR


def told(endpoint: str, path: str, view: Callable[..., Any], schema: Schema, title: str, *query: Schema) -> Route:
    """Something to read that is of no kind of subject."""
    return Route(endpoint, "GET", path, view, READ, TOLD, None, schema, title, query=query)


def file(endpoint: str, path: str, view: Callable[..., Any], media: str, title: str, *query: Schema) -> Route:
    """Something to save."""
    return Route(endpoint, "GET", path, view, READ, FILE, None, None, title, media=media, query=query)


def asks(asked: Asked, *must: str) -> Callable[[House], Schema]:
    """The schema of a body with these fields."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(camel(name) for name in must),
        "properties": {camel(name): own_schema(kind) for name, kind in asked.items()},
    }
    return lambda _home: schema


def param(name: str, about: str, schema: Schema | None = None) -> Schema:
    """One thing that can be asked in the address."""
    return {"name": name, "in": "query", "description": about, "schema": schema or TEXT}


CASE, RESIDENT = "/cases/{caseId}", BY_NAME["resident"]
ABOUT: Schema = {"type": "string", "enum": sorted(household_telling.ABOUT)}
LINES: Schema = {"type": "integer", "minimum": 1, "maximum": household_telling.MOST_LINES, "default": 50}
ATTACHMENTS = "/escalations/{escalationId}/attachments"

HOUSEHOLD_ROUTES = [
    told(
        "case_log",
        f"{CASE}/log",
        household_telling.case_log,
        household_telling.LOG,
        "Everything that happened in a case and under it, newest first",
        param("about", "Of which part.", ABOUT),
        param("limit", "How many lines.", LINES),
    ),
    told("doubles", f"{CASE}/doubles", household_telling.doubles, household_telling.DOUBLES, "Who opened one like it"),
    Route(
        "doubles_seen",
        "POST",
        f"{CASE}/doubles/seen",
        household_telling.doubles_seen,
        WRITE,
        DEED,
        schema=household_telling.DOUBLES,
        title="The owner has seen who opened one like it",
    ),
    told(
        "cases_like",
        "/cases-like",
        household_telling.like,
        household_telling.LIKE,
        "Cases of households that look like what is typed, before opening one",
        param("whoOrWhere", "As for a new case."),
        param("whatIsGoingOn", "As for a new case."),
    ),
    told(
        "own_powers", f"{CASE}/own-powers", household_telling.powers, household_telling.POWERS, "What I may decide here"
    ),
    told(
        "suggested_outcome",
        f"{CASE}/suggested-outcome",
        household_telling.outcome,
        household_telling.OUTCOME,
        "What the goals suggest for the outcome",
    ),
    file(
        "plan_pdf",
        f"{CASE}/plan/pdf",
        files.plan,
        OCTETS,
        "The plan on paper (PDF), in the language of Accept-Language",
        param("safety", "With the safety agreements.", {"type": "string", "enum": ["true", "false"]}),
    ),
    file("letter_pdf", "/letters/{letterId}/pdf", files.letter, OCTETS, "A letter (PDF)"),
    file("document_content", "/documents/{fileId}/content", files.document, OCTETS, "What a document holds"),
    file("appointment_ics", "/appointments/{appointmentId}/calendar", files.calendar, CALENDAR, "For a calendar"),
    told("attachments", ATTACHMENTS, files.attachments, many(files.ATTACHED), "What is attached to an escalation"),
    Route(
        "attachment_new",
        "POST",
        ATTACHMENTS,
        files.attach_file,
        WRITE,
        DEED,
        schema=many(files.ATTACHED),
        title="Attach a file to an escalation",
        body=asks(files.ATTACHING, "name", "content"),
        status=201,
    ),
    file("attachment", f"{ATTACHMENTS}/{{documentId}}", files.attachment, OCTETS, "An attached file"),
    Route(
        "resident_other_home",
        "POST",
        f"/{RESIDENT.collection}/{{residentId}}/other-homes",
        household_telling.other_home,
        WRITE,
        DEED,
        RESIDENT,
        title="A resident lives in another household too, or moved there",
        body=asks(household_telling.ELSEWHERE, "other_case_id", "since"),
        status=201,
    ),
    told(
        "instruments", "/instruments", household_telling.instruments, household_telling.INSTRUMENTS, "To measure with"
    ),
    told(
        "search",
        "/search",
        household_telling.search,
        household_telling.HITS,
        "Cases, signals and people by words and names",
        param("q", "Words or names."),
    ),
    told(
        "people_found",
        "/people-finding",
        household_telling.people_found,
        household_telling.FOUND_PEOPLE,
        "People by what they can and want to help with",
        param("q", "Words, a name or a language."),
        param("lifeDomain", "The code of a life domain."),
    ),
    told("protection", f"{CASE}/protection", guarding.protection, guarding.PROTECTION, "Whether a case is protected"),
    *(
        Route(
            f"protection_{name}",
            "POST",
            f"{CASE}/protection/steps/{name.replace('_', '-')}",
            view,
            WRITE,
            DEED,
            schema=guarding.PROTECTION,
            title=f"Protection: {name.replace('_', ' ')}",
            body=body,
            versioned=True,
        )
        for name, (view, body) in guarding.STEPS_OF_PROTECTION.items()
    ),
    told(
        "protected_cases",
        "/protected-cases",
        guarding.protected_cases,
        guarding.PROTECTED,
        "For privacy officers: every extra-protected case",
    ),
    Route("break_glass_new", "POST", "/broken-glass", guarding.break_glass, WRITE, AT_A_PAGE, title="Break the glass"),
    told(
        "case_corrections",
        f"{CASE}/corrections",
        guarding.corrections,
        guarding.CORRECTIONS,
        "All corrections of a case, also for the privacy officer who judges one",
    ),
    told("glass_log", "/glass-log", guarding.glass_log, guarding.GLASS_LOG, "For privacy officers: all broken glass"),
]
