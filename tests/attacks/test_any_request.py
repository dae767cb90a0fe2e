"""Any request that fits the routes, made up by the thousand: no answer is an error of ours."""

import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.access.matrix.dossiers import dossiers
from tests.access.matrix.test_matrix import methods, path, rules
from tests.attacks.test_hostile_input import came_alive, forms
from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from wijkteam.web.app import create_app

TEXT = {"type": "string", "maxLength": 200}


def described(app: Flask, town: Town, browser: Any) -> dict[str, Any]:
    """The routes as OpenAPI tells them: parameters in the path, the fields of the forms, and ids that exist."""
    ids: dict[str, list[Any]] = {}
    for dossier in dossiers(town):
        for name, value in dossier.ids.items():
            ids.setdefault(name, []).append(value)
    paths: dict[str, Any] = {}
    for rule in rules(app):
        if rule.endpoint in ("static", "sign_in.leave"):
            continue
        place = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        made = path(app, rule, {name: values[0] for name, values in ids.items()})
        page = re.sub(r"/(stap|mandaat|spoor|termijn|rugdekking|bijlage)\b.*", "", made) if made else None
        parameters = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"anyOf": [{"enum": ids[name]}, TEXT]} if name in ids else TEXT,
            }
            for name in sorted(rule.arguments)
        ]
        for method in methods(rule):
            operation: dict[str, Any] = {"parameters": parameters, "responses": {"default": {"description": "a page"}}}
            if method == "GET":
                asked = [{"name": name, "in": "query", "schema": TEXT} for name in ("van", "tot", "dag", "q", "next")]
                operation["parameters"] = [*parameters, *asked]
            else:
                fields = sorted(forms(app, browser, page)) if page else []
                form = {"type": "object", "properties": dict.fromkeys([*fields, "version", "why"], TEXT)}
                operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
            paths.setdefault(place, {})[method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": "wijkteam", "version": "1"}, "paths": paths}


@pytest.mark.parametrize(
    ("database_url", "name"), [("sqlite", "ada"), ("postgresql", "fenna")], indirect=["database_url"]
)
def test_no_request_that_fits_the_routes_is_answered_by_an_error_of_ours(town: Town, name: str) -> None:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    sign_in_quietly(browser, town, name)
    schema = schemathesis.openapi.from_dict(described(app, town, browser))
    town.close()
    operations = [found.ok() for found in schema.get_all_operations()]

    @given(st.data())
    @settings(
        max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None, database=None
    )
    def try_one(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        case = data.draw(operation.as_strategy())
        where = case.formatted_path
        answer = browser.open(
            where,
            method=case.method,
            query_string=case.query or {},
            data=case.body if isinstance(case.body, dict) else {},
        )
        assert came_alive(answer) == [], (case.method, where)

    try_one()
