"""Tokens that are not what they seem are refused, each with one of the plain pages and never with an error of ours."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Town
from tests.single_sign_on.forging_provider import (
    EC,
    HMAC,
    OKP,
    OTHER_RSA,
    RSA,
    ForgingProvider,
    forging,
    signed,
    signed_whatever,
)
from tests.single_sign_on.real_provider import CLIENT_ID, SECRET
from wijkteam.signing_in.single_sign_on.flow import Answer, Attempt, finish
from wijkteam.signing_in.single_sign_on.provider import KEPT_FOR, Provider
from wijkteam.signing_in.single_sign_on.refusals import AWAY, REFUSED_THERE, WRONG_TOKEN, NotSignedIn, Why
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, WaysIn
from wijkteam.signing_in.single_sign_on.tokens import LOGOUT_EVENT, read_logout_token
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

ATTEMPT = Attempt("state", "n", "verifier", "/", 0.0)


@pytest.fixture(scope="module")
def server() -> Iterator[ForgingProvider]:
    with forging() as found:
        yield found


@pytest.fixture
def forger(server: ForgingProvider) -> ForgingProvider:
    fresh = ForgingProvider(server.issuer)
    vars(server).update(vars(fresh))
    return server


def trusting(forger: ForgingProvider) -> Provider:
    return Provider(SingleSignOn(forger.issuer, CLIENT_ID, SECRET, "https://wijkteam.example"))


def answer(forger: ForgingProvider, provider: Provider | None = None) -> Answer:
    return finish(provider or trusting(forger), ATTEMPT, {"code": "c"})


def refused(forger: ForgingProvider, provider: Provider | None = None) -> Why:
    with pytest.raises(NotSignedIn) as found:
        answer(forger, provider)
    return found.value.why


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (OKP, "EdDSA"), (OKP, "Ed25519")]
)
def test_a_sound_token_is_taken_with_each_signature_that_only_the_provider_can_make(
    forger: ForgingProvider, key: Any, alg: str
) -> None:
    forger.id_token = signed(forger.claims(), key, alg)
    assert answer(forger).subject == "s"
    forger.id_token = signed_whatever(forger.claims())
    assert answer(forger).subject == "s", "the tool of the next test makes sound tokens too"


def unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps(each).encode() for each in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts), ""])


@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        lambda claims: signed(claims, HMAC, "HS256"),
        lambda claims: signed(claims, OTHER_RSA),
        lambda claims: signed(claims, RSA, "RS512"),
        lambda claims: signed(claims, RSA, kid="unknown"),
        lambda claims: signed_whatever(claims, kid=7),
        lambda claims: signed_whatever(claims, alg="none"),
        lambda claims: signed_whatever(claims, alg=["RS256"]),
        lambda claims: signed_whatever(claims, alg="HS256"),
        lambda claims: signed_whatever(claims, typ=7),
        lambda claims: signed_whatever([claims]),
        lambda claims: signed(claims, RSA, typ="logout+jwt"),
        lambda claims: signed_whatever(claims, crit=["exp"]),
        lambda claims: signed_whatever(claims, crit=["x"], x=1),
        lambda claims: signed(claims)[:-6] + "AAAAAA",
        lambda claims: signed({**claims, "sub": "x"}).rsplit(".", 1)[0] + "." + signed(claims).rsplit(".", 1)[1],
        lambda claims: "",
        lambda claims: "a.b",
        lambda claims: signed(claims) + ".x",
    ],
)
def test_a_token_that_the_provider_did_not_sign_as_agreed_is_refused(forger: ForgingProvider, make: Any) -> None:
    forger.id_token = make(forger.claims())
    assert refused(forger) is WRONG_TOKEN


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": None},
        {"azp": "another"},
        {"aud": "another", "azp": CLIENT_ID},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": None},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": float("nan")},
        {"iat": None},
        {"iat": 99_999_999_999},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\0b"},
        {"at_hash": "another"},
        {"amr": "mfa"},
    ],
    ids=lambda changed: str(changed)[:40],
)
def test_a_token_that_is_not_of_this_sign_in_is_refused(forger: ForgingProvider, changed: dict[str, Any]) -> None:
    forger.id_token = signed(forger.claims(**changed))
    assert refused(forger) is WRONG_TOKEN


def test_a_token_counts_until_it_ends_and_clocks_may_differ_a_minute(forger: ForgingProvider) -> None:
    forger.id_token = signed(forger.claims())
    provider, now = trusting(forger), clock.now()
    with clock.standing_at(now + timedelta(seconds=355)):
        assert answer(forger, provider).subject == "s"
    with clock.standing_at(now + timedelta(seconds=365)):
        assert refused(forger, provider) is WRONG_TOKEN


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"issuer": "https://evil.example"}, WRONG_TOKEN),
        ({"token_endpoint": "http://evil.example/token"}, WRONG_TOKEN),
        ({"jwks_uri": None}, WRONG_TOKEN),
        ({"authorization_endpoint": "javascript:alert(1)"}, WRONG_TOKEN),
    ],
)
def test_a_provider_that_names_unsafe_places_is_not_followed(
    forger: ForgingProvider, metadata: dict[str, Any], why: Why
) -> None:
    forger.metadata = metadata
    assert refused(forger) is why and "/token_endpoint" not in forger.asked


def test_what_the_provider_says_beside_the_token_must_be_of_the_same_person(forger: ForgingProvider) -> None:
    forger.id_token = signed(forger.claims(email=None))
    forger.userinfo = {"sub": "another", "email": "ada@voorbeeldstad.example"}
    assert refused(forger) is WRONG_TOKEN
    forger.userinfo = {"sub": "s", "email": "ada@voorbeeldstad.example"}
    claims = answer(forger).claims
    assert claims["email"] == "ada@voorbeeldstad.example" and claims["email_verified"] is None
    forger.userinfo = []
    assert refused(forger) is AWAY


def test_errors_of_the_token_endpoint_are_answers_too(forger: ForgingProvider) -> None:
    for status, token, why in (
        (500, "", AWAY),
        (302, "", WRONG_TOKEN),
        (200, None, WRONG_TOKEN),
        (200, 7, WRONG_TOKEN),
    ):
        forger.token_status, forger.id_token = status, token
        assert refused(forger) in (why, AWAY, REFUSED_THERE), status


def test_keys_are_asked_for_once_an_hour_and_a_broken_one_leaves_the_others(forger: ForgingProvider) -> None:
    forger.keys = [{"kty": "RSA", "n": "?"}, 7, {"kty": "oct", "k": "AAAA", "kid": "rsa"}, *forger.keys]
    forger.id_token = signed(forger.claims(exp=99_999_999_999))
    provider, now = trusting(forger), clock.now()
    for after in (timedelta(), timedelta(minutes=5)):
        with clock.standing_at(now + after):
            answer(forger, provider)
    assert forger.asked.count("/jwks_uri") == 1 and forger.asked.count("/.well-known/openid-configuration") == 1
    with clock.standing_at(now + KEPT_FOR):
        answer(forger, provider)
    assert forger.asked.count("/jwks_uri") == 2


def test_unknown_keys_that_strangers_make_up_do_not_make_us_ask_the_provider_each_time(
    forger: ForgingProvider,
) -> None:
    provider = trusting(forger)
    for number in range(20):
        with pytest.raises(NotSignedIn):
            read_logout_token(provider, signed(forger.logout_claims(), RSA, kid=f"k{number}"))
    assert forger.asked.count("/jwks_uri") == 1


@given(
    st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: base64.urlsafe_b64encode(raw).decode() + ".e30.e30")
)
def test_any_text_as_a_token_is_refused(server: ForgingProvider, text: str) -> None:
    with pytest.raises(NotSignedIn):
        read_logout_token(trusting(server), text)


def test_a_logout_token_counts_only_as_it_should_and_only_once(forger: ForgingProvider, town: Town) -> None:
    app = create_app(town.house, "key", "V", safety=Safety(ways_in=WaysIn(trusting(forger).settings)))
    browser = app.test_client()

    def sent(**changed: Any) -> int:
        token = signed(forger.logout_claims(**changed), RSA, typ="logout+jwt")
        found = browser.post("/inloggen/extern/afmelden", data={"logout_token": token})
        assert found.headers["Cache-Control"] == "no-store"
        return found.status_code

    now = int(clock.now().timestamp())
    wrong: tuple[dict[str, Any], ...] = (
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"nonce": "n"},
        {"events": None},
        {"events": {}},
        {"events": [LOGOUT_EVENT]},
        {"events": {LOGOUT_EVENT: None}},
        {"jti": None},
        {"jti": 7},
        {"exp": None},
        {"exp": now - 100},
        {"exp": 10**30},
        {"iat": None},
        {"iat": now - 1000},
        {"iat": now + 1000},
        {"sub": None},
        {"sid": 7},
        {"sid": ["a"]},
    )
    for number, changed in enumerate(wrong):
        assert sent(**{"jti": f"w{number}", **changed}) == 400, changed
    assert [sent(jti="a"), sent(jti="a"), sent(jti="b"), sent(jti="c", sub=None, sid="x" * 255)] == [200, 400, 200, 200]
