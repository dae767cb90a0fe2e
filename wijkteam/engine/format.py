"""The format of definitions as JSON Schema, for editors and other tools."""

from typing import Any

from wijkteam.engine.definition import Workflow

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """JSON Schema of a workflow file, also of one that extends another and so leaves out what stays the same."""
    whole = Workflow.model_json_schema(by_alias=True)
    parts = whole.pop("$defs")
    _widen(parts, whole)
    changes = {
        "type": "object",
        "required": ["workflow", "version", "extends"],
        "properties": {
            "workflow": whole["properties"]["workflow"],
            "version": whole["properties"]["version"],
            "extends": {
                "type": "object",
                "description": "The definition of which this one says only what differs.",
                "required": ["workflow", "version"],
                "additionalProperties": False,
                "properties": {"workflow": {"type": "string"}, "version": {"type": "integer", "minimum": 1}},
            },
        },
    }
    return {
        "$schema": SCHEMA,
        "title": "A wijkteam workflow",
        "if": {"required": ["extends"]},
        "then": changes,
        "else": whole,
        "$defs": parts,
    }


def _widen(parts: dict[str, Any], whole: dict[str, Any]) -> None:
    """Where one name may stand instead of a list of one."""
    for part, key in (("Transition", "from"), ("StateTerm", "on_miss")):
        listed = parts[part]["properties"][key]
        parts[part]["properties"][key] = {"anyOf": [listed, listed["items"]], "title": listed.get("title", key)}
