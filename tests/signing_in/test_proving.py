"""Before great deeds somebody proves anew who they are, and nothing that was typed is lost."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tests.conftest import Town
from tests.signing_in.browsing import GOOD, browser, hidden_fields, sign_in, signed_in
from wijkteam.demo.town import PASSWORD
from wijkteam.people.model import Absence
from wijkteam.terms import clock

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(minutes=11)


def absences(town: Town, person: int) -> list[Absence]:
    return list(town.clockwork().session.scalars(select(Absence).where(Absence.person_id == person)))


def test_a_form_that_needs_a_proof_goes_on_by_itself_after_it(town: Town) -> None:
    fenna = town.work("fenna").actor.person_id
    path, typed = f"/beheer/mensen/{fenna}/afwezig", {"first_day": "2026-03-09", "last_day": "2026-03-10"}
    with clock.standing_at(MONDAY):
        ada = signed_in(town, "ada")
        assert ada.post(path, data={"first_day": "2026-03-03", "last_day": "2026-03-03"}).status_code == 302
    with clock.standing_at(LATER):
        with ada.session_transaction() as session:
            before = session["_user_id"]
        asked = ada.post(path, data=typed)
        assert asked.status_code == 401 and "Bent u het zelf?" in asked.text
        kept = hidden_fields(asked.text)
        assert typed.items() <= kept.items() and len(absences(town, fenna)) == 1
        wrong = ada.post(path, data={**kept, "proof_password": "fout fout fout"})
        assert wrong.status_code == 401 and "Dit is niet uw wachtwoord" in wrong.text
        assert hidden_fields(wrong.text) == kept and "fout fout fout" not in wrong.text
        assert ada.post(path, data={**kept, "proof_password": PASSWORD}).status_code == 302
        assert len(absences(town, fenna)) == 2
        assert ada.post(path, data={"first_day": "2026-03-16", "last_day": "2026-03-16"}).status_code == 302
        with ada.session_transaction() as session:
            assert session["_user_id"] != before, "more may be done now, and so the secret is another"


def test_a_page_that_needs_a_proof_opens_after_it(town: Town) -> None:
    with clock.standing_at(MONDAY):
        ada = signed_in(town, "ada")
    with clock.standing_at(LATER):
        asked = ada.get("/beheer/mensen/nieuw")
        assert asked.status_code == 302 and asked.location.startswith("/bewijs-opnieuw?next=")
        assert "Bent u het zelf?" in ada.get(asked.location).text
        proof = {"proof_way": "password", "proof_password": PASSWORD}
        proved = ada.post(asked.location, data=proof)
        assert proved.location == "/beheer/mensen/nieuw" and ada.get(proved.location).status_code == 200
        away = ada.post("/bewijs-opnieuw?next=//evil.example", data=proof)
        assert away.location == "/"


def test_guessing_in_a_session_that_was_left_open_ends_in_waiting(town: Town) -> None:
    with clock.standing_at(MONDAY):
        ada = signed_in(town, "ada")
    with clock.standing_at(LATER):
        guess = {"proof_way": "password", "proof_password": "fout fout fout"}
        answers = [ada.post("/bewijs-opnieuw", data=guess) for _ in range(7)]
        assert [each.status_code for each in answers] == [401] * 5 + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) <= 30
        assert ada.post("/bewijs-opnieuw", data={"proof_way": "no such way"}).status_code == 401


def test_proposing_and_deciding_on_the_register_ask_for_a_proof(town: Town) -> None:
    with clock.standing_at(MONDAY):
        bea = signed_in(town, "bea")
    with clock.standing_at(LATER):
        for path in ("/registerwijzigingen/nieuw", "/registerwijzigingen/zzzzzzzzzzzz/stap/approve"):
            asked = bea.post(path, data={"why": "omdat het moet"})
            assert asked.status_code == 401 and hidden_fields(asked.text)["why"] == "omdat het moet"


def test_who_is_not_signed_in_is_asked_to_sign_in_first(town: Town) -> None:
    assert browser(town).get("/bewijs-opnieuw").location.startswith("/inloggen")
    assert sign_in(browser(town), "fenna", GOOD).status_code == 401
