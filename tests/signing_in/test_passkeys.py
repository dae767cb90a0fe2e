"""Passkeys: a question is answered once, in time, by its own person, at its own address, and the count goes up."""

import threading
from datetime import timedelta

import pytest

from tests.conftest import Town
from tests.signing_in.soft_key import PRESENT, SoftKey
from wijkteam.people.model import Person
from wijkteam.signing_in.held import changes, held_factors
from wijkteam.signing_in.model import PasskeyChallenge
from wijkteam.signing_in.passkeys import (
    MOST_KEYS,
    PasskeyRefused,
    RelyingParty,
    ask_to_prove,
    ask_to_register,
    prove_passkey,
    register,
)
from wijkteam.terms import clock

HERE = RelyingParty("wijkteam.example", "https://wijkteam.example", "wijkteam")


def number(town: Town, name: str) -> int:
    person_id: int = town.work(name).actor.person_id
    return person_id


def with_a_key(town: Town, name: str = "fenna") -> tuple[int, SoftKey]:
    work, person, key = town.clockwork(), number(town, name), SoftKey(HERE.host, HERE.origin)
    asked = ask_to_register(work, person, HERE)
    register(work, person, asked.id, key.makes(asked.options), "telefoon", HERE)
    return person, key


def test_a_key_signs_in_without_a_name_and_proves_who_it_is_after_one(town: Town) -> None:
    person, key = with_a_key(town)
    work = town.clockwork()
    assert held_factors(work.session, person).passkeys[0].transports == "internal"
    for asked_of in (None, person):
        asked = ask_to_prove(work, asked_of, HERE)
        assert prove_passkey(work, asked_of, asked.id, key.signs(asked.options), HERE) == person


def test_a_question_is_answered_once_in_five_minutes_by_its_own_person_and_for_its_own_purpose(town: Town) -> None:
    person, key = with_a_key(town)
    teun, other = with_a_key(town, "teun")
    work = town.clockwork()
    asked = ask_to_prove(work, person, HERE)
    answer = key.signs(asked.options)
    assert prove_passkey(work, person, asked.id, answer, HERE) == person
    with pytest.raises(PasskeyRefused):
        prove_passkey(work, person, asked.id, answer, HERE)
    with pytest.raises(PasskeyRefused):  # to a question that was never asked
        prove_passkey(work, person, "x", key.signs(asked.options), HERE)
    asked = ask_to_prove(work, person, HERE)
    with pytest.raises(PasskeyRefused):  # with the key of another
        prove_passkey(work, person, asked.id, other.signs(asked.options), HERE)
    asked = ask_to_prove(work, person, HERE)
    with pytest.raises(PasskeyRefused):  # a question for one, answered in the name of another
        prove_passkey(work, teun, asked.id, other.signs(asked.options), HERE)
    asked = ask_to_register(work, person, HERE)
    with pytest.raises(PasskeyRefused):  # a question for making a key
        prove_passkey(work, person, asked.id, key.signs(asked.options), HERE)
    asked, late = ask_to_prove(work, person, HERE), clock.now() + timedelta(minutes=5)
    with clock.standing_at(late), pytest.raises(PasskeyRefused):
        prove_passkey(work, person, asked.id, key.signs(asked.options), HERE)


@pytest.mark.parametrize("change", [("host", "evil.example"), ("origin", "https://evil.example"), ("flags", PRESENT)])
def test_a_key_for_another_address_or_without_finger_or_pin_is_refused(town: Town, change: tuple[str, object]) -> None:
    person, key = with_a_key(town)
    work, wrong = town.clockwork(), SoftKey(HERE.host, HERE.origin)
    setattr(key, *change)
    setattr(wrong, *change)
    asked = ask_to_prove(work, None, HERE)
    with pytest.raises(PasskeyRefused):
        prove_passkey(work, None, asked.id, key.signs(asked.options), HERE)
    asked = ask_to_register(work, person, HERE)
    with pytest.raises(PasskeyRefused):
        register(work, person, asked.id, wrong.makes(asked.options), "tweede", HERE)


def test_a_key_that_counts_back_is_refused_and_written_down_and_one_that_never_counts_is_taken(town: Town) -> None:
    person, key = with_a_key(town)
    work = town.clockwork()
    key.count = 40
    asked = ask_to_prove(work, None, HERE)
    prove_passkey(work, None, asked.id, key.signs(asked.options), HERE)
    for back in (0, 39, 40):
        key.count = back
        asked = ask_to_prove(work, None, HERE)
        with pytest.raises(PasskeyRefused, match="may have been copied"):
            prove_passkey(work, None, asked.id, key.signs(asked.options), HERE)
    assert [each.what for each in changes(work.session, person)][:3] == ["passkey_counts_back"] * 3
    teun, still = number(town, "teun"), SoftKey(HERE.host, HERE.origin)
    still.count = 0
    asked = ask_to_register(work, teun, HERE)
    register(work, teun, asked.id, still.makes(asked.options), "stil", HERE)
    for _ in range(2):
        still.count = -1
        asked = ask_to_prove(work, None, HERE)
        assert prove_passkey(work, None, asked.id, still.signs(asked.options), HERE) == teun


def test_of_two_copies_of_a_key_that_sign_at_once_one_is_taken(town: Town) -> None:
    person, key = with_a_key(town)
    first = town.clockwork()
    asked = [ask_to_prove(first, None, HERE) for _ in range(4)]
    signed = []
    for each in asked:
        key.count = 6
        signed.append((each.id, key.signs(each.options)))
    ready, taken = threading.Barrier(len(signed)), []

    def go(question: str, answer: str) -> None:
        work = town.house.work()
        ready.wait()
        try:
            taken.append(prove_passkey(work, None, question, answer, HERE))
        except PasskeyRefused:
            taken.append(0)
        finally:
            work.session.close()

    threads = [threading.Thread(target=go, args=each) for each in signed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 0, 0, person]


def test_a_key_stands_once_and_there_are_at_most_ten_and_none_of_who_left(town: Town) -> None:
    person, key = with_a_key(town)
    work = town.clockwork()
    asked = ask_to_register(work, number(town, "teun"), HERE)
    with pytest.raises(PasskeyRefused, match="is here already"):
        register(work, number(town, "teun"), asked.id, key.makes(asked.options), "van fenna", HERE)
    for name in range(MOST_KEYS):
        asked = ask_to_register(work, person, HERE)
        more = SoftKey(HERE.host, HERE.origin).makes(asked.options)
        if name < MOST_KEYS - 1:
            register(work, person, asked.id, more, f"sleutel {name}", HERE)
        else:
            with pytest.raises(PasskeyRefused, match="have 10"):
                register(work, person, asked.id, more, "te veel", HERE)
    with work.transaction() as session:
        session.get_one(Person, person).active = False
    asked = ask_to_prove(work, None, HERE)
    with pytest.raises(PasskeyRefused):
        prove_passkey(work, None, asked.id, key.signs(asked.options), HERE)


def test_questions_that_nobody_answered_do_not_pile_up(town: Town) -> None:
    work = town.clockwork()
    for _ in range(3):
        ask_to_prove(work, None, HERE)
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        ask_to_prove(work, None, HERE)
    assert work.session.query(PasskeyChallenge).count() == 1
