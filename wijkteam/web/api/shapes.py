"""What a subject looks like in JSON, and the schema of that: both from the columns of its table."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import inspect

from wijkteam.engine.definition import AskedField, FieldType, Text, Transition, Workflow
from wijkteam.engine.fields import LONGEST_LINE, LONGEST_TEXT
from wijkteam.engine.running import Option
from wijkteam.events.model import Event
from wijkteam.people import queries as people
from wijkteam.storage.columns import Moment
from wijkteam.web.acting import house, reading
from wijkteam.web.api.kinds import HIDDEN, Kind
from wijkteam.web.api.problems import camel
from wijkteam.web.language import said
from wijkteam.web.showing import readable_fields, state_title, step_title

Schema = dict[str, Any]
SUBJECT = ("id", "version", "state", "opened_at", "state_since")
TEXT: Schema = {"type": "string"}
EUROS: Schema = {"type": "string", "pattern": r"^[0-9]{1,10}\.[0-9]{2}$", "examples": ["1250.50"]}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MOST_PERSONS = 2**31 - 1
TYPES: dict[type, Schema] = {
    str: TEXT,
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: DAY,
    datetime: MOMENT,
}


def euros(cents: int | None) -> str | None:
    """An amount in cents as euros in decimals: "1250.50"."""
    return None if cents is None else str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def moment(at: datetime) -> str:
    """A moment in UTC (RFC 3339)."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def value(found: Any) -> Any:
    """One value of a column or a field in JSON."""
    if isinstance(found, datetime):
        return moment(found)
    return found.isoformat() if isinstance(found, date) else found


@cache
def columns(kind: Kind) -> tuple[str, ...]:
    """The columns of a kind that programs are told."""
    hidden = HIDDEN | kind.hidden | {"event_hash"} | set(SUBJECT)
    return tuple(each.key for each in inspect(kind.model).column_attrs if each.key not in hidden)


def _schema_of(kind: Kind, name: str) -> Schema:
    column = inspect(kind.model).columns[name]
    is_moment = isinstance(column.type, Moment)
    shape = EUROS if name in kind.money else MOMENT if is_moment else TYPES[column.type.python_type]
    partly = kind.in_parts and name not in kind.listed
    return {**shape, "type": [shape["type"], "null"]} if column.nullable or name == "case_id" or partly else shape


def summary_schema(kind: Kind, names: tuple[str, ...] | None = None) -> Schema:
    """The schema of a subject in a list, or with other columns."""
    shown = kind.listed if names is None else names
    own = {
        "id": TEXT,
        "kind": {"const": kind.name},
        "version": {"type": "integer"},
        "state": TEXT,
        "stateTitle": TEXT,
        "openedAt": MOMENT,
        "stateSince": MOMENT,
        "dueAt": {**MOMENT, "type": ["string", "null"]},
    }
    household: Schema = {"household": {"type": "string"}} if kind.collection == "cases" else {}
    properties = {**own, **household, **{camel(name): _schema_of(kind, name) for name in shown}}
    return {"type": "object", "properties": properties, "required": list(properties)}


def detail_schema(kind: Kind) -> Schema:
    """The schema of one subject, with everything that may be told of it and what can be done with it."""
    found = summary_schema(kind, columns(kind))
    for name, schema in kind.more.items():
        found["properties"][camel(name)] = dict(schema)
        found["required"].append(camel(name))
    found["properties"]["options"] = {"type": "array", "items": {"$ref": "#/components/schemas/Option"}}
    found["required"].append("options")
    return found


def summary(
    kind: Kind, row: Any, due: Mapping[str, datetime], household: str | None = None, names: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A subject as it stands in a list; `household` is who or where, for a case."""
    due_at = due.get(row.id)
    told = {
        "id": row.id,
        "kind": kind.name,
        "version": row.version,
        "state": row.state,
        "stateTitle": state_title(kind.name, row.state),
        "openedAt": moment(row.opened_at),
        "stateSince": moment(row.state_since),
        "dueAt": moment(due_at) if due_at is not None else None,
    }
    if kind.collection == "cases":
        told["household"] = household or ""
    for name in names or kind.listed:
        found = getattr(row, name)
        told[camel(name)] = euros(found) if name in kind.money else value(found)
    return told


def option(kind: Kind, offered: Option, workflow: Workflow) -> dict[str, Any]:
    """One step: open, or why not and who could do it."""
    told: dict[str, Any] = {
        "name": offered.transition.name,
        "title": said(offered.transition.title),
        "open": offered.open,
        "who": [said(each) for each in offered.who],
        "fields": [
            {"name": camel(ask.field), "title": said(workflow.fields[ask.field].title), "required": ask.required}
            for ask in offered.transition.questions
        ],
    }
    if offered.reason is not None:
        told["reason"] = said(offered.reason)
    return told


OPTION: Schema = {
    "type": "object",
    "required": ["name", "title", "open", "who", "fields"],
    "properties": {
        "name": TEXT,
        "title": TEXT,
        "open": {"type": "boolean"},
        "who": {"type": "array", "items": TEXT},
        "reason": TEXT,
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "title", "required"],
                "properties": {"name": TEXT, "title": TEXT, "required": {"type": "boolean"}},
            },
        },
    },
}

EVENT: Schema = {
    "type": "object",
    "required": ["sequence", "name", "title", "at", "by", "byName", "stateFrom", "stateTo", "fields"],
    "properties": {
        "sequence": {"type": "integer"},
        "name": TEXT,
        "title": TEXT,
        "at": MOMENT,
        "by": {"type": ["integer", "null"]},
        "byName": TEXT,
        "stateFrom": {"type": ["string", "null"]},
        "stateTo": TEXT,
        "fields": {"type": "object", "description": "What was filled in, by the name of the field."},
    },
}


def told(event: Event, with_fields: bool = True) -> dict[str, Any]:
    """One event of a story. Amounts are euros, as everywhere."""
    found = (readable_fields(event) or {}) if with_fields else {}
    money = _money_of(event.subject_kind) if found else frozenset[str]()
    return {
        "sequence": event.sequence,
        "name": event.name,
        "title": step_title(event.subject_kind, event.name),
        "at": moment(event.at),
        "by": event.actor_id,
        "byName": people.name(reading(), event.actor_id),
        "stateFrom": event.state_from,
        "stateTo": event.state_to,
        "fields": {camel(name): euros(each) if name in money else value(each) for name, each in found.items()},
    }


def _money_of(kind: str) -> frozenset[str]:
    versions = house().engine.versions(kind)
    return frozenset(name for each in versions for name, asked in each.fields.items() if asked.type is FieldType.MONEY)


def field_schema(asked: AskedField, lists: Mapping[str, Mapping[str, Text]]) -> Schema:
    """The schema of one asked field, in a body that a program sends."""
    about = {"description": f"{asked.title.en} ({asked.title.nl})"}
    match asked.type:
        case FieldType.LINE:
            return {**about, "type": "string", "maxLength": LONGEST_LINE}
        case FieldType.TEXT:
            return {**about, "type": "string", "maxLength": LONGEST_TEXT}
        case FieldType.DATE | FieldType.FUTURE_DATE:
            return {**about, **DAY}
        case FieldType.MONEY:
            return {**about, **EUROS}
        case FieldType.CHOICE:
            choices = asked.choices if asked.choices is not None else lists[asked.list or ""]
            return {**about, "type": "string", "enum": sorted(choices)}
        case FieldType.PERSON:
            return {**about, "type": "integer", "minimum": 1, "maximum": MOST_PERSONS}
        case FieldType.YES_NO:
            return {**about, "type": "boolean"}


def step_schema(workflow: Workflow, transition: Transition, lists: Mapping[str, Mapping[str, Text]]) -> Schema:
    """The schema of what one step asks."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [camel(ask.field) for ask in transition.questions if ask.required],
        "properties": {
            camel(ask.field): field_schema(workflow.fields[ask.field], lists) for ask in transition.questions
        },
    }
