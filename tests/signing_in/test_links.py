"""Links with which people choose a password: by an administrator, by mail, on the command line."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Town
from tests.messages.conftest import Office, Postal
from tests.messages.conftest import office as office
from tests.messages.conftest import postal as postal
from tests.messages.conftest import server as server
from tests.signing_in.browsing import GOOD, address_of, browser, sign_in, signed_in
from wijkteam.assembly import House
from wijkteam.cli import main
from wijkteam.people.model import Person
from wijkteam.people.queries import person_by_email
from wijkteam.signing_in import passwords
from wijkteam.signing_in.accounts import INVITATION, RESET, make_link, set_password_by_link
from wijkteam.signing_in.cleaning import forget_old
from wijkteam.signing_in.model import PasswordLink, SignInMail
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHOSEN = {"new": GOOD, "again": GOOD}


def link_in(text: str) -> str:
    found = re.search(r"/wachtwoord/[\w-]{43}", text)
    assert found, text
    return found.group()


def test_an_administrator_invites_and_the_person_chooses_a_password_once(town: Town) -> None:
    ada = signed_in(town, "ada")
    form = {"name": "Nia Nieuw", "email": address_of("nia"), "function": "team_lead", "team": ""}
    refused = ada.post("/beheer/mensen/nieuw", data={**form, "email": "geen adres"})
    assert refused.status_code == 422 and "geen e-mailadres" in refused.text and "Nia Nieuw" in refused.text
    added = ada.post("/beheer/mensen/nieuw", data=form)
    assert added.status_code == 302
    page = ada.post(f"{added.location}/uitnodigen").text
    link = link_in(page)
    assert link not in ada.get(added.location).text, "it is shown once"
    stored = town.clockwork().session.scalars(select(PasswordLink)).one()
    assert link.rpartition("/")[2] not in str(vars(stored))
    nia = browser(town)
    weak = nia.post(link, data={"new": "Nia Nieuw 2026", "again": "Nia Nieuw 2026"})
    assert weak.status_code == 422 and "makkelijk te raden" in weak.text
    assert nia.post(link, data=CHOSEN).status_code == 302
    assert sign_in(nia, "nia", GOOD).status_code == 302
    assert nia.post(link, data=CHOSEN).status_code == nia.get(link).status_code == 404


def test_of_two_who_use_a_link_at_once_one_succeeds(town: Town, house: House) -> None:
    person = town.work("fenna").actor.person_id
    secret = make_link(town.clockwork(), person, RESET)
    done: list[Person | None] = []
    start = threading.Barrier(4)

    def use(number: int) -> None:
        work = house.work()
        start.wait()
        done.append(set_password_by_link(work, secret, f"{GOOD} nummer {number}", "Voorbeeldstad"))
        work.session.close()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(done) == 4 and len([each for each in done if each is not None]) == 1


def test_a_link_is_good_for_a_day_and_ends_all_sessions_when_used(town: Town) -> None:
    person = town.work("fenna").actor.person_id
    with clock.standing_at(MONDAY):
        old, link = signed_in(town, "fenna"), f"/wachtwoord/{make_link(town.clockwork(), person, INVITATION)}"
    with clock.standing_at(MONDAY + timedelta(hours=24)):
        assert browser(town).get(link).status_code == 404
    with clock.standing_at(MONDAY + timedelta(minutes=20)):
        other = f"/wachtwoord/{make_link(town.clockwork(), person, RESET)}"
        assert browser(town).post(link, data=CHOSEN).status_code == 302
        assert old.get("/").status_code == 302
        assert browser(town).get(other).status_code == 404, "the others end with it"
    with clock.standing_at(MONDAY + timedelta(days=60)):
        assert forget_old(town.clockwork()) >= 3


def test_who_chose_a_password_by_link_comes_in_while_somebody_guesses_elsewhere(town: Town) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    guesser, owner = browser(town), browser(town)
    for _ in range(6):
        sign_in(guesser, "fenna", "geraden en fout", environ_overrides=elsewhere)
    assert sign_in(owner, "fenna").status_code == 429
    link = f"/wachtwoord/{make_link(town.clockwork(), town.work('fenna').actor.person_id, RESET)}"
    owner.post(link, data=CHOSEN)
    assert sign_in(owner, "fenna", GOOD).status_code == 302


def test_an_administrator_resets_ends_and_closes_access_and_it_holds_at_the_next_request(town: Town) -> None:
    ada, fenna = signed_in(town, "ada"), signed_in(town, "fenna")
    base = f"/beheer/mensen/{town.work('fenna').actor.person_id}/toegang"
    assert "Ingelogd op 1 plek" in ada.get(base).text
    ada.post(f"{base}/uitloggen")
    assert fenna.get("/").status_code == 302 and sign_in(fenna, "fenna").status_code == 302
    link = link_in(ada.post(f"{base}/herstellen").text)
    assert fenna.get("/").status_code == 302 and sign_in(fenna, "fenna").status_code == 401
    fenna.post(link, data=CHOSEN)
    assert sign_in(fenna, "fenna", GOOD).status_code == 302
    assert ada.post(f"{base}/sluiten").status_code == 302
    assert fenna.get("/").status_code == 302 and sign_in(fenna, "fenna", GOOD).status_code == 401
    assert "werkt hier niet meer" in ada.get(base).text and ada.post(f"{base}/uitnodigen").status_code == 422
    ada.post(f"{base}/openen")
    assert sign_in(fenna, "fenna", GOOD).status_code == 401, "a new password is needed"
    own = f"/beheer/mensen/{town.work('ada').actor.person_id}/toegang/sluiten"
    refused = ada.post(own)
    assert refused.status_code == 422 and "eigen toegang" in refused.text
    teun = signed_in(town, "teun")
    assert [teun.get(base).status_code, teun.post(f"{base}/herstellen").status_code] == [404, 404]
    assert teun.get("/beheer/mensen/nieuw").status_code == 404


def test_forgetting_a_password_answers_the_same_for_everyone_and_mails_only_who_exists(
    postal: Postal, office: Office
) -> None:
    client: FlaskClient = browser(postal.town, sends_mail=True)
    answers = [
        client.post("/wachtwoord-vergeten", data={"email": address_of(name)})
        for name in ("fenna", "niemand", "fenna", "fenna", "fenna", "fenna")
    ]
    assert len({each.text for each in answers}) == 1 and {each.status_code for each in answers} == {200}
    waiting = postal.town.clockwork().session.scalars(select(SignInMail)).all()
    assert [each.person_id is None for each in waiting] == [False, True, False, False, True, True], "three an hour"
    sent = postal.round()
    assert sent.about_signing_in == len(office.arrived) == 3 and postal.round().about_signing_in == 0
    (mail, *_others) = office.to("fenna")
    assert client.post(link_in(mail.get_content()), data=CHOSEN).status_code == 302
    postal.round()
    assert "is veranderd" in str(office.to("fenna")[-1]["Subject"])
    office.refuses["teun"] = "450 later"
    client.post("/wachtwoord-vergeten", data={"email": address_of("teun")})
    assert postal.round().about_signing_in == 0
    del office.refuses["teun"]
    with clock.standing_at(clock.now() + timedelta(minutes=11)):
        assert postal.round().about_signing_in == 1


def test_without_mail_forgetting_a_password_leads_to_the_administrator(town: Town) -> None:
    page = browser(town).post("/wachtwoord-vergeten", data={"email": address_of("fenna")})
    assert "Vraag uw beheerder" in page.text
    assert not town.clockwork().session.scalars(select(SignInMail)).all()


@pytest.fixture
def run(town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_on_the_command_line_people_are_added_invited_reset_and_signed_out(
    town: Town, run: Callable[..., Result]
) -> None:
    added = run("user", "add", "Nia Nieuw", address_of("nia"), "--function", "team_lead", "--invite")
    nia = browser(town)
    assert added.exit_code == 0 and nia.post(link_in(added.output), data=CHOSEN).status_code == 302
    assert sign_in(nia, "nia", GOOD).status_code == 302
    assert re.search(r"nia@\S+ +password +1 signed in  Nia Nieuw", run("user", "list").output)
    assert "1 sessions ended" in run("user", "end-sessions", address_of("nia")).output
    assert nia.get("/").status_code == 302
    assert nia.get(link_in(run("user", "reset", address_of("nia")).output)).status_code == 200
    assert nia.get(link_in(run("user", "invite", address_of("nia")).output)).status_code == 200
    for arguments in (
        ("user", "invite", address_of("niemand")),
        ("user", "add", "Bo", address_of("bo"), "--function", "team_lead", "--password", "Welkom123456"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 2 and len(refused.output.strip().splitlines()) == 1
    assert person_by_email(town.clockwork().session, address_of("bo")) is None


def test_a_hash_made_with_weaker_parameters_is_made_anew_when_somebody_signs_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = person_by_email(town.clockwork().session, address_of("fenna"))
    before = known.password_hash if known is not None else None
    stronger = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: stronger)
    assert sign_in(browser(town), "fenna").status_code == 302
    after = person_by_email(town.clockwork().session, address_of("fenna"))
    assert before is not None and after is not None and before != after.password_hash
    assert "t=2" in str(after.password_hash) and sign_in(browser(town), "fenna").status_code == 302


def test_passwords_are_hashed_with_argon2id_and_the_parameters_of_rfc_9106() -> None:
    made = passwords.PasswordHasher(**passwords.PARAMETERS).hash(GOOD)
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
