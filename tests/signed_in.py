"""A browser of the test kind in which somebody is signed in already, also who has no password."""

from flask.testing import FlaskClient

from tests.conftest import Town
from wijkteam.signing_in.sessions import Begun, Limits, begin_session
from wijkteam.web.app import create_app


def sign_in_quietly(browser: FlaskClient, town: Town, name: str) -> None:
    """Begin a session for this person without any page."""
    person = town.work(name).actor.person_id
    with browser.session_transaction() as session:
        session["_user_id"] = begin_session(town.clockwork(), Begun(person, ("password",)), Limits())
        session["_fresh"] = True


def client(town: Town, name: str | None) -> FlaskClient:
    """Somebody who has signed in, or (None) nobody."""
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    if name is not None:
        sign_in_quietly(browser, town, name)
    return browser
