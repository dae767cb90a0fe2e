"""Signing in by the page: limits, sessions, time-outs, cookies, and what was typed meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.conftest import Town
from tests.signing_in.browsing import (
    GOOD,
    KEY,
    address_of,
    browser,
    hidden_fields,
    sign_in,
    signed_in,
    token,
    without_tokens,
)
from tests.signing_in.test_second_step import with_an_app
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import PASSWORD
from wijkteam.people.model import Person
from wijkteam.signing_in import passwords
from wijkteam.signing_in.model import SignInAttempt, SignInSession
from wijkteam.signing_in.sessions import Begun, Limits, begin_session, renew_session, session_of
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_after_too_many_misses_known_and_unknown_addresses_get_the_same_answer(town: Town) -> None:
    with clock.standing_at(MONDAY):
        pages = {}
        for name in ("fenna", "niemand"):
            client = browser(town)
            answers = [sign_in(client, name, "helemaal niet goed") for _ in range(6)]
            assert [each.status_code for each in answers] == [401] * 5 + [429]
            assert answers[-1].headers["Retry-After"] == "30"
            pages[name] = without_tokens(answers[-1].text).replace(name, "")
        assert pages["fenna"] == pages["niemand"] and "Wacht 30 seconden" in pages["fenna"]
        right = sign_in(browser(town), "fenna")
        assert right.status_code == 429, "also the right password waits, from a browser that nobody knows"


def test_the_owner_comes_in_with_a_known_browser_while_somebody_guesses_elsewhere(town: Town) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    with clock.standing_at(MONDAY):
        owner = signed_in(town, "fenna")
        owner.post("/uitloggen")
        guesser = browser(town)
        for _ in range(7):
            sign_in(guesser, "fenna", "geraden en fout", environ_overrides=elsewhere)
        assert sign_in(guesser, "fenna", environ_overrides=elsewhere).status_code == 429
        assert sign_in(owner, "fenna", environ_overrides={"REMOTE_ADDR": "203.0.113.5"}).status_code == 302


def test_the_mark_of_a_browser_is_renewed_for_an_account_that_never_came_in_with_it(town: Town) -> None:
    first = signed_in(town, "fenna")
    mark = first.get_cookie("browser")
    assert mark is not None and mark.http_only and mark.same_site == "Lax"
    other = browser(town)
    other.set_cookie("browser", mark.value)
    assert sign_in(other, "teun").status_code == 302
    renewed = other.get_cookie("browser")
    assert renewed is not None and renewed.value != mark.value


def test_what_is_written_down_of_signing_in_names_nobody_and_holds_no_secret(town: Town) -> None:
    with capture_logs() as lines:
        client = browser(town)
        sign_in(client, "fenna", "geheim en fout 123")
        sign_in(client, "fenna")
    assert [each["event"] for each in lines] == ["sign_in.missed", "sign_in.well"]
    text = str(lines)
    for kept in ("fenna", "@", "geheim en fout", PASSWORD):
        assert kept not in text
    stored = town.clockwork().session.scalars(select(SignInAttempt)).all()
    assert all(address_of("fenna") not in str(vars(each)) for each in stored)


def test_every_sign_in_and_every_proof_gives_a_new_secret_and_the_old_one_opens_nothing(town: Town) -> None:
    client = browser(town)
    with client.session_transaction() as session:
        session["_user_id"] = "chosen by somebody else"
    sign_in(client, "fenna")
    with client.session_transaction() as session:
        first = session["_user_id"]
    sign_in(client, "fenna")
    with client.session_transaction() as session:
        second = session["_user_id"]
    assert len({"chosen by somebody else", first, second}) == 3
    work = town.clockwork()
    found = session_of(work.session, second, Limits())
    assert found is not None
    third = renew_session(work, found.id)
    assert third is not None and session_of(work.session, second, Limits()) is None
    assert session_of(work.session, third, Limits()) is not None
    assert client.get("/").status_code == 302, "this browser still has the old one"


def test_a_session_ends_by_lack_of_use_and_after_its_longest_time(town: Town) -> None:
    limits = Limits(timedelta(minutes=30), timedelta(hours=1))
    with clock.standing_at(MONDAY):
        client = signed_in(town, "fenna", safety=Safety(limits=limits))
    for minutes, status in ((29, 200), (58, 200), (60, 302)):
        with clock.standing_at(MONDAY + timedelta(minutes=minutes)):
            assert client.get("/").status_code == status
    with clock.standing_at(MONDAY):
        client = signed_in(town, "teun", safety=Safety(limits=limits))
    with clock.standing_at(MONDAY + timedelta(minutes=30)):
        answer = client.get("/casussen?x=1")
        assert answer.location == "/inloggen?next=/casussen?x%3D1"
        assert sign_in(client, "teun", query_string={"next": "/casussen?x=1"}).location == "/casussen?x=1"


def test_what_was_typed_while_signed_out_comes_back_after_signing_in_to_the_same_person_only(town: Town) -> None:
    with clock.standing_at(MONDAY):
        case = open_case(town.work("fenna"), NewCase("Dorpsstraat 1", "Schulden", "Bellen", clock.today()))
        client = signed_in(town, "fenna")
    with clock.standing_at(MONDAY + timedelta(hours=2)):
        typed = {"note": "een lang verhaal\nop twee regels", "version": str(case.version)}
        answer = client.post(f"/casus/{case.id}/stap/add_note", data=typed)
        assert answer.status_code == 401 and "een lang verhaal" in answer.text
        kept = hidden_fields(answer.text)
        missed = client.post("/inloggen", data={**kept, "email": address_of("fenna"), "password": "fout fout fout"})
        assert hidden_fields(missed.text) == kept, "also after a mistake"
        other = client.post("/inloggen", data={**kept, "email": address_of("teun"), "password": PASSWORD})
        assert other.status_code == 302, "somebody else does not get to see it"
        page = client.post("/inloggen", data={**kept, "email": address_of("fenna"), "password": PASSWORD})
        assert page.status_code == 200 and "Wat u invulde, is er nog" in page.text
        sent = client.post(kept["kept_to"], data={**typed, **hidden_fields(page.text)})
        assert sent.status_code == 302
        assert "een lang verhaal" in client.get(f"/casus/{case.id}").text
        elsewhere = {**kept, "kept_to": "https://evil.example/"}
        forged = client.post("/inloggen", data={**elsewhere, "email": address_of("fenna"), "password": PASSWORD})
        assert forged.status_code == 302 and "evil" not in forged.text


def test_a_session_that_still_needs_a_second_factor_opens_no_page(town: Town) -> None:
    client = browser(town)
    begun = Begun(town.work("fenna").actor.person_id, ("password",), complete=False)
    with client.session_transaction() as session:
        session["_user_id"] = begin_session(town.clockwork(), begun, Limits())
    assert client.get("/").status_code == 302


def test_in_production_cookies_go_by_https_only_and_no_other_site_can_set_them(town: Town) -> None:
    client = browser(town, Safety(production=True))
    _app, codes = with_an_app(town, "fenna")
    sign_in(client, "fenna", base_url="https://localhost")
    second = {"kind": "recovery_code", "recovery": codes[0]}
    answer = client.post("/inloggen/tweede-stap", data=second, base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert {each.split("=")[0] for each in cookies} >= {"__Host-session", "__Host-browser"}
    for each in cookies:
        assert "Secure" in each and "HttpOnly" in each and "SameSite=Lax" in each
        assert "Path=/" in each and "Domain" not in each


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.5")])
def test_an_address_that_a_caller_makes_up_is_believed_only_as_far_as_our_own_proxies_go(
    town: Town, proxies: int, seen: str
) -> None:
    client = browser(town, Safety(proxies=proxies))
    sign_in(client, "fenna", headers={"X-Forwarded-For": "192.0.2.66, 203.0.113.5"})
    begun = town.clockwork().session.scalars(select(SignInSession.address)).one()
    assert begun == seen


def test_what_a_page_held_before_signing_in_counts_no_more_after_it(town: Town) -> None:
    client = create_app(town.house, KEY, "Voorbeeldstad").test_client()
    before = token(client.get("/inloggen").text)
    data = {"email": address_of("fenna"), "password": PASSWORD, "csrf_token": before}
    assert client.post("/inloggen", data=data).status_code == 302
    assert client.post("/mijn-toegang/andere-stoppen", data={"csrf_token": before}).status_code == 400
    after = token(client.get("/mijn-toegang").text)
    assert client.post("/mijn-toegang/andere-stoppen", data={"csrf_token": after}).status_code == 302


def test_somebody_sees_where_they_are_signed_in_and_ends_what_they_do_not_know(town: Town) -> None:
    here, there, third = (signed_in(town, "fenna") for _ in range(3))
    page = here.get("/mijn-toegang").text
    numbers = [int(part.split("/")[0]) for part in page.split("/mijn-toegang/sessie/")[1:]]
    assert here.post(f"/mijn-toegang/sessie/{numbers[0]}/stoppen").status_code == 302
    assert sorted(each.get("/").status_code for each in (there, third)) == [200, 302]
    stranger = signed_in(town, "teun")
    assert stranger.post(f"/mijn-toegang/sessie/{numbers[1]}/stoppen").status_code == 404
    here.post("/mijn-toegang/andere-stoppen")
    assert [each.get("/").status_code for each in (here, there, third, stranger)] == [200, 302, 302, 200]


def test_changing_a_password_asks_the_present_one_and_ends_all_other_sessions(town: Town) -> None:
    here, there = signed_in(town, "fenna"), signed_in(town, "fenna")
    path = "/mijn-toegang/wachtwoord"
    for given, said in (
        ({"present": "fout fout fout", "new": GOOD, "again": GOOD}, "niet uw huidige"),
        ({"present": PASSWORD, "new": GOOD, "again": GOOD + "x"}, "niet hetzelfde"),
        ({"present": PASSWORD, "new": "Fenna2026!!!!", "again": "Fenna2026!!!!"}, "makkelijk te raden"),
    ):
        answer = here.post(path, data=given)
        assert answer.status_code == 422 and said in answer.text and GOOD not in answer.text
    assert here.post(path, data={"present": PASSWORD, "new": GOOD, "again": GOOD}).status_code == 302
    assert [each.get("/").status_code for each in (here, there)] == [200, 302]
    assert sign_in(there, "fenna").status_code == 401 and sign_in(there, "fenna", GOOD).status_code == 302


class Counting(PasswordHasher):
    """Counts how often a password is looked at, which is what takes the time."""

    looked = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        Counting.looked += 1
        return super().verify(hash, password)


def test_an_address_that_nobody_has_takes_as_much_work_as_one_that_somebody_has(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", lambda: Counting(time_cost=1, memory_cost=8, parallelism=1))
    work = town.clockwork()
    with work.transaction() as session:
        session.get_one(Person, town.work("mo").actor.person_id).active = False
    client = browser(town)
    for name in ("fenna", "niemand", "sam.1", "mo"):
        Counting.looked = 0
        assert sign_in(client, name, "x" * 5000).status_code == 401
        assert Counting.looked == 1, name
