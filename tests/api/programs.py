"""A program that acts for somebody with a token, and what it is answered."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Town
from wijkteam.api_access.service import SCOPES, make_token
from wijkteam.terms import clock
from wijkteam.web.app import create_app


def token_of(town: Town, name: str, *scopes: str) -> str:
    """A token of this person, for everything unless told."""
    secret = make_token(town.work(name), f"Programma van {name}", scopes or SCOPES, clock.today() + timedelta(days=30))
    town.close()
    return secret


class Program:
    """Speaks to the API for one person."""

    def __init__(self, app: Flask, token: str | None, language: str = "nl") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **asked: Any) -> TestResponse:
        """Read something."""
        return self.client.get(f"/api/v1{path}", headers=self.headers, query_string=asked)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Add something or take a step; `if_match` and `idempotency_key` become headers."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", headers={**self.headers, **given}, json=body or {})

    def step(self, path: str, name: str, body: Any = None, **headers: str) -> TestResponse:
        """Take a step on the subject as it stands now."""
        seen = self.get(path).headers["ETag"]
        return self.post(f"{path}/steps/{name}", body, **{"if_match": seen, **headers})


def app_of(town: Town) -> Flask:
    """The app on this town; with all guards that a browser meets too."""
    return create_app(town.house, "a key for tests", "Voorbeeldstad")


def program(town: Town, name: str, *scopes: str, language: str = "nl") -> Program:
    """A program that acts for this person."""
    return Program(app_of(town), token_of(town, name, *scopes), language)
