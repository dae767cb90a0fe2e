"""What a program sends and is told, written down once as a model: read, checked and described from it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError, WithJsonSchema
from werkzeug.exceptions import BadRequest

from wijkteam.engine.fields import LONGEST_LINE, LONGEST_TEXT, WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.web.api.bodies import NO_TEXT, NOT_ASKED, is_text, json_object
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import EUROS, MOMENT, MOST_PERSONS, Schema, euros, moment

EMPTY = Reason("Vul dit in.", "Please fill this in.")
TOO_LONG = Reason("Maak dit korter.", "Please shorten this.")
NO_DAY = Reason("Dit is geen datum. Voorbeeld: 2026-03-31.", "This is no date. Example: 2026-03-31.")
NOT_SO = Reason("Dit heeft niet de gevraagde vorm.", "This has not the form that is asked.")
WHY_NOT: Mapping[str, Reason] = {
    "missing": EMPTY,
    "extra_forbidden": NOT_ASKED,
    "string_too_long": TOO_LONG,
    "string_type": NO_TEXT,
    "date_parsing": NO_DAY,
    "date_type": NO_DAY,
    "date_from_datetime_parsing": NO_DAY,
}
REF = "#/components/schemas/{model}"
PARTS: dict[str, Schema] = {}
"""Schemas that others refer to, by name; they stand once in the description."""


class Sent(BaseModel):
    """What a program sends: nothing that was not asked."""

    model_config = ConfigDict(alias_generator=camel, extra="forbid", frozen=True)

    def as_filled_in(self) -> dict[str, str]:
        """The same as a form of the pages holds it: text by field, without what was left out."""
        found: dict[str, str] = {}
        for name, value in self:
            match value:
                case None:
                    continue
                case bool():
                    found[name] = "ja" if value else "nee"
                case date():
                    found[name] = value.isoformat()
                case _:
                    found[name] = str(value)
        return found


class Told(BaseModel):
    """What a program is told."""

    model_config = ConfigDict(alias_generator=camel, populate_by_name=True, frozen=True, from_attributes=True)


class Nothing(Sent):
    """A deed that asks nothing."""


Line = Annotated[str, Field(max_length=LONGEST_LINE)]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, Field(max_length=60)]
Id = Annotated[str, Field(max_length=12)]
Number = Annotated[int, Field(ge=1, le=MOST_PERSONS)]
Version = Annotated[int, Field(ge=1, le=999_999_999)]
Amount = Annotated[str, Field(pattern=EUROS["pattern"])]
"""Euros as text; `cents` reads it."""
At = Annotated[datetime, PlainSerializer(moment, return_type=str), WithJsonSchema(MOMENT)]
"""A moment, told in UTC."""
Euros = Annotated[int, PlainSerializer(euros, return_type=str), WithJsonSchema(EUROS)]
"""Cents, told as euros."""
SentModel = TypeVar("SentModel", bound=Sent)  # not said to people


def cents(amount: str | None) -> int | None:
    """Euros as a program sends them, in cents."""
    if amount is None:
        return None
    whole, _point, part = amount.partition(".")
    return int(whole) * 100 + int(part)


def read(model: type[SentModel]) -> SentModel:
    """The body. Raises WrongFields, field by field; 400 and 415 for what is no JSON object."""
    return _checked(model, json.dumps(json_object()), strict=True)


def read_query(model: type[SentModel]) -> SentModel:
    """What stands behind the question mark. Raises WrongFields; 400 for what is no text."""
    lists = {each.alias for each in model.model_fields.values() if "tuple" in str(each.annotation)}
    given: dict[str, Any] = {
        name: found if name in lists else found[0] for name, found in request.args.to_dict(flat=False).items()
    }
    return _checked(model, json.dumps(given), strict=False)


def _checked(model: type[SentModel], text: str, strict: bool) -> SentModel:
    try:
        found = model.model_validate_json(text, strict=strict)
    except ValidationError as error:
        raise _wrong(error) from None
    if not _only_text(found.model_dump()):
        raise BadRequest
    return found


def _only_text(found: Any) -> bool:
    match found:
        case str():
            return is_text(found)
        case dict():
            return all(map(_only_text, found.values()))
        case list() | tuple():
            return all(map(_only_text, found))
    return True


def _wrong(error: ValidationError) -> Exception:
    mistakes: dict[str, Reason] = {}
    for each in error.errors(include_url=False):
        if each["type"] == "json_invalid" or not each["loc"]:
            return BadRequest()
        mistakes.setdefault(str(each["loc"][0]), WHY_NOT.get(each["type"], NOT_SO))
    return WrongFields(mistakes)


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of a model; what it is made of stands among PARTS."""
    mode: Any = "validation" if issubclass(model, Sent) else "serialization"
    found: Schema = _untitled(model.model_json_schema(by_alias=True, ref_template=REF, mode=mode))
    PARTS.update(found.pop("$defs", {}))
    found.pop("description", None)
    if issubclass(model, Sent):
        found.setdefault("required", [])
    return found


def _untitled(found: Any) -> Any:
    """Without the titles that are the names of fields once more."""
    if isinstance(found, list):
        return [_untitled(each) for each in found]
    if not isinstance(found, dict):
        return found
    told = {name: each for name, each in found.items() if not (name == "title" and isinstance(each, str))}
    by_name = ("properties", "$defs")
    return {
        name: {key: _untitled(each) for key, each in part.items()} if name in by_name else _untitled(part)
        for name, part in told.items()
    }
