"""Signing out: here and then there, and there and so here too."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import select

from tests.single_sign_on.conftest import Place
from tests.single_sign_on.real_provider import RealProvider
from wijkteam.signing_in.model import SignInSession
from wijkteam.signing_in.single_sign_on.model import ProviderSignIn, SeenLogoutToken

Account = Callable[..., str]


def sign_out(place: Place, browser: requests.Session) -> requests.Response:
    page = place.go(browser, "/mijn-berichten").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    return browser.post(f"{place.address}/uitloggen", data={"csrf_token": token[1]}, allow_redirects=False, timeout=10)


def test_who_signs_out_here_is_led_to_sign_out_there_and_comes_back(
    place: Place, real: RealProvider, account: Account
) -> None:
    browser, _ = place.sign_in(real, account())
    page = sign_out(place, browser)
    assert page.status_code == 200 and not place.is_in(browser)
    address = unescape(re.search(r'class="button" href="([^"]+)"', page.text)[1])  # type: ignore[index]
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{real.issuer}/session/end?") and asked["id_token_hint"][0].count(".") == 2
    assert f"0; url={address}" in unescape(page.text)
    back = real.sign_out(browser, address).headers["Location"]
    assert back.startswith(f"{place.address}/inloggen/extern/uitgelogd?state=")
    assert "en uit uw werkaccount" in place.go(browser, back).text
    assert place.go(browser, back).status_code == 302
    assert place.town.clockwork().session.scalars(select(ProviderSignIn)).all() == []


def test_the_provider_itself_ends_the_session_of_who_signed_out_there_and_no_other(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub = account()
    desk, _ = place.sign_in(real, sub)
    phone, _ = place.sign_in(real, sub)
    colleague, _ = place.sign_in(real, account("teun"))
    kept = place.town.clockwork().session.scalars(select(ProviderSignIn.id_token).order_by(ProviderSignIn.session_id))
    real.sign_out(desk, f"{real.issuer}/session/end?id_token_hint={kept.first()}")
    assert [place.is_in(each) for each in (desk, phone, colleague)] == [False, True, True]
    session = place.town.clockwork().session
    assert session.scalars(select(SignInSession.ended_why).order_by(SignInSession.id)).all() == [
        "signed_out_at_provider",
        None,
        None,
    ]
    assert len(session.scalars(select(SeenLogoutToken)).all()) == 1


def test_a_logout_without_a_good_token_does_nothing(place: Place, real: RealProvider, account: Account) -> None:
    browser, _ = place.sign_in(real, account())
    id_token = place.town.clockwork().session.scalars(select(ProviderSignIn.id_token)).one()
    for sent in (
        {},
        {"logout_token": ""},
        {"logout_token": "a.b.c"},
        {"logout_token": id_token},
        {"logout_token": "."},
    ):
        answer = requests.post(f"{place.address}/inloggen/extern/afmelden", data=sent, timeout=10)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store"), sent
    assert place.go(requests.Session(), "/inloggen/extern/afmelden").status_code == 405
    assert place.is_in(browser)
