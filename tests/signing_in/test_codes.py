"""Codes of an app and recovery codes: each is taken once, also when two send it at the same moment."""

import base64
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Town
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.signing_in.held import held_factors
from wijkteam.signing_in.model import RecoveryCode, TotpSecret
from wijkteam.signing_in.recovery import HOW_MANY, renew_codes, use_code
from wijkteam.signing_in.sealed import app_secrets
from wijkteam.signing_in.sealing import Box, Unsealable, place_of
from wijkteam.signing_in.sessions import Begun, Limits, begin_session, session_of
from wijkteam.signing_in.totp import _step_of, begin_totp, confirm_totp, prove_totp
from wijkteam.signing_in.trying import MOST_MISSES, may_try, was_right
from wijkteam.storage.sealed import NO_KEY, reseal, rows_by_key
from wijkteam.storage.work import Work
from wijkteam.terms import clock

BOX = Box(KeyRing(), "a key for tests")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fenna(town: Town) -> int:
    person_id: int = town.work("fenna").actor.person_id
    return person_id


def with_an_app(town: Town, box: Box = BOX) -> tuple[int, pyotp.TOTP]:
    """Fenna has an app; the code that confirmed it was of a minute before now."""
    work, person = town.clockwork(), fenna(town)
    with clock.standing_at(clock.now() - timedelta(seconds=60)):
        app = pyotp.TOTP(begin_totp(work, person, box))
        assert confirm_totp(work, person, app.at(clock.now()), box)
    return person, app


def at_once(town: Town, count: int, act: Callable[[Work], object]) -> list[object]:
    """What each of so many got who did the same at the same moment."""
    ready, found = threading.Barrier(count), []
    moment = clock.now()

    def go(work: Work) -> None:
        with clock.standing_at(moment):
            ready.wait()
            found.append(act(work))

    threads = [threading.Thread(target=go, args=(town.clockwork(),)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_code_is_taken_once_and_none_before_it_afterwards(town: Town) -> None:
    with clock.standing_at(MONDAY):
        person, app = with_an_app(town)
        work, now = town.clockwork(), clock.now()
        assert prove_totp(work, person, app.at(now), BOX)
        assert not prove_totp(work, person, app.at(now), BOX)
        assert not prove_totp(work, person, app.at(now - timedelta(seconds=30)), BOX)
        assert prove_totp(
            work, person, f" {app.at(now + timedelta(seconds=30))[:3]} {app.at(now + timedelta(seconds=30))[3:]}", BOX
        )


def test_of_many_who_send_one_code_at_once_one_is_right(town: Town) -> None:
    with clock.standing_at(MONDAY):
        person, app = with_an_app(town)
        code = app.at(clock.now())
        assert sorted(at_once(town, 6, lambda work: prove_totp(work, person, code, BOX))) == [False] * 5 + [True]
        codes = renew_codes(town.clockwork(), person)
        used = at_once(town, 6, lambda work: use_code(work, person, codes[0]))
        assert sorted(used) == [False] * 5 + [True]


def test_a_clock_may_be_one_step_off_and_no_more(town: Town) -> None:
    for steps, taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        with clock.standing_at(MONDAY + timedelta(hours=steps + 5)):
            person, app = with_an_app(town)
            # the app was confirmed two steps back, so that each of these is newer
            code = app.at(clock.now() + timedelta(seconds=30 * steps))
            assert prove_totp(town.clockwork(), person, code, BOX) is taken, steps


@given(secret=st.binary(min_size=20, max_size=20), moment=st.integers(0, 4_000_000_000), steps=st.integers(-50, 50))
def test_a_code_opens_in_its_own_step_and_its_neighbours_only(secret: bytes, moment: int, steps: int) -> None:
    text = base64.b32encode(secret).decode()
    app, now = pyotp.TOTP(text), datetime.fromtimestamp(moment + 3600, UTC)
    code = app.at(now + timedelta(seconds=30 * steps))
    with clock.standing_at(now):
        found = _step_of(text, code)
    own = int(now.timestamp()) // 30
    if abs(steps) <= 1:
        assert found is not None and abs(found - own) <= 1
    elif found is not None:  # two steps can have one code, once in a million
        assert app.generate_otp(found) == code


@given(code=st.one_of(st.text(max_size=12), st.text("0123456789٠١٢ \t", max_size=9)))
def test_what_is_no_code_of_six_digits_is_wrong_and_breaks_nothing(code: str) -> None:
    with clock.standing_at(MONDAY):
        right = pyotp.TOTP("A" * 32).at(MONDAY)
        found = _step_of("A" * 32, code)
        assert found is None or ("".join(code.split()) != "" and len("".join(code.split())) == len(right))
        assert _step_of(None, code) is None


def test_a_secret_that_no_code_confirmed_opens_nothing_and_the_old_one_goes_on(town: Town) -> None:
    with clock.standing_at(MONDAY):
        person, app = with_an_app(town)
        work = town.clockwork()
        newer = pyotp.TOTP(begin_totp(work, person, BOX))
        assert not prove_totp(work, person, newer.at(clock.now()), BOX)
        assert not confirm_totp(work, person, app.at(clock.now()), BOX)
        assert prove_totp(work, person, app.at(clock.now()), BOX)
        assert confirm_totp(work, person, newer.at(clock.now()), BOX)
        assert not prove_totp(work, person, newer.at(clock.now()), BOX)


def test_a_secret_is_sealed_for_its_person_under_the_ring_or_without_one_under_the_key_of_sessions(
    town: Town, key_ring: KeyRing
) -> None:
    for box, other in (
        (BOX, Box(KeyRing(), "another key")),
        (Box(key_ring, "a key for tests"), Box(KeyRing(), "a key for tests")),
    ):
        with clock.standing_at(MONDAY):
            person, app = with_an_app(town, box)
            row = town.clockwork().session.get_one(TotpSecret, person)
            assert row.sealed is not None and app.secret.encode() not in row.sealed
            assert box.unseal(row.sealed, place_of(person)) == app.secret
            for opening, whose in ((other, person), (box, person + 1)):
                with pytest.raises(Unsealable):
                    opening.unseal(row.sealed, place_of(whose))
            flipped = row.sealed[:-6] + bytes([row.sealed[-6] ^ 1]) + row.sealed[-5:]
            for broken in (b"", b"1.", b"2." + row.sealed[2:], flipped, b"1.not base64 at all", b"\x01"):
                with pytest.raises(Unsealable):
                    box.unseal(broken, place_of(person))
            # another key: codes are wrong, and nothing falls over
            assert not prove_totp(town.clockwork(), person, app.at(clock.now()), other)


def test_a_secret_from_before_there_was_a_ring_opens_and_comes_under_it(town: Town, key_ring: KeyRing) -> None:
    with clock.standing_at(MONDAY):
        person, app = with_an_app(town)
        begin_totp(town.clockwork(), person, BOX)
        box, columns = Box(key_ring, "a key for tests"), app_secrets("a key for tests")
        assert rows_by_key(town.clockwork().session, columns) == {NO_KEY: 2}
        assert prove_totp(town.clockwork(), person, app.at(clock.now()), box)
        assert reseal(town.clockwork(), key_ring, app_secrets("another key")).unopened == [f"totp_secret {person}"] * 2
        assert reseal(town.clockwork(), key_ring, columns).moved == 2
        newest = key_ring.newest(Purpose.DATA).id
        assert rows_by_key(town.clockwork().session, columns) == {newest: 2}
    with clock.standing_at(MONDAY + timedelta(minutes=2)):
        assert not prove_totp(town.clockwork(), person, app.at(clock.now()), BOX), "the old key opens nothing"
        assert prove_totp(town.clockwork(), person, app.at(clock.now()), Box(key_ring, "the sessions got another key"))


@given(text=st.text(max_size=200), person=st.integers(1, 10**9))
def test_what_is_sealed_comes_out_again_for_its_person(text: str, person: int) -> None:
    assert BOX.unseal(BOX.seal(text, place_of(person)), place_of(person)) == text
    assert BOX.seal(text, place_of(person)) != BOX.seal(text, place_of(person))


def test_ten_recovery_codes_open_once_each_and_new_ones_end_the_old(town: Town) -> None:
    work, person = town.clockwork(), fenna(town)
    old, codes = renew_codes(work, person), renew_codes(work, person)
    assert len(set(codes)) == HOW_MANY and not set(old) & set(codes)
    assert not use_code(work, person, old[0])
    assert not use_code(work, town.work("teun").actor.person_id, codes[0])
    assert use_code(work, person, codes[0].lower().replace("-", " "))
    assert not use_code(work, person, codes[0])
    assert use_code(work, person, codes[1].replace("0", "o").replace("1", "l"))
    assert held_factors(work.session, person).codes_left == HOW_MANY - 2
    kept = "".join(work.session.scalars(select(RecoveryCode.digest)))
    assert not any(code.replace("-", "").lower() in kept for code in codes)


def test_five_wrong_codes_end_the_session_also_when_they_come_at_once(town: Town) -> None:
    person, work = fenna(town), town.clockwork()
    secret = begin_session(work, Begun(person, ("password",), complete=False), Limits())
    found = session_of(work.session, secret, Limits())
    assert found is not None
    number = found.id
    assert may_try(work, number)
    was_right(work, number)
    tried = at_once(town, MOST_MISSES + 3, lambda each: may_try(each, number))
    assert tried.count(True) == MOST_MISSES
    assert session_of(town.clockwork().session, secret, Limits()) is None
