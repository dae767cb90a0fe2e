"""Browsers that sign in by the page, and what tests read from pages."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Town
from wijkteam.demo.town import PASSWORD
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

KEY = "a key for tests"
GOOD = "zeven bruine kroketten"


def address_of(name: str) -> str:
    return f"{name}@voorbeeldstad.example"


def browser(town: Town, safety: Safety | None = None, sends_mail: bool = False) -> FlaskClient:
    app = create_app(town.house, KEY, "Voorbeeldstad", sends_mail, safety)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: object) -> TestResponse:
    return client.post("/inloggen", data={"email": address_of(name), "password": password}, **more)  # type: ignore[arg-type]


def signed_in(town: Town, name: str, **more: object) -> FlaskClient:
    client = browser(town, **more)  # type: ignore[arg-type]
    assert sign_in(client, name).status_code == 302
    return client


def hidden_fields(page: str) -> dict[str, str]:
    """What goes along in a page without being seen, but for the token of the page itself."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found.update(re.findall(r'<textarea hidden name="([^"]+)">\n(.*?)</textarea>', page, re.DOTALL))
    return {name: unescape(value) for name, value in found.items() if name != "csrf_token"}


def token(page: str) -> str:
    """The token of a page, without which no form is taken."""
    return re.findall(r'name="csrf_token" value="([^"]*)"', page)[0]


def without_tokens(page: str) -> str:
    """A page but for its tokens, which are never alike."""
    return re.sub(r'name="(?:csrf_token|sending)" value="[^"]*"', "", page)
