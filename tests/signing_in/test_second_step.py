"""The pages of the second step: what a browser without script can do, and what nobody gets round."""

import html
import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from wijkteam.demo.town import PASSWORD
from wijkteam.signing_in.attempts import QUESTIONS
from wijkteam.signing_in.held import changes, held_factors
from wijkteam.signing_in.model import SignInMail, SignInSession
from wijkteam.signing_in.recovery import renew_codes
from wijkteam.signing_in.sealing import Box
from wijkteam.signing_in.totp import begin_totp, confirm_totp
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

KEY = "a key for tests"
MINE, SECOND = "/mijn-toegang/tweede-stap", "/inloggen/tweede-stap"


def browser(town: Town, production: bool = True) -> FlaskClient:
    app = create_app(town.house, KEY, "Voorbeeldstad", safety=Safety(production, address="https://wijkteam.example"))
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False)
    return app.test_client()


def signs_in(client: FlaskClient, name: str, to: str = "/mandaat/register") -> str:
    """Password right; returns where the browser is sent."""
    answer = client.post(f"/inloggen?next={to}", data={"email": f"{name}@voorbeeldstad.example", "password": PASSWORD})
    assert answer.status_code == 302
    return answer.location


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def with_an_app(town: Town, name: str) -> tuple[pyotp.TOTP, list[str]]:
    work, person = town.clockwork(), town.work(name).actor.person_id
    with clock.standing_at(clock.now() - timedelta(seconds=90)):
        app = pyotp.TOTP(begin_totp(work, person, Box(town.house.key_ring, KEY)))
        assert confirm_totp(work, person, app.at(clock.now()), Box(town.house.key_ring, KEY))
    return app, renew_codes(work, person)


def test_who_has_none_sets_one_up_before_anything_opens_and_gets_recovery_codes_once(town: Town) -> None:
    fenna = browser(town)
    assert signs_in(fenna, "fenna") == SECOND
    assert fenna.get(SECOND).location == MINE
    assert not is_in(fenna)
    for form in ("code-weg", "passkey-weg", "herstelcodes", "passkey-naam", "iets-anders"):
        assert fenna.post(f"{MINE}/{form}").status_code == 404
    fenna.post(f"{MINE}/code-beginnen")
    page = fenna.get(MINE).text
    secret = re.search(r'<code class="whole">([A-Z2-7 ]+)</code>', page)
    assert secret and "data:image/svg+xml" in page
    wrong = fenna.post(f"{MINE}/code-bevestigen", data={"code": "12"})
    assert wrong.status_code == 422 and "klopt niet" in wrong.text and secret[1] in wrong.text
    done = fenna.post(f"{MINE}/code-bevestigen", data={"code": pyotp.TOTP(secret[1].replace(" ", "")).at(clock.now())})
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", done.text)
    assert len(codes) == 10 and 'href="/mandaat/register"' in done.text
    assert is_in(fenna)
    assert secret[1] not in fenna.get(MINE).text and codes[0] not in fenna.get(MINE).text
    again = browser(town)
    assert signs_in(again, "fenna") == SECOND
    assert again.post(SECOND, data={"kind": "recovery_code", "recovery": codes[3]}).location == "/mandaat/register"
    assert is_in(again)


def test_a_password_alone_opens_nothing_where_a_second_factor_is_there(town: Town) -> None:
    app, codes = with_an_app(town, "fenna")
    for production in (True, False):
        fenna = browser(town, production)
        assert signs_in(fenna, "fenna") == SECOND
        page = fenna.get(SECOND)
        assert page.status_code == 200 and "Code van 6 cijfers" in page.text
        assert not is_in(fenna) and fenna.get(MINE).location == SECOND
        assert fenna.post(f"{MINE}/code-beginnen").location.startswith("/inloggen")
        assert fenna.post(f"{MINE}/vraag").status_code == 404
        assert fenna.post(SECOND, data={"kind": "single_sign_on"}).status_code == 422
        assert fenna.post(SECOND, data={"kind": "passkey", "answer": "{}"}).status_code == 422
        assert fenna.post(SECOND, data={}).status_code == 422
    code = app.at(clock.now())
    assert fenna.post(SECOND, data={"kind": "totp", "code": code}).location == "/mandaat/register"
    assert is_in(fenna)
    other = browser(town)
    signs_in(other, "fenna")
    replayed = other.post(SECOND, data={"kind": "totp", "code": code})
    assert replayed.status_code == 422 and "al gebruikt" in replayed.text
    assert other.post(SECOND, data={"kind": "recovery_code", "recovery": codes[0]}).status_code == 302


def test_five_wrong_codes_send_back_to_the_password(town: Town) -> None:
    app, _codes = with_an_app(town, "fenna")
    fenna = browser(town)
    signs_in(fenna, "fenna")
    wrong = str((int(app.at(clock.now())) + 1) % 10**6).zfill(6)
    statuses = [fenna.post(SECOND, data={"kind": "totp", "code": wrong}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [401]
    assert fenna.post(SECOND, data={"kind": "totp", "code": app.at(clock.now())}).status_code == 401
    assert fenna.get(SECOND).location == "/inloggen" and not is_in(fenna)


def test_the_second_step_waits_ten_minutes_and_its_session_opens_nothing_when_it_is_put_in_the_cookie(
    town: Town,
) -> None:
    with_an_app(town, "fenna")
    fenna = browser(town)
    signs_in(fenna, "fenna")
    with fenna.session_transaction() as cookie:
        half = cookie["half_way"]
        cookie["_user_id"] = half
    assert not is_in(fenna)
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        assert fenna.get(SECOND).location == "/inloggen"


def test_each_step_begins_a_new_session_and_ends_the_one_before(town: Town) -> None:
    app, _codes = with_an_app(town, "fenna")
    fenna = browser(town)
    signs_in(fenna, "fenna")
    fenna.post(SECOND, data={"kind": "totp", "code": app.at(clock.now())})
    rows = town.clockwork().session.scalars(select(SignInSession).order_by(SignInSession.id)).all()
    assert [(row.complete, row.ended_why, row.factors) for row in rows] == [
        (False, "went_on", "password"),
        (True, None, "password+totp"),
    ]


def test_an_administrator_takes_lost_factors_away_and_that_person_hears_it_first(town: Town) -> None:
    with_an_app(town, "fenna")
    fenna_id = town.work("fenna").actor.person_id
    fenna, ada, teun = browser(town), browser(town, production=False), browser(town, production=False)
    sign_in_quietly(fenna, town, "fenna")
    assert is_in(fenna)
    sign_in_quietly(teun, town, "teun")
    assert teun.post(f"/beheer/mensen/{fenna_id}/tweede-stap").status_code == 404
    sign_in_quietly(ada, town, "ada")
    ada_id = town.work("ada").actor.person_id
    assert "App met codes: ja" in ada.get(f"/beheer/mensen/{fenna_id}").text
    assert ada.post(f"/beheer/mensen/{ada_id}/tweede-stap").status_code == 422
    assert ada.post(f"/beheer/mensen/{fenna_id}/tweede-stap").status_code == 302
    assert not is_in(fenna)
    assert not held_factors(town.clockwork().session, fenna_id).kinds
    again = browser(town, production=False)
    assert signs_in(again, "fenna") == MINE
    told = html.unescape(again.get(MINE).text)
    assert "Alles weggehaald en overal uitgelogd op" in told and "door Ada Beheer" in told
    assert signs_in(browser(town, production=False), "fenna") == "/mandaat/register"
    assert all(each.seen_at for each in changes(town.clockwork().session, fenna_id))


@pytest.mark.parametrize("path", ["/inloggen", "/inloggen/passkey", MINE, "/"])
def test_script_may_run_on_the_pages_of_passkeys_only(town: Town, path: str) -> None:
    client = browser(town, production=False)
    sign_in_quietly(client, town, "fenna")
    allowed = client.get(path).headers["Content-Security-Policy"]
    assert ("script-src 'self'" in allowed) is (path in ("/inloggen/passkey", MINE))
    assert "unsafe" not in allowed.split("script-src")[1]


def test_what_comes_in_broken_is_one_clear_line(town: Town) -> None:
    fenna = browser(town, production=False)
    sign_in_quietly(fenna, town, "fenna")
    for answer in ("", "{", "[]", '{"id": 3}', '{"id": "x", "response": {}}', "[" * 5000, "9" * 30_000, "{}"):
        assert fenna.post("/inloggen/passkey/vraag").status_code == 200
        assert fenna.post("/inloggen/passkey", data={"answer": answer}).status_code == 401
        assert fenna.post(f"{MINE}/vraag").status_code == 200
        refused = fenna.post(f"{MINE}/passkey", data={"answer": answer, "name": "mijn telefoon"})
        assert refused.status_code == 422 and "mijn telefoon" in refused.text
    for number in ("", "x", "-1", "9" * 40, "٣"):
        assert fenna.post(f"{MINE}/passkey-weg", data={"passkey": number}).status_code == 422
    assert fenna.post(f"{MINE}/herstelcodes").status_code == 422
    assert fenna.post(f"{MINE}/code-bevestigen", data={"code": "000000"}).status_code == 422


def test_changing_factors_asks_for_a_proof_anew_and_a_code_of_the_app_is_one(town: Town) -> None:
    app, _codes = with_an_app(town, "fenna")
    fenna = browser(town, production=False)
    sign_in_quietly(fenna, town, "fenna")
    later = clock.now() + timedelta(minutes=11)
    with clock.standing_at(later):
        asked = fenna.post(f"{MINE}/code-weg", data={})
        assert asked.status_code == 401 and "Code van 6 cijfers uit uw app" in asked.text
        person = town.work("fenna").actor.person_id
        assert held_factors(town.clockwork().session, person).totp
        wrong = fenna.post(f"{MINE}/code-weg", data={"proof_way": "totp", "proof_code": "12"})
        assert wrong.status_code == 401 and "klopt niet" in wrong.text
        unoffered = fenna.post(f"{MINE}/code-weg", data={"proof_way": "passkey", "proof_answer": "{}"})
        assert unoffered.status_code == 401
        code = app.at(clock.now())
        done = fenna.post(f"{MINE}/code-weg", data={"proof_way": "totp", "proof_code": code})
        assert done.location == MINE
        assert not held_factors(town.clockwork().session, person).kinds
        kinds = list(town.clockwork().session.scalars(select(SignInMail.kind).order_by(SignInMail.id)))
        assert kinds == ["factor_added", "factor_removed"]


def test_questions_for_any_passkey_that_nobody_answers_are_limited_by_address(town: Town) -> None:
    guest, elsewhere = (browser(town, production=False) for _ in range(2))
    with clock.standing_at(clock.now()):
        answers = [guest.post("/inloggen/passkey/vraag").status_code for _ in range(QUESTIONS.free + 1)]
        assert answers == [200] * QUESTIONS.free + [429]
        refused = guest.post("/inloggen/passkey/vraag")
        assert "te vaak" in refused.text and int(refused.headers["Retry-After"]) > 0
        there = elsewhere.post("/inloggen/passkey/vraag", environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert there.status_code == 200, "another address does not suffer"
    with clock.standing_at(clock.now() + QUESTIONS.first_wait + timedelta(seconds=1)):
        assert guest.post("/inloggen/passkey/vraag").status_code == 200
