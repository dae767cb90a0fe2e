"""Values as scenarios write them: people and teams by name, amounts in euros, days and moments as text."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from wijkteam.engine.definition import AskedField, FieldType, Workflow
from wijkteam.engine.fields import WrongFields, read_cents
from wijkteam.people.queries import team_name
from wijkteam.storage.subject import SubjectColumns
from wijkteam.terms import clock


def as_filled_in(field: AskedField | None, value: Any, people: Mapping[str, int]) -> Any:
    """What a person would type into a form: text, or the number of somebody in the cast."""
    if field is not None and field.type is FieldType.PERSON:
        return people.get(str(value), value)
    return value if value is None or isinstance(value, bool) else str(value)


def as_written(
    session: Session, subject: SubjectColumns, name: str, workflow: Workflow, people: Mapping[int, str]
) -> Any:
    """A value that a subject keeps, as a scenario writes it; None for nothing. `people` are names by number."""
    value = getattr(subject, name)
    match value:
        case None | bool():
            return value
        case datetime():
            return f"{clock.local(value):%Y-%m-%dT%H:%M}"
        case date():
            return value.isoformat()
    target = _refers_to(type(subject), name)
    if target == "person":
        return people.get(value, str(value))
    if target == "team":
        return team_name(session, value)
    if _is_money(workflow, name):
        return euros(value)
    return str(value)


def as_expected(value: Any, workflow: Workflow, name: str) -> Any:
    """The value of an expectation, in the same form as `as_written` gives it."""
    if value is None or isinstance(value, bool):
        return value
    if _is_money(workflow, name):
        try:
            return euros(read_cents(str(value), name))
        except WrongFields:
            return str(value)
    return str(value)


def euros(cents: int) -> str:
    """An amount in cents as a scenario writes it: 2500.00."""
    return f"{Decimal(cents) / 100:.2f}"


def _refers_to(model: type[SubjectColumns], name: str) -> str | None:
    keys = inspect(model).columns[name].foreign_keys
    return next((str(key.column.table.name) for key in keys), None)


def _is_money(workflow: Workflow, name: str) -> bool:
    field = workflow.fields.get(name)
    return field is not None and field.type is FieldType.MONEY
