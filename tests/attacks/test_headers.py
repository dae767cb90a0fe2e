"""What browsers are told: no script, no frames, nothing of elsewhere; and no change without a token of our own page."""

import re

import pytest
from flask import Flask

from tests.access.matrix.test_matrix import methods, nothing, path, rules
from tests.conftest import Town
from tests.signed_in import client, sign_in_quietly
from wijkteam.shipped import folder
from wijkteam.web.app import create_app
from wijkteam.web.headers import CONTENT_POLICY, FIXED
from wijkteam.web.safety import Safety
from wijkteam.web.scripts import SCRIPT_POLICY

WITHOUT_TOKEN = frozenset({"single_sign_on.signed_out_there", "zaaksysteem.notified"})
"""Routes that another program calls, and that prove themselves in another way; see their tests."""
OF_PROGRAMS = "api."
"""What programs ask: no cookie counts there; see tests/api."""
OF_RESIDENTS = "public_signals."
"""Pages that know nobody, so that there is nobody to act for: their forms carry a signed mark; see tests/signals."""
PATHS = ("/", "/inloggen", "/casussen", "/bestaat-niet", "/static/wijkteam.css", "/verslag.csv")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_every_protective_header(town: Town, path: str) -> None:
    for name in (None, "teun"):
        answer = client(town, name).get(path)
        assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
        assert {header: answer.headers[header] for header in FIXED} == FIXED
        assert "Server" not in answer.headers
        assert path.startswith("/static") or answer.headers["Cache-Control"] == "no-store"


def test_no_page_can_be_shown_within_another_and_none_runs_script_or_sends_a_form_elsewhere() -> None:
    allowed = dict(part.split(" ", 1) for part in CONTENT_POLICY.split("; "))
    assert allowed["default-src"] == allowed["script-src"] == allowed["frame-ancestors"] == "'none'"
    assert allowed["base-uri"] == "'none'" and allowed["form-action"] == "'self'"
    assert "unsafe" not in CONTENT_POLICY and "http" not in CONTENT_POLICY and FIXED["X-Frame-Options"] == "DENY"


def test_where_script_is_needed_it_is_only_that_of_this_system_and_all_else_stays_forbidden() -> None:
    allowed = dict(part.split(" ", 1) for part in SCRIPT_POLICY.split("; "))
    usual = dict(part.split(" ", 1) for part in CONTENT_POLICY.split("; "))
    assert allowed == {**usual, "script-src": "'self'", "connect-src": "'self'"}


def test_no_template_holds_a_style_or_a_script_of_its_own() -> None:
    for template in folder("templates").rglob("*.html"):
        told = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", told), template


def test_in_production_cookies_and_pages_travel_by_https_only(town: Town) -> None:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=Safety(production=True))
    answer = app.test_client().get("/inloggen", base_url="https://wijkteam.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    [cookie] = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_nothing_is_changed_without_a_token_of_our_own_page(town: Town) -> None:
    app: Flask = create_app(town.house, "a key for tests", "Voorbeeldstad")
    ada = app.test_client()
    sign_in_quietly(ada, town, "ada")
    for rule in rules(app):
        made = path(app, rule, nothing(rule, rule.arguments))
        if rule.endpoint in WITHOUT_TOKEN or rule.endpoint.startswith((OF_RESIDENTS, OF_PROGRAMS)):
            continue
        for method in set(methods(rule)) - {"GET"}:
            answer = ada.open(made or "", method=method)
            assert answer.status_code == 400, (method, rule.rule, answer.status_code)
