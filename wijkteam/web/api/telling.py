"""What programs read besides subjects: who they act for, my work, decisions, the register, people and the report."""

from dataclasses import asdict, replace
from typing import Any

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import BadRequest

from wijkteam.figures.pieces import Places
from wijkteam.figures.telling import Scope
from wijkteam.mandate import queries as mandate
from wijkteam.people import queries as people
from wijkteam.web.acting import figures_as_of, figures_over_all, house, log, reading
from wijkteam.web.api.bearing import bearer
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import DAY, EUROS, MOMENT, TEXT, Schema, euros, moment, value
from wijkteam.web.api.subjects import find
from wijkteam.web.language import language
from wijkteam.web.my_work import items
from wijkteam.web.report import FIRST_YEAR, LAST_YEAR, check_reader, report_for, scope_of
from wijkteam.zgw.queries import zaak_of

CEILINGS = ("ceiling_per_decision", "ceiling_per_household", "ceiling_per_year", "second_pair_above")
ROW = (
    "number",
    "power",
    "function",
    "kind",
    "legal_ground",
    "body",
    "may_pass_on",
    "pass_on_to",
    "longest_duration",
    "colleagues_needed",
    "civil_servant_only",
    "team_id",
    "wijk_code",
    "valid_from",
    "valid_until",
)


def optional(shape: Schema) -> Schema:
    """The same, or null."""
    return {**shape, "type": [shape["type"], "null"]}


def thing(**properties: Schema) -> Schema:
    """An object in which all of these are there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(of: Schema) -> Schema:
    """A list under `items`."""
    return thing(items={"type": "array", "items": of})


ME = thing(
    personId={"type": "integer"},
    name=TEXT,
    functions={"type": "array", "items": TEXT},
    teamIds={"type": "array", "items": {"type": "integer"}},
    scopes={"type": "array", "items": TEXT},
    token=TEXT,
)
WORK = many(thing(kind=TEXT, title=TEXT, about=TEXT, page=TEXT, dueOn=optional(DAY)))
DECISIONS = many(
    thing(
        id={"type": "integer"},
        power=TEXT,
        amount=optional(EUROS),
        what=TEXT,
        until=optional(DAY),
        decidedAt=MOMENT,
        decidedBy={"type": "integer"},
        mandateText=TEXT,
        body=TEXT,
        requestId=optional(TEXT),
    )
)
ZAAK = thing(known={"type": "boolean"}, number=optional(TEXT), url=optional(TEXT))
PEOPLE = many(thing(id={"type": "integer"}, name=TEXT))
NUMBER: Schema = {"type": "integer"}
REGISTER = many(
    thing(
        number=TEXT,
        power=TEXT,
        function=TEXT,
        kind=TEXT,
        legalGround=TEXT,
        body=TEXT,
        mayPassOn={"type": "boolean"},
        passOnTo=optional(TEXT),
        longestDuration=optional(TEXT),
        colleaguesNeeded=NUMBER,
        civilServantOnly={"type": "boolean"},
        teamId=optional(NUMBER),
        wijkCode=optional(TEXT),
        validFrom=DAY,
        validUntil=optional(DAY),
        revokedAt=optional(MOMENT),
        reserved={"type": "array", "items": TEXT},
        **{camel(name): optional(EUROS) for name in CEILINGS},
    )
)
CELLS = {
    "type": "object",
    "additionalProperties": thing(value=optional({"type": "number"}), withheld={"type": "boolean"}),
}
REPORT = thing(
    municipality=TEXT,
    periodFrom=DAY,
    periodUntil=DAY,
    madeAt=MOMENT,
    headline=CELLS,
    tables={
        "type": "array",
        "items": thing(
            code=TEXT,
            title=TEXT,
            meaning=TEXT,
            columns={"type": "object", "additionalProperties": TEXT},
            rows={"type": "array", "items": thing(key=TEXT, label=TEXT, partOf=optional(TEXT), cells=CELLS)},
        ),
    },
    notes={"type": "array", "items": TEXT},
)


def _items(found: list[dict[str, Any]]) -> Response:
    return jsonify({"items": found})


def me() -> Response:
    """For whom this token acts, in which functions, and for what it may be used."""
    person, token = bearer().person, bearer()
    return jsonify(
        {
            "personId": person.person_id,
            "name": person.name,
            "functions": sorted(person.functions),
            "teamIds": sorted(person.team_ids),
            "scopes": sorted(token.scopes),
            "token": token.name,
        }
    )


def my_work() -> Response:
    """Everything that asks this person something, soonest first."""
    return _items(
        [
            {"kind": each.kind, "title": each.title, "about": each.about, "page": each.link, "dueOn": value(each.due)}
            for each in items()
        ]
    )


def decisions(case_id: str) -> Response:
    """The decisions of a case, each with the mandate on which it was taken."""
    case = find(BY_NAME["household_case"], case_id)[0]
    log(case, "besluiten")
    return _items(
        [
            {
                "id": each.id,
                "power": each.power,
                "amount": euros(each.amount),
                "what": each.what,
                "until": value(each.until),
                "decidedAt": moment(each.decided_at),
                "decidedBy": each.decided_by,
                "mandateText": each.mandate_text,
                "body": each.body,
                "requestId": each.request_id,
            }
            for each in mandate.decisions_of_case(reading(), case_id)
        ]
    )


def zaak(case_id: str) -> Response:
    """Whether the municipality's case system knows this case, and by which number."""
    case = find(BY_NAME["household_case"], case_id)[0]
    log(case, "casus")
    found = zaak_of(reading(), case_id)
    known = found is not None and found.url is not None
    told = {"known": known, "number": found.number if found and known else None, "url": found.url if found else None}
    return jsonify(told)


def everyone() -> Response:
    """The people who work here, by name: steps that ask for a person ask for this number."""
    return _items([{"id": each.id, "name": each.name} for each in people.everyone(reading())])


def register_rows() -> Response:
    """The rows of the mandate register, without those that hold for one case or one person."""
    rows = [each for each in mandate.register(reading()) if each.case_id is None and each.person_id is None]
    found = []
    for row in rows:
        told = {camel(name): value(getattr(row, name)) for name in ROW}
        told |= {camel(name): euros(getattr(row, name)) for name in CEILINGS}
        told["revokedAt"] = moment(row.revoked_at) if row.revoked_at is not None else None
        told["reserved"] = sorted(row.reserved_codes())
        found.append(told)
    return _items(found)


def scope_asked() -> Scope:
    """The year, wijk and barrier that are asked for; 400 for what there is none of."""
    year, wijk, barrier = (request.args.get(name) for name in ("year", "wijk", "barrier"))
    if year is not None and not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year[:9]) <= LAST_YEAR):
        raise BadRequest
    if wijk is not None and wijk not in Places.of(reading()).wijken:
        raise BadRequest
    if barrier is not None and barrier not in house().lists["barriers"].items:
        raise BadRequest
    return scope_of(int(year[:9]) if year is not None else None, wijk, barrier)


def report() -> Response:
    """The tables of the report over a year; small cells are withheld, as on its page."""
    check_reader()
    municipality = str(current_app.jinja_env.globals["municipality"])
    made = figures_over_all(report_for, house(), municipality, scope_asked(), language()).report
    made = replace(made, made_at=figures_as_of() or made.made_at)
    return jsonify(
        {
            "municipality": made.municipality,
            "periodFrom": value(made.period_from),
            "periodUntil": value(made.period_until),
            "madeAt": moment(made.made_at),
            "headline": {name: asdict(cell) for name, cell in made.headline.items()},
            "tables": [
                {
                    **asdict(each.definition),
                    "columns": each.columns,
                    "rows": [
                        {
                            "key": row.key,
                            "label": row.label,
                            "partOf": row.part_of,
                            "cells": {name: asdict(cell) for name, cell in row.cells.items()},
                        }
                        for row in each.rows
                    ],
                }
                for each in made.tables
            ],
            "notes": list(made.notes),
        }
    )
