"""Reading what a program sends: a JSON object whose fields are of the asked kinds, as the services take them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import MOST_PERSONS


@dataclass(frozen=True)
class Shaped:
    """A kind of field that no form has: how it is described, what fits, and what is said of what does not."""

    schema: Mapping[str, Any]
    fits: Callable[[Any], bool]
    wrong: Reason


Asked = Mapping[str, FieldType | Shaped]
AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{2})?")
NOT_ASKED = Reason("Dit werd niet gevraagd.", "This was not asked.")
WRONG_KIND = {
    FieldType.MONEY: Reason('Stuur euro\'s als tekst, zoals "250.00".', 'Send euros as text, such as "250.00".'),
    FieldType.PERSON: Reason("Stuur het nummer van een persoon.", "Send the number of a person."),
    FieldType.YES_NO: Reason("Stuur true of false.", "Send true or false."),
}
NO_TEXT = Reason("Stuur hier tekst.", "Send text here.")


def read_body(asked: Asked) -> dict[str, Any]:
    """The fields of the body, by their names here; what is null is left out.

    Raises WrongFields for what was not asked and what is of another kind; 400 and 415 for what is no JSON object.
    """
    given = json_object()
    known = {camel(name): name for name in asked}
    fields: dict[str, Any] = {}
    mistakes: dict[str, Reason] = {}
    for name, found in given.items():
        if name not in known:
            mistakes[name] = NOT_ASKED
        elif found is not None:
            read = _read(asked[known[name]], found)
            if isinstance(read, Reason):
                mistakes[known[name]] = read
            else:
                fields[known[name]] = read
    if mistakes:
        raise WrongFields(mistakes)
    return fields


def json_object() -> dict[str, Any]:
    """The body as a JSON object, empty where nothing was sent; 400 and 415 for what is none."""
    if not request.get_data():
        return {}
    if not request.is_json:
        raise UnsupportedMediaType
    given = request.get_json()
    if not isinstance(given, dict) or not all(is_text(each) for each in given):
        raise BadRequest
    return given


def is_text(found: str) -> bool:
    """Whether it can be kept: no half of a pair of signs, and no sign that stands for the end."""
    try:
        found.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in found


def _is_level(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= MOST_PERSONS


NUMBER = Shaped(
    {"type": "integer", "minimum": 0, "maximum": MOST_PERSONS},
    _is_level,
    Reason("Stuur een heel getal.", "Send a whole number."),
)
CODES = Shaped(
    {"type": "array", "items": {"type": "string"}, "maxItems": 40},
    lambda found: isinstance(found, list) and all(isinstance(each, str) and is_text(each) for each in found),
    Reason("Stuur een lijst van codes.", "Send a list of codes."),
)
LEVELS = Shaped(
    {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 100}},
    lambda found: isinstance(found, dict) and all(_is_level(each) for each in found.values()),
    Reason("Stuur per domein een niveau.", "Send a level for each domain."),
)


def _read(kind: FieldType | Shaped, found: Any) -> Any:
    if isinstance(kind, Shaped):
        return found if kind.fits(found) else kind.wrong
    match kind:
        case FieldType.YES_NO:
            fits = isinstance(found, bool)
        case FieldType.PERSON:
            fits = isinstance(found, int) and not isinstance(found, bool) and 0 < found <= MOST_PERSONS
        case FieldType.MONEY:
            if isinstance(found, str) and AMOUNT.fullmatch(found):
                whole, _point, part = found.partition(".")
                return int(whole) * 100 + int(part or 0)
            fits = False
        case _:
            fits = isinstance(found, str) and is_text(found)
    return found if fits else WRONG_KIND.get(kind, NO_TEXT)
