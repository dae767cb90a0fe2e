"""Signing in with a work account at a real provider: who gets in, as whom, and what is said when it does not work."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select

from tests.single_sign_on.conftest import Place
from tests.single_sign_on.real_provider import RealProvider
from wijkteam.demo.town import PASSWORD
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.signing_in.model import SignInMail, SignInSession
from wijkteam.signing_in.single_sign_on.flow import Answer
from wijkteam.signing_in.single_sign_on.model import ProviderIdentity
from wijkteam.signing_in.single_sign_on.service import recognise
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, WaysIn
from wijkteam.terms import clock
from wijkteam.web.safety import Safety

Account = Callable[..., str]


def person(place: Place, email: str) -> Person | None:
    return people.person_by_email(place.town.clockwork().session, email)


def sign_in_with_password(place: Place, name: str) -> requests.Session:
    """The other way in."""
    browser = requests.Session()
    token = re.search(r'name="csrf_token" value="([^"]+)"', place.go(browser, "/inloggen").text)
    assert token is not None
    given = {"email": f"{name}@voorbeeldstad.example", "password": PASSWORD, "csrf_token": token[1]}
    browser.post(f"{place.address}/inloggen", data=given, allow_redirects=False, timeout=10)
    return browser


def in_process(place: Place, real: RealProvider, sub: str, later: timedelta) -> tuple[int, str]:
    """Sign in while wijkteam's clock stands at a later moment; returns its answer and where it leads."""
    assert place.served.app is not None
    browser = place.served.app.test_client()
    start = clock.now()
    with clock.standing_at(start):
        address = browser.get("/inloggen/extern").location
    back = real.sign_in(requests.Session(), address, sub)
    with clock.standing_at(start + later):
        answer = browser.get(back.removeprefix(place.address))
    return answer.status_code, answer.location or answer.text


def test_a_known_person_comes_in_where_they_wanted_to_be_and_is_told_once_of_the_tie(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub = account("fenna")
    browser, answer = place.sign_in(real, sub, target="/mijn-berichten?x=1")
    mails = place.town.clockwork().session.scalars(select(SignInMail.kind)).all()
    assert mails == ["account_linked"], "the person is told by mail as well"
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/inloggen/extern/gekoppeld")
    told = place.go(browser, answer.headers["Location"])
    assert "hoort nu bij Fenna Fictief" in told.text and 'href="/mijn-berichten?x=1"' in told.text
    assert place.go(browser, "/inloggen/extern/gekoppeld").status_code == 302
    session = place.town.clockwork().session
    identity = session.scalars(select(ProviderIdentity)).one()
    begun = session.scalars(select(SignInSession)).one()
    assert (identity.issuer, identity.subject, identity.linked_how) == (real.issuer, sub, "email")
    assert begun.person_id == identity.person_id and begun.factors == "work_account" and begun.provider_session

    with_password = sign_in_with_password(place, "fenna")
    assert "is een werkaccount aan u gekoppeld" in place.go(with_password, "/").text

    account("iemand.anders", sub=sub)  # another address later: the subject is who it is
    again, answer = place.sign_in(real, sub, target="/mijn-berichten")
    assert answer.headers["Location"] == "/mijn-berichten" and place.is_in(again)
    for outside in ("https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nX: y", "/" + "a" * 400):
        _, answer = place.sign_in(real, sub, target=outside)
        assert answer.headers["Location"] == "/", outside


def test_the_road_there_holds_state_nonce_and_pkce_that_are_new_each_time(place: Place) -> None:
    asked = [parse_qs(urlsplit(place.to_provider(requests.Session())).query) for _ in range(2)]
    assert asked[0]["code_challenge_method"] == ["S256"] and asked[0]["response_type"] == ["code"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43 and asked[0][name] != asked[1][name]


def test_who_is_not_known_or_not_sure_stays_out(place: Place, real: RealProvider, account: Account) -> None:
    work = place.town.clockwork()
    place.sign_in(real, account("teun"))
    refused = {
        "an address that nobody verified": account("fenna", email_verified=False),
        "an address that the provider calls verified in another way": account("fenna", email_verified="true"),
        "somebody new without a function": account("nieuw", groups=["wandelclub"]),
        "the address of who has an account already": account("teun"),
        "somebody who left": account("mo"),
    }
    with work.transaction() as session:
        mo = people.person_by_email(session, "mo@voorbeeldstad.example")
        assert mo is not None
        mo.active = False
    for why, sub in refused.items():
        browser, answer = place.sign_in(real, sub)
        assert answer.status_code == 403 and "niet bekend" in answer.text, why
        assert not place.is_in(browser), why
    assert person(place, "nieuw@voorbeeldstad.example") is None


def test_somebody_new_is_made_only_where_the_mapping_says_so(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub = account("nieuw", groups=["wt1-profs"], name="Nina Nieuw")
    place.asks(claims=place.own.claims.model_copy(update={"create": False}))
    assert place.sign_in(real, sub)[1].status_code == 403
    place.asks(claims=place.own.claims.model_copy(update={"create": True}))
    browser, _ = place.sign_in(real, sub)
    made = person(place, "nieuw@voorbeeldstad.example")
    assert place.is_in(browser) and made is not None
    assert (made.name, made.civil_servant, made.password_hash) == ("Nina Nieuw", False, None)


def test_each_answer_is_good_once_and_only_in_the_browser_that_asked(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub, browser, other = account(), requests.Session(), requests.Session()
    back = real.sign_in(browser, place.to_provider(browser), sub)
    assert place.go(other, back).status_code == 400 and not place.is_in(other)
    assert place.go(browser, back.replace("state=", "state=x")).status_code == 400
    assert place.go(browser, back).status_code == 302 and place.is_in(browser)
    again = place.go(browser, back)
    assert again.status_code == 400 and "Begin opnieuw" in again.text

    place.to_provider(other)  # a code of somebody else, under a state of one's own
    theirs = parse_qs(urlsplit(place.to_provider(other)).query)["state"][0]
    code = parse_qs(urlsplit(real.sign_in(browser, place.to_provider(browser), sub)).query)["code"][0]
    stolen = place.go(other, f"/inloggen/extern/terug?state={theirs}&code={code}&iss={real.issuer}")
    assert stolen.status_code == 400 and not place.is_in(other)


def test_whatever_goes_wrong_there_is_one_plain_page(place: Place, real: RealProvider, account: Account) -> None:
    browser = requests.Session()
    cancelled = place.go(browser, real.sign_in(browser, place.to_provider(browser), account(), cancel=True))
    assert cancelled.status_code == 400 and "U bent gestopt met inloggen" in cancelled.text
    back = real.sign_in(browser, place.to_provider(browser), account())
    for named in ("https://evil.example", None):
        changed = back.split("&iss=")[0] + (f"&iss={named}" if named else "")
        answer = place.go(browser, changed)
        assert answer.status_code == 400 and "eigen organisatie" in answer.text
        back = real.sign_in(browser, place.to_provider(browser), account())
    for odd in ("", "?state=", "?state=%00&code=%ff", "?state=a&state=b", "?error=<script>&state=x", "?code=x"):
        assert place.go(browser, "/inloggen/extern/terug" + odd).status_code == 400
    assert not place.is_in(browser)


def test_who_takes_too_long_begins_again(place: Place, real: RealProvider, account: Account) -> None:
    status, said = in_process(place, real, account(), timedelta(minutes=10))
    assert status == 400 and "duurde te lang" in said


def test_new_keys_of_the_provider_are_fetched_when_they_are_first_seen(
    place: Place, real: RealProvider, account: Account
) -> None:
    sub = account()
    assert in_process(place, real, sub, timedelta())[0] == 302
    real.takes_new_keys()
    status, said = in_process(place, real, sub, timedelta(seconds=2))
    assert status == 400 and "klopt niet" in said, "not asked for again at every token that a stranger makes up"
    assert in_process(place, real, sub, timedelta(seconds=11))[0] == 302


def test_a_provider_that_is_down_is_said_so(place: Place, served_nowhere: str) -> None:
    place.asks(issuer=served_nowhere)
    answer = place.go(requests.Session(), "/inloggen/extern")
    assert answer.status_code == 503 and "niet te bereiken" in answer.text


def test_a_level_that_is_asked_for_must_be_reached_and_two_factors_there_count_here(
    place: Place, real: RealProvider, account: Account
) -> None:
    def factors() -> str:
        session = place.town.clockwork().session
        return session.scalars(select(SignInSession.factors).order_by(SignInSession.id.desc())).first() or ""

    place.sign_in(real, account("petra", login={"amr": ["pwd"]}))
    assert factors() == "work_account"
    place.sign_in(real, account("mo", login={"amr": ["pwd", "mfa"]}))
    assert factors() == "single_sign_on"
    place.asks(acr=("strong",))
    weak, answer = place.sign_in(real, account("teun", login={"acr": "basic"}))
    assert answer.status_code == 403 and "niet veilig genoeg" in answer.text and not place.is_in(weak)
    strong, _ = place.sign_in(real, account("teun", login={"acr": "strong"}))
    assert place.is_in(strong) and factors() == "single_sign_on"


def test_in_production_one_factor_there_opens_only_the_second_step(
    place: Place, real: RealProvider, account: Account
) -> None:
    assert place.served.app is not None
    place.opens(Safety(production=True, ways_in=WaysIn(place.own)))
    place.served.app.config["SESSION_COOKIE_SECURE"] = False  # the tests' wijkteam is on loopback without https
    one, answer = place.sign_in(real, account("petra", login={"amr": ["pwd"]}))
    assert answer.headers["Location"] == "/inloggen/tweede-stap" and not place.is_in(one)
    two, _ = place.sign_in(real, account("mo", login={"amr": ["mfa"]}))
    assert place.is_in(two)


def test_with_passwords_off_only_the_work_account_opens(place: Place, account: Account) -> None:
    browser = requests.Session()
    assert "Inloggen met uw werkaccount" in place.go(browser, "/inloggen").text
    place.opens(Safety(ways_in=WaysIn(place.own, passwords=False)))
    page = place.go(browser, "/inloggen")
    assert "Wachtwoord" not in page.text and "Inloggen met uw werkaccount" in page.text
    assert place.served.app is not None
    place.served.app.config["WTF_CSRF_ENABLED"] = False
    given = {"email": "fenna@voorbeeldstad.example", "password": PASSWORD}
    browser.post(f"{place.address}/inloggen", data=given, timeout=10)
    assert not place.is_in(browser)


def test_who_must_prove_anew_does_so_at_the_provider_and_only_as_themselves(
    place: Place, real: RealProvider, account: Account
) -> None:
    def proved() -> datetime:
        return place.town.clockwork().session.scalars(select(SignInSession.proved_at).order_by(SignInSession.id)).one()

    def answer_as(who: str) -> requests.Response:
        asked = place.go(browser, "/inloggen/extern/opnieuw?next=/mijn-berichten").headers["Location"]
        assert "prompt=login" in asked and "max_age=0" in asked
        return place.go(browser, real.sign_in(requests.Session(), asked, who))

    sub = account("fenna")
    browser, _ = place.sign_in(real, sub)
    before = proved()
    other = answer_as(account("teun"))
    assert other.status_code == 403 and "iemand anders" in other.text and proved() == before
    assert answer_as(sub).headers["Location"] == "/mijn-berichten" and proved() > before
    assert place.go(requests.Session(), "/inloggen/extern/opnieuw").headers["Location"].startswith("/inloggen?")


def test_two_windows_that_sign_somebody_in_for_the_first_time_make_one_person(place: Place) -> None:
    claims = {"email": "nieuw@voorbeeldstad.example", "email_verified": True, "groups": ["wt1-profs"]}

    def once(_number: int) -> int:
        work = place.town.house.work()
        try:
            return recognise(work, place.own, Answer("both", None, claims, False, "")).person_id
        finally:
            work.session.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(once, range(4)))
    assert len(found) == 1
    held = people.held_by(place.town.clockwork().session, found.pop())
    assert [each.function for each in held] == ["best_person"]


@pytest.fixture
def served_nowhere() -> str:
    return "http://127.0.0.1:9"


def test_the_secret_is_in_no_description_of_the_settings(place: Place) -> None:
    assert isinstance(place.own, SingleSignOn) and place.own.client_secret not in repr(place.own)
