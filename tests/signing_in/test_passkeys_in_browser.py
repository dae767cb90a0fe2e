"""Passkeys in a real browser with a virtual security key: making one, signing in with it, and what is refused."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from sqlalchemy import select, update

from tests.signing_in.conftest import Served
from wijkteam.demo.town import PASSWORD
from wijkteam.signing_in.held import changes, held_factors
from wijkteam.signing_in.model import Passkey, SignInSession
from wijkteam.signing_in.passkeys import PasskeyRefused, RelyingParty, ask_to_prove, prove_passkey
from wijkteam.terms import clock

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Person:
    """Somebody with a browser and a security key in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.broken: list[str] = []
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", lambda said: self.broken.append(said.text) if said.type == "error" else None)
        self.keys: CDPSession = context.new_cdp_session(self.page)
        self.keys.send("WebAuthn.enable")
        made = self.keys.send("WebAuthn.addVirtualAuthenticator", {"options": self.options()})
        self.authenticator: str = made["authenticatorId"]

    @staticmethod
    def options() -> dict[str, Any]:
        return {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }

    def visits(self, path: str) -> None:
        self.page.goto(self.address + path)

    def gives_password(self, email: str) -> None:
        self.visits("/inloggen")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.get_by_label("Wachtwoord").fill(PASSWORD)
        self.presses("Inloggen")

    def presses(self, title: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=title).click()

    def makes_a_passkey(self, name: str) -> None:
        self.page.get_by_label("Naam van de passkey").fill(name)
        self.presses("Passkey toevoegen")

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        wide = self.page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels too wide"
        shots = os.environ.get("WIJKTEAM_SHOTS")
        if shots:
            name = f"{heading.lower().replace(' ', '-')}-{(self.page.viewport_size or PHONE)['width']}.png"
            self.page.screenshot(path=str(Path(shots) / name), full_page=True)

    def leaves(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Uitloggen").click()


@contextmanager
def somebody(browser: Browser, served: Served, viewport: dict[str, int]) -> Iterator[Person]:
    context = browser.new_context(viewport=viewport)
    person = Person(context, served.address)
    yield person
    assert person.broken == []
    context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_administrator_makes_a_passkey_signs_in_with_it_and_cannot_take_the_last_one_away(
    browser: Browser, served: Served, viewport: dict[str, int]
) -> None:
    with somebody(browser, served, viewport) as ada:
        ada.gives_password("ada@voorbeeldstad.example")
        ada.sees("Stel eerst een tweede stap in")
        expect(ada.page.get_by_role("heading", name="App met codes")).to_have_count(0)
        ada.makes_a_passkey("mijn telefoon")
        ada.sees("Uw herstelcodes")
        with ada.page.expect_navigation():
            ada.page.get_by_role("link", name="Ik heb ze bewaard").click()
        ada.sees("Mijn werk")
        ada.leaves()

        ada.gives_password("ada@voorbeeldstad.example")
        ada.sees("Inloggen: tweede stap")
        ada.presses("Passkey gebruiken")
        ada.sees("Mijn werk")
        ada.leaves()

        ada.visits("/inloggen?next=/mijn-toegang/tweede-stap")
        with ada.page.expect_navigation():
            ada.page.get_by_role("link", name="Inloggen met een passkey").click()
        ada.sees("Inloggen met een passkey")
        ada.presses("Passkey gebruiken")
        ada.sees("Mijn tweede stap")

        ada.page.get_by_text("Wijzigen").click()
        ada.page.get_by_label("Andere naam").fill("nieuwe telefoon")
        ada.presses("Naam opslaan")
        ada.page.get_by_text("Wijzigen").click()
        with ada.page.expect_response(lambda answer: answer.status == 422):
            ada.page.get_by_role("button", name="Passkey weghalen").click()
        expect(ada.page.get_by_role("alert").filter(has_text="Dit is de laatste")).to_be_visible()
        ada.sees("Mijn tweede stap")
        ada.broken = [each for each in ada.broken if "422" not in each]
        work = served.town.work("ada")
        [key] = held_factors(work.session, work.actor.person_id).passkeys
        assert (key.name, key.sign_count > 0) == ("nieuwe telefoon", True)

        # eleven minutes later a change asks for a proof anew, which the passkey gives; then it goes on by itself
        with work.transaction() as session:
            session.execute(update(SignInSession).values(proved_at=clock.now() - timedelta(minutes=11)))
        expect(ada.page.get_by_role("button", name="App instellen")).to_be_visible()
        with ada.page.expect_response(lambda answer: answer.status == 401):
            ada.page.get_by_role("button", name="App instellen").click()
        ada.sees("Bent u het zelf?")
        with ada.page.expect_navigation():
            ada.page.locator("form", has_text="Met uw passkey").get_by_role("button", name="Ga door").click()
        ada.broken = [each for each in ada.broken if "401" not in each]
        expect(ada.page.get_by_alt_text("QR-code voor uw app", exact=False)).to_be_visible()
        ada.sees("Mijn tweede stap")


def test_who_does_not_show_a_finger_a_copied_key_and_a_page_at_another_address_are_refused(
    browser: Browser, served: Served
) -> None:
    town = served.town
    with somebody(browser, served, DESK) as fenna:
        fenna.gives_password("fenna@voorbeeldstad.example")
        fenna.makes_a_passkey("telefoon")
        fenna.leaves()
        fenna.visits("/inloggen/passkey")
        answers: list[dict[str, Any]] = []
        fenna.page.on(
            "request",
            lambda sent: (
                answers.append(json.loads(sent.post_data_json["answer"]))
                if sent.method == "POST" and sent.post_data and "answer" in sent.post_data
                else None
            ),
        )
        fenna.presses("Passkey gebruiken")
        fenna.sees("Mijn werk")
        fenna.leaves()

        # the same answer once more, to a new question of this server
        work, here = town.clockwork(), RelyingParty("localhost", served.address, "wijkteam")
        replay = json.dumps(answers[-1])
        with pytest.raises(PasskeyRefused):
            prove_passkey(work, None, ask_to_prove(work, None, here).id, replay, here)

        # a key that counts back was copied: refused, and written down
        with work.transaction() as session:
            session.execute(update(Passkey).values(sign_count=10_000))
        fenna.visits("/inloggen/passkey")
        fenna.presses("Passkey gebruiken")
        expect(fenna.page.get_by_role("alert")).to_contain_text("misschien gekopieerd")
        person = town.work("fenna").actor.person_id
        assert changes(town.clockwork().session, person)[0].what == "passkey_counts_back"
        with work.transaction() as session:
            session.execute(update(Passkey).values(sign_count=0))
        fenna.broken = [each for each in fenna.broken if "401" not in each]

        # the key's holder does not show finger or PIN
        fenna.keys.send("WebAuthn.setUserVerified", {"authenticatorId": fenna.authenticator, "isUserVerified": False})
        fenna.visits("/inloggen/passkey")
        fenna.page.get_by_role("button", name="Passkey gebruiken").click()
        expect(fenna.page.get_by_role("alert")).to_contain_text("Er is geen passkey gebruikt")
        fenna.keys.send("WebAuthn.setUserVerified", {"authenticatorId": fenna.authenticator, "isUserVerified": True})

        # what the browser sends is altered on its way
        for tamper in ("signature", "authenticatorData", "clientDataJSON", "id"):
            fenna.visits("/inloggen/passkey")
            fenna.page.evaluate(TAMPER, tamper)
            fenna.presses("Passkey gebruiken")
            expect(fenna.page.get_by_role("alert")).to_be_visible()
            assert fenna.page.url.endswith("/inloggen/passkey")
        fenna.broken = [each for each in fenna.broken if "401" not in each]

        # the key is taken away: it opens nothing any more
        with work.transaction() as session:
            session.delete(session.scalars(select(Passkey)).one())
        fenna.visits("/inloggen/passkey")
        fenna.presses("Passkey gebruiken")
        expect(fenna.page.get_by_role("alert")).to_contain_text("kennen we niet")
        fenna.broken = [each for each in fenna.broken if "401" not in each]


TAMPER = """part => {
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () {
    const answer = JSON.parse(this.elements.answer.value);
    const turned = text => text.slice(0, 5) + (text[5] === "A" ? "B" : "A") + text.slice(6);
    if (part === "id") { answer.id = answer.rawId = turned(answer.id); }
    else answer.response[part] = turned(answer.response[part]);
    this.elements.answer.value = JSON.stringify(answer);
    submit.call(this);
  };
}"""
